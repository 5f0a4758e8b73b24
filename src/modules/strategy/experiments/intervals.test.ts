import { describe, expect, it } from 'vitest';
import {
  differenceInterval,
  FEWEST,
  type Interval,
  meanInterval,
  nothing,
  plus,
  shareDifference,
  shareInterval,
  type Sums,
} from './intervals.ts';

/** Numbers from a seed (mulberry32), so that a failing world can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Three in five pay nothing, one all, one some: what recovery looks like, in millionths. */
const recovery = (random: () => number): bigint => {
  const kind = random();
  return kind < 0.6 ? 0n : kind < 0.8 ? 1_000_000n : BigInt(Math.floor(random() * 1_000_000));
};
const RECOVERY = 300_000;
/** A cost with a long tail: most cost two notices, a few a dozen calls. */
const cost = (random: () => number): bigint => BigInt(Math.floor(-300 * Math.log(1 - random()))) + 2n;
const COST = 300 / 1 + 2 - 0.5;
const event = (share: number) => (random: () => number) => (random() < share ? 1n : 0n);

const observed = (value: bigint): Sums => ({ n: 1, sum: value, squares: value * value });

const DAYS = 120;
const A_DAY = 15;
const ERROR = 0.05;

/** In how many of the worlds an interval left the truth out on any day on which one looked. */
function wrongOnSomeDay(
  worlds: number,
  measure: (random: () => number) => bigint,
  judge: (of: Sums, from: Sums) => boolean | null,
): number {
  let wrong = 0;
  for (let world = 1; world <= worlds; world++) {
    const random = seeded(world * 7919);
    let [of, from] = [nothing, nothing];
    for (let day = 0; day < DAYS; day++) {
      for (let person = 0; person < A_DAY; person++) {
        of = plus(of, observed(measure(random)));
        from = plus(from, observed(measure(random)));
      }
      if (judge(of, from) === false) {
        wrong++;
        break;
      }
    }
  }
  return wrong / worlds;
}

const holds = (interval: Interval | null, truth: number): boolean | null =>
  interval && interval.low <= truth && truth <= interval.high;

/** What a textbook gives for a sample of fixed size. */
function textbook(of: Sums, from: Sums): Interval | null {
  if (of.n < FEWEST) return null;
  const mean = (s: Sums) => Number(s.sum) / s.n;
  const variance = (s: Sums) => Number(s.squares) / s.n - mean(s) ** 2;
  const off = 1.959964 * Math.sqrt(variance(of) / of.n + variance(from) / from.n);
  return { low: mean(of) - mean(from) - off, high: mean(of) - mean(from) + off };
}

const WORLDS = 400;

describe('looking every day', () => {
  it.each([
    ['recovery', recovery, RECOVERY],
    ['cost', cost, COST],
  ] as const)('an interval of %s is wrong on any day in no more worlds than it says', (_, measure, truth) => {
    expect(wrongOnSomeDay(WORLDS, measure, (of) => holds(meanInterval(of, ERROR), truth))).toBeLessThanOrEqual(ERROR);
    expect(
      wrongOnSomeDay(WORLDS, measure, (of, from) => holds(differenceInterval(of, from, ERROR), 0)),
    ).toBeLessThanOrEqual(ERROR);
  });

  it('one for a sample of fixed size is wrong in far more', () => {
    expect(wrongOnSomeDay(WORLDS, recovery, (of, from) => holds(textbook(of, from), 0))).toBeGreaterThan(3 * ERROR);
  });

  it.each([0.005, 0.03, 0.3])('shares of %f are held exactly, from the first person on', (share) => {
    const seen = event(share);
    expect(wrongOnSomeDay(WORLDS, seen, (of) => holds(shareInterval(of, ERROR), share))).toBeLessThanOrEqual(ERROR);
    expect(wrongOnSomeDay(WORLDS, seen, (of, from) => holds(shareDifference(of, from, ERROR), 0))).toBeLessThanOrEqual(
      ERROR,
    );
  });
});

describe('an interval', () => {
  it('narrows as people are counted, and is not given for a handful', () => {
    const random = seeded(3);
    let sums = nothing;
    const widths: number[] = [];
    for (let person = 1; person <= 6400; person++) {
      sums = plus(sums, observed(recovery(random)));
      const interval = meanInterval(sums, ERROR);
      if (person < FEWEST) expect(interval).toBeNull();
      if ([100, 400, 1600, 6400].includes(person) && interval) widths.push(interval.high - interval.low);
    }
    expect(widths).toHaveLength(4);
    expect(widths.toSorted((a, b) => b - a)).toEqual(widths);
  });

  it('of a share is the set of shares the likelihood ratio has not ruled out', () => {
    // Two of two: the bet is worth 1/3 over share squared, so shares below the root of 0.05/3 are ruled out.
    expect(shareInterval({ n: 2, sum: 2n }, 0.05)).toEqual({ low: expect.closeTo(Math.sqrt(0.05 / 3), 9), high: 1 });
    expect(shareInterval({ n: 2, sum: 0n }, 0.05)).toEqual({
      low: 0,
      high: expect.closeTo(1 - Math.sqrt(0.05 / 3), 9),
    });
    expect(shareInterval({ n: 0, sum: 0n }, 0.05)).toEqual({ low: 0, high: 1 });
  });

  it('keeps exact sums of large amounts apart', () => {
    const large = 10n ** 15n;
    const sums = [large, large + 1n, large + 2n].map(observed).reduce(plus, nothing);
    expect(sums.squares * 3n - sums.sum * sums.sum).toBe(6n);
  });
});
