import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultB2b } from '../default-b2b.ts';
import { parseDefinition } from '../definition.ts';
import { checkDefinition } from './check-definition.ts';
import { startingPoints } from './starting-points.ts';

const step = (changes: object = {}) => ({ key: 'a', title: 'First', day: 1, action: 'email', level: 1, ...changes });
const rule = (...rules: object[]) => ({ combinator: 'and', rules });
const strategy = (steps: object[], more: object = {}) => ({ steps, stages: [], whenAssigned: 'send', ...more });
const found = (input: unknown) =>
  checkDefinition(input).map(({ path, effect, sentence }) => `${effect} ${path}: ${sentence}`);

describe('what stands against a definition', () => {
  it('is nothing against what new tenants and new strategies begin with', () => {
    expect([defaultB2b, ...startingPoints.map((one) => one.definition)].flatMap(found)).toEqual([]);
  });

  it('is told all at once, each with its place and a remedy', () => {
    const faults = checkDefinition(
      strategy(
        [
          step(),
          step({ key: 'b', day: 1, title: 'Second' }),
          step({ day: 0.5, title: '' }),
          step({ key: 'C!', day: 9, action: 'fax', level: 9 }),
          step({ key: 'd', day: 12, title: 'Odd', when: rule({ field: 'shoe_size', operator: '=', value: 1 }) }),
        ],
        {
          stages: [
            { stage: 'early', fromDay: 5 },
            { stage: 'mid', fromDay: 5 },
          ],
          whenAssigned: 'perhaps',
          colour: 'red',
        },
      ),
    );
    expect(faults.map(({ path }) => path).toSorted()).toEqual(
      [
        '',
        'stages.1.fromDay',
        'steps.1.day',
        'steps.2.day',
        'steps.2.day',
        'steps.2.key',
        'steps.2.title',
        'steps.3.action',
        'steps.3.key',
        'steps.3.level',
        'steps.4.level',
        'steps.4.when.rules.0',
        'whenAssigned',
      ].toSorted(),
    );
    expect(faults.every(({ remedy, sentence }) => remedy.endsWith('.') && sentence.length > 10)).toBe(true);
  });

  it.each([
    [strategy([]), 'refuse steps: A strategy needs at least one step.'],
    [
      strategy([step(), step({ key: 'b', title: 'Twin' })]),
      'refuse steps.1.day: “Twin” is on the same day as “First”, which it shadows: only one of them could be taken.',
    ],
    [
      strategy([step({ day: 9 }), step({ key: 'b', title: 'Early', day: 2 })]),
      'refuse steps.1.day: “Early” comes before “First” but stands after it.',
    ],
    [
      strategy([step(), step({ day: 5, title: 'Twin' })]),
      'refuse steps.1.key: “Twin” has the same key as “First”, “a”.',
    ],
    [
      strategy([step({ day: 30, when: rule({ field: 'days_past_due', operator: '<', value: 30 }) })]),
      'refuse steps.0.when: “First” can never be reached: what it asks of “days past due” cannot be so on a day when an item is 30 days past due.',
    ],
    [
      strategy([
        step({
          when: rule(
            { field: 'state', operator: 'in', value: ['legal'] },
            { field: 'state', operator: '!=', value: 'legal' },
          ),
        }),
      ]),
      'refuse steps.0.when: “First” can never be reached: what it asks of “state” contradicts itself.',
    ],
    [
      strategy([step({ level: 4 }), step({ key: 'b', title: 'Mild', day: 9, level: 2 })]),
      'advise steps.1.level: “Mild” is milder than “First” before it.',
    ],
  ])('%#', (input, sentence) => expect(found(input)).toEqual([sentence]));

  it('names reactions that set each other off, and lets a condition break the ring', () => {
    const reaction = (changes: object) => ({
      key: 'r',
      title: 'Again',
      on: 'bounce',
      afterDays: 0,
      action: 'email',
      level: 1,
      ...changes,
    });
    const looping = strategy([step()], { reactions: [reaction({})] });
    expect(found(looping)).toEqual(['refuse reactions.0.action: “Again” can set itself off again, without end.']);
    const calm = reaction({ when: rule({ field: 'days_past_due', operator: '>', value: 3 }) });
    expect(found(strategy([step()], { reactions: [calm] }))).toEqual([]);
    expect(found(strategy([step()], { reactions: [reaction({ action: 'call_task' })] }))).toEqual([]);
  });

  it('refuses whatever publishing refuses, and nothing that publishing takes', () => {
    const text = fc.constantFrom('a', 'b', 'Bad key', '', 'x'.repeat(90));
    const number = fc.constantFrom(-70, -5, 0, 1, 1, 7, 30, 0.5, 5000);
    const when = fc.constantFrom(
      undefined,
      rule(),
      rule({ field: 'none', operator: '=', value: 1 }),
      {},
      'text' as never,
    );
    const entry = {
      key: text,
      title: text,
      level: fc.constantFrom(0, 3, 5, 6, -1),
      action: fc.constantFrom('email', 'call_task', 'fax'),
    };
    const loose = fc.record(
      {
        steps: fc.array(fc.record({ ...entry, day: number, when }, { requiredKeys: ['key', 'title', 'day'] }), {
          maxLength: 4,
        }),
        reactions: fc.array(fc.record({ ...entry, on: fc.constantFrom('payment', 'party'), afterDays: number }), {
          maxLength: 2,
        }),
        stages: fc.array(fc.record({ stage: fc.constantFrom('early', 'mid', 'never'), fromDay: number }), {
          maxLength: 3,
        }),
        whenAssigned: fc.constantFrom('send', 'withhold_notices', 'maybe'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(loose, fc.anything()), (input) => {
        const refused = checkDefinition(input).some(({ effect }) => effect === 'refuse');
        expect(!refused && !parseDefinition(input).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
