import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { createTasksFromPlans, voidDeadTasks } from '../modules/desk/public.ts';
import { loadWorth, markPlans } from '../modules/strategy/public.ts';

/**
 * What follows a run in its own transaction: tasks that have lost their ground go, with their plans, and what the run planned for people becomes
 * tasks. Of some accounts, or of all.
 */
export async function carryOutPlans(
  ctx: Ctx,
  runId: string | null,
  accountIds: readonly Id<'account'>[] | null = null,
): Promise<{ readonly tasksCreated: number; readonly tasksVoided: number }> {
  const dead = await voidDeadTasks(ctx, accountIds);
  await markPlans(ctx, dead.planIds, 'void', 'its task was no longer called for');
  const tasksCreated = runId ? await createTasksFromPlans(ctx, { runId }, await loadWorth(ctx)) : 0;
  return { tasksCreated, tasksVoided: dead.tasks };
}
