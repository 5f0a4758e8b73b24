import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id } from '../../kernel/ids.ts';
import type { Likeness, MatchScore } from './score-match.ts';

type PartyId = Id<'party'>;
export type Pair = { readonly one: PartyId; readonly other: PartyId };
/** The next parties of a round, in the order of their ids. */
export type Slice = { readonly after: PartyId | null; readonly limit: number };

/** A key that more parties than these share says nothing: a bookkeeper's mailbox, a switchboard, a common name. */
const mostSharing = 8;

const inSlice = (ctx: Ctx, slice: Slice) => sql`(
  select p.id, p.tax_key, p.name from parties.parties p
  where p.tenant_id = ${ctx.tenant} and (${slice.after}::uuid is null or p.id > ${slice.after}::uuid) order by p.id limit ${slice.limit})`;

// Coarser than the score's own comparison, which looks at what this lets through: letters and digits, the commonest legal forms gone.
const nameKey = sql`btrim(regexp_replace(regexp_replace(lower(p.name), '[^[:alnum:]]+', ' ', 'g'),
  '\\m(ltd|limited|inc|incorporated|llc|plc|corp|corporation|co|company|gmbh|ag|kg|sarl|sas|bv)\\M', '', 'g'))`;

/**
 * Pairs of which one is in the slice and which share an address, a number or a name, strongest first. One look at the tenant's parties and
 * contact points whatever the slice's size; people already merged, and pairs a person has decided on, are left out.
 */
export async function selectPairs(ctx: Ctx, slice: Slice, most: number): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    with slice as materialized ${inSlice(ctx, slice)},
    named as materialized (
      select p.id, ${nameKey} as name_key from parties.parties p where p.tenant_id = ${ctx.tenant}),
    keyed as (
      select c.party_id, c.kind || ' ' || c.value_key as key from parties.contact_points c
      where c.tenant_id = ${ctx.tenant} and c.ended_at is null and (c.kind, c.value_key) in (
        select x.kind, x.value_key from parties.contact_points x join slice s on s.id = x.party_id
        where x.tenant_id = ${ctx.tenant} and x.ended_at is null)
      union all
      select p.id, 'tax ' || p.tax_key from parties.parties p
      where p.tenant_id = ${ctx.tenant} and p.tax_key in (select s.tax_key from slice s)
      union all
      select n.id, 'name ' || n.name_key from named n
      where n.name_key <> '' and n.name_key in (select m.name_key from named m join slice s on s.id = m.id)),
    few as (
      select k.key, array_agg(distinct k.party_id) as ids from keyed k group by k.key
      having count(distinct k.party_id) between 2 and ${mostSharing}),
    pairs as (
      select a.id as one, b.id as other, count(*) as keys
      from few f cross join lateral unnest(f.ids) a (id) cross join lateral unnest(f.ids) b (id)
      where a.id < b.id group by a.id, b.id)
    select p.one, p.other
    from pairs p
    join parties.parties_v one on one.tenant_id = ${ctx.tenant} and one.id = p.one
    join parties.parties_v other on other.tenant_id = ${ctx.tenant} and other.id = p.other and other.root_cluster_id <> one.root_cluster_id
    where (p.one in (select s.id from slice s) or p.other in (select s.id from slice s))
      and not exists (
        select 1 from parties.match_candidates m
        where m.tenant_id = ${ctx.tenant} and m.party_id = p.one and m.other_party_id = p.other and m.state <> 'open')
    order by p.keys desc, p.one, p.other limit ${most}`.execute(ctx.db);
  return rows;
}

/** How far a slice reaches. */
export async function measureSlice(ctx: Ctx, slice: Slice): Promise<{ parties: number; last: PartyId | null }> {
  const { rows } = await sql<{ n: bigint; last: PartyId | null }>`
    select count(*) as n, (array_agg(s.id order by s.id desc))[1] as last from ${inSlice(ctx, slice)} s`.execute(
    ctx.db,
  );
  return { parties: Number(rows[0]?.n ?? 0n), last: rows[0]?.last ?? null };
}

/** What parties are compared by, by id. */
export async function loadLikenesses(ctx: Ctx, ids: readonly PartyId[]): Promise<Map<PartyId, Likeness>> {
  const { rows } = await sql<Likeness & { id: PartyId }>`
    select p.id, p.kind, p.name, p.country, p.tax_key as "taxKey",
      coalesce(array_agg(c.value_key) filter (where c.kind = 'email'), '{}') as emails,
      coalesce(array_agg(c.value_key) filter (where c.kind = 'phone'), '{}') as phones,
      coalesce(array_agg(c.value_key) filter (where c.kind = 'postal'), '{}') as addresses
    from parties.parties p
    left join parties.contact_points c on c.tenant_id = ${ctx.tenant} and c.party_id = p.id and c.ended_at is null
    where p.tenant_id = ${ctx.tenant} and p.id = any(${[...ids]}::uuid[])
    group by p.id, p.kind, p.name, p.country, p.tax_key`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Keeps pairs for review; one still open gets its new score. Returns how many are new. */
export async function upsertMatches(ctx: Ctx, found: readonly (Pair & MatchScore)[]): Promise<number> {
  if (found.length === 0) return 0;
  const values = found.map(
    (
      pair,
    ) => sql`(${ctx.tenant}::uuid, ${matchIdOf(pair)}::uuid, ${pair.one}::uuid, ${pair.other}::uuid, ${pair.score}::int,
      ${JSON.stringify(pair.signals)}::jsonb, 'open', ${ctx.at}::timestamptz)`,
  );
  const { rows } = await sql<{ fresh: boolean }>`
    insert into parties.match_candidates (tenant_id, id, party_id, other_party_id, score, signals, state, found_at)
    values ${sql.join(values)}
    on conflict (tenant_id, id) do update set score = excluded.score, signals = excluded.signals
    where match_candidates.state = 'open' and match_candidates.signals <> excluded.signals
    returning xmax = 0 as fresh`.execute(ctx.db);
  return rows.filter((row) => row.fresh).length;
}

const matchIdOf = (pair: Pair): Id<'match'> => hashId('match', pair.one, pair.other);
