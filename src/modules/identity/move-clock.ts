import type { Ctx } from '../../kernel/ctx.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { lacking } from './permissions.ts';
import { recordAudit } from './record-audit.ts';
import { lockClock, updateClock } from './tenants.sql.ts';

/**
 * Moves a sandbox tenant's clock forward; it stands still between moves. Later transactions see the new time.
 * Refuses: `forbidden`, `live_clock` (a live tenant's clock is the world's), `clock_backwards`.
 */
export async function moveClock(
  ctx: Ctx,
  to: Date,
): Promise<Result<{ from: Date; to: Date }, 'forbidden' | 'live_clock' | 'clock_backwards'>> {
  const refused = lacking(ctx.actor, 'clock.move');
  if (refused) return refused;
  const from = await lockClock(ctx.db, ctx.tenant);
  if (!from) return refuse('live_clock', 'Only a sandbox has a clock that can be moved.');
  if (Number.isNaN(to.getTime()) || to <= from) {
    return refuse('clock_backwards', `The clock stands at ${from.toISOString()} and only moves forward.`);
  }
  await updateClock(ctx.db, ctx.tenant, to);
  await recordAudit(ctx, {
    action: 'clock.moved',
    subjectKind: 'tenant',
    subjectId: ctx.tenant,
    detail: { from: from.toISOString(), to: to.toISOString() },
  });
  return ok({ from, to });
}
