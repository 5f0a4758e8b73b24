import { describe, expect, test } from 'vitest';
import type { AccountFact, EventFact } from '../gate-facts.ts';
import type { RuleOf } from '../rule-pack.ts';
import { cap, coolDown } from './frequency.ts';
import { anyRule, said, someCase, someEvent, someFacts } from './testing.ts';

type Given = Parameters<typeof someCase>[0];

const [account] = someFacts().accounts as [AccountFact];
const person = (...zones: string[]) => ({ ...someFacts().person, zones });
const call = (localOn: string, says: Partial<EventFact> = {}) =>
  someEvent('contact', `${localOn}T16:00:00Z`, { channel: 'call', localOn, ...says });
const consent = (at: string, says: Partial<EventFact> = {}) =>
  someEvent('call_consent', at, { givenTo: 'this_collector', ...says });

const capRule = (parameters: Partial<RuleOf<'cap'>['parameters']> = {}): RuleOf<'cap'> => ({
  ...anyRule,
  kind: 'cap',
  parameters: { limit: 2, windowDays: 7, counts: [{ types: ['contact'], where: { channel: 'call' } }], ...parameters },
});
const capped = (events: readonly EventFact[], rule = capRule(), given: Given = {}) =>
  said(cap(rule, someCase({ ...given, facts: { ...given?.facts, events } })));

describe('a cap', () => {
  test('counts the days of the window, the first and today included', () => {
    expect(capped([call('2026-03-05'), call('2026-03-11')])).toEqual([
      'defer 2026-03-12T04:00:00.000Z The limit of 2 per 7 days is reached.',
    ]);
    expect(capped([call('2026-03-04'), call('2026-03-11')])).toEqual([]);
    expect(capped([call('2026-03-11')])).toEqual([]);
    expect(capped([])).toEqual([]);
  });

  test('opens on the day on which enough of what is counted has left the window', () => {
    expect(capped([call('2026-03-06'), call('2026-03-07'), call('2026-03-08'), call('2026-03-10')])[0]).toMatch(
      /^defer 2026-03-15T04:00/,
    );
    expect(capped([call('2026-03-11'), call('2026-03-11'), call('2026-03-11')])[0]).toMatch(/^defer 2026-03-18T04:00/);
    const year = capRule({ windowDays: 366, limit: 1 });
    expect(capped([call('2026-03-11')], year)[0]).toMatch(/^defer 2027-03-12T05:00/);
  });

  test('of one day is said to be of a day', () => {
    const daily = capRule({ windowDays: 1, limit: 1 });
    expect(capped([call('2026-03-11')], daily)).toEqual([
      'defer 2026-03-12T04:00:00.000Z The limit of 1 per day is reached.',
    ]);
    expect(capped([call('2026-03-10')], daily)).toEqual([]);
  });

  test('of a calendar week counts from Monday and opens on the next', () => {
    // 11 March 2026 is a Wednesday.
    const { windowDays: _none, ...parameters } = capRule({ limit: 1, calendarWeek: true }).parameters;
    const weekly = { ...capRule(), parameters };
    expect(capped([call('2026-03-09')], weekly)).toEqual([
      'defer 2026-03-16T04:00:00.000Z The limit of 1 per week is reached.',
    ]);
    expect(capped([call('2026-03-08')], weekly)).toEqual([]);
    expect(capped([call('2026-03-15')], weekly, { at: '2026-03-15T16:00:00Z' })[0]).toMatch(/^defer 2026-03-16T04:00/);
    expect(capped([call('2026-03-09')], weekly, { at: '2026-03-16T03:59:00Z' })).toHaveLength(1);
    expect(capped([call('2026-03-09')], weekly, { at: '2026-03-16T04:00:00Z' })).toEqual([]);
  });

  test('counts what any of its patterns means, and nothing else', () => {
    const rule = capRule({
      limit: 1,
      counts: [
        { types: ['contact'], where: { channel: 'call' } },
        { types: ['visit_made'], where: { real: true } },
      ],
    });
    expect(capped([call('2026-03-11', { channel: 'email' })], rule)).toEqual([]);
    expect(capped([someEvent('visit_made', '2026-03-11T14:00:00Z', { real: true })], rule)).toHaveLength(1);
    expect(capped([someEvent('visit_made', '2026-03-11T14:00:00Z', { real: false })], rule)).toEqual([]);
    expect(capped([someEvent('noise', '2026-03-11T14:00:00Z')], rule)).toEqual([]);
  });

  test('counts what has happened by now, and not through a number that is not the person’s', () => {
    const rule = capRule({ limit: 1 });
    const at = '2026-03-11T16:00:00.000Z';
    expect(capped([someEvent('contact', at, { channel: 'call' })], rule)).toHaveLength(1);
    expect(capped([someEvent('contact', '2026-03-11T16:00:00.001Z', { channel: 'call' })], rule)).toEqual([]);
    const wrong = someEvent('number_misdirected', at, { addressKey: '+1' });
    expect(capped([call('2026-03-11', { addressKey: '+1' }), wrong], rule)).toEqual([]);
  });

  test('counts only what came after what it counts from, and nothing before there is one', () => {
    const rule = capRule({ limit: 1, since: { types: ['purchase'] } });
    const bought = (at: string) => someEvent('purchase', at);
    expect(capped([call('2026-03-11')], rule)).toEqual([]);
    expect(capped([bought('2026-03-11T15:59:59Z'), call('2026-03-11')], rule)).toHaveLength(1);
    expect(capped([bought('2026-03-11T16:00:00Z'), call('2026-03-11')], rule)).toEqual([]);
    expect(
      capped([bought('2026-03-01T00:00:00Z'), call('2026-03-11'), bought('2026-03-11T16:00:00Z')], rule),
    ).toHaveLength(1);
  });

  test('is judged by the zone that opens last, and says which debt it is about', () => {
    const rule = capRule({ limit: 1, windowDays: 1 });
    const events = [someEvent('contact', '2026-03-11T03:00:00Z', { channel: 'call' })];
    const zones = (...names: string[]) => ({
      at: '2026-03-11T05:00:00Z',
      facts: { person: person(...names) },
      debt: account,
    });
    expect(capped(events, rule, zones('America/New_York'))).toEqual([]);
    expect(capped(events, rule, zones('America/New_York', 'America/Los_Angeles'))).toEqual([
      `defer 2026-03-11T07:00:00.000Z ${account.id} The limit of 1 per day is reached.`,
    ]);
    const both = zones('America/Los_Angeles', 'America/New_York', 'America/Chicago');
    expect(
      capped([{ ...events[0], at: '2026-03-11T04:59:00Z' } as EventFact], rule, {
        ...both,
        at: '2026-03-11T04:59:30Z',
      }),
    ).toEqual([`defer 2026-03-12T04:00:00.000Z ${account.id} The limit of 1 per day is reached.`]);
  });

  test('does not count what was counted to a day to come', () => {
    const tomorrow = call('2026-03-11', { localOn: '2026-03-12' });
    expect(capped([tomorrow], capRule({ limit: 1 }))).toEqual([]);
  });

  test('about nobody’s zone counts nothing', () => {
    expect(capped([call('2026-03-11'), call('2026-03-11')], capRule(), { facts: { person: person() } })).toEqual([]);
  });
});

const coolRule = (parameters: Partial<RuleOf<'cool_down'>['parameters']> = {}): RuleOf<'cool_down'> => ({
  ...anyRule,
  kind: 'cool_down',
  parameters: { days: 7, after: { types: ['conversation'] }, ...parameters },
});
const talk = (at: string, says: Partial<EventFact> = {}) => someEvent('conversation', at, says);
const cooled = (events: readonly EventFact[], rule = coolRule(), given: Given = {}) =>
  said(coolDown(rule, someCase({ ...given, facts: { ...given?.facts, events } })));

describe('a cool-down', () => {
  test('lasts so many local days, the day of the event being the first', () => {
    const at = (instant: string) => cooled([talk('2026-03-05T04:59:00Z')], coolRule(), { at: instant });
    expect(at('2026-03-11T03:59:00Z')).toEqual([
      'defer 2026-03-11T04:00:00.000Z There was a conversation on 2026-03-04.',
    ]);
    expect(at('2026-03-11T04:00:00Z')).toEqual([]);
  });

  test('counts from the last of them', () => {
    expect(cooled([talk('2026-03-01T16:00:00Z'), talk('2026-03-10T16:00:00Z')])[0]).toMatch(/^defer 2026-03-17T04:00/);
    expect(
      cooled([
        talk('2026-03-10T16:00:00Z', { localOn: '2026-03-10' }),
        talk('2026-03-11T00:00:00Z', { localOn: '2026-03-08' }),
      ])[0],
    ).toMatch(/on 2026-03-10\.$/);
  });

  test('begins with nothing, with what is not meant, or with somebody else', () => {
    expect(cooled([])).toEqual([]);
    expect(cooled([someEvent('contact', '2026-03-11T15:00:00Z')])).toEqual([]);
    const wrong = someEvent('number_misdirected', '2026-03-11T15:00:00Z', { addressKey: '+1' });
    expect(cooled([talk('2026-03-11T15:00:00Z', { addressKey: '+1' }), wrong])).toEqual([]);
    expect(cooled([talk('2026-03-11T15:00:00Z', { addressKey: '+2' }), wrong])).toHaveLength(1);
  });

  test('does not look ahead: what is counted to a day to come has not been', () => {
    expect(cooled([talk('2026-03-11T15:00:00Z', { localOn: '2026-03-12' })])).toEqual([]);
    expect(cooled([talk('2026-03-11T15:00:00Z', { localOn: '2026-03-11' })])).toHaveLength(1);
  });

  test('is judged by the zone that opens last, and says which debt it is about', () => {
    const given = { facts: { person: person('Asia/Tokyo', 'America/New_York') }, debt: account };
    expect(cooled([talk('2026-03-10T16:00:00Z')], coolRule({ days: 3 }), given)).toEqual([
      `defer 2026-03-13T15:00:00.000Z ${account.id} There was a conversation on 2026-03-11.`,
    ]);
  });
});

describe('leave to be called', () => {
  const rule = coolRule({ consented: { days: 7 } });
  const spoke = talk('2026-03-09T16:00:00Z');
  const may = (events: readonly EventFact[]) => cooled([spoke, ...events], rule).length === 0;

  test.each<[string, readonly EventFact[], boolean]>([
    ['none', [], false],
    ['given', [consent('2026-03-10T16:00:00Z')], true],
    ['given this moment', [consent('2026-03-11T16:00:00Z')], true],
    ['given to somebody else', [consent('2026-03-10T16:00:00Z', { givenTo: 'prior_collector' })], false],
    ['given by another', [consent('2026-03-10T16:00:00Z', { personId: 'sp' })], false],
    ['for another day', [consent('2026-03-10T16:00:00Z', { validOn: '2026-03-12' })], false],
    ['for this day', [consent('2026-03-10T16:00:00Z', { validOn: '2026-03-11' })], true],
    ['for the day before', [consent('2026-03-10T16:00:00Z', { validOn: '2026-03-10' })], false],
    ['for the day of an instant', [consent('2026-03-10T16:00:00Z', { validOn: '2026-03-11T23:00:00Z' })], true],
    ['through today', [consent('2026-03-10T16:00:00Z', { through: '2026-03-11' })], true],
    ['through yesterday', [consent('2026-03-10T16:00:00Z', { through: '2026-03-10' })], false],
    ['taken back', [consent('2026-03-10T16:00:00Z'), someEvent('call_consent_revoked', '2026-03-10T17:00:00Z')], false],
    [
      'taken back this moment',
      [consent('2026-03-10T16:00:00Z'), someEvent('call_consent_revoked', '2026-03-11T16:00:00Z')],
      false,
    ],
    [
      'taken back by another',
      [consent('2026-03-10T16:00:00Z'), someEvent('call_consent_revoked', '2026-03-10T17:00:00Z', { personId: 'sp' })],
      true,
    ],
    [
      'taken back before it was given',
      [someEvent('call_consent_revoked', '2026-03-10T15:00:00Z'), consent('2026-03-10T16:00:00Z')],
      true,
    ],
    ['used up by a conversation', [consent('2026-03-10T16:00:00Z'), talk('2026-03-10T17:00:00Z')], false],
    ['given in the conversation itself', [talk('2026-03-10T16:00:00Z'), consent('2026-03-10T16:00:00Z')], true],
  ])('%s', (_what, events, allowed) => {
    expect(may(events)).toBe(allowed);
  });

  test('of a period the person named is never longer than the law’s', () => {
    const long = coolRule({ days: 20, consented: { days: 3 } });
    const asked = (at: string) =>
      cooled([spoke, consent('2026-03-09T17:00:00Z', { through: '2026-03-30' })], long, { at });
    expect(asked('2026-03-11T16:00:00Z')).toEqual([]);
    expect(asked('2026-03-12T03:59:00Z')).toEqual([]);
    expect(asked('2026-03-12T04:00:00Z')).toHaveLength(1);
    const unnamed = cooled([spoke, consent('2026-03-09T17:00:00Z')], long, { at: '2026-03-12T04:00:00Z' });
    expect(unnamed).toHaveLength(1);
  });

  test('lifts no rule that knows of none', () => {
    expect(cooled([spoke, consent('2026-03-10T16:00:00Z')], coolRule())).toHaveLength(1);
    expect(capped([call('2026-03-11'), consent('2026-03-10T16:00:00Z')], capRule({ limit: 1 }))).toHaveLength(1);
  });

  test('is about its own debts', () => {
    const given: Given = { debt: account };
    const about = (debtIds: string[]) => cooled([spoke, consent('2026-03-10T16:00:00Z', { debtIds })], rule, given);
    expect(about([account.id])).toEqual([]);
    expect(about(['another'])).toHaveLength(1);
  });

  test('takes the calls placed under it out of the count, and those alone', () => {
    const consented = capRule({ limit: 2, consented: { days: 2 } });
    const given = consent('2026-03-09T12:00:00Z');
    const calls = ['2026-03-09', '2026-03-10', '2026-03-11'].map((day) => call(day));
    expect(capped([given, ...calls], consented, { at: '2026-03-11T17:00:00Z' })).toEqual([]);
    expect(capped([given, ...calls, call('2026-03-11')], consented, { at: '2026-03-11T17:00:00Z' })[0]).toMatch(
      /^defer 2026-03-18T04:00/,
    );
    const early = [call('2026-03-09', { at: '2026-03-09T11:00:00Z' }), given, call('2026-03-11')];
    expect(capped(early, consented, { at: '2026-03-11T17:00:00Z' })).toHaveLength(1);
  });

  test('allows a call although the count is full', () => {
    const consented = capRule({ limit: 1, consented: { days: 7 } });
    const full = [call('2026-03-09'), call('2026-03-10')];
    expect(capped([...full, consent('2026-03-11T10:00:00Z')], consented)).toEqual([]);
    expect(capped([...full, consent('2026-03-11T16:00:01Z')], consented)).toHaveLength(1);
    const ended = [consent('2026-03-11T10:00:00Z'), talk('2026-03-11T11:00:00Z')];
    expect(capped([...full, ...ended], consented)).toHaveLength(1);
  });
});
