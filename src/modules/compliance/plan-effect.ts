import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Decision } from './decide.ts';

export type Counts = Readonly<Record<Decision['decision'], number>>;

/** What a change of a rule does to the contacts planned for the next days: how many were judged, how they fared before and after. */
export type PlanEffect = {
  readonly judged: number;
  readonly changed: number;
  /** Whether that was all that is planned, or a part of it. */
  readonly whole: boolean;
  readonly before: Counts;
  readonly after: Counts;
};

/** The digest kept beside what somebody saw. */
export const effectDigest = (effect: PlanEffect): string => sha256Hex(canonicalJson(effect));

/**
 * Whether a change does something else to the plan than was seen: to more contacts or fewer, or something else with them, than one in
 * twenty of those judged. Contacts that it leaves alone do not matter.
 */
export function differsMaterially(seen: PlanEffect, now: PlanEffect): boolean {
  const tolerated = Math.floor(Math.max(seen.judged, now.judged) / 20);
  const moved = ({ before, after }: PlanEffect, decision: Decision['decision']) => after[decision] - before[decision];
  return [
    seen.changed - now.changed,
    moved(seen, 'deny') - moved(now, 'deny'),
    moved(seen, 'defer') - moved(now, 'defer'),
  ].some((difference) => Math.abs(difference) > tolerated);
}
