import { describe, expect, test } from 'vitest';
import { calendarDate, timeZone } from '../../../kernel/calendar.ts';
import type { EventFact } from '../gate-facts.ts';
import type { RuleOf } from '../rule-pack.ts';
import { holidaysOf, hours, windowOfDay } from './hours.ts';
import { anyRule, said, someCase, someEvent, someFacts } from './testing.ts';

type Given = NonNullable<Parameters<typeof someCase>[0]>;
type HoursParameters = RuleOf<'hours'>['parameters'];

const workdays = [1, 2, 3, 4, 5];
const office = { weekdays: workdays, opens: '08:00', closes: '18:00' };
const hoursRule = (parameters: Partial<HoursParameters> = {}): RuleOf<'hours'> => ({
  ...anyRule,
  kind: 'hours',
  parameters: { windows: [office], wishes: true, unknownZone: 'deny', ...parameters },
});
const asked = (
  at: string,
  rule = hoursRule(),
  { facts, ...given }: Omit<Given, 'at'> = {},
  events: readonly EventFact[] = [],
) => said(hours(rule, someCase({ at, ...given, facts: { ...facts, events } })));
const person = (...zones: string[]) => ({ person: { ...someFacts().person, zones } });
const old = '2026-01-01T00:00:00Z';
const wish = (says: Partial<EventFact>) => someEvent('inconvenient_time', old, says);
const consent = (says: Partial<EventFact>) => someEvent('time_consent', old, { givenTo: 'this_collector', ...says });

// Wednesday, 11 March 2026; New York is four hours behind UTC since the eighth.
describe('hours', () => {
  test.each<[string, string, string[]]>([
    [
      'the last moment before opening',
      '2026-03-11T11:59:59Z',
      ['defer 2026-03-11T12:00:00.000Z It is 07:59 in America/New_York; contact is open from 08:00 to 18:00 there.'],
    ],
    ['the moment of opening', '2026-03-11T12:00:00Z', []],
    ['the last open moment', '2026-03-11T21:59:59Z', []],
    [
      'the moment of closing',
      '2026-03-11T22:00:00Z',
      ['defer 2026-03-12T12:00:00.000Z It is 18:00 in America/New_York; contact is open from 08:00 to 18:00 there.'],
    ],
    [
      'Friday evening',
      '2026-03-13T23:00:00Z',
      ['defer 2026-03-16T12:00:00.000Z It is 19:00 in America/New_York; contact is open from 08:00 to 18:00 there.'],
    ],
    [
      'Saturday',
      '2026-03-14T16:00:00Z',
      ['defer 2026-03-16T12:00:00.000Z 2026-03-14 is not a working day in America/New_York.'],
    ],
  ])('%s', (_what, at, blocks) => {
    expect(asked(at)).toEqual(blocks);
  });

  test('of two windows a day are told and open in turn', () => {
    const rule = hoursRule({
      windows: [
        { weekdays: workdays, opens: '08:00', closes: '12:00' },
        { weekdays: workdays, opens: '14:00', closes: '24:00' },
        { weekdays: [6], opens: '10:00', closes: '11:00' },
      ],
    });
    expect(asked('2026-03-11T16:30:00Z', rule)).toEqual([
      'defer 2026-03-11T18:00:00.000Z It is 12:30 in America/New_York; contact is open from 08:00 to 12:00 and 14:00 to 24:00 there.',
    ]);
    expect(asked('2026-03-12T03:59:59Z', rule)).toEqual([]);
    expect(asked('2026-03-12T04:00:00Z', rule)[0]).toMatch(/^defer 2026-03-12T12:00/);
    expect(asked('2026-03-14T04:00:00Z', rule)[0]).toMatch(/^defer 2026-03-14T14:00/);
  });

  test('must be open in every zone the person may be in', () => {
    const two = { facts: person('America/New_York', 'America/Los_Angeles') };
    expect(asked('2026-03-11T14:00:00Z', hoursRule(), two)).toEqual([
      'defer 2026-03-11T15:00:00.000Z It is 07:00 in America/Los_Angeles; contact is open from 08:00 to 18:00 there.',
    ]);
    expect(asked('2026-03-11T15:00:00Z', hoursRule(), two)).toEqual([]);
    expect(asked('2026-03-11T22:00:00Z', hoursRule(), two)[0]).toMatch(/^defer 2026-03-12T15:00/);
    const never = { facts: person('America/New_York', 'Asia/Tokyo') };
    const short = hoursRule({ windows: [{ weekdays: workdays, opens: '09:00', closes: '10:00' }] });
    expect(asked('2026-03-11T16:00:00Z', short, never)).toEqual([
      'deny It is 12:00 in America/New_York; contact is open from 09:00 to 10:00 there. There is no open hour within a year.',
    ]);
  });

  test('of somebody whose zone is unknown are closed, or not asked', () => {
    expect(asked('2026-03-11T16:00:00Z', hoursRule(), { facts: person() })).toEqual([
      'deny The time zone of this person is unknown. Set a country, a region or a time zone.',
    ]);
    expect(asked('2026-03-11T02:00:00Z', hoursRule({ unknownZone: 'ignore' }), { facts: person() })).toEqual([]);
  });

  test('close on holidays where the rule knows any', () => {
    const holidays = { 'US/2026-03-11': 'Founders Day', 'US/2026-03-12': 'Founders Day' };
    const at = '2026-03-11T16:00:00Z';
    expect(asked(at, hoursRule(), { holidays })).toEqual([]);
    expect(asked(at, hoursRule({ holidays: 'person' }), { holidays })).toEqual([
      'defer 2026-03-13T12:00:00.000Z 2026-03-11 is a public holiday (Founders Day) in America/New_York.',
    ]);
    expect(asked('2026-03-11T02:00:00Z', hoursRule({ holidays: 'person' }), { holidays })[0]).toMatch(
      /^defer 2026-03-13/,
    );
  });

  test('never open where every day is a holiday', () => {
    const rule = hoursRule({ holidays: 'person' });
    const judged = { ...someCase({ at: '2026-03-11T16:00:00Z' }), holidayName: () => 'Sabbath' };
    expect(said(hours(rule, judged))).toEqual([
      'deny 2026-03-11 is a public holiday (Sabbath) in America/New_York. There is no open hour within a year.',
    ]);
  });

  test('open at the first showing of an hour that is repeated, and after one that is skipped', () => {
    const early = (opens: string, closes: string) => hoursRule({ windows: [{ weekdays: [7], opens, closes }] });
    // On 1 November 2026 the hour from one to two is shown twice; on 8 March that from two to three not at all.
    expect(asked('2026-11-01T04:30:00Z', early('01:30', '02:00'))[0]).toMatch(/^defer 2026-11-01T05:30/);
    expect(asked('2026-11-01T06:05:00Z', early('01:30', '02:00'))[0]).toMatch(/^defer 2026-11-01T06:30/);
    expect(asked('2026-03-08T05:30:00Z', early('02:30', '04:00'))[0]).toMatch(/^defer 2026-03-08T07:00/);
    expect(asked('2026-11-01T05:30:00Z', early('01:00', '01:30'))[0]).toMatch(/^defer 2026-11-01T06:00/);
  });
});

describe('a wish', () => {
  const noon = '2026-03-11T16:00:00Z';
  test.each<[string, Partial<EventFact>, string, string | undefined]>([
    ['for the morning', { from: '00:00', to: '13:00' }, noon, '2026-03-11T17:00'],
    ['from its first moment', { from: '12:00', to: '13:00' }, noon, '2026-03-11T17:00'],
    ['not before it', { from: '12:01', to: '13:00' }, noon, undefined],
    ['to its last moment', { from: '10:00', to: '12:00' }, noon, undefined],
    ['on its weekdays', { from: '10:00', to: '13:00', weekdays: [3] }, noon, '2026-03-11T17:00'],
    ['not on others', { from: '10:00', to: '13:00', weekdays: [4] }, noon, undefined],
    ['every day where none is named', { from: '10:00', to: '13:00', weekdays: [] }, noon, '2026-03-11T17:00'],
    [
      'every day where none is readable',
      { from: '10:00', to: '13:00', weekdays: ['Monday'] },
      noon,
      '2026-03-11T17:00',
    ],
    ['from its first day', { from: '10:00', to: '13:00', first: '2026-03-11' }, noon, '2026-03-11T17:00'],
    ['not before its first day', { from: '10:00', to: '13:00', first: '2026-03-12' }, noon, undefined],
    ['to its last day', { from: '10:00', to: '13:00', through: '2026-03-11' }, noon, '2026-03-11T17:00'],
    ['not after its last day', { from: '10:00', to: '13:00', through: '2026-03-10' }, noon, undefined],
    ['for the whole day', { weekdays: [3] }, noon, '2026-03-12T12:00'],
    ['from an hour to the end of the day', { from: '12:00', weekdays: [3] }, noon, '2026-03-12T12:00'],
    ['up to an hour', { to: '13:00' }, noon, '2026-03-11T17:00'],
    ['an hour that is none counts as none', { from: 'noon', to: '13:00' }, noon, '2026-03-11T17:00'],
    ['an hour with more after it counts as none', { from: '12:30:00', to: '13:00' }, noon, '2026-03-11T17:00'],
    ['past midnight, in the evening', { from: '12:00', to: '09:00', weekdays: [3] }, noon, '2026-03-12T13:00'],
    [
      'past midnight, in the morning after',
      { from: '20:00', to: '09:00', weekdays: [3] },
      '2026-03-12T12:30:00Z',
      '2026-03-12T13:00',
    ],
    [
      'past midnight, not in the morning of the day itself',
      { from: '20:00', to: '09:00', weekdays: [3] },
      '2026-03-11T12:30:00Z',
      undefined,
    ],
    ['past midnight, over', { from: '20:00', to: '09:00', weekdays: [3] }, '2026-03-12T13:00:00Z', undefined],
    ['past midnight, not yet', { from: '12:01', to: '09:00', weekdays: [3] }, noon, undefined],
    ['of no length is of the whole day', { from: '12:00', to: '12:00', weekdays: [3] }, noon, '2026-03-12T16:00'],
  ])('%s', (_what, says, at, opens) => {
    expect(asked(at, hoursRule(), {}, [wish(says)]).map((block) => block.slice(6, 22))).toEqual(
      opens === undefined ? [] : [opens],
    );
  });

  test('is told, and counts before any agreement', () => {
    const events = [wish({ from: '10:00', to: '13:00' }), consent({ from: '00:00', to: '24:00' })];
    expect(asked(noon, hoursRule(), {}, events)).toEqual([
      'defer 2026-03-11T17:00:00.000Z The person asked not to be contacted from 10:00 to 13:00.',
    ]);
  });

  test('counts for the person and channel it is about, until it is withdrawn, where the rule heeds wishes', () => {
    const always = { from: '00:00', to: '24:00' };
    const blocked = (events: readonly EventFact[], rule = hoursRule()) => asked(noon, rule, {}, events).length > 0;
    expect(blocked([wish(always)])).toBe(true);
    expect(blocked([wish(always)], hoursRule({ wishes: false }))).toBe(false);
    expect(blocked([wish({ ...always, channel: 'sms' })])).toBe(false);
    expect(blocked([wish({ ...always, personId: 'sp' })])).toBe(false);
    expect(blocked([wish(always), someEvent('inconvenient_time_withdrawn', old)])).toBe(false);
    expect(blocked([wish(always), someEvent('inconvenient_time_withdrawn', old, { personId: 'sp' })])).toBe(true);
  });

  test('for every hour of every day never opens', () => {
    expect(asked(noon, hoursRule(), {}, [wish({})])).toEqual([
      'deny The person asked not to be contacted from 00:00 to 24:00. There is no open hour within a year.',
    ]);
  });
});

describe('an agreement', () => {
  const saturday = '2026-03-14T16:00:00Z';
  test('opens what is closed: the evening, the weekend, a holiday', () => {
    const evening = consent({ from: '18:00', to: '20:00' });
    expect(asked('2026-03-11T23:59:59Z', hoursRule(), {}, [evening])).toEqual([]);
    expect(asked('2026-03-12T00:00:00Z', hoursRule(), {}, [evening])).toHaveLength(1);
    expect(asked(saturday, hoursRule(), {}, [consent({ weekdays: [6] })])).toEqual([]);
    const holiday = { holidays: { 'US/2026-03-11': 'Founders Day' } };
    expect(
      asked('2026-03-11T16:00:00Z', hoursRule({ holidays: 'person' }), holiday, [consent({ weekdays: [3] })]),
    ).toEqual([]);
  });

  test('is where the next opening may lie, on days that are else shut', () => {
    const sunday = consent({ weekdays: [7], from: '15:00', to: '16:00' });
    expect(asked(saturday, hoursRule(), {}, [sunday])[0]).toMatch(/^defer 2026-03-15T19:00/);
  });

  test('counts given to this collector, by this person, for this channel, until revoked, where the rule heeds wishes', () => {
    const open = (events: readonly EventFact[], rule = hoursRule()) => asked(saturday, rule, {}, events).length === 0;
    expect(open([consent({})])).toBe(true);
    expect(open([consent({})], hoursRule({ wishes: false }))).toBe(false);
    expect(open([consent({ givenTo: 'prior_collector' })])).toBe(false);
    expect(open([consent({ channel: 'sms' })])).toBe(false);
    expect(open([consent({ personId: 'sp' })])).toBe(false);
    expect(open([consent({}), someEvent('time_consent_revoked', old)])).toBe(false);
    expect(open([consent({}), someEvent('time_consent_revoked', old, { personId: 'sp' })])).toBe(true);
  });
});

describe('the person’s own hours', () => {
  const rule = hoursRule({ ownHours: { types: ['works'] }, holidays: 'person' });
  const works = (says: Partial<EventFact>) => someEvent('works', old, says);
  test('stand in place of the windows, the latest told', () => {
    const night = works({ from: '20:00', to: '23:00' });
    expect(asked('2026-03-12T00:00:00Z', rule, {}, [night])).toEqual([]);
    expect(asked('2026-03-11T16:00:00Z', rule, {}, [night])).toEqual([
      'defer 2026-03-12T00:00:00.000Z It is 12:00 in America/New_York, outside the hours known of this person there.',
    ]);
    expect(asked('2026-03-11T16:00:00Z', rule, {}, [night, works({ from: '12:00', to: '13:00' })])).toEqual([]);
    expect(asked('2026-03-12T00:00:00Z', rule, {}, [night, works({ from: '12:00', to: '13:00' })])).toHaveLength(1);
    expect(asked('2026-03-14T16:00:00Z', rule, {}, [works({ weekdays: [7], from: '09:00' })])[0]).toMatch(
      /^defer 2026-03-15T13:00/,
    );
  });

  test('do not open a holiday, and change nothing where none are told', () => {
    const holidays = { 'US/2026-03-11': 'Founders Day' };
    expect(asked('2026-03-11T16:00:00Z', rule, { holidays }, [works({})])[0]).toMatch(/Founders Day/);
    expect(asked('2026-03-11T16:00:00Z', rule)).toEqual([]);
    expect(asked('2026-03-11T02:00:00Z', rule)[0]).toMatch(/contact is open from 08:00/);
  });
});

describe('the holidays of a rule', () => {
  const lookup = (country: string, region: string | null) => `${country}/${region}`;
  const of = (holidays: HoursParameters['holidays'], country: string | null = 'US', region: string | null = 'NY') =>
    holidaysOf(
      hoursRule({ ...(holidays && { holidays }) }),
      { person: { country, region }, client: { country: 'GB' } },
      lookup,
    )(calendarDate('2026-03-11'));
  test('are nobody’s, the person’s or the client’s, or those of a place', () => {
    expect(of(undefined)).toBeNull();
    expect(of('person')).toBe('US/NY');
    expect(of('person', null, null)).toBe('GB/null');
    expect(of({ country: 'CA' })).toBe('CA/null');
    expect(of({ country: 'CA', region: 'QC' })).toBe('CA/QC');
  });
});

describe('the window of a day', () => {
  const zone = timeZone('America/New_York');
  const of = (rule: RuleOf<'hours'>, day: string, holiday: string | null = null) => {
    const window = windowOfDay(rule, calendarDate(day), zone, () => holiday);
    return window && [window.opens.toISOString(), window.closes.toISOString()];
  };
  test('is from its first opening to its last closing', () => {
    expect(of(hoursRule(), '2026-03-11')).toEqual(['2026-03-11T12:00:00.000Z', '2026-03-11T22:00:00.000Z']);
    const parted = hoursRule({
      windows: [
        { weekdays: [3], opens: '14:00', closes: '24:00' },
        { weekdays: [3], opens: '08:00', closes: '12:00' },
        { weekdays: [4], opens: '01:00', closes: '02:00' },
      ],
    });
    expect(of(parted, '2026-03-11')).toEqual(['2026-03-11T12:00:00.000Z', '2026-03-12T04:00:00.000Z']);
  });

  test('is none on other weekdays and holidays', () => {
    expect(of(hoursRule(), '2026-03-14')).toBeNull();
    expect(of(hoursRule(), '2026-03-11', 'Founders Day')).toBeNull();
  });

  test('closes at the later showing of an hour that is repeated', () => {
    const sunday = hoursRule({ windows: [{ weekdays: [7], opens: '01:00', closes: '01:30' }] });
    expect(of(sunday, '2026-11-01')).toEqual(['2026-11-01T05:00:00.000Z', '2026-11-01T06:30:00.000Z']);
  });
});
