import { describe, expect, test } from 'vitest';
import { calendarDate as date } from '../../../kernel/calendar.ts';
import {
  businessDayDeadline,
  lastDayToSue,
  moratoriumAfter,
  moratoriumFrom,
  retainForLongest,
  retainThrough,
  standardMoratorium,
} from './periods.ts';

describe('business days', () => {
  // 11 March 2026 is a Wednesday.
  test.each([
    ['2026-03-11', 0, '2026-03-11'],
    ['2026-03-11', 1, '2026-03-12'],
    ['2026-03-11', 2, '2026-03-13'],
    ['2026-03-11', 3, '2026-03-17'],
    ['2026-03-14', 1, '2026-03-17'],
    ['2026-03-11', 5, '2026-03-19'],
  ])('from %s, %i: %s, with Monday the sixteenth a holiday', (from, days, due) => {
    expect(businessDayDeadline(date(from), days, (on) => on === '2026-03-16')).toBe(due);
  });
});

describe('how long a record is kept', () => {
  const years = { yearsAfterLastActivity: 3, yearsAfterCall: 2 };
  test('a recording counts from its call, all else from the last activity', () => {
    const dates = { callOn: date('2026-01-05'), lastCollectionActivityOn: date('2026-06-30') };
    expect(retainThrough({ kind: 'call_recording', ...dates }, years)).toBe('2028-01-05');
    expect(retainThrough({ kind: 'letter', ...dates }, years)).toBe('2029-06-30');
  });

  test('and cannot be told without that day', () => {
    expect(() =>
      retainThrough({ kind: 'call_recording', lastCollectionActivityOn: date('2026-06-30') }, years),
    ).toThrow('A call recording is kept from the day of its call, which is not given.');
    expect(() => retainThrough({ kind: 'letter', callOn: date('2026-01-05') }, years)).toThrow(
      'A record is kept from the last collection activity, whose day is not given.',
    );
  });

  test('the longest of several duties wins', () => {
    expect(retainForLongest(date('2024-02-29'), [1, 6, 3])).toBe('2030-02-28');
  });
});

test('moratoria begin the day after the register, last so many days, or run on after a treatment', () => {
  expect(standardMoratorium(date('2026-03-11'), 60)).toEqual({ startsOn: '2026-03-12', lastDay: '2026-05-10' });
  expect(moratoriumFrom(date('2026-03-12'), 1)).toEqual({ startsOn: '2026-03-12', lastDay: '2026-03-12' });
  expect(moratoriumAfter(date('2026-03-11'), 30)).toEqual({ lastDay: '2026-04-10' });
});

describe('the last day to sue', () => {
  test.each<[string, string, number, boolean, string[], string]>([
    ['so many years after accrual', '2020-05-10', 6, false, [], '2026-05-10'],
    ['after the end of its year', '2020-05-10', 3, true, [], '2023-12-31'],
    ['anew', '2020-05-10', 6, false, ['2023-01-02'], '2029-01-02'],
    ['anew, and anew', '2020-05-10', 6, false, ['2028-12-01', '2023-01-02'], '2034-12-01'],
    ['anew on the day itself', '2020-05-10', 6, false, ['2020-05-10'], '2026-05-10'],
    ['anew on the last day', '2020-05-10', 6, false, ['2026-05-10'], '2032-05-10'],
    ['not anew once it is over', '2020-05-10', 6, false, ['2026-05-11'], '2026-05-10'],
    ['not anew before it began', '2020-05-10', 6, true, ['2020-05-09'], '2026-12-31'],
    ['never shorter', '2020-05-10', 6, true, ['2020-05-11'], '2026-12-31'],
  ])('%s', (_what, accruedOn, years, fromYearEnd, restarts, last) => {
    expect(lastDayToSue(date(accruedOn), years, fromYearEnd, restarts.map(date))).toBe(last);
  });

  test('needs no word about what began it anew', () => {
    expect(lastDayToSue(date('2020-05-10'), 6, false)).toBe('2026-05-10');
  });
});
