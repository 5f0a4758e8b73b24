import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** Kinds of rows that belong to a client, directly or through an account. */
export type OwnedKind =
  | 'account'
  | 'client'
  | 'contact_point'
  | 'hold'
  | 'import'
  | 'incident'
  | 'item'
  | 'message'
  | 'promise'
  | 'receipt'
  | 'task'
  | 'wide_stop';

const ofAccount = (ctx: Ctx, accountIds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`select a.client_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id in (${accountIds})`;

/** A person's row belongs to every client one of the person's accounts is with. */
const ofCluster = (ctx: Ctx, clusterIds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select a.client_id from parties.clusters_v mine
  join parties.clusters_v ours on ours.tenant_id = ${ctx.tenant} and ours.root_id = mine.root_id
  join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = ours.id
  where mine.tenant_id = ${ctx.tenant} and mine.id in (${clusterIds})`;

function owners(ctx: Ctx, kind: OwnedKind, id: string): RawBuilder<unknown> {
  const { tenant } = ctx;
  switch (kind) {
    case 'account':
      return ofAccount(ctx, sql`select ${id}::uuid`);
    case 'client':
      return sql`select c.id from accounts.clients_v c where c.tenant_id = ${tenant} and c.id = ${id}`;
    case 'contact_point':
      return ofCluster(
        ctx,
        sql`select p.cluster_id from parties.contact_points_v x join parties.parties_v p on p.tenant_id = ${tenant} and p.id = x.party_id
          where x.tenant_id = ${tenant} and x.id = ${id}`,
      );
    case 'hold':
      return sql`${ofAccount(ctx, sql`select h.account_id from accounts.holds_v h where h.tenant_id = ${tenant} and h.id = ${id}`)}
        union ${ofCluster(ctx, sql`select h.cluster_id from accounts.holds_v h where h.tenant_id = ${tenant} and h.id = ${id} and h.coverage = 'party'`)}`;
    case 'import':
      return sql`select i.client_id from intake.imports_v i where i.tenant_id = ${tenant} and i.id = ${id}`;
    case 'incident':
      return ofAccount(
        ctx,
        sql`select n.account_id from compliance.incidents_v n where n.tenant_id = ${tenant} and n.id = ${id}`,
      );
    case 'item':
      return sql`select i.client_id from accounts.items_v i where i.tenant_id = ${tenant} and i.id = ${id}`;
    case 'message':
      return sql`select m.client_id from outreach.messages_v m where m.tenant_id = ${tenant} and m.id = ${id}`;
    case 'promise':
      return ofAccount(
        ctx,
        sql`select p.account_id from payments.promises_v p where p.tenant_id = ${tenant} and p.id = ${id}`,
      );
    case 'receipt':
      return sql`select r.client_id from payments.receipts_v r where r.tenant_id = ${tenant} and r.id = ${id}`;
    case 'task':
      return sql`select t.client_id from desk.tasks_v t where t.tenant_id = ${tenant} and t.id = ${id}`;
    case 'wide_stop':
      return sql`select w.client_id from accounts.wide_stops_v w where w.tenant_id = ${tenant} and w.id = ${id}`;
  }
}

/** The clients a row belongs to; empty when there is no such row in the tenant, or it belongs to the tenant as a whole. */
export async function clientsOf(ctx: Ctx, kind: OwnedKind, id: string): Promise<string[]> {
  const { rows } = await sql<{ client_id: string | null }>`
    select distinct o.client_id from (${owners(ctx, kind, id)}) as o (client_id)`.execute(ctx.db);
  return rows.flatMap((row) => (row.client_id === null ? [] : [row.client_id]));
}
