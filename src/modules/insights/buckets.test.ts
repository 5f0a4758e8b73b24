import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import { bucketOf, buckets, dueDaysOf } from './buckets.ts';

const on = calendarDate('2026-03-31');

test.each([
  [-1, 'not_due'],
  [0, 'not_due'],
  [1, '1_30'],
  [30, '1_30'],
  [31, '31_60'],
  [60, '31_60'],
  [61, '61_90'],
  [90, '61_90'],
  [91, '90_plus'],
  [900, '90_plus'],
] as const)('%i days past due is %s', (late, expected) => {
  expect(bucketOf(addDays(on, -late), on)).toBe(expected);
});

test('the due days of the buckets cut the calendar without gap or overlap', () => {
  fc.assert(
    fc.property(fc.integer({ min: -400, max: 400 }), (late) => {
      const dueOn = addDays(on, -late);
      const holding = buckets.filter((bucket) => {
        const { from, to } = dueDaysOf(bucket, on);
        return (from === null || dueOn >= from) && (to === null || dueOn <= to);
      });
      expect(holding).toEqual([bucketOf(dueOn, on)]);
    }),
  );
});
