import type { Actor } from '../kernel/ctx.ts';
import { failpoint } from '../kernel/failpoint.ts';
import type { TenantId } from '../kernel/ids.ts';
import { placeHoldsOfPlans } from '../modules/accounts/public.ts';
import { actIn, type Installation } from '../modules/identity/public.ts';
import { listPlannedHolds, markPlans } from '../modules/strategy/public.ts';

const HOLDS_AT_ONCE = 500;

/**
 * Places the holds that strategies have planned, each for its days; when they are over the account goes on by itself. In transactions of
 * their own: accounts are locked before anything else, which a run cannot do. Returns how many were placed.
 */
export async function holdPlanned(installation: Installation, tenantId: TenantId, actor: Actor): Promise<number> {
  let total = 0;
  for (;;) {
    const placed = await actIn(installation, tenantId, actor, async (ctx) => {
      const planned = await listPlannedHolds(ctx, HOLDS_AT_ONCE);
      if (planned.length === 0) return 0;
      await placeHoldsOfPlans(ctx, planned);
      await markPlans(
        ctx,
        planned.map((plan) => plan.id),
        'done',
        'the account is held',
      );
      failpoint('before-holds-commit');
      return planned.length;
    });
    if (placed === 0) return total;
    total += placed;
  }
}
