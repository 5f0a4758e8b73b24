import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../../kernel/calendar.ts';
import { buildRuleBook } from '../rule-book.ts';
import { parsePack } from '../rule-pack.ts';
import { anyRule } from '../rules/testing.ts';
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

  test.each([
    // On the very day it may begin, and be started anew on its first and on its last day.
    [{ accruedOn: '2026-03-11' }, '2032-03-11'],
    [{ accruedOn: '2020-03-11', restartedOn: '2026-03-11' }, '2032-03-11'],
    [{ accruedOn: '2021-05-10', restartedOn: '2021-05-10' }, '2027-05-10'],
    [{ accruedOn: '2019-01-02', restartedOn: '2025-01-02' }, '2031-01-02'],
  ])('takes %j', (given, lastDay) => {
    expect(reckon({ kind: 'regime', regime: 'UK-EW-SIMPLE-CONTRACT', ...given })).toMatchObject({ lastDay });
  });

  test.each([
    [{ accruedOn: '2026-03-12' }, { 'limitation.accruedOn': 'Give the day on which the claim arose.' }],
    [
      { accruedOn: '2021-05-10', restartedOn: '2026-03-12' },
      { 'limitation.accruedOn': 'Give the day on which the claim arose.' },
    ],
    [
      { accruedOn: '2021-05-10', restartedOn: '2021-05-09' },
      { 'limitation.restartedOn': 'The period ran from 2021-05-10 to 2027-05-10.' },
    ],
    [
      { accruedOn: '2019-01-02', restartedOn: '2025-01-03' },
      { 'limitation.restartedOn': 'The period ran from 2019-01-02 to 2025-01-02.' },
    ],
  ])('refuses %j and says what to do', (given, fields) => {
    const answer = reckonLimitation({ kind: 'regime', regime: 'UK-EW-SIMPLE-CONTRACT', ...given }, book, today);
    expect(answer).toMatchObject({ ok: false, code: 'invalid', fields });
  });

  test('what is not known by name, or starts nothing anew, is refused with what to do', () => {
    const long = 'X'.repeat(80);
    expect(reckonLimitation({ kind: 'regime', regime: long, accruedOn: '2024-01-01' }, book, today)).toMatchObject({
      detail: `No rule in force has a limitation period "${'X'.repeat(60)}".`,
      fields: { 'limitation.regime': 'Choose one from the list.' },
    });
    expect(
      reckonLimitation({ kind: 'regime', regime: 'X', accruedOn: '1900-01-01' }, book, calendarDate('1900-01-02')),
    ).toMatchObject({ fields: { 'limitation.regime': 'The packs hold no limitation period; state the day.' } });
    const written = {
      kind: 'regime',
      regime: 'US-NY-WRITTEN',
      accruedOn: '2024-01-01',
      restartedOn: '2025-01-01',
    } as const;
    expect(reckonLimitation(written, book, today)).toMatchObject({
      fields: { 'limitation.restartedOn': 'Leave this empty, or state the day with counsel’s basis.' },
    });
  });

  test('a stated day and none at all are kept with what they rest on', () => {
    expect(reckon({ kind: 'stated', lastDay: '2028-01-01', basis: 'counsel' })).toEqual({
      lastDay: '2028-01-01',
      reckoning: { kind: 'stated', basis: 'counsel', lastDay: '2028-01-01' },
    });
    expect(reckon({ kind: 'none', basis: 'judgment' })).toEqual({
      lastDay: null,
      reckoning: { kind: 'none', basis: 'judgment' },
    });
  });

  test('regimes are those in force, each by one name', () => {
    const names = limitationRegimes(book, '2026-03-11').map((one) => one.regime);
    expect(names).toContain('US-TX-WRITTEN');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(names.toSorted());
    expect(limitationRegimes(book, '1900-01-01')).toEqual([]);
  });

  test('a regime is in force from its first day and before its last, and never unverified', () => {
    const parameters = { function: 'limitation', years: { B: 2, A: 1 }, fromYearEnd: true };
    const rule = { ...anyRule, kind: 'computation', parameters } as const;
    const on = (day: string, more: object = {}) =>
      limitationRegimes(
        buildRuleBook(
          [parsePack({ key: 'test', version: '1', title: 'Test', house: false, rules: [{ ...rule, ...more }] })],
          [],
          () => null,
        ),
        day,
      ).map((one) => [one.regime, one.years, one.fromYearEnd, one.restarts]);
    const both = [
      ['A', 1, true, false],
      ['B', 2, true, false],
    ];
    expect(on('2020-01-01')).toEqual(both);
    expect(on('2019-12-31')).toEqual([]);
    expect(on('2026-03-10', { effectiveTo: '2026-03-11' })).toEqual(both);
    expect(on('2026-03-11', { effectiveTo: '2026-03-11' })).toEqual([]);
    expect(on('2026-03-12', { effectiveTo: '2026-03-11' })).toEqual([]);
    expect(on('2026-03-11', { confidence: 'U' })).toEqual([]);
    expect(on('2026-03-11', { parameters: { ...parameters, years: 3 } })).toEqual([]);
  });
});
