import { type RawBuilder, sql } from 'kysely';
import type { StrategyDefinition, Step } from './definition.ts';

/** SQL twins of definition.ts: a CASE over the steps, highest first, so that a million items need no join. */
function overSteps<T>(
  strategy: StrategyDefinition,
  day: RawBuilder<unknown>,
  value: (step: Step, position: number) => RawBuilder<unknown>,
): RawBuilder<T> {
  const whens = strategy.steps
    .map((step, position) => sql`when ${day} >= ${step.day}::int then ${value(step, position)}`)
    .toReversed();
  return sql<T>`case ${sql.join(whens, sql` `)} end`;
}

/** Trigger day of the step reached at `day`, null before the first (stepAt). */
export function stepDay(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<number | null> {
  return overSteps(strategy, day, (step) => sql`${step.day}::int`);
}

/** Action of the step reached at `day`. */
export function stepAction(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<string | null> {
  return overSteps(strategy, day, (step) => sql`${step.action}::text`);
}

/** Key of the step reached at `day`. */
export function stepKey(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<string | null> {
  return overSteps(strategy, day, (step) => sql`${step.key}::text`);
}

/** Notice level of the step reached at `day`. */
export function stepLevel(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<number | null> {
  return overSteps(strategy, day, (step) => sql`${step.level}::int`);
}

/** How many steps lie at or before `day`; 0 for none and for null (stepCount). */
export function stepPosition(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`coalesce(${overSteps(strategy, day, (_, position) => sql`${position + 1}::int`)}, 0)`;
}

/** Stage of an account whose oldest open item is `day` days past due (stageAt). */
export function stageOf(strategy: StrategyDefinition, day: RawBuilder<unknown>): RawBuilder<string> {
  const whens = strategy.stages
    .map((one) => sql`when ${day} >= ${one.fromDay}::int then ${one.stage}::text`)
    .toReversed();
  return sql<string>`case ${sql.join([...whens, sql`else 'pre_due'`], sql` `)} end`;
}
