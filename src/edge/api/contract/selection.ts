import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const count = z.number().int().min(0);
const line = z.object({
  segment: s.ref,
  segmentRevision: count,
  words: z.string().describe('The rule of that revision as a sentence'),
  outdated: z.boolean().describe('The segment has been changed since: saving the table takes its newest rule'),
  strategy: s.ref.nullable().describe('Null keeps the accounts out of all treatment; of an experiment its champion'),
  experiment: s.ref.nullable().describe('An experiment that stands on the line'),
});
const table = z
  .object({
    revision: count,
    state: z.enum(['coming', 'in_effect', 'past']),
    lines: z.array(line),
    otherwise: s.ref.nullable(),
    otherwiseExperiment: s.ref.nullable(),
    effectiveFrom: s.date,
    recordedBy: z.string(),
    recordedAt: s.instant,
  })
  .meta({ id: 'Selection' });
const entries = z
  .array(
    z.object({
      segmentId: s.id,
      strategyId: s.id.nullable(),
      experimentId: s.id.nullable().default(null).describe('An experiment in place of the strategy'),
    }),
  )
  .max(100)
  .describe('In order; the first line whose segment matches counts');
const otherwiseId = s.id.nullable().describe('For accounts that no line matches; null keeps them out');
const otherwiseExperimentId = s.id.nullable().default(null).describe('An experiment in place of it');
const day = z
  .object({
    accounts: count,
    openItems: count,
    followed: z
      .array(z.object({ version: z.string(), accounts: count }))
      .describe('Accounts that owe, by the version they follow'),
    keptOut: count,
    actions: z.record(z.string(), count),
    steps: z.record(z.string(), count),
    nonActions: z.record(z.string(), count),
  })
  .meta({ id: 'SelectionDay' });

export const getSelection = route({
  method: 'GET',
  path: '/api/v1/selection',
  operationId: 'getSelection',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Which strategy an account follows: the table, and its revisions, newest first',
  description: 'While no table was ever made, every account follows the default strategy.',
  response: z.object({
    revision: count.describe('Of the newest table; send it back in If-Match. 0 while there is none'),
    rows: z.array(table),
    fallback: s.ref.nullable().describe('What everybody follows while there is no table'),
  }),
});
export const changeSelection = route({
  method: 'PUT',
  path: '/api/v1/selection',
  operationId: 'changeSelection',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Put a selection table in effect from today or from a later day within a year',
  description:
    'If-Match is the newest revision. Each line takes its segment as it reads now; faults are named by line.',
  ifMatch: true,
  body: z.object({ entries, otherwiseId, otherwiseExperimentId, effectiveFrom: s.date.optional() }),
  response: table,
});
export const trySelection = route({
  method: 'POST',
  path: '/api/v1/selection/try',
  operationId: 'trySelection',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'What today’s run would do with a selection table, beside what it would do with the one in effect',
  description: 'Two dry runs over all accounts; nothing is kept.',
  body: z.object({ entries, otherwiseId, otherwiseExperimentId }),
  response: z.object({ asIs: day, tried: day }),
});
