import type { Ctx } from '../../kernel/ctx.ts';
import { assertPermit, type Permit } from '../compliance/public.ts';
import { messageRow, type RenderedDraft } from './draft-notices.ts';
import {
  deleteRendered,
  insertMessageItems,
  insertMessagePlans,
  insertMessages,
  updateDenied,
  updateRefused,
  updateSending,
} from './messages.sql.ts';

/**
 * Writes rendered notices down and returns the ids that went in. One is left out when its mailbox already has a live automatic
 * message of that client and day.
 */
export function insertRendered(ctx: Ctx, drafts: readonly RenderedDraft[]): Promise<Set<string>> {
  return insertMessages(ctx, drafts.map(messageRow));
}

/** Writes down what notices list and which plans they carry out. */
export async function attachContents(
  ctx: Ctx,
  drafts: readonly RenderedDraft[],
  plans: readonly { readonly messageId: string; readonly planId: string; readonly accountId: string }[],
): Promise<void> {
  await insertMessageItems(
    ctx,
    drafts.flatMap(({ order, notice }) =>
      notice.items.map(({ accountId, itemId, openMinor, currency, level }) => ({
        messageId: order.messageId,
        accountId,
        itemId,
        openMinor,
        currency,
        level,
      })),
    ),
  );
  await insertMessagePlans(ctx, plans);
}

/** Moves messages to `sending`, each under its own permit. Without a permit of the compliance room it throws. */
export async function startSending(ctx: Ctx, permits: readonly Permit[]): Promise<void> {
  for (const permit of permits) assertPermit(permit);
  await updateSending(ctx, permits);
}

/** Keeps a text the gate refused, with the permit that says why. */
export function markDenied(
  ctx: Ctx,
  denied: readonly { readonly actId: string; readonly permitId: string; readonly reason: string }[],
): Promise<void> {
  return updateDenied(ctx, denied);
}

/** Keeps texts that were refused for what they say: nobody is asked for leave to send them. */
export function markRefused(
  ctx: Ctx,
  refused: readonly { readonly messageId: string; readonly reason: string }[],
): Promise<void> {
  return updateRefused(ctx, refused);
}

/** Removes rendered texts whose time has not come. */
export function dropRendered(ctx: Ctx, messageIds: readonly string[]): Promise<void> {
  return deleteRendered(ctx, messageIds);
}
