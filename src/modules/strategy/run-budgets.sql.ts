import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Action } from './definition.ts';
import type { Ladder } from './ladder.ts';
import { stepKey } from './ladder.sql.ts';
import { undone } from './plan.ts';
import { type Budget, findBudgets } from './worth/budgets.sql.ts';
import { loadWorth } from './worth/change-weights.ts';
import type { Act } from './worth/weights.ts';

const actOf: Readonly<Record<Action, Act>> = {
  email: 'email',
  call_task: 'call',
  escalation: 'escalation',
  specialist_task: 'review',
  legal_review: 'review',
  hold: 'review',
};

/**
 * Takes out of a run the plans that do not fit the budgets of the day, the least worth first; ties go by account, so that the same
 * portfolio gives the same plans. What is taken out raises no level: it fires again tomorrow. An account left with nothing to do
 * waits `over_budget`; one that has another plan left keeps it, and its decision says what was withheld. Without budgets nothing is read
 * but their absence.
 */
export async function keepToBudgets(ctx: Ctx, ladder: Ladder, asOf: CalendarDate): Promise<void> {
  const budgets = await findBudgets(ctx, asOf);
  if (!budgets || budgets.lines.length === 0) return;
  const { tenant } = ctx;
  const { joins, worth } = await loadWorth(ctx);
  const act = sql`case n.action ${sql.join(
    Object.entries(actOf).map(([action, one]) => sql`when ${action}::text then ${one}::text`),
    sql` `,
  )} end`;
  const ofDay = sql`p.planned_for = ${asOf} and p.state <> all(${[...undone]}::text[])`;
  await sql`
    with lines as (
      select l.action, l.client_id, l.per_day
      from unnest(${budgets.lines.map((line) => line.action)}::text[], ${budgets.lines.map((line) => line.clientId)}::uuid[],
        ${budgets.lines.map((line) => line.perDay)}::int[]) as l (action, client_id, per_day)),
    used as (
      select p.action, p.client_id, count(*) as n from strategy.plans p where p.tenant_id = ${tenant} and ${ofDay} group by p.action, p.client_id),
    valued as (
      select n.plan_id, n.account_id, n.action, n.day, n.follows, n.step_key, f.client_id, ${worth(act)} as worth
      from pg_temp.run_plans n
      join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = n.account_id
      ${joins}
      where n.tenant_id = ${tenant}),
    in_client as (
      select v.*, l.per_day - coalesce((select u.n from used u where u.action = v.action and u.client_id = v.client_id), 0) as room,
        row_number() over (partition by v.action, v.client_id order by v.worth desc, v.account_id) as place
      from valued v left join lines l on l.action = v.action and l.client_id = v.client_id),
    in_all as (
      select c.*, l.per_day - coalesce((select sum(u.n) from used u where u.action = c.action), 0) as room_in_all,
        row_number() over (partition by c.action order by c.worth desc, c.account_id) as place_in_all
      from in_client c left join lines l on l.action = c.action and l.client_id is null
      where c.room is null or c.place <= c.room),
    kept as (select a.plan_id, a.account_id, a.action, a.day, a.follows, a.step_key from in_all a where a.room_in_all is null or a.place_in_all <= a.room_in_all),
    over as (
      delete from pg_temp.run_plans n
      where n.tenant_id = ${tenant} and not exists (select 1 from kept k where k.plan_id = n.plan_id)
      returning n.account_id),
    left_over as (
      select o.account_id, k.plan_id, k.action, k.day, k.follows, k.step_key
      from (select distinct over.account_id from over) o
      left join (select distinct on (kept.account_id) kept.* from kept order by kept.account_id, kept.day desc nulls last, kept.action) k
        on k.account_id = o.account_id),
    topped as (
      update pg_temp.run_plans n set top = true from left_over l where n.tenant_id = ${tenant} and n.plan_id = l.plan_id)
    update pg_temp.run_accounts a set
      outcome = case when l.plan_id is null then 'wait' else a.outcome end,
      reason_code = case when l.plan_id is null then 'over_budget' when l.day is null then l.step_key
        else ${stepKey(ladder, sql`l.follows`, sql`l.day`)} end,
      top_day = l.day, top_action = case when l.day is null then l.action end,
      withheld = case when l.plan_id is not null then coalesce(a.withheld, 'over_budget') end
    from left_over l
    where a.tenant_id = ${tenant} and a.account_id = l.account_id`.execute(ctx.db);
}

/** What the day allows of an action, and what of it is planned already; for the page of budgets. */
export async function listUse(
  ctx: Ctx,
  lines: readonly Budget[],
  asOf: CalendarDate,
): Promise<(Budget & { readonly used: number })[]> {
  const { rows } = await sql<{ at: number; used: bigint }>`
    select l.at::int as at, (select count(*) from strategy.plans p where p.tenant_id = ${ctx.tenant} and p.planned_for = ${asOf}
      and p.action = l.action and (l.client_id is null or p.client_id = l.client_id) and p.state <> all(${[...undone]}::text[])) as used
    from unnest(${lines.map((line) => line.action)}::text[], ${lines.map((line) => line.clientId)}::uuid[]) with ordinality as l (action, client_id, at)`.execute(
    ctx.db,
  );
  return lines.map((line, at) => ({ ...line, used: Number(rows.find((row) => row.at === at + 1)?.used ?? 0n) }));
}
