import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { parseTimeZone } from '../../kernel/time-zone.ts';
import { recordAudit } from '../identity/public.ts';
import { insertCluster } from './cluster.sql.ts';
import { birthClusterId, type NewParty } from './party.ts';
import { findParty, insertParty, type PartyRow, updatePartyRow } from './party.sql.ts';
import { indexTokens } from './search-token.sql.ts';

/** Creates a party in a person cluster of its own. Refuses: `bad_party`, naming the field. */
export async function createParty(
  ctx: Ctx,
  input: NewParty,
): Promise<Result<{ partyId: Id<'party'>; clusterId: Id<'cluster'> }, 'bad_party'>> {
  const fields = faultyFields(input);
  if (fields) return refuse('bad_party', Object.values(fields)[0] ?? '', fields);
  const partyId = newId<'party'>();
  const clusterId = birthClusterId(partyId);
  await insertCluster(ctx, clusterId);
  await insertParty(ctx, partyId, clusterId, { ...input, name: input.name.trim() });
  await indexParty(ctx, partyId);
  await recordAudit(ctx, {
    action: 'party.created',
    subjectKind: 'party',
    subjectId: partyId,
    detail: { kind: input.kind, source: input.source },
    personal: { personId: partyId, values: { name: input.name } },
  });
  return ok({ partyId, clusterId });
}

/** Changes what is given; null clears. Refuses: `party_not_found`, `bad_party`. */
export async function updateParty(
  ctx: Ctx,
  partyId: Id<'party'>,
  changes: Partial<Omit<NewParty, 'source'>>,
): Promise<Result<void, 'party_not_found' | 'bad_party'>> {
  const before = await findParty(ctx, partyId);
  if (!before) return refuse('party_not_found', 'There is no such party.');
  const fields = faultyFields({ name: before.name, ...changes });
  if (fields) return refuse('bad_party', Object.values(fields)[0] ?? '', fields);
  await updatePartyRow(ctx, partyId, changes);
  await indexParty(ctx, partyId);
  await recordAudit(ctx, {
    action: 'party.changed',
    subjectKind: 'party',
    subjectId: partyId,
    detail: { fields: Object.keys(changes) },
    personal: { personId: partyId, values: { before: pick(before, changes), after: changes } },
  });
  return ok();
}

async function indexParty(ctx: Ctx, partyId: Id<'party'>): Promise<void> {
  await indexTokens(
    ctx,
    sql`select p.id as party_id, concat_ws(' ', p.name, p.external_ref) as text
      from parties.parties p where p.tenant_id = ${ctx.tenant} and p.id = ${partyId}`,
  );
}

function pick(before: PartyRow, changes: Partial<NewParty>): Record<string, unknown> {
  const known: Record<keyof Omit<NewParty, 'source'>, unknown> = {
    kind: before.kind,
    name: before.name,
    externalRef: before.external_ref,
    language: before.language,
    country: before.country,
    region: before.region,
    timeZone: before.time_zone,
    taxNumber: before.tax_number,
  };
  return Object.fromEntries(Object.entries(known).filter(([key]) => key in changes));
}

function faultyFields(input: Partial<NewParty>): Record<string, string> | null {
  const faults: Record<string, string> = {};
  const length = input.name?.trim().length ?? 0;
  if (length < 1 || length > 300) faults['name'] = 'Give the party a name of 1 to 300 characters.';
  if (input.country && !/^[A-Z]{2}$/.test(input.country)) {
    faults['country'] =
      `"${input.country.slice(0, 20)}" is not a country code; write two capital letters such as US or DE.`;
  }
  if (input.timeZone && !parseTimeZone(input.timeZone).ok) {
    faults['timeZone'] = `"${input.timeZone.slice(0, 40)}" is not a time zone; write one such as America/New_York.`;
  }
  return Object.keys(faults).length > 0 ? faults : null;
}
