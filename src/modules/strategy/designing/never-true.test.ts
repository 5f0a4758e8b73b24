import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../kernel/result.ts';
import { parseRule } from '../segments/rule.ts';
import { neverTrue } from './never-true.ts';

const never = (rules: object[], day?: number, more: object = {}) =>
  neverTrue(unwrap(parseRule({ combinator: 'and', rules, ...more })), day);
const items = (operator: string, value: unknown) => ({ field: 'open_items', operator, value });
const dpd = (operator: string, value: unknown) => ({ field: 'days_past_due', operator, value });

describe('a rule that can never hold', () => {
  it.each([
    [[dpd('<', 5), dpd('>', 5)]],
    [[dpd('<', 6), dpd('>', 5)]],
    [[dpd('between', [9, 3])]],
    [[items('in', [])]],
    [[items('in', [1, 2]), items('notIn', [1, 2, 3])]],
    [[dpd('=', 3), dpd('>=', 4)]],
    [[dpd('null', null), dpd('>', 3)]],
    [
      [
        { combinator: 'and', rules: [dpd('>', 9)] },
        { combinator: 'or', rules: [dpd('<', 9)] },
      ],
    ],
    [
      [
        { field: 'has_email', operator: '=', value: true },
        { field: 'has_email', operator: '=', value: false },
      ],
    ],
    [
      [
        { field: 'balance', operator: '>', value: '10.00' },
        { field: 'balance', operator: '<', value: '10.00' },
      ],
    ],
  ])('is found: %j', (rules) => expect(never(rules)).not.toBeNull());

  it.each([
    [[]],
    [[dpd('<', 7), dpd('>', 5)]],
    [
      [
        { field: 'balance', operator: '>', value: '10.00' },
        { field: 'balance', operator: '<', value: '10.01' },
      ],
    ],
    [[{ combinator: 'or', rules: [dpd('>', 9), dpd('<', 3)] }, dpd('=', 5)]],
    [[{ combinator: 'and', not: true, rules: [dpd('>', 9)] }, dpd('=', 5)]],
    [[dpd('notNull', null), dpd('=', 5)]],
  ])('is not seen where accounts may match: %j', (rules) => expect(never(rules)).toBeNull());

  it('counts the day of the step for the age of the account only', () => {
    expect(never([dpd('<=', 29)], 30)).toContain('30 days past due');
    expect(never([dpd('<=', 30)], 30)).toBeNull();
    expect(never([{ field: 'days_since_payment', operator: '<', value: 3 }], 30)).toBeNull();
    expect(neverTrue(unwrap(parseRule({ combinator: 'and', not: true, rules: [] })))).toBe(
      'it lets no account through',
    );
  });

  it('is never said of a rule that some number satisfies', () => {
    const condition = fc.oneof(
      fc.tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 6 })),
      fc.tuple(
        fc.constantFrom('in', 'notIn', 'between'),
        fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })),
      ),
    );
    const holds = ([operator, value]: readonly [string, number | readonly number[]], n: number): boolean => {
      const [from = 0, to = 0] = typeof value === 'number' ? [value, value] : value;
      switch (operator) {
        case '=':
          return n === from;
        case '!=':
          return n !== from;
        case '<':
          return n < from;
        case '<=':
          return n <= from;
        case '>':
          return n > from;
        case '>=':
          return n >= from;
        case 'in':
          return n === from || n === to;
        case 'notIn':
          return n !== from && n !== to;
        default:
          return n >= from && n <= to;
      }
    };
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
        const some = [...Array(12).keys()].some((n) => conditions.every((one) => holds(one, n - 2)));
        if (some) expect(never(conditions.map(([operator, value]) => items(operator, value)))).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});
