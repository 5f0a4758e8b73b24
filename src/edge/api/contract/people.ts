import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const role = z.enum([
  'guarantor',
  'co_signer',
  'spouse',
  'parent_of_minor',
  'guardian',
  'executor',
  'attorney',
  'parent_company',
  'contact_person',
  'other',
]);
const kind = z.enum(['person', 'business']);
const reached = z.object({ kind: z.enum(['email', 'phone', 'postal']), value: z.string() });
export const link = z
  .object({
    id: s.id,
    role,
    direction: z
      .enum(['has', 'is'])
      .describe('`has`: they are the role for this account’s party; `is`: it is the role for them'),
    party: s.ref.extend({ kind }),
    contacts: z.array(reached),
    accounts: z.array(z.object({ id: s.id, number: z.string() })).describe('Accounts they owe on themselves'),
    effectiveFrom: s.date,
    effectiveTo: s.date.nullable().describe('The first day on which it holds no longer'),
    live: z.boolean(),
    note: z.string().nullable(),
    recordedAt: s.instant,
    recordedBy: z.string(),
    endReason: z.string().nullable(),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'PartyLink' });
const ofAccount = z.object({ accountId: s.id });
export const listLinks = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/links',
  operationId: 'listLinks',
  tag: 'People',
  permission: 'accounts.read',
  summary: 'Who has to do with the party of an account, both directions',
  params: ofAccount,
  response: z.object({ rows: z.array(link) }),
});
export const addLink = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/links',
  operationId: 'addLink',
  tag: 'People',
  permission: 'calls.log',
  status: 201,
  summary: 'Link somebody to the party of an account',
  description:
    'Name a party that is known (`partyId`) or describe one that is not (`party`). An attorney, executor, guardian or parent voids what was planned before.',
  params: ofAccount,
  body: z.object({
    role,
    direction: z.enum(['has', 'is']).default('has'),
    partyId: s.id.nullable().default(null),
    party: z
      .object({
        kind,
        name: z.string().trim().min(1).max(300),
        email: z.string().max(320).nullable().default(null),
        phone: z.string().max(40).nullable().default(null),
      })
      .nullable()
      .default(null),
    effectiveFrom: s.date,
    effectiveTo: s.date.nullable().default(null),
    note: z.string().trim().max(500).nullable().default(null),
  }),
  response: link,
});
export const endLink = route({
  method: 'POST',
  path: '/api/v1/links/{linkId}/end',
  operationId: 'endLink',
  tag: 'People',
  permission: 'calls.log',
  ifMatch: true,
  summary: 'End a link on a day, or take its end back',
  description:
    'On its own first day the link never held: that is how a mistake is taken back. `on: null` takes the end back.',
  params: z.object({ linkId: s.id }),
  body: z.object({ on: s.date.nullable(), reason: z.string().trim().max(300).nullable().default(null) }),
  response: z.object({ id: s.id, effectiveTo: s.date.nullable(), rowVersion: s.rowVersion }),
});

export const searchParties = route({
  method: 'GET',
  path: '/api/v1/parties',
  operationId: 'searchParties',
  tag: 'People',
  permission: 'accounts.read',
  summary: 'Parties by name, number or address, also those that owe nothing themselves',
  query: z.object({ q: z.string().trim().min(1).max(200) }),
  response: z.object({
    rows: z.array(
      s.ref.extend({ kind, reachedAt: z.string().nullable(), accounts: z.number().int().describe('That you may see') }),
    ),
  }),
});

const matchParty = z.object({
  id: s.id,
  name: z.string(),
  kind,
  externalRef: z.string().nullable(),
  country: z.string().nullable(),
  taxNumber: z.string().nullable(),
  contacts: z.array(reached),
  accounts: z
    .array(
      z.object({ id: s.id, number: z.string(), clientName: z.string(), currency: s.currency, balanceMinor: s.minor }),
    )
    .describe('The largest few'),
  accountCount: z.number().int(),
});
export const match = z
  .object({
    id: s.id,
    score: z
      .number()
      .int()
      .describe('0 to 100; from 50 on a pair is kept for review, from 85 on it is very likely one'),
    signals: z.array(z.object({ kind: z.string(), points: z.number().int(), sentence: z.string() })),
    state: z.enum(['open', 'merged', 'dismissed']),
    mergeId: s.id.nullable(),
    foundAt: s.instant,
    decidedAt: s.instant.nullable(),
    decidedBy: z.string().nullable(),
    one: matchParty,
    other: matchParty,
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Match' });
const matchParams = z.object({ matchId: s.id });
const progress = z.object({
  lookedAt: z.number().int().describe('Parties looked at in this round'),
  parties: z.number().int(),
  roundDone: z.boolean(),
  lastRunAt: s.instant.nullable(),
});
export const listMatches = route({
  method: 'GET',
  path: '/api/v1/matches',
  operationId: 'listMatches',
  tag: 'People',
  permission: 'accounts.write',
  summary: 'Parties that may be one, the likeliest first',
  query: z.object({
    state: z.enum(['open', 'merged', 'dismissed']).default('open'),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(match).extend({ progress }),
});
export const getMatch = route({
  method: 'GET',
  path: '/api/v1/matches/{matchId}',
  operationId: 'getMatch',
  tag: 'People',
  permission: 'accounts.write',
  summary: 'One pair, with what a merge would mean',
  params: matchParams,
  response: match.extend({
    consequences: z.object({
      accounts: z.number().int(),
      clients: z.number().int(),
      holds: z.number().int().describe('Live holds on either person: they reach all accounts'),
      wishes: z.number().int().describe('Opt-outs and other wishes: they bind for all accounts'),
      recentContacts: z.number().int().describe('Accounts contacted in the last seven days: one cap counts them all'),
      planned: z.number().int().describe('Planned contacts that are void at once'),
    }),
  }),
});
export const findMatches = route({
  method: 'POST',
  path: '/api/v1/matches/search',
  operationId: 'findMatches',
  tag: 'People',
  permission: 'accounts.write',
  summary: 'Look for duplicates among the next 20,000 parties',
  body: z.object({}),
  response: z.object({ lookedAt: z.number().int(), found: z.number().int(), progress }),
});
export const mergeMatch = route({
  method: 'POST',
  path: '/api/v1/matches/{matchId}/merge',
  operationId: 'mergeMatch',
  tag: 'People',
  permission: 'accounts.write',
  ifMatch: true,
  summary: 'Merge a pair: caps, stops and wishes apply to both together; no history is rewritten',
  params: matchParams,
  body: z.object({ reason: z.string().trim().min(1).max(300).default('Reviewed as a duplicate') }),
  response: z.object({ mergeId: s.id }),
});
export const dismissMatch = route({
  method: 'POST',
  path: '/api/v1/matches/{matchId}/dismiss',
  operationId: 'dismissMatch',
  tag: 'People',
  permission: 'accounts.write',
  ifMatch: true,
  summary: 'Say that a pair is two; it is not proposed again',
  params: matchParams,
  response: z.object({ id: s.id, rowVersion: s.rowVersion }),
});
export const reopenMatch = route({
  method: 'POST',
  path: '/api/v1/matches/{matchId}/reopen',
  operationId: 'reopenMatch',
  tag: 'People',
  permission: 'accounts.write',
  ifMatch: true,
  summary: 'Put a dismissed pair up for review again',
  params: matchParams,
  response: z.object({ id: s.id, rowVersion: s.rowVersion }),
});
export const undoMerge = route({
  method: 'POST',
  path: '/api/v1/merges/{mergeId}/undo',
  operationId: 'undoMerge',
  tag: 'People',
  permission: 'accounts.write',
  status: 204,
  summary: 'Take a merge back; merges made after it stay',
  params: z.object({ mergeId: s.id }),
});
