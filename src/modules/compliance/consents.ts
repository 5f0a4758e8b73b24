import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { clusterOf } from './preferences.ts';
import type { Channel } from './proposal.ts';

export type NewConsent = {
  readonly giverPartyId: string;
  readonly recipientKind: 'tenant' | 'client' | 'prior_collector';
  readonly clientId: string | null;
  readonly accountId: string | null;
  readonly channel: Channel;
  readonly addressKey: string | null;
  readonly scope: string;
  /** How it can be proved: words used, document, recording. */
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly effectiveFrom: Date;
  readonly expiresAt: Date | null;
};

/** Writes down a consent with its evidence. Refuses: `not_found`; `needs_evidence` when there is none; `in_the_future`. */
export async function recordConsent(
  ctx: Ctx,
  given: NewConsent,
): Promise<Result<{ consentId: string }, 'not_found' | 'needs_evidence' | 'in_the_future'>> {
  if (Object.keys(given.evidence).length === 0)
    return refuse('needs_evidence', 'Say how this consent can be proved.', { evidence: 'Evidence is needed.' });
  if (given.effectiveFrom > ctx.at) return refuse('in_the_future', 'A consent cannot have been given in the future.');
  const clusterId = await clusterOf(ctx, given.giverPartyId);
  if (clusterId === null) return refuse('not_found', `There is no party ${given.giverPartyId}.`);
  const consentId = newId<'consent'>();
  await sql`insert into compliance.consents (tenant_id, id, giver_party_id, cluster_id, recipient_kind, client_id, account_id, channel, address_key,
      scope, evidence, effective_from, expires_at, recorded_at)
    values (${ctx.tenant}, ${consentId}, ${given.giverPartyId}, ${clusterId}, ${given.recipientKind}, ${given.clientId}, ${given.accountId},
      ${given.channel}, ${given.addressKey}, ${given.scope}, ${JSON.stringify(given.evidence)}::jsonb, ${given.effectiveFrom}, ${given.expiresAt},
      ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'consent.recorded',
    subjectKind: 'party',
    subjectId: given.giverPartyId,
    detail: { consentId, channel: given.channel },
  });
  return ok({ consentId });
}

/** The giver takes a consent back, in force at once. Refuses: `not_found`, `already_revoked`. */
export async function revokeConsent(
  ctx: Ctx,
  input: { readonly consentId: string; readonly evidence: Readonly<Record<string, unknown>> },
): Promise<Result<void, 'not_found' | 'already_revoked'>> {
  const { rows } = await sql<{ giver_party_id: string; revoked_at: Date | null }>`
    select giver_party_id, revoked_at from compliance.consents where tenant_id = ${ctx.tenant} and id = ${input.consentId} for update`.execute(
    ctx.db,
  );
  const found = rows[0];
  if (found === undefined) return refuse('not_found', `There is no consent ${input.consentId}.`);
  if (found.revoked_at !== null) return refuse('already_revoked', 'This consent has already been revoked.');
  await sql`update compliance.consents set revoked_at = ${ctx.at}, revocation = ${JSON.stringify(input.evidence)}::jsonb
    where tenant_id = ${ctx.tenant} and id = ${input.consentId}`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'consent.revoked',
    subjectKind: 'party',
    subjectId: found.giver_party_id,
    detail: { consentId: input.consentId },
  });
  return ok();
}
