import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import type { DisputeReason, NewAnswer, ReplyMedium } from './record-reply.ts';

/** A reply to a notice as it is kept. */
export type NoticeReply = {
  readonly id: Id<'notice_reply'>;
  readonly noticeId: string;
  readonly accountId: Id<'account'>;
  readonly receivedAt: Date;
  readonly receivedOn: CalendarDate;
  readonly medium: ReplyMedium;
  readonly written: boolean;
  readonly inPeriod: boolean;
  readonly disputes: 'whole' | 'part' | null;
  readonly reasons: readonly DisputeReason[];
  readonly disputedItemIds: readonly Id<'item'>[];
  readonly originalCreditor: boolean;
  readonly spanish: boolean;
  readonly paymentMinor: bigint | null;
  readonly explanation: string | null;
};

/** A reply with what was sent in answer to it. */
export type AnsweredReply = NoticeReply & {
  readonly verificationSentOn: CalendarDate | null;
  readonly verificationKind: Exclude<NoticeAnswerKind, 'original_creditor'> | null;
  readonly originalCreditorSentOn: CalendarDate | null;
  readonly stopsCollection: boolean;
};

export type NoticeAnswerKind = 'verification' | 'judgment' | 'duplicative' | 'original_creditor';

const columns = sql`r.id, r.notice_id as "noticeId", r.account_id as "accountId", r.received_at as "receivedAt", r.received_on as "receivedOn", r.medium,
  r.written, r.in_period as "inPeriod", r.disputes, r.reasons, r.disputed_item_ids as "disputedItemIds", r.original_creditor as "originalCreditor",
  r.spanish, r.payment_minor as "paymentMinor", r.explanation`;

export async function insertReply(ctx: Ctx, r: NoticeReply): Promise<void> {
  await sql`insert into compliance.notice_replies (tenant_id, id, notice_id, account_id, received_at, received_on, medium, written, in_period, disputes,
      reasons, disputed_item_ids, original_creditor, spanish, payment_minor, explanation, recorded_by, recorded_at)
    values (${ctx.tenant}, ${r.id}, ${r.noticeId}, ${r.accountId}, ${r.receivedAt}, ${r.receivedOn}, ${r.medium}, ${r.written}, ${r.inPeriod},
      ${r.disputes}, ${[...r.reasons]}::text[], ${[...r.disputedItemIds]}::uuid[], ${r.originalCreditor}, ${r.spanish}, ${r.paymentMinor},
      ${r.explanation}, ${ctx.actor.id}, ${ctx.at})`.execute(ctx.db);
}

/** The reply, or null. */
export async function findReply(ctx: Ctx, replyId: string): Promise<NoticeReply | null> {
  const { rows } = await sql<NoticeReply>`
    select ${columns} from compliance.notice_replies r where r.tenant_id = ${ctx.tenant} and r.id = ${replyId}`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Every reply of an account with what answered it, newest first. */
export async function listReplies(ctx: Ctx, accountId: string): Promise<AnsweredReply[]> {
  const { rows } = await sql<AnsweredReply>`
    select ${columns}, r.verification_sent_on as "verificationSentOn", r.verification_kind as "verificationKind",
           r.original_creditor_sent_on as "originalCreditorSentOn", r.stops_collection as "stopsCollection"
    from compliance.notice_replies_v r where r.tenant_id = ${ctx.tenant} and r.account_id = ${accountId}
    order by r.received_at desc, r.id desc limit 200`.execute(ctx.db);
  return rows;
}

/** The latest day of any notice's period the person has; null when none of the account's notices stands as given. */
export async function latestPeriodEnd(ctx: Ctx, accountId: string): Promise<CalendarDate | null> {
  const { rows } = await sql<{ end: CalendarDate | null }>`
    select max(n.period_ends_on) as "end" from compliance.notices n
    where n.tenant_id = ${ctx.tenant} and n.account_id = ${accountId} and n.state = 'given'`.execute(ctx.db);
  return rows[0]?.end ?? null;
}

/** Writes an answer down; false when the reply already has one of that sort. The account's lock, held by the caller, keeps it once. */
export async function insertAnswer(ctx: Ctx, input: NewAnswer): Promise<boolean> {
  const sameSort =
    input.kind === 'original_creditor' ? ['original_creditor'] : ['verification', 'judgment', 'duplicative'];
  const { rows } = await sql<{ id: string }>`select a.id from compliance.notice_answers a
    where a.tenant_id = ${ctx.tenant} and a.reply_id = ${input.replyId} and a.kind = any(${sameSort}::text[]) limit 1`.execute(
    ctx.db,
  );
  if (rows.length > 0) return false;
  await sql`insert into compliance.notice_answers (tenant_id, id, reply_id, account_id, kind, sent_on, evidence, recorded_by, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${input.replyId}, ${input.accountId}, ${input.kind}, ${input.sentOn}, ${input.evidence}, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
  return true;
}
