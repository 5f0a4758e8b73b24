import { localDateOf, type TimeZone } from '../kernel/calendar.ts';
import { type Id, idOf, newId, type TenantId } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import {
  effectsOfReply,
  findDocument,
  findNotice,
  type NewReply,
  type NoticeFormat,
  type NoticeReply,
  type ValidationNotice,
} from '../modules/compliance/public.ts';
import { reportEvent } from '../modules/accounts/public.ts';
import { actIn, type Installation, loadTenant, systemActor } from '../modules/identity/public.ts';
import { readNoticeReplyToken } from '../modules/outreach/public.ts';
import { takeReply } from './answer-notice.ts';

const actor = systemActor('notice-reply');
const ticketPurpose = 'notice-reply-form';
const ticketLivesMs = 24 * 3_600_000;

/** What the reply form shows. `ticket` belongs to this one showing of it. */
export type ReplyForm = {
  readonly notice: ValidationNotice;
  readonly stillInPeriod: boolean;
  readonly ticket: string;
};

export type ReplyFormRefusal = 'bad_token' | 'not_sent';

/** Opens the reply form of a notice; changes nothing but that a visit is told once. Refuses: `bad_token`; `not_sent` while the notice is a draft. */
export async function openReplyForm(
  installation: Installation,
  token: string,
): Promise<Result<ReplyForm, ReplyFormRefusal>> {
  const read = readNoticeReplyToken(installation.vault, token);
  if (!read.ok) return read;
  const { tenant, noticeId } = read.value;
  return actIn(installation, tenant, actor, async (ctx) => {
    const notice = await findNotice(ctx, noticeId);
    if (notice === null) return refuse('bad_token', 'There is nothing at this address.');
    if (notice.periodEndsOn === null) return refuse('not_sent', 'This notice has not been sent yet.');
    const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone as TimeZone);
    await reportEvent(ctx, 'portal_visit', notice.accountId, notice.id);
    return ok({ notice, stillInPeriod: today <= notice.periodEndsOn, ticket: newTicket(installation, noticeId) });
  });
}

export type SentReply = { readonly notice: ValidationNotice; readonly reply: NoticeReply; readonly stops: boolean };

/**
 * The form as it was sent: recorded and in effect in one transaction, once per showing of the form however often it is sent. Refuses:
 * `bad_token`; `not_sent`; `stale_form` for a ticket that is not ours or too old; `empty_reply`.
 */
export async function sendReplyForm(
  installation: Installation,
  token: string,
  ticket: string,
  said: Pick<NewReply, 'reasons' | 'originalCreditor' | 'spanish' | 'explanation'>,
): Promise<Result<SentReply, ReplyFormRefusal | 'stale_form' | 'empty_reply'>> {
  const read = readNoticeReplyToken(installation.vault, token);
  if (!read.ok) return read;
  const { tenant, noticeId } = read.value;
  const replyId = readTicket(installation, noticeId, ticket);
  if (replyId === null) return refuse('stale_form', 'This form has been open too long. Load it again.');
  return actIn(installation, tenant as TenantId, actor, async (ctx) => {
    const taken = await takeReply(ctx, {
      ...said,
      id: replyId,
      noticeId,
      receivedAt: ctx.at,
      medium: 'web',
      disputes: said.reasons.length > 0 ? 'whole' : null,
      disputedItemIds: [],
      paymentMinor: null,
    });
    if (!taken.ok) {
      if (taken.code === 'empty_reply') return refuse('empty_reply', taken.detail);
      if (taken.code === 'notice_not_found') return refuse('bad_token', 'There is nothing at this address.');
      if (taken.code === 'notice_wrong_state') return refuse('not_sent', taken.detail);
      throw new Error(`${taken.code}: ${taken.detail}`);
    }
    const notice = await findNotice(ctx, noticeId);
    if (notice === null) throw new Error(`Notice ${noticeId} has gone`);
    const { reply } = taken.value;
    const effects = effectsOfReply(reply);
    const stops = [effects.dispute, effects.originalCreditor].some((one) => one?.includes('stop_contact') === true);
    return ok({ notice, reply, stops });
  });
}

/** The notice as it went out, for whoever holds its link. Refuses: `bad_token`. */
export async function readNoticeDocument(
  installation: Installation,
  token: string,
  format: NoticeFormat,
): Promise<Result<Buffer, 'bad_token'>> {
  const read = readNoticeReplyToken(installation.vault, token);
  if (!read.ok) return read;
  const found = await actIn(installation, read.value.tenant, actor, (ctx) =>
    findDocument(ctx, read.value.noticeId, format),
  );
  return found === null ? refuse('bad_token', 'There is nothing at this address.') : ok(found.bytes);
}

// A form can only be sent by somebody who was shown it: the ticket is sealed by us, for this notice, and names the reply it becomes.
function newTicket({ vault, clock }: Installation, noticeId: string): string {
  const said = [noticeId, newId<'notice_reply'>(), clock.now().getTime()].join(' ');
  return vault.seal(said, ticketPurpose).toString('base64url');
}

function readTicket({ vault, clock }: Installation, noticeId: string, ticket: string): Id<'notice_reply'> | null {
  if (!/^[A-Za-z0-9_-]{40,400}$/.test(ticket)) return null;
  try {
    const [of, replyId = '', at] = vault
      .unseal(Buffer.from(ticket, 'base64url'), ticketPurpose)
      .toString('utf8')
      .split(' ');
    const age = clock.now().getTime() - Number(at);
    return of === noticeId && age >= 0 && age < ticketLivesMs ? idOf('notice_reply', replyId) : null;
  } catch {
    // Not a seal of ours.
    return null;
  }
}
