import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { addTallies, tallyInSets } from '../../kernel/tallies.ts';
import { powerOfTen } from '../ledger/public.ts';
import type { Ranking } from './task.ts';
import { outlivesStops } from './tasks.sql.ts';

/**
 * A task for every planned call and escalation of a run that is still planned; a repeated call adds nothing. Whoever owns the
 * account gets its calls. Returns how many were made.
 */
export async function createTasksFromPlans(ctx: Ctx, runId: Id<'run'>, ranking: Ranking): Promise<number> {
  const { tenant } = ctx;
  const kind = sql`case p.action when 'call_task' then 'call' else 'escalation' end`;
  const amount = sql`p.currency || ' ' || to_char(p.amount_minor::numeric / ${powerOfTen(sql`p.currency`)},
    case ${powerOfTen(sql`p.currency`)} when 1 then 'FM999,999,999,999,999,990' when 1000 then 'FM999,999,999,999,990.000' else 'FM999,999,999,999,990.00' end)`;
  const { rows } = await tallyInSets(ctx, () =>
    sql<{ n: bigint }>`
    with made as (insert into desk.tasks (tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, plan_id, stop_epoch, priority, due_on,
      not_before, ready_at, asleep, assigned_to, state, recorded_at)
    select p.tenant_id, kernel.hash_id('task', p.id::text), p.account_id, p.client_id, p.cluster_id,
      ${kind}, case p.action when 'call_task' then 'collector' else 'manager' end,
      case p.action when 'call_task' then 'Call about ' else 'Decide what comes next on ' end || ${amount},
      ${amount} || ' open in ' || p.item_count || case p.item_count when 1 then ' item' else ' items' end
        || ', the oldest ' || (p.planned_for - f.oldest_open_due_on) || ' days past due',
      p.id, p.stop_epoch, ${ranking.worth(kind)}, p.planned_for, p.not_before,
      coalesce(p.not_before, '-infinity'), coalesce(p.not_before > ${ctx.at}::timestamptz, false), case p.action when 'call_task' then f.assigned_to end, 'open', ${ctx.at}::timestamptz
    from strategy.plans_v p
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = p.account_id
    ${ranking.joins}
    where p.tenant_id = ${tenant} and p.run_id = ${runId} and p.state = 'planned' and p.action in ('call_task', 'escalation')
      and f.stop_epoch = p.stop_epoch
    on conflict (tenant_id, id) do nothing
    returning tasks as task),
    tallied as (${addTallies(ctx, sql`select t.* from made m cross join lateral desk.task_tallies(m.task) t`)})
    select count(*) as n from made`.execute(ctx.db),
  );
  return Number(rows[0]?.n ?? 0n);
}

/**
 * Voids open tasks that have lost their ground: the plan behind them died, or their account was stopped since, or owes nothing
 * any more. What a person chose outlives a stop. Returns how many went, and the plans behind them.
 */
export async function voidDeadTasks(
  ctx: Ctx,
  accountId?: Id<'account'>,
): Promise<{ tasks: number; planIds: Id<'plan'>[] }> {
  const { tenant } = ctx;
  const { rows } = await sql<{ plan_id: Id<'plan'> | null }>`
    update desk.tasks t set state = 'void', outcome = 'no longer called for', closed_at = ${ctx.at}, closed_by = ${ctx.actor.name}, row_version = t.row_version + 1
    from accounts.facts_v f
    where t.tenant_id = ${tenant} and f.tenant_id = ${tenant} and f.id = t.account_id and t.state = 'open'
      and (${accountId ?? null}::uuid is null or t.account_id = ${accountId ?? null}::uuid)
      and (not ${outlivesStops} and f.stop_epoch > t.stop_epoch or f.open_items = 0 and t.kind <> 'review'
        or exists (select 1 from strategy.plans_v p where p.tenant_id = ${tenant} and p.id = t.plan_id and p.state in ('void', 'expired', 'failed')))
    returning t.plan_id`.execute(ctx.db);
  return { tasks: rows.length, planIds: rows.flatMap((row) => row.plan_id ?? []) };
}

/**
 * Voids at once the tasks of accounts just stopped (null: of all) which do not outlive a stop, unless somebody is at them: whatever lies dead at the top of
 * a queue would be looked at by everybody who asks for the next. Returns how many went.
 */
export async function voidStoppedTasks(ctx: Ctx, accountIds: readonly Id<'account'>[] | null): Promise<number> {
  const theirs = accountIds === null ? sql`true` : sql`t.account_id = any(${[...accountIds]}::uuid[])`;
  const { numAffectedRows = 0n } = await sql`
    update desk.tasks t set state = 'void', outcome = 'no longer called for', closed_at = ${ctx.at}, closed_by = ${ctx.actor.name}, row_version = t.row_version + 1
    from accounts.facts_v f
    where t.tenant_id = ${ctx.tenant} and f.tenant_id = ${ctx.tenant} and f.id = t.account_id and ${theirs}
      and t.state = 'open' and not ${outlivesStops} and f.stop_epoch > t.stop_epoch
      and (t.claimed_until is null or t.claimed_until <= now())`.execute(ctx.db);
  return Number(numAffectedRows);
}

/**
 * Puts open tasks where they now belong: all of them (each day; when weights or rates change), or those of accounts whose facts have
 * changed. Only what moves is written. Returns how many moved.
 */
export async function rankTasks(
  ctx: Ctx,
  ranking: Ranking,
  accountIds: readonly Id<'account'>[] | null = null,
): Promise<number> {
  const { tenant } = ctx;
  const theirs = accountIds === null ? sql`true` : sql`t.account_id = any(${[...accountIds]}::uuid[])`;
  const { numAffectedRows = 0n } = await sql`
    update desk.tasks c set priority = n.priority, row_version = c.row_version + 1
    from (
      select t.id, t.priority as before, ${ranking.worth(sql`t.kind`)} as priority
      from desk.tasks t
      join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = t.account_id
      ${ranking.joins}
      where t.tenant_id = ${tenant} and t.state = 'open' and ${theirs}) n
    where c.tenant_id = ${tenant} and c.id = n.id and c.state = 'open' and n.priority <> n.before`.execute(ctx.db);
  return Number(numAffectedRows);
}

/**
 * Wakes tasks whose time has come, some thousands at once; those that somebody else is waking are left to them. Returns how many woke.
 */
export async function wakeTasks(ctx: Ctx, most = 1_000): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update desk.tasks c set asleep = false
    where c.tenant_id = ${ctx.tenant} and c.id in (
      select t.id from desk.tasks t where t.tenant_id = ${ctx.tenant} and t.state = 'open' and t.asleep and t.ready_at <= ${ctx.at}
      order by t.ready_at limit ${most} for update skip locked)`.execute(ctx.db);
  return Number(numAffectedRows);
}

/** What all tasks of the tenant come to, from the rows themselves. */
export const taskTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from desk.tasks x cross join lateral desk.task_tallies(x) t where x.tenant_id = ${ctx.tenant}`;
