import type { Actor } from '../kernel/ctx.ts';
import { failpoint } from '../kernel/failpoint.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { actIn } from '../modules/identity/public.ts';
import {
  type Draft,
  draftNotices,
  type NoticeLevel,
  type NoticeOrder,
  renderDraft,
  unsubscribeUrl,
} from '../modules/outreach/public.ts';
import { tidyAfterStops } from './rank-work.ts';
import { type DuePlan, listDuePlans } from '../modules/strategy/public.ts';
import { type HandedOver, handOver, type Mailing } from './hand-over.ts';
import { type Gated, type Letter, passGate } from './pass-gate.ts';
import { type Ages, recoverSends, usualAges } from './recover-sends.ts';

/** How many messages ended in each way; `overtaken` ones are counted again when they are written anew. */
export type SendCounts = Record<
  | 'sent'
  | 'failed'
  | 'uncertain'
  | 'denied'
  | 'deferred'
  | 'void'
  | 'overtaken'
  | 'recovered_void'
  | 'recovered_uncertain',
  number
>;

export type SendOptions = { readonly batchSize?: number; readonly ages?: Ages; readonly stop?: AbortSignal };

const usualBatch = 200;

/**
 * Sends every notice that is planned and due at the tenant's instant, in batches: reads and renders outside any lock, asks the
 * gate in one short transaction, hands over, records. May be killed anywhere and run by several processes at once: no message
 * leaves twice.
 */
export async function sendDue(
  mailing: Mailing,
  tenant: TenantId,
  actor: Actor,
  options: SendOptions = {},
): Promise<SendCounts> {
  const counts: SendCounts = {
    sent: 0,
    failed: 0,
    uncertain: 0,
    denied: 0,
    deferred: 0,
    void: 0,
    overtaken: 0,
    recovered_void: 0,
    recovered_uncertain: 0,
  };
  const recovered = await recoverSends(mailing, tenant, actor, options.ages ?? usualAges);
  counts.recovered_void = recovered.voided;
  counts.recovered_uncertain = recovered.uncertain;
  await actIn(mailing, tenant, actor, tidyAfterStops);
  const seen = new Map<string, number>();
  while (!options.stop?.aborted) {
    const letters = await claimAndWrite(mailing, tenant, actor, options.batchSize ?? usualBatch);
    // A plan that comes back a third time is being changed faster than it can be written; the next tick looks again.
    const fresh = letters.filter((letter) => letter.plans.every((plan) => (seen.get(plan.id) ?? 0) < 2));
    if (fresh.length === 0) return counts;
    for (const plan of fresh.flatMap((letter) => letter.plans)) seen.set(plan.id, (seen.get(plan.id) ?? 0) + 1);
    const { cleared, gated } = await actIn(mailing, tenant, actor, (ctx) => passGate(ctx, fresh));
    failpoint('after-sending-commit');
    tally(counts, gated, await handOver(mailing, tenant, actor, cleared));
  }
  return counts;
}

function tally(counts: SendCounts, gated: readonly Gated[], handedOver: readonly HandedOver[]): void {
  for (const { fate } of gated) {
    if (fate === 'crowded') counts.deferred += 1;
    else if (fate === 'refused') counts.denied += 1;
    else if (fate !== 'cleared') counts[fate] += 1;
  }
  for (const { state } of handedOver) counts[state] += 1;
}

async function claimAndWrite(mailing: Mailing, tenant: TenantId, actor: Actor, limit: number): Promise<Letter[]> {
  const claimed = await actIn(mailing, tenant, actor, async (ctx) => {
    const orders = ordersOf(whole(await listDuePlans(ctx, ctx.at, limit), limit));
    const drafts = await draftNotices(
      ctx,
      orders.map((one) => one.order),
    );
    return drafts.map((draft, index) => ({ draft, plans: orders[index]?.plans ?? [] }));
  });
  failpoint('after-claim');
  const letters = claimed.map(({ draft, plans }) => ({ draft, plans, rendered: write(mailing, tenant, draft) }));
  failpoint('after-render');
  return letters;
}

// A full batch may end in the middle of a party; its rest would come too late for the one notice of the day.
function whole(plans: readonly DuePlan[], limit: number): readonly DuePlan[] {
  const last = plans.at(-1);
  if (plans.length < limit || last === undefined) return plans;
  const complete = plans.filter((plan) => plan.partyId !== last.partyId || plan.clientId !== last.clientId);
  return complete.length === 0 ? plans : complete;
}

/** One notice per party and client, whatever number of accounts and plans it has; the furthest level sets the tone. */
export function ordersOf(plans: readonly DuePlan[]): { order: NoticeOrder; plans: DuePlan[] }[] {
  return [...Map.groupBy(plans, (plan) => `${plan.partyId}/${plan.clientId}`).values()].map((together) => {
    const [first, ...rest] = [...new Set(together.map((plan) => plan.accountId as string))].sort();
    if (first === undefined) throw new Error('A group of plans is never empty');
    const level = Math.max(...together.map((plan) => plan.level)) as NoticeLevel;
    return {
      order: {
        messageId: newId(),
        accountIds: [first, ...rest],
        automatic: true,
        level,
        comment: null,
        contactPointId: null,
      },
      plans: together,
    };
  });
}

/** The draft in words, or null when there is nobody to write to. */
export function write(mailing: Pick<Mailing, 'vault' | 'config'>, tenant: TenantId, draft: Draft): Letter['rendered'] {
  if (draft.recipient === null) return null;
  return renderDraft(
    { ...draft, recipient: draft.recipient },
    unsubscribeUrl(mailing.vault, mailing.config.publicUrl, tenant, draft.order.messageId),
  );
}
