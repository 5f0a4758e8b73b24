import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { type Ladder, ladderOf } from './ladder.ts';
import { parseRule, type Rule } from './segments/rule.ts';
import { findSelection, listSegmentRevisions, type Selection } from './selection.sql.ts';
import { findVersion, listVersionsFollowed, listVersionsInEffect, type StrategyVersion } from './versions.sql.ts';

/** Whom a line of the selection is about, and what they follow. The last line is about everybody. */
export type ChoiceLine = {
  readonly rule: Rule | null;
  readonly segment: string | null;
  readonly course: Course | null;
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
export async function loadChoice(
  ctx: Ctx,
  asOf: CalendarDate,
  instead?: Pick<Selection, 'entries' | 'otherwiseId'>,
): Promise<Choice | null> {
  const fallback = await findVersion(ctx, asOf);
  const selection = instead ?? (await findSelection(ctx, asOf));
  if (!selection) {
    if (!fallback) return null;
    const versions = [fallback];
    const course = await courseOf(ctx, fallback, versions);
    return { ladder: ladderOf(versions), lines: [{ rule: null, segment: null, course }] };
  }
  const wanted = [...selection.entries.map((entry) => entry.strategyId), selection.otherwiseId];
  const inEffect = await listVersionsInEffect(ctx, [...new Set(wanted.filter((id) => id !== null))], asOf);
  // The first version tells the stages of those who are kept out.
  const first = inEffect.find((version) => version.strategyId === selection.otherwiseId) ?? fallback ?? inEffect[0];
  if (!first) return null;
  const versions = [first];
  const courses = new Map<string, Course>();
  for (const version of inEffect) courses.set(version.strategyId, await courseOf(ctx, version, versions));

  const segments = await listSegmentRevisions(ctx, selection.entries);
  const lines = selection.entries.flatMap(({ segmentId, segmentRevision, strategyId }): ChoiceLine[] => {
    const segment = segments.find((one) => one.segmentId === segmentId && one.revision === segmentRevision);
    const course = strategyId === null ? null : courses.get(strategyId);
    if (!segment || course === undefined) return [];
    return [{ rule: unwrap(parseRule(segment.rule)), segment: segment.name, course }];
  });
  const otherwise = selection.otherwiseId === null ? null : (courses.get(selection.otherwiseId) ?? null);
  return { ladder: ladderOf(versions), lines: [...lines, { rule: null, segment: null, course: otherwise }] };
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
