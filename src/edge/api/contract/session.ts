import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

export const role = z.enum(['owner', 'manager', 'collector', 'compliance_officer', 'accountant', 'read_only']);
const password = z.string().min(12, 'Use at least 12 characters.').max(200);

export const session = z
  .object({
    user: z.object({ id: s.id, name: z.string(), email: z.string() }),
    tenant: z.object({
      id: s.id,
      name: z.string(),
      kind: z.enum(['live', 'sandbox']),
      timeZone: z.string(),
      currency: s.currency,
      locale: z.string(),
      now: s.instant.describe('The tenant clock: the world’s for a live tenant, the movable one for a sandbox'),
      today: s.date,
    }),
    role,
    permissions: z.array(z.string()),
    tenants: z.array(s.ref).describe('All tenants this person may enter; choose with the Dunwell-Tenant header'),
  })
  .meta({ id: 'Session' });

export const getSetup = route({
  method: 'GET',
  path: '/api/v1/setup',
  operationId: 'getSetup',
  tag: 'Session',
  permission: 'public',
  summary: 'Whether this installation still needs its first tenant and owner',
  response: z.object({ needed: z.boolean(), demo: z.object({ email: z.string(), password: z.string() }).nullable() }),
});
export const createFirst = route({
  method: 'POST',
  path: '/api/v1/setup',
  operationId: 'createFirst',
  tag: 'Session',
  permission: 'public',
  status: 201,
  summary: 'Create the first tenant and its owner; refused once a tenant exists',
  body: z.object({
    tenantName: z.string().trim().min(1).max(200),
    kind: z.enum(['live', 'sandbox']).default('live'),
    timeZone: z.string().max(64),
    country: z.string().length(2),
    currency: s.currency,
    ownerName: z.string().trim().min(1).max(120),
    email: z.email(),
    password,
    clockOn: s.date.optional().describe('Sandbox only: the day its clock begins at; default today'),
  }),
  response: z.object({ tenantId: s.id }),
});
export const signIn = route({
  method: 'POST',
  path: '/api/v1/session',
  operationId: 'signIn',
  tag: 'Session',
  permission: 'public',
  summary: 'Sign in with e-mail and password; sets the session cookie',
  description: 'Rate-limited. The answer never says which of the two was wrong.',
  body: z.object({ email: z.string().max(320), password: z.string().max(200) }),
  response: session,
});
export const getSession = route({
  method: 'GET',
  path: '/api/v1/session',
  operationId: 'getSession',
  tag: 'Session',
  permission: 'signed_in',
  summary: 'Who is signed in, where, with which permissions',
  response: session,
});
export const signOut = route({
  method: 'DELETE',
  path: '/api/v1/session',
  operationId: 'signOut',
  tag: 'Session',
  permission: 'signed_in',
  status: 204,
  summary: 'Sign out',
});
export const listSessions = route({
  method: 'GET',
  path: '/api/v1/sessions',
  operationId: 'listSessions',
  tag: 'Session',
  permission: 'signed_in',
  summary: 'My sessions',
  response: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        createdAt: s.instant,
        expiresAt: s.instant,
        userAgent: z.string().nullable(),
        current: z.boolean(),
      }),
    ),
  }),
});
export const revokeSession = route({
  method: 'DELETE',
  path: '/api/v1/sessions/{sessionId}',
  operationId: 'revokeSession',
  tag: 'Session',
  permission: 'signed_in',
  status: 204,
  summary: 'Revoke one of my sessions',
  params: z.object({ sessionId: z.string().max(100) }),
});
export const moveClock = route({
  method: 'POST',
  path: '/api/v1/clock',
  operationId: 'moveClock',
  tag: 'Sandbox',
  permission: 'clock.move',
  summary: 'Move the sandbox clock forward',
  description:
    'Days in between are lived through: promises are judged, due plans are sent, the strategy runs once per day when `run` is true.',
  body: z.object({ to: s.date, run: z.boolean().default(true) }),
  response: z.object({ now: s.instant, days: z.number().int(), counts: z.record(z.string(), z.number().int()) }),
});
