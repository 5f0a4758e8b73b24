import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { CollectorType } from '../gate-facts.ts';

export type KeptAccount = {
  readonly id: string;
  readonly number: string;
  readonly root_id: string;
  readonly debt_kind: 'consumer' | 'commercial';
  readonly product: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly collector: CollectorType;
  readonly currency: string;
  readonly balance_minor: bigint;
  readonly credit_minor: bigint;
  readonly last_activity_on: CalendarDate | null;
  readonly last_call_on: CalendarDate | null;
};

/** Accounts of persons, with what their keeping turns on. Days are those of the client. */
export async function selectKeptAccounts(ctx: Ctx, roots: readonly string[]): Promise<KeptAccount[]> {
  const { rows } = await sql<KeptAccount>`
    select a.id, a.number, own.root_id, a.debt_kind, d.product, coalesce(p.country, c.country) as country, p.region, a.currency,
      f.balance_minor, f.credit_minor + coalesce(y.unapplied, 0)::bigint as credit_minor,
      coalesce((
        select k.collector from compliance.classifications k
        where k.tenant_id = ${ctx.tenant} and k.client_id = c.id and k.approved_by is not null and k.effective_from <= ${ctx.at}::date
        order by k.effective_from desc, k.id desc limit 1),
        case c.kind when 'own_entity' then 'first_party' when 'agency_customer' then 'third_party' else 'debt_buyer' end) as collector,
      (greatest(r.at, m.at, y.at, n.at, f.last_contact_at) at time zone c.time_zone)::date as last_activity_on, (l.at at time zone c.time_zone)::date as last_call_on
    from parties.clusters_v own
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = own.id
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join compliance.debts d on d.tenant_id = ${ctx.tenant} and d.id = a.id
    left join lateral (select max(x.effective_at) as at from compliance.register_v x where x.tenant_id = ${ctx.tenant} and x.account_id = a.id) r on true
    left join lateral (select max(x.recorded_at) as at from outreach.messages_v x where x.tenant_id = ${ctx.tenant} and x.account_id = a.id) m on true
    left join lateral (select max(x.recorded_at) as at, sum(x.unapplied_minor) filter (where x.state <> 'reversed') as unapplied from payments.receipts_v x where x.tenant_id = ${ctx.tenant} and x.account_id = a.id) y on true
    left join lateral (select max(x.effective_at) as at from desk.notes_v x where x.tenant_id = ${ctx.tenant} and x.account_id = a.id) n on true
    left join lateral (select max(x.effective_at) as at from desk.calls_v x where x.tenant_id = ${ctx.tenant} and x.account_id = a.id) l on true
    where own.tenant_id = ${ctx.tenant} and own.root_id = any(${[...roots]}::uuid[]) order by a.id`.execute(ctx.db);
  return rows;
}

export type Person = {
  readonly root_id: string;
  readonly cluster_ids: readonly string[];
  readonly party_ids: readonly string[];
  readonly account_ids: readonly string[];
};

/** Everyone and everything that is one person with a party, or null. */
export async function findPerson(ctx: Ctx, partyId: string): Promise<Person | null> {
  const { rows } = await sql<Person>`
    select own.root_id,
      (select array_agg(k.id order by k.id) from parties.clusters_v k where k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id) as cluster_ids,
      (select array_agg(p.id order by p.id) from parties.parties_v p where p.tenant_id = ${ctx.tenant} and p.root_cluster_id = own.root_id) as party_ids,
      coalesce((
        select array_agg(a.id order by a.id) from accounts.accounts_v a
        join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = a.cluster_id
        where a.tenant_id = ${ctx.tenant} and k.root_id = own.root_id), '{}') as account_ids
    from parties.parties_v q join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = q.cluster_id
    where q.tenant_id = ${ctx.tenant} and q.id = ${partyId}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The next persons, by the order of their roots, nobody of whom owes or is owed anything and who are not erased or being erased. */
export async function selectSettledRoots(
  ctx: Ctx,
  after: string | null,
  limit: number,
): Promise<{ root_id: string; party_id: string; name: string }[]> {
  const { rows } = await sql<{ root_id: string; party_id: string; name: string }>`
    select k.root_id, p.id as party_id, p.name from parties.clusters_v k
    join lateral (
      select q.id, q.name from parties.parties_v q where q.tenant_id = ${ctx.tenant} and q.root_cluster_id = k.root_id order by q.id limit 1) p on true
    where k.tenant_id = ${ctx.tenant} and k.id = k.root_id and (${after}::uuid is null or k.id > ${after}::uuid)
      and not exists (select 1 from compliance.erasures e where e.tenant_id = ${ctx.tenant} and e.cluster_id = k.id and e.state not in ('withdrawn', 'declined'))
      and not exists (
        select 1 from parties.clusters_v own
        join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = own.id
        join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
        where own.tenant_id = ${ctx.tenant} and own.root_id = k.id and (f.balance_minor <> 0 or f.credit_minor <> 0))
    order by k.id limit ${limit}`.execute(ctx.db);
  return rows;
}
