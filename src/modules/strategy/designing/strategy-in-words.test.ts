import { expect, it } from 'vitest';
import { currency } from '../../../kernel/money.ts';
import { defaultB2b } from '../default-b2b.ts';
import type { StrategyDefinition } from '../definition.ts';
import { changesBetween, reactionInWords, stagesInWords, stepInWords, strategyInWords } from './strategy-in-words.ts';

const names = { nameOf: () => 'Acme', reporting: currency('USD') };
const big = { combinator: 'and', rules: [{ field: 'balance', operator: '>=', value: '500' }] };
const [first, second, ...others] = defaultB2b.steps;
if (!first || !second) throw new Error('The standard ladder has steps.');

it('says a strategy, its steps, stages and reactions in sentences', () => {
  expect(strategyInWords(defaultB2b)).toBe(
    '8 steps from 5 days before the due date to 60 days after the due date: 6 e-mails, 1 call, 1 escalation.',
  );
  expect(stepInWords({ ...first, when: big }, names)).toBe(
    '5 days before the due date: send “Courtesy notice” by e-mail (notice level 0), for accounts where open balance is at least 500 USD.',
  );
  expect(stagesInWords(defaultB2b)).toBe(
    'Early from day 1, mid from day 31, late from day 61, by the oldest open item.',
  );
  expect(
    reactionInWords(
      { key: 'b', title: 'Find another way', on: 'bounce', afterDays: 0, action: 'call_task', level: 1 },
      names,
    ),
  ).toBe('When an address proved not to work, at once: give a collector the task “Find another way”.');
});

it('says what a newer definition changes', () => {
  const after: StrategyDefinition = {
    ...defaultB2b,
    steps: [
      { ...second, title: 'Friendly reminder', day: 3, action: 'call_task', level: 2, when: big },
      ...others,
      { key: 'lawyer', title: 'Lawyer', day: 90, action: 'escalation', level: 5 },
    ],
    stages: [{ stage: 'early', fromDay: 1 }],
    whenAssigned: 'send',
  };
  expect(changesBetween(defaultB2b, after, names)).toEqual([
    { kind: 'removed', sentence: '5 days before the due date: send “Courtesy notice” by e-mail (notice level 0).' },
    {
      kind: 'changed',
      sentence:
        '“First reminder” is now called “Friendly reminder”, comes 3 days after the due date instead of 1 day after the due date, is now a call instead of an e-mail, has notice level 2 instead of 1 and is now only for accounts where open balance is at least 500 USD.',
    },
    { kind: 'added', sentence: '90 days after the due date: give a manager the task “Lawyer”.' },
    {
      kind: 'changed',
      sentence:
        'Stages: Early from day 1, by the oldest open item. Before: Early from day 1, mid from day 31, late from day 61, by the oldest open item.',
    },
    { kind: 'changed', sentence: 'Notices go out also where a collector owns the account.' },
  ]);
  expect(changesBetween(defaultB2b, defaultB2b, names)).toEqual([]);
});
