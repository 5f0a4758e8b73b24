import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const count = z.number().int().min(0);
const outcome = z.enum(['act', 'wait', 'stop']);
const group = z.object({
  outcome,
  reasonCode: z.string(),
  title: z.string().describe('The reason, or the step, in words'),
  actions: z.array(z.string()).describe('What would be planned'),
  accounts: count,
  kept: count.describe('How many of them can be listed: those that owe most'),
});
const rehearsal = z
  .object({
    id: s.id,
    asOf: s.date,
    version: z.string(),
    counts: z.record(z.string(), count),
    groups: z.array(group),
    startedBy: z.string(),
    at: s.instant,
    expiresAt: s.instant,
  })
  .meta({ id: 'Rehearsal' });
const about = {
  accountId: s.id,
  number: z.string(),
  party: z.string(),
  client: z.string(),
  outcome,
  reasonCode: z.string(),
  sentence: z.string().describe('The step that is due, or why nothing is done'),
  cure: z.string().nullable().describe('What would change it'),
  withheld: z.string().nullable().describe('Why a notice is left out although something is done'),
  version: z.string().nullable().describe('The version the account follows; null when it is kept out'),
  stage: s.stage,
  daysPastDue: z.number().int().nullable(),
  openItems: count,
  openMinor: s.minor,
  claimedMinor: s.minor.describe('Of it, what a notice would be about'),
  currency: s.currency,
};
const params = z.object({ rehearsalId: s.id });
const runParams = z.object({ runId: s.id });
const paging = { cursor: s.cursor.optional(), limit: s.limit };

export const rehearseDay = route({
  method: 'POST',
  path: '/api/v1/rehearsals',
  operationId: 'rehearseDay',
  tag: 'Strategy',
  permission: 'strategy.run',
  status: 201,
  summary: 'A dry run of today or of a later day that can be looked through for 24 hours',
  description:
    'It runs as the real one would and takes everything back. A later day is judged on the accounts as they stand now. The newest five are kept.',
  body: z.object({ asOf: s.date.optional() }),
  response: rehearsal,
});
export const listRehearsals = route({
  method: 'GET',
  path: '/api/v1/rehearsals',
  operationId: 'listRehearsals',
  tag: 'Strategy',
  permission: 'strategy.run',
  summary: 'Dry runs that can still be looked through, newest first',
  response: z.object({ rows: z.array(rehearsal) }),
});
export const listRehearsalRows = route({
  method: 'GET',
  path: '/api/v1/rehearsals/{rehearsalId}/rows',
  operationId: 'listRehearsalRows',
  tag: 'Strategy',
  permission: 'strategy.run',
  summary: 'What a dry run would do about each account, and why: those acted upon first',
  params,
  query: z.object({
    reason: z.string().max(60).optional(),
    actions: z.string().max(80).optional().describe('What would be planned, joined by +, such as call_task+email'),
    q: z.string().trim().min(1).max(100).optional().describe('Part of a name or an account number'),
    ...paging,
  }),
  response: s.page(z.object({ ...about, actions: z.array(z.string()) })),
});
export const getRun = route({
  method: 'GET',
  path: '/api/v1/runs/{runId}',
  operationId: 'getRun',
  tag: 'Strategy',
  permission: 'insights.read',
  summary: 'One run: what it counted, and the decisions it wrote down by reason',
  description:
    'A run writes a decision where an account’s outcome or reason is new: the counts are of all accounts, the decisions of those for whom something changed.',
  params: runParams,
  response: z.object({
    id: s.id,
    asOf: s.date,
    at: s.instant,
    state: z.string(),
    caughtUpDays: count,
    counts: z.record(z.string(), count),
    startedBy: z.string(),
    finishedAt: s.instant.nullable(),
    version: z.string(),
    decided: z.array(z.object({ outcome, reasonCode: z.string(), title: z.string(), accounts: count })),
  }),
});
export const listRunDecisions = route({
  method: 'GET',
  path: '/api/v1/runs/{runId}/decisions',
  operationId: 'listRunDecisions',
  tag: 'Strategy',
  permission: 'insights.read',
  summary: 'What a run decided about accounts, with the facts it judged on',
  params: runParams,
  query: z.object({ reason: z.string().max(60).optional(), ...paging }),
  response: s.page(
    z.object({ id: s.id, ...about, planState: z.string().nullable().describe('What became of its plan') }),
  ),
});
