import { type CalendarDate, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant, recordAudit } from '../../identity/public.ts';
import { findNotice, type ValidationNotice } from './notice.sql.ts';
import {
  findReply,
  insertAnswer,
  insertReply,
  latestPeriodEnd,
  type NoticeAnswerKind,
  type NoticeReply,
} from './reply.sql.ts';

export const replyMedia = ['web', 'letter', 'fax', 'email', 'text', 'telephone', 'in_person'] as const;
export type ReplyMedium = (typeof replyMedia)[number];
export const disputeReasons = ['not_mine', 'wrong_amount', 'other'] as const;
export type DisputeReason = (typeof disputeReasons)[number];

/** What somebody ticked or wrote in reply to a notice. */
export type NewReply = {
  /** Given by whoever must not record it twice; otherwise made up. */
  readonly id?: Id<'notice_reply'> | undefined;
  readonly noticeId: string;
  readonly receivedAt: Date;
  readonly medium: ReplyMedium;
  readonly disputes: 'whole' | 'part' | null;
  readonly reasons: readonly DisputeReason[];
  /** The items a part dispute is about; empty: it is not known which. */
  readonly disputedItemIds: readonly Id<'item'>[];
  readonly originalCreditor: boolean;
  readonly spanish: boolean;
  readonly paymentMinor: bigint | null;
  readonly explanation: string | null;
};

export type ReplyRefusal =
  | 'notice_not_found'
  | 'notice_wrong_state'
  | 'empty_reply'
  | 'in_the_future'
  | 'before_the_notice';

const oral: ReadonlySet<ReplyMedium> = new Set(['telephone', 'in_person']);

/** Whether words by this medium are in writing: electronic ones are where the collector takes them (12 CFR 1006.38, comment 3). */
export const isWritten = (medium: ReplyMedium): boolean => !oral.has(medium);

/**
 * Writes a reply down with whether it is written and in time: on or before the end of the period, by the collector's own calendar, the
 * latest end it was told of. A reply recorded already (same id) is answered as before. Refuses: `notice_not_found`; `notice_wrong_state`
 * for a notice that never left; `empty_reply`; `in_the_future`; `before_the_notice`.
 */
export async function recordReply(
  ctx: Ctx,
  input: NewReply,
): Promise<Result<{ reply: NoticeReply; notice: ValidationNotice; already: boolean }, ReplyRefusal>> {
  const notice = await findNotice(ctx, input.noticeId);
  if (notice === null) return refuse('notice_not_found', 'There is no such notice.');
  const known = input.id === undefined ? null : await findReply(ctx, input.id);
  if (known !== null) return ok({ reply: known, notice, already: true });
  if (notice.dispatchedAt === null)
    return refuse('notice_wrong_state', `This notice is ${notice.state}; nobody can have answered it.`);
  const explanation = input.explanation?.trim() || null;
  const disputes = input.disputes !== null || input.reasons.length > 0 ? (input.disputes ?? 'whole') : null;
  if (
    disputes === null &&
    !input.originalCreditor &&
    !input.spanish &&
    input.paymentMinor === null &&
    explanation === null
  )
    return refuse('empty_reply', 'Nothing was ticked or written. Say what the person wants.');
  if (input.receivedAt > ctx.at)
    return refuse('in_the_future', 'A reply cannot have come in the future; enter when it came.');
  if (input.receivedAt < notice.dispatchedAt)
    return refuse(
      'before_the_notice',
      `The notice went out on ${notice.providedOn ?? ''}; its reply cannot have come before.`,
    );
  const receivedOn = localDateOf(input.receivedAt, (await loadTenant(ctx)).timeZone as TimeZone);
  const reply: NoticeReply = {
    id: input.id ?? newId<'notice_reply'>(),
    noticeId: notice.id,
    accountId: notice.accountId,
    receivedAt: input.receivedAt,
    receivedOn,
    medium: input.medium,
    written: isWritten(input.medium),
    inPeriod: await isInPeriod(ctx, notice, receivedOn),
    disputes,
    reasons: disputes !== null && input.reasons.length === 0 ? ['other'] : [...new Set(input.reasons)],
    disputedItemIds: disputes === 'part' ? [...new Set(input.disputedItemIds)] : [],
    originalCreditor: input.originalCreditor,
    spanish: input.spanish,
    paymentMinor: input.paymentMinor,
    explanation,
  };
  await insertReply(ctx, reply);
  await recordAudit(ctx, {
    action: 'notice.answered',
    subjectKind: 'notice_reply',
    subjectId: reply.id,
    accountId: notice.accountId,
    detail: {
      noticeId: notice.id,
      medium: reply.medium,
      written: reply.written,
      inPeriod: reply.inPeriod,
      disputes: reply.disputes,
      originalCreditor: reply.originalCreditor,
      spanish: reply.spanish,
    },
  });
  return ok({ reply, notice, already: false });
}

/** A notice that came back has no period of its own; the person then has at least that of the one sent after it. */
async function isInPeriod(ctx: Ctx, notice: ValidationNotice, receivedOn: CalendarDate): Promise<boolean> {
  const latest = await latestPeriodEnd(ctx, notice.accountId);
  return latest === null || receivedOn <= latest;
}

export type NewAnswer = {
  readonly accountId: Id<'account'>;
  readonly replyId: string;
  readonly kind: NoticeAnswerKind;
  readonly sentOn: CalendarDate;
  /** What was sent and how that can be shown. */
  readonly evidence: string;
};

/**
 * What a reply asked for has been sent. Refuses: `reply_not_found`; `not_asked_for`; `already_answered`; `needs_evidence`;
 * `in_the_future`; `before_the_reply`.
 */
export async function recordAnswer(
  ctx: Ctx,
  input: NewAnswer,
): Promise<
  Result<
    { reply: NoticeReply },
    'reply_not_found' | 'not_asked_for' | 'already_answered' | 'needs_evidence' | 'in_the_future' | 'before_the_reply'
  >
> {
  const reply = await findReply(ctx, input.replyId);
  if (reply === null || reply.accountId !== input.accountId)
    return refuse('reply_not_found', 'There is no such reply to a notice of this account.');
  const about = input.kind === 'original_creditor' ? reply.originalCreditor : reply.disputes !== null;
  if (!about) return refuse('not_asked_for', 'This reply did not ask for that.');
  if (input.evidence.trim() === '')
    return refuse('needs_evidence', 'Say what was sent and how that can be shown.', {
      evidence: 'Evidence is needed.',
    });
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone as TimeZone);
  if (input.sentOn > today) return refuse('in_the_future', `${input.sentOn} has not come yet; enter when it was sent.`);
  if (input.sentOn < reply.receivedOn)
    return refuse(
      'before_the_reply',
      `The reply came on ${reply.receivedOn}; its answer cannot have been sent before.`,
    );
  if (!(await insertAnswer(ctx, input))) return refuse('already_answered', 'This has been answered already.');
  await recordAudit(ctx, {
    action: 'notice_reply.answered',
    subjectKind: 'notice_reply',
    subjectId: reply.id,
    accountId: reply.accountId,
    detail: { kind: input.kind, sentOn: input.sentOn },
  });
  return ok({ reply });
}
