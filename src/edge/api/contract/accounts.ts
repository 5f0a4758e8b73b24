import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const accountParams = z.object({ accountId: s.id });
export const accountRow = z
  .object({
    id: s.id,
    number: z.string(),
    party: s.ref,
    client: s.ref,
    currency: s.currency,
    state: s.accountState,
    stage: s.stage.nullable(),
    balanceMinor: s.minor,
    overdueMinor: s.minor,
    openItems: z.number().int(),
    oldestDueOn: s.date.nullable(),
    daysPastDue: z.number().int(),
    bucket: s.bucket.nullable(),
    promiseDueOn: s.date.nullable(),
    lastContactAt: s.instant.nullable(),
    lastPaidOn: s.date.nullable(),
    assignedTo: s.ref.nullable(),
    held: z.boolean(),
    contactable: z.boolean(),
  })
  .meta({ id: 'AccountRow' });
const filter = z.object({
  q: z.string().max(200).optional().describe('Name, account or invoice number, e-mail, phone'),
  clientId: s.id.optional(),
  currency: s.currency.optional(),
  state: s.accountState.optional(),
  bucket: s.bucket.optional(),
  stage: s.stage.optional(),
  minBalanceMinor: s.minor.optional(),
  assignedTo: s.id.optional(),
  held: z.enum(['yes', 'no']).optional(),
  contactable: z.enum(['yes', 'no']).optional(),
  promise: z.enum(['open', 'broken']).optional(),
  open: z.enum(['yes', 'all']).default('yes').describe('`yes` leaves out accounts that owe nothing'),
  sort: z.enum(['overdue_first', 'balance', 'name', 'number', 'last_contact']).default('overdue_first'),
});
export const listAccounts = route({
  method: 'GET',
  path: '/api/v1/accounts',
  operationId: 'listAccounts',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'Accounts, filtered, sorted, searched',
  query: filter.extend({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(accountRow).extend({
    total: z.number().int().nullable().describe('On the first page only; null when it would cost too much'),
    totalMinor: z.array(s.money).nullable(),
  }),
});
export const exportAccounts = route({
  method: 'GET',
  path: '/api/v1/accounts/export',
  operationId: 'exportAccounts',
  tag: 'Accounts',
  permission: 'accounts.export',
  summary: 'The same list as CSV, streamed; cells that look like formulas are made harmless',
  query: filter,
  produces: 'text/csv',
});
export const createAccount = route({
  method: 'POST',
  path: '/api/v1/accounts',
  operationId: 'createAccount',
  tag: 'Accounts',
  permission: 'intake.write',
  status: 201,
  summary: 'Open an account by hand',
  body: z.object({
    clientId: s.id,
    number: z.string().trim().min(1).max(80),
    party: z.object({
      kind: z.enum(['person', 'business']),
      name: z.string().trim().min(1).max(300),
      country: z.string().length(2).nullable().default(null),
      timeZone: z.string().max(64).nullable().default(null),
      email: z.string().max(320).nullable().default(null),
      phone: z.string().max(40).nullable().default(null),
    }),
    currency: s.currency,
    debtKind: z.enum(['commercial', 'consumer']).default('commercial'),
  }),
  response: z.object({ id: s.id }),
});

export const contactPoint = z
  .object({
    id: s.id,
    kind: z.enum(['email', 'phone', 'postal']),
    value: z.string(),
    label: z.string().nullable(),
    quality: z.enum(['verified', 'unverified', 'wrong', 'bounced']),
    preferred: z.boolean(),
    optedOut: z.boolean(),
    endedAt: s.instant.nullable(),
  })
  .meta({ id: 'ContactPoint' });
export const item = z
  .object({
    id: s.id,
    kind: z.enum(['invoice', 'instalment', 'loan_balance', 'charge', 'credit_note']),
    number: z.string().nullable(),
    description: z.string().nullable(),
    issuedOn: s.date,
    dueOn: s.date,
    amountMinor: s.minor,
    openMinor: s.minor,
    daysPastDue: z.number().int(),
    level: z.number().int().nullable(),
    levelReachedOn: s.date.nullable(),
    stoppedBy: z.array(z.string()).describe('Holds that cover this item, in words'),
    closedOn: s.date.nullable(),
  })
  .meta({ id: 'Item' });
export const hold = z
  .object({
    id: s.id,
    reason: z.string(),
    effects: z.array(z.string()),
    coverage: z.enum(['party', 'account', 'items']),
    itemIds: z.array(s.id),
    effectiveFrom: s.instant,
    effectiveTo: s.instant.nullable(),
    releasedAt: s.instant.nullable(),
    releaseReason: z.string().nullable(),
    note: z.string().nullable(),
    placedBy: z.string(),
    live: z.boolean(),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Hold' });
export const promise = z
  .object({
    id: s.id,
    accountId: s.id,
    amountMinor: s.minor,
    currency: s.currency,
    dueOn: s.date,
    graceDays: z.number().int(),
    state: z.enum(['open', 'kept', 'part_kept', 'broken', 'cancelled']),
    receivedMinor: s.minor,
    itemIds: z.array(s.id),
    madeAt: s.instant,
    madeBy: z.string(),
    judgedOn: s.date.nullable(),
    judgedReason: z.string().nullable(),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'PromiseToPay' });
export const workCase = z
  .object({
    id: s.id,
    party: s.ref,
    assignedTo: s.ref.nullable(),
    openedAt: s.instant,
    openedBy: z.string(),
    closedAt: s.instant.nullable(),
    closeReason: z.string().nullable(),
    partial: z.boolean().describe('It also holds accounts of clients you may not see, and is not yours to change'),
    totals: z.array(s.money),
    accounts: z.array(
      z.object({
        id: s.id,
        number: z.string(),
        client: s.ref,
        currency: s.currency,
        balanceMinor: s.minor,
        daysPastDue: z.number().int(),
        openTasks: z.number().int(),
      }),
    ),
    rowVersion: s.rowVersion,
  })
  .meta({ id: 'Case' });
export const account = accountRow
  .extend({
    debtKind: z.enum(['commercial', 'consumer']),
    balanceSource: z.enum(['host', 'dunwell']),
    openedOn: s.date,
    sensitive: z.boolean(),
    rowVersion: s.rowVersion,
    partyDetail: z.object({
      id: s.id,
      kind: z.enum(['person', 'business']),
      name: z.string(),
      externalRef: z.string().nullable(),
      country: z.string().nullable(),
      timeZone: z.string().nullable(),
      localTime: z.string().nullable().describe('HH:MM at the party now, when the zone is known'),
      language: z.string().nullable(),
      taxNumber: z.string().nullable(),
    }),
    contactPoints: z.array(contactPoint),
    holds: z.array(hold),
    promises: z.array(promise),
    creditMinor: s.minor,
    unappliedMinor: s.minor,
    behaviour: z.object({
      settledItems: z.number().int(),
      averageDaysLate: z.number().nullable(),
      promisesKept: z.number().int(),
      promisesBroken: z.number().int(),
      paidMinor: s.minor,
    }),
    otherAccounts: z.array(
      z.object({ id: s.id, number: z.string(), client: s.ref, currency: s.currency, balanceMinor: s.minor }),
    ),
    case: workCase.nullable().describe('The open case it is worked in'),
    next: s.why,
  })
  .meta({ id: 'Account' });
export const getAccount = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}',
  operationId: 'getAccount',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'One account with everything its page shows first',
  params: accountParams,
  response: account,
});
export const changeAccount = route({
  method: 'PATCH',
  path: '/api/v1/accounts/{accountId}',
  operationId: 'changeAccount',
  tag: 'Accounts',
  permission: 'tasks.assign',
  ifMatch: true,
  summary: 'Assign, mark sensitive, change state',
  description: 'Two people editing one account: the second gets 412 with the newer version, nothing is lost.',
  params: accountParams,
  body: z.object({
    assignedTo: s.id.nullable().optional(),
    sensitive: z.boolean().optional(),
    state: s.accountState.optional(),
    reason: z.string().max(300).optional(),
  }),
  response: account,
});
export const listItems = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/items',
  operationId: 'listItems',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'Items of an account',
  params: accountParams,
  query: z.object({ open: z.enum(['yes', 'all']).default('all'), cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(item),
});
export const addItem = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/items',
  operationId: 'addItem',
  tag: 'Accounts',
  permission: 'intake.write',
  status: 201,
  summary: 'Add an item by hand',
  params: accountParams,
  body: z.object({
    kind: z.enum(['invoice', 'charge', 'credit_note']),
    number: z.string().trim().min(1).max(80),
    description: z.string().max(500).nullable().default(null),
    issuedOn: s.date,
    dueOn: s.date,
    amount: s.positiveMoney,
  }),
  response: z.object({ id: s.id }),
});
const transfer = z
  .object({
    id: s.id,
    journalId: s.id,
    journalKind: z.string(),
    note: z.string().nullable(),
    debit: z.string(),
    credit: z.string(),
    amountMinor: s.minor,
    currency: s.currency,
    component: z.string(),
    itemId: s.id.nullable(),
    itemNumber: z.string().nullable(),
    receiptId: s.id.nullable(),
    reversesId: s.id.nullable(),
    effectiveOn: s.date,
    recordedAt: s.instant,
    runningMinor: s.minor.describe('Receivable balance of the account after this transfer'),
  })
  .meta({ id: 'Transfer' });
export const listTransfers = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/ledger',
  operationId: 'listTransfers',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'The ledger of an account, newest first',
  params: accountParams,
  query: z.object({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(transfer),
});
export const timelineEntry = z
  .object({
    id: z.string(),
    at: s.instant,
    kind: z.enum([
      'message',
      'inbound',
      'call',
      'note',
      'receipt',
      'allocation',
      'promise',
      'hold',
      'decision',
      'permit',
      'task',
      'state',
      'item',
      'incident',
      'unsubscribe',
      'case',
      'link',
      'merge',
    ]),
    direction: z.enum(['out', 'in', 'internal']),
    title: z.string(),
    body: z.string().nullable(),
    actor: z.string().nullable(),
    tone: z.enum(['neutral', 'good', 'warn', 'bad']),
    subjectId: s.id.nullable(),
    why: s.why.nullable(),
  })
  .meta({ id: 'TimelineEntry' });
export const getTimeline = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/timeline',
  operationId: 'getTimeline',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'Everything that happened, both directions, newest first',
  params: accountParams,
  query: z.object({ cursor: s.cursor.optional(), limit: s.limit }),
  response: s.page(timelineEntry),
});
export const explainAccount = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/why',
  operationId: 'explainAccount',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'Why this account is or is not acted on, now or at a past instant',
  params: accountParams,
  query: z.object({ at: s.instant.optional() }),
  response: s.why,
});

export const addContactPoint = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/contact-points',
  operationId: 'addContactPoint',
  tag: 'Accounts',
  permission: 'calls.log',
  status: 201,
  summary: 'Add an e-mail, phone or postal address',
  params: accountParams,
  body: z.object({
    kind: z.enum(['email', 'phone', 'postal']),
    value: z.string().trim().min(3).max(500),
    label: z.string().max(60).nullable().default(null),
    preferred: z.boolean().default(false),
  }),
  response: contactPoint,
});
export const changeContactPoint = route({
  method: 'PATCH',
  path: '/api/v1/accounts/{accountId}/contact-points/{contactPointId}',
  operationId: 'changeContactPoint',
  tag: 'Accounts',
  permission: 'notes.write',
  summary: 'Set quality, end it, or record an opt-out',
  params: accountParams.extend({ contactPointId: s.id }),
  body: z.object({
    quality: z.enum(['verified', 'unverified', 'wrong', 'bounced']).optional(),
    ended: z.boolean().optional(),
    optOut: z.boolean().optional(),
  }),
  response: contactPoint,
});
export const changeParty = route({
  method: 'PATCH',
  path: '/api/v1/accounts/{accountId}/party',
  operationId: 'changeParty',
  tag: 'Accounts',
  permission: 'calls.log',
  summary: 'Country, zone, language and tax number of the party',
  params: accountParams,
  body: z.object({
    country: z.string().length(2).nullable().optional(),
    timeZone: z.string().max(64).nullable().optional(),
    language: z.string().max(10).nullable().optional(),
    taxNumber: z.string().trim().max(40).nullable().optional(),
  }),
  response: account,
});
const noteWarning = z
  .object({
    ruleId: z.string(),
    title: z.string(),
    citation: z.string(),
    sentence: z.string(),
    remedy: z.string(),
    excerpt: z.string().nullable(),
  })
  .meta({ id: 'NoteWarning' });
export const addNote = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/notes',
  operationId: 'addNote',
  tag: 'Accounts',
  permission: 'notes.write',
  status: 201,
  summary: 'Write a note',
  params: accountParams,
  body: z.object({ body: z.string().trim().min(1).max(10000) }),
  response: timelineEntry.extend({ warnings: z.array(noteWarning), incidentId: s.id.nullable() }),
});
export const placeHold = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/holds',
  operationId: 'placeHold',
  tag: 'Accounts',
  permission: 'holds.write',
  status: 201,
  summary: 'Place a hold; what was planned is void at once',
  params: accountParams,
  body: z.object({
    reason: z.enum(['dispute', 'hardship', 'bankruptcy', 'deceased', 'legal', 'query', 'manual', 'cease']),
    coverage: z.enum(['party', 'account', 'items']),
    itemIds: z.array(s.id).max(1000).default([]),
    effects: z
      .array(z.enum(['stop_automatic', 'stop_contact', 'stop_interest', 'stop_fees', 'stop_legal']))
      .min(1)
      .default(['stop_automatic']),
    until: s.date.nullable().default(null),
    note: z.string().max(2000).nullable().default(null),
  }),
  response: hold,
});
export const releaseHold = route({
  method: 'POST',
  path: '/api/v1/holds/{holdId}/release',
  operationId: 'releaseHold',
  tag: 'Accounts',
  permission: 'holds.release',
  ifMatch: true,
  summary: 'Release a hold',
  params: z.object({ holdId: s.id }),
  body: z.object({ reason: z.string().trim().min(1).max(300) }),
  response: hold,
});
export const makePromise = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/promises',
  operationId: 'makePromise',
  tag: 'Accounts',
  permission: 'promises.write',
  status: 201,
  summary: 'Record a promise to pay; its items are left alone until due date and grace have passed',
  params: accountParams,
  body: z.object({
    itemIds: z.array(s.id).min(1).max(1000),
    amount: s.positiveMoney,
    dueOn: s.date,
    graceDays: z.number().int().min(0).max(60).default(3),
    channel: z.enum(['call', 'email', 'letter', 'portal', 'other']).default('call'),
  }),
  response: promise,
});
export const cancelPromise = route({
  method: 'POST',
  path: '/api/v1/promises/{promiseId}/cancel',
  operationId: 'cancelPromise',
  tag: 'Accounts',
  permission: 'promises.write',
  ifMatch: true,
  summary: 'Cancel an open promise',
  params: z.object({ promiseId: s.id }),
  body: z.object({ reason: z.string().trim().min(1).max(300) }),
  response: promise,
});

export const callOutcome = z.enum([
  'conversation',
  'no_answer',
  'busy',
  'voicemail_left',
  'voicemail_not_left',
  'wrong_number',
  'not_in_service',
  'third_party',
  'refused',
]);
export const callLogged = z
  .object({
    callId: s.id,
    permit: s.why,
    incidentId: s.id.nullable(),
    promise: promise.nullable(),
    taskClosed: z.boolean(),
    followUp: z.object({ kind: z.string(), on: s.date }).nullable(),
    sentence: z.string(),
    warnings: z.array(noteWarning).describe('Words of the note that may not be said; it is saved all the same'),
  })
  .meta({ id: 'CallLogged' });
export const logCall = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/calls',
  operationId: 'logCall',
  tag: 'Accounts',
  permission: 'calls.log',
  status: 201,
  summary: 'Log a call',
  description:
    'With `placedUnder` (from nextAccount or checkContact) the call spends that fresh decision; without it the call is an after-the-fact record: never refused, always counted, and an incident when it should not have been placed.',
  params: accountParams,
  body: z.object({
    direction: z.enum(['out', 'in']).default('out'),
    contactPointId: s.id.nullable().default(null),
    outcome: callOutcome,
    startedAt: s.instant.optional(),
    afterTheFact: z.boolean().default(false),
    taskId: s.id.nullable().default(null),
    alsoTaskIds: z
      .array(s.id)
      .max(200)
      .default([])
      .describe('Tasks on other accounts of the same case that this call was about as well'),
    note: z.string().max(5000).nullable().default(null),
    callBackOn: s.date.nullable().default(null),
    promise: z
      .object({
        itemIds: z.array(s.id).min(1).max(1000),
        amount: s.positiveMoney,
        dueOn: s.date,
        graceDays: z.number().int().min(0).max(60).default(3),
      })
      .nullable()
      .default(null),
  }),
  response: callLogged,
});
export const checkContact = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/permit-check',
  operationId: 'checkContact',
  tag: 'Accounts',
  permission: 'accounts.read',
  summary: 'What the compliance gate would answer now; writes nothing',
  params: accountParams,
  query: z.object({ channel: z.enum(['call', 'email']) }),
  response: s.why,
});
export const sendNow = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/send',
  operationId: 'sendNow',
  tag: 'Accounts',
  permission: 'contacts.send',
  status: 201,
  summary: 'Send a notice now, through the gate',
  params: accountParams,
  body: z.object({
    contactPointId: s.id.nullable().default(null),
    level: z.number().int().min(0).max(5).optional(),
    comment: z.string().max(2000).nullable().default(null),
  }),
  response: z.object({ messageId: s.id.nullable(), state: z.string(), why: s.why }),
});
