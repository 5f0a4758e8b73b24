import type { Actor, Ctx } from '../kernel/ctx.ts';
import { failpoint } from '../kernel/failpoint.ts';
import type { Id, TenantId } from '../kernel/ids.ts';
import { lockWithPersons, refreshFacts, refreshParty, reportEventOfParty } from '../modules/accounts/public.ts';
import { settleRegister } from '../modules/compliance/public.ts';
import { actIn, type Installation } from '../modules/identity/public.ts';
import {
  capture,
  commitHandedOver,
  type Envelope,
  openSettings,
  type Outcome,
  recordOutcomes,
  type Sender,
  smtpTransport,
  type Transport,
  unsubscribeUrl,
  voidSending,
} from '../modules/outreach/public.ts';
import { setContactQuality } from '../modules/parties/public.ts';
import { markPlans, releasePlans } from '../modules/strategy/public.ts';
import type { Cleared } from './pass-gate.ts';

/** An installation that knows the address its links lead to. */
export type Mailing = Installation & { readonly config: { readonly publicUrl: string } };

export type HandedOver = { readonly messageId: string; readonly state: 'sent' | 'failed' | 'uncertain' | 'void' };

// At most this many messages can become uncertain when the process dies.
const connections = 4;
const attemptsBeforeGivingUp = 3;
const retryAfterMs = 30 * 60_000;

/** Hands cleared messages to their providers and writes down what became of each. */
export async function handOver(
  mailing: Mailing,
  tenant: TenantId,
  actor: Actor,
  cleared: readonly Cleared[],
): Promise<HandedOver[]> {
  const captured = cleared.filter((one) => one.rendered.sender.mode === 'capture');
  const mailed = cleared.filter((one) => one.rendered.sender.mode === 'smtp');
  const done = captured.length === 0 ? [] : await actIn(mailing, tenant, actor, (ctx) => captureAll(ctx, captured));
  const waiting = [...mailed];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      done.push(await mailOne(mailing, tenant, actor, one));
  };
  await Promise.all(Array.from({ length: Math.min(connections, mailed.length) }, work));
  return done;
}

const permitExpired = 'the permit expired before it was handed over';
const stoppedSince = 'stopped before it was handed over';

const accountsOf = (cleared: readonly Cleared[]) =>
  [...new Set(cleared.flatMap((one) => one.rendered.order.accountIds))].sort() as Id<'account'>[];

async function captureAll(ctx: Ctx, cleared: readonly Cleared[]): Promise<HandedOver[]> {
  await lockWithPersons(ctx, accountsOf(cleared));
  const expired = cleared.filter((one) => one.permit.validUntil < ctx.at);
  const live = cleared.filter((one) => !expired.includes(one));
  const given = await capture(
    ctx,
    live.map((one) => one.permit.actId),
  );
  const sent = cleared.filter((one) => given.has(one.permit.actId));
  await settleRegister(
    ctx,
    sent.map((one) => ({ actId: one.permit.actId, status: 'counted', reason: 'captured' })),
  );
  await markPlans(
    ctx,
    sent.flatMap((one) => one.planIds),
    'sent',
    'captured',
  );
  await refreshFacts(ctx, { accountIds: accountsOf(sent) });
  const stopped = live.filter((one) => !given.has(one.permit.actId));
  return [
    ...sent.map((one) => ({ messageId: one.permit.actId, state: 'sent' as const })),
    ...(await giveUp(ctx, stopped, stoppedSince)),
    ...(await giveUp(ctx, expired, permitExpired)),
  ];
}

/** Voids messages nobody has been told of, frees their register entries, and gives their plans back. */
async function giveUp(ctx: Ctx, cleared: readonly Cleared[], reason: string): Promise<HandedOver[]> {
  if (cleared.length === 0) return [];
  const voided = await voidSending(
    ctx,
    cleared.map((one) => one.permit.actId),
    reason,
  );
  await settleRegister(
    ctx,
    [...voided].map((actId) => ({ actId, status: 'released', reason })),
  );
  await releasePlans(
    ctx,
    cleared.filter((one) => voided.has(one.permit.actId)).flatMap((one) => one.planIds),
    reason,
  );
  return [...voided].map((messageId) => ({ messageId, state: 'void' as const }));
}

async function mailOne(mailing: Mailing, tenant: TenantId, actor: Actor, one: Cleared): Promise<HandedOver> {
  const messageId = one.permit.actId;
  const begun = await actIn(mailing, tenant, actor, async (ctx) => {
    if (one.permit.validUntil < ctx.at) return permitExpired;
    const moved = await commitHandedOver(ctx, [messageId]);
    return moved.has(messageId)
      ? { transport: transportOf(ctx, one.rendered.sender), envelope: envelopeOf(mailing, ctx, one) }
      : stoppedSince;
  });
  if (typeof begun === 'string') {
    // In a transaction of its own: persons and accounts are locked before messages, never after.
    await actIn(mailing, tenant, actor, async (ctx) => {
      await lockWithPersons(ctx, accountsOf([one]));
      await giveUp(ctx, [one], begun);
    });
    return { messageId, state: 'void' };
  }
  failpoint('after-handed-over-commit');
  const outcome = await begun.transport(begun.envelope);
  failpoint('after-smtp-before-record');
  await actIn(mailing, tenant, actor, (ctx) => recordOne(ctx, one, outcome));
  failpoint('after-record');
  return { messageId, state: outcome.kind };
}

function transportOf(ctx: Ctx, sender: Sender): Transport {
  return smtpTransport(openSettings(ctx, sender));
}

function envelopeOf(mailing: Mailing, ctx: Ctx, { rendered, permit }: Cleared): Envelope {
  const { sender, recipient, words, order } = rendered;
  return {
    messageId: permit.actId,
    messageIdHeader: rendered.messageIdHeader,
    fromName: sender.fromName,
    fromAddress: sender.fromAddress,
    replyTo: sender.replyTo,
    recipient: recipient.address,
    subject: words.subject,
    text: words.text,
    html: words.html,
    automatic: order.automatic,
    unsubscribeUrl: unsubscribeUrl(mailing.vault, mailing.config.publicUrl, ctx.tenant, permit.actId),
    date: ctx.at,
  };
}

async function recordOne(ctx: Ctx, one: Cleared, outcome: Outcome): Promise<void> {
  const actId = one.permit.actId;
  await lockWithPersons(ctx, accountsOf([one]));
  const moved = await recordOutcomes(ctx, [{ messageId: actId, outcome }]);
  if (!moved.has(actId)) return;
  if (outcome.kind === 'sent') {
    await settleRegister(ctx, [{ actId, status: 'counted', reason: 'accepted by the provider' }]);
    if (one.planIds.length > 0) await markPlans(ctx, one.planIds, 'sent', 'accepted by the provider');
  } else if (outcome.kind === 'failed') {
    await settleRegister(ctx, [{ actId, status: 'released', reason: outcome.answer }]);
    await afterFailure(ctx, one, outcome);
    if (outcome.badMailbox) await markBounced(ctx, one.rendered.recipient);
  } else if (one.planIds.length > 0) {
    await markPlans(ctx, one.planIds, 'uncertain', outcome.answer);
  }
  await refreshFacts(ctx, { accountIds: accountsOf([one]) });
}

/** The mailbox is of no use any more: what was planned for it, about any account of the party, is void. */
async function markBounced(ctx: Ctx, { contactPointId, partyId }: Cleared['rendered']['recipient']): Promise<void> {
  await setContactQuality(ctx, contactPointId as Id<'contact_point'>, 'bounced');
  await refreshParty(ctx, partyId as Id<'party'>, { stop: true });
  await reportEventOfParty(ctx, 'bounce', partyId as Id<'party'>, contactPointId);
}

/** A passing failure is tried again later, as a new act with a new permit; the third one, or a final no, ends the plan. */
async function afterFailure(ctx: Ctx, one: Cleared, outcome: Extract<Outcome, { kind: 'failed' }>): Promise<void> {
  if (one.planIds.length === 0) return;
  if (!outcome.transient) return void (await markPlans(ctx, one.planIds, 'failed', outcome.answer));
  const back = await releasePlans(ctx, one.planIds, outcome.answer, {
    notBefore: new Date(ctx.at.getTime() + retryAfterMs),
    tried: true,
  });
  const trying = new Set(
    back.filter((plan) => plan.attempts < attemptsBeforeGivingUp).map((plan) => plan.id as string),
  );
  // Those not given back had been given up as uncertain; now it is known that nothing arrived, and the next run plans anew.
  const ended = one.planIds.filter((id) => !trying.has(id));
  if (ended.length > 0) await markPlans(ctx, ended, 'failed', outcome.answer);
}
