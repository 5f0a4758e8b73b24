import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { addContactPoint } from './add-contact-point.ts';
import { createParty } from './create-party.ts';
import { findParty } from './party.sql.ts';

/** Who acts for a person in law: mail about the person's debts goes to them. */
export const representativeRoles = ['attorney', 'executor', 'guardian'] as const;
export type RepresentativeRole = (typeof representativeRoles)[number];

export type NewRepresentative = {
  readonly partyId: Id<'party'>;
  readonly role: RepresentativeRole;
  readonly name: string;
  readonly postalAddress: string;
  readonly email: string | null;
};

/**
 * Puts on record who acts for a person, with their address; whoever had that role before no longer has it. Voiding what was planned is the
 * caller's (`refreshParty`). Refuses: `party_not_found`, `bad_party`, `bad_postal`, `bad_email`.
 */
export async function addRepresentative(
  ctx: Ctx,
  input: NewRepresentative,
): Promise<
  Result<{ partyId: Id<'party'> }, 'party_not_found' | 'bad_party' | 'bad_postal' | 'bad_email' | 'bad_phone'>
> {
  const person = await findParty(ctx, input.partyId);
  if (!person) return refuse('party_not_found', 'There is no such party.');
  const made = await createParty(ctx, { kind: 'person', name: input.name, country: person.country, source: 'hand' });
  if (!made.ok) return made;
  const { partyId } = made.value;
  const postal = await addContactPoint(ctx, { partyId, kind: 'postal', value: input.postalAddress, source: 'hand' });
  if (!postal.ok) return postal;
  if (input.email !== null) {
    const email = await addContactPoint(ctx, { partyId, kind: 'email', value: input.email, source: 'hand' });
    if (!email.ok) return email;
  }
  await sql`update parties.party_links set effective_to = ${ctx.at}::date, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and party_id = ${input.partyId} and role = ${input.role} and effective_to is null`.execute(
    ctx.db,
  );
  await sql`insert into parties.party_links (tenant_id, id, party_id, other_party_id, role, effective_from, recorded_by, recorded_at)
    values (${ctx.tenant}, ${newId()}, ${input.partyId}, ${partyId}, ${input.role}, ${ctx.at}::date, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'party.represented',
    subjectKind: 'party',
    subjectId: input.partyId,
    detail: { role: input.role, by: partyId },
  });
  return ok({ partyId });
}
