import { unwrap } from '../../kernel/result.ts';
import type { Reaction, Step, StrategyDefinition } from './definition.ts';
import { parseRule, type Rule } from './segments/rule.ts';
import type { StrategyVersion } from './versions.sql.ts';

/**
 * The versions that accounts follow at one time. An account `follows` one by its place in `versions`; the first is the one it follows
 * where nothing chose another, and whose stages count for accounts that are kept out.
 */
export type Ladder = {
  readonly versions: readonly StrategyVersion[];
  /** The conditions of all steps and reactions that have one; `allowed[n]` of an account says whether the n-th holds, counted from one. */
  readonly conditions: readonly Rule[];
  readonly places: ReadonlyMap<Step | Reaction, number>;
};

/** The ladder of these versions, the first of which must be there. */
export function ladderOf(versions: readonly StrategyVersion[]): Ladder {
  const conditional = versions.flatMap(({ definition: { steps, reactions = [] } }) =>
    [...steps, ...reactions].filter((one) => one.when !== undefined),
  );
  return {
    versions,
    conditions: conditional.map((step) => unwrap(parseRule(step.when))),
    places: new Map(conditional.map((step, at) => [step, at + 1])),
  };
}

/** Whether any of the versions reacts to events. */
export const reacts = ({ versions }: Ladder): boolean =>
  versions.some(({ definition }) => (definition.reactions ?? []).length > 0);

/**
 * The definition as it stands for an account of which `allowed` says what conditions hold: the other steps are not there; no step is
 * for one that follows nothing.
 */
export function definitionFor(ladder: Ladder, follows: number | null, allowed: readonly boolean[]): StrategyDefinition {
  const { definition } = versionFollowed(ladder, follows ?? 0);
  if (follows === null) return { ...definition, steps: [] };
  return {
    ...definition,
    steps: definition.steps.filter((step) => {
      const place = ladder.places.get(step);
      return place === undefined || allowed[place - 1] === true;
    }),
  };
}

/** The version at that place. */
export function versionFollowed(ladder: Ladder, follows: number): StrategyVersion {
  const version = ladder.versions[follows];
  if (!version) throw new Error(`No version stands at place ${follows} of the ladder.`);
  return version;
}
