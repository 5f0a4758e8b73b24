import { type CalendarDate, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import { sha256Hex } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant, recordAudit } from '../../identity/public.ts';
import {
  insertDocument,
  listDigests,
  lockNotice,
  type NoticeFormat,
  updateGiven,
  updateNotSent,
  updateReturned,
  updateSending,
  type ValidationNotice,
} from './notice.sql.ts';
import { loadRuleBook } from '../load-gate-facts.ts';
import { type NoticeTerms, noticeTermsOn } from './notice-terms.ts';
import { type ValidationPeriod, validationPeriod } from './validation-period.ts';

// Between putting a notice into words and its leaving lie seconds, or a permit's five minutes. A notice written just before midnight is
// dated for the next day: a later assumed receipt is always allowed, an earlier one never.
const leavesWithinMs = 10 * 60_000;

/** The dates a notice must print when it leaves now, in the sender's own calendar. Throws before the rule took effect. */
export async function datesIfSentNow(
  ctx: Ctx,
): Promise<ValidationPeriod & { readonly providedOn: CalendarDate; readonly terms: NoticeTerms }> {
  const { timeZone } = await loadTenant(ctx);
  const providedOn = localDateOf(new Date(ctx.at.getTime() + leavesWithinMs), timeZone as TimeZone);
  const terms = noticeTermsOn(await loadRuleBook(ctx), providedOn);
  if (terms === null) throw new Error(`No rule for validation notices is in force on ${providedOn}.`);
  return { ...validationPeriod({ providedOn }, terms.validation), providedOn, terms };
}

/**
 * Ties a draft to the message it goes out with and keeps the exact bytes; the account's lock is the caller's. Refuses: `notice_not_found`;
 * `notice_wrong_state` when it is no draft any more.
 */
export async function beginDispatch(
  ctx: Ctx,
  input: {
    readonly noticeId: string;
    readonly messageId: string;
    readonly printedEndOn: CalendarDate;
    readonly templateVersion: string;
    readonly terms: NoticeTerms;
    readonly documents: readonly { readonly format: NoticeFormat; readonly bytes: Buffer }[];
  },
): Promise<Result<void, 'notice_not_found' | 'notice_wrong_state'>> {
  const notice = await lockNotice(ctx, input.noticeId);
  if (notice === null) return unknown();
  if (notice.state !== 'prepared') return wrongState(notice, 'sent');
  for (const { format, bytes } of input.documents)
    await insertDocument(ctx, { noticeId: notice.id, format, bytes, sha256: Buffer.from(sha256Hex(bytes), 'hex') });
  await updateSending(ctx, notice.id, input);
  return ok();
}

/**
 * The notice has left. Its dates are reckoned from the day it did, by the sender's calendar; the end printed on it is kept when it is
 * later. Refuses: `notice_not_found`; `notice_wrong_state`; `dispatch_slipped` when the printed end would cut the period short.
 */
export async function recordDispatch(
  ctx: Ctx,
  input: { readonly noticeId: string; readonly at: Date; readonly proof: string },
): Promise<
  Result<
    ValidationPeriod & { providedOn: CalendarDate },
    'notice_not_found' | 'notice_wrong_state' | 'dispatch_slipped'
  >
> {
  const notice = await lockNotice(ctx, input.noticeId);
  if (notice === null) return unknown();
  if (notice.state !== 'sending' || notice.printedEndOn === null) return wrongState(notice, 'recorded as sent');
  const { timeZone } = await loadTenant(ctx);
  const providedOn = localDateOf(input.at, timeZone as TimeZone);
  const period = validationPeriod({ providedOn }, notice.terms.validation);
  if (notice.printedEndOn < period.endDate)
    return refuse(
      'dispatch_slipped',
      `The notice prints ${notice.printedEndOn} as the end of the period; sent on ${providedOn} it runs until ${period.endDate}. Prepare it again, so that it prints the right date.`,
    );
  const given = { providedOn, receiptDate: period.receiptDate, endDate: notice.printedEndOn };
  await updateGiven(ctx, notice.id, {
    dispatchedAt: input.at,
    providedOn,
    assumedReceiptOn: period.receiptDate,
    periodEndsOn: notice.printedEndOn,
    proof: input.proof,
  });
  await recordAudit(ctx, {
    action: 'notice.given',
    subjectKind: 'notice',
    subjectId: notice.id,
    accountId: notice.accountId,
    // The chain vouches for the bytes that went out, whatever becomes of their row.
    detail: { providedOn, periodEndsOn: notice.printedEndOn, documents: await listDigests(ctx, notice.id) },
    personal: { personId: notice.accountId, values: { proof: input.proof } },
  });
  return ok(given);
}

/** The notice did not leave after all: it is a draft again. Refuses: `notice_not_found`, `notice_wrong_state`. */
export async function recordNotSent(
  ctx: Ctx,
  input: { readonly noticeId: string; readonly reason: string },
): Promise<Result<void, 'notice_not_found' | 'notice_wrong_state'>> {
  const notice = await lockNotice(ctx, input.noticeId);
  if (notice === null) return unknown();
  if (notice.state !== 'sending') return wrongState(notice, 'taken back');
  await updateNotSent(ctx, notice.id, input.reason);
  return ok();
}

/**
 * The notice came back: it bounced, or the post could not deliver it. Then it was not given, and its dates count for nothing; one sent
 * again is reckoned anew (comment 34(b)(5)-2). Refuses: `notice_not_found`; `notice_wrong_state`; `returned_before_sent`.
 */
export async function recordReturn(
  ctx: Ctx,
  input: { readonly noticeId: string; readonly on: CalendarDate; readonly reason: string },
): Promise<Result<ValidationNotice, 'notice_not_found' | 'notice_wrong_state' | 'returned_before_sent'>> {
  const notice = await lockNotice(ctx, input.noticeId);
  if (notice === null) return unknown();
  if (notice.state !== 'given' || notice.providedOn === null) return wrongState(notice, 'returned');
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone as TimeZone);
  if (input.on < notice.providedOn || input.on > today)
    return refuse(
      'returned_before_sent',
      `The notice went out on ${notice.providedOn}; it can have come back between that day and today.`,
      { on: 'Choose a day between dispatch and today.' },
    );
  await updateReturned(ctx, notice.id, input.on, input.reason);
  await recordAudit(ctx, {
    action: 'notice.returned',
    subjectKind: 'notice',
    subjectId: notice.id,
    accountId: notice.accountId,
    detail: { on: input.on },
    personal: { personId: notice.accountId, values: { reason: input.reason } },
  });
  return ok(notice);
}

const unknown = () => refuse('notice_not_found' as const, 'There is no such notice.');
const wrongState = (notice: ValidationNotice, deed: string) =>
  refuse('notice_wrong_state' as const, `This notice is ${notice.state}; it cannot be ${deed}.`);
