import { describe, expect, test } from 'vitest';
import type { AccountFact, EventFact, GateFacts } from './gate-facts.ts';
import { buildRuleBook } from './rule-book.ts';
import { parsePack, type Rule, type RuleOf } from './rule-pack.ts';
import { anyRule, someEvent, someFacts, someProposal } from './rules/testing.ts';
import { standing } from './standing.ts';

type StopParameters = RuleOf<'stop'>['parameters'];

const stopRule = (parameters: Partial<StopParameters> = {}, changes: Partial<Rule> = {}): Rule =>
  ({
    ...anyRule,
    kind: 'stop',
    parameters: { startedBy: { types: ['bankruptcy_petition'] }, ...parameters },
    ...changes,
  }) as Rule;
const stands = (
  events: readonly EventFact[],
  rules: readonly Rule[] = [stopRule()],
  { at = '2026-03-11T16:00:00Z', facts = {} }: { at?: string; facts?: Partial<GateFacts> } = {},
) => {
  const parts = rules.map((rule, i) => ({ ...rule, part: `p${i}` }));
  const pack =
    parts.length === 0 ? [] : [parsePack({ key: 'test', version: '1', title: 'Test', house: false, rules: parts })];
  const book = buildRuleBook(pack, [], () => null);
  return standing(someFacts({ events, ...facts }), someProposal(), book, new Date(at));
};
const bankrupt = (at = '2026-03-01T16:00:00Z', says: Partial<EventFact> = {}) =>
  someEvent('bankruptcy_petition', at, says);
const [account] = someFacts().accounts as [AccountFact];

describe('what stands', () => {
  test('is told in the words of the catalogue, with what it sets off and what would end it', () => {
    const says = { chapter: '7', personId: null, debtIds: [account.id], localOn: '2026-03-01', note: null };
    expect(stands([bankrupt(undefined, says)])).toEqual([
      {
        type: 'bankruptcy_petition',
        label: expect.any(String) as string,
        sentence: expect.stringMatching(/\.$/) as string,
        since: '2026-03-01T16:00:00Z',
        detail: { chapter: '7' },
        until: null,
        endedBy: expect.arrayContaining([expect.any(String)]) as string[],
        rules: [{ ruleId: 'TEST-RULE', title: 'Test', sentence: 'It is not allowed.', citation: '1 Test 1' }],
      },
    ]);
  });

  test('is what lasts, oldest first, wishes too; not what is a deed of one moment', () => {
    const states = stands([
      someEvent('cease', '2026-03-02T16:00:00Z'),
      someEvent('opt_out', '2026-03-01T16:00:00Z'),
      someEvent('inconvenient_time', '2026-03-03T16:00:00Z'),
      someEvent('contact', '2026-03-03T16:00:00Z'),
      bankrupt('2026-02-28T16:00:00Z'),
      bankrupt('2026-03-11T16:00:01Z'),
    ]);
    expect(states.map((one) => [one.type, one.label, one.sentence, one.endedBy.length > 0])).toEqual([
      ['bankruptcy_petition', expect.any(String), expect.any(String), true],
      ['opt_out', 'Opted out', 'The person does not want to be contacted this way.', false],
      ['cease', 'Wants no more contact', 'The person asked to be left alone.', false],
      ['inconvenient_time', 'A time is inconvenient', 'The person is not contacted at that time.', false],
    ]);
  });

  test('is about the debt, and over once something ended it', () => {
    expect(stands([bankrupt(undefined, { debtIds: ['another'] })])).toEqual([]);
    expect(stands([bankrupt(), someEvent('bankruptcy_dismissed', '2026-03-02T16:00:00Z')])).toEqual([]);
    expect(
      stands([bankrupt('2026-03-03T16:00:00Z'), someEvent('bankruptcy_dismissed', '2026-03-02T16:00:00Z')]),
    ).toHaveLength(1);
  });

  test.each<[string, Rule, boolean]>([
    [
      'of another kind',
      {
        ...anyRule,
        kind: 'clock',
        parameters: {
          startedBy: { types: ['bankruptcy_petition'] },
          doneBy: { types: ['y'] },
          days: 1,
          businessDays: false,
        },
      },
      false,
    ],
    ['unverified', stopRule({}, { confidence: 'U' }), false],
    ['from today', stopRule({}, { effectiveFrom: '2026-03-11' }), true],
    ['from tomorrow', stopRule({}, { effectiveFrom: '2026-03-12' }), false],
    ['to today', stopRule({}, { effectiveTo: '2026-03-12' }), true],
    ['to yesterday', stopRule({}, { effectiveTo: '2026-03-11' }), false],
    ['of this law', stopRule({}, { jurisdiction: 'US' }), true],
    ['of another law', stopRule({}, { jurisdiction: 'CA' }), false],
    ['for other collectors', stopRule({}, { collectors: ['debt_buyer'] }), false],
    ['for other debts', stopRule({}, { debtKinds: ['consumer'] }), false],
    ['for another event', stopRule({ startedBy: { types: ['deceased'] } }), false],
    ['for what it says', stopRule({ startedBy: { types: ['bankruptcy_petition'], where: { chapter: '7' } } }), true],
    [
      'for what it does not say',
      stopRule({ startedBy: { types: ['bankruptcy_petition'], where: { chapter: '13' } } }),
      false,
    ],
    [
      'for another channel, which its sentence says',
      stopRule({ startedBy: { types: ['bankruptcy_petition'], about: ['channel'] } }),
      true,
    ],
  ])('sets off a rule %s: %#', (_what, rule, set) => {
    const [state] = stands([bankrupt(undefined, { chapter: '7', channel: 'sms' })], [rule]);
    expect(state?.rules).toHaveLength(Number(set));
  });
});

describe('what stands ends', () => {
  const until = (rules: readonly Rule[], at?: string) =>
    stands([bankrupt()], rules, at === undefined ? {} : { at }).map((one) => one.until);

  test('never where a rule has no end, or there is no rule', () => {
    expect(until([stopRule()])).toEqual([null]);
    expect(until([])).toEqual([null]);
    expect(until([stopRule({ lastsDays: 20 }), stopRule()])).toEqual([null]);
  });

  test('when the last of its rules has run out', () => {
    expect(until([stopRule({ lastsDays: 20 })])).toEqual(['2026-03-21T04:00:00.000Z']);
    expect(until([stopRule({ lastsDays: 20 }), stopRule({ lastsDays: 30 }), stopRule({ lastsDays: 5 })])).toEqual([
      '2026-03-31T04:00:00.000Z',
    ]);
    expect(until([stopRule({ lastsDays: 5 }), stopRule({ lastsDays: 8 })])).toEqual([]);
    expect(until([stopRule({ lastDay: 'through' })])).toEqual([null]);
    const named = stands([bankrupt(undefined, { through: '2026-03-15' })], [stopRule({ lastDay: 'through' })]);
    expect(named.map((one) => one.until)).toEqual(['2026-03-16T04:00:00.000Z']);
    expect(stands([bankrupt(undefined, { through: '2026-03-05' })], [stopRule({ lastDay: 'through' })])).toEqual([]);
  });

  test('never where one of them names no day, whatever the others say', () => {
    expect(until([stopRule({ lastsDays: 20 }), stopRule({ lastDay: 'through' })])).toEqual([null]);
    expect(until([stopRule({ lastDay: 'through' }), stopRule({ lastsDays: 20 })])).toEqual([null]);
  });

  test('and stands all the same before it has begun', () => {
    const soon = [stopRule({ startsAfterDays: 10, lastsDays: 5 })];
    expect(until(soon, '2026-03-11T03:59:59Z')).toEqual([null]);
    expect(until(soon, '2026-03-11T04:00:00Z')).toEqual(['2026-03-16T04:00:00.000Z']);
    expect(until(soon, '2026-03-16T04:00:00Z')).toEqual([]);
    expect(until([stopRule({ lastsDays: 5 }), ...soon], '2026-03-10T16:00:00Z')).toEqual([null]);
  });

  test('and stands before the day it names as its first', () => {
    const named = (at: string) =>
      stands([bankrupt(undefined, { startsOn: '2026-03-11' })], [stopRule({ startsOn: 'startsOn', lastsDays: 5 })], {
        at,
      }).map((one) => one.until);
    expect(named('2026-03-10T16:00:00Z')).toEqual([null]);
    expect(named('2026-03-11T16:00:00Z')).toEqual(['2026-03-16T04:00:00.000Z']);
    expect(named('2026-03-16T16:00:00Z')).toEqual([]);
  });

  test('whatever the act would be', () => {
    const texts = { types: ['bankruptcy_petition'], about: ['channel' as const] };
    const ended = stands([bankrupt(undefined, { channel: 'sms' })], [stopRule({ startedBy: texts, lastsDays: 20 })]);
    expect(ended.map((one) => one.until)).toEqual(['2026-03-21T04:00:00.000Z']);
  });

  test('each by itself, where a state was told twice', () => {
    const twice = [bankrupt('2026-02-01T16:00:00Z'), bankrupt('2026-03-10T16:00:00Z')];
    expect(stands(twice, [stopRule({ lastsDays: 5 })]).map((one) => one.until)).toEqual(['2026-03-15T04:00:00.000Z']);
    const chapters = [bankrupt(undefined, { chapter: '7' }), bankrupt('2026-03-02T16:00:00Z', { chapter: '13' })];
    const seven = stopRule({ startedBy: { types: ['bankruptcy_petition'], where: { chapter: '7' } } });
    expect(stands(chapters, [seven]).map((one) => one.rules.length)).toEqual([1, 0]);
  });
});
