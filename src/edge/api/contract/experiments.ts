import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const hundredths = z.number().int().min(1).max(10_000);
const days = z.number().int().min(1).max(365);
const cost = z.number().int().min(0).max(1_000_000);

const arm = z.object({
  name: z.string().trim().min(1).max(40),
  strategyId: s.id.nullable().describe('Null is a hold-out: automation leaves its people alone'),
  weight: hundredths.describe('Hundredths of a per cent of those who enter; all arms add up to 10000'),
});
const terms = z.object({
  name: z.string().trim().min(1).max(80),
  hypothesis: z.string().trim().max(1000).default(''),
  arms: z.array(arm).max(10).describe('The first is the champion'),
  share: hundredths.describe('How many of the population enter, in hundredths of a per cent'),
  recoveryDays: days.describe('Days from entry in which money and contacts count'),
  complaintDays: days.describe('Days from entry in which complaints count'),
  costs: z
    .object({ email: cost, call: cost, letter: cost, sms: cost })
    .describe('What a contact costs, in minor units of the reporting currency'),
  complaintsAbove: hundredths
    .nullable()
    .describe(
      'It stops itself when an arm surely brings more complaints than the champion by so many hundredths of a percentage point',
    ),
  recoveryBelow: hundredths
    .nullable()
    .describe(
      'It stops itself when an arm surely recovers less than the champion by so many hundredths of a percentage point',
    ),
  endsOn: s.date.nullable().describe('The last day; a hold-out must have one'),
});
const experiment = terms
  .extend({
    id: s.id,
    hypothesis: z.string(),
    state: z.enum(['draft', 'running', 'stopped', 'decided']),
    startedOn: s.date.nullable(),
    stoppedOn: s.date.nullable(),
    stopReason: z.string().nullable(),
    decidedArm: z.number().int().nullable(),
    recordedBy: z.string(),
    recordedAt: s.instant,
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Experiment' });

const point = z.object({
  on: s.date,
  value: z.number(),
  low: z.number().nullable().describe('Null while too few people are counted'),
  high: z.number().nullable(),
});
const perMeasure = <T extends z.ZodType>(of: T) => z.object({ recovery: of, cash: of, cost: of, complaints: of });
const results = z
  .object({
    asOf: s.date,
    currency: s.currency,
    error: z.number().describe('The chance that an interval is ever wrong, however often one looks'),
    conclusions: z.array(z.string()),
    arms: z.array(
      z.object({
        name: z.string(),
        entered: z.number().int(),
        owedMinor: s.minor,
        measures: perMeasure(
          z.object({
            counted: z.number().int().describe('People whose days are over'),
            total: z.string().describe('Exact: minor units of money, millionths of recovery, people with a complaint'),
            points: z.array(point).describe('By day, of all people counted until then'),
          }),
        ).describe('Recovery and complaints as shares of one; cash and cost in minor units a person'),
        differences: perMeasure(z.array(point)).nullable().describe('Less the champion; null for the champion'),
      }),
    ),
  })
  .meta({ id: 'ExperimentResults' });
const params = z.object({ experimentId: s.id });
const experimentsRoute = '/api/v1/experiments';
const one = `${experimentsRoute}/{experimentId}` as const;
const shared = { tag: 'Strategy', permission: 'strategy.publish' } as const;

export const listExperiments = route({
  ...shared,
  method: 'GET',
  path: experimentsRoute,
  operationId: 'listExperiments',
  summary:
    'Experiments, those that run first, with the strategies and the lines of the selection table they can be made of',
  response: z.object({
    rows: z.array(experiment),
    strategies: z.array(z.object({ id: s.id, name: z.string(), inEffect: z.boolean() })),
    lines: z.array(
      z.object({
        segmentId: s.id.nullable().describe('Null: everybody whom no line matches'),
        name: z.string(),
        strategyId: s.id.nullable(),
        experimentId: s.id.nullable(),
      }),
    ),
    currency: s.currency,
  }),
});
export const getExperiment = route({
  ...shared,
  method: 'GET',
  path: one,
  operationId: 'getExperiment',
  summary: 'An experiment with what it has shown and what was done to it',
  params,
  response: z.object({
    experiment,
    results,
    history: z.array(
      z.object({ kind: z.string(), sentence: z.string(), recordedBy: z.string(), recordedAt: s.instant }),
    ),
  }),
});
export const planExperiment = route({
  ...shared,
  method: 'POST',
  path: `${experimentsRoute}/plan`,
  operationId: 'planExperiment',
  summary: 'How many people it takes to find an effect, and how long until they have come; keeps nothing',
  body: z.object({
    question: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('rate'),
        baseline: z
          .number()
          .gt(0)
          .lt(1)
          .describe('Share of one: of what is owed recovered, of people cured or complaining'),
        effect: z.number().gt(-1).lt(1).describe('The smallest change worth finding'),
      }),
      z.object({
        kind: z.literal('mean'),
        spread: z.number().positive().max(1e12).describe('Standard deviation between people'),
        effect: z.number().gt(-1e12).lt(1e12),
      }),
    ]),
    power: z.number().min(0.5).max(0.99).default(0.8),
    error: z.number().min(0.001).max(0.2).default(0.05),
    weights: z.array(hundredths).min(2).max(5),
    share: hundredths.default(10_000),
    days: days.describe('How long each person is watched'),
    segmentId: s.id
      .nullable()
      .default(null)
      .describe('The line whose people enter; null: everybody whom no line matches'),
    people: z
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .optional()
      .describe('Default: as many as owe something on that line'),
    perDay: z.number().min(0).max(1_000_000_000).optional().describe('Default: as came over the last 90 days'),
  }),
  response: z.object({
    people: z.number(),
    perDay: z.number(),
    lookingOnce: z.array(z.number().int()).describe('People in each arm, where one looks at the end only'),
    lookingDaily: z.array(z.number().int()).describe('The same where one looks every day, as the results do'),
    daysOnce: z.number().int().nullable(),
    daysDaily: z.number().int().nullable(),
    sentence: z.string(),
  }),
});
export const createExperiment = route({
  ...shared,
  method: 'POST',
  path: experimentsRoute,
  operationId: 'createExperiment',
  status: 201,
  summary: 'Write down an experiment; nobody is in it before it is started',
  body: terms,
  response: experiment,
});
export const changeExperiment = route({
  ...shared,
  method: 'PUT',
  path: one,
  operationId: 'changeExperiment',
  summary: 'Change the terms of one that has not begun',
  params,
  ifMatch: true,
  body: terms,
  response: experiment,
});
export const startExperiment = route({
  ...shared,
  method: 'POST',
  path: `${one}/start`,
  operationId: 'startExperiment',
  summary: 'Begin it on a line of the selection table that follows its champion; people enter with the next run',
  params,
  ifMatch: true,
  body: z.object({ segmentId: s.id.nullable().describe('Null: everybody whom no line matches') }),
  response: experiment,
});
export const widenExperiment = route({
  ...shared,
  method: 'POST',
  path: `${one}/widen`,
  operationId: 'widenExperiment',
  summary: 'Let more of the population in; who is in stays in the same arm',
  params,
  ifMatch: true,
  body: z.object({ share: hundredths }),
  response: experiment,
});
export const stopExperiment = route({
  ...shared,
  method: 'POST',
  path: `${one}/stop`,
  operationId: 'stopExperiment',
  summary: 'End the split: everybody follows the champion from the next run',
  params,
  ifMatch: true,
  body: z.object({ reason: z.string().trim().min(1).max(500) }),
  response: experiment,
});
export const decideExperiment = route({
  ...shared,
  method: 'POST',
  path: `${one}/decide`,
  operationId: 'decideExperiment',
  summary: 'Decide for an arm: its strategy takes the place of the experiment in the selection table, from today',
  params,
  ifMatch: true,
  body: z.object({ arm: z.number().int().min(0).max(9), why: z.string().trim().min(1).max(500) }),
  response: experiment,
});
