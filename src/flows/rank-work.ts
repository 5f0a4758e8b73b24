import type { CalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result } from '../kernel/result.ts';
import { previewRanking, type Ranked, rankTasks, type TaskQueue, voidStoppedTasks } from '../modules/desk/public.ts';
import {
  changeWeights,
  loadWorth,
  parseWeights,
  tidyStopped,
  type WeightsRefusal,
  type WeightsRow,
} from '../modules/strategy/public.ts';

/** Puts open tasks where they now belong: all, or those of accounts whose facts have just changed. Returns how many moved. */
export async function rankWork(ctx: Ctx, accountIds: readonly Id<'account'>[] | null = null): Promise<number> {
  return rankTasks(ctx, await loadWorth(ctx), accountIds);
}

/**
 * What follows from stops within a second: the plans and tasks they made void are closed, and what outlives them is ranked by what the
 * account owes now. A few thousand accounts at a time; returns how many stops were.
 */
export async function tidyAfterStops(ctx: Ctx): Promise<number> {
  const { stops, accountIds } = await tidyStopped(ctx);
  if (stops === 0) return 0;
  await voidStoppedTasks(ctx, accountIds);
  // After a run it is not said which accounts were stopped; the run has ranked everything.
  if (accountIds !== null) await rankWork(ctx, accountIds);
  return stops;
}

/** Changes the weights and, when they hold from today, ranks all open tasks by them. Refuses as `changeWeights`. */
export async function reweigh(
  ctx: Ctx,
  seen: number,
  draft: { readonly weights: unknown; readonly effectiveFrom?: CalendarDate },
): Promise<Result<{ readonly row: WeightsRow; readonly moved: number }, WeightsRefusal>> {
  const changed = await changeWeights(ctx, seen, draft);
  if (!changed.ok) return changed;
  return ok({ row: changed.value, moved: await rankWork(ctx) });
}

/** How the top of a queue would look by weights that are being tried. Refuses: `malformed_weights`. */
export async function tryWeights(
  ctx: Ctx,
  input: unknown,
  queue: TaskQueue,
  top: number,
): Promise<Result<Ranked[], 'malformed_weights'>> {
  const weights = parseWeights(input);
  if (!weights.ok) return weights;
  return ok(await previewRanking(ctx, await loadWorth(ctx, weights.value), queue, top));
}
