import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const reason = z.string().trim().min(3).max(1000);
const legalHold = z
  .object({
    id: s.id,
    scope: z.enum(['person', 'account', 'tenant']),
    accountId: s.id.nullable(),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: s.instant,
    releasedBy: z.string().nullable(),
    releaseReason: z.string().nullable(),
    releasedAt: s.instant.nullable(),
  })
  .meta({ id: 'LegalHold' });
const erasure = z
  .object({
    id: s.id,
    basis: z.enum(['request', 'retention']),
    reason: z.string(),
    state: z.enum(['requested', 'approved', 'done', 'withdrawn']),
    requestedBy: z.string(),
    requestedAt: s.instant,
    approvedBy: z.string().nullable(),
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
export const listDueForErasure = route({
  method: 'GET',
  path: '/api/v1/erasures/due',
  operationId: 'listDueForErasure',
  tag: 'Compliance',
  permission: 'compliance.read',
  summary: 'Persons whose records no duty, debt or legal hold keeps any longer',
  description: 'Looks at `limit` persons at a time: a page may hold fewer, or none, and still have a next one.',
  query: z.object({ cursor: s.id.optional().describe('`nextCursor` of the page before'), limit: s.limit }),
  response: s.page(z.object({ partyId: s.id, name: z.string(), keptThrough: s.date.nullable() })),
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
export const requestErasure = route({
  method: 'POST',
  path: '/api/v1/erasures',
  operationId: 'requestErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 201,
  summary: 'Ask for a person to be forgotten; refused with every reason that stands against it',
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
  params: z.object({ erasureId: s.id }),
  body: z.object({}),
});
export const withdrawErasure = route({
  method: 'POST',
  path: '/api/v1/erasures/{erasureId}/withdraw',
  operationId: 'withdrawErasure',
  tag: 'Compliance',
  permission: 'compliance.override',
  status: 204,
  summary: 'Withdraw an erasure that nobody has approved',
  params: z.object({ erasureId: s.id }),
  body: z.object({}),
});
export const exportPerson = route({
  method: 'GET',
  path: '/api/v1/parties/{partyId}/export',
  operationId: 'exportPerson',
  tag: 'Compliance',
  permission: 'accounts.export',
  summary: 'Everything held about a person, as a ZIP of JSON lines',
  description:
    'Of all records that are one person with this one, as far as your clients go. Written down in the audit trail.',
  params: z.object({ partyId: s.id }),
  produces: 'application/zip',
});
