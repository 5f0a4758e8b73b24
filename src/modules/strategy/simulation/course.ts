import type { Action } from '../definition.ts';

/** Something the strategy brought about on a day of the simulation, counted from 0. */
export type SimulatedAct = {
  readonly day: number;
  readonly action: Action;
  readonly stepKey: string;
  readonly level: number;
  readonly amountMinor: bigint;
};

/** What was said of an account from a day on: the version and the line of the selection it follows, and the step or the reason. */
export type Standing = {
  readonly day: number;
  readonly version: string | null;
  readonly segment: string | null;
  readonly reasonCode: string;
};

/** What a simulation came to for one account. */
export type Course = {
  readonly accountId: string;
  readonly acts: readonly SimulatedAct[];
  readonly standings: readonly Standing[];
};

/** How two courses of an account differ first. */
export type Difference = {
  readonly day: number;
  /** `more`: only the first does something that day; `less`: only the second; `other`: they do different things. */
  readonly kind: 'more' | 'less' | 'other';
  readonly mine: Side;
  readonly theirs: Side;
};
export type Side = { readonly acts: readonly Omit<SimulatedAct, 'amountMinor' | 'day'>[] } & Omit<Standing, 'day'>;

/** The first day on which two courses of one account do different things; null when they are alike. */
export function firstDifference(mine: Course, theirs: Course): Difference | null {
  const differs = mine.acts.findIndex((act, at) => !same(act, theirs.acts[at]));
  const at = differs >= 0 ? differs : theirs.acts.length > mine.acts.length ? mine.acts.length : -1;
  if (at === -1) return null;
  const day = Math.min(mine.acts[at]?.day ?? Infinity, theirs.acts[at]?.day ?? Infinity);
  const [first, second] = [sideOn(mine, day), sideOn(theirs, day)];
  const kind = second.acts.length === 0 ? 'more' : first.acts.length === 0 ? 'less' : 'other';
  return { day, kind, mine: first, theirs: second };
}

const same = (one: SimulatedAct, other: SimulatedAct | undefined): boolean =>
  other !== undefined &&
  one.day === other.day &&
  one.action === other.action &&
  one.stepKey === other.stepKey &&
  one.level === other.level;

function sideOn({ acts, standings }: Course, day: number): Side {
  const standing = standings.findLast((one) => one.day <= day);
  return {
    acts: acts.filter((act) => act.day === day).map(({ action, stepKey, level }) => ({ action, stepKey, level })),
    version: standing?.version ?? null,
    segment: standing?.segment ?? null,
    reasonCode: standing?.reasonCode ?? 'nothing_open',
  };
}
