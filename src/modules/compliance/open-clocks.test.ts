import { describe, expect, test } from 'vitest';
import type { AccountFact, EventFact, GateFacts } from './gate-facts.ts';
import { clockRules, openClocks } from './open-clocks.ts';
import { buildRuleBook } from './rule-book.ts';
import { parsePack, type Rule, type RuleOf } from './rule-pack.ts';
import { anyRule, someEvent, someFacts, someProposal } from './rules/testing.ts';

const clock = (changes: Partial<RuleOf<'clock'>> = {}): RuleOf<'clock'> => ({
  ...anyRule,
  kind: 'clock',
  parameters: {
    startedBy: { types: ['asked'], about: ['debt'] },
    doneBy: { types: ['answered'] },
    days: 5,
    businessDays: false,
  },
  ...changes,
});
const book = (...rules: Rule[]) =>
  buildRuleBook([parsePack({ key: 'test', version: '1', title: 'Test', house: false, rules })], [], () => null);
const at = new Date('2026-03-11T16:00:00Z');
const [account] = someFacts().accounts as [AccountFact];
const asked = someEvent('asked', '2026-03-01T16:00:00Z');
const open = (rule: Rule, events: readonly EventFact[], facts: Partial<GateFacts> = {}) =>
  openClocks(someFacts({ events, ...facts }), someProposal(), book(rule), at);

describe('open clocks', () => {
  test('tell the duty, what started it, and how it stands', () => {
    expect(open(clock({ part: 'one' }), [asked])).toEqual([
      {
        ruleId: 'TEST-RULE',
        part: 'one',
        title: 'Test',
        sentence: 'It is not allowed.',
        citation: '1 Test 1',
        accountId: account.id,
        startedBy: 'asked',
        startedAt: '2026-03-01T16:00:00Z',
        dueBy: '2026-03-06',
        doneAt: null,
        doneBy: ['answered'],
        overdue: true,
      },
    ]);
    expect(open(clock(), [asked, someEvent('answered', '2026-03-05T16:00:00Z')])).toMatchObject([
      { part: null, doneAt: '2026-03-05', overdue: false },
    ]);
  });

  test('keep what is done, and of what is still to be done the first', () => {
    const again = (on: string) => someEvent('asked', `${on}T16:00:00Z`);
    const events = [asked, someEvent('answered', '2026-03-02T16:00:00Z'), again('2026-03-03'), again('2026-03-04')];
    expect(open(clock(), events).map((one) => [one.startedAt.slice(0, 10), one.doneAt])).toEqual([
      ['2026-03-01', '2026-03-02'],
      ['2026-03-03', null],
    ]);
  });

  test('run for each debt by itself', () => {
    const accounts = [account, { ...account, id: 'b' }, { ...account, id: 'c' }];
    const about = someEvent('asked', '2026-03-02T16:00:00Z', { debtIds: ['b', 'c'] });
    expect(open(clock(), [about], { accounts }).map((one) => one.accountId)).toEqual(['b', 'c']);
  });

  test.each<[string, Partial<RuleOf<'clock'>>, boolean]>([
    ['in force everywhere', {}, true],
    ['of this law', { jurisdiction: 'US' }, true],
    ['of another law', { jurisdiction: 'CA' }, false],
    ['for other collectors', { collectors: ['debt_buyer'] }, false],
    ['for other debts', { debtKinds: ['consumer'] }, false],
    ['unverified', { confidence: 'U' }, false],
    ['from today', { effectiveFrom: '2026-03-11' }, true],
    ['from tomorrow', { effectiveFrom: '2026-03-12' }, false],
    ['to today', { effectiveTo: '2026-03-12' }, true],
    ['to yesterday', { effectiveTo: '2026-03-11' }, false],
  ])('are of rules that bind: %s', (_what, changes, binds) => {
    expect(open(clock(changes), [asked])).toHaveLength(Number(binds));
  });

  test('are of no rules of another kind', () => {
    const stop: Rule = { ...anyRule, part: 'stop', kind: 'stop', parameters: { startedBy: { types: ['asked'] } } };
    expect(clockRules(book(stop, clock()), '2026-03-11').map((rule) => rule.kind)).toEqual(['clock']);
  });
});
