import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { money } from '../../kernel/money.ts';
import { judgePromise, type PromiseFacts, promiseTransitions, rejudgePromise } from './promise-to-pay.ts';

const eur = currency('EUR');
const dueOn = calendarDate('2026-05-10');
const facts = (received: bigint, stillOpen: bigint, promised = 100n): PromiseFacts => ({
  promised: money(promised, eur),
  received: money(received, eur),
  stillOpen: money(stillOpen, eur),
  dueOn,
  graceDays: 3,
});

describe('judging a promise', () => {
  test.each([
    ['kept before its day', facts(100n, 400n), '2026-05-01', 'kept'],
    ['more than promised is kept', facts(150n, 0n), '2026-05-01', 'kept'],
    ['waits on the day itself', facts(0n, 500n), '2026-05-10', 'open'],
    ['waits until the last day of grace', facts(99n, 401n), '2026-05-13', 'open'],
    ['broken the day after grace', facts(0n, 500n), '2026-05-14', 'broken'],
    ['part-kept the day after grace', facts(1n, 499n), '2026-05-14', 'part_kept'],
    ['kept when less than promised paid all that was owed', facts(60n, 0n), '2026-05-02', 'kept'],
    ['cancelled when a credit note settled it', facts(0n, 0n), '2026-05-02', 'cancelled'],
  ])('%s', (_name, given, on, expected) => {
    expect(judgePromise(given, calendarDate(on)).state).toBe(expected);
  });

  test('more money never makes a judgement worse, and a judged promise stays judged as days go by', () => {
    const rank = { broken: 0, cancelled: 0, open: 1, part_kept: 1, kept: 2 };
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 200n }),
        fc.bigInt({ min: 0n, max: 200n }),
        fc.bigInt({ min: 1n, max: 300n }),
        fc.integer({ min: -10, max: 10 }),
        (received, more, open, day) => {
          const on = addDays(dueOn, day);
          const now = judgePromise(facts(received, open), on).state;
          expect(rank[judgePromise(facts(received + more, open), on).state]).toBeGreaterThanOrEqual(rank[now]);
          if (now !== 'open') expect(judgePromise(facts(received, open), addDays(on, 1)).state).toBe(now);
        },
      ),
    );
  });
});

describe('looking again after money was taken back', () => {
  const then = money(100n, eur);
  test.each([
    ['nothing lost', 'kept', facts(100n, 0n), '2026-06-01', null],
    ['all lost after the last day', 'kept', facts(0n, 100n), '2026-06-01', 'broken'],
    ['part lost after the last day', 'kept', facts(40n, 60n), '2026-06-01', 'part_kept'],
    ['lost while there is time', 'kept', facts(0n, 100n), '2026-05-11', 'open'],
    ['broken stays broken', 'broken', facts(0n, 100n), '2026-06-01', null],
  ] as const)('%s', (_name, state, given, on, expected) => {
    expect(rejudgePromise({ state, receivedThen: then }, given, calendarDate(on))?.state ?? null).toBe(expected);
  });

  test('every judgement is a transition the table knows', () => {
    for (const state of ['kept', 'part_kept', 'broken', 'cancelled'] as const)
      expect(promiseTransitions.open).toContain(state);
  });
});
