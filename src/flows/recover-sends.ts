import type { Actor } from '../kernel/ctx.ts';
import type { Id, TenantId } from '../kernel/ids.ts';
import { lockWithPersons, refreshFacts } from '../modules/accounts/public.ts';
import { settleRegister } from '../modules/compliance/public.ts';
import { actIn, type Installation } from '../modules/identity/public.ts';
import { markUncertain, selectInterrupted, selectReach, voidSending } from '../modules/outreach/public.ts';
import { markPlans, releasePlans } from '../modules/strategy/public.ts';
import { settleNotices } from './settle-notices.ts';

export type Ages = { readonly sendingMs: number; readonly handedOverMs: number };

/** Longer than any living sender takes; being wrong is safe, because a sender asks again before it hands a message over. */
export const usualAges: Ages = { sendingMs: 2 * 60_000, handedOverMs: 10 * 60_000 };

const atOnce = 500;

/**
 * Tidies what a killed process left. A message that was never handed over is void and its plans are given back: writing it anew is
 * a new act. One that was handed over may have arrived: it becomes uncertain and is never sent again by itself.
 */
export function recoverSends(
  installation: Installation,
  tenant: TenantId,
  actor: Actor,
  ages: Ages = usualAges,
): Promise<{ voided: number; uncertain: number }> {
  return actIn(installation, tenant, actor, async (ctx) => {
    const interrupted = await selectInterrupted(ctx, ages, atOnce);
    if (interrupted.length === 0) {
      // Only then: it takes locks of its own, and persons are never locked after accounts.
      await settleNotices(ctx);
      return { voided: 0, uncertain: 0 };
    }
    const reach = await selectReach(
      ctx,
      interrupted.map((one) => one.id),
    );
    const accountIds = [...new Set(reach.map((one) => one.accountId))].sort() as Id<'account'>[];
    await lockWithPersons(ctx, accountIds);
    const idsIn = (state: 'sending' | 'handed_over') =>
      interrupted.filter((one) => one.state === state).map((one) => one.id);
    const plansOf = (messages: ReadonlySet<string>) =>
      reach.flatMap((one) => (one.planId !== null && messages.has(one.messageId) ? [one.planId] : []));
    const reason = 'interrupted before it was handed over';
    const voided = await voidSending(ctx, idsIn('sending'), reason);
    await settleRegister(
      ctx,
      [...voided].map((actId) => ({ actId, status: 'released', reason })),
    );
    await releasePlans(ctx, plansOf(voided), reason);
    const uncertain = await markUncertain(ctx, idsIn('handed_over'), 'interrupted while the provider was being told');
    if (uncertain.size > 0)
      await markPlans(ctx, plansOf(uncertain), 'uncertain', 'interrupted while the provider was being told');
    await refreshFacts(ctx, { accountIds });
    return { voided: voided.size, uncertain: uncertain.size };
  });
}
