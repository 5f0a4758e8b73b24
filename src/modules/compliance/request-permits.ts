import { localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { decide, type Decision, judgeOf } from './decide.ts';
import type { EventFact, GateFacts } from './gate-facts.ts';
import { type Gated, inOrder, loadGateFacts, loadRuleBook } from './load-gate-facts.ts';
import { isLifted, type Override, overridesFor, spendOverrides } from './overrides.ts';
import { type Answer, issuePermit } from './permit.ts';
import { insertPermits, insertUses, type NewPermit, type NewUse } from './permits.sql.ts';
import type { Proposal } from './proposal.ts';
import { insertEntries, type NewEntry } from './register.sql.ts';

/**
 * Decides a batch of proposals in order and stores every answer. An allowed act's permit is spent and its contact reserved in
 * the same transaction, so that two senders can never both place the last contact a cap leaves; later proposals of the batch
 * see the earlier ones. The caller must hold the locks of the clusters and accounts concerned (clusters first, each in id
 * order). Throws when a party, client or account does not exist.
 */
export async function requestPermits(ctx: Ctx, proposals: readonly Proposal[]): Promise<Answer[]> {
  const book = await loadRuleBook(ctx);
  const gated = await loadGateFacts(ctx, proposals);
  const packVersions = canonicalJson(book.versions);
  const reserved: { readonly root: string; readonly contact: EventFact }[] = [];
  const written = { permits: [] as NewPermit[], uses: [] as NewUse[], entries: [] as NewEntry[] };
  const answers: Answer[] = [];
  for (const one of gated) {
    const earlier = reserved.flatMap(({ root, contact }) => seenBy(one, root, contact));
    const facts =
      earlier.length === 0 ? one.facts : { ...one.facts, events: inOrder([...one.facts.events, ...earlier]) };
    const judge = judgeOf(facts, one.proposal, book, ctx.at);
    const decision = judge(ctx.at);
    const [override = null] = await overridesFor(ctx, [{ proposal: one.proposal, decision }], ctx.at);
    const allowed = decision.decision === 'allow' || override !== null;
    const opens = (answer: Decision) =>
      answer.decision === 'allow' || (override !== null && isLifted(override, answer));
    const validUntil = allowed ? closingAfter((instant) => opens(judge(instant)), ctx.at) : ctx.at;
    const permit = permitRow({ ...one, facts }, decision, { packVersions, validUntil, override });
    written.permits.push(permit);
    if (permit.decision === 'allow') {
      written.uses.push({ permitId: permit.id, actKind: one.proposal.actKind, actId: one.proposal.actId });
      const entry = entryOf({ ...one, facts }, permit.id, ctx.at, 'reserved');
      written.entries.push(entry);
      reserved.push({ root: facts.person.clusterId, contact: contactOf(entry, one) });
    }
    // At once: a later act of the batch must not find it unspent.
    if (override) await spendOverrides(ctx, [{ overrideId: override.id, permitId: permit.id }]);
    answers.push(answerOf(permit, one.proposal, decision));
  }
  await insertPermits(ctx, written.permits);
  await insertUses(ctx, written.uses);
  await insertEntries(ctx, written.entries);
  return answers;
}

/** An act of the batch as a later one sees it: its own person's, somebody else's at the same address, or nothing to it. */
function seenBy({ proposal, facts }: Gated, root: string, contact: EventFact): EventFact[] {
  if (root === facts.person.clusterId) return [contact];
  const shared = proposal.addressKey !== null && proposal.addressKey === contact.addressKey;
  return shared ? [{ ...contact, personId: root }] : [];
}

/** A decision nobody acted on; with an approved override it is allowed, and the reasons are those the override lifts. */
export type Preview = Decision & { readonly overrideId: string | null };

/**
 * The same decisions without writing anything: what the screen shows before somebody picks up the telephone. `at` asks what the
 * answer was a moment ago, by what is known now.
 */
export async function previewPermits(ctx: Ctx, proposals: readonly Proposal[], at: Date = ctx.at): Promise<Preview[]> {
  const book = await loadRuleBook(ctx);
  const gated = await loadGateFacts(ctx, proposals, at);
  const judged = gated.map(({ facts, proposal }) => ({ proposal, decision: decide(facts, proposal, book, at) }));
  const overrides = await overridesFor(ctx, judged, at);
  return judged.map(({ decision }, i) => {
    const override = overrides[i];
    return override
      ? { ...decision, decision: 'allow', notBefore: null, overrideId: override.id }
      : { ...decision, overrideId: null };
  });
}

function answerOf(row: NewPermit, proposal: Proposal, decision: Decision): Answer {
  const { actId, addressKey } = proposal;
  return {
    permitId: row.id,
    actId,
    decision: row.decision,
    reasons: decision.reasons,
    overrideId: row.overrideId,
    notBefore: row.notBefore,
    permit:
      row.decision === 'allow'
        ? issuePermit({ permitId: row.id, actId, addressKey, validUntil: row.validUntil })
        : null,
  };
}

export function permitRow(
  { proposal, facts, birthClusterId }: Gated,
  decision: Decision,
  judged: { readonly packVersions: string; readonly validUntil: Date; readonly override?: Override | null },
): NewPermit {
  const text = canonicalJson(facts);
  const override = judged.override ?? null;
  const allowed = decision.decision === 'allow' || override !== null;
  return {
    id: newId(),
    decision: allowed ? 'allow' : decision.decision,
    act: proposal.act,
    channel: proposal.channel,
    clusterId: birthClusterId,
    partyId: proposal.partyId,
    accountId: proposal.accountIds[0],
    clientId: proposal.clientId,
    addressKey: proposal.addressKey,
    proposal: canonicalJson(proposal),
    factsSha256: Buffer.from(sha256Hex(text), 'hex'),
    facts: text,
    reasons: canonicalJson(decision.reasons),
    ruleIds: [...new Set(decision.reasons.map((reason) => reason.ruleId))],
    packVersions: judged.packVersions,
    notBefore: allowed ? null : decision.notBefore,
    validUntil: judged.validUntil,
    overrideId: override?.id ?? null,
  };
}

const minuteMs = 60_000;
const longestMinutes = 5;

/** Five minutes, or less when the window closes before. */
export function closingAfter(open: (instant: Date) => boolean, at: Date): Date {
  const ahead = (minutes: number) => new Date(at.getTime() + minutes * minuteMs);
  if (open(ahead(longestMinutes))) return ahead(longestMinutes);
  let minutes = 0;
  while (minutes < longestMinutes - 1 && open(ahead(minutes + 1))) minutes += 1;
  return ahead(minutes);
}

/** The person's own day; the client's where the person's zone is unknown, which only a record after the fact can meet. */
export function localDayOf(facts: GateFacts, at: Date): string {
  return localDateOf(at, (facts.person.zones[0] ?? facts.client.timeZone) as TimeZone);
}

export function entryOf(
  gated: Gated,
  permitId: string | null,
  effectiveAt: Date,
  status: 'reserved' | 'counted',
): NewEntry {
  const { proposal, facts, birthClusterId } = gated;
  return {
    adjustsId: null,
    status,
    direction: 'out',
    channel: proposal.channel,
    clusterId: birthClusterId,
    partyId: proposal.partyId,
    accountId: proposal.accountIds[0],
    clientId: proposal.clientId,
    addressKey: proposal.addressKey,
    conversation: false,
    permitId,
    actKind: proposal.actKind,
    actId: proposal.actId,
    localOn: localDayOf(facts, effectiveAt),
    effectiveAt,
    reason: null,
    detail: detailOf(proposal, facts),
  };
}

// How the act is told apart from others of its channel by rules that count; what became of it is added when it is settled.
function detailOf(proposal: Proposal, facts: GateFacts): NewEntry['detail'] {
  const { purpose, dialMode, inReplyTo } = proposal;
  const { place, lineType } = facts.address ?? {};
  return {
    ...(purpose !== 'collect' && { kind: purpose }),
    ...(dialMode !== undefined && { dialMode }),
    ...(inReplyTo && { inReplyTo }),
    ...(place && { place }),
    ...(lineType && { lineType }),
  };
}

export function contactOf(entry: NewEntry, { proposal, facts }: Gated): EventFact {
  return {
    ...entry.detail,
    type: 'contact',
    direction: 'out',
    channel: entry.channel,
    automatic: proposal.act === 'automatic_message',
    clientId: entry.clientId,
    debtIds: [entry.accountId],
    ...(entry.addressKey !== null && { addressKey: entry.addressKey }),
    ...(facts.recipient.role !== 'consumer' && { personId: facts.recipient.id }),
    localOn: entry.localOn,
    at: entry.effectiveAt.toISOString(),
  };
}
