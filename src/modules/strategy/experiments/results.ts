import { addDays, type CalendarDate, daysBetween } from '../../../kernel/calendar.ts';
import type { Experiment } from './experiment.ts';
import {
  differenceInterval,
  FEWEST,
  type Interval,
  meanInterval,
  meanOf,
  nothing,
  plus,
  reach,
  shareDifference,
  shareInterval,
  type Sums,
  varianceOf,
} from './intervals.ts';
import { type DaySums, type Entered, type Measure, measures } from './outcomes.sql.ts';

/** An estimate on a day with all people counted by then. `interval` is null while too few are. Rates are shares of one, money minor units. */
export type Point = { readonly on: CalendarDate; readonly value: number; readonly interval: Interval | null };

export type ArmFigures = {
  readonly name: string;
  /** People who have entered, and what they owed in minor units of the reporting currency. */
  readonly entered: number;
  readonly owedMinor: bigint;
  readonly measures: Readonly<
    Record<Measure, { readonly counted: number; readonly sum: bigint; readonly points: readonly Point[] }>
  >;
  /** Less the champion's; null for the champion itself. */
  readonly differences: Readonly<Record<Measure, readonly Point[]>> | null;
};

export type Results = {
  readonly asOf: CalendarDate;
  readonly arms: readonly ArmFigures[];
  /** How likely any interval of an arm is ever wrong; of all differences of one measure together. */
  readonly error: number;
  /** What can be said now, the most important first. */
  readonly conclusions: readonly string[];
};

/** What stops an experiment, and why. */
export type Alarm = { readonly arm: string; readonly sentence: string };

export const ERROR = 0.05;
/** Recovery is summed in millionths of what was owed. */
const scaleOf: Readonly<Record<Measure, number>> = { recovery: 1_000_000, cash: 1, cost: 1, complaints: 1 };

/** What an experiment has shown by `asOf`, from the sums of each day. */
export function resultsOf(
  experiment: Experiment,
  entered: readonly Entered[],
  outcomes: readonly DaySums[],
  asOf: CalendarDate,
): Results {
  const { arms } = experiment;
  const figures = arms.map(({ name }, arm): ArmFigures => {
    const mine = entered.filter((one) => one.arm === arm);
    return {
      name,
      entered: mine.reduce((sum, one) => sum + one.people, 0),
      owedMinor: mine.reduce((sum, one) => sum + one.owedMinor, 0n),
      measures: byMeasure((measure) => {
        const days = runningSums(outcomes, arm, measure);
        const { n, sum } = days.at(-1)?.sums ?? nothing;
        return { counted: n, sum, points: days.map(({ on, sums }) => pointOf(on, sums, measure)) };
      }),
      differences: arm === 0 ? null : byMeasure((measure) => differencesOf(outcomes, arm, measure, arms.length - 1)),
    };
  });
  return { asOf, arms: figures, error: ERROR, conclusions: concluded(experiment, figures, entered, outcomes, asOf) };
}

/** Why an experiment must stop now: an arm that surely does worse than the champion by more than was agreed; null when none does. */
export function alarmOf(experiment: Experiment, { arms }: Pick<Results, 'arms'>): Alarm | null {
  const { complaintsAbove, recoveryBelow } = experiment;
  for (const { name, differences } of arms) {
    const complaints = differences?.complaints.at(-1)?.interval;
    if (complaintsAbove !== null && complaints && complaints.low > complaintsAbove / 10_000)
      return {
        arm: name,
        sentence: `Stopped by itself: “${name}” brings at least ${points(complaints.low)} more complaints than the champion, and ${complaintsAbove / 100} were agreed at most.`,
      };
    const recovery = differences?.recovery.at(-1)?.interval;
    if (recoveryBelow !== null && recovery && recovery.high < -recoveryBelow / 10_000)
      return {
        arm: name,
        sentence: `Stopped by itself: “${name}” recovers at least ${points(-recovery.high)} less than the champion, and ${recoveryBelow / 100} were agreed at most.`,
      };
  }
  return null;
}

function byMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  const [recovery, cash, cost, complaints] = measures;
  return { recovery: of(recovery), cash: of(cash), cost: of(cost), complaints: of(complaints) };
}

type Day = { readonly on: CalendarDate; readonly sums: Sums };

/** The sums of an arm over all days until each. */
function runningSums(outcomes: readonly DaySums[], arm: number, measure: Measure): Day[] {
  let sums = nothing;
  return outcomes
    .filter((one) => one.arm === arm && one.measure === measure)
    .map((one) => ({ on: one.on, sums: (sums = plus(sums, one)) }));
}

const seenOn = (days: readonly Day[], on: CalendarDate): Sums => days.findLast((day) => day.on <= on)?.sums ?? nothing;

function pointOf(on: CalendarDate, sums: Sums, measure: Measure): Point {
  const interval = measure === 'complaints' ? shareInterval(sums, ERROR) : meanInterval(sums, ERROR);
  return scaled(measure, { on, value: meanOf(sums), interval });
}

function differencesOf(outcomes: readonly DaySums[], arm: number, measure: Measure, challengers: number): Point[] {
  const mine = runningSums(outcomes, arm, measure);
  const champion = runningSums(outcomes, 0, measure);
  const days = [...new Set([...mine, ...champion].map((day) => day.on))].toSorted();
  const error = ERROR / challengers;
  return days.flatMap((on) => {
    const [of, from] = [seenOn(mine, on), seenOn(champion, on)];
    if (of.n === 0 || from.n === 0) return [];
    const interval = measure === 'complaints' ? shareDifference(of, from, error) : differenceInterval(of, from, error);
    return [scaled(measure, { on, value: meanOf(of) - meanOf(from), interval })];
  });
}

function scaled(measure: Measure, { on, value, interval }: Point): Point {
  const by = scaleOf[measure];
  return { on, value: value / by, interval: interval && { low: interval.low / by, high: interval.high / by } };
}

function concluded(
  experiment: Experiment,
  arms: readonly ArmFigures[],
  entered: readonly Entered[],
  outcomes: readonly DaySums[],
  asOf: CalendarDate,
): string[] {
  const [first] = entered;
  if (experiment.state === 'draft') return ['It has not begun.'];
  if (!first) return ['Nobody has entered yet. People enter with the next run of the strategy.'];
  const counted = arms.some((arm) => arm.measures.recovery.counted > 0);
  if (!counted)
    return [
      `The days of the first people are over on ${addDays(first.on, experiment.recoveryDays)}; recovery and cost are counted from then on.`,
    ];
  return arms.flatMap((arm, at) =>
    arm.differences === null ? [] : aboutArm(arm, whenToldOf(at, outcomes, asOf, ERROR / (arms.length - 1))),
  );
}

function aboutArm({ name, differences }: ArmFigures, whenTold: string): string[] {
  const recovery = differences?.recovery.at(-1);
  const complaints = differences?.complaints.at(-1)?.interval;
  const about: string[] = [];
  if (recovery?.interval && recovery.interval.low > 0)
    about.push(
      `“${name}” recovers more than the champion: between ${points(recovery.interval.low)} and ${points(recovery.interval.high)} more of what was owed.`,
    );
  else if (recovery?.interval && recovery.interval.high < 0)
    about.push(
      `“${name}” recovers less than the champion: between ${points(-recovery.interval.high)} and ${points(-recovery.interval.low)} less of what was owed.`,
    );
  else about.push(`No difference in recovery between “${name}” and the champion can be told yet. ${whenTold}`);
  if (complaints && complaints.low > 0)
    about.push(`“${name}” brings more complaints than the champion: at least ${points(complaints.low)} more.`);
  if (complaints && complaints.high < 0)
    about.push(`“${name}” brings fewer complaints than the champion: at least ${points(-complaints.high)} fewer.`);
  return about;
}

/** When a difference as large as the one seen so far could be told, at the rate at which people have been counted. */
function whenToldOf(arm: number, outcomes: readonly DaySums[], asOf: CalendarDate, error: number): string {
  const mine = runningSums(outcomes, arm, 'recovery');
  const champion = runningSums(outcomes, 0, 'recovery');
  const [of, from] = [mine.at(-1)?.sums ?? nothing, champion.at(-1)?.sums ?? nothing];
  if (of.n < FEWEST || from.n < FEWEST) return `Fewer than ${FEWEST} people have been counted in one of them.`;
  const begun = [mine[0]?.on, champion[0]?.on].flatMap((on) => on ?? []).toSorted()[0] ?? asOf;
  const n = of.n + from.n;
  const perDay = n / (daysBetween(begun, asOf) + 1);
  const difference = Math.abs(meanOf(of) - meanOf(from));
  const once = Math.sqrt(varianceOf(of) / of.n + varianceOf(from) / from.n);
  for (let days = 7; days <= 730; days += 7) {
    const then = n + perDay * days;
    if (reach(then, once * Math.sqrt(n / then), error) < difference)
      return `If the difference stays as it looks now, it takes about ${days === 7 ? 'a week' : `${days / 7} weeks`} at this rate.`;
  }
  return 'What it looks like now is so small that two years at this rate would not tell it.';
}

/** Percentage points in words. */
function points(share: number): string {
  const value = Math.round(share * 10_000) / 100;
  return `${value} ${value === 1 ? 'percentage point' : 'percentage points'}`;
}
