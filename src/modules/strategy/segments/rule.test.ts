import { describe, expect, it } from 'vitest';
import { currency } from '../../../kernel/money.ts';
import { unwrap } from '../../../kernel/result.ts';
import { limits, parseRule } from './rule.ts';
import { ruleInWords } from './rule-in-words.ts';

const one = (field: string, operator: string, value?: unknown) => ({
  combinator: 'and',
  rules: [{ field, operator, value }],
});
const harbour = '01890000-0000-7000-8000-000000000001';
const say = (rule: unknown) =>
  ruleInWords(unwrap(parseRule(rule)), {
    nameOf: (id) => (id === harbour ? 'Harbour Ltd' : 'somebody unknown'),
    reporting: currency('EUR'),
  });

describe('a rule is refused', () => {
  it.each<[string, unknown, string, string]>([
    ['that is none', 'days > 5', '', 'A group needs a combinator (and, or) and a list of rules.'],
    [
      'with another combinator',
      { combinator: 'or 1=1 --', rules: [] },
      '',
      '"or 1=1 --" is no combinator; use and or or.',
    ],
    [
      'over a field nobody knows',
      one('salary', '=', 1),
      'rules.0',
      'There is no field "salary". Choose one of the list.',
    ],
    [
      'with an operator of another kind',
      one('balance', 'contains', '5'),
      'rules.0',
      '"contains" cannot be asked of Open balance; use one of: =, !=, <, <=, >, >=, between, notBetween, null, notNull.',
    ],
    [
      'with an operator made up',
      one('state', '= 1 or 1=1', 'active'),
      'rules.0',
      '"= 1 or 1=1" cannot be asked of State',
    ],
    [
      'with words for days',
      one('days_past_due', '>', 'thirty'),
      'rules.0',
      'Days past due needs a whole number of days',
    ],
    ['with half a day', one('days_past_due', '>', 1.5), 'rules.0', 'Days past due needs a whole number of days'],
    ['with a hundred and one years', one('days_past_due', '>', 36_526), 'rules.0', '(at most 36525)'],
    [
      'with a tenth of a cent’s tenth',
      one('balance', '>', '0.0001'),
      'rules.0',
      'at most three digits after the point',
    ],
    ['with a state nobody knows', one('state', 'in', ['active', 'gone']), 'rules.0', '"gone" is not.'],
    ['with a name for a client', one('client', '=', 'Harbour'), 'rules.0', 'Client needs a client; "Harbour" is not.'],
    ['with one end', one('oldest_due_on', 'between', ['2026-01-01']), 'rules.0', 'two values here: from and to.'],
    ['with no day of the calendar', one('oldest_due_on', '=', '2026-02-30'), 'rules.0', 'a date such as 2026-01-31'],
    ['with a list for one', one('open_items', '=', [1]), 'rules.0', 'Open items needs one value here.'],
    ['with one for a list', one('open_items', 'in', 1), 'rules.0', 'Open items needs a list of values here.'],
    ['with half a character', one('party_name', '=', '\ud800'), 'rules.0', 'readable text'],
    ['with a flag that is perhaps', one('held', '=', 'perhaps'), 'rules.0', 'yes or no'],
  ])('%s', (_, rule, path, sentence) => {
    const read = parseRule(rule);
    expect(read).toMatchObject({ ok: false, code: 'malformed_rule' });
    if (!read.ok) expect(read.fields?.[path]).toContain(sentence);
  });

  it('naming every fault by its path', () => {
    const read = parseRule({
      combinator: 'and',
      rules: [
        one('salary', '=', 1),
        { field: 'held', operator: '=', value: true },
        { field: 'state', operator: '<', value: 'x' },
      ],
    });
    expect(read.ok ? [] : Object.keys(read.fields ?? {})).toEqual(['rules.0.rules.0', 'rules.2']);
  });

  it('that is too long, too deep or lists too much', () => {
    const many = {
      combinator: 'or',
      rules: Array.from({ length: limits.conditions + 1 }, () => one('held', '=', true).rules[0]),
    };
    expect(parseRule(many)).toMatchObject({
      ok: false,
      detail: 'A rule holds at most 100 conditions; this one has 101.',
    });
    const deep = Array.from({ length: limits.depth }).reduce<unknown>(
      (inner) => ({ combinator: 'and', rules: [inner] }),
      {
        combinator: 'and',
        rules: [],
      },
    );
    expect(parseRule(deep)).toMatchObject({ ok: false, detail: 'Groups are nested at most 6 deep.' });
    const long = one(
      'open_items',
      'in',
      Array.from({ length: limits.list + 1 }, (_, n) => n),
    );
    expect(parseRule(long)).toMatchObject({
      ok: false,
      detail: 'A list holds at most 1000 values; this one has 1001.',
    });
  });
});

describe('a rule reads aloud', () => {
  it.each<[unknown, string]>([
    [{ combinator: 'and', rules: [] }, 'every account'],
    [{ combinator: 'and', not: true, rules: [] }, 'no account'],
    [one('days_past_due', '>', '30'), 'accounts where days past due is more than 30'],
    [one('balance', '>=', '1250.5'), 'accounts where open balance is at least 1250.50 EUR'],
    [one('oldest_due_on', '<', '2026-01-01'), 'accounts where oldest item due on is before 2026-01-01'],
    [one('promises_broken', 'between', [1, 3]), 'accounts where promises broken is between 1 and 3'],
    [one('client', 'in', [harbour]), 'accounts where client is one of Harbour Ltd'],
    [one('state', 'notIn', ['on_hold', 'legal']), 'accounts where state is none of on hold or legal'],
    [one('has_email', '=', false), 'accounts where “has an e-mail address” is not so'],
    [one('days_since_contact', 'null'), 'accounts where days since the last contact is unknown'],
    [
      {
        combinator: 'and',
        rules: [
          ...one('days_past_due', '>', 30).rules,
          {
            combinator: 'or',
            not: true,
            rules: [...one('held', '=', true).rules, ...one('promise_open', '=', true).rules],
          },
        ],
      },
      'accounts where days past due is more than 30 and (it is not so that (“contact is held” is so or “has an open promise” is so))',
    ],
  ])('%j', (rule, words) => expect(say(rule)).toBe(words));
});
