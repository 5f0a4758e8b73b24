import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

export type OwnedKind =
  | 'account'
  | 'case'
  | 'classification'
  | 'client'
  | 'consent'
  | 'contact_point'
  | 'hold'
  | 'import'
  | 'incident'
  | 'link'
  | 'message'
  | 'override'
  | 'party'
  | 'notice'
  | 'permit'
  | 'promise'
  | 'receipt'
  | 'task'
  | 'wide_stop'
  | 'wish';

/** Clients of every account of the person a cluster belongs to. */
const ofCluster = (ctx: Ctx, cluster: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select a.client_id from parties.clusters_v own
  join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id
  join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = k.id
  where own.tenant_id = ${ctx.tenant} and own.id = ${cluster}`;

const owners: Readonly<Record<OwnedKind, (ctx: Ctx, id: string) => RawBuilder<unknown>>> = {
  account: (ctx, id) =>
    sql`select x.client_id from accounts.accounts_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  case: (ctx, id) =>
    sql`select x.client_id from accounts.accounts_v x where x.tenant_id = ${ctx.tenant} and x.case_id = ${id}`,
  link: (ctx, id) => sql`
    select a.client_id from parties.party_links_v x
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.party_id in (x.party_id, x.other_party_id)
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  // Somebody without accounts of their own concerns the clients of those they are linked to.
  party: (ctx, id) => sql`
    select a.client_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.party_id = ${id}
    union
    select a.client_id from parties.party_links_v l
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.party_id in (l.party_id, l.other_party_id)
    where l.tenant_id = ${ctx.tenant} and (l.party_id = ${id} or l.other_party_id = ${id})`,
  classification: (ctx, id) =>
    sql`select x.client_id from compliance.classifications_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  consent: (ctx, id) => sql`
    select o.client_id from compliance.consents_v x cross join lateral (${ofCluster(ctx, sql`x.cluster_id`)}) o
    where x.tenant_id = ${ctx.tenant} and x.id = ${id} and x.client_id is null
    union select x.client_id from compliance.consents_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id} and x.client_id is not null`,
  wish: (ctx, id) => sql`
    select o.client_id from compliance.preferences_v x cross join lateral (${ofCluster(ctx, sql`x.cluster_id`)}) o
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  client: (ctx, id) =>
    sql`select x.id as client_id from accounts.clients_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  contact_point: (ctx, id) => sql`
    select a.client_id from parties.contact_points_v x join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.party_id = x.party_id
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  hold: (ctx, id) => sql`
    select o.client_id from accounts.holds_v x cross join lateral (
      select a.client_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id = x.account_id
      union ${ofCluster(ctx, sql`case when x.coverage = 'party' then x.cluster_id end`)}) o
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  import: (ctx, id) =>
    sql`select x.client_id from intake.imports_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  incident: (ctx, id) => sql`
    select o.client_id from compliance.incidents_v x cross join lateral (
      select a.client_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id = x.account_id
      union ${ofCluster(ctx, sql`case when x.account_id is null then x.cluster_id end`)}) o
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  message: (ctx, id) =>
    sql`select x.client_id from outreach.messages_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  notice: (ctx, id) =>
    sql`select x.client_id from compliance.notice_rows_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  override: (ctx, id) =>
    sql`select x.client_id from compliance.overrides_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  permit: (ctx, id) =>
    sql`select x.client_id from compliance.permits_index_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  promise: (ctx, id) => sql`
    select a.client_id from payments.promises_v x join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = x.account_id
    where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  receipt: (ctx, id) =>
    sql`select x.client_id from payments.receipts_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  task: (ctx, id) => sql`select x.client_id from desk.tasks_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id}`,
  wide_stop: (ctx, id) => sql`
    select x.client_id from accounts.wide_stops_v x where x.tenant_id = ${ctx.tenant} and x.id = ${id} and x.client_id is not null`,
};

/** The clients that a row concerns: none when it does not exist or concerns the whole tenant, several when it concerns a person. */
export async function clientsOf(ctx: Ctx, kind: OwnedKind, id: string): Promise<string[]> {
  const { rows } = await sql<{
    client_id: string;
  }>`select distinct o.client_id from (${owners[kind](ctx, id)}) o order by o.client_id`.execute(ctx.db);
  return rows.map((row) => row.client_id);
}
