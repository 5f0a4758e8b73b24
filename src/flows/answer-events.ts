import type { Actor } from '../kernel/ctx.ts';
import { failpoint } from '../kernel/failpoint.ts';
import type { TenantId } from '../kernel/ids.ts';
import { takeEvents } from '../modules/accounts/public.ts';
import { openingsPackKey } from '../modules/compliance/public.ts';
import { actIn, type Installation } from '../modules/identity/public.ts';
import { runStrategy } from '../modules/strategy/public.ts';
import { carryOutPlans } from './carry-out-plans.ts';

const EVENTS_AT_ONCE = 500;

export type AnsweredEvents = { readonly accounts: number; readonly plans: number; readonly tasks: number };

/**
 * Does for the accounts to which something has just happened what the day's run does for all: what their strategies answer the events with,
 * and whatever is due again since. A batch is one transaction, in which its events are taken; broken off, it is as if it had not begun.
 */
export async function answerEvents(
  installation: Installation,
  tenantId: TenantId,
  actor: Actor,
  { atOnce = EVENTS_AT_ONCE }: { readonly atOnce?: number } = {},
): Promise<AnsweredEvents> {
  const total = { accounts: 0, plans: 0, tasks: 0 };
  for (;;) {
    const batch = await actIn(installation, tenantId, actor, async (ctx) => {
      const accountIds = await takeEvents(ctx, atOnce);
      if (accountIds.length === 0) return null;
      failpoint('after-events-taken');
      const run = await runStrategy(ctx, { only: accountIds, openings: openingsPackKey });
      // Without a strategy, or before the day that was run last, nobody answers.
      if (!run.ok) return { accounts: accountIds.length, plans: 0, tasks: 0 };
      failpoint('after-run');
      const { tasksCreated } = await carryOutPlans(ctx, run.value.runId, accountIds);
      failpoint('before-events-commit');
      const plans = Object.values(run.value.actions).reduce((sum, count) => sum + count, 0);
      return { accounts: accountIds.length, plans, tasks: tasksCreated };
    });
    if (batch === null) return total;
    total.accounts += batch.accounts;
    total.plans += batch.plans;
    total.tasks += batch.tasks;
  }
}
