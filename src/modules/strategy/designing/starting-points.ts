import { defaultB2b } from '../default-b2b.ts';
import type { StrategyDefinition } from '../definition.ts';

/** What a new strategy can begin from. */
export type StartingPoint = {
  readonly key: string;
  readonly title: string;
  readonly sentence: string;
  readonly definition: StrategyDefinition;
};

const stages: StrategyDefinition['stages'] = [
  { stage: 'early', fromDay: 1 },
  { stage: 'mid', fromDay: 31 },
  { stage: 'late', fromDay: 61 },
];

export const startingPoints: readonly StartingPoint[] = [
  {
    key: 'standard',
    title: 'Standard ladder',
    sentence: 'A courtesy before the due date, five notices from polite to firm, one call, a manager at the end.',
    definition: defaultB2b,
  },
  {
    key: 'people_first',
    title: 'People first',
    sentence: 'For customers worth keeping: calls before notices, and no notice firmer than a reminder.',
    definition: {
      steps: [
        { key: 'courtesy', title: 'Courtesy notice', day: -5, action: 'email', level: 0 },
        { key: 'first_call', title: 'Friendly call', day: 5, action: 'call_task', level: 1 },
        { key: 'reminder', title: 'Reminder', day: 14, action: 'email', level: 1 },
        { key: 'second_call', title: 'Second call', day: 28, action: 'call_task', level: 2 },
        { key: 'manager', title: 'A manager takes over', day: 45, action: 'escalation', level: 2 },
      ],
      stages,
      whenAssigned: 'withhold_notices',
    },
  },
  {
    key: 'notices_only',
    title: 'Notices only',
    sentence: 'For small balances: four notices by e-mail, nobody calls.',
    definition: {
      steps: [
        { key: 'reminder_1', title: 'First reminder', day: 3, action: 'email', level: 1 },
        { key: 'reminder_2', title: 'Second reminder', day: 14, action: 'email', level: 3 },
        { key: 'demand', title: 'Demand', day: 30, action: 'email', level: 4 },
        { key: 'final_notice', title: 'Final notice', day: 60, action: 'email', level: 5 },
      ],
      stages,
      whenAssigned: 'send',
    },
  },
  {
    key: 'blank',
    title: 'Almost empty',
    sentence: 'One reminder a week after the due date; the rest is yours.',
    definition: {
      steps: [{ key: 'reminder', title: 'Reminder', day: 7, action: 'email', level: 1 }],
      stages,
      whenAssigned: 'withhold_notices',
    },
  },
];
