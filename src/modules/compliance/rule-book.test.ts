import { describe, expect, test } from 'vitest';
import { buildRuleBook, concerns, furtherChannels, type RuleBook, shippedPacks, tighten } from './rule-book.ts';
import { parsePack, type Rule, type RulePack } from './rule-pack.ts';
import { anyRule } from './rules/testing.ts';

const weekdays = [1, 2, 3, 4, 5];
const rules = {
  hours: {
    ...anyRule,
    kind: 'hours',
    parameters: {
      windows: [
        { weekdays, opens: '08:00', closes: '18:00' },
        { weekdays: [6], opens: '10:00', closes: '14:00' },
      ],
      wishes: true,
      unknownZone: 'deny',
    },
  },
  cap: { ...anyRule, kind: 'cap', parameters: { limit: 7, windowDays: 7, counts: [{ types: ['contact'] }] } },
  weekly: { ...anyRule, kind: 'cap', parameters: { limit: 3, calendarWeek: true, counts: [{ types: ['contact'] }] } },
  coolDown: { ...anyRule, kind: 'cool_down', parameters: { days: 7, after: { types: ['conversation'] } } },
  stop: { ...anyRule, kind: 'stop', parameters: { startedBy: { types: ['x'] }, lastsDays: 60 } },
  endless: { ...anyRule, kind: 'stop', parameters: { startedBy: { types: ['x'] } } },
  clock: {
    ...anyRule,
    kind: 'clock',
    parameters: { startedBy: { types: ['x'] }, doneBy: { types: ['y'] }, days: 30, businessDays: false },
  },
  condition: { ...anyRule, kind: 'condition', parameters: { deny: { field: 'collector', is: 'debt_buyer' } } },
} satisfies Record<string, Rule>;

describe('a tightening', () => {
  test.each<[keyof typeof rules, Record<string, unknown>, Record<string, unknown>]>([
    ['cap', { limit: 6 }, { limit: 6 }],
    ['cap', { limit: 7 }, {}],
    ['cap', { limit: 8 }, {}],
    ['cap', { limit: '6' }, {}],
    ['cap', { windowDays: 8 }, { windowDays: 8 }],
    ['cap', { windowDays: 6 }, {}],
    ['cap', { windowDays: '8' }, {}],
    ['weekly', { windowDays: 8, limit: 1 }, { limit: 1 }],
    ['coolDown', { days: 8 }, { days: 8 }],
    ['coolDown', { days: 6 }, {}],
    ['stop', { lastsDays: 61 }, { lastsDays: 61 }],
    ['stop', { lastsDays: 59 }, {}],
    ['endless', { lastsDays: 61 }, {}],
    ['clock', { days: 29 }, { days: 29 }],
    ['clock', { days: 31 }, {}],
    ['condition', { deny: { field: 'collector', is: 'nobody' } }, {}],
  ])('of a %s to %j changes %j', (kind, wanted, changed) => {
    const rule: Rule = rules[kind];
    expect(tighten(rule, wanted)).toEqual({ ...rule, parameters: { ...rule.parameters, ...changed } });
  });

  const [office, saturday] = rules.hours.parameters.windows;
  test.each<[string, Record<string, unknown>, object]>([
    ['opens later', { opens: '09:00' }, { windows: [{ ...office, opens: '09:00' }, saturday] }],
    ['never opens earlier', { opens: '07:00' }, {}],
    ['closes earlier', { closes: '17:00' }, { windows: [{ ...office, closes: '17:00' }, saturday] }],
    ['never closes later', { closes: '19:00' }, {}],
    ['leaves out weekdays', { weekdays: [1, 2, 6] }, { windows: [{ ...office, weekdays: [1, 2] }, saturday] }],
    ['leaves out a window with its weekdays', { weekdays }, { windows: [office] }],
    ['leaves out a window that has no time left', { opens: '14:00' }, { windows: [{ ...office, opens: '14:00' }] }],
    ['leaves the hours as they are where nothing would be left', { opens: '18:00' }, {}],
    ['leaves the hours as they are where no day would be left', { weekdays: [7] }, {}],
    ['heeds holidays', { publicHolidays: true }, { holidays: 'person' }],
    ['heeds none where it is not asked to', { publicHolidays: false }, {}],
    ['passes over what is no time', { opens: 9, closes: 17, weekdays: 'Monday' }, {}],
  ])('of hours %s', (_what, wanted, changed) => {
    const tightened = tighten(rules.hours, wanted);
    expect(tightened).toEqual({ ...rules.hours, parameters: { ...rules.hours.parameters, ...changed } });
    expect('holidays' in tightened.parameters).toBe('holidays' in changed);
  });

  test('of hours leaves the holidays the law names', () => {
    const named = { ...rules.hours, parameters: { ...rules.hours.parameters, holidays: { country: 'CA' } } };
    expect(tighten(named, { publicHolidays: true })).toEqual(named);
  });

  const way = (more: object) => ({ event: { types: ['consent'] }, ...more });
  const needs = (...anyOf: object[]) => ({ ...anyRule, kind: 'prerequisite', parameters: { anyOf } }) as Rule;
  test.each<[string, object, Record<string, unknown>, object]>([
    [
      'is good for fewer days',
      { event: { types: ['x'], withinDays: 60 } },
      { validDays: 30 },
      { event: { types: ['x'], withinDays: 30 } },
    ],
    [
      'never for more',
      { event: { types: ['x'], withinDays: 60 } },
      { validDays: 90 },
      { event: { types: ['x'], withinDays: 60 } },
    ],
    ['that had no end gets one', way({}), { validDays: 365 }, { event: { types: ['consent'], withinDays: 365 } }],
    ['without a wish stays', way({}), {}, way({})],
    ['waits longer', way({ waitDays: 14 }), { waitDays: 20 }, way({ waitDays: 20 })],
    ['never shorter', way({ waitDays: 14 }), { waitDays: 3 }, way({ waitDays: 14 })],
    ['that waited for nothing waits', way({}), { waitDays: 2 }, way({ waitDays: 2 })],
    [
      'that waits for a date waits for that',
      way({ waitUntil: 'optOutBy' }),
      { waitDays: 20 },
      way({ waitUntil: 'optOutBy' }),
    ],
  ])('of a way to be allowed: one that %s', (_what, before, wanted, after) => {
    const tightened = tighten(needs(way({ waitDays: 1 }), before), wanted);
    if (tightened.kind !== 'prerequisite') throw new Error('It stays a prerequisite.');
    expect(tightened.parameters.anyOf[1]).toEqual(after);
    expect(Object.hasOwn(tightened.parameters.anyOf[1] ?? {}, 'waitDays')).toBe(Object.hasOwn(after, 'waitDays'));
  });

  test('of channels adds those the rule could speak about, and takes none away', () => {
    const stop: Rule = { ...rules.stop, channels: ['email', 'call'] };
    expect(furtherChannels(stop)).toContain('sms');
    expect(furtherChannels(stop)).not.toContain('email');
    expect(tighten(stop, { channels: ['sms', 'fax'] }).channels).toEqual(['email', 'call', 'sms']);
    expect(tighten(stop, { channels: ['call'] }).channels).toEqual(['email', 'call']);
    // A cap of calls says nothing of letters: more of it would be another limit.
    const calls: Rule = { ...rules.cap, channels: ['call'] };
    expect(furtherChannels(calls)).toEqual([]);
    expect(tighten(calls, { channels: ['sms'] }).channels).toEqual(['call']);
  });

  test('is about a rule, or about one part of it', () => {
    const one: Rule = { ...rules.cap, part: 'one' };
    expect(concerns({ ruleId: 'TEST-RULE', part: null }, one)).toBe(true);
    expect(concerns({ ruleId: 'TEST-RULE', part: 'one' }, one)).toBe(true);
    expect(concerns({ ruleId: 'TEST-RULE', part: 'two' }, one)).toBe(false);
    expect(concerns({ ruleId: 'OTHER-RULE', part: null }, one)).toBe(false);
  });
});

const pack = (key: string, ...of: Rule[]): RulePack =>
  parsePack({ key, version: '3', title: 'Test', house: false, rules: of });

describe('a book', () => {
  const packs = [
    pack('one', rules.cap),
    pack('two', { ...rules.coolDown, id: 'OTHER-RULE' }, { ...rules.cap, part: 'more' }),
  ];
  const wish = (id: string, ruleId: string, part: string | null, limit: number) => ({
    id,
    ruleId,
    part,
    parameters: { limit },
  });
  const limits = (...of: readonly RulePack[]) =>
    of.flatMap((one) => one.rules).map((rule) => (rule.kind === 'cap' ? rule.parameters.limit : null));

  test('applies the tightenings of a tenant and names them with the packs they change', () => {
    const { packs: inForce, versions } = buildRuleBook(
      packs,
      [wish('a', 'TEST-RULE', 'more', 5), wish('b', 'NO-RULE', null, 1)],
      () => null,
    );
    expect(limits(...inForce)).toEqual([7, null, 5]);
    expect(versions).toEqual([
      { key: 'one', version: '3', tightenedBy: [] },
      { key: 'two', version: '3', tightenedBy: ['a'] },
    ]);
    expect(inForce[0]).toBe(packs[0]);
    expect(limits(...packs)).toEqual([7, null, 7]);
  });

  test('applies all of several, the strictest in effect', () => {
    const { packs: inForce } = buildRuleBook(
      packs,
      [wish('a', 'TEST-RULE', null, 4), wish('b', 'TEST-RULE', null, 6)],
      () => null,
    );
    expect(limits(...inForce)).toEqual([4, null, 4]);
  });

  test('of no tightening holds the packs themselves', () => {
    expect(buildRuleBook(packs, [], () => null).packs).toEqual(packs);
    expect(buildRuleBook(packs, [], () => 'Sunday').holidayName('US', null, '2026-03-11' as never)).toBe('Sunday');
    expect(shippedPacks.map((one) => one.key)).toEqual([
      'b2b-baseline',
      'us-federal',
      'us-states',
      'uk',
      'eu',
      'au',
      'in',
      'ca',
      'controls',
    ]);
  });
});

describe('the rules about an act', () => {
  const changed = (part: string, changes: Partial<Rule>) => ({ ...rules.cap, part, ...changes }) as Rule;
  // Made by the first test that asks.
  let made: RuleBook | undefined;
  const book = () => (made ??= buildRuleBook([pack('test', ...asked())], [], () => null));
  const asked = (): Rule[] => [
    changed('any', {}),
    changed('email', { channels: ['email'] }),
    changed('buyer', { collectors: ['debt_buyer'] }),
    changed('business', { debtKinds: ['commercial'] }),
    changed('calls', { acts: ['manual_call'] }),
    changed('texas', { jurisdiction: 'US-TX' }),
    changed('unverified', { confidence: 'U' }),
    { ...rules.clock, part: 'clock' },
    { ...anyRule, part: 'computation', kind: 'computation', parameters: { years: { A: 3 } } },
  ];
  type About = Partial<Parameters<RuleBook['rulesAbout']>[0]>;
  const about = (changes: About) =>
    book()
      .rulesAbout({
        channel: 'call',
        collector: 'first_party',
        debtKind: 'consumer',
        act: 'manual_message',
        jurisdictions: ['US'],
        ...changes,
      })
      .map((rule) => rule.part);

  test.each<[About, string[]]>([
    [{}, ['any']],
    [{ channel: 'email' }, ['any', 'email']],
    [{ collector: 'debt_buyer' }, ['any', 'buyer']],
    [{ debtKind: 'commercial' }, ['any', 'business']],
    [{ act: 'manual_call' }, ['any', 'calls']],
    [{ jurisdictions: ['US', 'US-TX'] }, ['any', 'texas']],
    [{ jurisdictions: [] }, ['any']],
  ])('%j', (changes, parts) => {
    expect(about(changes)).toEqual(parts);
    expect(about(changes)).toEqual(parts);
  });

  test('are looked up once for each kind of act', () => {
    const kind = { channel: 'call', collector: 'first_party', debtKind: 'consumer', act: 'manual_call' } as const;
    const first = book().rulesAbout({ ...kind, jurisdictions: ['US', 'US-NY'] });
    expect(book().rulesAbout({ ...kind, jurisdictions: ['US', 'US-NY'] })).toBe(first);
    expect(book().rulesAbout({ ...kind, jurisdictions: ['US', 'US-NV'] })).not.toBe(first);
  });

  test('are the same after very many kinds were asked about', () => {
    for (let n = 0; n < 4100; n += 1) about({ jurisdictions: [`X${n}`] });
    expect(about({ jurisdictions: ['US-TX'] })).toEqual(['any', 'texas']);
  });
});
