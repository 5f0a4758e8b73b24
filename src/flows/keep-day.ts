import { localDateOf, localTimeOf } from '../kernel/calendar.ts';
import type { Actor } from '../kernel/ctx.ts';
import { actIn, type Installation, type Tenant } from '../modules/identity/public.ts';
import { findLastRunDay } from '../modules/strategy/public.ts';
import { type DayReport, runDay } from './run-day.ts';

const DAY_BEGINS = '06:00';

/**
 * Lives a live tenant's day once, from six in the morning of its own zone: promises judged, openings computed, the strategy run.
 * Asked every second, it answers with one cheap query when the day has been lived. A sandbox's days pass only when its clock is
 * moved. Null when there was nothing to do.
 */
export async function keepDay(installation: Installation, tenant: Tenant, actor: Actor): Promise<DayReport | null> {
  const now = installation.clock.now();
  if (tenant.kind === 'sandbox' || localTimeOf(now, tenant.timeZone) < DAY_BEGINS) return null;
  const today = localDateOf(now, tenant.timeZone);
  const lastDay = await actIn(installation, tenant.id, actor, (ctx) => findLastRunDay(ctx));
  if (lastDay !== null && lastDay >= today) return null;
  const lived = await actIn(installation, tenant.id, actor, (ctx) => runDay(ctx, { asOf: today }), {
    statementTimeoutMs: 0,
  });
  // Nothing published yet: a tenant without a strategy has no day to live.
  return lived.ok ? lived.value : null;
}
