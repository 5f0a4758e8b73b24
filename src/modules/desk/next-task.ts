import { localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, isId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { lockOpenCase } from '../accounts/public.ts';
import { loadTenant } from '../identity/public.ts';
import {
  claimCase,
  type Claimed,
  type ClaimInput,
  claimTask,
  countTasks,
  findCaseOfTask,
  isCaseTaken,
  releaseClaims,
  releaseTask,
  selectCaseTasks,
} from './claims.sql.ts';
import type { Task, TaskQueue } from './task.ts';
import { findTask } from './tasks.sql.ts';

export type NextTask = {
  readonly task: Task | null;
  /** The worker's tasks on the other accounts of its case: they were claimed with it. */
  readonly caseTasks: readonly Task[];
  /** Tasks this worker could take now, the given one among them; 100 stands for that many or more. */
  readonly remaining: number;
};

/**
 * Gives the caller the next task of a queue to work on: what they already hold, else the most urgent that nobody holds. It is
 * theirs for 15 minutes, and with it every task of its case that they may take: a case goes to one collector together. With `skip`
 * they give back what they hold and get the one after the skipped (of a case, all is skipped), from the top again after the last.
 * `clientIds` limits it to those clients. Refuses: `not_a_worker` (the command line has no hands).
 */
export async function nextTask(
  ctx: Ctx,
  input: {
    readonly queue: TaskQueue;
    readonly skip?: Id<'task'> | null;
    readonly clientIds?: readonly string[] | null;
  },
): Promise<Result<NextTask, 'not_a_worker'>> {
  const worker = ctx.actor.id;
  if (!isId(worker)) return refuse('not_a_worker', 'Only a signed-in person or an API key can take a task.');
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const claim: ClaimInput = {
    queue: input.queue,
    today,
    worker,
    after: null,
    notOfCase: null,
    clientIds: input.clientIds ?? null,
  };
  const skipped = input.skip ? await findTask(ctx, input.skip) : null;
  const taken = skipped ? await takeAfter(ctx, claim, skipped) : await claimWhole(ctx, claim, true);
  const task = taken && (await findTask(ctx, taken.id));
  const caseTasks = task && taken.caseId ? await takeCase(ctx, claim, task, taken.caseId) : [];
  return ok({ task, caseTasks, remaining: await countTasks(ctx, claim) });
}

async function takeCase(ctx: Ctx, claim: ClaimInput, lead: Task, caseId: Id<'case'>): Promise<Task[]> {
  await claimCase(ctx, claim, caseId);
  return (await selectCaseTasks(ctx, claim, caseId)).filter((task) => task.id !== lead.id);
}

/**
 * Claims a task whose case nobody else is at. Two workers may have claimed two tasks of one case in the same moment: its row decides who
 * was first, and the other gives the task back and looks further.
 */
async function claimWhole(ctx: Ctx, claim: ClaimInput, renew = false): Promise<Claimed | null> {
  for (;;) {
    const taken = await claimTask(ctx, claim, renew);
    if (!taken?.caseId || !(await lockOpenCase(ctx, taken.caseId)) || !(await isCaseTaken(ctx, claim, taken.caseId)))
      return taken;
    await releaseTask(ctx, taken.id);
  }
}

async function takeAfter(ctx: Ctx, claim: ClaimInput, skipped: Task): Promise<Claimed | null> {
  await releaseClaims(ctx, claim.queue, claim.worker);
  const notOfCase = await findCaseOfTask(ctx, skipped.id);
  return (await claimWhole(ctx, { ...claim, after: skipped, notOfCase })) ?? (await claimWhole(ctx, claim));
}
