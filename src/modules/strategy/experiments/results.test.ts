import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../../kernel/calendar.ts';
import { idOf } from '../../../kernel/ids.ts';
import type { Experiment } from './experiment.ts';
import type { DaySums, Measure } from './outcomes.sql.ts';
import { alarmOf, resultsOf } from './results.ts';

const day = calendarDate;
const experiment: Experiment = {
  id: idOf('experiment', '00000000-0000-4000-8000-000000000001'),
  name: 'Calls first',
  hypothesis: '',
  state: 'running',
  arms: [
    { name: 'Letters', strategyId: idOf('strategy', '00000000-0000-4000-8000-000000000002'), weight: 5000 },
    { name: 'Calls', strategyId: null, weight: 5000 },
  ],
  share: 10_000,
  recoveryDays: 30,
  complaintDays: 14,
  costs: { email: 1, call: 1, letter: 1, sms: 1 },
  complaintsAbove: 300,
  recoveryBelow: 500,
  startedOn: day('2026-01-01'),
  endsOn: null,
  stoppedOn: null,
  stopReason: null,
  decidedArm: null,
  rowVersion: 1n,
  recordedBy: 'Ada',
  recordedAt: new Date('2026-01-01T00:00:00Z'),
};

/** `n` people of an arm, each of them alike but for a spread of as much up as down. */
function people(arm: number, on: string, measure: Measure, n: number, mean: bigint, spread = 0n): DaySums {
  return { arm, on: day(on), measure, n, sum: BigInt(n) * mean, squares: BigInt(n) * (mean * mean + spread * spread) };
}
const complaining = (arm: number, n: number, hits: bigint): DaySums => ({
  arm,
  on: day('2026-02-01'),
  measure: 'complaints',
  n,
  sum: hits,
  squares: hits,
});
const entered = [0, 1].map((arm) => ({ arm, on: day('2026-01-02'), people: 2000, owedMinor: 10n ** 15n }));
const asOf = day('2026-02-10');
const shown = (outcomes: readonly DaySums[], of = experiment) => resultsOf(of, entered, outcomes, asOf);

describe('what can be said', () => {
  it('begins with when the first people are counted', () => {
    expect(shown([]).conclusions).toEqual([
      'The days of the first people are over on 2026-02-01; recovery and cost are counted from then on.',
    ]);
    expect(resultsOf(experiment, [], [], asOf).conclusions[0]).toContain('Nobody has entered yet');
  });

  it('tells a difference only once its interval has left zero, and how long that may take until then', () => {
    const close = shown([
      people(0, '2026-02-01', 'recovery', 400, 300_000n, 400_000n),
      people(1, '2026-02-01', 'recovery', 400, 360_000n, 400_000n),
    ]);
    expect(close.conclusions[0]).toMatch(
      /^No difference in recovery between “Calls” and the champion can be told yet\. If the difference stays as it looks now, it takes about (a week|\d+ weeks) at this rate\.$/,
    );
    const far = shown([
      people(0, '2026-02-01', 'recovery', 2000, 300_000n, 300_000n),
      people(1, '2026-02-01', 'recovery', 2000, 400_000n, 300_000n),
    ]);
    expect(far.conclusions[0]).toMatch(/^“Calls” recovers more than the champion: between .* percentage points more/);
    const same = shown([
      people(0, '2026-02-01', 'recovery', 400, 300_000n, 400_000n),
      people(1, '2026-02-01', 'recovery', 400, 300_001n, 400_000n),
    ]);
    expect(same.conclusions[0]).toContain('two years at this rate would not tell it');
  });

  it('adds up over days', () => {
    const { arms } = shown([
      people(0, '2026-02-01', 'cash', 10, 100n),
      people(0, '2026-02-02', 'cash', 30, 200n),
      people(1, '2026-02-02', 'cash', 10, 50n),
    ]);
    expect(arms[0]?.measures.cash).toMatchObject({ counted: 40, sum: 7000n });
    expect(arms[0]?.measures.cash.points.map((point) => point.value)).toEqual([100, 175]);
    expect(arms[1]?.differences?.cash).toEqual([{ on: '2026-02-02', value: -125, interval: null }]);
    expect(arms[0]?.differences).toBeNull();
  });
});

describe('a guard', () => {
  it('speaks only of what is sure, and beyond what was agreed', () => {
    const alarm = (hits: bigint, of = experiment) =>
      alarmOf(of, shown([complaining(0, 1000, 10n), complaining(1, 1000, hits)], of));
    expect(alarm(20n)).toBeNull();
    expect(alarm(60n)).toBeNull();
    expect(alarm(150n)).toMatchObject({ arm: 'Calls', sentence: expect.stringContaining('3 were agreed at most') });
    expect(alarm(150n, { ...experiment, complaintsAbove: null })).toBeNull();
  });

  it('watches recovery in the same way', () => {
    const alarm = (mean: bigint) =>
      alarmOf(
        experiment,
        shown([
          people(0, '2026-02-01', 'recovery', 2000, 300_000n, 300_000n),
          people(1, '2026-02-01', 'recovery', 2000, mean, 300_000n),
        ]),
      );
    expect(alarm(290_000n)).toBeNull();
    expect(alarm(240_000n)).toBeNull();
    expect(alarm(150_000n)?.sentence).toMatch(/“Calls” recovers at least .* less than the champion, and 5 were agreed/);
  });
});
