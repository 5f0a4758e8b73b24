import type { Ctx } from '../../kernel/ctx.ts';
import {
  type EventKind,
  insertEvents,
  lockMessages,
  type MessageState,
  updateFinished,
  updateHandedOver,
} from './messages.sql.ts';
import type { Outcome } from './transport.ts';

/**
 * Says that these messages are about to be given to the provider; commit before doing so. Returns those that may be: one that
 * was voided, or whose account or client was stopped meanwhile, may not.
 */
export async function commitHandedOver(ctx: Ctx, messageIds: readonly string[]): Promise<Set<string>> {
  await lockMessages(ctx, messageIds);
  return updateHandedOver(ctx, messageIds);
}

export type MessageOutcome = { readonly messageId: string; readonly outcome: Outcome };

const eventOf: Readonly<Record<Outcome['kind'], EventKind>> = {
  sent: 'accepted',
  failed: 'refused',
  uncertain: 'connection_lost',
};

/** Writes outcomes down and returns the ids that moved. An answer that comes after the message was given up as uncertain still counts. */
export async function recordOutcomes(ctx: Ctx, outcomes: readonly MessageOutcome[]): Promise<Set<string>> {
  await lockMessages(
    ctx,
    outcomes.map((one) => one.messageId),
  );
  const moved = await updateFinished(
    ctx,
    ['handed_over', 'uncertain'],
    outcomes.map(({ messageId, outcome }) => ({
      id: messageId,
      state: outcome.kind,
      reason: outcome.kind === 'sent' ? null : outcome.answer,
      answer: outcome.answer,
    })),
  );
  await insertEvents(
    ctx,
    outcomes
      .filter((one) => moved.has(one.messageId))
      .map(({ messageId, outcome }) => ({ messageId, kind: eventOf[outcome.kind], detail: outcome.answer })),
  );
  return moved;
}

/**
 * Captures messages: the in-app outbox is the provider and the database its only word, so that handing over and arriving are one
 * transaction and no answer can be lost. Returns the ids that moved.
 */
export async function capture(ctx: Ctx, messageIds: readonly string[]): Promise<Set<string>> {
  const handedOver = await commitHandedOver(ctx, messageIds);
  const captured = await updateFinished(
    ctx,
    ['handed_over'],
    [...handedOver].map((id) => ({ id, state: 'sent' as const, reason: null, answer: 'captured' })),
  );
  await insertEvents(
    ctx,
    [...captured].map((messageId) => ({ messageId, kind: 'captured' as const, detail: null })),
  );
  return captured;
}

/** Gives messages up that were never handed over. Returns the ids that moved. */
export async function voidSending(ctx: Ctx, messageIds: readonly string[], reason: string): Promise<Set<string>> {
  await lockMessages(ctx, messageIds);
  return updateFinished(
    ctx,
    ['sending'],
    messageIds.map((id) => ({ id, state: 'void' as const, reason, answer: null })),
  );
}

/** Says that nobody knows whether messages arrived. Returns the ids that moved. */
export async function markUncertain(ctx: Ctx, messageIds: readonly string[], reason: string): Promise<Set<string>> {
  await lockMessages(ctx, messageIds);
  const moved = await updateFinished(
    ctx,
    ['handed_over'],
    messageIds.map((id) => ({ id, state: 'uncertain' as const, reason, answer: null })),
  );
  await insertEvents(
    ctx,
    [...moved].map((messageId) => ({ messageId, kind: 'connection_lost' as const, detail: reason })),
  );
  return moved;
}

/** A person says what became of an uncertain message. False when it is not uncertain. */
export async function resolveUncertain(
  ctx: Ctx,
  messageId: string,
  became: 'sent' | 'failed',
  evidence: string,
): Promise<boolean> {
  const states = await lockMessages(ctx, [messageId]);
  const state: MessageState | undefined = states.get(messageId);
  if (state !== 'uncertain') return false;
  await updateFinished(
    ctx,
    ['uncertain'],
    [{ id: messageId, state: became, reason: `${ctx.actor.name}: ${evidence}`, answer: null }],
  );
  await insertEvents(ctx, [{ messageId, kind: 'resolved', detail: `${became}: ${evidence}` }]);
  return true;
}

/** The person used the link in a message. */
export function recordUnsubscribed(ctx: Ctx, messageId: string): Promise<void> {
  return insertEvents(ctx, [{ messageId, kind: 'unsubscribed', detail: null }]);
}
