import { addDays, type CalendarDate } from '../../../kernel/calendar.ts';
import type { Id } from '../../../kernel/ids.ts';
import { WHOLE } from './draw.ts';

/** Part of the people of an experiment; `weight` in hundredths of a per cent of those who are in it. */
export type Arm = {
  readonly name: string;
  /** What it follows; null is a hold-out, which no automation touches. */
  readonly strategyId: Id<'strategy'> | null;
  readonly weight: number;
};

/** The channels whose contacts cost something. */
export const costedChannels = ['email', 'call', 'letter', 'sms'] as const;
export type Costs = Readonly<Record<(typeof costedChannels)[number], number>>;

/** What somebody writes down before it begins. Shares, weights and thresholds are hundredths of a per cent. */
export type ExperimentTerms = {
  readonly name: string;
  /** What is expected to happen and why, before anybody has seen a figure. */
  readonly hypothesis: string;
  /** The first is the champion: what everybody follows who is not in the experiment, and when it ends. */
  readonly arms: readonly Arm[];
  /** How many of the population enter. */
  readonly share: number;
  /** Days from entry in which money and contacts count. */
  readonly recoveryDays: number;
  /** Days from entry in which complaints count. */
  readonly complaintDays: number;
  /** What a contact costs, in minor units of the reporting currency. */
  readonly costs: Costs;
  /** It stops itself when the complaints of an arm surely exceed the champion's by this; null: never for this. */
  readonly complaintsAbove: number | null;
  /** It stops itself when the recovery of an arm surely falls below the champion's by this; null: never for this. */
  readonly recoveryBelow: number | null;
  /** The last day; a hold-out must have one. */
  readonly endsOn: CalendarDate | null;
};

export type ExperimentState = 'draft' | 'running' | 'stopped' | 'decided';
export type StepKind = 'created' | 'changed' | 'started' | 'widened' | 'stopped' | 'decided';

export type Experiment = ExperimentTerms & {
  readonly id: Id<'experiment'>;
  readonly state: ExperimentState;
  readonly startedOn: CalendarDate | null;
  readonly stoppedOn: CalendarDate | null;
  readonly stopReason: string | null;
  /** The arm that won, by its place. */
  readonly decidedArm: number | null;
  readonly rowVersion: bigint;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

/** From which states each may be reached. */
export const experimentTransitions: Readonly<Record<Exclude<ExperimentState, 'draft'>, readonly ExperimentState[]>> = {
  running: ['draft'],
  stopped: ['running'],
  decided: ['running', 'stopped'],
};

/** Whether it splits people on that day; otherwise its line follows one strategy. */
export const splitsOn = ({ state, endsOn }: Pick<Experiment, 'state' | 'endsOn'>, on: CalendarDate): boolean =>
  state === 'running' && (endsOn === null || on <= endsOn);

/** What everybody on its line follows while it does not split: the arm decided for, the champion before. */
export const soleArm = ({ arms, decidedArm }: Pick<Experiment, 'arms' | 'decidedArm'>): Arm => {
  const arm = arms[decidedArm ?? 0];
  if (!arm) throw new Error('An experiment has lost its champion.');
  return arm;
};

const MOST_ARMS = 5;
const LONGEST_HOLD_OUT = 366;

/** What is wrong with the terms, by field, in sentences; nothing when they will do. `known` are the strategies there are. */
export function faultsOf(
  terms: ExperimentTerms,
  known: ReadonlySet<string>,
  today: CalendarDate,
): Record<string, string> {
  const { arms, endsOn } = terms;
  const faults: Record<string, string> = {};
  const [champion, ...challengers] = arms;
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0);
  if (!champion || champion.strategyId === null)
    faults['arms'] = 'The first arm is the champion; give it the strategy that people follow today.';
  else if (challengers.length === 0) faults['arms'] = 'An experiment compares: add a second arm.';
  else if (arms.length > MOST_ARMS)
    faults['arms'] = `At most ${MOST_ARMS} arms; each one more makes the answer later for all.`;
  else if (total !== WHOLE) faults['arms'] = `The weights add up to ${total / 100} %; they must add up to 100 %.`;
  else if (new Set(arms.map((arm) => arm.strategyId)).size < arms.length)
    faults['arms'] =
      'Two arms follow the same strategy, so there is nothing to tell between them. Change or remove one.';
  else if (new Set(arms.map((arm) => arm.name.toLowerCase())).size < arms.length)
    faults['arms'] = 'Two arms have the same name. Rename one.';
  for (const [at, arm] of arms.entries()) {
    if (arm.weight < 1) faults[`arms.${at}`] = 'Nobody would come to this arm. Give it a weight, or remove it.';
    if (arm.strategyId !== null && !known.has(arm.strategyId))
      faults[`arms.${at}`] = 'There is no such strategy. Choose another.';
  }
  const heldOut = arms.some((arm) => arm.strategyId === null);
  if (heldOut && endsOn === null)
    faults['endsOn'] =
      'People who are left alone must not be forgotten: give an experiment with a hold-out a last day.';
  else if (heldOut && endsOn !== null && endsOn > addDays(today, LONGEST_HOLD_OUT))
    faults['endsOn'] = 'A hold-out lasts a year at most.';
  if (endsOn !== null && endsOn < today) faults['endsOn'] = `The last day lies before today, ${today}.`;
  return faults;
}
