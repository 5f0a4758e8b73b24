import { describe, expect, it } from 'vitest';
import { planSample, quantile } from './sample-size.ts';

const usual = { power: 0.8, error: 0.05 };
const even = [5000, 5000];
const plenty = { people: 1_000_000, perDay: 0 };
const once = (
  ...[question, precision = usual, weights = even]: [Parameters<typeof planSample>[0], typeof usual?, number[]?]
) => planSample(question, precision, weights, 1, plenty, 30).lookingOnce;

it('knows the normal quantiles of the tables', () => {
  expect(quantile(0.975)).toBeCloseTo(1.959963984540054, 12);
  expect(quantile(0.8)).toBeCloseTo(0.8416212335729143, 12);
  expect(quantile(0.995)).toBeCloseTo(2.5758293035489004, 12);
  expect(quantile(0.05)).toBeCloseTo(-1.6448536269514722, 12);
  expect(quantile(0.5)).toBeCloseTo(0, 12);
});

describe('looking once', () => {
  it.each([
    // R, help of power.prop.test: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7.
    [0.5, 0.25, 0.9, 77],
    // The usual textbook case: 20 % against 30 %, power 80 %, gives 293.2.
    [0.2, 0.1, 0.8, 294],
    [0.3, -0.1, 0.8, 294],
    // 10 % against 12 %, power 80 %: 3841 (3840.8).
    [0.1, 0.02, 0.8, 3841],
  ])('finds a rate of %f changed by %f with power %f in %i people an arm', (baseline, effect, power, people) => {
    expect(once({ kind: 'rate', baseline, effect }, { ...usual, power })).toEqual([people, people]);
  });

  it('finds half a standard deviation in 63 people an arm, as the normal approximation does', () => {
    expect(once({ kind: 'mean', spread: 10, effect: 5 })).toEqual([63, 63]);
    expect(once({ kind: 'mean', spread: 10, effect: 5 }, { power: 0.9, error: 0.05 })).toEqual([85, 85]);
  });

  it('needs more in all where arms are uneven, and more still where there are several', () => {
    const [champion = 0, challenger = 0] = once({ kind: 'mean', spread: 10, effect: 5 }, usual, [8000, 2000]);
    // (1 + 4) × 7.849 × 4 = 157 against 39 and a bit.
    expect([champion, challenger]).toEqual([157, 40]);
    const three = once({ kind: 'mean', spread: 10, effect: 5 }, usual, [4000, 3000, 3000]);
    expect(three[0]).toBeGreaterThan(63);
  });
});

describe('looking every day', () => {
  it('needs two to four times as many', () => {
    for (const question of [
      { kind: 'rate', baseline: 0.2, effect: 0.05 },
      { kind: 'mean', spread: 300, effect: 40 },
    ] as const) {
      const plan = planSample(question, usual, even, 1, plenty, 30);
      const times = (plan.lookingDaily[0] ?? 0) / (plan.lookingOnce[0] ?? 1);
      expect(times).toBeGreaterThan(1.5);
      expect(times).toBeLessThan(4);
    }
  });
});

describe('how long it takes', () => {
  const question = { kind: 'rate', baseline: 0.2, effect: 0.1 } as const;
  const days = (share: number, people: number, perDay: number) =>
    planSample(question, usual, even, share, { people, perDay }, 30).daysOnce;

  it('is the days of one person where enough are there, and counts those who come', () => {
    expect(days(1, 588, 0)).toBe(30);
    expect(days(1, 500, 10)).toBe(30 + 9);
    // A quarter enters: four times as many must have come.
    expect(days(0.25, 588, 10)).toBe(30 + Math.ceil((588 * 4 - 588) / 10));
    expect(days(1, 100, 0)).toBeNull();
  });
});
