import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { lockRootsOf } from '../parties/public.ts';
import { reportEvents } from './events.sql.ts';
import { findHold, happenedByHolds, listAccountsOfPerson, releaseRows } from './hold.sql.ts';
import { lockAccounts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';

/**
 * Releases a hold as of `ctx.at`; it stays on record. What was planned before stays void. Refuses: `hold_not_found`,
 * `already_released`, `version_conflict` when `rowVersion` is given and somebody else was first.
 */
export async function releaseHold(
  ctx: Ctx,
  input: { readonly holdId: Id<'hold'>; readonly reason: string; readonly rowVersion?: bigint | undefined },
): Promise<Result<void, 'hold_not_found' | 'already_released' | 'version_conflict'>> {
  const before = await findHold(ctx, input.holdId);
  if (!before) return refuse('hold_not_found', 'There is no such hold.');
  if (before.coverage === 'party') await lockRootsOf(ctx, [before.clusterId]);
  const accountIds = before.accountId ? [before.accountId] : await listAccountsOfPerson(ctx, before.clusterId);
  await lockAccounts(ctx, accountIds);
  const hold = await findHold(ctx, input.holdId);
  if (!hold || hold.releasedAt) return refuse('already_released', 'This hold has already been released.');
  if (input.rowVersion !== undefined && input.rowVersion !== hold.rowVersion) {
    return refuse(
      'version_conflict',
      'Somebody else has changed this hold meanwhile; load it again and repeat your change.',
    );
  }
  await releaseRows(ctx, [hold.id], input.reason);
  if (hold.reason === 'dispute') await reportEvents(ctx, happenedByHolds(ctx, [hold.id], 'dispute_closed'));
  await refreshFacts(ctx, { accountIds });
  await recordAudit(ctx, {
    action: 'hold.released',
    subjectKind: 'hold',
    subjectId: hold.id,
    ...(hold.accountId && { accountId: hold.accountId }),
    detail: { reason: hold.reason },
    personal: { personId: hold.accountId ?? hold.clusterId, values: { release_reason: input.reason } },
  });
  return ok();
}

/**
 * Releases many holds at once, such as those of promises judged in one go; those released already are left alone. Returns how many it
 * released. Locks nothing beyond the holds and the facts it refreshes: take the accounts' locks first.
 */
export async function releaseHolds(ctx: Ctx, holdIds: readonly Id<'hold'>[], reason: string): Promise<number> {
  if (holdIds.length === 0) return 0;
  const released = await releaseRows(ctx, holdIds, reason);
  const disputes = released.filter((row) => row.reason === 'dispute').map((row) => row.id);
  if (disputes.length > 0) await reportEvents(ctx, happenedByHolds(ctx, disputes, 'dispute_closed'));
  const accountIds = released.flatMap((row) => (row.account_id ? [row.account_id] : []));
  for (const row of released) {
    if (!row.account_id) accountIds.push(...(await listAccountsOfPerson(ctx, row.cluster_id)));
  }
  await refreshFacts(ctx, { accountIds });
  if (released.length > 0) {
    await recordAudit(ctx, {
      action: 'holds.released',
      subjectKind: 'hold',
      subjectId: released[0]?.id ?? '',
      detail: { release_reason: reason },
      set: released.map((row) => row.id),
    });
  }
  return released.length;
}
