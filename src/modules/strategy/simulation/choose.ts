import { addDays, type CalendarDate, daysBetween, localDateOf } from '../../../kernel/calendar.ts';
import type { Choice, Course } from '../choice.ts';
import { stageAt } from '../definition.ts';
import { type AccountAnchors, matches, type RuleWorld } from '../segments/rule-predicate.ts';
import { type Condition, type Group, isGroup, type Rule } from '../segments/rule.ts';
import { anchors as anchorTables } from '../segments/fact-catalogue.ts';
import type { Stage } from '../stage.ts';

/** The version an account follows and its stage, as the run before left them. */
export type Position = { readonly versionId: string; readonly stage: Stage };

/** What an account follows: line of the selection, place of the version (null: kept out), conditions that hold. */
export type Chosen = { readonly line: number; readonly follows: number | null; readonly allowed: readonly boolean[] };

/** What one account follows on a day, pure: the twin of choice.sql.ts. */
export function choose(
  choice: Choice,
  account: AccountAnchors,
  world: RuleWorld,
  held: { readonly position: Position | null; readonly state: string; readonly daysPastDue: number | null },
): Chosen {
  const found = choice.lines.findIndex((line) => line.rule === null || matches(line.rule, account, world));
  const line = found === -1 ? choice.lines.length - 1 : found;
  const course = choice.lines[line]?.course ?? null;
  return {
    line,
    follows: course === null ? null : placeOf(course, held),
    allowed: choice.ladder.conditions.map((rule) => matches(rule, account, world)),
  };
}

function placeOf(
  { newest, version, earlier }: Course,
  held: { readonly position: Position | null; readonly state: string; readonly daysPastDue: number | null },
): number {
  if (earlier.length === 0) return newest;
  const stay = earlier.find((one) => one.id === held.position?.versionId)?.place ?? newest;
  if (version.takesOver === 'new_accounts') return stay;
  const stage = held.state === 'legal' ? 'legal' : stageAt(version.definition, held.daysPastDue);
  return held.position?.stage === stage ? stay : newest;
}

/** Every condition that a choice asks about. */
export function conditionsOf(choice: Choice): Condition[] {
  const within = (group: Group): Condition[] => group.rules.flatMap((one) => (isGroup(one) ? within(one) : [one]));
  const rules: Rule[] = [...choice.lines.flatMap((line) => line.rule ?? []), ...choice.ladder.conditions];
  return rules.flatMap(within);
}

/**
 * Days on which a condition may change its answer by time alone, while the facts stay as they are: a count of days passes a bound only
 * where it comes to it and where it leaves it.
 */
export function turningDays(condition: Condition, account: AccountAnchors, world: RuleWorld): CalendarDate[] {
  const { field, values } = condition;
  const value = account[`${anchorTables[field.at.table]}.${field.at.column}`] ?? null;
  if (value === null) return [];
  if (field.kind === 'flag') {
    if (field.when !== 'still_to_come') return [];
    const day = localDateOf(value as Date, world.zone);
    return [day, addDays(day, 1)];
  }
  if (field.kind !== 'days') return [];
  const anchor = field.of === 'date' ? (value as CalendarDate) : localDateOf(value as Date, world.zone);
  return values.flatMap((bound) => {
    const days = bound.kind === 'number' ? Number(bound.thousandths / 1000n) : 0;
    const far = daysBetween(anchor, world.asOf);
    // Bounds beyond any calendar never come.
    if (Math.abs(days) + Math.abs(far) > 100_000) return [];
    const met = addDays(anchor, field.towards === 'since' ? days : -days);
    return [met, addDays(met, 1)];
  });
}
