import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from './ctx.ts';
import { newId } from './ids.ts';

/**
 * Tallies are counts and sums over rows, kept in `kernel.tallies` by whoever changes the rows, in the same transaction. Writers only add
 * differences, so that none waits for another; what all rows of a key (measure, client, currency, day, slot) add up to is the sum. A
 * fragment of tallies selects: measure, client_id, currency, day, slot, n, minor.
 */
const key = sql`d.measure, d.client_id, d.currency, d.day, d.slot`;

const columns = sql`tenant_id, id, measure, client_id, currency, day, slot, n, minor`;

/** An INSERT of what a fragment adds, one row per key; on its own or in a WITH clause beside the change it follows from. */
export const addTallies = (ctx: Ctx, fragment: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into kernel.tallies (${columns})
  select ${ctx.tenant}::uuid, ${idOfKey()}, ${key}, sum(d.n)::bigint, sum(d.minor)::bigint
  from (${fragment}) d group by ${key} having sum(d.n) <> 0 or sum(d.minor) <> 0`;

// From the key and a word of its own, not random: a distributed INSERT … SELECT refuses what is volatile.
const idOfKey = (): RawBuilder<unknown> =>
  sql`kernel.hash_id('tally', ${newId()}::text, d.measure, d.client_id::text, d.currency, d.day::text, d.slot::text)`;

/** Runs `fn`, whose statements add their tallies as sets; the triggers that do it row by row stand aside. */
export async function tallyInSets<T>(ctx: Ctx, fn: () => Promise<T>): Promise<T> {
  await sql`set local app.tallied_in_sets = 'on'`.execute(ctx.db);
  const value = await fn();
  // Not in a finally block: after an error the transaction is over, and its settings with it.
  await sql`set local app.tallied_in_sets = 'off'`.execute(ctx.db);
  return value;
}

const marker = 'made';
/** From so many rows on that stand beside the folded ones they are folded. */
const worthFolding = 200;
const foldedAtOnce = 5_000;

/**
 * Makes the tallies of a tenant that has none yet from `sources`, what all rooms' rows come to; otherwise folds what was added since into
 * one row per key, a few thousand at a time, and returns how many rows went. Changes no sum.
 */
export async function keepTallies(ctx: Ctx, sources: RawBuilder<unknown>): Promise<number> {
  if (!(await lockMarker(ctx))) {
    await rebuildTallies(ctx, sources);
    return 0;
  }
  const { rows } = await sql`
    select 1 from kernel.tallies t where t.tenant_id = ${ctx.tenant} and not t.folded limit ${worthFolding}`.execute(
    ctx.db,
  );
  return rows.length < worthFolding ? 0 : fold(ctx);
}

/** Two that fold or rebuild take turns at this row; writers and readers pass. False when there is none. */
async function lockMarker(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql`select t.id from kernel.tallies t
    where t.tenant_id = ${ctx.tenant} and t.measure = ${marker} for update`.execute(ctx.db);
  return rows.length > 0;
}

async function fold(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ gone: bigint }>`
    with fresh as (
      select distinct ${key} from (
        select * from kernel.tallies t where t.tenant_id = ${ctx.tenant} and not t.folded limit ${foldedAtOnce}) d),
    gone as (
      delete from kernel.tallies d using fresh f
      where d.tenant_id = ${ctx.tenant} and d.measure = f.measure and d.client_id = f.client_id and d.currency = f.currency and d.day = f.day
        and d.slot = f.slot
      returning d.*),
    sums as (
      insert into kernel.tallies (${columns}, folded)
      select d.tenant_id, ${idOfKey()}, ${key}, sum(d.n)::bigint, sum(d.minor)::bigint, true
      from gone d group by d.tenant_id, ${key} having sum(d.n) <> 0 or sum(d.minor) <> 0)
    select count(*) as gone from gone`.execute(ctx.db);
  return Number(rows[0]?.gone ?? 0n);
}

/** Makes all tallies of the tenant anew. One statement, so that what others commit meanwhile is counted once. Returns how many there are. */
export async function rebuildTallies(ctx: Ctx, sources: RawBuilder<unknown>): Promise<number> {
  await sql`insert into kernel.tallies (tenant_id, id, measure, client_id, n, minor, folded)
    values (${ctx.tenant}, kernel.hash_id('tally', ${marker}), ${marker}, ${ctx.tenant}, 0, 0, true)
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  await lockMarker(ctx);
  const { rows } = await sql<{ n: bigint }>`
    with gone as (delete from kernel.tallies t where t.tenant_id = ${ctx.tenant} and t.measure <> ${marker}),
    made as (
      insert into kernel.tallies (${columns}, folded)
      select ${ctx.tenant}::uuid, ${idOfKey()}, ${key}, sum(d.n)::bigint, sum(d.minor)::bigint, true
      from (${sources}) d group by ${key} having sum(d.n) <> 0 or sum(d.minor) <> 0
      returning 1)
    select count(*) as n from made`.execute(ctx.db);
  return Number(rows[0]?.n ?? 0n);
}

export type WrongTally = { readonly key: string; readonly expected: string; readonly actual: string };

/** Sums that differ from their sources, at most 100. */
export async function findWrongTallies(ctx: Ctx, sources: RawBuilder<unknown>): Promise<WrongTally[]> {
  const { rows } = await sql<WrongTally>`
    select concat_ws(' ', d.measure, 'of client ' || d.client_id, nullif(d.currency, ''), nullif(d.day::text, '-infinity'),
             nullif(d.slot::text, '-infinity')) as key,
           sum(d.n) filter (where d.expected) || ' rows, ' || sum(d.minor) filter (where d.expected) || ' minor units' as expected,
           sum(d.n) filter (where not d.expected) || ' rows, ' || sum(d.minor) filter (where not d.expected) || ' minor units' as actual
    from (
      select true as expected, s.measure, s.client_id, s.currency, s.day, s.slot, s.n, s.minor from (${sources}) s
      union all select false, t.measure, t.client_id, t.currency, t.day, t.slot, t.n, t.minor from kernel.tallies t
        where t.tenant_id = ${ctx.tenant} and t.measure <> ${marker}) d
    group by ${key}
    having coalesce(sum(d.n) filter (where d.expected), 0) <> coalesce(sum(d.n) filter (where not d.expected), 0)
      or coalesce(sum(d.minor) filter (where d.expected), 0) <> coalesce(sum(d.minor) filter (where not d.expected), 0)
    order by 1 limit 100`.execute(ctx.db);
  return rows.map((row) => ({ ...row, expected: row.expected ?? 'nothing', actual: row.actual ?? 'nothing' }));
}
