import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Ladder } from './ladder.ts';
import { stepAction, stepDay } from './ladder.sql.ts';
import { among, inForce, type Only } from './run-tables.sql.ts';

/** A choice that holds for everybody is not kept for each account. */
export type Followed = { readonly ladder: Ladder; readonly uniform: boolean; readonly only: Only };

/**
 * Every open item (credit notes too, which fire nothing) with the step its age calls for and the one it has had.
 *
 * The stop epoch is read in this very statement: money that commits after its snapshot raises the epoch, so that a plan
 * made from what was seen here is void from the start.
 */
export async function fillRunItems(ctx: Ctx, { ladder, uniform, only }: Followed, asOf: CalendarDate): Promise<void> {
  const follows = uniform ? sql`0` : sql`r.follows`;
  const allowed = uniform ? sql`null::boolean[]` : sql`r.allowed`;
  const age = sql`(${asOf}::date - i.due_on)`;
  await sql`
    insert into pg_temp.run_items (tenant_id, item_id, account_id, due_on, open_minor, stop_epoch, follows, allowed, due_day, reached_day, reached_level,
      reached_step, cover, fires, action)
    with covers as (
      select hi.item_id, case when bool_or(h.reason <> 'promise') then 'hold' else 'promise' end as cover
      from accounts.holds_v h
      join accounts.hold_items_v hi on hi.tenant_id = ${ctx.tenant} and hi.hold_id = h.id
      where h.tenant_id = ${ctx.tenant} and h.coverage = 'items' and ${inForce('h', ctx.at)}
        and h.effects && array['stop_automatic', 'stop_contact'] ${among(only, 'h.account_id')}
      group by hi.item_id),
    seen as (
      select i.tenant_id, i.id, i.account_id, i.due_on, i.open_minor, f.stop_epoch, ${follows} as follows, ${allowed} as allowed,
        case when i.open_minor > 0 then ${stepDay(ladder, follows, allowed, age)} end as due_day, l.day as reached_day, l.level, l.step_key, c.cover
      from accounts.items_v i
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = i.account_id
      left join strategy.item_levels l on l.tenant_id = ${ctx.tenant} and l.id = i.id
      left join covers c on c.item_id = i.id
      ${uniform ? sql`` : sql`left join pg_temp.run_choices r on r.tenant_id = ${ctx.tenant} and r.account_id = i.account_id`}
      where i.tenant_id = ${ctx.tenant} and i.open_minor <> 0 ${among(only, 'i.account_id')})
    select s.tenant_id, s.id, s.account_id, s.due_on, s.open_minor, s.stop_epoch, s.follows, s.allowed, s.due_day, s.reached_day, s.level, s.step_key, s.cover,
      coalesce(s.due_day > coalesce(s.reached_day, s.due_day - 1) and s.cover is null, false),
      ${stepAction(ladder, sql`s.follows`, sql`s.due_day`)}
    from seen s`.execute(ctx.db);
}
