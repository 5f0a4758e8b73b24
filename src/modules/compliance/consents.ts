import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { raiseStopEpochsOfCluster } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { lockRootsOf } from '../parties/public.ts';
import { consentScopes } from './event-facts.ts';
import type { EventValue } from './gate-facts.ts';
import { clusterOf } from './preferences.ts';
import type { Channel } from './proposal.ts';

export type NewConsent = {
  readonly giverPartyId: string;
  readonly recipientKind: 'tenant' | 'client' | 'prior_collector';
  readonly clientId: string | null;
  readonly accountId: string | null;
  readonly channel: Channel;
  readonly addressKey: string | null;
  /** One of `consentScopes`. */
  readonly scope: string;
  /** What it is limited to: agreed hours (`weekdays`, `from`, `to`), a day (`validOn`), a last day (`through`). */
  readonly detail?: Readonly<Record<string, EventValue>>;
  /** How it can be proved: words used, document, recording. */
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly effectiveFrom: Date;
  readonly expiresAt: Date | null;
};

/** Writes down a consent with its evidence. Refuses: `not_found`; `unknown_scope` by name; `needs_evidence` when there is none; `in_the_future`. */
export async function recordConsent(
  ctx: Ctx,
  given: NewConsent,
): Promise<Result<{ consentId: string }, 'not_found' | 'unknown_scope' | 'needs_evidence' | 'in_the_future'>> {
  if (!consentScopes.includes(given.scope))
    return refuse('unknown_scope', `No consent is "${given.scope.slice(0, 40)}"; choose ${consentScopes.join(', ')}.`, {
      scope: 'Choose one from the list.',
    });
  if (Object.keys(given.evidence).length === 0)
    return refuse('needs_evidence', 'Say how this consent can be proved.', { evidence: 'Evidence is needed.' });
  if (given.effectiveFrom > ctx.at) return refuse('in_the_future', 'A consent cannot have been given in the future.');
  const clusterId = await clusterOf(ctx, given.giverPartyId);
  if (clusterId === null) return refuse('not_found', `There is no party ${given.giverPartyId}.`);
  const consentId = newId<'consent'>();
  await sql`insert into compliance.consents (tenant_id, id, giver_party_id, cluster_id, recipient_kind, client_id, account_id, channel, address_key,
      scope, detail, evidence, effective_from, expires_at, recorded_at)
    values (${ctx.tenant}, ${consentId}, ${given.giverPartyId}, ${clusterId}, ${given.recipientKind}, ${given.clientId}, ${given.accountId},
      ${given.channel}, ${given.addressKey}, ${given.scope}, ${JSON.stringify(given.detail ?? {})}::jsonb, ${JSON.stringify(given.evidence)}::jsonb, ${given.effectiveFrom}, ${given.expiresAt},
      ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'consent.recorded',
    subjectKind: 'party',
    subjectId: given.giverPartyId,
    detail: { consentId, channel: given.channel },
  });
  return ok({ consentId });
}

/**
 * The giver takes a consent back, in force at once: it locks the person and what was planned on the strength of it is void.
 * Refuses: `not_found`, `already_revoked`.
 */
export async function revokeConsent(
  ctx: Ctx,
  input: { readonly consentId: string; readonly evidence: Readonly<Record<string, unknown>> },
): Promise<Result<void, 'not_found' | 'already_revoked'>> {
  const born = await sql<{ cluster_id: Id<'cluster'> }>`
    select cluster_id from compliance.consents where tenant_id = ${ctx.tenant} and id = ${input.consentId}`.execute(
    ctx.db,
  );
  const clusterId = born.rows[0]?.cluster_id;
  if (clusterId === undefined) return refuse('not_found', `There is no consent ${input.consentId}.`);
  // The person before the row, in the order of everybody who locks both.
  const roots = await lockRootsOf(ctx, [clusterId]);
  const { rows } = await sql<{ giver_party_id: string; revoked_at: Date | null }>`
    select giver_party_id, revoked_at from compliance.consents where tenant_id = ${ctx.tenant} and id = ${input.consentId} for update`.execute(
    ctx.db,
  );
  const found = rows[0];
  if (found === undefined) return refuse('not_found', `There is no consent ${input.consentId}.`);
  if (found.revoked_at !== null) return refuse('already_revoked', 'This consent has already been revoked.');
  await sql`update compliance.consents set revoked_at = ${ctx.at}, revocation = ${JSON.stringify(input.evidence)}::jsonb
    where tenant_id = ${ctx.tenant} and id = ${input.consentId}`.execute(ctx.db);
  for (const root of roots) await raiseStopEpochsOfCluster(ctx, root);
  await recordAudit(ctx, {
    action: 'consent.revoked',
    subjectKind: 'party',
    subjectId: found.giver_party_id,
    detail: { consentId: input.consentId },
  });
  return ok();
}

/** Consents of these scopes that the person has not taken back, for one address or for all; those of every address are always among them. */
export async function standingConsents(
  ctx: Ctx,
  clusterId: Id<'cluster'>,
  scopes: readonly string[],
  addressKey: string | null,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select n.id from parties.clusters_v own
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.root_id = own.root_id
    join compliance.consents n on n.tenant_id = ${ctx.tenant} and n.cluster_id = c.id
    where own.tenant_id = ${ctx.tenant} and own.id = ${clusterId} and n.revoked_at is null and n.scope = any(${[...scopes]}::text[])
      and (${addressKey}::text is null or n.address_key is null or n.address_key = ${addressKey}::text)
    order by n.id`.execute(ctx.db);
  return rows.map((row) => row.id);
}
