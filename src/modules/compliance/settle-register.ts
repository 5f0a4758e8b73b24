import type { Ctx } from '../../kernel/ctx.ts';
import { insertEntries, type NewEntry, selectEntriesOfActs } from './register.sql.ts';

/** What became of an act: it reached the person (`counted`), or it certainly did not (`released`). */
export type Settlement = {
  readonly actId: string;
  readonly status: 'counted' | 'released';
  readonly reason: string;
  readonly conversation?: boolean;
  /** What is now known of it: the outcome of a call, the debts that were talked about. */
  readonly detail?: Readonly<Record<string, unknown>>;
};

/**
 * Adjusts the register entries of acts by further rows; nothing is updated. A settlement that says what is already so writes
 * nothing. An act nobody settles stays reserved, and reserved counts. Throws when an act has no entry.
 */
export async function settleRegister(ctx: Ctx, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  const entries = new Map(
    (
      await selectEntriesOfActs(
        ctx,
        settlements.map((one) => one.actId),
      )
    ).map((row) => [row.act_id, row]),
  );
  const adjusting = settlements.flatMap((settlement): NewEntry[] => {
    const entry = entries.get(settlement.actId);
    if (entry === undefined) throw new Error(`Act ${settlement.actId} has no entry in the contact register.`);
    const conversation = settlement.conversation ?? entry.conversation;
    if (entry.status === settlement.status && entry.conversation === conversation && settlement.detail === undefined)
      return [];
    return [
      {
        adjustsId: entry.id,
        status: settlement.status,
        direction: entry.direction,
        channel: entry.channel,
        clusterId: entry.cluster_id,
        partyId: entry.party_id,
        accountId: entry.account_id,
        clientId: entry.client_id,
        addressKey: entry.address_key,
        conversation,
        permitId: entry.permit_id,
        actKind: entry.act_kind,
        actId: entry.act_id,
        localOn: entry.local_on,
        effectiveAt: entry.effective_at,
        reason: settlement.reason,
        detail: settlement.detail ?? {},
      },
    ];
  });
  await insertEntries(ctx, adjusting);
}
