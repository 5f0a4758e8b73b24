import { type RawBuilder, sql } from 'kysely';
import type { Step } from './definition.ts';
import type { Ladder } from './ladder.ts';
import type { StrategyVersion } from './versions.sql.ts';

type Value = RawBuilder<unknown>;

/** A value by the version an account follows; one version alone needs no CASE. */
function overVersions(ladder: Ladder, follows: Value, value: (version: StrategyVersion) => Value): Value {
  const [only, ...others] = ladder.versions;
  if (only && others.length === 0) return value(only);
  const whens = ladder.versions.map((version, place) => sql`when ${place}::int then ${value(version)}`);
  return sql`case ${follows} ${sql.join(whens, sql` `)} end`;
}

/** SQL twins of definition.ts: a CASE over the steps, highest first, so that a million items need no join. */
function overSteps<T>(
  ladder: Ladder,
  follows: Value,
  day: Value,
  value: (step: Step) => Value,
  holds: (step: Step) => Value = () => sql``,
): RawBuilder<T> {
  return sql<T>`(${overVersions(ladder, follows, ({ definition }) => {
    const whens = definition.steps.map(
      (step) => sql`when ${day} >= ${step.day}::int ${holds(step)} then ${value(step)}`,
    );
    return sql`case ${sql.join(whens.toReversed(), sql` `)} end`;
  })})`;
}

/** Trigger day of the furthest step reached at `day` whose condition holds by `allowed`; null before the first (stepAt). */
export function stepDay(ladder: Ladder, follows: Value, allowed: Value, day: Value): RawBuilder<number | null> {
  return overSteps(
    ladder,
    follows,
    day,
    (step) => sql`${step.day}::int`,
    (step) => {
      const place = ladder.places.get(step);
      return place === undefined ? sql`` : sql`and ${allowed}[${place}::int]`;
    },
  );
}

/** Action of the step with trigger day `day`. */
export function stepAction(ladder: Ladder, follows: Value, day: Value): RawBuilder<string | null> {
  return overSteps(ladder, follows, day, (step) => sql`${step.action}::text`);
}

/** Key of the step with trigger day `day`. */
export function stepKey(ladder: Ladder, follows: Value, day: Value): RawBuilder<string | null> {
  return overSteps(ladder, follows, day, (step) => sql`${step.key}::text`);
}

/** Notice level of the step with trigger day `day`. */
export function stepLevel(ladder: Ladder, follows: Value, day: Value): RawBuilder<number | null> {
  return overSteps(ladder, follows, day, (step) => sql`${step.level}::int`);
}

/** For how many days the step with trigger day `day` holds an account; null for one that is no hold. */
export function stepHoldDays(ladder: Ladder, follows: Value, day: Value): RawBuilder<number | null> {
  if (!ladder.versions.some(({ definition }) => definition.steps.some((step) => step.action === 'hold')))
    return sql`null::int`;
  return overSteps(ladder, follows, day, (step) => sql`${step.holdDays ?? null}::int`);
}

/** Whether the step with trigger day `day` waits for a second person. */
export function stepApproval(ladder: Ladder, follows: Value, day: Value): RawBuilder<boolean | null> {
  if (!ladder.versions.some(({ definition }) => definition.steps.some((step) => step.approval === true)))
    return sql`false`;
  return overSteps(ladder, follows, day, (step) => sql`${step.approval === true}::boolean`);
}

/** How many steps whose condition holds lie at or before `day`; 0 for none and for null (stepCount). */
export function stepPosition(ladder: Ladder, follows: Value, allowed: Value, day: Value): RawBuilder<number> {
  return sql<number>`coalesce(${overVersions(ladder, follows, ({ definition }) => {
    const conditional = definition.steps.some((step) => ladder.places.has(step));
    if (!conditional) {
      const whens = definition.steps.map((step, at) => sql`when ${day} >= ${step.day}::int then ${at + 1}::int`);
      return sql`case ${sql.join(whens.toReversed(), sql` `)} end`;
    }
    const counted = definition.steps.map((step) => {
      const place = ladder.places.get(step);
      return place === undefined
        ? sql`(${day} >= ${step.day}::int)::int`
        : sql`(${day} >= ${step.day}::int and coalesce(${allowed}[${place}::int], false))::int`;
    });
    return sql.join(counted, sql` + `);
  })}, 0)`;
}

/** Stage of an account whose oldest open item is `day` days past due (stageAt); of one that follows nothing, by the first version. */
export function stageOf(ladder: Ladder, follows: Value, day: Value): RawBuilder<string> {
  return sql<string>`(${overVersions(ladder, sql`coalesce(${follows}, 0)`, (version) => stageIn(version, day))})`;
}

/** Stage by one version. */
export function stageIn({ definition }: StrategyVersion, day: Value): RawBuilder<string> {
  const whens = definition.stages
    .map((one) => sql`when ${day} >= ${one.fromDay}::int then ${one.stage}::text`)
    .toReversed();
  // A strategy need not tell stages apart.
  if (whens.length === 0) return sql<string>`'pre_due'`;
  return sql<string>`case ${sql.join([...whens, sql`else 'pre_due'`], sql` `)} end`;
}

/** Whether notices stay away from accounts that a collector owns. */
export function withheldWhenAssigned(ladder: Ladder, follows: Value): RawBuilder<boolean> {
  return sql<boolean>`(${overVersions(ladder, follows, ({ definition }) => sql`${definition.whenAssigned === 'withhold_notices'}::boolean`)})`;
}

/** Id of the version followed; the first where nothing is. */
export function versionId(ladder: Ladder, follows: Value): RawBuilder<string> {
  return sql<string>`(${overVersions(ladder, sql`coalesce(${follows}, 0)`, (version) => sql`${version.id}::uuid`)})`;
}
