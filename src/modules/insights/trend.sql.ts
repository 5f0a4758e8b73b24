import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Population } from './ageing.sql.ts';
import { withinScope } from './row-scope.ts';

export type BalanceMove = {
  readonly currency: string;
  readonly dueOn: CalendarDate;
  readonly on: CalendarDate;
  readonly minor: bigint;
};

/**
 * How balances of items that are owed (not credit notes) moved since a day, by effective day and due day. Working back from what is open now, it gives what was
 * overdue at any day since without adding up the whole ledger once per day.
 */
export async function movesSince(
  ctx: Ctx,
  since: CalendarDate,
  { scope, clientId }: Population,
): Promise<BalanceMove[]> {
  const { rows } = await sql<BalanceMove>`
    select i.currency, i.due_on as "dueOn", p.effective_on as on, sum(p.signed_minor)::bigint as minor
    from ledger.item_postings_v p
    join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = p.item_id
    where p.tenant_id = ${ctx.tenant} and p.effective_on > ${since}::date and i.amount_minor > 0 and i.due_on < (${ctx.at}::timestamptz + interval '1 day')::date
      and ${withinScope('i.client_id', scope, clientId)}
    group by i.currency, i.due_on, p.effective_on
    having sum(p.signed_minor) <> 0`.execute(ctx.db);
  return rows;
}
