import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { addTallies, tallyInSets } from '../../kernel/tallies.ts';
import { eventWords } from '../accounts/public.ts';
import { powerOfTen } from '../ledger/public.ts';
import type { Ranking, TaskKind, TaskQueue } from './task.ts';
import { outlivesStops } from './tasks.sql.ts';

/** What a plan becomes: for whom, and how its title begins. One that waits for a second person becomes an approval, whatever its action. */
const tasksOfPlans: readonly (readonly [
  state: 'planned' | 'proposed',
  action: string,
  kind: TaskKind,
  queue: TaskQueue,
  about: string,
])[] = [
  ['planned', 'call_task', 'call', 'collector', 'Call about '],
  ['planned', 'escalation', 'escalation', 'manager', 'Decide what comes next on '],
  ['planned', 'specialist_task', 'specialist', 'specialist', 'Look into '],
  ['planned', 'legal_review', 'legal_review', 'legal', 'Review for legal action: '],
  ['proposed', 'email', 'approval', 'manager', 'Agree to an e-mail about '],
  ['proposed', 'call_task', 'approval', 'manager', 'Agree to a call about '],
  ['proposed', 'escalation', 'approval', 'manager', 'Agree to an escalation of '],
  ['proposed', 'specialist_task', 'approval', 'manager', 'Agree to a task for specialists about '],
  ['proposed', 'legal_review', 'approval', 'manager', 'Agree to a legal review of '],
  ['proposed', 'hold', 'approval', 'manager', 'Agree to a hold on '],
];

const eventBecause = Object.entries(eventWords).map(([kind, { because }]) => sql`when ${kind} then ${because}::text`);

/** The newest event that each plan p answers. */
const newestEvents = (tenant: string, which: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select distinct on (pe.plan_id) pe.plan_id, e.kind
  from strategy.plan_events_v pe
  join strategy.plans_v p on p.tenant_id = ${tenant} and p.id = pe.plan_id and ${which}
  join accounts.events_v e on e.tenant_id = ${tenant} and e.id = pe.event_id
  where pe.tenant_id = ${tenant} order by pe.plan_id, e.occurred_at desc, e.id`;

/**
 * A task for every plan of a run (or one plan) that a person carries out or has to agree to, while it stands; a repeated call adds nothing.
 * Whoever owns the account gets its calls. Returns how many were made.
 */
export async function createTasksFromPlans(
  ctx: Ctx,
  of: { readonly runId: string } | { readonly planId: string },
  ranking: Ranking,
): Promise<number> {
  const { tenant } = ctx;
  const amount = sql`p.currency || ' ' || to_char(p.amount_minor::numeric / ${powerOfTen(sql`p.currency`)},
    case ${powerOfTen(sql`p.currency`)} when 1 then 'FM999,999,999,999,999,990' when 1000 then 'FM999,999,999,999,990.000' else 'FM999,999,999,999,990.00' end)`;
  const kinds = sql.join(
    tasksOfPlans.map(
      ([state, action, kind, queue, about]) =>
        sql`(${state}::text, ${action}::text, ${kind}::text, ${queue}::text, ${about}::text)`,
    ),
  );
  const which = 'runId' in of ? sql`p.run_id = ${of.runId}` : sql`p.id = ${of.planId}`;
  const { rows } = await tallyInSets(ctx, () =>
    sql<{ n: bigint }>`
    with made as (insert into desk.tasks (tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, plan_id, stop_epoch, priority, due_on,
      not_before, ready_at, asleep, assigned_to, state, recorded_at)
    select p.tenant_id, case k.kind when 'approval' then kernel.hash_id('task', p.id::text, 'approval') else kernel.hash_id('task', p.id::text) end,
      p.account_id, p.client_id, p.cluster_id, k.kind, k.queue, k.about || ${amount},
      ${amount} || ' open in ' || p.item_count || case p.item_count when 1 then ' item' else ' items' end
        || ', the oldest ' || (p.planned_for - f.oldest_open_due_on) || ' days past due'
        || coalesce('; ' || case w.kind ${sql.join(eventBecause, sql` `)} end, ''),
      p.id, p.stop_epoch, ${ranking.worth(sql`k.kind`)}, p.planned_for, o.opens, coalesce(o.opens, '-infinity'),
      coalesce(o.opens > ${ctx.at}::timestamptz, false), case k.kind when 'call' then f.assigned_to end, 'open', ${ctx.at}::timestamptz
    from strategy.plans_v p
    join (values ${kinds}) k (state, action, kind, queue, about) on k.state = p.state and k.action = p.action
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = p.account_id
    cross join lateral (select case k.kind when 'approval' then null else p.not_before end as opens) o
    ${ranking.joins}
    left join (${newestEvents(tenant, which)}) w on w.plan_id = p.id
    where p.tenant_id = ${tenant} and ${which} and f.stop_epoch = p.stop_epoch
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
  accountIds: readonly Id<'account'>[] | null = null,
): Promise<{ tasks: number; planIds: Id<'plan'>[] }> {
  const { tenant } = ctx;
  const { rows } = await ofThem(ctx, accountIds, () =>
    sql<{ plan_id: Id<'plan'> | null }>`
    update desk.tasks t set state = 'void', outcome = 'no longer called for', closed_at = ${ctx.at}, closed_by = ${ctx.actor.name}, row_version = t.row_version + 1
    from accounts.facts_v f
    where t.tenant_id = ${tenant} and f.tenant_id = ${tenant} and f.id = t.account_id and t.state = 'open'
      and (${accountIds}::uuid[] is null or t.account_id = any(${accountIds}::uuid[]))
      and (not ${outlivesStops} and f.stop_epoch > t.stop_epoch or f.open_items = 0 and t.kind <> 'review'
        or exists (select 1 from strategy.plans_v p where p.tenant_id = ${tenant} and p.id = t.plan_id and p.state in ('void', 'expired', 'failed')))
    returning t.plan_id`.execute(ctx.db),
  );
  return { tasks: rows.length, planIds: rows.flatMap((row) => row.plan_id ?? []) };
}

/**
 * Voids at once the tasks of accounts just stopped (null: of all) which do not outlive a stop, unless somebody is at them: whatever lies dead at the top of
 * a queue would be looked at by everybody who asks for the next. Returns how many went.
 */
export async function voidStoppedTasks(ctx: Ctx, accountIds: readonly Id<'account'>[] | null): Promise<number> {
  const theirs = accountIds === null ? sql`true` : sql`t.account_id = any(${[...accountIds]}::uuid[])`;
  const { numAffectedRows = 0n } = await ofThem(ctx, accountIds, () =>
    sql`
    update desk.tasks t set state = 'void', outcome = 'no longer called for', closed_at = ${ctx.at}, closed_by = ${ctx.actor.name}, row_version = t.row_version + 1
    from accounts.facts_v f
    where t.tenant_id = ${ctx.tenant} and f.tenant_id = ${ctx.tenant} and f.id = t.account_id and ${theirs}
      and t.state = 'open' and not ${outlivesStops} and f.stop_epoch > t.stop_epoch
      and (t.claimed_until is null or t.claimed_until <= now())`.execute(ctx.db),
  );
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
  const { numAffectedRows = 0n } = await ofThem(ctx, accountIds, () =>
    sql`
    update desk.tasks c set priority = n.priority, row_version = c.row_version + 1
    from (
      select t.id, t.priority as before, ${ranking.worth(sql`t.kind`)} as priority
      from desk.tasks t
      join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = t.account_id
      ${ranking.joins}
      where t.tenant_id = ${tenant} and t.state = 'open' and ${theirs}) n
    where c.tenant_id = ${tenant} and c.id = n.id and c.state = 'open' and n.priority <> n.before`.execute(ctx.db),
  );
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

/** Of all tasks of a tenant a statement is planned as over a set: a tenant born today has no statistics yet. */
async function ofThem<T>(ctx: Ctx, accountIds: readonly Id<'account'>[] | null, fn: () => Promise<T>): Promise<T> {
  if (accountIds !== null) return fn();
  const { rows } = await sql<{ n: bigint }>`
    select count(*) as n from (select 1 from desk.tasks t where t.tenant_id = ${ctx.tenant} and t.state = 'open' limit 100) x`.execute(
    ctx.db,
  );
  return withSetPlans(ctx.db, rows[0]?.n ?? 0n, fn);
}
