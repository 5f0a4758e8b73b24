import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { findExperiments } from './experiments/experiment.sql.ts';
import { type Experiment, soleArm, splitsOn } from './experiments/experiment.ts';
import { type Ladder, ladderOf } from './ladder.ts';
import { parseRule, type Rule } from './segments/rule.ts';
import { findSelection, listSegmentRevisions, type SelectionLines } from './selection.sql.ts';
import { findVersion, listVersionsFollowed, listVersionsInEffect, type StrategyVersion } from './versions.sql.ts';

/** Whom a line of the selection is about, and what they follow. The last line is about everybody. */
export type ChoiceLine = {
  readonly rule: Rule | null;
  readonly segment: string | null;
  readonly segmentId: string | null;
  /** Of an experiment, its champion's. */
  readonly course: Course | null;
  /** The experiment that splits its people, with the course of each arm; null: a hold-out. */
  readonly split: { readonly experiment: Experiment; readonly courses: readonly (Course | null)[] } | null;
};

/** A strategy as it is followed: the place of its version in effect, and those of earlier ones that accounts may stay with. */
export type Course = {
  readonly newest: number;
  readonly version: StrategyVersion;
  readonly earlier: readonly { readonly id: Id<'strategy-version'>; readonly place: number }[];
};

/** Who follows what on a day. */
export type Choice = { readonly ladder: Ladder; readonly lines: readonly ChoiceLine[] };

/**
 * What the selection table in effect on `asOf` comes to (or `instead`, one that is being tried); without one everybody follows the
 * default strategy. Null when no strategy is in effect. A line whose strategy has no version yet is passed over.
 */
export async function loadChoice(ctx: Ctx, asOf: CalendarDate, instead?: SelectionLines): Promise<Choice | null> {
  const fallback = await findVersion(ctx, asOf);
  const selection = instead ?? (await findSelection(ctx, asOf));
  if (!selection) {
    if (!fallback) return null;
    const versions = [fallback];
    const course = await courseOf(ctx, fallback, versions);
    return { ladder: ladderOf(versions), lines: [{ rule: null, segment: null, segmentId: null, course, split: null }] };
  }
  const experimentIds = [...selection.entries.map((one) => one.experimentId), selection.otherwiseExperimentId];
  const experiments = await findExperiments(
    ctx,
    experimentIds.filter((id) => typeof id === 'string'),
  );
  const arms = experiments.flatMap((one) => one.arms.map((arm) => arm.strategyId));
  const wanted = [...selection.entries.map((entry) => entry.strategyId), selection.otherwiseId, ...arms];
  const inEffect = await listVersionsInEffect(ctx, [...new Set(wanted.filter((id) => id !== null))], asOf);
  // The first version tells the stages of those who are kept out.
  const first = inEffect.find((version) => version.strategyId === selection.otherwiseId) ?? fallback ?? inEffect[0];
  if (!first) return null;
  const versions = [first];
  const courses = new Map<string, Course>();
  for (const version of inEffect) courses.set(version.strategyId, await courseOf(ctx, version, versions));
  const targetOf = (strategyId: string | null, experimentId: string | null | undefined) => {
    const experiment = experiments.find((one) => one.id === experimentId);
    const followed = experiment ? soleArm(experiment).strategyId : strategyId;
    const course = followed === null ? null : courses.get(followed);
    if (!experiment || !course || !splitsOn(experiment, asOf)) return { course, split: null };
    // An arm whose strategy has no version on that day is treated as the champion's people are.
    const split = experiment.arms.map((arm) =>
      arm.strategyId === null ? null : (courses.get(arm.strategyId) ?? course),
    );
    return { course, split: { experiment, courses: split } };
  };

  const segments = await listSegmentRevisions(ctx, selection.entries);
  const lines = selection.entries.flatMap(({ segmentId, segmentRevision, strategyId, experimentId }): ChoiceLine[] => {
    const segment = segments.find((one) => one.segmentId === segmentId && one.revision === segmentRevision);
    const { course, split } = targetOf(strategyId, experimentId);
    if (!segment || course === undefined) return [];
    return [{ rule: unwrap(parseRule(segment.rule)), segment: segment.name, segmentId, course, split }];
  });
  const { course = null, split } = targetOf(selection.otherwiseId, selection.otherwiseExperimentId);
  return {
    ladder: ladderOf(versions),
    lines: [...lines, { rule: null, segment: null, segmentId: null, course, split }],
  };
}

/** The course of a strategy; its versions are added to `versions` unless they are there. */
async function courseOf(ctx: Ctx, version: StrategyVersion, versions: StrategyVersion[]): Promise<Course> {
  const place = (one: StrategyVersion): number => {
    const at = versions.findIndex(({ id }) => id === one.id);
    return at === -1 ? versions.push(one) - 1 : at;
  };
  const newest = place(version);
  const followed = version.takesOver === 'at_once' ? [] : await listVersionsFollowed(ctx, version);
  return { newest, version, earlier: followed.map((one) => ({ id: one.id, place: place(one) })) };
}
