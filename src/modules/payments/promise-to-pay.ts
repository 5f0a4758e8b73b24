import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import { formatMoney, type Money } from '../../kernel/money.ts';

export type PromiseState = 'open' | 'kept' | 'part_kept' | 'broken' | 'cancelled';

/** From → to. A judged promise moves again only when money it was judged on is taken back; it reopens while there is still time. */
export const promiseTransitions: Readonly<Record<PromiseState, readonly PromiseState[]>> = {
  open: ['kept', 'part_kept', 'broken', 'cancelled'],
  kept: ['open', 'part_kept', 'broken'],
  part_kept: ['broken'],
  broken: [],
  cancelled: [],
};

/** What a promise is judged on. `received` counts money effective on its items until the last day. */
export type PromiseFacts = {
  readonly promised: Money;
  readonly received: Money;
  /** What the promised items still owe. */
  readonly stillOpen: Money;
  readonly dueOn: CalendarDate;
  readonly graceDays: number;
};

export type PromiseJudgement = { readonly state: PromiseState; readonly reason: string };

/** The last day on which money still keeps the promise. */
export function lastDayOf(promise: { readonly dueOn: CalendarDate; readonly graceDays: number }): CalendarDate {
  return addDays(promise.dueOn, promise.graceDays);
}

/**
 * Kept as soon as the promised money is there, or all that was still owed has been paid; after the last day part-kept when some
 * came and broken when none did. `on` is the client's calendar day.
 */
export function judgePromise(facts: PromiseFacts, on: CalendarDate): PromiseJudgement {
  const { promised, received, stillOpen } = facts;
  const until = lastDayOf(facts);
  if (received.amountMinor >= promised.amountMinor) {
    return { state: 'kept', reason: `${formatMoney(received)} of ${formatMoney(promised)} came by ${until}.` };
  }
  if (stillOpen.amountMinor <= 0n) {
    return received.amountMinor > 0n
      ? { state: 'kept', reason: `${formatMoney(received)} paid all that the promised items still owed.` }
      : { state: 'cancelled', reason: 'The promised items owe nothing any more, and no payment was needed.' };
  }
  if (on <= until) return { state: 'open', reason: `Open until ${until}.` };
  return received.amountMinor > 0n
    ? { state: 'part_kept', reason: `Only ${formatMoney(received)} of ${formatMoney(promised)} came by ${until}.` }
    : { state: 'broken', reason: `Nothing of ${formatMoney(promised)} came by ${until}.` };
}

/**
 * A judged promise looked at again after money was taken back. Null when the judgement stands: what came later does not mend a
 * promise, and a promise that lost nothing keeps its state.
 */
export function rejudgePromise(
  judged: { readonly state: PromiseState; readonly receivedThen: Money },
  facts: PromiseFacts,
  on: CalendarDate,
): PromiseJudgement | null {
  if (facts.received.amountMinor >= judged.receivedThen.amountMinor) return null;
  const now = judgePromise(facts, on);
  if (!promiseTransitions[judged.state].includes(now.state)) return null;
  return { state: now.state, reason: `Money it was judged on was taken back. ${now.reason}` };
}
