import { localDateOf, timeZone } from '../kernel/calendar.ts';
import type { Actor, Ctx } from '../kernel/ctx.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { lockWithPersons } from '../modules/accounts/public.ts';
import {
  type Answer,
  beginDispatch,
  type ContentMessage,
  datesIfSentNow,
  electronicSubjectLine,
  findNotice,
  type GateFacts,
  loadGateFacts,
  ownerOfAddress,
  partsCarried,
  plainSpeech,
  type Proposal,
  requestPermits,
  shippedContentPacks,
  type ValidationNotice,
} from '../modules/compliance/public.ts';
import { actIn, loadTenant } from '../modules/identity/public.ts';
import {
  dropRendered,
  ensureSender,
  insertNoticeMessage,
  listSenders,
  markDenied,
  type NoticeMessage,
  noticeHtml,
  noticeMessageOf,
  noticePdf,
  noticeReplyUrl,
  type NoticeSheet,
  noticeSheet,
  noticeTemplateVersion,
  noticeText,
  startSending,
  subjectOf,
  unsubscribeUrl,
} from '../modules/outreach/public.ts';
import { handOver, type Mailing } from './hand-over.ts';
import type { Cleared } from './pass-gate.ts';
import { settleNotices } from './settle-notices.ts';

export type SentNotice = {
  readonly messageId: string | null;
  readonly state: 'sent' | 'failed' | 'uncertain' | 'void' | 'denied' | 'deferred';
  readonly answer: Answer;
};

export type SendNoticeRefusal =
  | 'notice_not_found'
  | 'notice_wrong_state'
  | 'itemization_does_not_match'
  | 'no_sender'
  | 'bad_subject_line';

type Dates = Awaited<ReturnType<typeof datesIfSentNow>>;
type Written = { readonly sheet: NoticeSheet; readonly message: NoticeMessage; readonly dates: Dates };

/**
 * Sends a prepared notice: writes it with the dates of this very day, asks leave, hands it over, and dates its clocks by when it left. A no of
 * the gate is an answer with its reasons. Refuses: `notice_not_found`; `notice_wrong_state`; `itemization_does_not_match` when something was
 * paid or charged since it was prepared; `no_sender`; `bad_subject_line`.
 */
export async function sendNotice(
  mailing: Mailing,
  tenant: TenantId,
  actor: Actor,
  noticeId: string,
): Promise<Result<SentNotice, SendNoticeRefusal>> {
  const written = await actIn(mailing, tenant, actor, (ctx) => write(mailing, ctx, noticeId));
  if (!written.ok) return written;
  // The long part, outside any lock.
  const pdf = await noticePdf(written.value.sheet);
  const gated = await actIn(mailing, tenant, actor, (ctx) => passGate(ctx, written.value, pdf));
  if (!gated.ok) return gated;
  const { answer, cleared } = gated.value;
  if (cleared === null) {
    const denied = answer.decision === 'deny';
    return ok({ messageId: denied ? answer.actId : null, state: denied ? 'denied' : 'deferred', answer });
  }
  const [handed] = await handOver(mailing, tenant, actor, [cleared]);
  await actIn(mailing, tenant, actor, (ctx) => settleNotices(ctx, answer.actId));
  return ok({ messageId: answer.actId, state: handed?.state ?? 'void', answer });
}

/** The notice in words as it would leave now, for looking at. Null when there is no such notice. */
export async function previewNotice(
  mailing: Mailing,
  ctx: Ctx,
  noticeId: string,
): Promise<{ readonly notice: ValidationNotice; readonly sheet: NoticeSheet } | null> {
  const notice = await findNotice(ctx, noticeId);
  if (notice === null) return null;
  const endsOn = notice.printedEndOn ?? (await datesIfSentNow(ctx)).endDate;
  return { notice, sheet: sheetOf(mailing, ctx, notice, endsOn, null) };
}

function sheetOf(
  mailing: Mailing,
  ctx: Ctx,
  notice: ValidationNotice,
  endsOn: Dates['endDate'],
  messageId: string | null,
): NoticeSheet {
  const { publicUrl } = mailing.config;
  return noticeSheet(notice.information, {
    language: notice.language,
    endsOn,
    replyUrl:
      notice.information.offersOnlineReplies || notice.channel === 'email'
        ? noticeReplyUrl(mailing.vault, publicUrl, ctx.tenant, notice.id)
        : null,
    optOutUrl:
      notice.channel === 'email' ? unsubscribeUrl(mailing.vault, publicUrl, ctx.tenant, messageId ?? notice.id) : null,
  });
}

async function write(mailing: Mailing, ctx: Ctx, noticeId: string): Promise<Result<Written, SendNoticeRefusal>> {
  const notice = await findNotice(ctx, noticeId);
  if (notice === null) return refuse('notice_not_found', 'There is no such notice.');
  if (notice.state !== 'prepared')
    return refuse('notice_wrong_state', `This notice is ${notice.state}; prepare another to send one.`);
  if (notice.channel === 'letter') await ensureSender(ctx, notice.clientId, 'letter');
  const [sender] = await listSenders(ctx, [notice.clientId], notice.channel);
  if (sender === undefined)
    return refuse('no_sender', 'This client has no sender for e-mail. Set one up, or send the notice by letter.');
  const { subject, contains } = subjectOf(notice.information, notice.language);
  if (!electronicSubjectLine({ subjectContains: contains }).supportsActualNotice)
    return refuse(
      'bad_subject_line',
      'The subject line must name the current creditor and one more item that identifies the debt.',
    );
  const messageId = newId<'message'>();
  const dates = await datesIfSentNow(ctx);
  const sheet = sheetOf(mailing, ctx, notice, dates.endDate, messageId);
  const words = { subject, text: noticeText(sheet), html: noticeHtml(sheet), language: notice.language };
  return ok({ sheet, dates, message: noticeMessageOf(notice, messageId, sender, words) });
}

/** What the gate would be asked about sending this notice now, with the account it is about. Refuses as `sendNotice`. */
export async function validationNoticeProposal(
  mailing: Mailing,
  ctx: Ctx,
  noticeId: string,
): Promise<Result<Proposal, SendNoticeRefusal>> {
  const written = await write(mailing, ctx, noticeId);
  return written.ok ? ok(await proposalOf(ctx, written.value.message)) : written;
}

type Gated = { readonly answer: Answer; readonly cleared: Cleared | null };

/** One short transaction: locks, sees that nothing has changed, writes the message and the bytes down, asks for the permit. */
async function passGate(ctx: Ctx, { message, dates }: Written, pdf: Buffer): Promise<Result<Gated, SendNoticeRefusal>> {
  const { notice, order } = message;
  const [facts] = await lockWithPersons(ctx, [notice.accountId]);
  if (facts === undefined) throw new Error(`There is no account ${notice.accountId}`);
  if (facts.balanceMinor - facts.creditMinor !== notice.currentMinor)
    return refuse(
      'itemization_does_not_match',
      'What the account owes has changed since the notice was prepared. Prepare it again with what is owed now.',
    );
  // Under the account's lock nobody else can begin: seen before anything is written, a second sender is told so.
  const current = await findNotice(ctx, notice.id);
  if (current?.state !== 'prepared')
    return refuse('notice_wrong_state', 'Somebody else has sent or withdrawn this notice meanwhile.');
  const { timeZone: zone } = await loadTenant(ctx);
  await insertNoticeMessage(ctx, message, { ...facts, zone: timeZone(zone) });
  const [answer] = await requestPermits(ctx, [await proposalOf(ctx, message)]);
  if (answer === undefined) throw new Error('The gate gave no answer');
  if (answer.permit === null) return ok({ answer: await turnAway(ctx, answer), cleared: null });
  const begun = await beginDispatch(ctx, {
    noticeId: notice.id,
    messageId: order.messageId,
    printedEndOn: dates.endDate,
    templateVersion: noticeTemplateVersion,
    terms: dates.terms,
    documents: [
      { format: 'html', bytes: Buffer.from(message.words.html, 'utf8') },
      { format: 'pdf', bytes: pdf },
    ],
  });
  if (!begun.ok) throw new Error(begun.detail);
  await startSending(ctx, [answer.permit]);
  return ok({ answer, cleared: { rendered: message, permit: answer.permit, planIds: [] } });
}

/** What the gate is asked. A notice to who stands for the person is a contact with them; the words themselves say what else it carries. */
async function proposalOf(ctx: Ctx, message: NoticeMessage): Promise<Proposal> {
  const { notice, recipient } = message;
  const partyId = (await ownerOfAddress(ctx, recipient.contactPointId)) ?? notice.partyId;
  const asked = noticeAct(message, partyId);
  const [gated] = await loadGateFacts(ctx, [asked]);
  if (gated === undefined) throw new Error(`There are no facts about notice ${notice.id}`);
  const carried = partsCarried(
    contentOf(message, gated.facts, localDateOf(ctx.at, timeZone((await loadTenant(ctx)).timeZone))),
    shippedContentPacks,
    ctx.at,
  );
  return { ...asked, content: { ...asked.content, has: [...new Set([...(asked.content.has ?? []), ...carried])] } };
}

function contentOf({ notice, words }: NoticeMessage, facts: GateFacts, today: string): ContentMessage {
  const lastDay = facts.accounts[0]?.limitationExpiredOn;
  return {
    channel: notice.channel,
    language: words.language,
    recipient: notice.addresseeRole === 'attorney' ? 'attorney' : 'consumer',
    stage: notice.insideInitial ? 'initial' : 'subsequent',
    jurisdictions: facts.jurisdictions,
    collectorType: facts.collector,
    debtKind: facts.debtKind,
    ...(typeof lastDay === 'string' && { timeBarred: lastDay < today }),
    parts: { subject: words.subject, body: [words.text, words.html] },
    names: { business: notice.information.collector.name, creditor: notice.information.currentCreditor },
  };
}

function noticeAct({ notice, recipient, order, words }: NoticeMessage, partyId: string): Proposal {
  return {
    act: 'manual_message',
    channel: notice.channel,
    partyId,
    clientId: notice.clientId,
    accountIds: [notice.accountId],
    contactPointId: recipient.contactPointId,
    addressKey: recipient.key,
    actKind: 'message',
    actId: order.messageId,
    purpose: 'validation_notice',
    initial: notice.insideInitial,
    content: {
      ...plainSpeech,
      // The form says who writes, that it is to collect a debt, and how to answer; an e-mail of it says how to opt out.
      has: ['identity', 'reply_path', 'unsubscribe', 'opt_out', 'attempt_to_collect', 'debt_collector'],
      language: words.language,
      disclosureLanguage: words.language,
      ignoresLanguageWish: false,
    },
  };
}

async function turnAway(ctx: Ctx, answer: Answer): Promise<Answer> {
  const reason = answer.reasons.map((one) => one.sentence).join(' ');
  if (answer.decision === 'deny') await markDenied(ctx, [{ actId: answer.actId, permitId: answer.permitId, reason }]);
  else await dropRendered(ctx, [answer.actId]);
  return answer;
}
