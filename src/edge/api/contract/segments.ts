import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const choice = z.object({ value: z.string(), label: z.string() });
const factField = z
  .object({
    key: z.string(),
    label: z.string(),
    help: z.string(),
    group: z.string(),
    source: z.string().describe('What it is kept from, and so how fresh it is'),
    kind: z.enum(['text', 'choice', 'count', 'average', 'money', 'date', 'days', 'flag']),
    unit: z.string().nullable().describe('Of counts and averages; the reporting currency of amounts; days'),
    operators: z.array(choice).describe('What may be asked of it'),
    choices: z.array(choice).nullable(),
  })
  .meta({ id: 'FactField' });
export const rule = z
  .record(z.string(), z.unknown())
  .describe(
    'A rule over the fields of listFactFields: `{combinator: "and" | "or", not?, rules: [{field, operator, value} | rule]}`. Lists for in, notIn, between and notBetween; amounts are decimals in the reporting currency. A condition on something unknown is neither true nor false, and only what is true matches.',
  )
  .meta({ id: 'SegmentRule' });
const segment = z
  .object({
    id: s.id,
    name: z.string(),
    description: z.string(),
    revision: z.number().int().describe('Rises with each change of the rule'),
    rule,
    words: z.string().describe('The rule as a sentence'),
    recordedBy: z.string(),
    recordedAt: s.instant,
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Segment' });
const draft = z.object({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(500).default(''),
  rule,
});
const segmentParams = z.object({ segmentId: s.id });

export const listFactFields = route({
  method: 'GET',
  path: '/api/v1/facts',
  operationId: 'listFactFields',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'What a rule may ask about an account, with the operators and choices of each field',
  response: z.object({ rows: z.array(factField) }),
});
export const listSegments = route({
  method: 'GET',
  path: '/api/v1/segments',
  operationId: 'listSegments',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Named rules over the facts of accounts',
  response: z.object({ rows: z.array(segment) }),
});
export const tryRule = route({
  method: 'POST',
  path: '/api/v1/segments/try',
  operationId: 'tryRule',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary: 'Says a rule in words, counts the accounts it matches now and shows those that owe most; keeps nothing',
  body: z.object({ rule }),
  response: z.object({
    words: z.string(),
    count: z.number().int(),
    sample: z.array(
      z.object({
        accountId: s.id,
        number: z.string(),
        party: z.string(),
        balanceMinor: s.minor,
        currency: s.currency,
        oldestDueOn: s.date.nullable(),
      }),
    ),
  }),
});
export const createSegment = route({
  method: 'POST',
  path: '/api/v1/segments',
  operationId: 'createSegment',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 201,
  summary: 'Keep a rule under a name',
  body: draft,
  response: segment,
});
export const changeSegment = route({
  method: 'PUT',
  path: '/api/v1/segments/{segmentId}',
  operationId: 'changeSegment',
  tag: 'Strategy',
  permission: 'strategy.publish',
  summary:
    'Change name, description or rule; a changed rule is a new revision, and what was published keeps the old one',
  params: segmentParams,
  ifMatch: true,
  body: draft,
  response: segment,
});
export const archiveSegment = route({
  method: 'POST',
  path: '/api/v1/segments/{segmentId}/archive',
  operationId: 'archiveSegment',
  tag: 'Strategy',
  permission: 'strategy.publish',
  status: 204,
  summary: 'Take a segment off the list; its revisions stay',
  params: segmentParams,
  ifMatch: true,
});
