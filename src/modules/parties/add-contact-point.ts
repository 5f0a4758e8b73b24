import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { type ContactKind, type ContactQuality, normaliseContact } from './contact-point.ts';
import { findParty } from './party.sql.ts';
import { indexTokens } from './search-token.sql.ts';

export type NewContactPoint = {
  readonly partyId: Id<'party'>;
  readonly kind: ContactKind;
  readonly value: string;
  readonly label?: string | null | undefined;
  readonly quality?: ContactQuality | undefined;
  readonly preferred?: boolean | undefined;
  readonly source: string;
};

/**
 * Adds an address or number to a party. One the party already has is not doubled: when it had ended it lives again, otherwise
 * only label and preference change. Account facts (`has_email`, `has_phone`) are the caller's to refresh. Refuses:
 * `party_not_found`, `bad_email`, `bad_phone`, `bad_postal`.
 */
export async function addContactPoint(
  ctx: Ctx,
  input: NewContactPoint,
): Promise<
  Result<{ contactPointId: Id<'contact_point'> }, 'party_not_found' | 'bad_email' | 'bad_phone' | 'bad_postal'>
> {
  const party = await findParty(ctx, input.partyId);
  if (!party) return refuse('party_not_found', 'There is no such party.');
  const read = normaliseContact(input.kind, input.value, party.country);
  if (!read.ok) return read;
  const { value, valueKey } = read.value;
  const { rows } = await sql<{ id: Id<'contact_point'> }>`
    insert into parties.contact_points (tenant_id, id, party_id, kind, value, value_key, label, quality, preferred, source, effective_from, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${input.partyId}, ${input.kind}, ${value}, ${valueKey}, ${input.label ?? null},
            ${input.quality ?? 'unverified'}, ${input.preferred ?? false}, ${input.source}, ${ctx.at}, ${ctx.at})
    on conflict (tenant_id, party_id, kind, value_key) do update
      set label = coalesce(excluded.label, contact_points.label), preferred = excluded.preferred or contact_points.preferred,
          quality = case when contact_points.ended_at is not null then excluded.quality else contact_points.quality end, ended_at = null
    returning id`.execute(ctx.db);
  const id = rows[0]?.id;
  if (!id) throw new Error('A contact point was neither inserted nor found');
  await indexTokens(
    ctx,
    sql`select c.party_id, c.value as text
      from parties.contact_points c where c.tenant_id = ${ctx.tenant} and c.id = ${id}`,
  );
  await recordAudit(ctx, {
    action: 'contact_point.added',
    subjectKind: 'contact_point',
    subjectId: id,
    detail: { party: input.partyId, kind: input.kind, source: input.source },
    personal: { personId: input.partyId, values: { value } },
  });
  return ok({ contactPointId: id });
}

/** Says how far a contact point may be relied on; `wrong` and `bounced` block it. Refuses: `contact_point_not_found`. */
export async function setContactQuality(
  ctx: Ctx,
  contactPointId: Id<'contact_point'>,
  quality: ContactQuality,
): Promise<Result<{ partyId: Id<'party'> }, 'contact_point_not_found'>> {
  const { rows } = await sql<{ party_id: Id<'party'> }>`
    update parties.contact_points set quality = ${quality}
    where tenant_id = ${ctx.tenant} and id = ${contactPointId} returning party_id`.execute(ctx.db);
  return found(ctx, rows, { action: 'contact_point.rated', contactPointId, detail: { quality } });
}

/** Ends a contact point as of `ctx.at`; its history stays. Refuses: `contact_point_not_found`. */
export async function endContactPoint(
  ctx: Ctx,
  contactPointId: Id<'contact_point'>,
): Promise<Result<{ partyId: Id<'party'> }, 'contact_point_not_found'>> {
  const { rows } = await sql<{ party_id: Id<'party'> }>`
    update parties.contact_points set ended_at = coalesce(ended_at, ${ctx.at}), preferred = false
    where tenant_id = ${ctx.tenant} and id = ${contactPointId} returning party_id`.execute(ctx.db);
  return found(ctx, rows, { action: 'contact_point.ended', contactPointId });
}

async function found(
  ctx: Ctx,
  rows: readonly { party_id: Id<'party'> }[],
  audit: { action: string; contactPointId: Id<'contact_point'>; detail?: Record<string, unknown> },
): Promise<Result<{ partyId: Id<'party'> }, 'contact_point_not_found'>> {
  const row = rows[0];
  if (!row) return refuse('contact_point_not_found', 'There is no such address or number.');
  await recordAudit(ctx, {
    action: audit.action,
    subjectKind: 'contact_point',
    subjectId: audit.contactPointId,
    detail: { ...audit.detail, party: row.party_id },
  });
  return ok({ partyId: row.party_id });
}
