import { type CalendarDate, daysBetween, localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { failpoint } from '../../kernel/failpoint.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { rehearse } from '../../kernel/savepoint.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { noteAnyStop, noteStopsOf } from '../accounts/public.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import { type Choice, loadChoice } from './choice.ts';
import { fillRunChoices, isUniform, splitsAnybody } from './choice.sql.ts';
import { insertAssignments } from './experiments/assignments.sql.ts';
import { type Ladder, reacts, versionFollowed } from './ladder.ts';
import { voidStopped } from './plans.sql.ts';
import { fillRunAccounts } from './run-accounts.sql.ts';
import { keepToBudgets } from './run-budgets.sql.ts';
import { countRun, digestOfPlans, type RunCounts } from './run-counts.sql.ts';
import { fillRunReactions, handOverEvents, insertPlanEvents } from './reactions.sql.ts';
import { hasNews, insertDecisions, upsertPositions, upsertStandings } from './run-decisions.sql.ts';
import { fillRunItems } from './run-items.sql.ts';
import { fillRunPlans, insertPlanItems, insertPlans, raiseItemLevels, retireTakenOver } from './run-plans.sql.ts';
import { analyzeRunTable, createRunTables } from './run-tables.sql.ts';
import { ruleDayOn } from './segments/try-rule.ts';
import type { SelectionLines } from './selection.sql.ts';
import { countAccounts, findLastRunDay, finishRun, insertRun } from './runs.sql.ts';
import { lockStrategies, nameOfVersion } from './versions.sql.ts';

export type RunOptions = {
  /** Default: the tenant's today. */
  readonly asOf?: CalendarDate;
  readonly dryRun?: boolean;
  /** Key of the openings (compliance.openings_v) by which plans are timed; none: the gate alone times them. */
  readonly openings?: string;
  /** Dry only: a selection table to try in place of the one in effect. */
  readonly selection?: SelectionLines;
  /** Only these accounts, because something has just happened to them: a run by event. */
  readonly only?: readonly Id<'account'>[];
  /** Dry only: reads the working tables before they are taken back. */
  readonly look?: (ladder: Ladder) => Promise<void>;
};

/** What a run did. `runId` is null for a dry run, which counts the same and leaves nothing behind, and for a
 * run by event that found nothing to write down. */
export type RunReport = RunCounts & {
  readonly runId: Id<'run'> | null;
  readonly asOf: CalendarDate;
  /** The version followed where nothing chooses another; what each account follows is counted in `versions`. */
  readonly version: string;
  readonly caughtUpDays: number;
  /** Plans of earlier that were voided because their account had been stopped since. */
  readonly voided: number;
  /** Accounts whose outcome or reason is new. */
  readonly decisions: number;
};

export type RunRefusal = 'no_strategy' | 'as_of_in_future' | 'as_of_before_last_run';

/**
 * Decides for every account, or for some, what is to be done on `asOf` (default: the tenant's today) and plans it, in a dozen statements
 * over sets. Repeating it changes nothing; after missed days each item gets the furthest step its age calls for, and the
 * ones between are counted as skipped.
 *
 * Runs in the caller's transaction, which needs no statement time limit. Runs of one tenant wait for each other.
 * Refuses: `no_strategy`; and, unless `dryRun`, `as_of_in_future` and `as_of_before_last_run`.
 */
export async function runStrategy(ctx: Ctx, options: RunOptions = {}): Promise<Result<RunReport, RunRefusal>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const asOf = options.asOf ?? today;
  const { dryRun = false, openings = null, only = null } = options;
  if (asOf > today && !dryRun) {
    return refuse('as_of_in_future', `${asOf} is after today, ${today}. Only a dry run can look ahead.`);
  }
  await lockStrategies(ctx);
  const choice = await loadChoice(ctx, asOf, dryRun ? options.selection : undefined);
  if (!choice) return refuse('no_strategy', `No strategy is in effect on ${asOf}. Publish one first.`);
  const lastDay = await findLastRunDay(ctx);
  if (lastDay && asOf < lastDay && !dryRun) {
    return refuse(
      'as_of_before_last_run',
      `The strategy has already been run for ${lastDay}; a run for ${asOf} could only repeat it.`,
    );
  }
  const caughtUpDays = only === null && lastDay && asOf > lastDay ? daysBetween(lastDay, asOf) - 1 : 0;
  const work = (runId: Id<'run'> | null) => carryOut(ctx, choice, { asOf, caughtUpDays, runId, openings, only });
  const size = only === null ? await countAccounts(ctx) : BigInt(only.length);
  if (!dryRun) return ok(await withSetPlans(ctx.db, size, () => work(newId())));

  // The same statements, taken back: what a dry run shows is what the run would do.
  const looked = async () => {
    const report = await work(null);
    await options.look?.(choice.ladder);
    return report;
  };
  return ok(await rehearse(ctx.db, () => withSetPlans(ctx.db, size, looked)));
}

type Work = {
  readonly asOf: CalendarDate;
  readonly caughtUpDays: number;
  readonly runId: Id<'run'> | null;
  readonly openings: string | null;
  readonly only: readonly Id<'account'>[] | null;
};

async function carryOut(ctx: Ctx, choice: Choice, work: Work): Promise<RunReport> {
  const { ladder } = choice;
  const { asOf, only, caughtUpDays } = work;
  const followed = { ladder, uniform: isUniform(choice), only };
  const voided = await voidStopped(ctx, only);
  await createRunTables(ctx.db);
  if (!followed.uniform) {
    await fillRunChoices(ctx, choice, await ruleDayOn(ctx, asOf), only);
    await analyzeRunTable(ctx.db, 'run_choices');
  }
  if (reacts(ladder)) {
    await fillRunReactions(ctx, ladder, await ruleDayOn(ctx, asOf), followed.uniform, only);
    await analyzeRunTable(ctx.db, 'run_reactions');
  }
  await fillRunItems(ctx, followed, asOf);
  await analyzeRunTable(ctx.db, 'run_items');
  await fillRunAccounts(ctx, followed, asOf);
  await analyzeRunTable(ctx.db, 'run_accounts');
  await fillRunPlans(ctx, followed, asOf);
  await keepToBudgets(ctx, ladder, asOf);
  await analyzeRunTable(ctx.db, 'run_plans');
  const counts = await countRun(ctx, ladder);
  const runId = only === null || (await hasNews(ctx, asOf)) ? work.runId : null;
  const decisions = runId ? await writeDown(ctx, choice, { ...work, runId }, counts) : 0;
  const version = nameOfVersion(versionFollowed(ladder, 0));
  return { runId, asOf, version, caughtUpDays, voided, decisions, ...counts };
}

async function writeDown(
  ctx: Ctx,
  choice: Choice,
  { asOf, caughtUpDays, runId: id, openings, only }: Work & { readonly runId: Id<'run'> },
  counts: RunCounts,
): Promise<number> {
  const { ladder, lines } = choice;
  const run = { id, ladder, asOf, splits: splitsAnybody(choice) };
  const version = versionFollowed(ladder, 0);
  const kind = only === null ? 'daily' : 'event';
  await insertRun(ctx, { id, versionId: version.id, asOf, caughtUpDays, kind });
  if (reacts(ladder)) await handOverEvents(ctx);
  await retireTakenOver(ctx);
  await insertPlans(ctx, ladder, { id, asOf, openings });
  failpoint('during-run');
  // What was planned from was seen when the run began.
  await (only === null ? noteAnyStop(ctx) : noteStopsOf(ctx, only));
  await insertPlanItems(ctx, ladder);
  if (reacts(ladder)) await insertPlanEvents(ctx);
  await raiseItemLevels(ctx, ladder, asOf);
  await upsertPositions(ctx, run);
  for (const { split } of lines) if (split) await insertAssignments(ctx, split.experiment, asOf);
  const decisions = await insertDecisions(ctx, run);
  await upsertStandings(ctx, run);
  await finishRun(ctx, id, { ...counts, decisions });
  await recordAudit(ctx, {
    action: 'strategy.run',
    subjectKind: 'run',
    subjectId: id,
    detail: { asOf, version: nameOfVersion(version), actions: counts.actions, kind },
    set: await digestOfPlans(ctx),
  });
  return decisions;
}
