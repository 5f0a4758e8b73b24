import { describe, expect, it } from 'vitest';
import { calendarDate, timeZone } from '../../../kernel/calendar.ts';
import { currency } from '../../../kernel/money.ts';
import { defaultWeights, parseWeights } from './weights.ts';
import { type WorthDay, type WorthFacts, worthOf, worthReasons } from './worth.ts';

const day: WorthDay = {
  today: calendarDate('2026-03-02'),
  zone: timeZone('America/New_York'),
  reporting: currency('USD'),
};
const facts: WorthFacts = {
  balanceMinor: 1_240_000n,
  creditMinor: 0n,
  currency: currency('USD'),
  oldestOpenDueOn: calendarDate('2026-01-16'),
  promisesKept: 0,
  promisesBroken: 0,
  lastContactAt: null,
  lastConversationAt: null,
  hasPhone: true,
  hasEmail: true,
};

describe('what work is worth', () => {
  it('is told factor by factor, and the factors multiply to what it is', () => {
    expect(worthReasons(facts, 'call', defaultWeights, day, null)).toEqual([
      'USD 12,400.00 is open',
      '× 0.24 chance: the oldest item is 45 days past due',
      '× 1.00 no promise has been kept or broken',
      '× 1.00 effect of a call',
      '× 1.10 nobody has been in contact yet',
      '× 0.60 reach: a phone number on which nobody was spoken with yet',
      '÷ USD 4.00 for a call',
      '= 491.04 expected for each USD spent',
    ]);
    expect(worthOf(facts, 'call', defaultWeights, day, null).priority).toBe(491_040n);
  });

  it('tells credit, conversion, broken promises and a missing number', () => {
    const other: WorthFacts = {
      ...facts,
      currency: currency('JPY'),
      balanceMinor: 500_000n,
      creditMinor: 100_000n,
      promisesKept: 1,
      promisesBroken: 2,
      lastContactAt: new Date('2026-03-01T15:00:00Z'),
      lastConversationAt: new Date('2026-02-20T15:00:00Z'),
      hasPhone: false,
      oldestOpenDueOn: null,
    };
    expect(worthReasons(other, 'call_back', defaultWeights, day, '0.0061')).toEqual([
      'JPY 400,000 is open, JPY 100,000 of credit taken off (USD 2,440 at 0.0061)',
      '× 0.04 chance: nothing is past due yet',
      '× 0.90 1 promise kept and 2 broken',
      '× 1.50 effect of a call that was agreed',
      '× 0.40 there was contact within 2 days',
      '× 0.05 reach: there is no phone number',
      '÷ USD 4.00 for a call that was agreed',
      '= 0.65 expected for each USD spent',
    ]);
    expect(worthReasons(other, 'review', defaultWeights, day, null)[0]).toBe(
      'JPY 400,000 is open, JPY 100,000 of credit taken off (no rate is known: counted as USD, one for one)',
    );
  });

  it.each<[string, Partial<WorthFacts>, number]>([
    ['nobody was in contact', {}, 110],
    ['contact a moment ago', { lastContactAt: new Date('2026-03-02T10:00:00Z') }, 40],
    ['contact at the first instant that is recent', { lastContactAt: new Date('2026-02-28T05:00:00Z') }, 40],
    ['contact just before it', { lastContactAt: new Date('2026-02-28T04:59:59Z') }, 100],
    [
      'a conversation within 30 days',
      { lastContactAt: new Date('2026-02-01T10:00:00Z'), lastConversationAt: new Date('2026-02-01T10:00:00Z') },
      130,
    ],
    [
      'a conversation long ago',
      { lastContactAt: new Date('2026-01-01T10:00:00Z'), lastConversationAt: new Date('2026-01-01T10:00:00Z') },
      100,
    ],
  ])('%s weighs %o as %i %%', (_, with_, percent) => {
    const factor = worthOf({ ...facts, ...with_ }, 'call', defaultWeights, day, null).factors[3];
    expect(factor?.percent).toBe(percent);
  });

  it('is nothing where nothing is owed, and never more than can be kept', () => {
    const worth = (balanceMinor: bigint, creditMinor = 0n) =>
      worthOf({ ...facts, balanceMinor, creditMinor }, 'email', defaultWeights, day, '9999999999').priority;
    expect(worth(0n)).toBe(0n);
    expect(worth(100n, 500n)).toBe(0n);
    expect(worth(9_223_372_036_854_775_807n)).toBe(9_000_000_000_000_000_000n);
  });
});

describe('weights', () => {
  it('as built in are sound', () => expect(parseWeights(defaultWeights)).toEqual({ ok: true, value: defaultWeights }));

  it.each<[string, unknown, Record<string, string>]>([
    [
      'ages that do not rise',
      {
        chance: [
          { fromDay: 5, percent: 1 },
          { fromDay: 5, percent: 2 },
        ],
      },
      { 'chance.1.fromDay': 'Ages must rise: 5 does not come after 5.' },
    ],
    ['no age', { chance: [] }, { chance: 'State the chance of at least one age.' }],
    [
      'no chance anywhere',
      { chance: [{ fromDay: 0, percent: 0 }] },
      { chance: 'With no chance at any age nothing would be worth anything. Give one age a chance.' },
    ],
    [
      'a chance above certainty',
      { chance: [{ fromDay: 0, percent: 101 }] },
      { 'chance.0.percent': 'A chance is at most 100 %.' },
    ],
    [
      'half a per cent',
      { promises: { kept: 0.5, broken: 1, both: 1 } },
      { 'promises.kept': 'Write a whole number of per cent.' },
    ],
    [
      'an act that costs nothing',
      { acts: { ...defaultWeights.acts, call: { effect: 1, costMinor: 0 } } },
      { 'acts.call.costMinor': 'The cost must be above zero: what costs nothing would always come first.' },
    ],
    [
      'a conversation that counts for less than a contact',
      { contact: { ...defaultWeights.contact, recentDays: 31 } },
      {
        'contact.spokenDays':
          'A conversation must count for at least the 31 days in which any contact counts as recent.',
      },
    ],
  ])('with %s are refused by name', (_, change, fields) => {
    expect(parseWeights({ ...defaultWeights, ...(change as object) })).toMatchObject({
      ok: false,
      code: 'malformed_weights',
      fields,
    });
  });
});
