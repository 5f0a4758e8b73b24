import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { factColumns, factsFromSources } from './refresh-facts.sql.ts';

/** Something that is not as it must be: which check, about what, and both values in words. */
export type HubFinding = {
  readonly check: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly expected: string;
  readonly actual: string;
};

type Found = { id: string; expected: string; actual: string };
const LIMIT = 100;

/**
 * Recomputes what this room keeps of others' truth and names each difference, at most 100 of a kind: what items have open against the
 * transfers, closing days against open amounts, facts against their sources, states against their history.
 */
export async function verifyHub(ctx: Ctx): Promise<HubFinding[]> {
  const { rows } = await sql<{
    n: bigint;
  }>`select count(*) as n from accounts.items where tenant_id = ${ctx.tenant}`.execute(ctx.db);
  return withSetPlans(ctx.db, rows[0]?.n ?? 0n, () => findAll(ctx));
}

async function findAll(ctx: Ctx): Promise<HubFinding[]> {
  const named = (check: string, subjectKind: string, rows: readonly Found[]): HubFinding[] =>
    rows.map((row) => ({ check, subjectKind, subjectId: row.id, expected: row.expected, actual: row.actual }));
  return [
    ...named('item_open_equals_transfers', 'item', await wrongOpen(ctx)),
    ...named('item_closed_when_nothing_open', 'item', await wrongClosed(ctx)),
    ...named('facts_equal_sources', 'account', await wrongFacts(ctx)),
    ...named('facts_exist', 'account', await missingFacts(ctx)),
    ...named('number_key_follows_number', 'item', await wrongKeys(ctx)),
    ...named('parent_exists', 'row', await orphans(ctx)),
    ...named('state_equals_history', 'account', await wrongStates(ctx)),
  ];
}

async function wrongOpen(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select i.id, coalesce(t.minor, 0) || ' ' || i.currency as expected, i.open_minor || ' ' || i.currency as actual
    from accounts.items i
    left join (
      select p.item_id, p.currency, sum(p.signed_minor)::bigint as minor from ledger.item_postings_v p
      where p.tenant_id = ${ctx.tenant} group by p.item_id, p.currency) t on t.item_id = i.id and t.currency = i.currency
    where i.tenant_id = ${ctx.tenant} and i.open_minor <> coalesce(t.minor, 0)
    order by i.id limit ${LIMIT}`.execute(ctx.db);
  return rows;
}

async function wrongClosed(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select i.id, case when i.open_minor = 0 then 'a closing day' else 'no closing day' end as expected, coalesce(i.closed_on::text, 'none') as actual
    from accounts.items i where i.tenant_id = ${ctx.tenant} and (i.open_minor = 0) <> (i.closed_on is not null)
    order by i.id limit ${LIMIT}`.execute(ctx.db);
  return rows;
}

async function wrongFacts(ctx: Ctx): Promise<Found[]> {
  // Holds are looked at as of the row's own last change: one that began or ran out since is no difference.
  const refreshed = sql`(select z.updated_at from accounts.facts z where z.tenant_id = ${ctx.tenant} and z.id = b.id)`;
  const object = (table: string) =>
    sql.join(factColumns.flatMap((name) => [sql.lit(name), sql.ref(`${table}.${name}`)]));
  const tuple = (table: string) => sql.join(factColumns.map((name) => sql.ref(`${table}.${name}`)));
  const { rows } = await sql<Found>`
    select d.id, string_agg(e.key || ' ' || coalesce(e.value, 'none'), ', ' order by e.key) as expected,
           string_agg(a.key || ' ' || coalesce(a.value, 'none'), ', ' order by a.key) as actual
    from (
      select s.id, jsonb_build_object(${object('s')}) as expected, jsonb_build_object(${object('f')}) as actual
      from (${factsFromSources(ctx, () => sql`true`, refreshed)}) s
      join accounts.facts f on f.tenant_id = ${ctx.tenant} and f.id = s.id
      where (${tuple('s')}) is distinct from (${tuple('f')})
      order by s.id limit ${LIMIT}) d
    cross join lateral jsonb_each_text(d.expected) e
    join lateral jsonb_each_text(d.actual) a on a.key = e.key and a.value is distinct from e.value
    group by d.id`.execute(ctx.db);
  return rows;
}

async function missingFacts(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select a.id, 'a facts row' as expected, 'none' as actual from accounts.accounts a
    left join accounts.facts f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    where a.tenant_id = ${ctx.tenant} and f.id is null order by a.id limit ${LIMIT}`.execute(ctx.db);
  return rows;
}

async function wrongKeys(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select i.id, coalesce(kernel.number_key(i.number), 'none') as expected, coalesce(i.number_key, 'none') as actual
    from accounts.items i where i.tenant_id = ${ctx.tenant} and i.number_key is distinct from kernel.number_key(i.number)
    order by i.id limit ${LIMIT}`.execute(ctx.db);
  return rows;
}

/** What no foreign key watches: items, facts and states of accounts that are not there, accounts of nobody, clusters without root. */
async function orphans(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select o.id, 'an account' as expected, o.what || ' of unknown account ' || o.account_id as actual
    from (
      select i.id, 'item' as what, i.account_id from accounts.items i where i.tenant_id = ${ctx.tenant}
      union all select f.id, 'facts', f.id from accounts.facts f where f.tenant_id = ${ctx.tenant}
      union all select s.id, 'state', s.account_id from accounts.account_states s where s.tenant_id = ${ctx.tenant}) o
    left join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.id = o.account_id
    where a.id is null
    union all
    select a.id, 'a client, a party and a person cluster', concat_ws(', ', case when c.id is null then 'no client' end,
      case when p.id is null then 'no party' end, case when k.id is null then 'no cluster' end)
    from accounts.accounts a
    left join accounts.clients c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    left join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = a.cluster_id
    where a.tenant_id = ${ctx.tenant} and (c.id is null or p.id is null or k.id is null)
    union all
    select k.id, 'a root', 'unknown cluster ' || k.root_id
    from parties.clusters_v k left join parties.clusters_v r on r.tenant_id = ${ctx.tenant} and r.id = k.root_id
    where k.tenant_id = ${ctx.tenant} and r.id is null
    limit ${LIMIT}`.execute(ctx.db);
  return rows;
}

async function wrongStates(ctx: Ctx): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select a.id, coalesce(h.states, 'no history') as expected, a.state as actual
    from accounts.accounts a
    left join (
      -- The end of the chain of moves: the state moved to once more often than away from.
      select m.account_id, string_agg(m.state, ' and ' order by m.state) as states
      from (
        select x.account_id, x.state, sum(x.step) as balance
        from (select s.account_id, s.to_state as state, 1 as step from accounts.account_states s where s.tenant_id = ${ctx.tenant}
              union all
              select s.account_id, s.from_state, -1 from accounts.account_states s where s.tenant_id = ${ctx.tenant} and s.from_state is not null) x
        group by x.account_id, x.state) m
      where m.balance <> 0 group by m.account_id) h on h.account_id = a.id
    where a.tenant_id = ${ctx.tenant} and h.states is distinct from a.state
    order by a.id limit ${LIMIT}`.execute(ctx.db);
  return rows;
}
