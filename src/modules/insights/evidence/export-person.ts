import { type RawBuilder, sql } from 'kysely';
import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { streamQuery } from '../../../kernel/db.ts';
import type { RowScope } from '../row-scope.ts';

/** Whose data, and which of their accounts the reader may see. */
export type ExportedPerson = {
  readonly clusterIds: readonly string[];
  readonly partyIds: readonly string[];
  readonly accountIds: readonly string[];
};

/** The part of a person's accounts that a reader may see. */
export async function accountsWithin(
  ctx: Ctx,
  accountIds: readonly string[],
  scope: RowScope,
): Promise<{ readonly id: string; readonly partyId: string }[]> {
  const clients = scope.clientIds ? sql`a.client_id = any(${[...scope.clientIds]}::uuid[])` : sql`true`;
  const { rows } = await sql<{ id: string; partyId: string }>`
    select a.id, a.party_id as "partyId" from accounts.accounts_v a
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[]) and ${clients} order by a.id`.execute(
    ctx.db,
  );
  return rows;
}

/** Every kind of thing that is held about a person, and how its rows are theirs. What belongs to an account is shown with the account. */
function sources(
  ctx: Ctx,
  person: ExportedPerson,
  whole: boolean,
): readonly (readonly [string, RawBuilder<{ row: unknown }>])[] {
  const parties = sql`any(${[...person.partyIds]}::uuid[])`;
  const clusters = sql`any(${[...person.clusterIds]}::uuid[])`;
  const accounts = sql`any(${[...person.accountIds]}::uuid[])`;
  const from = (view: string, condition: RawBuilder<unknown>): readonly [string, RawBuilder<{ row: unknown }>] => [
    view.slice(view.indexOf('.') + 1, -'_v'.length),
    sql<{
      row: unknown;
    }>`select to_jsonb(x) - 'tenant_id' as row from ${sql.table(view)} x where x.tenant_id = ${ctx.tenant} and (${condition}) order by x.id`,
  ];
  // Wishes and events are the person's own, whichever client they came by; contacts name an account.
  return [
    from('parties.parties_v', sql`x.id = ${parties}`),
    from('parties.contact_points_v', sql`x.party_id = ${parties}`),
    from('parties.party_links_v', sql`x.party_id = ${parties} or x.other_party_id = ${parties}`),
    from('compliance.preferences_v', sql`x.cluster_id = ${clusters}`),
    from('compliance.consents_v', whole ? sql`x.cluster_id = ${clusters}` : sql`x.account_id = ${accounts}`),
    from(
      'compliance.legal_events_v',
      whole ? sql`x.cluster_id = ${clusters}` : sql`x.account_ids <@ ${[...person.accountIds]}::uuid[]`,
    ),
    from('accounts.accounts_v', sql`x.id = ${accounts}`),
    from('accounts.items_v', sql`x.account_id = ${accounts}`),
    from('accounts.holds_v', sql`x.account_id = ${accounts}`),
    from('accounts.account_states_v', sql`x.account_id = ${accounts}`),
    from('ledger.transfers_v', sql`x.account_id = ${accounts}`),
    from('payments.receipts_v', sql`x.account_id = ${accounts}`),
    from('payments.allocations_v', sql`x.account_id = ${accounts}`),
    from('payments.promises_v', sql`x.account_id = ${accounts}`),
    from(
      'outreach.messages_v',
      sql`x.account_id = ${accounts} or x.id in (
        select i.message_id from outreach.message_items_v i where i.tenant_id = ${ctx.tenant} and i.account_id = ${accounts})`,
    ),
    from('outreach.inbound_v', sql`x.account_id = ${accounts}`),
    from('desk.calls_v', sql`x.account_id = ${accounts}`),
    from('desk.notes_v', sql`x.account_id = ${accounts}`),
    from('desk.tasks_v', sql`x.account_id = ${accounts}`),
    from('compliance.permit_evidence_v', sql`x.account_id = ${accounts}`),
    from('compliance.register_v', sql`x.account_id = ${accounts}`),
    from('compliance.incidents_v', sql`x.account_id = ${accounts}`),
    from('strategy.decisions_v', sql`x.account_id = ${accounts}`),
  ];
}

/** Everything held about a person as lines of JSON, by the kind of thing; a batch at a time, read within the ctx's transaction. */
export async function* exportPerson(
  ctx: Ctx,
  person: ExportedPerson,
  whole: boolean,
): AsyncGenerator<{ readonly kind: string; readonly lines: readonly string[] }> {
  for (const [kind, query] of sources(ctx, person, whole))
    for await (const rows of streamQuery(ctx.db, query, 1000))
      yield { kind, lines: rows.map(({ row }) => canonicalJson(row)) };
}
