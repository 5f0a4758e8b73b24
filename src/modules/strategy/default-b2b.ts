import type { StrategyDefinition } from './definition.ts';

export const DEFAULT_STRATEGY = 'b2b-default';

/**
 * The strategy every new tenant starts with: a courtesy before the due date, five notices from polite to firm, a call
 * between the third and the fourth, a manager after the fifth.
 */
export const defaultB2b: StrategyDefinition = {
  steps: [
    { key: 'courtesy', title: 'Courtesy notice', day: -5, action: 'email', level: 0 },
    { key: 'reminder_1', title: 'First reminder', day: 1, action: 'email', level: 1 },
    { key: 'reminder_2', title: 'Second reminder', day: 7, action: 'email', level: 2 },
    { key: 'reminder_3', title: 'Third reminder', day: 14, action: 'email', level: 3 },
    { key: 'call', title: 'Call', day: 21, action: 'call_task', level: 3 },
    { key: 'demand', title: 'Demand', day: 30, action: 'email', level: 4 },
    { key: 'final_notice', title: 'Final notice', day: 45, action: 'email', level: 5 },
    { key: 'escalation', title: 'Escalation to a manager', day: 60, action: 'escalation', level: 5 },
  ],
  stages: [
    { stage: 'early', fromDay: 1 },
    { stage: 'mid', fromDay: 31 },
    { stage: 'late', fromDay: 61 },
  ],
  whenAssigned: 'withhold_notices',
};
