import { z } from 'zod';
import { route } from './route.ts';
import * as s from './shapes.ts';

const accountParams = z.object({ accountId: s.id });
const noticeParams = z.object({ noticeId: s.id });
const line = z.string().trim().min(1).max(200);
const optionalLine = line.nullable().default(null);
const dateKind = z.enum(['last_statement', 'charge_off', 'last_payment', 'transaction', 'judgment']);
const language = z.enum(['en', 'es']);
const channel = z.enum(['letter', 'email']);
const addressee = z.enum(['consumer', 'attorney', 'representative', 'guardian']);

const collector = z
  .object({
    name: line,
    addressLines: z.array(line).min(1).max(6).describe('Where disputes and requests are accepted'),
    phone: optionalLine,
    phoneHours: optionalLine,
    website: optionalLine,
    email: z.email().nullable().default(null),
    offersSpanish: z.boolean().default(false).describe('If offered and asked for, a Spanish notice must be sent'),
    offersOnlineReplies: z.boolean().default(true),
    disclosures: z
      .array(
        z.object({
          regions: z.array(z.string().trim().min(2).max(10)).min(1).max(60).nullable().default(null),
          heading: optionalLine,
          text: z.string().trim().min(1).max(3000),
          headingEs: optionalLine,
          textEs: z.string().trim().min(1).max(3000).nullable().default(null),
        }),
      )
      .max(60)
      .default([])
      .describe('What other law wants on the reverse, for residents of these regions'),
  })
  .meta({ id: 'Collector' });
export const getCollector = route({
  method: 'GET',
  path: '/api/v1/collector',
  operationId: 'getCollector',
  tag: 'Notices',
  permission: 'accounts.read',
  summary: 'Who you are on notices',
  response: z.object({ collector: collector.nullable() }),
});
export const saveCollector = route({
  method: 'PUT',
  path: '/api/v1/collector',
  operationId: 'saveCollector',
  tag: 'Notices',
  permission: 'tenant.configure',
  summary: 'Say who you are on notices; those already made keep what they say',
  body: collector,
  response: z.object({ collector: collector.nullable() }),
});

const itemization = z.object({
  on: s.date,
  kind: dateKind,
  amountOnItemizationDateMinor: s.minor,
  interestMinor: s.minor,
  feesMinor: s.minor,
  paymentsMinor: s.minor,
  creditsMinor: s.minor,
});
export const validationNotice = z
  .object({
    id: s.id,
    accountId: s.id,
    state: z.enum(['prepared', 'sending', 'given', 'returned', 'withdrawn']),
    stateReason: z.string().nullable(),
    channel,
    language,
    addressee,
    address: z.string(),
    itemization: itemization.extend({ currentMinor: s.minor, currency: s.currency }),
    insideInitial: z.boolean(),
    messageId: s.id.nullable(),
    providedOn: s.date.nullable(),
    assumedReceiptOn: s.date.nullable(),
    periodEndsOn: s.date.nullable(),
    returnedOn: s.date.nullable(),
    supersedesId: s.id.nullable(),
    preparedAt: s.instant,
  })
  .meta({ id: 'ValidationNotice' });
const reply = z
  .object({
    id: s.id,
    noticeId: s.id,
    receivedAt: s.instant,
    receivedOn: s.date,
    medium: z.enum(['web', 'letter', 'fax', 'email', 'text', 'telephone', 'in_person']),
    written: z.boolean(),
    inPeriod: z.boolean(),
    stopsCollection: z.boolean(),
    disputes: z.enum(['whole', 'part']).nullable(),
    reasons: z.array(z.enum(['not_mine', 'wrong_amount', 'other'])),
    disputedItemIds: z.array(s.id),
    originalCreditor: z.boolean(),
    spanish: z.boolean(),
    paymentMinor: s.minor.nullable(),
    explanation: z.string().nullable(),
    verificationSentOn: s.date.nullable(),
    originalCreditorSentOn: s.date.nullable(),
  })
  .meta({ id: 'NoticeReply' });
const clock = z
  .object({
    kind: z.enum(['notice_due', 'verification_due', 'original_creditor_due', 'spanish_due']),
    accountId: s.id,
    number: z.string(),
    party: s.ref,
    client: s.ref,
    since: s.date,
    dueOn: s.date,
    overdue: z.boolean(),
    owner: s.ref.nullable().describe('Who works the account; null: nobody does'),
    returned: z.boolean(),
  })
  .meta({ id: 'NoticeClock' });

export const listAccountNotices = route({
  method: 'GET',
  path: '/api/v1/accounts/{accountId}/notices',
  operationId: 'listAccountNotices',
  tag: 'Notices',
  permission: 'accounts.read',
  summary: 'Validation notices of an account, what came back, and the clocks that run',
  params: accountParams,
  response: z.object({
    owedMinor: s.minor,
    currency: s.currency,
    notices: z.array(validationNotice),
    replies: z.array(reply),
    clocks: z.array(clock),
  }),
});
export const prepareNotice = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/notices',
  operationId: 'prepareNotice',
  tag: 'Notices',
  permission: 'contacts.send',
  status: 201,
  summary: 'Prepare a validation notice; an unsent draft is withdrawn',
  params: accountParams,
  body: z.object({
    addressee: addressee.default('consumer'),
    channel: channel.default('letter'),
    language: language.default('en'),
    itemization: itemization
      .partial({
        amountOnItemizationDateMinor: true,
        interestMinor: true,
        feesMinor: true,
        paymentsMinor: true,
        creditsMinor: true,
      })
      .describe('An amount left out is a blank and refused; 0 says that there was none'),
    corrects: z.boolean().default(false).describe('The itemization date of an earlier notice was wrong'),
    creditorOnItemizationDate: optionalLine,
    product: optionalLine,
    brand: optionalLine,
    financialProduct: z.boolean().default(true),
    supersedesId: s.id.nullable().default(null),
  }),
  response: z.object({
    notice: validationNotice,
    withheld: z.array(z.object({ kind: z.string(), what: z.string() })).describe('Known, and left off the notice'),
    periodEndsOnIfSentNow: s.date,
  }),
});
export const getNoticeHtml = route({
  method: 'GET',
  path: '/api/v1/notices/{noticeId}/html',
  operationId: 'getNoticeHtml',
  tag: 'Notices',
  permission: 'accounts.read',
  summary: 'The notice as HTML: the very bytes that went out, or how a draft would look now',
  params: noticeParams,
  produces: 'text/html',
});
export const getNoticePdf = route({
  method: 'GET',
  path: '/api/v1/notices/{noticeId}/pdf',
  operationId: 'getNoticePdf',
  tag: 'Notices',
  permission: 'accounts.read',
  summary: 'The notice as tagged PDF: the very bytes that went out, or how a draft would look now',
  params: noticeParams,
  produces: 'application/pdf',
});
export const sendNotice = route({
  method: 'POST',
  path: '/api/v1/notices/{noticeId}/send',
  operationId: 'sendNotice',
  tag: 'Notices',
  permission: 'contacts.send',
  summary: 'Send a prepared notice through the gate; its dates are those of this day',
  params: noticeParams,
  body: z.object({}),
  response: z.object({
    state: z.enum(['sent', 'failed', 'uncertain', 'void', 'denied', 'deferred']),
    messageId: s.id.nullable(),
    why: s.why,
    notice: validationNotice,
  }),
});
export const recordNoticeReturn = route({
  method: 'POST',
  path: '/api/v1/notices/{noticeId}/return',
  operationId: 'recordNoticeReturn',
  tag: 'Notices',
  permission: 'calls.log',
  summary: 'The notice came back: it was not given, and its address is not used again',
  params: noticeParams,
  body: z.object({ on: s.date, reason: z.string().trim().min(1).max(300) }),
  response: validationNotice,
});
export const recordNoticeReply = route({
  method: 'POST',
  path: '/api/v1/notices/{noticeId}/replies',
  operationId: 'recordNoticeReply',
  tag: 'Notices',
  permission: 'calls.log',
  status: 201,
  summary: 'Record a reply; a written, timely dispute or request stops collection at once',
  params: noticeParams,
  body: z.object({
    receivedAt: s.instant.optional().describe('Default: now'),
    medium: z.enum(['letter', 'fax', 'email', 'text', 'telephone', 'in_person']),
    disputes: z.enum(['whole', 'part']).nullable().default(null),
    reasons: z
      .array(z.enum(['not_mine', 'wrong_amount', 'other']))
      .max(3)
      .default([]),
    disputedItemIds: z.array(s.id).max(1000).default([]),
    originalCreditor: z.boolean().default(false),
    spanish: z.boolean().default(false),
    paymentMinor: z
      .string()
      .regex(/^\d{1,18}$/)
      .nullable()
      .default(null),
    explanation: z.string().trim().max(4000).nullable().default(null),
  }),
  response: reply,
});
export const recordNoticeAnswer = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/notice-replies/{replyId}/answers',
  operationId: 'recordNoticeAnswer',
  tag: 'Notices',
  permission: 'holds.release',
  status: 201,
  summary:
    'Record that verification, a judgment or the original creditor was sent; what the request stopped is released',
  params: accountParams.extend({ replyId: s.id }),
  body: z.object({
    kind: z.enum(['verification', 'judgment', 'duplicative', 'original_creditor']),
    sentOn: s.date,
    evidence: z.string().trim().min(3).max(1000),
  }),
  response: reply,
});
export const addRepresentative = route({
  method: 'POST',
  path: '/api/v1/accounts/{accountId}/representatives',
  operationId: 'addRepresentative',
  tag: 'Notices',
  permission: 'calls.log',
  status: 201,
  summary: 'Say who acts for the person: attorney, representative of the estate, parent or guardian',
  params: accountParams,
  body: z.object({
    role: z.enum(['attorney', 'representative', 'guardian']),
    name: line,
    postalAddress: z.string().trim().min(3).max(500),
    email: z.email().nullable().default(null),
  }),
  response: z.object({ partyId: s.id }),
});
export const listNoticeClocks = route({
  method: 'GET',
  path: '/api/v1/notice-clocks',
  operationId: 'listNoticeClocks',
  tag: 'Notices',
  permission: 'accounts.read',
  summary: 'Notices due, verifications due, original creditors and Spanish copies asked for; the soonest first',
  query: z.object({ overdue: z.enum(['yes', 'all']).default('all'), limit: s.limit }),
  response: z.object({ rows: z.array(clock) }),
});
