import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';

/** An item with the notice it has reached and what stops it. */
export type ItemRow = {
  readonly id: string;
  readonly kind: 'invoice' | 'instalment' | 'loan_balance' | 'charge' | 'credit_note';
  readonly number: string | null;
  readonly description: string | null;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly amountMinor: bigint;
  readonly openMinor: bigint;
  readonly level: number | null;
  readonly levelReachedOn: string | null;
  /** Reasons of the holds in force that cover it, such as `promise`. */
  readonly stoppedBy: readonly string[];
  readonly closedOn: string | null;
};

/** Items of an account, the longest due first. Holds are those in force at `ctx.at`. Refuses: `bad_cursor`. */
export async function listItems(
  ctx: Ctx,
  accountId: string,
  filter: { readonly openOnly: boolean },
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: ItemRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant, at } = ctx;
  const wanted = [sql`i.tenant_id = ${tenant}`, sql`i.account_id = ${accountId}`];
  if (filter.openOnly) wanted.push(sql`i.open_minor <> 0`);
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['date', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(i.due_on, i.id) > (${cursor.value[0]}::date, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<ItemRow>`
    select i.id, i.kind, i.number, i.description, i.issued_on as "issuedOn", i.due_on as "dueOn", i.amount_minor as "amountMinor", i.open_minor as "openMinor",
      l.level, l.reached_on as "levelReachedOn", i.closed_on as "closedOn",
      array(select distinct h.reason from accounts.accounts_v a
        join parties.clusters_v mine on mine.tenant_id = ${tenant} and mine.id = a.cluster_id
        join parties.clusters_v ours on ours.tenant_id = ${tenant} and ours.root_id = mine.root_id
        join accounts.holds_v h on h.tenant_id = ${tenant} and h.cluster_id = ours.id
        where a.tenant_id = ${tenant} and a.id = i.account_id and h.released_at is null and h.effective_from <= ${at} and (h.effective_to is null or h.effective_to > ${at})
          and (h.coverage = 'party' or h.account_id = i.account_id and (h.coverage = 'account'
            or exists (select 1 from accounts.hold_items_v x where x.tenant_id = ${tenant} and x.hold_id = h.id and x.item_id = i.id)))) as "stoppedBy"
    from accounts.items_v i
    left join strategy.item_levels_v l on l.tenant_id = ${tenant} and l.item_id = i.id
    where ${sql.join(wanted, sql` and `)} order by i.due_on, i.id limit ${page.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, page.limit, (row) => [row.dueOn, row.id]));
}
