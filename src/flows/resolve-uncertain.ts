import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { lockWithPersons, refreshFacts } from '../modules/accounts/public.ts';
import { settleRegister } from '../modules/compliance/public.ts';
import { recordAudit } from '../modules/identity/public.ts';
import { resolveUncertain, selectReach } from '../modules/outreach/public.ts';
import { markPlans } from '../modules/strategy/public.ts';
import { settleNotices } from './settle-notices.ts';

/**
 * A person who looked says whether an uncertain message arrived. `sent` counts the contact; `failed` releases it, and the next run
 * plans the notice anew. Refuses: `message_not_found`; `not_uncertain`.
 */
export async function resolveUncertainSend(
  ctx: Ctx,
  input: { readonly messageId: string; readonly became: 'sent' | 'failed'; readonly evidence: string },
): Promise<Result<void, 'message_not_found' | 'not_uncertain'>> {
  const { messageId, became, evidence } = input;
  const reach = await selectReach(ctx, [messageId]);
  if (reach.length === 0) return refuse('message_not_found', `There is no message ${messageId}.`);
  const accountIds = [...new Set(reach.map((one) => one.accountId))].sort() as Id<'account'>[];
  await lockWithPersons(ctx, accountIds);
  if (!(await resolveUncertain(ctx, messageId, became, evidence)))
    return refuse('not_uncertain', 'What became of this message is already known.');
  await settleRegister(ctx, [
    { actId: messageId, status: became === 'sent' ? 'counted' : 'released', reason: evidence },
  ]);
  const planIds = reach.flatMap((one) => one.planId ?? []);
  if (planIds.length > 0) await markPlans(ctx, planIds, became, `${ctx.actor.name}: ${evidence}`);
  await settleNotices(ctx, messageId);
  await refreshFacts(ctx, { accountIds });
  await recordAudit(ctx, {
    action: 'message.resolved',
    subjectKind: 'message',
    subjectId: messageId,
    detail: { became },
    ...(accountIds[0] && { personal: { personId: accountIds[0], values: { evidence } } }),
  });
  return ok();
}
