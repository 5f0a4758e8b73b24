import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const method = z.enum(['bank_transfer', 'cheque', 'card', 'cash', 'direct_debit', 'other']);
const allocation = z
  .object({
    id: s.id,
    accountId: s.id,
    itemId: s.id,
    itemNumber: z.string().nullable(),
    amountMinor: s.minor,
    currency: s.currency,
    method: z.enum(['reference', 'oldest_first', 'manual', 'promise']),
    reason: z.string(),
    effectiveOn: s.date,
    reviewedBy: z.string().nullable(),
    reversedAt: s.instant.nullable(),
    reversalReason: z.string().nullable(),
  })
  .meta({ id: 'Allocation' });
export const receipt = z
  .object({
    id: s.id,
    client: s.ref,
    account: z.object({ id: s.id, number: z.string(), party: s.ref }).nullable(),
    amountMinor: s.minor,
    unappliedMinor: s.minor,
    currency: s.currency,
    receivedOn: s.date,
    method,
    reference: z.string().nullable(),
    payerName: z.string().nullable(),
    source: z.enum(['file', 'hand', 'api']),
    state: z.enum(['open', 'applied', 'reversed']),
    reversalReason: z.string().nullable(),
    recordedAt: s.instant,
    allocations: z.array(allocation),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Receipt' });
const params = z.object({ receiptId: s.id });
const parts = z.array(z.object({ itemId: s.id, amountMinor: s.minor })).max(1000);
export const listReceipts = route({
  method: 'GET',
  path: '/api/v1/receipts',
  operationId: 'listReceipts',
  tag: 'Payments',
  permission: 'accounts.read',
  summary: 'Receipts, newest first',
  query: z.object({
    accountId: s.id.optional(),
    unapplied: z.enum(['yes', 'all']).default('all'),
    q: z.string().max(200).optional(),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(receipt),
});
export const getReceipt = route({
  method: 'GET',
  path: '/api/v1/receipts/{receiptId}',
  operationId: 'getReceipt',
  tag: 'Payments',
  permission: 'accounts.read',
  summary: 'One receipt with its allocations',
  params,
  response: receipt,
});
export const recordReceipt = route({
  method: 'POST',
  path: '/api/v1/receipts',
  operationId: 'recordReceipt',
  tag: 'Payments',
  permission: 'receipts.write',
  status: 201,
  summary: 'Record money received',
  description:
    'Allocated by reference, then oldest first, unless allocations are given. Everything planned for the account is void from the instant this commits.',
  body: z.object({
    clientId: s.id,
    accountId: s.id.nullable().default(null),
    amount: s.positiveMoney,
    receivedOn: s.date,
    method: method.default('bank_transfer'),
    reference: z.string().max(300).nullable().default(null),
    payerName: z.string().max(200).nullable().default(null),
    externalKey: z.string().max(200).optional().describe('Your own key: the same key twice is one receipt'),
    allocations: parts.optional(),
  }),
  response: receipt,
});
export const reallocate = route({
  method: 'PUT',
  path: '/api/v1/receipts/{receiptId}/allocations',
  operationId: 'reallocate',
  tag: 'Payments',
  permission: 'allocations.write',
  ifMatch: true,
  summary: 'Replace the allocations of a receipt; the old ones are reversed, not erased',
  params,
  body: z.object({ accountId: s.id, parts, reason: z.string().trim().min(3).max(300) }),
  response: receipt,
});
export const reviewReceipt = route({
  method: 'POST',
  path: '/api/v1/receipts/{receiptId}/review',
  operationId: 'reviewReceipt',
  tag: 'Payments',
  permission: 'allocations.write',
  summary: 'Confirm the allocations as right',
  params,
  body: z.object({}),
  response: receipt,
});
export const reverseReceipt = route({
  method: 'POST',
  path: '/api/v1/receipts/{receiptId}/reverse',
  operationId: 'reverseReceipt',
  tag: 'Payments',
  permission: 'receipts.reverse',
  ifMatch: true,
  summary: 'Reverse a receipt (bounced, recalled, recorded in error)',
  params,
  body: z.object({ on: s.date, reason: z.string().trim().min(3).max(300) }),
  response: receipt,
});
