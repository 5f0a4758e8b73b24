import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type DebtRow, findDebt } from './describe-debt.ts';
import { type LimitationRegime, limitationRegimes } from './computations/limitation.ts';
import type { CollectorType } from './gate-facts.ts';
import { aboutAccount } from './list-clocks.ts';
import { loadGateFacts, loadRuleBook } from './load-gate-facts.ts';
import { type OpenClock, openClocks } from './open-clocks.ts';
import { type Standing, standing } from './standing.ts';

export type LegalEventShown = {
  readonly id: string;
  readonly type: string;
  readonly accountIds: string[] | null;
  readonly addressKey: string | null;
  readonly detail: Record<string, unknown>;
  readonly sourceKind: string;
  readonly note: string | null;
  readonly effectiveAt: Date;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};
export type ConsentShown = {
  readonly id: string;
  readonly giver: string;
  readonly recipientKind: string;
  readonly clientName: string | null;
  readonly accountId: string | null;
  readonly channel: string;
  readonly addressKey: string | null;
  readonly scope: string;
  readonly detail: Record<string, unknown>;
  readonly evidence: Record<string, unknown>;
  readonly effectiveFrom: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revocation: Record<string, unknown> | null;
};
export type WishShown = {
  readonly id: string;
  readonly kind: string;
  readonly channel: string | null;
  readonly addressKey: string | null;
  readonly detail: Record<string, unknown>;
  readonly sourceKind: string;
  readonly effectiveFrom: Date;
  readonly endedAt: Date | null;
};
export type LegalPicture = {
  readonly collector: CollectorType;
  readonly jurisdictions: readonly string[];
  readonly standing: readonly Standing[];
  readonly clocks: readonly OpenClock[];
  readonly events: readonly LegalEventShown[];
  readonly consents: readonly ConsentShown[];
  readonly wishes: readonly WishShown[];
  readonly debt: DebtRow | null;
  readonly regimes: readonly LimitationRegime[];
  readonly debts: readonly { readonly id: string; readonly number: string }[];
};

/** The newest rows of each list that are shown. */
const mostShown = 200;

/**
 * Everything the law weighs about the person who owes on an account, and what follows from it for this account; null when there is no
 * such account. `clientIds`: the clients the asker may see, null for all; what is only about debts of others is left out.
 */
export async function legalPicture(
  ctx: Ctx,
  accountId: string,
  clientIds: readonly string[] | null,
): Promise<LegalPicture | null> {
  const { rows } = await sql<{ account_id: string; party_id: string; client_id: string; root_id: string }>`
    select a.id as account_id, a.party_id, a.client_id, c.root_id from accounts.accounts_v a
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = a.cluster_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  const [account] = rows;
  if (account === undefined) return null;
  const [gated] = await loadGateFacts(ctx, [aboutAccount(account)], ctx.at, 400 * 86_400_000);
  if (gated === undefined) throw new Error(`No facts came back for account ${accountId}`);
  const { facts, proposal } = gated;
  const book = await loadRuleBook(ctx);
  const debts = await selectDebts(ctx, account.root_id, clientIds);
  const seen = debts.map((one) => one.id);
  const on = ctx.at.toISOString().slice(0, 10);
  return {
    collector: facts.collector,
    jurisdictions: facts.jurisdictions,
    standing: standing(facts, proposal, book, ctx.at),
    clocks: openClocks(facts, proposal, book, ctx.at),
    events: await selectEvents(ctx, account.root_id, seen),
    consents: await selectConsents(ctx, account.root_id, seen, clientIds),
    wishes: await selectWishes(ctx, account.root_id),
    debt: await findDebt(ctx, accountId),
    regimes: limitationRegimes(book, on).filter((one) => isNear(one.jurisdiction, facts.jurisdictions)),
    debts,
  };
}

// The periods of the person's country: which state's law governs a contract is for a person to say.
const isNear = (jurisdiction: string, codes: readonly string[]) =>
  codes.some((code) => code.split('-')[0] === jurisdiction.split('-')[0]);

async function selectDebts(ctx: Ctx, root: string, clientIds: readonly string[] | null) {
  const { rows } = await sql<{ id: string; number: string }>`
    select a.id, a.number from parties.clusters_v c
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = ${root}
      and (${clientIds === null} or a.client_id = any(${[...(clientIds ?? [])]}::uuid[]))
    order by a.number, a.id limit ${mostShown}`.execute(ctx.db);
  return rows;
}

async function selectEvents(ctx: Ctx, root: string, seen: readonly string[]): Promise<LegalEventShown[]> {
  const { rows } = await sql<LegalEventShown>`
    select e.id, e.type, e.address_key as "addressKey", e.detail, e.source_kind as "sourceKind", e.note, e.effective_at as "effectiveAt",
      e.recorded_by as "recordedBy", e.recorded_at as "recordedAt",
      case when e.account_ids is not null then array(select x from unnest(e.account_ids) x where x = any(${[...seen]}::uuid[])) end as "accountIds"
    from parties.clusters_v c
    join compliance.legal_events e on e.tenant_id = ${ctx.tenant} and e.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = ${root}
      and (e.account_ids is null or e.account_ids && ${[...seen]}::uuid[])
    order by e.effective_at desc, e.id desc limit ${mostShown}`.execute(ctx.db);
  return rows;
}

async function selectConsents(
  ctx: Ctx,
  root: string,
  seen: readonly string[],
  clientIds: readonly string[] | null,
): Promise<ConsentShown[]> {
  const { rows } = await sql<ConsentShown>`
    select n.id, p.name as giver, n.recipient_kind as "recipientKind", k.name as "clientName", n.account_id as "accountId", n.channel,
      n.address_key as "addressKey", n.scope, n.detail, n.evidence, n.effective_from as "effectiveFrom", n.expires_at as "expiresAt",
      n.revoked_at as "revokedAt", n.revocation
    from parties.clusters_v c
    join compliance.consents n on n.tenant_id = ${ctx.tenant} and n.cluster_id = c.id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = n.giver_party_id
    left join accounts.clients_v k on k.tenant_id = ${ctx.tenant} and k.id = n.client_id
    where c.tenant_id = ${ctx.tenant} and c.root_id = ${root}
      and (n.account_id is null or n.account_id = any(${[...seen]}::uuid[]))
      and (${clientIds === null} or n.client_id is null or n.client_id = any(${[...(clientIds ?? [])]}::uuid[]))
    order by n.effective_from desc, n.id desc limit ${mostShown}`.execute(ctx.db);
  return rows;
}

async function selectWishes(ctx: Ctx, root: string): Promise<WishShown[]> {
  const { rows } = await sql<WishShown>`
    select w.id, w.kind, w.channel, w.address_key as "addressKey", w.detail, w.source_kind as "sourceKind", w.effective_from as "effectiveFrom",
      w.ended_at as "endedAt"
    from parties.clusters_v c
    join compliance.preferences w on w.tenant_id = ${ctx.tenant} and w.cluster_id = c.id
    where c.tenant_id = ${ctx.tenant} and c.root_id = ${root}
    order by w.effective_from desc, w.id desc limit ${mostShown}`.execute(ctx.db);
  return rows;
}
