import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Task, TaskKind, TaskQueue, TaskState } from './task.ts';

const columns = (tenant: string): RawBuilder<unknown> => sql`
  t.id, t.account_id as "accountId", t.client_id as "clientId", t.cluster_id as "clusterId", f.party_id as "partyId", f.party_name as "partyName",
  f.account_number as "accountNumber", f.balance_minor as "balanceMinor", f.currency, f.oldest_open_due_on as "oldestDueOn", t.kind, t.queue, t.title, t.reason,
  t.plan_id as "planId", t.priority, t.due_on as "dueOn", t.assigned_to as "assignedTo", t.claimed_by as "claimedBy", t.claimed_until as "claimedUntil", coalesce(t.claimed_until > now(), false) as "claimLive",
  t.state, t.outcome, t.closed_at as "closedAt", t.recorded_at as "recordedAt", t.row_version as "rowVersion",
  (select m.display_name from identity.members_v m where m.tenant_id = ${tenant} and m.user_id = t.assigned_to) as "assignedName",
  (select m.display_name from identity.members_v m where m.tenant_id = ${tenant} and m.user_id = t.claimed_by) as "claimedName"`;

/** The task, or null. */
export async function findTask(ctx: Ctx, taskId: Id<'task'>): Promise<Task | null> {
  const { rows } = await sql<Task>`
    select ${columns(ctx.tenant)} from desk.tasks t
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

export type ClaimInput = {
  readonly queue: TaskQueue;
  readonly today: CalendarDate;
  readonly worker: string;
  readonly after: Task | null;
  readonly clientIds: readonly string[] | null;
};

/** How long a claim lasts. By the database's own clock, because a sandbox's stands still and would never give a task back. */
const LEASE = sql`interval '15 minutes'`;

/** What the index of open tasks answers by itself. */
const isTheirs = (input: ClaimInput, at: Date): RawBuilder<boolean> => sql<boolean>`
  t.state = 'open' and t.queue = ${input.queue} and t.due_on <= ${input.today} and (t.not_before is null or t.not_before <= ${at})
  and (t.assigned_to is null or t.assigned_to = ${input.worker}::uuid)
  and (${input.clientIds}::uuid[] is null or t.client_id = any(${input.clientIds}::uuid[]))`;

const mayTake = (input: ClaimInput, at: Date): RawBuilder<boolean> => sql<boolean>`
  ${isTheirs(input, at)} and (t.plan_id is null or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')`;

/**
 * Claims the best task that this worker may take and nobody holds, locked ones passed over, so that no two collectors get
 * one task; after `after` in the order of the list when given. Null when there is none.
 */
export async function claimTask(ctx: Ctx, input: ClaimInput): Promise<Id<'task'> | null> {
  const { after } = input;
  const beyond = after
    ? sql`and (t.priority < ${after.priority} or t.priority = ${after.priority} and (t.due_on, t.id) > (${after.dueOn}::date, ${after.id}::uuid))`
    : sql``;
  const { rows } = await sql<{ id: Id<'task'> }>`
    update desk.tasks c set claimed_by = ${input.worker}, claimed_until = now() + ${LEASE}, row_version = c.row_version + 1
    where c.tenant_id = ${ctx.tenant} and c.id = (
      select t.id from desk.tasks t
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
      where t.tenant_id = ${ctx.tenant} and ${mayTake(input, ctx.at)} ${beyond}
        and (t.claimed_by is null or t.claimed_until <= now() or t.claimed_by = ${input.worker}::uuid)
      order by t.priority desc, t.due_on, t.id
      for update of t skip locked limit 1)
    returning c.id`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

/** The task of the queue this worker already holds, its claim renewed; null when none. */
export async function renewClaim(ctx: Ctx, input: ClaimInput): Promise<Id<'task'> | null> {
  const { rows } = await sql<{ id: Id<'task'> }>`
    update desk.tasks c set claimed_until = now() + ${LEASE}
    where c.tenant_id = ${ctx.tenant} and c.id = (
      select t.id from desk.tasks t
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
      where t.tenant_id = ${ctx.tenant} and ${mayTake(input, ctx.at)} and t.claimed_by = ${input.worker}::uuid and t.claimed_until > now()
      order by t.claimed_until desc, t.id for update of t skip locked limit 1)
    returning c.id`.execute(ctx.db);
  return rows[0]?.id ?? null;
}

/** Gives back what this worker holds of the queue. */
export async function releaseClaims(ctx: Ctx, queue: TaskQueue, worker: string): Promise<void> {
  await sql`
    update desk.tasks t set claimed_by = null, claimed_until = null
    where t.tenant_id = ${ctx.tenant} and t.queue = ${queue} and t.state = 'open' and t.claimed_by = ${worker}::uuid`.execute(
    ctx.db,
  );
}

/** A queue is counted up to here: what a page reads must not grow with the tenant. */
const countedTasks = 1_000;
/** Up to here each task's account is looked at as well, so that the last ones are counted exactly. */
const checkedTasks = 100;

/**
 * How many tasks this worker could take now, claimed by others or not; 1,000 when there are that many or more. Among more than 100
 * those are counted too whose account was stopped or paid since the last run.
 */
export async function countTasks(ctx: Ctx, input: ClaimInput): Promise<number> {
  const theirs = await countUpTo(ctx, isTheirs(input, ctx.at), countedTasks);
  if (theirs > checkedTasks) return theirs;
  const { rows } = await sql<{ count: bigint }>`
    select count(*) from desk.tasks t
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
    where t.tenant_id = ${ctx.tenant} and ${mayTake(input, ctx.at)}`.execute(ctx.db);
  return Number(rows[0]?.count ?? 0n);
}

async function countUpTo(ctx: Ctx, condition: RawBuilder<boolean>, most: number): Promise<number> {
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
  readonly priority: bigint;
  readonly dueOn: CalendarDate;
  readonly assignedTo: string | null;
};

/** Adds a task; client, cluster and stop epoch are the account's own. */
export async function insertTask(ctx: Ctx, task: NewTask): Promise<void> {
  await sql`
    insert into desk.tasks (tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, stop_epoch, priority, due_on, assigned_to, state, recorded_at)
    select f.tenant_id, ${task.id}::uuid, f.id, f.client_id, f.cluster_id, ${task.kind}::text, ${task.queue}::text, ${task.title}::text, ${task.reason}::text,
      f.stop_epoch, ${task.priority}::bigint, ${task.dueOn}::date, ${task.assignedTo}::uuid, 'open', ${ctx.at}::timestamptz
    from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and f.id = ${task.accountId}
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
    select ${columns(ctx.tenant)} from desk.tasks t
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
