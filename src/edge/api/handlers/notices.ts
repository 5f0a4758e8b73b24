import { Readable } from 'node:stream';
import { calendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, idOf } from '../../../kernel/ids.ts';
import { type Currency, money } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { answerReply, takeReply, takeReturn } from '../../../flows/answer-notice.ts';
import { previewNotice, sendNotice } from '../../../flows/send-notice.ts';
import { findAccount, findFacts, lockWithPersons, refreshParty } from '../../../modules/accounts/public.ts';
import {
  type AnsweredReply,
  datesIfSentNow,
  findCollectorProfile,
  findDocument,
  findNotice,
  findOvershadowing,
  type Itemization,
  itemizationFields,
  listNotices,
  listReplies,
  loadRuleBook,
  type NoticeFormat,
  noticeTermsOn,
  prepareNotice,
  saveCollectorProfile,
  type ValidationNotice,
} from '../../../modules/compliance/public.ts';
import { listMembers, loadTenant } from '../../../modules/identity/public.ts';
import { listNoticeClocks, type NoticeClock } from '../../../modules/insights/public.ts';
import { noticeHtml, noticePdf } from '../../../modules/outreach/public.ts';
import { addRepresentative } from '../../../modules/parties/public.ts';
import type { Caller } from '../caller.ts';
import * as contract from '../contract/notices.ts';
import type { BodyOf, ResponseOf } from '../contract/route.ts';
import { type Host, type Implementation, implement, implementFlow } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';
import { whyOfGate } from '../why-card.ts';

/** Validation notices, their clocks and what comes back. */
export function noticeHandlers(): Implementation[] {
  return [...collectorHandlers(), ...makingHandlers(), ...replyHandlers(), ...lookingHandlers()];
}

function collectorHandlers(): Implementation[] {
  return [
    implement(contract.getCollector, async (ctx) => ok({ collector: await collectorBody(ctx) })),
    implement(contract.saveCollector, async (ctx, { body }) => {
      // The one line of free words beside the notice: hours that say "pay today" would overshadow it.
      const [found] = findOvershadowing(body.phoneHours ?? '');
      if (found !== undefined)
        return refuse('overshadows', `“${found.words ?? ''}” cannot stand on a notice. ${found.sentence}`);
      await saveCollectorProfile(ctx, body);
      return ok({ collector: await collectorBody(ctx) });
    }),
  ];
}

async function collectorBody(ctx: Ctx): Promise<ResponseOf<typeof contract.getCollector>['collector']> {
  const found = await findCollectorProfile(ctx);
  if (found === null) return null;
  return {
    ...found,
    addressLines: [...found.addressLines],
    disclosures: found.disclosures.map((one) => ({ ...one, regions: one.regions === null ? null : [...one.regions] })),
  };
}

function makingHandlers(): Implementation[] {
  return [
    implement(contract.prepareNotice, async (ctx, { params, body }) => {
      const accountId = idOf('account', params.accountId);
      const [facts] = await lockWithPersons(ctx, [accountId]);
      if (facts === undefined) return refuse('account_not_found', 'There is no such account.');
      const { itemization, supersedesId, ...rest } = body;
      const prepared = await prepareNotice(ctx, {
        ...rest,
        accountId,
        supersedesId: supersedesId === null ? null : idOf('notice', supersedesId),
        itemization: {
          on: calendarDate(itemization.on),
          kind: itemization.kind,
          parts: partsOf(itemization, facts.currency),
        },
      });
      if (!prepared.ok) return prepared;
      const notice = await noticeBody(ctx, prepared.value.notice.id);
      const { endDate } = await datesIfSentNow(ctx);
      return ok({ notice, withheld: [...prepared.value.withheld], periodEndsOnIfSentNow: endDate });
    }),
    implementFlow(contract.sendNotice, async ({ params, caller }, host) => {
      const sent = await sendNotice(host.mailing, caller.tenant, caller.actor, params.noticeId);
      if (!sent.ok) return sent;
      const { state, messageId, answer } = sent.value;
      return host.enter(async (ctx) =>
        ok({ state, messageId, why: await whyOfGate(ctx, answer), notice: await noticeBody(ctx, params.noticeId) }),
      );
    }),
    implement(contract.recordNoticeReturn, async (ctx, { params, body }) => {
      const returned = await takeReturn(ctx, {
        noticeId: params.noticeId,
        on: calendarDate(body.on),
        reason: body.reason,
      });
      return returned.ok ? ok(await noticeBody(ctx, params.noticeId)) : returned;
    }),
    implement(contract.addRepresentative, async (ctx, { params, body }) => {
      const accountId = idOf('account', params.accountId);
      const [facts] = await lockWithPersons(ctx, [accountId]);
      if (facts === undefined) return refuse('account_not_found', 'There is no such account.');
      const role = body.role === 'representative' ? 'executor' : body.role;
      const added = await addRepresentative(ctx, { ...body, role, partyId: facts.partyId });
      if (!added.ok) return added;
      // Whoever was about to be written to is no longer the one to write to.
      await refreshParty(ctx, facts.partyId, { stop: true });
      return ok({ partyId: added.value.partyId });
    }),
  ];
}

function replyHandlers(): Implementation[] {
  return [
    implement(contract.recordNoticeReply, async (ctx, { params, body }) => {
      const taken = await takeReply(ctx, {
        ...body,
        noticeId: params.noticeId,
        receivedAt: body.receivedAt === undefined ? ctx.at : new Date(body.receivedAt),
        disputedItemIds: body.disputedItemIds.map((id) => idOf('item', id)),
        paymentMinor: body.paymentMinor === null ? null : BigInt(body.paymentMinor),
      });
      if (!taken.ok) return taken;
      return ok(await replyBody(ctx, taken.value.reply.accountId, taken.value.reply.id));
    }),
    implement(contract.recordNoticeAnswer, async (ctx, { params, body }) => {
      const accountId = idOf('account', params.accountId);
      const answered = await answerReply(ctx, {
        accountId,
        replyId: params.replyId,
        kind: body.kind,
        sentOn: calendarDate(body.sentOn),
        evidence: body.evidence,
      });
      return answered.ok ? ok(await replyBody(ctx, accountId, params.replyId)) : answered;
    }),
  ];
}

function lookingHandlers(): Implementation[] {
  return [
    implement(contract.listAccountNotices, async (ctx, { params, caller }) => {
      const accountId = idOf('account', params.accountId);
      const [facts, account] = [await findFacts(ctx, accountId), await findAccount(ctx, accountId)];
      if (facts === null || account === null) return refuse('account_not_found', 'There is no such account.');
      return ok({
        owedMinor: (facts.balanceMinor - facts.creditMinor).toString(),
        currency: facts.currency,
        notices: (await listNotices(ctx, accountId)).map(bodyOf),
        replies: (await listReplies(ctx, accountId)).map(replyBodyOf),
        clocks: await clocksOf(ctx, caller, { overdueOnly: false, limit: 20, accountId }),
      });
    }),
    implement(contract.listNoticeClocks, async (ctx, { query, caller }) => {
      const rows = await clocksOf(ctx, caller, { overdueOnly: query.overdue === 'yes', limit: query.limit });
      return ok({ rows });
    }),
    implementFlow(contract.getNoticeHtml, ({ params }, host) => documentOf(host, params.noticeId, 'html')),
    implementFlow(contract.getNoticePdf, ({ params }, host) => documentOf(host, params.noticeId, 'pdf')),
  ];
}

async function clocksOf(
  ctx: Ctx,
  caller: Caller,
  wanted: { readonly overdueOnly: boolean; readonly limit: number; readonly accountId?: string },
): Promise<ClockBody[]> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const terms = noticeTermsOn(await loadRuleBook(ctx), today);
  if (terms === null) return [];
  const rows = await listNoticeClocks(ctx, caller.clientIds, {
    ...wanted,
    today,
    terms: { ...terms.validation, ...terms.verification },
  });
  const names = new Map((await listMembers(ctx)).map((member) => [member.userId as string, member.displayName]));
  return rows.map((row) => clockBody(row, names));
}

/** What went out, byte for byte; a draft as it would look if it left now. */
async function documentOf(host: Host, noticeId: string, format: NoticeFormat): Promise<Result<Readable, RefusalCode>> {
  const found = await host.enter(async (ctx) => {
    const kept = await findDocument(ctx, noticeId, format);
    const notice = await findNotice(ctx, noticeId);
    const sent = notice !== null && notice.state !== 'prepared' && notice.state !== 'withdrawn';
    return sent && kept !== null ? kept.bytes : await previewNotice(host.mailing, ctx, noticeId);
  });
  if (found === null) return refuse('notice_not_found', 'There is no such notice.');
  const bytes = Buffer.isBuffer(found)
    ? found
    : format === 'html'
      ? Buffer.from(noticeHtml(found.sheet), 'utf8')
      : await noticePdf(found.sheet);
  void host.reply
    .header('content-type', format === 'html' ? 'text/html; charset=utf-8' : 'application/pdf')
    .header('content-disposition', `inline; filename="validation-notice.${format}"`);
  return ok(Readable.from([bytes]));
}

type Asked = NonNullable<BodyOf<typeof contract.prepareNotice>>['itemization'];

const partsOf = (asked: Asked, currency: Currency): Itemization =>
  Object.fromEntries(
    itemizationFields.map((field) => {
      const minor = asked[`${field}Minor`];
      return [field, minor === undefined ? null : money(BigInt(minor), currency)];
    }),
  ) as Itemization;

type NoticeBody = ResponseOf<typeof contract.recordNoticeReturn>;

async function noticeBody(ctx: Ctx, noticeId: string): Promise<NoticeBody> {
  const notice = await findNotice(ctx, noticeId);
  if (notice === null) throw new Error(`Notice ${noticeId} has gone`);
  return bodyOf(notice);
}

function bodyOf(notice: ValidationNotice): NoticeBody {
  const { minor, on, kind, currency } = notice.information.itemization;
  return {
    id: notice.id,
    accountId: notice.accountId,
    state: notice.state,
    stateReason: notice.stateReason,
    channel: notice.channel,
    language: notice.language,
    addressee: notice.addresseeRole,
    address: notice.address,
    itemization: {
      on,
      kind,
      currency,
      amountOnItemizationDateMinor: minor.amountOnItemizationDate,
      interestMinor: minor.interest,
      feesMinor: minor.fees,
      paymentsMinor: minor.payments,
      creditsMinor: minor.credits,
      currentMinor: minor.currentAmount,
    },
    insideInitial: notice.insideInitial,
    messageId: notice.messageId,
    providedOn: notice.providedOn,
    assumedReceiptOn: notice.assumedReceiptOn,
    periodEndsOn: notice.periodEndsOn,
    returnedOn: notice.returnedOn,
    supersedesId: notice.supersedesId,
    preparedAt: notice.recordedAt.toISOString(),
  };
}

type ReplyBody = ResponseOf<typeof contract.recordNoticeReply>;

async function replyBody(ctx: Ctx, accountId: Id<'account'>, replyId: string): Promise<ReplyBody> {
  const found = (await listReplies(ctx, accountId)).find((one) => one.id === replyId);
  if (found === undefined) throw new Error(`Reply ${replyId} has gone`);
  return replyBodyOf(found);
}

const replyBodyOf = (reply: AnsweredReply): ReplyBody => ({
  id: reply.id,
  noticeId: reply.noticeId,
  receivedAt: reply.receivedAt.toISOString(),
  receivedOn: reply.receivedOn,
  medium: reply.medium,
  written: reply.written,
  inPeriod: reply.inPeriod,
  stopsCollection: reply.stopsCollection,
  disputes: reply.disputes,
  reasons: [...reply.reasons],
  disputedItemIds: [...reply.disputedItemIds],
  originalCreditor: reply.originalCreditor,
  spanish: reply.spanish,
  paymentMinor: reply.paymentMinor?.toString() ?? null,
  explanation: reply.explanation,
  verificationSentOn: reply.verificationSentOn,
  originalCreditorSentOn: reply.originalCreditorSentOn,
});

type ClockBody = ResponseOf<typeof contract.listNoticeClocks>['rows'][number];

const clockBody = (row: NoticeClock, names: ReadonlyMap<string, string>): ClockBody => ({
  owner:
    row.assignedTo === null ? null : { id: row.assignedTo, name: names.get(row.assignedTo) ?? 'Somebody who has left' },
  kind: row.kind,
  accountId: row.accountId,
  number: row.number,
  party: { id: row.partyId, name: row.partyName },
  client: { id: row.clientId, name: row.clientName },
  since: row.since,
  dueOn: row.dueOn,
  overdue: row.overdue,
  returned: row.returned,
});
