import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { refuse } from '../kernel/result.ts';
import { lockWithPersons } from '../modules/accounts/public.ts';
import { recordDispatch, recordNotSent, selectSendingNotices } from '../modules/compliance/public.ts';
import { findMessageHead } from '../modules/outreach/public.ts';

const atOnce = 200;

/**
 * Brings notices under way to what became of their messages: sent ones are given, from the moment they were handed over; those that never left
 * are drafts again; an uncertain one waits for a person. Also finishes what a killed process left. Of one message, or of all. Returns how many it moved.
 */
export async function settleNotices(ctx: Ctx, messageId: string | null = null): Promise<number> {
  const sending = await selectSendingNotices(ctx, messageId, atOnce);
  await lockWithPersons(ctx, sending.map((one) => one.accountId).toSorted() as Id<'account'>[]);
  let moved = 0;
  for (const notice of sending) {
    const head = notice.messageId === null ? null : await findMessageHead(ctx, notice.messageId);
    if (head === null || ['rendered', 'sending', 'handed_over', 'uncertain'].includes(head.state)) continue;
    const left =
      head.state === 'sent' && head.handedOverAt !== null
        ? await recordDispatch(ctx, {
            noticeId: notice.id,
            at: head.handedOverAt,
            proof: `message ${head.id}: ${head.providerAnswer ?? 'sent'}`,
          })
        : refuse('not_sent', head.stateReason ?? `The message is ${head.state}.`);
    if (!left.ok) await recordNotSent(ctx, { noticeId: notice.id, reason: left.detail });
    moved += 1;
  }
  return moved;
}
