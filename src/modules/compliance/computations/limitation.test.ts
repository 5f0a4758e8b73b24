import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../../kernel/calendar.ts';
import { someRules } from '../testing.ts';
import { limitationRegimes, reckonLimitation } from './limitation.ts';

const book = someRules();
const today = calendarDate('2026-03-11');
const reckon = (given: Parameters<typeof reckonLimitation>[0]) => {
  const answer = reckonLimitation(given, book, today);
  return answer.ok ? answer.value : `${answer.code}: ${answer.detail}`;
};

describe('the last day to sue', () => {
  test.each([
    ['US-NY-CONSUMER-CREDIT', '2024-02-29', null, '2027-02-28'],
    ['UK-EW-SIMPLE-CONTRACT', '2021-05-10', null, '2027-05-10'],
    ['UK-EW-SIMPLE-CONTRACT', '2021-05-10', '2024-01-02', '2030-01-02'],
    ['DE-BGB-195', '2024-05-10', null, '2027-12-31'],
  ])('%s from %s, anew from %s: %s, kept with its law', (regime, accruedOn, restartedOn, lastDay) => {
    expect(reckon({ kind: 'regime', regime, accruedOn, restartedOn })).toMatchObject({
      lastDay,
      reckoning: { kind: 'regime', regime, accruedOn, restartedOn, lastDay, citation: expect.any(String) as string },
    });
  });

  test.each([
    [{ kind: 'regime', regime: 'ATLANTIS', accruedOn: '2024-01-01' }, /^unknown_regime: .*"ATLANTIS"/],
    [{ kind: 'regime', regime: 'DE-BGB-195', accruedOn: '2026-03-12' }, /^invalid: .*future/],
    [
      { kind: 'regime', regime: 'US-NY-WRITTEN', accruedOn: '2024-01-01', restartedOn: '2025-01-01' },
      /^invalid: .*anew/,
    ],
    [{ kind: 'regime', regime: 'UK-SCT', accruedOn: '2015-01-01', restartedOn: '2022-01-01' }, /^invalid: .*inside/],
  ] as const)('refuses %j', (given, why) => {
    expect(reckon(given)).toMatch(why);
  });

  test('a stated day and none at all are kept with what they rest on', () => {
    expect(reckon({ kind: 'stated', lastDay: '2028-01-01', basis: 'counsel' })).toEqual({
      lastDay: '2028-01-01',
      reckoning: { kind: 'stated', basis: 'counsel', lastDay: '2028-01-01' },
    });
    expect(reckon({ kind: 'none', basis: 'judgment' })).toMatchObject({ lastDay: null });
  });

  test('regimes are those in force, each by one name', () => {
    const names = limitationRegimes(book, '2026-03-11').map((one) => one.regime);
    expect(names).toContain('US-TX-WRITTEN');
    expect(new Set(names).size).toBe(names.length);
    expect(limitationRegimes(book, '1900-01-01')).toEqual([]);
  });
});
