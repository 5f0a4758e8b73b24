import { describe, expect, test } from 'vitest';
import { calendarDate, timeZone } from '../../kernel/calendar.ts';
import type { AccountFact, EventFact } from './gate-facts.ts';
import { coversDebt, dayOf, eventsOf, proposedDebts, today } from './judged-case.ts';
import { someCase, someEvent, someFacts } from './rules/testing.ts';

const [account] = someFacts().accounts as [AccountFact];
const prepared = (events: readonly EventFact[], accounts: readonly AccountFact[] = [account]) =>
  someCase({ facts: { events, accounts } });
const names = (events: readonly { readonly fact: EventFact }[]) => events.map(({ fact }) => fact.type);
const [one, two, three] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'] as const;

describe('events made ready', () => {
  test('stand oldest first; those of one instant stay as they were told', () => {
    const judged = prepared([someEvent('c', three), someEvent('b', two), someEvent('b2', two), someEvent('a', one)]);
    expect(names(judged.events)).toEqual(['a', 'b', 'b2', 'c']);
    expect(judged.events.map((event) => event.ms)).toEqual([one, two, two, three].map((at) => Date.parse(at)));
  });

  test('are found by type, oldest first', () => {
    const judged = prepared([someEvent('b', one), someEvent('a', two), someEvent('b', three)]);
    const found = (...types: string[]) => eventsOf(judged, types).map(({ fact }) => fact.at);
    expect(found('b')).toEqual([one, three]);
    expect(found('a', 'b')).toEqual([one, two, three]);
    expect(found('b', 'z')).toEqual([one, three]);
    expect(found('y', 'z')).toEqual([]);
    expect(found('z')).toEqual([]);
    expect(found()).toEqual([]);
    const more = prepared([someEvent('a', one), someEvent('c', two), someEvent('b', three)]);
    expect(names(eventsOf(more, ['a', 'b']))).toEqual(['a', 'b']);
  });

  test('cover debts by the name they are counted under', () => {
    const accounts = [
      { ...account, id: 'a', group: 'loans' },
      { ...account, id: 'b', group: 'loans' },
      { ...account, id: 'c', group: null },
    ] as const;
    const [about, all] = prepared([someEvent('x', one, { debtIds: ['a'] }), someEvent('x', two)], accounts).events;
    if (about === undefined || all === undefined) throw new Error('There are two events.');
    expect([...(about.debts ?? [])]).toEqual(['loans']);
    expect(accounts.map((debt) => coversDebt(about, debt))).toEqual([true, true, false]);
    expect(coversDebt(about, null)).toBe(true);
    expect(all.debts).toBeNull();
    expect(accounts.map((debt) => coversDebt(all, debt))).toEqual([true, true, true]);
    const [third] = prepared([someEvent('x', one, { debtIds: ['c', 'elsewhere'] })], accounts).events;
    expect([...(third?.debts ?? [])]).toEqual(['c', 'elsewhere']);
  });

  test('through a number that is not the person’s are misdirected', () => {
    const judged = prepared([
      someEvent('contact', one, { addressKey: '+1' }),
      someEvent('contact', one, { addressKey: '+2' }),
      someEvent('contact', one),
      someEvent('number_misdirected', two, { addressKey: '+1' }),
      someEvent('number_misdirected', two),
    ]);
    expect(judged.events.map((event) => event.misdirected)).toEqual([true, false, false, true, false]);
    const other = prepared([
      someEvent('contact', one, { addressKey: '+1' }),
      someEvent('number_checked', two, { addressKey: '+1' }),
    ]);
    expect(other.events.map((event) => event.misdirected)).toEqual([false, false]);
  });

  test('have the day they were counted to, or the day in the zone, or UTC’s', () => {
    const [counted, plain] = prepared([
      someEvent('x', '2026-03-02T03:00:00Z', { localOn: '2026-02-20' }),
      someEvent('x', '2026-03-02T03:00:00Z'),
    ]).events;
    if (counted === undefined || plain === undefined) throw new Error('There are two events.');
    const newYork = timeZone('America/New_York');
    expect(dayOf(counted, newYork)).toBe('2026-02-20');
    expect(plain.localOn).toBeNull();
    expect(dayOf(plain, newYork)).toBe('2026-03-01');
    expect(dayOf(plain, undefined)).toBe('2026-03-02');
  });
});

test('today is the day in the first zone, in the zone asked about, or UTC’s where none is known', () => {
  const at = '2026-03-11T03:00:00Z';
  const person = (zones: string[]) => ({ ...someFacts().person, zones });
  const inTwo = someCase({ at, facts: { person: person(['America/New_York', 'Asia/Tokyo']) } });
  expect(today(inTwo)).toBe('2026-03-10');
  expect(today(inTwo, timeZone('Asia/Tokyo'))).toBe('2026-03-11');
  expect(today(someCase({ at, facts: { person: person([]) } }))).toBe('2026-03-11');
});

test('an act is about the debts it names, and a prepared case about none yet', () => {
  const accounts = ['a', 'b', 'c'].map((id) => ({ ...account, id }));
  const judged = someCase({ facts: { accounts }, proposal: { accountIds: ['c', 'a'] } });
  expect(proposedDebts(judged).map((debt) => debt.id)).toEqual(['a', 'c']);
  expect(judged).toMatchObject({ debt: null, zones: ['America/New_York'], at: new Date('2026-03-11T16:00:00Z') });
  expect(judged.holidayName('US', null, calendarDate('2026-03-11'))).toBeNull();
});
