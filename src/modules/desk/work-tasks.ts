import { type CalendarDate, startOfDay } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { findFacts } from '../accounts/public.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import type { Ranking, Task, TaskKind, TaskQueue } from './task.ts';
import {
  countOpenTasks,
  findTask,
  insertTask,
  lockTask,
  selectTasks,
  type TaskFilter,
  updateTaskState,
} from './tasks.sql.ts';

type TaskRefusal = 'task_not_found' | 'task_closed' | 'task_claimed';

/**
 * Closes a task with what came of it. Refuses: `task_not_found`, `task_closed`, `task_claimed` (somebody else is at it).
 * The plan behind it, if any, is the caller's to mark done.
 */
export async function completeTask(ctx: Ctx, taskId: Id<'task'>, outcome: string): Promise<Result<Task, TaskRefusal>> {
  const task = await lockTask(ctx, taskId);
  if (!task) return refuse('task_not_found', 'There is no such task.');
  if (task.state !== 'open')
    return refuse('task_closed', `This task is already closed: ${task.outcome ?? task.state}.`);
  if (task.claimLive && task.claimedBy !== ctx.actor.id)
    return refuse('task_claimed', `${task.claimedName ?? 'Somebody else'} is working on this task.`);
  await updateTaskState(ctx, taskId, 'done', outcome);
  await recordAudit(ctx, {
    action: 'task.closed',
    subjectKind: 'task',
    subjectId: taskId,
    accountId: task.accountId,
    detail: { kind: task.kind },
    personal: { personId: task.accountId, values: { outcome } },
  });
  return ok((await findTask(ctx, taskId)) ?? task);
}

/** Takes back the closing of a task. Refuses: `task_not_found`, `not_closed` (open, or void: nobody closed that). */
export async function reopenTask(ctx: Ctx, taskId: Id<'task'>): Promise<Result<Task, 'task_not_found' | 'not_closed'>> {
  const task = await lockTask(ctx, taskId);
  if (!task) return refuse('task_not_found', 'There is no such task.');
  if (task.state !== 'done') return refuse('not_closed', 'Only a task that somebody closed can be opened again.');
  await updateTaskState(ctx, taskId, 'open', null);
  await recordAudit(ctx, {
    action: 'task.reopened',
    subjectKind: 'task',
    subjectId: taskId,
    accountId: task.accountId,
  });
  return ok((await findTask(ctx, taskId)) ?? task);
}

export type TaskInput = {
  readonly accountId: Id<'account'>;
  readonly kind: TaskKind;
  readonly queue: TaskQueue;
  readonly title: string;
  readonly reason: string;
  readonly dueOn: CalendarDate;
  readonly assignedTo?: string | null;
  /** A person chose it: it outlives a stop of its account. */
  readonly byPerson: boolean;
  /** Given when the task follows from something: the same id again adds nothing. */
  readonly id?: Id<'task'>;
};

/** Adds a task by hand or as the follow-up of a call, ranked by what it is worth. Refuses: `account_not_found`. */
export async function createTask(
  ctx: Ctx,
  input: TaskInput,
  ranking: Ranking,
): Promise<Result<{ taskId: Id<'task'> }, 'account_not_found'>> {
  const facts = await findFacts(ctx, input.accountId);
  if (!facts) return refuse('account_not_found', 'There is no such account.');
  const readyAt = startOfDay(input.dueOn, (await loadTenant(ctx)).timeZone);
  const taskId = input.id ?? newId<'task'>();
  await insertTask(ctx, { ...input, id: taskId, assignedTo: input.assignedTo ?? null, readyAt }, ranking);
  await recordAudit(ctx, {
    action: 'task.created',
    subjectKind: 'task',
    subjectId: taskId,
    accountId: input.accountId,
    detail: { kind: input.kind, queue: input.queue, dueOn: input.dueOn },
  });
  return ok({ taskId });
}

export type TaskPage = { readonly rows: readonly Task[]; readonly nextCursor: string | null; readonly open: number };

/**
 * A page of a queue: open tasks in the order in which they are worked, closed ones newest first. The cursor is the id of the
 * last task of the page before; an unknown one starts from the top.
 */
export async function listTasks(
  ctx: Ctx,
  filter: Omit<TaskFilter, 'clientIds'> & { readonly clientIds?: readonly string[] | null },
  cursor: string | null = null,
  limit = 50,
): Promise<TaskPage> {
  const whole: TaskFilter = { ...filter, clientIds: filter.clientIds ?? null };
  const after = cursor ? await findTask(ctx, cursor as Id<'task'>) : null;
  const rows = await selectTasks(ctx, whole, after, limit + 1);
  const page = rows.slice(0, limit);
  return {
    rows: page,
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    open: await countOpenTasks(ctx, whole.queue, whole.clientIds),
  };
}
