import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/**
 * Moves `items.open_minor` by what a fragment selects (item_id, delta_minor, on_date), in the transaction that writes the transfers
 * behind it. Several rows of one item are summed. An item that comes to nothing is closed on the latest of the days; one that
 * moves away from nothing is open again. Returns the number of items moved.
 */
export async function adjustOpen(ctx: Ctx, fragment: RawBuilder<unknown>): Promise<number> {
  const result = await sql`update accounts.items i
    set open_minor = i.open_minor + d.delta_minor,
        closed_on = case when i.open_minor + d.delta_minor = 0 then greatest(d.on_date, i.issued_on) end,
        row_version = i.row_version + 1
    from (select f.item_id, sum(f.delta_minor)::bigint as delta_minor, max(f.on_date) as on_date from (${fragment}) f group by f.item_id) d
    where i.tenant_id = ${ctx.tenant} and i.id = d.item_id and d.delta_minor <> 0`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}
