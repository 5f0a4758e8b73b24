import { z } from 'zod';
import { route } from './route.ts';
import { role } from './session.ts';
import * as s from './shapes.ts';

const member = z
  .object({ id: s.id, userId: s.id, name: z.string(), email: z.string(), role, disabled: z.boolean() })
  .meta({ id: 'Member' });
export const listMembers = route({
  method: 'GET',
  path: '/api/v1/members',
  operationId: 'listMembers',
  tag: 'Settings',
  permission: 'signed_in',
  summary: 'Members of this tenant',
  response: z.object({ rows: z.array(member) }),
});
export const addMember = route({
  method: 'POST',
  path: '/api/v1/members',
  operationId: 'addMember',
  tag: 'Settings',
  permission: 'users.manage',
  status: 201,
  summary: 'Add a member with a first password',
  body: z.object({
    name: z.string().trim().min(1).max(120),
    email: z.email(),
    role,
    password: z.string().min(12, 'Use at least 12 characters.').max(200),
  }),
  response: member,
});
export const changeMember = route({
  method: 'PATCH',
  path: '/api/v1/members/{memberId}',
  operationId: 'changeMember',
  tag: 'Settings',
  permission: 'users.manage',
  summary: 'Change role or disable; holds from the next request on',
  params: z.object({ memberId: s.id }),
  body: z.object({ role: role.optional(), disabled: z.boolean().optional() }),
  response: member,
});

const apiKey = z
  .object({
    id: s.id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    expiresAt: s.instant.nullable(),
    revokedAt: s.instant.nullable(),
    lastUsedOn: s.date.nullable(),
  })
  .meta({ id: 'ApiKey' });
export const listKeys = route({
  method: 'GET',
  path: '/api/v1/keys',
  operationId: 'listKeys',
  tag: 'Settings',
  permission: 'keys.manage',
  summary: 'API keys',
  response: z.object({ rows: z.array(apiKey) }),
});
export const createKey = route({
  method: 'POST',
  path: '/api/v1/keys',
  operationId: 'createKey',
  tag: 'Settings',
  permission: 'keys.manage',
  status: 201,
  summary: 'Create an API key; its secret is shown once',
  body: z.object({
    name: z.string().trim().min(1).max(120),
    scopes: z.array(z.string()).min(1),
    expiresAt: s.instant.nullable().default(null),
  }),
  response: z.object({ key: apiKey, secret: z.string() }),
});
export const revokeKey = route({
  method: 'DELETE',
  path: '/api/v1/keys/{keyId}',
  operationId: 'revokeKey',
  tag: 'Settings',
  permission: 'keys.manage',
  status: 204,
  summary: 'Revoke an API key',
  params: z.object({ keyId: s.id }),
});

export const client = z
  .object({
    id: s.id,
    name: z.string(),
    kind: z.enum(['own_entity', 'agency_customer', 'portfolio_owner']),
    currency: s.currency,
    timeZone: z.string(),
    country: z.string(),
    region: z.string().nullable(),
    contactEmail: z.string().nullable(),
    contactPhone: z.string().nullable(),
    postalAddress: z.string().nullable(),
    paymentInstructions: z.string().nullable(),
    feedThrough: s.instant.nullable(),
    feedMaxAgeHours: z.number().int().nullable(),
    senderMode: z.enum(['capture', 'smtp']),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Client' });
const clientInput = z.object({
  name: z.string().trim().min(1).max(200),
  kind: z.enum(['own_entity', 'agency_customer', 'portfolio_owner']).default('own_entity'),
  currency: s.currency,
  timeZone: z.string().max(64),
  country: z.string().length(2),
  region: z.string().max(10).nullable().default(null),
  contactEmail: z.email().nullable().default(null),
  contactPhone: z.string().max(40).nullable().default(null),
  postalAddress: z.string().max(500).nullable().default(null),
  paymentInstructions: z.string().max(1000).nullable().default(null),
  feedMaxAgeHours: z.number().int().min(1).max(8760).nullable().default(null),
});
export const listClients = route({
  method: 'GET',
  path: '/api/v1/clients',
  operationId: 'listClients',
  tag: 'Settings',
  permission: 'signed_in',
  summary: 'Clients (creditors)',
  response: z.object({ rows: z.array(client) }),
});
export const createClient = route({
  method: 'POST',
  path: '/api/v1/clients',
  operationId: 'createClient',
  tag: 'Settings',
  permission: 'tenant.configure',
  status: 201,
  summary: 'Create a client',
  body: clientInput,
  response: client,
});
export const updateClient = route({
  method: 'PUT',
  path: '/api/v1/clients/{clientId}',
  operationId: 'updateClient',
  tag: 'Settings',
  permission: 'tenant.configure',
  ifMatch: true,
  summary: 'Change a client',
  params: z.object({ clientId: s.id }),
  body: clientInput,
  response: client,
});
const wideStop = z
  .object({
    id: s.id,
    scope: z.enum(['tenant', 'client', 'feed']),
    client: s.ref.nullable(),
    reason: z.string(),
    effectiveFrom: s.instant,
    releasedAt: s.instant.nullable(),
  })
  .meta({ id: 'WideStop' });
export const listWideStops = route({
  method: 'GET',
  path: '/api/v1/wide-stops',
  operationId: 'listWideStops',
  tag: 'Settings',
  permission: 'compliance.read',
  summary: 'Stops of a whole client or tenant',
  response: z.object({ rows: z.array(wideStop) }),
});
const rates = z
  .object({
    reportingCurrency: s.currency,
    rows: z.array(
      z.object({
        currency: s.currency,
        rate: z.string().describe('Units of the reporting currency for one unit'),
        asOf: s.date,
        source: z.string(),
      }),
    ),
    missing: z.array(s.currency).describe('Currencies in which something is open and that have no rate'),
    withoutRate: z.string().describe('The rule where no rate is known'),
  })
  .meta({ id: 'Rates' });
export const getRates = route({
  method: 'GET',
  path: '/api/v1/rates',
  operationId: 'getRates',
  tag: 'Settings',
  permission: 'signed_in',
  summary: 'What currencies are worth in the reporting currency today, for ranking and comparing',
  response: rates,
});
export const setRate = route({
  method: 'POST',
  path: '/api/v1/rates',
  operationId: 'setRate',
  tag: 'Settings',
  permission: 'rates.write',
  summary: 'Set the rate of a currency from a day on; open tasks are ranked anew',
  body: z.object({
    currency: s.currency,
    rate: z.string().max(21).nullable().describe('A decimal above zero; null when no rate is known any more'),
    asOf: s.date,
    source: z.string().trim().min(1).max(200),
  }),
  response: rates,
});
export const placeWideStop = route({
  method: 'POST',
  path: '/api/v1/wide-stops',
  operationId: 'placeWideStop',
  tag: 'Settings',
  permission: 'holds.write',
  status: 201,
  summary: 'Stop all contact for a client or the tenant',
  body: z.object({
    scope: z.enum(['tenant', 'client']),
    clientId: s.id.nullable().default(null),
    reason: z.string().trim().min(3).max(300),
  }),
  response: wideStop,
});
export const releaseWideStop = route({
  method: 'DELETE',
  path: '/api/v1/wide-stops/{stopId}',
  operationId: 'releaseWideStop',
  tag: 'Settings',
  permission: 'holds.release',
  status: 204,
  summary: 'Release a wide stop',
  params: z.object({ stopId: s.id }),
});
