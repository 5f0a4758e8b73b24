import { addDays, type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../kernel/result.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import { findSegments } from './segments/segment.sql.ts';
import { type Experiment, soleArm } from './experiments/experiment.ts';
import { findExperiments, listStrategyNames } from './experiments/experiment.sql.ts';
import { insertSelection, listSelections, type Selection, type SelectionEntry } from './selection.sql.ts';
import { lockStrategies } from './versions.sql.ts';

/** A selection table as somebody writes it; each line takes the segment as it reads now. */
export type SelectionDraft = {
  readonly entries: readonly {
    readonly segmentId: string;
    readonly strategyId: string | null;
    /** An experiment in place of the strategy. */
    readonly experimentId?: string | undefined;
  }[];
  readonly otherwiseId: string | null;
  readonly otherwiseExperimentId?: string | null | undefined;
  /** Default: the tenant's today. */
  readonly effectiveFrom?: CalendarDate;
};

export type SelectionRefusal = 'malformed_selection' | 'changed_meanwhile';

const LINES = 50;

/**
 * Reads a draft: every segment, strategy and experiment must be there, no experiment may have ended or stand twice, no line may be one that
 * nobody can come to. Refuses: `malformed_selection`, with a sentence for each line at fault.
 */
export async function readSelection(
  ctx: Ctx,
  draft: Omit<SelectionDraft, 'effectiveFrom'>,
): Promise<Result<Pick<Selection, 'entries' | 'otherwiseId' | 'otherwiseExperimentId'>, SelectionRefusal>> {
  if (draft.entries.length > LINES)
    return refuse(
      'malformed_selection',
      `A selection table holds at most ${LINES} lines; this one has ${draft.entries.length}.`,
    );
  const segments = new Map(
    (
      await findSegments(
        ctx,
        draft.entries.map((entry) => entry.segmentId),
      )
    ).map((one) => [one.id as string, one]),
  );
  const targets = await loadTargets(ctx, draft);
  const faults: Record<string, string> = {};
  const entries = draft.entries.flatMap((entry, at) => {
    const { segmentId } = entry;
    const segment = segments.get(segmentId);
    const target = targets(entry.strategyId, entry.experimentId);
    const before = draft.entries.slice(0, at);
    const everybody = before.findIndex((one) => isEverybody(segments.get(one.segmentId)?.rule));
    if (!segment) faults[`entries.${at}`] = 'There is no such segment; it may have been archived. Choose another.';
    else if (typeof target === 'string') faults[`entries.${at}`] = target;
    else if (entry.experimentId !== undefined && before.some((one) => one.experimentId === entry.experimentId))
      faults[`entries.${at}`] = standsTwice;
    else if (before.some((one) => one.segmentId === segmentId))
      faults[`entries.${at}`] =
        `“${segment.name}” stands above already, so that nobody comes to this line. Remove one of them.`;
    else if (everybody >= 0)
      faults[`entries.${at}`] =
        `Line ${everybody + 1} matches every account, so that nobody comes to this line. Move it up, or remove it.`;
    else return [{ segmentId: segment.id, segmentRevision: segment.revision, ...target }];
    return [];
  });
  const { otherwiseExperimentId } = draft;
  const otherwise = targets(draft.otherwiseId, otherwiseExperimentId ?? undefined);
  if (typeof otherwise === 'string') faults['otherwiseId'] = otherwise;
  else if (
    otherwise.experimentId !== undefined &&
    draft.entries.some((one) => one.experimentId === otherwise.experimentId)
  )
    faults['otherwiseId'] = standsTwice;
  const [first] = Object.values(faults);
  if (first !== undefined || typeof otherwise === 'string') return refuse('malformed_selection', first ?? '', faults);
  return ok({ entries, otherwiseId: otherwise.strategyId, otherwiseExperimentId: otherwise.experimentId ?? null });
}

type Target = Pick<SelectionEntry, 'strategyId' | 'experimentId'>;

const standsTwice =
  'This experiment stands above already, and a person can be in it once only. Choose a strategy here.';

/** Reads what lines lead to; a sentence for what cannot be. */
async function loadTargets(
  ctx: Ctx,
  draft: Omit<SelectionDraft, 'effectiveFrom'>,
): Promise<(strategyId: string | null, experimentId: string | undefined) => Target | string> {
  const wanted = [...draft.entries.map((one) => one.experimentId), draft.otherwiseExperimentId ?? undefined];
  const experiments = await findExperiments(
    ctx,
    wanted.filter((id) => id !== undefined),
  );
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const strategies = new Map((await listStrategyNames(ctx, today)).map((one) => [one.id as string, one]));
  return (strategyId, experimentId) => {
    if (experimentId !== undefined) {
      const experiment = experiments.find((one) => one.id === experimentId);
      if (!experiment) return 'There is no such experiment. Choose another, or a strategy.';
      const { strategyId: followed } = soleArm(experiment);
      if (experiment.state === 'draft' || experiment.state === 'running')
        return { strategyId: followed, experimentId: experiment.id };
      return endedSentence(experiment, followed === null ? null : (strategies.get(followed)?.name ?? null));
    }
    if (strategyId === null) return { strategyId: null };
    const strategy = strategies.get(strategyId);
    return strategy ? { strategyId: strategy.id } : 'There is no such strategy. Choose another.';
  };
}

const endedSentence = ({ name, state }: Experiment, follows: string | null): string =>
  `The experiment “${name}” has ${state === 'decided' ? 'been decided' : 'stopped'}: its people ${
    follows === null ? 'are kept out' : `follow “${follows}”`
  } now. Put ${follows === null ? 'that' : `“${follows}”`} in its place.`;

const isEverybody = (rule: unknown): boolean =>
  typeof rule === 'object' &&
  rule !== null &&
  'rules' in rule &&
  Array.isArray(rule.rules) &&
  rule.rules.length === 0 &&
  !('not' in rule && rule.not === true);

/**
 * Puts a selection table in effect from a day on, today at the earliest; `seen` is the revision the writer looked at, 0 for none. The
 * same table again is no new revision. Refuses: `malformed_selection`, `changed_meanwhile`.
 */
export async function changeSelection(
  ctx: Ctx,
  seen: number,
  draft: SelectionDraft,
): Promise<Result<Selection, SelectionRefusal>> {
  await lockStrategies(ctx);
  const [newest] = await listSelections(ctx, 1);
  if (newest && newest.revision !== seen) return changed(newest);
  const read = await readSelection(ctx, draft);
  if (!read.ok) return read;
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const effectiveFrom = draft.effectiveFrom ?? today;
  if (effectiveFrom < today || effectiveFrom > addDays(today, 366)) {
    const sentence = `A selection table holds from today, ${today}, on or from a later day within a year.`;
    return refuse('malformed_selection', sentence, { effectiveFrom: sentence });
  }
  if (newest && canonicalJson(contentOf(newest)) === canonicalJson({ ...read.value, effectiveFrom })) return ok(newest);
  const selection = { id: newId<'selection'>(), revision: (newest?.revision ?? 0) + 1, ...read.value, effectiveFrom };
  await insertSelection(ctx, selection);
  await recordAudit(ctx, {
    action: 'strategy.selection_changed',
    subjectKind: 'selection',
    subjectId: selection.id,
    detail: { revision: selection.revision, effectiveFrom, lines: selection.entries.length },
  });
  return ok({ ...selection, recordedBy: ctx.actor.name, recordedAt: ctx.at });
}

const contentOf = ({ entries, otherwiseId, otherwiseExperimentId, effectiveFrom }: Selection) => ({
  entries,
  otherwiseId,
  otherwiseExperimentId,
  effectiveFrom,
});

const changed = ({ recordedBy, revision }: Selection): Refusal<'changed_meanwhile'> =>
  refuse(
    'changed_meanwhile',
    `${recordedBy} has made revision ${revision} of the selection table meanwhile. Look at it again and repeat your change.`,
  );
