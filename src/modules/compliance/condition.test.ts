import { describe, expect, test } from 'vitest';
import { asksAboutDebt, type Condition, dateIn, type EventPattern, holds, matching } from './condition.ts';
import type { AccountFact, EventFact } from './gate-facts.ts';
import { someCase, someEvent, someFacts } from './rules/testing.ts';

type Given = Parameters<typeof someCase>[0];

const [account] = someFacts().accounts as [AccountFact];
const yes: Condition = { field: 'collector', is: 'first_party' };
const no: Condition = { field: 'collector', is: 'debt_buyer' };
const unknown: Condition = { field: 'person.incorporated', is: true };

describe('what the facts do not say is neither true nor false', () => {
  test.each<[string, Condition, boolean | undefined]>([
    ['all: both', { all: [yes, yes] }, true],
    ['all: one not', { all: [yes, no] }, false],
    ['all: one not, the other unknown', { all: [unknown, no] }, false],
    ['all: one not before the unknown', { all: [no, unknown] }, false],
    ['all: one unknown', { all: [unknown, yes] }, undefined],
    ['all: the last unknown', { all: [yes, unknown] }, undefined],
    ['any: neither', { any: [no, no] }, false],
    ['any: the second', { any: [no, yes] }, true],
    ['any: one, the other unknown', { any: [unknown, yes] }, true],
    ['any: one before the unknown', { any: [yes, unknown] }, true],
    ['any: one unknown', { any: [no, unknown] }, undefined],
    ['not: true', { not: yes }, false],
    ['not: false', { not: no }, true],
    ['not: unknown', { not: unknown }, undefined],
  ])('%s', (_what, condition, truth) => {
    expect(holds(condition, someCase())).toBe(truth);
  });

  test('one condition is asked of many cases', () => {
    const condition: Condition = { not: { field: 'collector', is: ['first_party', 'debt_buyer'] } };
    const asked = (['third_party', 'first_party', 'debt_buyer', 'third_party'] as const).map((collector) =>
      holds(condition, someCase({ facts: { collector } })),
    );
    expect(asked).toEqual([true, false, false, true]);
  });
});

describe('facts a condition may ask about', () => {
  const person = someFacts().person;
  const address = { key: 'ap@example.com', quality: 'verified', ended: false };
  const debt = (changes: Partial<AccountFact>): Given => ({ debt: { ...account, ...changes } });
  test.each<[string, Given, string | number | boolean]>([
    ['collector', { facts: { collector: 'debt_buyer' } }, 'debt_buyer'],
    ['debtKind', { facts: { debtKind: 'consumer' } }, 'consumer'],
    ['proposal.channel', { proposal: { channel: 'visit' } }, 'visit'],
    ['proposal.purpose', { proposal: { purpose: 'verification' } }, 'verification'],
    ['proposal.dialMode', { proposal: { act: 'manual_call', dialMode: 'auto' } }, 'auto'],
    ['proposal.dialMode', { proposal: { act: 'manual_call' } }, 'manual'],
    ['proposal.dialMode', { proposal: { act: 'recorded_after' } }, 'manual'],
    ['proposal.initial', { proposal: { initial: true } }, true],
    ['recipient.role', { facts: { recipient: { id: 'x', role: 'spouse' } } }, 'spouse'],
    ['person.ageYears', { facts: { person: { ...person, ageYears: 17 } } }, 17],
    ['person.incorporated', { facts: { person: { ...person, incorporated: true } } }, true],
    ['person.country', { facts: { person: { ...person, country: 'GB' } } }, 'GB'],
    ['person.region', { facts: { person: { ...person, region: 'TX' } } }, 'TX'],
    ['address.place', { facts: { address: { ...address, place: 'work' } } }, 'work'],
    ['address.lineType', { facts: { address: { ...address, lineType: 'wireless' } } }, 'wireless'],
    ['address.employerProvided', { facts: { address: { ...address, employerProvided: true } } }, true],
    ['address.employerProvided', { facts: { address: null } }, false],
    ['debt.product', debt({ product: 'medical' }), 'medical'],
    ['debt.chargedOff', debt({ chargedOff: true }), true],
    ['debt.daysPastDue', debt({ daysPastDue: 31 }), 31],
    ['debt.limitationExpiredOn', debt({ limitationExpiredOn: '2026-01-01' }), '2026-01-01'],
    ['debt.principalMinor', debt({ principalMinor: 7 }), 7],
    ['debt.agreedOn', debt({ agreedOn: '2020-01-01' }), '2020-01-01'],
    ['debt.state', debt({ state: 'legal' }), 'legal'],
    ['debt.securedBy', debt({ securedBy: 'motor_vehicle' }), 'motor_vehicle'],
    ['content.language', { proposal: { content: { language: 'es' } } }, 'es'],
  ])('%s', (field, given, value) => {
    expect(holds({ field, is: value }, someCase(given))).toBe(true);
    expect(holds({ field, is: 'something else' }, someCase(given))).toBe(false);
  });

  test.each<[string, Given]>([
    ['proposal.dialMode', {}],
    ['address.place', {}],
    ['address.lineType', {}],
    ['address.employerProvided', {}],
    ['debt.product', {}],
    ['debt.chargedOff', {}],
    ['debt.daysPastDue', {}],
    ['debt.limitationExpiredOn', {}],
    ['debt.principalMinor', {}],
    ['debt.agreedOn', {}],
    ['debt.state', {}],
    ['debt.securedBy', {}],
    ['content.language', {}],
  ])('%s may be unknown', (field, given) => {
    expect(holds({ field, is: 'x' }, someCase(given))).toBeUndefined();
  });

  test('no address has no place and no kind of line', () => {
    const none = someCase({ facts: { address: null } });
    expect(holds({ field: 'address.place', is: ['home', null] }, none)).toBe(true);
    expect(holds({ field: 'address.lineType', is: ['wireless', null] }, none)).toBe(true);
    expect(holds({ field: 'address.place', is: 'home' }, none)).toBe(false);
  });

  test('what has happened is asked nothing about its content', () => {
    const content: Condition = { field: 'content.recorded', is: true };
    expect(holds(content, someCase({ proposal: { content: {} } }))).toBeUndefined();
    expect(holds(content, someCase({ proposal: { content: { recorded: true } } }))).toBe(true);
    const after = someCase({ proposal: { act: 'recorded_after', content: { recorded: true } } });
    expect(holds(content, after)).toBe(false);
  });
});

describe('what is asked of a fact', () => {
  const past = (debt: Partial<AccountFact>, at = '2026-03-11T16:00:00Z') => ({ debt: { ...account, ...debt }, at });
  const due: Condition = { field: 'debt.limitationExpiredOn', past: true };
  const agreed: Condition = { field: 'debt.agreedOn', before: '2020-06-01' };
  const late = (daysPastDue: number): Given => ({ debt: { ...account, daysPastDue } });
  const age = (ageYears: number | null): Given => ({ facts: { person: { ...someFacts().person, ageYears } } });
  const has: Condition = { field: 'content.has', has: 'identity' };
  const saying = (content: NonNullable<NonNullable<Given>['proposal']>['content']): Given => ({
    proposal: { content: content ?? {} },
  });
  const same: Condition = { field: 'content.language', sameAs: 'content.disclosureLanguage' };
  test.each<[string, Condition, Given, boolean | undefined]>([
    ['has: it does', has, saying({ has: ['opt_out', 'identity'] }), true],
    ['has: it does not', has, saying({ has: ['opt_out'] }), false],
    ['has: no list', has, saying({ has: 'identity' as unknown as string[] }), false],
    ['has: unknown', has, saying({}), undefined],
    ['below', { field: 'debt.daysPastDue', below: 30 }, late(29), true],
    ['not below', { field: 'debt.daysPastDue', below: 30 }, late(30), false],
    ['over', { field: 'debt.daysPastDue', over: 30 }, late(31), true],
    ['not over', { field: 'debt.daysPastDue', over: 30 }, late(30), false],
    ['no number is not below', { field: 'person.ageYears', below: 18 }, age(null), false],
    ['an unknown number', { field: 'debt.daysPastDue', below: 30 }, {}, undefined],
    ['before', agreed, past({ agreedOn: '2020-05-31' }), true],
    ['on the day is not before', agreed, past({ agreedOn: '2020-06-01' }), false],
    ['before: unknown', agreed, past({}), undefined],
    ['past: yesterday', due, past({ limitationExpiredOn: '2026-03-10' }), true],
    ['past: today', due, past({ limitationExpiredOn: '2026-03-11' }), false],
    ['past: the person’s today', due, past({ limitationExpiredOn: '2026-03-10' }, '2026-03-11T03:59:00Z'), false],
    ['past: there is none', due, past({ limitationExpiredOn: null }), false],
    ['past: unknown', due, past({}), undefined],
    ['since: the day', { since: '2026-03-11' }, {}, true],
    ['since: the day before', { since: '2026-03-12' }, {}, false],
    ['the same', same, saying({ language: 'en', disclosureLanguage: 'en' }), true],
    ['not the same', same, saying({ language: 'en', disclosureLanguage: 'es' }), false],
    ['the same: one unknown', same, saying({ language: 'en' }), undefined],
    ['the same: the other unknown', same, saying({ disclosureLanguage: 'en' }), undefined],
  ])('%s', (_what, condition, given, truth) => {
    expect(holds(condition, someCase(given))).toBe(truth);
  });
});

const found = (pattern: Omit<EventPattern, 'types'>, events: readonly EventFact[], given: Given = {}): string[] => {
  const judged = someCase({ ...given, facts: { ...given.facts, events } });
  return matching({ types: ['x'], ...pattern }, judged).map(({ fact }) => String(fact['name'] ?? fact.at));
};
const x = (at: string, says: Partial<EventFact> = {}) => someEvent('x', at, says);
const end = (at: string, says: Partial<EventFact> = {}) => someEvent('end', at, says);
const now = '2026-03-11T16:00:00Z';
const before = '2026-03-01T16:00:00Z';
const [acc1, acc2] = ['00000000-0000-7000-8000-00000000acc1', '00000000-0000-7000-8000-00000000acc2'] as const;

describe('an event is meant', () => {
  test('by its type, and once it has happened', () => {
    expect(found({}, [x(before), end(before), x(now), x('2026-03-11T16:00:00.001Z')])).toEqual([before, now]);
    const two = matching({ types: ['x', 'end'] }, someCase({ facts: { events: [end(before), x(now)] } }));
    expect(two.map(({ fact }) => fact.type)).toEqual(['end', 'x']);
  });

  test.each<[string, EventPattern['where'], Partial<EventFact>, boolean]>([
    ['as wanted', { form: 'written' }, { form: 'written' }, true],
    ['otherwise', { form: 'written' }, { form: 'oral' }, false],
    ['absent', { form: 'written' }, {}, false],
    ['one of several', { form: ['written', 'oral'] }, { form: 'oral' }, true],
    ['absent where that is allowed', { form: ['written', null] }, {}, true],
    ['null where that is allowed', { form: ['written', null] }, { form: null }, true],
    ['none of several', { form: ['written', null] }, { form: 'oral' }, false],
    ['both', { form: 'written', timely: true }, { form: 'written', timely: true }, true],
    ['one of both', { form: 'written', timely: true }, { form: 'written', timely: false }, false],
  ])('by what it says: %s', (_what, where, says, meant) => {
    expect(found({ where }, [x(before, says)])).toHaveLength(Number(meant));
  });

  const spouse: Given = { facts: { recipient: { id: 'sp', role: 'spouse' } } };
  const at = (place: 'home' | 'work' | null | undefined): Given => ({
    facts: { address: { key: 'ap@example.com', quality: 'ok', ended: false, ...(place !== undefined && { place }) } },
  });
  const [own, other] = [someFacts().client.id, 'another client'];
  test.each<[NonNullable<EventPattern['about']>[number], string, Partial<EventFact>, Given, boolean]>([
    ['debt', 'all debts', {}, { debt: account }, true],
    ['debt', 'this one', { debtIds: [acc1] }, { debt: account }, true],
    ['debt', 'another', { debtIds: [acc2] }, { debt: account }, false],
    ['debt', 'no debt is asked about', { debtIds: [acc2] }, {}, true],
    ['person', 'who owes', {}, {}, true],
    ['person', 'who owes, said outright', { personId: null }, {}, true],
    ['person', 'somebody else', { personId: 'sp' }, spouse, false],
    ['recipient', 'who owes', {}, {}, true],
    ['recipient', 'who owes, and the act reaches another', {}, spouse, false],
    ['recipient', 'the other', { personId: 'sp' }, spouse, true],
    ['recipient', 'another, and the act reaches who owes', { personId: 'sp' }, {}, false],
    ['address', 'every address', {}, {}, true],
    ['address', 'this one', { addressKey: 'ap@example.com' }, {}, true],
    ['address', 'another', { addressKey: 'b@example.com' }, {}, false],
    ['same_address', 'none named', {}, {}, false],
    ['same_address', 'none named and none used', {}, { proposal: { addressKey: null } }, false],
    ['same_address', 'this one', { addressKey: 'ap@example.com' }, {}, true],
    ['same_address', 'another', { addressKey: 'b@example.com' }, {}, false],
    ['channel', 'every channel', {}, {}, true],
    ['channel', 'this one', { channel: 'email' }, {}, true],
    ['channel', 'another', { channel: 'sms' }, {}, false],
    ['client', 'every client', {}, {}, true],
    ['client', 'this one', { clientId: own }, {}, true],
    ['client', 'another', { clientId: other }, {}, false],
    ['place', 'this one', { place: 'work' }, at('work'), true],
    ['place', 'another', { place: 'work' }, at('home'), false],
    ['place', 'any might be, where the place is unknown', { place: 'work' }, at(undefined), true],
    ['place', 'none, where the address goes with the person', { place: 'work' }, at(null), false],
    ['place', 'none, where there is no address', { place: 'work' }, { facts: { address: null } }, false],
  ])('by what it is about: %s, %s', (subject, _what, says, given, meant) => {
    expect(found({ about: [subject] }, [x(before, says)], given)).toHaveLength(Number(meant));
  });

  test('only when it is about all that is asked', () => {
    const about = ['channel', 'address'] as const;
    expect(found({ about: [...about] }, [x(before, { channel: 'email', addressKey: 'b@example.com' })])).toEqual([]);
    expect(found({ about: [...about] }, [x(before, { channel: 'sms', addressKey: 'ap@example.com' })])).toEqual([]);
  });
});

describe('an event matters', () => {
  test.each<[string, Partial<EventPattern>, EventFact, boolean]>([
    ['so many days back', { withinDays: 10 }, x('2026-03-01T05:00:00Z'), true],
    ['the person’s days', { withinDays: 10 }, x('2026-03-01T04:59:59Z'), false],
    ['the day it was counted to', { withinDays: 10 }, x('2026-03-01T04:59:59Z', { localOn: '2026-03-01' }), true],
    ['today', { withinDays: 0 }, x('2026-03-11T04:00:00Z'), true],
    ['not yesterday', { withinDays: 0 }, x('2026-03-11T03:59:59Z'), false],
    ['so many minutes back', { withinMinutes: 30 }, x('2026-03-11T15:30:00Z'), true],
    ['not a moment longer', { withinMinutes: 30 }, x('2026-03-11T15:29:59.999Z'), false],
    ['to its last day', { until: 'through' }, x(before, { through: '2026-03-11' }), true],
    ['not after it', { until: 'through' }, x(before, { through: '2026-03-10' }), false],
    ['to the day of an instant', { until: 'through' }, x(before, { through: '2026-03-11T01:00:00Z' }), true],
    ['for ever without a last day', { until: 'through' }, x(before), true],
    ['for ever without a readable one', { until: 'through' }, x(before, { through: 'x 2026-03-10' }), true],
  ])('%s', (_what, pattern, event, matters) => {
    expect(found(pattern, [event])).toHaveLength(Number(matters));
  });

  const last = (limitationExpiredOn?: string | null): Given => ({
    debt: { ...account, ...(limitationExpiredOn !== undefined && { limitationExpiredOn }) },
  });
  test.each<[string, Given, string, boolean]>([
    ['on its last day', last('2026-02-28'), '2026-03-01T04:59:00Z', true],
    ['not after it', last('2026-02-28'), '2026-03-01T05:00:00Z', false],
    ['on its first day', last('2026-02-28'), '2020-03-01T05:00:00Z', true],
    ['not before it', last('2026-02-28'), '2020-02-29T04:59:00Z', false],
    ['never where no period runs', last(null), before, false],
    ['never where none is known', last(), before, false],
    ['never without a debt', {}, before, false],
  ])('in the years before a date: %s', (_what, given, at, matters) => {
    const during = { years: 6, endsOn: 'debt.limitationExpiredOn' as const };
    expect(found({ during }, [x(at)], given)).toHaveLength(Number(matters));
  });

  const endedBy: EventPattern = { types: ['end'], where: { real: ['yes', null] } };
  const later = '2026-03-05T16:00:00Z';
  test.each<[string, readonly EventFact[], readonly string[]]>([
    ['until it is ended', [x(before), end(later)], []],
    ['until it is ended at the same instant', [x(before), end(before)], []],
    ['until it is ended now', [x(before), end(now)], []],
    ['before an end that lies ahead', [x(before), end('2026-03-11T16:00:01Z')], [before]],
    ['after an earlier end', [end(before), x(later)], [later]],
    ['in spite of an end that is not meant', [x(before), end(later, { real: 'no' })], [before]],
    [
      'in spite of an end about another debt',
      [x(before, { debtIds: [acc1] }), end(later, { debtIds: [acc2] })],
      [before],
    ],
    [
      'until an end about one of its debts',
      [x(before, { debtIds: [acc1, acc2] }), end(later, { debtIds: [acc2] })],
      [],
    ],
    ['until an end about all debts', [x(before, { debtIds: [acc1] }), end(later)], []],
    ['for all debts until an end about one', [x(before), end(later, { debtIds: [acc2] })], []],
    ['each by itself', [x(before), end(later), x(now)], [now]],
  ])('%s', (_what, events, names) => {
    expect(found({ endedBy }, events)).toEqual(names);
  });

  test('for ever where nothing ends it', () => {
    expect(found({}, [x(before), end(later)])).toEqual([before]);
  });

  test('until the next of its kind, where its own kind ends it', () => {
    expect(found({ endedBy: { types: ['x'] } }, [x(before), x(later)])).toEqual([later]);
  });
});

describe('the order of events', () => {
  const first = (at: string, says: Partial<EventFact> = {}) => someEvent('first', at, says);
  const started: EventPattern = { types: ['first', 'x'], where: { real: ['yes', null] } };
  const after = '2026-03-05T16:00:00Z';
  test.each<[string, readonly EventFact[], boolean]>([
    ['nothing before it', [x(after)], false],
    ['in time', [first('2026-03-02T16:00:00Z'), x(after)], true],
    ['on the last day, whatever the hour', [first('2026-03-02T05:00:00Z'), x('2026-03-06T04:59:00Z')], true],
    ['a day late', [first('2026-03-02T04:59:00Z'), x(after)], false],
    ['at the same instant', [first(after), x(after)], true],
    ['the wrong way round', [x(after), first('2026-03-05T16:00:01Z')], false],
    ['after one that is not meant', [first(before, { real: 'no' }), x(after)], false],
    ['about another debt', [first('2026-03-04T16:00:00Z', { debtIds: [acc2] }), x(after, { debtIds: [acc1] })], false],
  ])('following: %s', (_what, events, meant) => {
    expect(found({ following: { event: started, days: 3 } }, events)).toHaveLength(Number(meant));
  });

  test.each<[string, readonly EventFact[], boolean]>([
    ['nothing before it', [x(after)], true],
    ['long before it', [first('2020-03-01T16:00:00Z'), x(after)], false],
    ['at the same instant', [first(after), x(after)], false],
    ['only after it', [x(after), first('2026-03-05T16:00:01Z')], true],
    ['one that is not meant', [first(before, { real: 'no' }), x(after)], true],
    ['about another debt', [first(before, { debtIds: [acc2] }), x(after, { debtIds: [acc1] })], true],
  ])('not after: %s', (_what, events, meant) => {
    expect(found({ unlessAfter: started }, events)).toHaveLength(Number(meant));
  });

  test('both must be as wanted', () => {
    const pattern = { following: { event: started, days: 3 }, unlessAfter: { types: ['bar'] } };
    expect(found(pattern, [first('2026-03-04T16:00:00Z'), x(after)])).toHaveLength(1);
    expect(found(pattern, [first('2026-03-04T16:00:00Z'), someEvent('bar', before), x(after)])).toHaveLength(0);
  });
});

describe('the one answer to a message', () => {
  const message = (direction: 'in' | 'out', at: string, channel = 'email') =>
    someEvent('contact', at, { direction, channel });
  const asked = message('in', '2026-03-11T10:00:00Z');
  test.each<[string, readonly EventFact[], number | undefined, boolean]>([
    ['asked', [asked], undefined, true],
    ['asked so many hours ago', [asked], 6, true],
    ['asked longer ago', [message('in', '2026-03-11T09:59:59Z')], 6, false],
    ['never asked', [], undefined, false],
    ['only told', [message('out', '2026-03-11T10:00:00Z')], undefined, false],
    ['answered', [asked, message('out', '2026-03-11T11:00:00Z')], undefined, false],
    [
      'answered and asked again',
      [asked, message('out', '2026-03-11T11:00:00Z'), message('in', '2026-03-11T12:00:00Z')],
      6,
      true,
    ],
    ['asked in another medium', [message('in', '2026-03-11T10:00:00Z', 'sms')], undefined, false],
    ['answered in another medium', [asked, message('out', '2026-03-11T11:00:00Z', 'sms')], undefined, true],
    ['asked this moment', [message('in', now)], undefined, true],
    ['asked in the future', [message('in', '2026-03-11T16:00:01Z')], undefined, false],
  ])('%s', (_what, events, withinHours, truth) => {
    const condition: Condition = { answersOnce: withinHours === undefined ? {} : { withinHours } };
    expect(holds(condition, someCase({ facts: { events }, proposal: { inReplyTo: 'consumer' } }))).toBe(truth);
    expect(holds(condition, someCase({ facts: { events } }))).toBe(false);
  });
});

test('a condition about an event holds when there is one', () => {
  const condition: Condition = { event: { types: ['x'] } };
  expect(holds(condition, someCase({ facts: { events: [x(before)] } }))).toBe(true);
  expect(holds(condition, someCase())).toBe(false);
});

test.each<[Condition, boolean]>([
  [yes, false],
  [{ field: 'debt.state', is: 'legal' }, true],
  [{ all: [yes, { field: 'debt.state', is: 'legal' }] }, true],
  [{ all: [yes, no] }, false],
  [{ any: [yes, { field: 'debt.daysPastDue', over: 3 }] }, true],
  [{ any: [yes, no] }, false],
  [{ not: { field: 'debt.state', is: 'legal' } }, true],
  [{ not: yes }, false],
  [{ since: '2026-01-01' }, false],
  [{ answersOnce: {} }, false],
  [{ event: { types: ['x'] } }, false],
  [{ event: { types: ['x'], about: ['person'] } }, false],
  [{ event: { types: ['x'], about: ['person', 'debt'] } }, true],
  [{ event: { types: ['x'], during: { years: 6, endsOn: 'debt.limitationExpiredOn' } } }, true],
  [{ event: { types: ['x'], endedBy: { types: ['y'], about: ['debt'] } } }, true],
  [{ event: { types: ['x'], endedBy: { types: ['y'] } } }, false],
])('%j is about one debt: %s', (condition, about) => {
  expect(asksAboutDebt(condition)).toBe(about);
});

test.each<[EventFact['x'], string | null]>([
  ['2026-03-11', '2026-03-11'],
  ['2026-03-11T10:00:00Z', '2026-03-11'],
  ['on 2026-03-11', null],
  ['2026-3-11', null],
  [20260311, null],
  [undefined, null],
])('the date in %j is %s', (says, date) => {
  const [event] = someCase({ facts: { events: [x(before, { says })] } }).events;
  expect(event && dateIn(event, 'says')).toBe(date);
});
