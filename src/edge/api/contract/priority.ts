import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const percent = z.number().int().min(0).max(1000).describe('Whole per cent');
const act = z.object({
  effect: percent,
  costMinor: z.number().int().describe('Minor units of the reporting currency'),
});
const weights = z
  .object({
    chance: z
      .array(z.object({ fromDay: z.number().int(), percent }))
      .describe(
        'Ascending by days past due of the oldest open item; of a hundred such accounts, how many pay because somebody works them',
      ),
    promises: z.object({ kept: percent, broken: percent, both: percent }),
    contact: z.object({
      never: percent,
      recent: percent,
      recentDays: z.number().int(),
      spoken: percent,
      spokenDays: z.number().int(),
      tried: percent,
    }),
    reach: z.object({ spoken: percent, phone: percent, none: percent }),
    acts: z.object({ call: act, call_back: act, escalation: act, review: act, email: act }),
  })
  .meta({ id: 'Weights' });
const revision = {
  revision: z.number().int().describe('0: the built-in ones'),
  effectiveFrom: s.date.nullable(),
  recordedBy: z.string().nullable(),
  recordedAt: s.instant.nullable(),
};
const standing = {
  today: s.date,
  newestRevision: z.number().int().describe('Send it back as `seen`'),
};
const weightsBody = z
  .object({
    ...standing,
    reportingCurrency: s.currency,
    inEffect: z.object({ ...revision, weights }),
    toCome: z.array(z.object({ ...revision, weights })).describe('Written already, in effect from a later day'),
    builtIn: weights,
  })
  .meta({ id: 'PriorityWeights' });
const seen = z.number().int().min(0).describe('The newest revision you looked at; 0 for none');

export const getWeights = route({
  method: 'GET',
  path: '/api/v1/priority/weights',
  operationId: 'getWeights',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'By what the worth of working an account now is reckoned',
  response: weightsBody,
});
export const tryWeights = route({
  method: 'POST',
  path: '/api/v1/priority/weights/try',
  operationId: 'tryWeights',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'How the top of the worklist would look by other weights; keeps nothing',
  body: z.object({
    weights: z.record(z.string(), z.unknown()).describe('As in getWeights'),
    queue: z.enum(['collector', 'manager']).default('collector'),
  }),
  response: z.object({
    rows: z.array(
      z.object({
        id: s.id,
        accountId: s.id,
        number: z.string(),
        party: z.string(),
        balanceMinor: s.minor,
        currency: s.currency,
        oldestDueOn: s.date.nullable(),
        kind: z.enum(['call', 'call_back', 'escalation', 'review', 'specialist', 'legal_review', 'approval']),
        priority: s.minor,
        priorityNow: s.minor,
        place: z.number().int(),
        placeNow: z.number().int(),
      }),
    ),
  }),
});
export const changeWeights = route({
  method: 'PUT',
  path: '/api/v1/priority/weights',
  operationId: 'changeWeights',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Write weights that hold from a day on; open tasks are ranked anew on that day',
  body: z.object({
    weights: z.record(z.string(), z.unknown()).describe('As in getWeights'),
    effectiveFrom: s.date.optional(),
    seen,
  }),
  response: weightsBody,
});

const action = z.enum(['email', 'call_task', 'escalation', 'specialist_task', 'legal_review']);
const line = z.object({
  action,
  clientId: s.id.nullable().describe('Of one client only; null: of all together'),
  perDay: z.number().int(),
});
const budgetsBody = z
  .object({
    ...standing,
    inEffect: z.object({
      ...revision,
      lines: z.array(line.extend({ used: z.number().int().describe('Planned today already') })),
    }),
    toCome: z.array(z.object({ ...revision, lines: z.array(line) })),
  })
  .meta({ id: 'Budgets' });
export const getBudgets = route({
  method: 'GET',
  path: '/api/v1/budgets',
  operationId: 'getBudgets',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'At most how many e-mails, calls and escalations a run plans a day',
  response: budgetsBody,
});
export const changeBudgets = route({
  method: 'PUT',
  path: '/api/v1/budgets',
  operationId: 'changeBudgets',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Set budgets that hold from a day on; runs take what is worth most, the rest waits for the next day',
  body: z.object({
    lines: z.array(line.extend({ perDay: z.number() })).max(1000),
    effectiveFrom: s.date.optional(),
    seen,
  }),
  response: budgetsBody,
});
