import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const messageState = z.enum(['rendered', 'sending', 'handed_over', 'sent', 'failed', 'uncertain', 'void', 'denied']);
export const messageRow = z
  .object({
    id: s.id,
    accountId: s.id,
    party: s.ref,
    client: s.ref,
    channel: z.enum(['email', 'letter']),
    recipient: z.string(),
    subject: z.string(),
    state: messageState,
    stateReason: z.string().nullable(),
    mode: z.enum(['capture', 'smtp']),
    automatic: z.boolean(),
    level: z.number().int().nullable(),
    amounts: z.array(s.money),
    items: z.number().int(),
    at: s.instant,
  })
  .meta({ id: 'MessageRow' });
export const message = messageRow
  .extend({
    bodyText: z.string(),
    bodyHtml: z.string(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    permit: s.why.nullable(),
    events: z.array(z.object({ kind: z.string(), detail: z.string().nullable(), at: s.instant })),
  })
  .meta({ id: 'Message' });
const params = z.object({ messageId: s.id });
export const listMessages = route({
  method: 'GET',
  path: '/api/v1/messages',
  operationId: 'listMessages',
  tag: 'Outbox',
  permission: 'accounts.read',
  summary: 'Messages, newest first',
  query: z.object({
    state: messageState.optional(),
    accountId: s.id.optional(),
    q: z.string().max(200).optional(),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(messageRow).extend({ counts: z.record(z.string(), z.number().int()) }),
});
export const getMessage = route({
  method: 'GET',
  path: '/api/v1/messages/{messageId}',
  operationId: 'getMessage',
  tag: 'Outbox',
  permission: 'accounts.read',
  summary: 'One message exactly as it would look',
  params,
  response: message,
});
export const resolveUncertain = route({
  method: 'POST',
  path: '/api/v1/messages/{messageId}/resolve',
  operationId: 'resolveUncertain',
  tag: 'Outbox',
  permission: 'contacts.send',
  summary: 'Say what became of an uncertain message',
  params,
  body: z.object({ outcome: z.enum(['sent', 'failed']), evidence: z.string().trim().min(3).max(500) }),
  response: message,
});
export const sendDue = route({
  method: 'POST',
  path: '/api/v1/messages/send-due',
  operationId: 'sendDue',
  tag: 'Outbox',
  permission: 'strategy.run',
  summary: 'Send what is planned and due now',
  body: z.object({}),
  response: z.object({ counts: z.record(z.string(), z.number().int()) }),
});
const plan = z
  .object({
    id: s.id,
    accountId: s.id,
    party: s.ref,
    action: z.enum(['email', 'call_task', 'escalation', 'specialist_task', 'legal_review', 'hold']),
    stepKey: z.string(),
    level: z.number().int(),
    items: z.number().int(),
    amountMinor: s.minor,
    currency: s.currency,
    plannedFor: s.date,
    notBefore: s.instant.nullable(),
    state: z.string(),
    stateReason: z.string().nullable(),
  })
  .meta({ id: 'Plan' });
export const listPlans = route({
  method: 'GET',
  path: '/api/v1/plans',
  operationId: 'listPlans',
  tag: 'Strategy',
  permission: 'accounts.read',
  summary: 'Planned contacts',
  query: z.object({
    state: z.string().max(20).optional(),
    accountId: s.id.optional(),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(plan),
});
export const runDay = route({
  method: 'POST',
  path: '/api/v1/runs',
  operationId: 'runDay',
  tag: 'Strategy',
  permission: 'strategy.run',
  status: 201,
  summary: 'Run the strategy as of a date; repeating it changes nothing',
  body: z.object({ asOf: s.date.optional(), dryRun: z.boolean().default(false) }),
  response: z.object({
    runId: s.id.nullable(),
    asOf: s.date,
    dryRun: z.boolean(),
    caughtUpDays: z.number().int(),
    actions: z.record(z.string(), z.number().int()),
    nonActions: z.record(z.string(), z.number().int()),
  }),
});
export const listRuns = route({
  method: 'GET',
  path: '/api/v1/runs',
  operationId: 'listRuns',
  tag: 'Strategy',
  permission: 'insights.read',
  summary: 'Run history',
  query: z.object({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(
    z.object({
      id: s.id,
      asOf: s.date,
      at: s.instant,
      kind: z.enum(['daily', 'event']),
      state: z.string(),
      caughtUpDays: z.number().int(),
      counts: z.record(z.string(), z.number().int()),
      startedBy: z.string(),
      finishedAt: s.instant.nullable(),
    }),
  ),
});
export const getStrategy = route({
  method: 'GET',
  path: '/api/v1/strategy',
  operationId: 'getStrategy',
  tag: 'Strategy',
  permission: 'insights.read',
  summary: 'The strategy version in force, step by step',
  response: z.object({
    name: z.string(),
    version: z.number().int(),
    effectiveFrom: s.date,
    steps: z.array(
      z.object({
        key: z.string(),
        days: z.number().int(),
        action: z.string(),
        level: z.number().int().nullable(),
        sentence: z.string(),
      }),
    ),
  }),
});
