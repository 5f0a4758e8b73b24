import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const reason = z.string().trim().min(3).max(1000);
const legalHold = z
  .object({
    id: s.id,
    scope: z.enum(['person', 'account', 'tenant']).describe('An account’s hold keeps its person too'),
    partyId: s.id.nullable(),
    partyName: z.string().nullable(),
    accountId: s.id.nullable(),
    accountNumber: z.string().nullable(),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: s.instant,
    releasedBy: z.string().nullable(),
    releaseReason: z.string().nullable(),
    releasedAt: s.instant.nullable(),
  })
  .meta({ id: 'LegalHold' });
const duty = z.object({ ruleId: z.string(), title: z.string(), citation: z.string(), through: s.date });
const obstacle = z.object({
  code: z.enum(['money_owed', 'retention_duty', 'legal_hold']),
  sentence: z.string(),
  until: s.date.nullable().describe('The last day it stands in the way, where that is known'),
});
const erasure = z
  .object({
    id: s.id,
    partyId: s.id.nullable(),
    partyName: z.string().nullable(),
    accountNumbers: z.array(z.string()),
    basis: z
      .enum(['request', 'retention'])
      .describe('`request`: the person asked. `retention`: no duty keeps the records any longer'),
    reason: z.string().describe('Erased with the rest once it is done'),
    state: z.enum(['requested', 'approved', 'done', 'withdrawn', 'declined']),
    requestedBy: z.string(),
    requestedAt: s.instant,
    mine: z.boolean().describe('You asked for it: somebody else has to decide'),
    approvedBy: z.string().nullable(),
    approvedAt: s.instant.nullable(),
    declinedBy: z.string().nullable(),
    declinedAt: s.instant.nullable(),
    declineReason: z.string().nullable(),
    doneAt: s.instant.nullable(),
  })
  .meta({ id: 'Erasure' });

export const listLegalHolds = route({
  method: 'GET',
  path: '/api/v1/legal-holds',
  operationId: 'listLegalHolds',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Legal holds, those in force first; at most 200',
  response: z.object({ rows: z.array(legalHold) }),
});
export const placeLegalHold = route({
  method: 'POST',
  path: '/api/v1/legal-holds',
  operationId: 'placeLegalHold',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 201,
  summary: 'Keep the records of a person, an account or everybody from being erased',
  body: z.discriminatedUnion('scope', [
    z.object({ scope: z.literal('person'), partyId: s.id, reason }),
    z.object({ scope: z.literal('account'), accountId: s.id, reason }),
    z.object({ scope: z.literal('tenant'), reason }),
  ]),
  response: z.object({ id: s.id }),
});
export const releaseLegalHold = route({
  method: 'POST',
  path: '/api/v1/legal-holds/{legalHoldId}/release',
  operationId: 'releaseLegalHold',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 204,
  summary: 'Let records be erased again',
  params: z.object({ legalHoldId: s.id }),
  body: z.object({ reason }),
});
export const listKeptPersons = route({
  method: 'GET',
  path: '/api/v1/retention',
  operationId: 'listKeptPersons',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Persons who owe nothing, with the duty that keeps their records longest',
  description:
    'Of all duties that apply the longest wins. Looks at `limit` persons at a time: a page may hold fewer, or none, and still have a next one.',
  query: z.object({
    show: z.enum(['due', 'all']).default('due').describe('`due`: only those whose records nothing keeps any longer'),
    cursor: s.id.optional().describe('`nextCursor` of the page before'),
    limit: s.limit,
  }),
  response: s.page(
    z.object({
      partyId: s.id,
      name: z.string(),
      accountNumbers: z.array(z.string()),
      keptThrough: s.date.nullable().describe('The last day a duty holds the records; null where none ever did'),
      duty: duty.nullable(),
      legalHolds: z.number().int(),
      due: z.boolean(),
    }),
  ),
});
export const getAccountKeeping = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/keeping',
  operationId: 'getAccountKeeping',
  tag: 'Compliance',
  permission: 'accounts.read',
  summary: 'How long the records of the person who owes must be kept, by which duty, and the legal holds on them',
  params: z.object({ accountId: s.id }),
  response: z.object({
    partyId: s.id,
    duties: z.array(duty).describe('All that apply to this account, the longest first'),
    legalHolds: z.array(legalHold).describe('In force, whoever they were placed on'),
    obstacles: z.array(obstacle).describe('What stands against forgetting the person now; empty: nothing does'),
    erasure: z.object({ id: s.id, state: z.enum(['requested', 'approved']) }).nullable(),
  }),
});
export const listErasures = route({
  method: 'GET',
  path: '/api/v1/erasures',
  operationId: 'listErasures',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Persons who are to be forgotten or have been, newest first; at most 200',
  response: z.object({ rows: z.array(erasure) }),
});
export const getErasure = route({
  method: 'GET',
  path: '/api/v1/erasures/{erasureId}',
  operationId: 'getErasure',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'An erasure: what stands against it, then what it emptied and what it left, and why',
  params: z.object({ erasureId: s.id }),
  response: erasure.extend({
    obstacles: z.array(obstacle).describe('While nobody has decided: what would refuse an approval now'),
    emptied: z.array(z.object({ what: z.string(), count: z.number().int() })).describe('Rows emptied, by kind'),
    kept: z.array(z.object({ what: z.string(), count: z.number().int(), why: z.string() })),
  }),
});
export const requestErasure = route({
  method: 'POST',
  path: '/api/v1/erasures',
  operationId: 'requestErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 201,
  summary: 'Ask for a person to be forgotten; refused with every reason that stands against it',
  description:
    'Everybody who is one person with this one is meant. The reason is for the second person who decides: how the request came and how the person was recognised.',
  body: z.object({ partyId: s.id, basis: z.enum(['request', 'retention']), reason }),
  response: z.object({ id: s.id }),
});
export const approveErasure = route({
  method: 'POST',
  path: '/api/v1/erasures/{erasureId}/approve',
  operationId: 'approveErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 204,
  summary: 'Approve, as a second person; it is carried out within seconds and cannot be undone',
  description:
    'What stands against it is judged again. Opt-outs and ceases outlive the person as keyed hashes of their addresses. A legal hold placed meanwhile stops it where it is.',
  params: z.object({ erasureId: s.id }),
  body: z.object({}),
});
export const declineErasure = route({
  method: 'POST',
  path: '/api/v1/erasures/{erasureId}/decline',
  operationId: 'declineErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 204,
  summary: 'Decline, as a second person; it can be asked for again',
  params: z.object({ erasureId: s.id }),
  body: z.object({ reason }),
});
export const withdrawErasure = route({
  method: 'POST',
  path: '/api/v1/erasures/{erasureId}/withdraw',
  operationId: 'withdrawErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 204,
  summary: 'Take back an erasure you asked for, before anybody has decided',
  params: z.object({ erasureId: s.id }),
  body: z.object({}),
});
export const exportPerson = route({
  method: 'GET',
  path: '/api/v1/parties/{partyId}/export',
  operationId: 'exportPerson',
  tag: 'Compliance',
  permission: 'accounts.export',
  summary: 'Everything held about a person, as a ZIP',
  description:
    'JSON lines by kind, notices as they went out, and a READ-ME in plain words (GDPR articles 15 and 20, CCPA). Of all records that are one person with this one, as far as your clients go. Written down in the audit trail before the first byte; the answer streams, and breaks off rather than ending early when something fails.',
  params: z.object({ partyId: s.id }),
  produces: 'application/zip',
});
