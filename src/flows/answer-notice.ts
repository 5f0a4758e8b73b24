import type { CalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import {
  type HoldEffect,
  liveHolds,
  lockWithPersons,
  placeHold,
  refreshParty,
  releaseHolds,
  reportEvent,
  reportEventOfParty,
} from '../modules/accounts/public.ts';
import {
  effectsOfReply,
  findNotice,
  type NewAnswer,
  type NewReply,
  type NoticeReply,
  recordAnswer,
  recordPreference,
  recordReply,
  recordReturn,
  type ReplyRefusal,
} from '../modules/compliance/public.ts';
import { setContactQuality } from '../modules/parties/public.ts';

const disputeSource = 'notice_dispute';
const creditorSource = 'notice_original_creditor';

export type TakenReply = {
  readonly reply: NoticeReply;
  readonly already: boolean;
  readonly holdIds: readonly Id<'hold'>[];
};

/**
 * A reply to a notice takes effect as it is recorded, in one transaction: a written dispute or request for the original creditor in the period
 * stops contact, with everything planned before it, until it is answered; a wish for Spanish is kept. Refuses as `recordReply` does, and
 * `item_not_of_account`.
 */
export async function takeReply(
  ctx: Ctx,
  input: NewReply,
): Promise<Result<TakenReply, ReplyRefusal | 'item_not_of_account'>> {
  const about = await findNotice(ctx, input.noticeId);
  if (about === null) return refuse('notice_not_found', 'There is no such notice.');
  await lockWithPersons(ctx, [about.accountId]);
  const recorded = await recordReply(ctx, input);
  if (!recorded.ok) return recorded;
  const { reply, already } = recorded.value;
  if (already) return ok({ reply, already, holdIds: [] });
  await reportEvent(ctx, 'reply', about.accountId, reply.id);
  const stops = effectsOfReply(reply);
  const dispute = await hold(ctx, reply, 'dispute', stops.dispute, disputeSource);
  if (!dispute.ok) return dispute;
  const creditor = await hold(ctx, reply, 'query', stops.originalCreditor, creditorSource);
  if (!creditor.ok) return creditor;
  if (reply.spanish) {
    await recordPreference(ctx, {
      partyId: about.partyId,
      kind: 'language',
      channel: null,
      addressKey: null,
      detail: { language: 'es' },
      sourceKind: 'notice_reply',
      sourceId: reply.id,
    });
  }
  return ok({ reply, already, holdIds: [...dispute.value, ...creditor.value] });
}

const notes: Readonly<Record<string, string>> = {
  [disputeSource]:
    'Disputed in reply to the validation notice. Until verification is sent and recorded, collection of what is disputed stops.',
  [creditorSource]:
    'The original creditor’s name and address were asked for. Until they are sent and recorded, collection stops.',
};

async function hold(
  ctx: Ctx,
  reply: NoticeReply,
  reason: 'dispute' | 'query',
  effects: readonly HoldEffect[] | null,
  source: string,
): Promise<Result<Id<'hold'>[], 'item_not_of_account'>> {
  if (effects === null) return ok([]);
  const items = reason === 'dispute' && reply.disputedItemIds.length > 0 ? reply.disputedItemIds : null;
  const placed = await placeHold(ctx, {
    ...(items === null
      ? { coverage: 'account', accountId: reply.accountId }
      : { coverage: 'items', accountId: reply.accountId, itemIds: items }),
    reason,
    effects,
    note: notes[source],
    source: { kind: source, id: reply.id },
  });
  if (placed.ok) return ok([placed.value.holdId]);
  if (placed.code === 'item_not_of_account') return refuse('item_not_of_account', placed.detail);
  throw new Error(placed.detail);
}

/** What a reply asked for was sent: recorded, and what the request stopped is released. Refuses as `recordAnswer` does. */
export async function answerReply(ctx: Ctx, input: NewAnswer): Promise<ReturnType<typeof recordAnswer>> {
  await lockWithPersons(ctx, [input.accountId]);
  const recorded = await recordAnswer(ctx, input);
  if (!recorded.ok) return recorded;
  const source = input.kind === 'original_creditor' ? creditorSource : disputeSource;
  const held = await liveHolds(ctx, { accountId: recorded.value.reply.accountId });
  await releaseHolds(
    ctx,
    held.filter((one) => one.sourceKind === source && one.sourceId === input.replyId).map((one) => one.id),
    `answered: ${input.kind.replace('_', ' ')} sent on ${input.sentOn}`,
  );
  return recorded;
}

/**
 * A notice came back: it was not given, the address it went to is not used again, and what was planned is void. Refuses as `recordReturn` does.
 */
export async function takeReturn(
  ctx: Ctx,
  input: { readonly noticeId: string; readonly on: CalendarDate; readonly reason: string },
): Promise<ReturnType<typeof recordReturn>> {
  const about = await findNotice(ctx, input.noticeId);
  if (about === null) return refuse('notice_not_found', 'There is no such notice.');
  await lockWithPersons(ctx, [about.accountId]);
  const returned = await recordReturn(ctx, input);
  if (!returned.ok) return returned;
  await setContactQuality(ctx, about.contactPointId as Id<'contact_point'>, 'bounced');
  await refreshParty(ctx, about.partyId, { stop: true });
  await reportEventOfParty(ctx, 'bounce', about.partyId, about.contactPointId);
  return returned;
}
