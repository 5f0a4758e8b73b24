import { sql } from 'kysely';
import { addDays, type CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { BehaviourTable } from './assumptions.ts';

const from = [-30, 1, 8, 16, 31, 61, 91, 181];
const contactsTold = 3;

/**
 * How the tenant's items were paid in the past year: of all days on which an item was open, the part on which it was closed, by days past
 * due and by the notices and calls about it before that day. `source` states the population.
 */
export async function fitBehaviour(ctx: Ctx, today: CalendarDate): Promise<BehaviourTable> {
  const { tenant } = ctx;
  const since = addDays(today, -365);
  const bounds = from.map((day, at) => sql`(${day}::int, ${from[at + 1] ?? 4000}::int)`);
  const { rows } = await sql<{ fromDay: number; contacts: number; days: bigint; paid: bigint; items: bigint }>`
    with item as (
      select i.id, i.due_on, i.closed_on, greatest(i.issued_on, ${since}::date) as opens, least(coalesce(i.closed_on, ${today}::date), ${today}::date) as ends
      from accounts.items_v i
      where i.tenant_id = ${tenant} and i.kind <> 'credit_note' and i.issued_on < ${today}::date and coalesce(i.closed_on, ${today}::date) > ${since}::date),
    contact as (
      select distinct pi.item_id, p.planned_for as "on"
      from strategy.plans p join strategy.plan_items pi on pi.tenant_id = ${tenant} and pi.plan_id = p.id
      where p.tenant_id = ${tenant} and p.state in ('sent', 'done') and p.action in ('email', 'call_task')),
    turn as (
      select i.id, i.opens as "on", 0 as n from item i
      union all
      select c.item_id, c."on", row_number() over (partition by c.item_id order by c."on")::int from contact c join item i on i.id = c.item_id),
    stretch as (
      select t.id, least(t.n, ${contactsTold}::int) as contacts, greatest(t."on", i.opens) as begins,
        least(coalesce(lead(t."on") over (partition by t.id order by t.n), i.ends), i.ends) as ends, i.due_on, i.closed_on, i.ends as last
      from turn t join item i on i.id = t.id)
    select b.low as "fromDay", s.contacts,
      sum(greatest(least(s.ends, s.due_on + b.high) - greatest(s.begins, s.due_on + b.low), 0))::bigint as days,
      count(*) filter (where s.closed_on = s.ends and s.ends = s.last and s.ends > s.begins and s.ends - s.due_on >= b.low and s.ends - s.due_on < b.high)::bigint as paid,
      (select count(*) from item)::bigint as items
    from stretch s cross join (values ${sql.join(bounds)}) as b (low, high)
    group by b.low, s.contacts order by b.low, s.contacts`.execute(ctx.db);
  const items = rows[0]?.items ?? 0n;
  const paid = rows.reduce((total, row) => total + row.paid, 0n);
  return {
    source: `Fitted from ${items} items that were open between ${since} and ${today}, ${paid} of which were closed in that time.`,
    rows: from.map((fromDay) => {
      const mine = rows.filter((row) => row.fromDay === fromDay);
      let before = 0;
      const perDay = Array.from({ length: contactsTold + 1 }, (_none, contacts) => {
        const row = mine.find((one) => one.contacts === contacts);
        // Where nothing was seen, what was seen with one contact less stands for it.
        if (row && row.days > 0n) before = Math.min(1, Math.round((Number(row.paid) / Number(row.days)) * 1e6) / 1e6);
        return before;
      });
      return { fromDay, perDay };
    }),
  };
}
