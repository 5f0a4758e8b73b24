import { type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { loadTenant } from '../../identity/public.ts';
import { lockStrategies } from '../versions.sql.ts';
import type { Experiment } from './experiment.ts';
import { listRunningExperiments } from './experiment.sql.ts';
import { stopNow } from './change-experiment.ts';
import { listEntered, listOutcomes } from './outcomes.sql.ts';
import { alarmOf, type Results, resultsOf } from './results.ts';

/** What an experiment has shown by `asOf` (default: the tenant's today). */
export async function readResults(ctx: Ctx, experiment: Experiment, asOf?: CalendarDate): Promise<Results> {
  const on = asOf ?? localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  return resultsOf(experiment, await listEntered(ctx, experiment.id), await listOutcomes(ctx, experiment, on), on);
}

/**
 * Looks at every running experiment, as the daily run does before it decides anything, and stops those whose last day has passed or that do
 * surely more harm than was agreed: the run that follows gives all their people the champion. Returns what was stopped, with the reason.
 */
export async function watchExperiments(ctx: Ctx, asOf: CalendarDate): Promise<{ name: string; reason: string }[]> {
  // In the order in which a start takes its locks.
  await lockStrategies(ctx);
  const stopped: { name: string; reason: string }[] = [];
  for (const experiment of await listRunningExperiments(ctx)) {
    const { name, endsOn } = experiment;
    const reason =
      endsOn !== null && endsOn < asOf
        ? `Its last day, ${endsOn}, has passed.`
        : (alarmOf(experiment, await readResults(ctx, experiment, asOf))?.sentence ?? null);
    if (reason === null) continue;
    await stopNow(ctx, experiment, reason);
    stopped.push({ name, reason });
  }
  return stopped;
}
