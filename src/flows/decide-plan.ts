import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { lockAccounts } from '../modules/accounts/public.ts';
import { completeTask, createTasksFromPlans, findTask, type Task } from '../modules/desk/public.ts';
import { recordAudit } from '../modules/identity/public.ts';
import { findProposal, loadWorth, markPlans } from '../modules/strategy/public.ts';

export type DecideRefusal =
  | 'task_not_found'
  | 'task_closed'
  | 'task_claimed'
  | 'changed_meanwhile'
  | 'not_a_person'
  | 'same_person'
  | 'refused';

/**
 * Answers the approval of a planned act as the second person, the first being who published the strategy: agreed to, it goes ahead as planned;
 * refused, with the reason, it does not and is not planned again. Refuses: `task_not_found`, `refused` for a task of another kind or a refusal without a
 * reason, `task_closed`, `task_claimed`, `changed_meanwhile` once the plan has been overtaken, `not_a_person` for an API key, `same_person`.
 */
export async function decidePlan(
  ctx: Ctx,
  input: { readonly taskId: Id<'task'>; readonly approve: boolean; readonly note: string | null },
): Promise<Result<Task, DecideRefusal>> {
  const note = input.note?.trim() ?? '';
  const task = await findTask(ctx, input.taskId);
  if (!task) return refuse('task_not_found', 'There is no such task.');
  if (task.kind !== 'approval' || !task.planId) return refuse('refused', 'This task is no approval; close it instead.');
  if (!input.approve && note.length < 3) return refuse('refused', 'Say why you refuse what was planned.');
  await lockAccounts(ctx, [task.accountId]);
  const proposal = await findProposal(ctx, task.planId);
  if (!proposal)
    return refuse('changed_meanwhile', 'What was planned has been overtaken; there is nothing to agree to any more.');
  if (ctx.actor.kind === 'key')
    return refuse(
      'not_a_person',
      'A second person has to decide this, signed in under their own name; an API key cannot.',
    );
  if (proposal.publishedBy === ctx.actor.name)
    return refuse(
      'same_person',
      'This takes two people: somebody else than the one who published the strategy has to decide.',
    );
  const closed = await completeTask(ctx, task.id, input.approve ? 'Agreed' : `Refused: ${note}`);
  if (!closed.ok) return closed;
  if (input.approve) {
    await markPlans(ctx, [task.planId], 'planned', 'a second person agreed');
    await createTasksFromPlans(ctx, { planId: task.planId }, await loadWorth(ctx));
  } else await markPlans(ctx, [task.planId], 'denied', 'a second person refused');
  await recordAudit(ctx, {
    action: input.approve ? 'plan.approved' : 'plan.refused',
    subjectKind: 'plan',
    subjectId: task.planId,
    accountId: task.accountId,
    detail: { action: proposal.action, step: proposal.stepKey },
    personal: { personId: task.accountId, values: { note } },
  });
  return ok(closed.value);
}
