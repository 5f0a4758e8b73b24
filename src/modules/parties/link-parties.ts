import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import type { Link, NewLink } from './link.ts';
import { findParty } from './party.sql.ts';

type LinkId = Id<'party_link'>;

/**
 * Says what another party is to this one, and from when to when. Contacts planned before are the accounts room's to void (`linkPeople`).
 * Refuses: `party_not_found`, `same_party`, `ends_before_it_begins`, `already_linked` (the same two in the same role at the same time).
 */
export async function addLink(
  ctx: Ctx,
  input: NewLink,
): Promise<Result<Link, 'party_not_found' | 'same_party' | 'ends_before_it_begins' | 'already_linked'>> {
  const party = await findParty(ctx, input.partyId);
  const other = await findParty(ctx, input.otherPartyId);
  if (!party || !other) return refuse('party_not_found', 'There is no such party.');
  if (input.partyId === input.otherPartyId)
    return refuse('same_party', `${party.name} cannot be linked to itself. Choose somebody else.`);
  const effectiveTo = input.effectiveTo ?? null;
  if (effectiveTo !== null && effectiveTo <= input.effectiveFrom)
    return refuse('ends_before_it_begins', 'The link must end on a later day than it begins.', {
      effectiveTo: 'Choose a later day.',
    });
  if (await isLinked(ctx, input))
    return refuse(
      'already_linked',
      `${other.name} is already recorded as ${input.role.replaceAll('_', ' ')} of ${party.name} for this time. End that link first.`,
    );
  const id = newId<'party_link'>();
  await sql`insert into parties.party_links (tenant_id, id, party_id, other_party_id, role, effective_from, effective_to, note, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${input.partyId}, ${input.otherPartyId}, ${input.role}, ${input.effectiveFrom}, ${effectiveTo},
      ${input.note ?? null}, ${ctx.actor.id}, ${ctx.at})`.execute(ctx.db);
  await audit(ctx, 'party_link.added', id, input, { from: input.effectiveFrom, to: effectiveTo });
  return ok((await findLink(ctx, id)) ?? missing(id));
}

/**
 * Ends a link on a day, from which on it holds no longer; on its first day, it never held. With null the end is taken back. Refuses:
 * `link_not_found`, `version_conflict`, `ends_before_it_begins`, `already_linked` (the end cannot be taken back any more).
 */
export async function endLink(
  ctx: Ctx,
  input: {
    readonly linkId: LinkId;
    readonly on: CalendarDate | null;
    readonly reason: string | null;
    readonly rowVersion: bigint;
  },
): Promise<Result<Link, 'link_not_found' | 'version_conflict' | 'ends_before_it_begins' | 'already_linked'>> {
  await sql`select l.id from parties.party_links l where l.tenant_id = ${ctx.tenant} and l.id = ${input.linkId} for update`.execute(
    ctx.db,
  );
  const before = await findLink(ctx, input.linkId);
  if (!before) return refuse('link_not_found', 'There is no such link.');
  if (before.rowVersion !== input.rowVersion)
    return refuse(
      'version_conflict',
      'Somebody else has changed this link meanwhile; load it again and repeat your change.',
    );
  if (input.on !== null && input.on < before.effectiveFrom)
    return refuse(
      'ends_before_it_begins',
      `This link begins on ${before.effectiveFrom}; it cannot end before that day.`,
      {
        on: `Choose ${before.effectiveFrom} or later.`,
      },
    );
  if (input.on === null && (await isLinked(ctx, { ...before, effectiveTo: null }, before.id)))
    return refuse('already_linked', 'Meanwhile the two have been linked in this role again; that link stands.');
  await sql`update parties.party_links
    set effective_to = ${input.on}, end_reason = ${input.on === null ? null : input.reason}, ended_at = ${input.on === null ? null : ctx.at}::timestamptz,
      ended_by = ${input.on === null ? null : ctx.actor.id}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${input.linkId}`.execute(ctx.db);
  const action = input.on === null ? 'party_link.resumed' : 'party_link.ended';
  await audit(ctx, action, before.id, before, { on: input.on }, input.reason);
  return ok((await findLink(ctx, before.id)) ?? missing(before.id));
}

/** The link, or null. */
export async function findLink(ctx: Ctx, id: LinkId): Promise<Link | null> {
  const { rows } =
    await sql<Link>`select id, party_id as "partyId", other_party_id as "otherPartyId", role, effective_from as "effectiveFrom",
      effective_to as "effectiveTo", note, row_version as "rowVersion"
    from parties.party_links where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Whether the same two are linked in the same role on any day of the new link. */
async function isLinked(ctx: Ctx, link: NewLink, except: LinkId | null = null): Promise<boolean> {
  const { rows } = await sql`select 1 from parties.party_links l
    where l.tenant_id = ${ctx.tenant} and l.party_id = ${link.partyId} and l.other_party_id = ${link.otherPartyId} and l.role = ${link.role}
      and l.id is distinct from ${except}::uuid and (l.effective_to is null or l.effective_to > ${link.effectiveFrom}::date)
      and (${link.effectiveTo ?? null}::date is null or l.effective_from < ${link.effectiveTo ?? null}::date)
      and l.effective_from is distinct from l.effective_to limit 1`.execute(ctx.db);
  return rows.length > 0;
}

function audit(
  ctx: Ctx,
  action: string,
  id: LinkId,
  link: NewLink,
  detail: Record<string, unknown>,
  reason: string | null = null,
): Promise<unknown> {
  return recordAudit(ctx, {
    action,
    subjectKind: 'party_link',
    subjectId: id,
    detail: { party: link.partyId, other: link.otherPartyId, role: link.role, ...detail },
    ...(reason !== null && { personal: { personId: id, values: { reason } } }),
  });
}

function missing(id: LinkId): never {
  throw new Error(`Link ${id} vanished in its own transaction`);
}
