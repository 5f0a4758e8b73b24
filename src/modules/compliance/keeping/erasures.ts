import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { lacking, recordAudit } from '../../identity/public.ts';
import { lockRootsOf } from '../../parties/public.ts';
import { secondPerson } from '../second-person.ts';
import { findPerson, type Person } from './kept.sql.ts';
import { type Obstacle, obstaclesToErasing } from './obstacles.ts';
import { keepSuppressions } from './suppressions.ts';

type Refused = 'forbidden' | 'not_found' | 'needs_note' | 'must_be_kept' | 'already_under_way';

/**
 * Asks for a person to be forgotten: because they wish it (`request`, which another person must approve) or because no duty keeps their
 * records any longer (`retention`, which one person approves). Refuses: `forbidden`, `not_found`, `needs_note`, `already_under_way`, and
 * `must_be_kept` with every reason.
 */
export async function requestErasure(
  ctx: Ctx,
  input: { readonly partyId: string; readonly basis: 'request' | 'retention'; readonly reason: string },
): Promise<Result<{ erasureId: string }, Refused>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const reason = input.reason.trim();
  if (reason.length < 3)
    return refuse('needs_note', 'Say who asked for it and how they were recognised.', { reason: 'Too short.' });
  const person = await lockedPerson(ctx, input.partyId);
  if (!person) return refuse('not_found', 'There is no such person.');
  const obstacles = await obstaclesToErasing(ctx, person);
  if (obstacles.length > 0) return mustBeKept(obstacles);
  const { rows } = await sql`select 1 from compliance.erasures
    where tenant_id = ${ctx.tenant} and cluster_id = ${person.root_id} and state in ('requested', 'approved')`.execute(
    ctx.db,
  );
  if (rows.length > 0) return refuse('already_under_way', 'The erasure of this person has already been asked for.');
  const id = newId<'erasure'>();
  const requestedBy = input.basis === 'retention' ? 'retention' : ctx.actor.id;
  await sql`insert into compliance.erasures (tenant_id, id, cluster_id, basis, reason, state, requested_by, requested_at)
    values (${ctx.tenant}, ${id}, ${person.root_id}, ${input.basis}, ${reason}, 'requested', ${requestedBy}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'erasure.requested',
    subjectKind: 'erasure',
    subjectId: id,
    detail: { cluster: person.root_id, basis: input.basis },
  });
  return ok({ erasureId: id });
}

const mustBeKept = (obstacles: readonly Obstacle[]) =>
  refuse('must_be_kept', obstacles.map((one) => one.sentence).join(' '));

async function lockedPerson(ctx: Ctx, partyId: string): Promise<Person | null> {
  const found = await findPerson(ctx, partyId);
  if (!found) return null;
  await lockRootsOf(ctx, [found.root_id as Id<'cluster'>]);
  return findPerson(ctx, partyId);
}

/** An erasure as it is decided and carried out. */
export type Stored = {
  readonly state: string;
  readonly requested_by: string;
  readonly cluster_id: string;
  readonly party_ids: string[];
  readonly cluster_ids: string[];
  readonly account_ids: string[];
};

/** The erasure, locked, or null. */
export async function lockErasure(ctx: Ctx, erasureId: string): Promise<Stored | null> {
  const { rows } = await sql<Stored>`
    select state, requested_by, cluster_id, party_ids, cluster_ids, account_ids from compliance.erasures
    where tenant_id = ${ctx.tenant} and id = ${erasureId} for update`.execute(ctx.db);
  return rows[0] ?? null;
}

type Undecided = 'forbidden' | 'not_found' | 'already_decided';

async function undecided(ctx: Ctx, erasureId: string): Promise<Result<Stored, Undecided>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const erasure = await lockErasure(ctx, erasureId);
  if (!erasure) return refuse('not_found', 'There is no such erasure.');
  if (erasure.state !== 'requested') return refuse('already_decided', `This erasure is ${erasure.state}.`);
  return ok(erasure);
}

/**
 * A second person approves: whose rows are meant is settled, and what the person asked to be spared is kept by keyed hashes of their
 * addresses. From here on it is carried out. Refuses: `forbidden`, `not_found`, `already_decided`, `same_person`, `not_a_person`, `must_be_kept`.
 */
export async function approveErasure(
  ctx: Ctx,
  erasureId: string,
): Promise<Result<void, Undecided | 'same_person' | 'not_a_person' | 'must_be_kept'>> {
  const found = await undecided(ctx, erasureId);
  if (!found.ok) return found;
  const erasure = found.value;
  const second = secondPerson(ctx, erasure.requested_by);
  if (!second.ok) return second;
  const { rows } = await sql<{ id: string }>`
    select id from parties.parties_v where tenant_id = ${ctx.tenant} and root_cluster_id = (
      select root_id from parties.clusters_v where tenant_id = ${ctx.tenant} and id = ${erasure.cluster_id}) order by id limit 1`.execute(
    ctx.db,
  );
  const person = rows[0] ? await lockedPerson(ctx, rows[0].id) : null;
  if (!person) return refuse('not_found', 'There is no such person.');
  const obstacles = await obstaclesToErasing(ctx, person);
  if (obstacles.length > 0) return mustBeKept(obstacles);
  const kept = await keepSuppressions(ctx, { id: erasureId, rootId: person.root_id, clusterIds: person.cluster_ids });
  await sql`update compliance.erasures set state = 'approved', approved_by = ${ctx.actor.id}, approved_at = ${ctx.at},
      cluster_ids = ${[...person.cluster_ids]}::uuid[], party_ids = ${[...person.party_ids]}::uuid[], account_ids = ${[...person.account_ids]}::uuid[]
    where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'erasure.approved',
    subjectKind: 'erasure',
    subjectId: erasureId,
    detail: { suppressionsKept: kept },
    set: person.party_ids,
  });
  return ok();
}

/**
 * A second person says no; it may be asked for again. Refuses: `forbidden`, `not_found`, `already_decided`, `same_person`, `not_a_person`,
 * `needs_note`.
 */
export async function declineErasure(
  ctx: Ctx,
  input: { readonly erasureId: string; readonly reason: string },
): Promise<Result<void, Undecided | 'same_person' | 'not_a_person' | 'needs_note'>> {
  const found = await undecided(ctx, input.erasureId);
  if (!found.ok) return found;
  const second = secondPerson(ctx, found.value.requested_by);
  if (!second.ok) return second;
  const reason = input.reason.trim();
  if (reason.length < 3) return refuse('needs_note', 'Say why these records stay.', { reason: 'Too short.' });
  await sql`update compliance.erasures set state = 'declined', declined_by = ${ctx.actor.id}, declined_at = ${ctx.at}, decline_reason = ${reason}
    where tenant_id = ${ctx.tenant} and id = ${input.erasureId}`.execute(ctx.db);
  await recordAudit(ctx, { action: 'erasure.declined', subjectKind: 'erasure', subjectId: input.erasureId });
  return ok();
}

/** Who asked takes it back before anybody has decided. Refuses: `forbidden`, `not_found`, `already_decided`, `not_yours`. */
export async function withdrawErasure(ctx: Ctx, erasureId: string): Promise<Result<void, Undecided | 'not_yours'>> {
  const found = await undecided(ctx, erasureId);
  if (!found.ok) return found;
  if (found.value.requested_by !== ctx.actor.id)
    return refuse('not_yours', 'Only who asked for it can take it back. Decline it, and say why.');
  await sql`update compliance.erasures set state = 'withdrawn' where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(
    ctx.db,
  );
  await recordAudit(ctx, { action: 'erasure.withdrawn', subjectKind: 'erasure', subjectId: erasureId });
  return ok();
}
