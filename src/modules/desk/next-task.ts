import { localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, isId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { loadTenant } from '../identity/public.ts';
import type { Task, TaskQueue } from './task.ts';
import { type ClaimInput, claimTask, countTasks, findTask, releaseClaims, renewClaim } from './tasks.sql.ts';

export type NextTask = {
  readonly task: Task | null;
  /** Tasks this worker could take now, the given one among them; 1,000 stands for that many or more. */
  readonly remaining: number;
};

/**
 * Gives the caller the next task of a queue to work on: what they already hold, else the most urgent that nobody holds. It is
 * theirs for 15 minutes. With `skip` they give back what they hold and get the one after the skipped, from the top again
 * after the last. `clientIds` limits it to those clients. Refuses: `not_a_worker` (the command line has no hands).
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
  const claim: ClaimInput = { queue: input.queue, today, worker, after: null, clientIds: input.clientIds ?? null };
  const skipped = input.skip ? await findTask(ctx, input.skip) : null;
  const taken = skipped
    ? await takeAfter(ctx, claim, skipped)
    : ((await renewClaim(ctx, claim)) ?? (await claimTask(ctx, claim)));
  return ok({ task: taken ? await findTask(ctx, taken) : null, remaining: await countTasks(ctx, claim) });
}

async function takeAfter(ctx: Ctx, claim: ClaimInput, skipped: Task): Promise<Id<'task'> | null> {
  await releaseClaims(ctx, claim.queue, claim.worker);
  return (await claimTask(ctx, { ...claim, after: skipped })) ?? (await claimTask(ctx, claim));
}
