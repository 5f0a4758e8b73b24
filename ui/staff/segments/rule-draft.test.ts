import { describe, expect, it } from 'vitest';
import { fromRule, isComplete, moved, replaced, toRule, withOperator } from './rule-draft.ts';

const rule = {
  combinator: 'and',
  rules: [
    { field: 'days_past_due', operator: '>', value: '30' },
    { combinator: 'or', not: true, rules: [{ field: 'state', operator: 'in', value: ['legal', 'active'] }] },
    { field: 'stage', operator: 'null', value: null },
  ],
};

describe('a rule in the editor', () => {
  it('comes back as it was', () => expect(toRule(fromRule(rule))).toEqual(rule));

  it('is complete when every value is there', () => {
    expect(isComplete(fromRule(rule))).toBe(true);
    expect(isComplete(fromRule({ combinator: 'and', rules: [{ field: 'a', operator: '=', value: ' ' }] }))).toBe(false);
    expect(isComplete(fromRule({ combinator: 'and', rules: [{ field: 'a', operator: 'in', value: [] }] }))).toBe(false);
    expect(
      isComplete(fromRule({ combinator: 'and', rules: [{ field: 'a', operator: 'between', value: ['1', ''] }] })),
    ).toBe(false);
  });

  it('keeps values that fit another operator', () => {
    const [first] = fromRule(rule).rules;
    if (first === undefined || 'rules' in first) throw new Error('a condition was expected');
    const between = withOperator(first, 'between');
    expect(between.value).toEqual(['30', '']);
    expect(withOperator(between, 'in').value).toEqual(['30']);
    expect(withOperator(between, '<').value).toBe('30');
    expect(withOperator(between, 'null').value).toBe('');
  });

  it('moves and takes out nodes wherever they stand', () => {
    const draft = fromRule(rule);
    const [first, inner] = draft.rules;
    const down = moved(draft, first?.id ?? 0, 1);
    expect(down.rules.map((node) => node.id)).toEqual([draft.rules[1]?.id, draft.rules[0]?.id, draft.rules[2]?.id]);
    expect(moved(draft, first?.id ?? 0, -1)).toEqual(draft);
    const nested = inner !== undefined && 'rules' in inner ? inner.rules[0] : undefined;
    expect(toRule(replaced(draft, nested?.id ?? 0, null)).rules).toEqual([
      rule.rules[0],
      { combinator: 'or', not: true, rules: [] },
      rule.rules[2],
    ]);
  });
});
