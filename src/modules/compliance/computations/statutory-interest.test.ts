import { describe, expect, test } from 'vitest';
import { calendarDate as date } from '../../../kernel/calendar.ts';
import { fixedSum, type InterestInput, type InterestTerms, statutoryInterest } from './statutory-interest.ts';

const terms = (changes: Partial<InterestTerms> = {}): InterestTerms => ({
  marginPct: 8,
  referenceRateOf: 'last_day_of_half_year_before',
  daysInYear: 365,
  ...changes,
});
const input = (changes: Partial<InterestInput> = {}): InterestInput => ({
  principal: '1000.00',
  referenceRatePct: '5.25',
  daysLate: 50,
  rounding: 'end',
  ...changes,
});
const rates = {
  '2025-12-31': '4.5',
  '2025-06-30': '4.25',
  '2026-01-01': '2',
  '2026-07-01': '3.123456',
  '2026-06-30': '1',
};

describe('statutory interest', () => {
  test('is principal × rate × days ÷ days in the year, rounded half up once', () => {
    expect(statutoryInterest(input(), terms())).toEqual({
      annualRatePct: '13.25',
      interest: '18.15',
      dailyAmount: '0.36',
      annualAmount: '132.50',
    });
    expect(statutoryInterest(input({ rounding: 'daily-first' }), terms()).interest).toBe('18.00');
    expect(statutoryInterest(input({ principal: '1825', daysLate: 1, referenceRatePct: '2' }), terms()).interest).toBe(
      '0.50',
    );
    // 0.005 exactly: half a cent goes up, a little less goes down.
    const half = (principal: string) =>
      statutoryInterest(input({ principal, daysLate: 1, referenceRatePct: '2' }), terms({ daysInYear: 360 })).interest;
    expect([half('18.00'), half('17.99')]).toEqual(['0.01', '0.00']);
  });

  test('of no day is nothing, at the rate that would hold', () => {
    expect(statutoryInterest(input({ daysLate: 0 }), terms())).toMatchObject({
      interest: '0.00',
      annualRatePct: '13.25',
    });
    const dated = input({ daysLate: 0, firstDay: date('2026-03-01') });
    expect(statutoryInterest(dated, terms())).toMatchObject({ interest: '0.00', dailyAmount: '0.36' });
  });

  test('may have no reference rate, or one below zero', () => {
    expect(
      statutoryInterest(input({ referenceRatePct: undefined }), terms({ referenceRateOf: 'none' })).annualRatePct,
    ).toBe('8.00');
    expect(statutoryInterest(input({ referenceRatePct: '-0.88' }), terms())).toMatchObject({ annualRatePct: '7.12' });
    expect(statutoryInterest(input({ referenceRatePct: '-8.123456' }), terms())).toMatchObject({
      annualRatePct: '-0.123456',
    });
    expect(statutoryInterest(input(), terms({ marginPct: 2.125 })).annualRatePct).toBe('7.375');
  });

  test('goes by the rate of the day before the half-year in which it begins, to its end', () => {
    const of = (firstDay: string, daysLate = 300) =>
      statutoryInterest(
        input({ referenceRatePct: undefined, baseRates: rates, firstDay: date(firstDay), daysLate }),
        terms(),
      );
    expect(of('2026-01-01').annualRatePct).toBe('12.50');
    expect(of('2026-06-30')).toEqual({
      annualRatePct: '12.50',
      interest: '102.74',
      dailyAmount: '0.34',
      annualAmount: '125.00',
    });
    expect(of('2026-07-01').annualRatePct).toBe('9.00');
    expect(of('2025-12-31').annualRatePct).toBe('12.25');
  });

  test('or by that of the first day of each half-year, for the days in it', () => {
    const of = (firstDay: string, daysLate: number) =>
      statutoryInterest(
        input({ referenceRatePct: undefined, baseRates: rates, firstDay: date(firstDay), daysLate }),
        terms({ referenceRateOf: 'first_day_of_each_half_year' }),
      );
    expect(of('2026-06-30', 1)).toMatchObject({ annualRatePct: '10.00', interest: '0.27' });
    // 1 day at 10 %, 1 at 11.123456 %.
    expect(of('2026-06-30', 2)).toMatchObject({ annualRatePct: '10.00', interest: '0.58' });
    expect(of('2026-07-01', 184)).toMatchObject({ annualRatePct: '11.123456', interest: '56.07' });
    // 184 days of the second half-year and one of the next.
    expect(of('2026-07-01', 185).interest).toBe('56.38');
    expect(of('2026-01-01', 181 + 184).interest).toBe('105.66');
  });

  test('counts leap years where the law does', () => {
    const of = (firstDay: string, daysLate: number) =>
      statutoryInterest(
        input({ principal: '36600', referenceRatePct: '2', firstDay: date(firstDay), daysLate }),
        terms({ daysInYear: 'actual' }),
      );
    expect(of('2024-01-01', 10)).toEqual({
      annualRatePct: '10.00',
      interest: '100.00',
      dailyAmount: '10.00',
      annualAmount: '3660.00',
    });
    expect(of('2023-12-31', 1).interest).toBe('10.03');
    expect(of('2023-12-31', 2).interest).toBe('20.03');
    expect(of('2025-07-01', 1).interest).toBe('10.03');
    expect(() => statutoryInterest(input(), terms({ daysInYear: 'actual' }))).toThrow(
      'To count leap years the first day of interest must be given.',
    );
  });

  test.each<[Partial<InterestInput>, string]>([
    [{ daysLate: -1 }, 'The number of days late is a whole number, not below zero.'],
    [{ daysLate: 1.5 }, 'The number of days late is a whole number, not below zero.'],
    [{ principal: '10.001' }, '"10.001" is not a number with at most 2 decimals.'],
    [{ principal: '1,000' }, '"1,000" is not a number with at most 2 decimals.'],
    [{ principal: '10.' }, '"10." is not a number with at most 2 decimals.'],
    [{ principal: 'EUR 10' }, '"EUR 10" is not a number with at most 2 decimals.'],
    [{ principal: '' }, '"" is not a number with at most 2 decimals.'],
    [{ referenceRatePct: '5.1234567' }, '"5.1234567" is not a number with at most 6 decimals.'],
    [
      { referenceRatePct: undefined },
      'Neither a reference rate nor the rates by date with the day interest begins are given.',
    ],
    [
      { referenceRatePct: undefined, firstDay: date('2026-01-01') },
      'Neither a reference rate nor the rates by date with the day interest begins are given.',
    ],
    [
      { referenceRatePct: undefined, baseRates: rates },
      'Neither a reference rate nor the rates by date with the day interest begins are given.',
    ],
    [
      { referenceRatePct: undefined, baseRates: rates, firstDay: date('2025-06-30') },
      'The reference rate of 2024-12-31 is not given.',
    ],
  ])('of %j cannot be reckoned', (changes, why) => {
    expect(() => statutoryInterest(input(changes), terms())).toThrow(why);
  });

  test('takes amounts with blanks around them, and debts owed the other way', () => {
    expect(statutoryInterest(input({ principal: ' 1000.0 ' }), terms()).interest).toBe('18.15');
    expect(statutoryInterest(input({ principal: '-1000' }), terms()).interest).toMatch(/^-18\.1[45]$/);
  });
});

describe('the fixed sum', () => {
  const bands = { '1000000': 10_000, '0': 4000, '100000': 7000 };
  test.each([
    ['0', '40.00'],
    ['999.99', '40.00'],
    ['1000.00', '70.00'],
    ['9999.99', '70.00'],
    ['10000', '100.00'],
  ])('of %s is %s', (principal, sum) => {
    expect(fixedSum(principal, bands)).toEqual({ fixedSum: sum });
  });

  test('is nothing below the first band, and keeps its cents', () => {
    expect(fixedSum('9.99', { '1000': 5 })).toEqual({ fixedSum: '0.00' });
    expect(fixedSum('10', { '1000': 5 })).toEqual({ fixedSum: '0.05' });
    expect(fixedSum('10', { '1000': 1250 })).toEqual({ fixedSum: '12.50' });
  });
});
