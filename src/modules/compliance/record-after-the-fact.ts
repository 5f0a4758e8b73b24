import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { type Decision, judgeOf } from './decide.ts';
import { openIncident } from './incidents.ts';
import { type Gated, loadGateFacts, loadRuleBook } from './load-gate-facts.ts';
import { insertPermits, insertUses } from './permits.sql.ts';
import type { Channel, Proposal } from './proposal.ts';
import { insertEntries } from './register.sql.ts';
import { closingAfter, entryOf, permitRow } from './request-permits.ts';

/** Something that has already happened to a person. */
export type PastAct = {
  readonly judgedAs: 'manual_message' | 'manual_call';
  readonly channel: Channel;
  readonly partyId: string;
  readonly clientId: string;
  readonly accountIds: readonly [string, ...string[]];
  readonly contactPointId: string | null;
  readonly addressKey: string | null;
  readonly actKind: 'message' | 'call';
  readonly actId: string;
  readonly effectiveAt: Date;
  readonly conversation: boolean;
};

export type Recorded = { readonly permitId: string; readonly incidentId: string | null; readonly decision: Decision };

/**
 * Writes down a contact nobody asked leave for. It is never refused as a record: it counts, and when the rules say it should
 * not have happened an incident is opened. The caller holds the locks of cluster and accounts. Refuses: `in_the_future`.
 */
export async function recordAfterTheFact(ctx: Ctx, act: PastAct): Promise<Result<Recorded, 'in_the_future'>> {
  if (act.effectiveAt > ctx.at) {
    return refuse(
      'in_the_future',
      `${act.effectiveAt.toISOString()} has not come yet; enter when the contact took place.`,
      {
        effectiveAt: 'This instant lies in the future.',
      },
    );
  }
  const { effectiveAt, conversation, ...rest } = act;
  const proposal: Proposal = {
    ...rest,
    act: 'recorded_after',
    purpose: 'collect',
    content: {},
    effectiveAt: effectiveAt.toISOString(),
  };
  const gated = await gateAsOf(ctx, proposal, effectiveAt);
  const book = await loadRuleBook(ctx);
  const judge = judgeOf(gated.facts, proposal, book, effectiveAt);
  const decision = judge(effectiveAt);
  const allowed = decision.decision === 'allow';
  const permit = permitRow(gated, decision, {
    packVersions: canonicalJson(book.versions),
    validUntil: allowed ? closingAfter((instant) => judge(instant).decision === 'allow', ctx.at) : ctx.at,
  });
  await insertPermits(ctx, [permit]);
  if (allowed) await insertUses(ctx, [{ permitId: permit.id, actKind: act.actKind, actId: act.actId }]);
  await insertEntries(ctx, [
    { ...entryOf(gated, permit.id, effectiveAt, 'counted'), conversation, reason: 'Recorded after it happened.' },
  ]);
  const incidentId = allowed ? null : await openIncident(ctx, breach(gated, permit.id, decision, act));
  return ok({ permitId: permit.id, incidentId, decision });
}

// Later contacts did not exist yet when this one took place.
async function gateAsOf(ctx: Ctx, proposal: Proposal, effectiveAt: Date): Promise<Gated> {
  const [gated] = await loadGateFacts(ctx, [proposal], effectiveAt);
  if (gated === undefined) throw new Error('No facts came back for the act');
  const events = gated.facts.events.filter((event) => Date.parse(event.at) <= effectiveAt.getTime());
  return { ...gated, facts: { ...gated.facts, events } };
}

function breach(gated: Gated, permitId: string, decision: Decision, act: PastAct): Parameters<typeof openIncident>[1] {
  return {
    kind: 'contact_against_rules',
    accountId: act.accountIds[0],
    clusterId: gated.birthClusterId,
    permitId,
    actId: act.actId,
    summary: `A ${act.channel} contact took place that the rules did not allow: ${decision.reasons.map((reason) => reason.sentence).join(' ')}`,
    detail: { ruleIds: decision.reasons.map((reason) => reason.ruleId), effectiveAt: act.effectiveAt.toISOString() },
    effectiveAt: act.effectiveAt,
  };
}

/** The person wrote or called: counted, needs no leave. A conversation starts the cool-down whoever began it. */
export async function recordInbound(ctx: Ctx, act: Omit<PastAct, 'judgedAs'>): Promise<Result<void, 'in_the_future'>> {
  if (act.effectiveAt > ctx.at)
    return refuse(
      'in_the_future',
      `${act.effectiveAt.toISOString()} has not come yet; enter when the contact took place.`,
    );
  const { effectiveAt, conversation, ...rest } = act;
  const gated = await gateAsOf(ctx, { ...rest, act: 'recorded_after', purpose: 'collect', content: {} }, effectiveAt);
  await insertEntries(ctx, [{ ...entryOf(gated, null, effectiveAt, 'counted'), direction: 'in', conversation }]);
  return ok();
}
