import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { addTallies } from '../../kernel/tallies.ts';

/**
 * Moves `items.open_minor` by what a fragment selects (item_id, delta_minor, on_date: the transfer's effective day), in the transaction
 * that writes the transfers behind it. Several rows of one item are summed. An item that comes to nothing is closed on the latest of the
 * days; one that moves away from nothing is open again. Returns the number of items moved.
 */
export async function adjustOpen(ctx: Ctx, fragment: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ moved: bigint }>`
    with days as materialized (
      select f.item_id, f.on_date, sum(f.delta_minor)::bigint as delta_minor from (${fragment}) f group by f.item_id, f.on_date),
    moves as (
      select d.item_id, sum(d.delta_minor)::bigint as delta_minor, max(d.on_date) as on_date from days d group by d.item_id),
    moved as (
      update accounts.items i
      set open_minor = i.open_minor + d.delta_minor,
          closed_on = case when i.open_minor + d.delta_minor = 0 then greatest(d.on_date, i.issued_on) end,
          row_version = i.row_version + 1
      from moves d
      where i.tenant_id = ${ctx.tenant} and i.id = d.item_id
      returning i.id, i.client_id, i.currency::text as currency, i.due_on, i.amount_minor, i.open_minor, d.delta_minor),
    tallied as (${addTallies(
      ctx,
      sql`
      select t.* from moved m cross join lateral accounts.item_tallies(m.client_id, m.currency, null, m.due_on, 0, m.open_minor, 1) t
      union all
      select t.measure, t.client_id, t.currency, t.day, t.slot, -t.n, -t.minor
      from moved m cross join lateral accounts.item_tallies(m.client_id, m.currency, null, m.due_on, 0, m.open_minor - m.delta_minor, 1) t
      union all
      select 'item_moved', m.client_id, m.currency, m.due_on, kernel.day_slot(d.on_date), 0, d.delta_minor
      from moved m join days d on d.item_id = m.id where m.amount_minor > 0`,
    )})
    select count(*) filter (where m.delta_minor <> 0) as moved from moved m`.execute(ctx.db);
  return Number(rows[0]?.moved ?? 0n);
}
