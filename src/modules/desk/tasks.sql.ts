import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Ranking, Task, TaskKind, TaskQueue, TaskState } from './task.ts';

/** What a task is read as; `t` is the task, `f` the facts of its account. */
export const taskColumns = (tenant: string): RawBuilder<unknown> => sql`
  t.id, t.account_id as "accountId", t.client_id as "clientId", t.cluster_id as "clusterId", f.party_id as "partyId", f.party_name as "partyName",
  f.account_number as "accountNumber", f.balance_minor as "balanceMinor", f.currency, f.oldest_open_due_on as "oldestDueOn", t.kind, t.queue, t.title, t.reason,
  t.plan_id as "planId", t.by_person as "byPerson", f.stop_epoch > t.stop_epoch as "stoppedSince", t.priority, t.due_on as "dueOn", t.assigned_to as "assignedTo", t.claimed_by as "claimedBy", t.claimed_until as "claimedUntil", coalesce(t.claimed_until > now(), false) as "claimLive",
  t.state, t.outcome, t.closed_at as "closedAt", t.recorded_at as "recordedAt", t.row_version as "rowVersion",
  (select m.display_name from identity.members_v m where m.tenant_id = ${tenant} and m.user_id = t.assigned_to) as "assignedName",
  (select m.display_name from identity.members_v m where m.tenant_id = ${tenant} and m.user_id = t.claimed_by) as "claimedName"`;

/** The task, or null. */
export async function findTask(ctx: Ctx, taskId: Id<'task'>): Promise<Task | null> {
  const { rows } = await sql<Task>`
    select ${taskColumns(ctx.tenant)} from desk.tasks t
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
    where t.tenant_id = ${ctx.tenant} and t.id = ${taskId}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The task with its row locked until the transaction ends; null when there is none. */
export async function lockTask(ctx: Ctx, taskId: Id<'task'>): Promise<Task | null> {
  await sql`select t.id from desk.tasks t where t.tenant_id = ${ctx.tenant} and t.id = ${taskId} for update`.execute(
    ctx.db,
  );
  return findTask(ctx, taskId);
}

/**
 * A stop voids at once what was planned before it (the epoch tells), tidied later by `voidDeadTasks`. Two kinds outlive it: what a
 * person chose, and a review, which contacts nobody.
 */
export const outlivesStops = sql<boolean>`(t.by_person or t.kind = 'review')`;

/** Tasks of collectors on these accounts that are open and have not been overtaken by a stop. */
export async function listLiveTasks(
  ctx: Ctx,
  accountIds: readonly Id<'account'>[],
): Promise<{ id: Id<'task'>; planId: Id<'plan'> | null }[]> {
  const { rows } = await sql<{ id: Id<'task'>; planId: Id<'plan'> | null }>`
    select t.id, t.plan_id as "planId" from desk.tasks t
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
    where t.tenant_id = ${ctx.tenant} and t.account_id = any(${[...accountIds]}::uuid[]) and t.state = 'open' and t.queue = 'collector'
      and (${outlivesStops} or f.stop_epoch = t.stop_epoch)
    order by t.id for update of t`.execute(ctx.db);
  return rows;
}

/**
 * Lets tasks follow their accounts into other hands. Those of an account that a collector now owns are chosen for them by a person, free of
 * the plan behind and as of the present stop epoch. Returns the ones a collector has taken over.
 */
export async function followOwners(ctx: Ctx, taskIds: readonly Id<'task'>[]): Promise<Id<'task'>[]> {
  const { rows } = await sql<{ id: Id<'task'>; taken: boolean }>`
    update desk.tasks t set assigned_to = f.assigned_to, by_person = t.by_person or f.assigned_to is not null, stop_epoch = f.stop_epoch,
      plan_id = case when f.assigned_to is null then t.plan_id end, claimed_by = null, claimed_until = null, row_version = t.row_version + 1
    from accounts.facts_v f
    where t.tenant_id = ${ctx.tenant} and f.tenant_id = ${ctx.tenant} and f.id = t.account_id and t.id = any(${[...taskIds]}::uuid[])
      and (t.assigned_to is distinct from f.assigned_to or t.stop_epoch is distinct from f.stop_epoch)
    returning t.id, f.assigned_to is not null as taken`.execute(ctx.db);
  return rows.filter((row) => row.taken).map((row) => row.id);
}

/** A queue is counted up to here: what a page reads must not grow with the tenant. */
export const countedTasks = 1_000;

export async function countUpTo(ctx: Ctx, condition: RawBuilder<boolean>, most: number): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) from (
      select 1 from desk.tasks t where t.tenant_id = ${ctx.tenant} and ${condition} limit ${most}) counted`.execute(
    ctx.db,
  );
  return Number(rows[0]?.count ?? 0n);
}

export type NewTask = {
  readonly id: Id<'task'>;
  readonly accountId: Id<'account'>;
  readonly kind: TaskKind;
  readonly queue: TaskQueue;
  readonly title: string;
  readonly reason: string;
  readonly dueOn: CalendarDate;
  /** The beginning of its day. */
  readonly readyAt: Date;
  readonly assignedTo: string | null;
  readonly byPerson: boolean;
};

/** Adds a task; client, cluster, stop epoch, worth and, unless it names somebody, the collector are the account's own. */
export async function insertTask(ctx: Ctx, task: NewTask, ranking: Ranking): Promise<void> {
  await sql`
    insert into desk.tasks (tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, stop_epoch, priority, due_on, ready_at, asleep,
      assigned_to, by_person, state, recorded_at)
    select f.tenant_id, ${task.id}::uuid, f.id, f.client_id, f.cluster_id, ${task.kind}::text, ${task.queue}::text, ${task.title}::text, ${task.reason}::text,
      f.stop_epoch, ${ranking.worth(sql`${task.kind}::text`)}, ${task.dueOn}::date, ${task.readyAt}::timestamptz, ${task.readyAt > ctx.at}::boolean,
      coalesce(${task.assignedTo}::uuid, case ${task.queue}::text when 'collector' then f.assigned_to end), ${task.byPerson}::boolean, 'open', ${ctx.at}::timestamptz
    from accounts.facts_v f ${ranking.joins} where f.tenant_id = ${ctx.tenant} and f.id = ${task.accountId}
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
}

/** Closes or reopens. */
export async function updateTaskState(
  ctx: Ctx,
  taskId: Id<'task'>,
  state: TaskState,
  outcome: string | null,
): Promise<void> {
  const closed = state !== 'open';
  await sql`
    update desk.tasks set state = ${state}, outcome = ${outcome}, closed_at = ${closed ? ctx.at : null}, closed_by = ${closed ? ctx.actor.name : null},
      claimed_by = null, claimed_until = null, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${taskId}`.execute(ctx.db);
}

export type TaskFilter = {
  readonly queue: TaskQueue;
  readonly state: TaskState;
  readonly clientIds: readonly string[] | null;
};

/** One page in the order of the worklist (open) or newest first (closed), after the task named by `after`. */
export async function selectTasks(ctx: Ctx, filter: TaskFilter, after: Task | null, limit: number): Promise<Task[]> {
  const open = filter.state === 'open';
  const beyond = !after
    ? sql``
    : open
      ? sql`and (t.priority < ${after.priority} or t.priority = ${after.priority} and (t.due_on, t.id) > (${after.dueOn}::date, ${after.id}::uuid))`
      : sql`and (t.closed_at, t.id) < (${after.closedAt}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<Task>`
    select ${taskColumns(ctx.tenant)} from desk.tasks t
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
    where t.tenant_id = ${ctx.tenant} and t.queue = ${filter.queue} and t.state = ${filter.state}
      and (${filter.clientIds}::uuid[] is null or t.client_id = any(${filter.clientIds}::uuid[])) ${beyond}
    order by ${open ? sql`t.priority desc, t.due_on, t.id` : sql`t.closed_at desc, t.id desc`} limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

/** How many tasks of a queue are open; 1,000 when there are that many or more. */
export async function countOpenTasks(ctx: Ctx, queue: TaskQueue, clientIds: readonly string[] | null): Promise<number> {
  const open = sql<boolean>`t.queue = ${queue} and t.state = 'open' and (${clientIds}::uuid[] is null or t.client_id = any(${clientIds}::uuid[]))`;
  return countUpTo(ctx, open, countedTasks);
}
