import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const ofAccount = z.object({ accountId: s.id });
const channel = z.enum(['call', 'sms', 'email', 'letter', 'visit', 'social_private']);
const collector = z.enum(['first_party', 'third_party', 'debt_buyer']);
const members = z.record(z.string().max(60), z.unknown());
const note = z.string().trim().max(1000).nullable().default(null);

const eventType = z
  .object({
    type: z.string(),
    topic: z.string(),
    label: z.string(),
    sentence: z.string(),
    about: z.enum(['person', 'debts']).describe('`person`: always all debts; `debts`: all unless some are chosen'),
    address: z.enum(['none', 'optional', 'required']),
    detail: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        kind: z.enum(['choice', 'yes_no', 'date', 'text']),
        choices: z.record(z.string(), z.string()).optional(),
        required: z.boolean(),
      }),
    ),
    lasts: z.boolean().describe('A state that lasts until something ends it'),
    stops: z.boolean().describe('Voids what was planned'),
    ends: z.array(z.string()),
    lifts: z.boolean().describe('Takes a protection away; needs the permission to release holds'),
  })
  .meta({ id: 'LegalEventType' });
export const listLegalEventTypes = route({
  method: 'GET',
  path: '/api/v1/legal-event-types',
  operationId: 'listLegalEventTypes',
  tag: 'Legal',
  permission: 'signed_in',
  summary: 'Every event the law gives weight to, and what is asked about it',
  response: z.object({ rows: z.array(eventType), consentScopes: z.array(z.string()) }),
});

const clock = z
  .object({
    ruleId: z.string(),
    part: z.string().nullable(),
    title: z.string(),
    sentence: z.string(),
    citation: z.string(),
    accountId: s.id,
    startedBy: z.string(),
    startedAt: s.instant,
    dueBy: s.date,
    doneAt: s.date.nullable(),
    overdue: z.boolean(),
    doneBy: z.array(z.string()).describe('Types of event that end it'),
  })
  .meta({ id: 'LegalClock' });
const debt = z
  .object({
    product: z.string().nullable(),
    chargedOffOn: s.date.nullable(),
    servicingGroup: z.string().nullable(),
    principalMinor: s.minor.nullable(),
    lastDayToSue: s.date.nullable(),
    limitation: members.nullable().describe('How the last day to sue was reckoned; null: nobody has said'),
    recordedBy: z.string(),
    recordedAt: s.instant,
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'DebtDescription' });
const legal = z
  .object({
    collector,
    jurisdictions: z.array(z.string()),
    standing: z.array(
      z.object({
        type: z.string(),
        label: z.string(),
        sentence: z.string(),
        since: s.instant,
        until: s.instant.nullable(),
        detail: members,
        endedBy: z.array(z.string()),
        rules: z.array(z.object({ ruleId: z.string(), title: z.string(), sentence: z.string(), citation: z.string() })),
      }),
    ),
    clocks: z.array(clock),
    events: z.array(
      z.object({
        id: s.id,
        type: z.string(),
        label: z.string(),
        accountIds: z.array(s.id).nullable().describe('Null: all debts'),
        addressKey: z.string().nullable(),
        detail: members,
        sourceKind: z.string(),
        note: z.string().nullable(),
        effectiveAt: s.instant,
        recordedBy: z.string(),
        recordedAt: s.instant,
      }),
    ),
    consents: z.array(
      z.object({
        id: s.id,
        giver: z.string(),
        recipientKind: z.string(),
        clientName: z.string().nullable(),
        accountId: s.id.nullable(),
        channel: z.string(),
        addressKey: z.string().nullable(),
        scope: z.string(),
        detail: members,
        evidence: members,
        effectiveFrom: s.instant,
        expiresAt: s.instant.nullable(),
        revokedAt: s.instant.nullable(),
        revocation: members.nullable(),
      }),
    ),
    wishes: z.array(
      z.object({
        id: s.id,
        kind: z.string(),
        channel: z.string().nullable(),
        addressKey: z.string().nullable(),
        detail: members,
        sourceKind: z.string(),
        effectiveFrom: s.instant,
        endedAt: s.instant.nullable(),
      }),
    ),
    debt: debt.nullable().describe('Null while nobody has described it'),
    regimes: z
      .array(z.object({ regime: z.string(), years: z.number(), citation: z.string(), restarts: z.boolean() }))
      .describe('Limitation periods of the person’s country'),
    debts: z.array(z.object({ id: s.id, number: z.string() })).describe('The person’s accounts that you may see'),
  })
  .meta({ id: 'LegalPicture' });
export const getLegal = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/legal',
  operationId: 'getLegal',
  tag: 'Legal',
  permission: 'accounts.read',
  summary: 'What the law weighs about the person who owes, and what follows for this account',
  params: ofAccount,
  response: legal,
});
export const recordLegalEvent = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/legal-events',
  operationId: 'recordLegalEvent',
  tag: 'Legal',
  permission: 'holds.write',
  status: 201,
  summary: 'Write down what happened in the eyes of the law',
  description:
    'In force at once, across all debts of the person unless some are named. A type that stops voids what was planned. What already stands is not written twice.',
  params: ofAccount,
  body: z.object({
    type: z.string().max(80),
    accountIds: z.array(s.id).max(100).nullable().default(null).describe('Null: all debts of the person'),
    contactPointId: s.id.nullable().default(null),
    detail: members.default({}),
    effectiveAt: s.instant.nullable().default(null),
    note,
  }),
  response: z.object({ eventId: s.id, already: z.boolean() }),
});
export const recordStopRequest = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/stop-requests',
  operationId: 'recordStopRequest',
  tag: 'Legal',
  permission: 'holds.write',
  status: 201,
  summary: 'Take a wish that contact stop, by whatever means it came; in force at once for all debts',
  params: ofAccount,
  body: z.object({
    what: z.enum(['channel', 'address', 'everything', 'refuses_to_pay']),
    channel: channel.nullable().default(null).describe('For `channel`'),
    contactPointId: s.id.nullable().default(null).describe('For `address`'),
    form: z.enum(['oral', 'written', 'electronic']),
    said: note,
  }),
  response: z.object({ already: z.boolean(), revokedConsents: z.number().int(), sentence: z.string() }),
});
export const describeDebt = route({
  method: 'PUT',
  path: '/api/v1/accounts/{accountId}/debt',
  operationId: 'describeDebt',
  tag: 'Legal',
  permission: 'holds.write',
  ifMatch: true,
  summary: 'Say what a debt is in the eyes of the law; If-Match "0" where nobody has',
  params: ofAccount,
  body: z.object({
    product: z.string().trim().min(1).max(60).nullable(),
    chargedOffOn: s.date.nullable(),
    servicingGroup: z.string().trim().min(1).max(80).nullable(),
    principalMinor: s.minor.nullable(),
    limitation: z
      .discriminatedUnion('kind', [
        z.object({
          kind: z.literal('regime'),
          regime: z.string().max(80),
          accruedOn: s.date,
          restartedOn: s.date.nullable().default(null),
        }),
        z.object({ kind: z.literal('stated'), lastDay: s.date, basis: z.string().trim().min(3).max(500) }),
        z.object({ kind: z.literal('none'), basis: z.string().trim().min(3).max(500) }),
      ])
      .nullable()
      .describe('Null: not known'),
  }),
  response: debt,
});
export const recordConsent = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/consents',
  operationId: 'recordConsent',
  tag: 'Legal',
  permission: 'calls.log',
  status: 201,
  summary: 'Write down a consent with its evidence',
  params: ofAccount,
  body: z.object({
    scope: z.string().max(40),
    channel,
    recipientKind: z.enum(['tenant', 'client', 'prior_collector']).default('tenant'),
    contactPointId: s.id.nullable().default(null).describe('Null: every address'),
    onlyThisDebt: z.boolean().default(false),
    evidence: z.string().trim().max(1000).describe('How it can be proved'),
    effectiveAt: s.instant.nullable().default(null),
    expiresAt: s.instant.nullable().default(null),
    detail: z
      .object({
        weekdays: z.array(z.number().int().min(1).max(7)).max(7).optional(),
        from: z
          .string()
          .regex(/^\d{2}:\d{2}$/)
          .optional(),
        to: z
          .string()
          .regex(/^\d{2}:\d{2}$/)
          .optional(),
        validOn: s.date.optional(),
        through: s.date.optional(),
        volunteered: z.boolean().optional(),
      })
      .default({})
      .describe('What it is limited to'),
  }),
  response: z.object({ consentId: s.id }),
});
export const revokeConsent = route({
  method: 'POST',
  path: '/api/v1/consents/{consentId}/revoke',
  operationId: 'revokeConsent',
  tag: 'Legal',
  permission: 'holds.write',
  status: 204,
  summary: 'The person takes a consent back, in force at once',
  params: z.object({ consentId: s.id }),
  body: z.object({ said: z.string().trim().min(1).max(1000).describe('How and in which words') }),
});
export const recordWish = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/wishes',
  operationId: 'recordWish',
  tag: 'Legal',
  permission: 'holds.write',
  status: 201,
  summary: 'A time or a language the person asked for',
  params: ofAccount,
  body: z.object({
    kind: z.enum(['inconvenient_time', 'language']),
    channel: channel.nullable().default(null).describe('Null: every way'),
    weekdays: z.array(z.number().int().min(1).max(7)).max(7).default([]),
    from: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .nullable()
      .default(null),
    to: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
      .nullable()
      .default(null),
    language: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
      .nullable()
      .default(null),
  }),
  response: z.object({ wishId: s.id, already: z.boolean() }),
});
export const endWish = route({
  method: 'POST',
  path: '/api/v1/wishes/{wishId}/end',
  operationId: 'endWish',
  tag: 'Legal',
  permission: 'holds.release',
  status: 204,
  summary: 'The person took a wish back',
  params: z.object({ wishId: s.id }),
  body: z.object({ reason: z.string().trim().min(3).max(300) }),
});

export const listClocks = route({
  method: 'GET',
  path: '/api/v1/clocks',
  operationId: 'listClocks',
  tag: 'Legal',
  permission: 'compliance.read',
  summary: 'Duties of the law that are overdue or soon due, the oldest first',
  query: z.object({
    state: z.enum(['overdue', 'soon', 'all']).default('soon').describe('`soon`: overdue or due within a week'),
    accountId: s.id.optional(),
    owner: z
      .union([z.literal('nobody'), s.id])
      .optional()
      .describe('Who works the account'),
    cursor: s.cursor.optional(),
    limit: s.limit,
  }),
  response: s.page(
    clock.extend({
      accountNumber: z.string(),
      partyName: z.string(),
      owner: s.ref.nullable().describe('Who works the account; null: nobody does'),
      cure: z.string().describe('What ends it, in words'),
      curedIn: z.enum(['legal', 'notices']).describe('The tab of the account where that is done'),
    }),
  ),
});

const classification = z
  .object({
    id: s.id,
    collector,
    evidence: z.string(),
    signedBy: z.string(),
    signedByYou: z.boolean(),
    approvedBy: z.string().nullable(),
    approvedAt: s.instant.nullable(),
    effectiveFrom: s.date,
    recordedAt: s.instant,
  })
  .meta({ id: 'Classification' });
const ofClient = z.object({ clientId: s.id });
const classifications = z.object({
  byKind: collector.describe('What the kind of client says where nothing is approved'),
  inForce: collector,
  rows: z.array(classification),
});
export const listClassifications = route({
  method: 'GET',
  path: '/api/v1/clients/{clientId}/classifications',
  operationId: 'listClassifications',
  tag: 'Legal',
  permission: 'compliance.read',
  summary: 'Which kind of collector you are for a client, who signed it and who approved it',
  params: ofClient,
  response: classifications,
});
export const classifyClient = route({
  method: 'POST',
  path: '/api/v1/clients/{clientId}/classifications',
  operationId: 'classifyClient',
  tag: 'Legal',
  permission: 'compliance.override',
  status: 201,
  summary: 'Sign which kind of collector you are for a client; binds once somebody else approves',
  params: ofClient,
  body: z.object({ collector, evidence: z.string().trim().max(2000), effectiveFrom: s.date }),
  response: classifications,
});
export const approveClassification = route({
  method: 'POST',
  path: '/api/v1/classifications/{classificationId}/approve',
  operationId: 'approveClassification',
  tag: 'Legal',
  permission: 'compliance.override',
  status: 204,
  summary: 'Approve what somebody else signed',
  params: z.object({ classificationId: s.id }),
  body: z.object({}),
});
