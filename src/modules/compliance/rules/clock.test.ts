import { describe, expect, test } from 'vitest';
import type { EventFact } from '../gate-facts.ts';
import type { RuleOf } from '../rule-pack.ts';
import { clocks } from './clock.ts';
import { anyRule, someCase, someEvent, someFacts } from './testing.ts';

type Given = NonNullable<Parameters<typeof someCase>[0]>;

const rule = (
  changes: Partial<RuleOf<'clock'>> = {},
  parameters: Partial<RuleOf<'clock'>['parameters']> = {},
): RuleOf<'clock'> => ({
  ...anyRule,
  kind: 'clock',
  ...changes,
  parameters: {
    startedBy: { types: ['asked'] },
    doneBy: { types: ['answered'], where: { fully: [true, null] } },
    days: 5,
    businessDays: false,
    ...parameters,
  },
});
const run = (events: readonly EventFact[], clock = rule(), { facts, ...given }: Given = {}) =>
  clocks(clock, someCase({ ...given, facts: { ...facts, events } }));
// Thursday evening in New York.
const asked = someEvent('asked', '2026-03-06T01:00:00Z');
const answered = (at: string, says: Partial<EventFact> = {}) => someEvent('answered', at, says);

describe('a clock', () => {
  test('runs so many days from the person’s day of the event, and is overdue the day after', () => {
    expect(run([asked], rule(), { at: '2026-03-11T03:59:59Z' })).toEqual([
      {
        startedAt: '2026-03-06T01:00:00Z',
        startedBy: 'asked',
        startedOn: '2026-03-05',
        dueBy: '2026-03-10',
        doneOn: null,
        overdue: false,
      },
    ]);
    expect(run([asked], rule(), { at: '2026-03-11T04:00:00Z' })).toMatchObject([
      { dueBy: '2026-03-10', overdue: true },
    ]);
    expect(run([])).toEqual([]);
    expect(run([asked, someEvent('asked', '2026-03-09T16:00:00Z')]).map((one) => one.dueBy)).toEqual([
      '2026-03-10',
      '2026-03-14',
    ]);
  });

  test('is done by the first event that does it, however late', () => {
    const late = answered('2026-03-12T03:00:00Z');
    const at = '2026-03-20T16:00:00Z';
    expect(run([asked, late, answered('2026-03-15T16:00:00Z')], rule(), { at })).toMatchObject([
      { doneOn: '2026-03-11', overdue: false },
    ]);
    expect(run([asked, answered('2026-03-12T03:00:00Z', { fully: false })], rule(), { at })).toMatchObject([
      { doneOn: null, overdue: true },
    ]);
    expect(run([asked, late], rule(), { at: '2026-03-12T02:59:59Z' })).toMatchObject([{ doneOn: null }]);
  });

  test('in business days leaves out weekends and the holidays where the person lives, or else the client', () => {
    const business = rule({}, { businessDays: true });
    expect(run([asked], business)).toMatchObject([{ dueBy: '2026-03-12' }]);
    const holidays = { 'US/2026-03-10': 'Founders Day', 'GB/2026-03-11': 'Day off' };
    expect(run([asked], business, { holidays })).toMatchObject([{ dueBy: '2026-03-13' }]);
    expect(run([asked], rule(), { holidays })).toMatchObject([{ dueBy: '2026-03-10' }]);
    const abroad = {
      person: { ...someFacts().person, country: null },
      client: { ...someFacts().client, country: 'GB' },
    };
    const far = { ...holidays, 'GB/2026-03-12': 'Day off' };
    expect(run([asked], business, { holidays: far, facts: abroad })).toMatchObject([{ dueBy: '2026-03-16' }]);
  });

  test('runs where its condition holds or cannot be told', () => {
    const card = { field: 'debt.product', is: 'card' } as const;
    const debt = (product?: string) => ({
      debt: { ...someFacts().accounts[0]!, ...(product !== undefined && { product }) },
    });
    expect(run([asked], rule({ when: card }), debt('card'))).toHaveLength(1);
    expect(run([asked], rule({ when: card }), debt())).toHaveLength(1);
    expect(run([asked], rule({ when: card }), debt('medical'))).toEqual([]);
  });

  test('of somebody whose zone is unknown goes by UTC', () => {
    const facts = { person: { ...someFacts().person, zones: [] } };
    expect(run([asked], rule(), { facts, at: '2026-03-11T23:59:59Z' })).toMatchObject([
      { startedOn: '2026-03-06', overdue: false },
    ]);
    expect(run([asked], rule(), { facts, at: '2026-03-12T00:00:00Z' })).toMatchObject([{ overdue: true }]);
  });
});
