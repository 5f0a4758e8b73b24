import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const decision = z.enum(['allow', 'deny', 'defer']);
const channel = z.enum([
  'email',
  'call',
  'letter',
  'sms',
  'visit',
  'postcard',
  'social_public',
  'social_private',
  'credit_bureau_furnish',
  'legal_filing',
  'transfer',
]);
const act = z.enum(['automatic_message', 'manual_message', 'manual_call', 'recorded_after']);
const ruleId = z
  .string()
  .regex(/^[A-Z0-9-]+$/)
  .max(80);
const permitSummary = {
  id: s.id,
  decision,
  act,
  channel,
  account: s.ref.describe('The account the act is counted to; its name is the number'),
  party: z.string(),
  client: s.ref,
  decidedAt: s.instant,
  notBefore: s.instant.nullable(),
  overrideId: s.id.nullable(),
};
export const listPermits = route({
  method: 'GET',
  path: '/api/v1/permits',
  operationId: 'listPermits',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Answers of the gate, newest first',
  query: z.object({
    rule: ruleId.optional(),
    decision: decision.optional(),
    channel: channel.optional(),
    act: act.optional(),
    clientId: s.id.optional(),
    accountId: s.id.optional(),
    from: s.date.optional().describe('First day, in the time zone of the tenant'),
    to: s.date.optional().describe('Last day'),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(z.object({ ...permitSummary, rules: z.array(z.string()), sentence: z.string().nullable() })),
});
const reason = z.object({
  ruleId: z.string(),
  part: z.string().nullable(),
  kind: z.string(),
  effect: z.enum(['deny', 'defer']),
  sentence: z.string().describe('What stood against this act'),
  rule: z.string().nullable().describe('The text of the rule; null when the program no longer holds it'),
  title: z.string().nullable(),
  citation: z.string(),
  confidence: z.string().nullable(),
  opening: s.instant.nullable().describe('When this rule alone would open'),
  cure: z.string(),
  rebuttable: z.boolean(),
});
export const getPermit = route({
  method: 'GET',
  path: '/api/v1/permits/{permitId}',
  operationId: 'getPermit',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'One answer of the gate: facts, rules, citations, what would cure it',
  params: z.object({ permitId: s.id }),
  response: z.object({
    ...permitSummary,
    purpose: z.string(),
    reasons: z.array(reason),
    facts: z.array(z.object({ group: z.string(), name: z.string(), value: z.string() })),
    packs: z.array(
      z.object({
        key: z.string(),
        version: z.string(),
        tightenedBy: z.array(z.string()),
        replacedBy: z.array(z.string()),
      }),
    ),
    validUntil: s.instant,
    spentOn: z.object({ kind: z.string(), id: s.id, at: s.instant }).nullable(),
    override: z
      .object({
        reason: z.string(),
        requestedBy: z.string(),
        decidedBy: z.string().nullable(),
        note: z.string().nullable(),
      })
      .nullable(),
    stored: z
      .object({ proposal: z.unknown(), facts: z.unknown(), reasons: z.unknown() })
      .describe('As stored, for export'),
  }),
});
export const countPrevented = route({
  method: 'GET',
  path: '/api/v1/permits/prevented',
  operationId: 'countPrevented',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Acts refused or put off, by day and rule',
  description: 'At most 92 days. An act several rules stood against counts once for each; `acts` counts it once.',
  query: z.object({ from: s.date.optional(), to: s.date.optional(), clientId: s.id.optional() }),
  response: z.object({
    from: s.date,
    to: s.date,
    acts: z.number().int(),
    days: z.array(z.object({ on: s.date, rule: z.string(), denied: z.number().int(), deferred: z.number().int() })),
  }),
});

const said = z.string().trim().min(3).max(1000);
const override = z
  .object({
    id: s.id,
    account: s.ref,
    party: z.string(),
    channel: z.string(),
    sentences: z.array(z.string()),
    citations: z.array(z.string()),
    reason: z.string(),
    requestedBy: z.string(),
    requestedAt: s.instant,
    validUntil: s.instant,
    state: z.enum(['requested', 'approved', 'rejected', 'used', 'lapsed']),
    decidedBy: z.string().nullable(),
    note: z.string().nullable(),
    permitId: s.id.nullable(),
    mine: z.boolean().describe('The caller asked for it, so somebody else has to decide'),
  })
  .meta({ id: 'Override' });
export const listOverrides = route({
  method: 'GET',
  path: '/api/v1/overrides',
  operationId: 'listOverrides',
  tag: 'Compliance',
  permission: 'accounts.read',
  summary: 'The newest overrides asked for, at most 200',
  query: z.object({ accountId: s.id.optional() }),
  response: z.object({ rows: z.array(override) }),
});
export const askOverride = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/overrides',
  operationId: 'askOverride',
  tag: 'Compliance',
  permission: 'calls.log',
  summary: 'Ask for leave to call, write or send a notice once although a rebuttable rule says no',
  description:
    'Good for one act of that kind, in that channel, about that account, once somebody else has approved it. Refused as `not_rebuttable` where a rule stands against it that nobody may override.',
  status: 201,
  params: z.object({ accountId: s.id }),
  body: z.object({
    act: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('call') }),
        z.object({
          kind: z.literal('message'),
          contactPointId: s.id.nullable().default(null),
          level: z.number().int().min(0).max(5).optional(),
          comment: z.string().max(2000).nullable().default(null),
        }),
        z.object({ kind: z.literal('notice'), noticeId: s.id }),
      ])
      .default({ kind: 'call' })
      .describe('A call, a notice sent by hand, or a prepared validation notice'),
    reason: said,
    hours: z.number().int().min(1).max(24).default(4),
  }),
  response: override,
});
export const decideOverride = route({
  method: 'POST',
  path: '/api/v1/overrides/{overrideId}/decide',
  operationId: 'decideOverride',
  tag: 'Compliance',
  permission: 'compliance.override',
  summary: 'Approve or reject an override, as another person than asked for it',
  params: z.object({ overrideId: s.id }),
  body: z.object({ approve: z.boolean(), note: said }),
  response: override,
});
