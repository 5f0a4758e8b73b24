import type { HoldEffect } from '../../accounts/public.ts';
import type { NoticeReply } from './reply.sql.ts';

const ceases: readonly HoldEffect[] = ['stop_contact', 'stop_automatic', 'stop_legal'];
const looksFirst: readonly HoldEffect[] = ['stop_automatic'];

/** What a reply stops until it is answered; null: it did not ask for that. */
export type ReplyEffects = {
  readonly dispute: readonly HoldEffect[] | null;
  readonly originalCreditor: readonly HoldEffect[] | null;
};

/**
 * What follows from a reply. Written and in the period, a dispute and a request for the original creditor each cease collection until
 * answered (12 CFR 1006.38(c), (d)(2)). An oral or a late one does not bind so far; automatic contact still waits until a person has looked.
 */
export function effectsOfReply(
  reply: Pick<NoticeReply, 'written' | 'inPeriod' | 'disputes' | 'originalCreditor'>,
): ReplyEffects {
  const stops = reply.written && reply.inPeriod ? ceases : looksFirst;
  return {
    dispute: reply.disputes === null ? null : stops,
    originalCreditor: reply.originalCreditor ? stops : null,
  };
}
