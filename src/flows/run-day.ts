import { addDays, localDateOf } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { ok, type Result } from '../kernel/result.ts';
import { rehearse } from '../kernel/savepoint.ts';
import { settleEvents } from '../modules/accounts/public.ts';
import { computeOpenings, openingsPackKey } from '../modules/compliance/public.ts';
import { loadTenant } from '../modules/identity/public.ts';
import { type JudgedCounts, judgePromises } from '../modules/payments/public.ts';
import {
  type RunOptions,
  type RunRefusal,
  type RunReport,
  runStrategy,
  watchExperiments,
} from '../modules/strategy/public.ts';
import { carryOutPlans } from './carry-out-plans.ts';
import { rankWork } from './rank-work.ts';

export type DayReport = RunReport & {
  readonly dryRun: boolean;
  /** Promises judged before anything else: what was broken is due again today. */
  readonly promises: JudgedCounts;
  readonly tasksCreated: number;
  readonly tasksVoided: number;
  /** Experiments that came to their end, or did surely more harm than was agreed. */
  readonly experimentsStopped: readonly { readonly name: string; readonly reason: string }[];
};

// Openings reach over the longest run of closed days, a fortnight of feasts, so that every plan finds its next window.
const OPENINGS_AHEAD = 14;

/**
 * A tenant's day: judge promises, plan what the strategy says, turn planned calls and escalations into tasks. One transaction,
 * which needs no statement time limit; repeating it changes nothing. A dry run takes everything back. Refuses as `runStrategy`.
 */
export async function runDay(
  ctx: Ctx,
  options: Pick<RunOptions, 'asOf' | 'dryRun' | 'selection' | 'look'> = {},
): Promise<Result<DayReport, RunRefusal>> {
  return options.dryRun === true ? rehearse(ctx.db, () => carryOut(ctx, options)) : carryOut(ctx, options);
}

async function carryOut(
  ctx: Ctx,
  { asOf, dryRun = false, ...rest }: Parameters<typeof runDay>[1] & object,
): Promise<Result<DayReport, RunRefusal>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const promises = await judgePromises(ctx, { all: true });
  await computeOpenings(ctx, addDays(today, -1), addDays(today, OPENINGS_AHEAD));
  const experimentsStopped = await watchExperiments(ctx, asOf ?? today);
  const run = await runStrategy(ctx, { ...rest, asOf: asOf ?? today, dryRun, openings: openingsPackKey });
  if (!run.ok) return run;
  // What happened before or in this transaction has been answered by this run.
  await settleEvents(ctx);
  const tasks = await carryOutPlans(ctx, run.value.runId);
  // Last, because it locks what it moves: accounts have grown a day older, and weights may hold from today.
  await rankWork(ctx);
  return ok({ ...run.value, dryRun, promises, ...tasks, experimentsStopped });
}
