import { describe, expect, it } from 'vitest';
import { daysOf, emptyDraft, HOLD_OUT, hundredthsOf, newArm, termsOf } from './experiment-draft.ts';

describe('what is typed', () => {
  it.each([
    ['5', 500],
    ['2.5', 250],
    ['2,25 %', 225],
    ['100', 10_000],
    ['0', null],
    ['100.01', null],
    ['five', null],
    ['1.234', null],
  ])('%s per cent is %s hundredths', (text, expected) => expect(hundredthsOf(text)).toBe(expected));

  it('counts days from one to a year', () => {
    expect(['1', '365', '0', '366', 'x'].map(daysOf)).toEqual([1, 365, null, null, null]);
  });

  it('becomes terms once everything can be read', () => {
    const draft = { ...emptyDraft('a'), name: 'Calls first' };
    expect(termsOf(draft, 'EUR')).toBeNull();
    const [champion] = draft.arms;
    const arms = [...(champion ? [champion] : []), newArm({ name: 'None', strategyId: HOLD_OUT, weight: '50' })];
    const costs = { ...draft.costs, call: '2.50' };
    expect(termsOf({ ...draft, arms, costs, recoveryBelow: '' }, 'EUR')).toMatchObject({
      arms: [
        { strategyId: 'a', weight: 5000 },
        { strategyId: null, weight: 5000 },
      ],
      share: 500,
      costs: { email: 0, call: 250 },
      recoveryBelow: null,
      endsOn: null,
    });
    expect(termsOf({ ...draft, arms, costs: { ...costs, call: 'much' } }, 'EUR')).toBeNull();
  });
});
