import { type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant, recordAudit } from '../../identity/public.ts';
import { changeSelection, type SelectionDraft } from '../selection.ts';
import { findSelection, listSelections, type Selection } from '../selection.sql.ts';
import { findVersion, lockStrategies } from '../versions.sql.ts';
import {
  type Experiment,
  experimentTransitions,
  type ExperimentTerms,
  faultsOf,
  soleArm,
  type StepKind,
} from './experiment.ts';
import { WHOLE } from './draw.ts';
import {
  findExperiment,
  insertExperiment,
  insertStep,
  isExperimentNamed,
  listStrategyNames,
  updateExperiment,
} from './experiment.sql.ts';

export type ExperimentRefusal =
  | 'malformed_experiment'
  | 'malformed_selection'
  | 'name_taken'
  | 'experiment_not_found'
  | 'changed_meanwhile'
  | 'wrong_state';

type Answer = Result<Experiment, ExperimentRefusal>;

/** Writes down an experiment that nobody is in yet. Refuses: `malformed_experiment`, `name_taken`. */
export async function createExperiment(ctx: Ctx, terms: ExperimentTerms): Promise<Answer> {
  const refusal = await objectionTo(ctx, terms, null);
  if (refusal) return refusal;
  const id = newId<'experiment'>();
  await insertExperiment(ctx, id, terms);
  return noted(ctx, id, 'created', 'Written down.', { name: terms.name });
}

/**
 * Changes what a draft says, as it was seen at `rowVersion`. What has begun keeps its terms, else its figures would mean nothing.
 * Refuses: `malformed_experiment`, `name_taken`, `experiment_not_found`, `changed_meanwhile`, `wrong_state`.
 */
export async function changeExperiment(
  ctx: Ctx,
  id: Id<'experiment'>,
  rowVersion: bigint,
  terms: ExperimentTerms,
): Promise<Answer> {
  const found = await seen(ctx, id, rowVersion);
  if (!found.ok) return found;
  if (found.value.state !== 'draft')
    return refuse(
      'wrong_state',
      'It has begun, so its terms stand. Stop it and write down another, or let more people in.',
    );
  const refusal = await objectionTo(ctx, terms, id);
  if (refusal) return refusal;
  await updateExperiment(ctx, id, { ...found.value, ...terms });
  return noted(ctx, id, 'changed', 'Its terms were changed.', { name: terms.name });
}

/**
 * Begins an experiment on a line of the selection table (`segmentId` null: everybody whom no line matches), which must follow the champion
 * today; people enter with the next run. Where the table has the experiment on that line already, it stays there. Refuses:
 * `malformed_experiment`, `malformed_selection`, `experiment_not_found`, `changed_meanwhile`, `wrong_state`.
 */
export async function startExperiment(
  ctx: Ctx,
  id: Id<'experiment'>,
  rowVersion: bigint,
  on: { readonly segmentId: string | null },
): Promise<Answer> {
  await lockStrategies(ctx);
  const found = await seen(ctx, id, rowVersion);
  if (!found.ok) return found;
  const experiment = found.value;
  const illegal = mayBecome(experiment, 'running');
  if (illegal) return illegal;
  const refusal = await objectionTo(ctx, experiment, id);
  if (refusal) return refusal;
  const today = await todayOf(ctx);
  const names = await listStrategyNames(ctx, today);
  const asleep = experiment.arms.find((arm) => names.some((one) => one.id === arm.strategyId && !one.inEffect));
  if (asleep)
    return refuse(
      'malformed_experiment',
      `The strategy of the arm “${asleep.name}” has no version in effect yet. Publish one first.`,
    );

  const selection = await findSelection(ctx, today);
  const line = lineOf(selection, on.segmentId);
  const follows = line ? line.strategyId : ((await findVersion(ctx, today))?.strategyId ?? null);
  if (on.segmentId !== null && !line)
    return refuse(
      'malformed_selection',
      'The selection table has no line of this segment. Add one, with the champion as its strategy.',
    );
  const champion = soleArm(experiment).strategyId;
  if (follows !== champion) {
    const named = names.find((one) => one.id === follows)?.name;
    return refuse(
      'malformed_experiment',
      named === undefined
        ? 'The people of this line are kept out of automatic treatment, so there is nothing to compare with. Choose another line.'
        : `The people of this line follow “${named}” today. Make that the champion, or choose another line.`,
    );
  }
  const placed = await putOnLine(ctx, on.segmentId, { strategyId: champion, experimentId: id });
  if (!placed.ok) return placed;
  await updateExperiment(ctx, id, { ...experiment, state: 'running', startedOn: today });
  return noted(ctx, id, 'started', `Begun with ${percent(experiment.share)} of the population.`, {
    share: experiment.share,
  });
}

/**
 * Lets more of the population in; who is in stays in its arm. Refuses: `malformed_experiment` (not more than now), `experiment_not_found`,
 * `changed_meanwhile`, `wrong_state`.
 */
export async function widenExperiment(
  ctx: Ctx,
  id: Id<'experiment'>,
  rowVersion: bigint,
  share: number,
): Promise<Answer> {
  const found = await seen(ctx, id, rowVersion);
  if (!found.ok) return found;
  const experiment = found.value;
  if (experiment.state !== 'running')
    return refuse('wrong_state', 'Only an experiment that is running lets people in.');
  if (share <= experiment.share || share > WHOLE)
    return refuse(
      'malformed_experiment',
      `${percent(experiment.share)} have been let in already; nobody is taken out again. Choose more, up to 100 %.`,
      { share: 'Must be more than now.' },
    );
  await updateExperiment(ctx, id, { ...experiment, share });
  return noted(
    ctx,
    id,
    'widened',
    `Widened from ${percent(experiment.share)} to ${percent(share)} of the population.`,
    { share },
  );
}

/**
 * Ends the split: from the next run everybody on its line follows the champion. The figures stay, and so do the arms people were in.
 * Refuses: `experiment_not_found`, `changed_meanwhile`, `wrong_state`.
 */
export async function stopExperiment(
  ctx: Ctx,
  id: Id<'experiment'>,
  rowVersion: bigint,
  reason: string,
): Promise<Answer> {
  const found = await seen(ctx, id, rowVersion);
  return found.ok ? stopNow(ctx, found.value, reason) : found;
}

/** Stops an experiment that the caller has locked. */
export async function stopNow(ctx: Ctx, experiment: Experiment, reason: string): Promise<Answer> {
  const illegal = mayBecome(experiment, 'stopped');
  if (illegal) return illegal;
  await updateExperiment(ctx, experiment.id, {
    ...experiment,
    state: 'stopped',
    stoppedOn: await todayOf(ctx),
    stopReason: reason,
  });
  return noted(ctx, experiment.id, 'stopped', reason, { reason });
}

/**
 * Decides for an arm: the selection table gets its strategy (or none, for a hold-out) in place of the experiment, from today. Refuses:
 * `malformed_experiment` (no such arm), `malformed_selection`, `experiment_not_found`, `changed_meanwhile`, `wrong_state`.
 */
export async function decideExperiment(
  ctx: Ctx,
  id: Id<'experiment'>,
  rowVersion: bigint,
  arm: number,
  why: string,
): Promise<Answer> {
  await lockStrategies(ctx);
  const found = await seen(ctx, id, rowVersion);
  if (!found.ok) return found;
  const experiment = found.value;
  const illegal = mayBecome(experiment, 'decided');
  if (illegal) return illegal;
  const winner = experiment.arms[arm];
  if (!winner) return refuse('malformed_experiment', `It has no arm ${arm}.`, { arm: 'There is no such arm.' });
  const today = await todayOf(ctx);
  await updateExperiment(ctx, id, {
    ...experiment,
    state: 'decided',
    stoppedOn: experiment.stoppedOn ?? today,
    stopReason: experiment.stopReason ?? why,
    decidedArm: arm,
  });
  const placed = await replaceOnLines(ctx, id, winner.strategyId);
  if (!placed.ok) return placed;
  return noted(ctx, id, 'decided', `Decided for “${winner.name}”: ${why}`, { arm: winner.name });
}

const percent = (hundredths: number): string => `${hundredths / 100} %`;

const todayOf = async (ctx: Ctx): Promise<CalendarDate> => localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);

async function seen(ctx: Ctx, id: Id<'experiment'>, rowVersion: bigint): Promise<Answer> {
  const found = await findExperiment(ctx, id, true);
  if (!found) return refuse('experiment_not_found', 'There is no such experiment.');
  if (found.rowVersion === rowVersion) return ok(found);
  return refuse(
    'changed_meanwhile',
    `“${found.name}” has changed meanwhile. Look at it again and repeat what you wanted.`,
  );
}

const stateWords = { draft: 'still a draft', running: 'running', stopped: 'stopped', decided: 'decided' } as const;

function mayBecome({ state, name }: Experiment, to: keyof typeof experimentTransitions): Refusal<'wrong_state'> | null {
  if (experimentTransitions[to].includes(state)) return null;
  return refuse(
    'wrong_state',
    `“${name}” is ${stateWords[state]}, so it cannot be ${to === 'running' ? 'started' : to}.`,
  );
}

async function objectionTo(
  ctx: Ctx,
  terms: ExperimentTerms,
  id: string | null,
): Promise<Refusal<'malformed_experiment' | 'name_taken'> | null> {
  const today = await todayOf(ctx);
  const known = new Set((await listStrategyNames(ctx, today)).map((one) => one.id as string));
  const faults = faultsOf(terms, known, today);
  const [first] = Object.values(faults);
  if (first !== undefined) return refuse('malformed_experiment', first, faults);
  if (!(await isExperimentNamed(ctx, terms.name, id))) return null;
  return refuse('name_taken', `There is already an experiment called “${terms.name}”. Choose another name.`, {
    name: 'Taken.',
  });
}

/** The line of a segment, or of everybody else. */
function lineOf(
  selection: Selection | null,
  segmentId: string | null,
): Pick<Selection['entries'][number], 'strategyId'> | undefined {
  if (!selection) return undefined;
  if (segmentId === null) return { strategyId: selection.otherwiseId };
  return selection.entries.find((one) => one.segmentId === segmentId);
}

type Target = { readonly strategyId: Id<'strategy'> | null; readonly experimentId?: Id<'experiment'> };

/** Gives one line of the newest table another target, from today. */
function putOnLine(ctx: Ctx, segmentId: string | null, target: Target): Promise<Result<unknown, ExperimentRefusal>> {
  return rewrite(ctx, ({ entries, otherwiseId, otherwiseExperimentId }) =>
    segmentId === null
      ? { entries, otherwiseId: target.strategyId, otherwiseExperimentId: target.experimentId ?? null }
      : {
          entries: entries.map((one) => (one.segmentId === segmentId ? { segmentId, ...target } : one)),
          otherwiseId,
          otherwiseExperimentId,
        },
  );
}

/** Takes an experiment off every line it stands on. */
function replaceOnLines(
  ctx: Ctx,
  id: Id<'experiment'>,
  strategyId: Id<'strategy'> | null,
): Promise<Result<unknown, ExperimentRefusal>> {
  return rewrite(ctx, ({ entries, otherwiseId, otherwiseExperimentId }) => ({
    entries: entries.map((one) => (one.experimentId === id ? { segmentId: one.segmentId, strategyId } : one)),
    ...(otherwiseExperimentId === id
      ? { otherwiseId: strategyId, otherwiseExperimentId: null }
      : { otherwiseId, otherwiseExperimentId }),
  }));
}

async function rewrite(
  ctx: Ctx,
  change: (
    newest: Pick<Selection, 'entries' | 'otherwiseId' | 'otherwiseExperimentId'>,
  ) => Omit<SelectionDraft, 'effectiveFrom'>,
): Promise<Result<unknown, ExperimentRefusal>> {
  const today = await todayOf(ctx);
  const [newest] = await listSelections(ctx, 1);
  if (newest && newest.effectiveFrom > today)
    return refuse(
      'malformed_selection',
      `A selection table has been written for ${newest.effectiveFrom}. Wait until it holds, or make one for today first: there must be one to put this into.`,
    );
  const draft = change(newest ?? { entries: [], otherwiseId: null, otherwiseExperimentId: null });
  return changeSelection(ctx, newest?.revision ?? 0, { ...draft, effectiveFrom: today });
}

async function noted(
  ctx: Ctx,
  id: Id<'experiment'>,
  kind: StepKind,
  sentence: string,
  detail: Record<string, string | number>,
): Promise<Answer> {
  await insertStep(ctx, id, kind, sentence);
  await recordAudit(ctx, { action: `strategy.experiment_${kind}`, subjectKind: 'experiment', subjectId: id, detail });
  const row = await findExperiment(ctx, id);
  if (!row) throw new Error('An experiment just written is not there.');
  return ok(row);
}
