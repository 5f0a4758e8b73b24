import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';

export type MatchState = 'open' | 'merged' | 'dismissed';

/** Two parties that may be one. `clusterId` is the person to keep, `otherClusterId` the one to join it: the party known longer leads. */
export type Match = {
  readonly id: Id<'match'>;
  readonly state: MatchState;
  readonly score: number;
  readonly mergeId: Id<'cluster_merge'> | null;
  readonly clusterId: Id<'cluster'>;
  readonly otherClusterId: Id<'cluster'>;
  readonly rowVersion: bigint;
};

/** The pair, or null. */
export async function findMatch(ctx: Ctx, id: Id<'match'>): Promise<Match | null> {
  const { rows } = await sql<Match>`
    select m.id, m.state, m.score, m.merge_id as "mergeId", m.row_version as "rowVersion",
      case when (a.recorded_at, a.id) <= (b.recorded_at, b.id) then a.cluster_id else b.cluster_id end as "clusterId",
      case when (a.recorded_at, a.id) <= (b.recorded_at, b.id) then b.cluster_id else a.cluster_id end as "otherClusterId"
    from parties.match_candidates m
    join parties.parties a on a.tenant_id = ${ctx.tenant} and a.id = m.party_id
    join parties.parties b on b.tenant_id = ${ctx.tenant} and b.id = m.other_party_id
    where m.tenant_id = ${ctx.tenant} and m.id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

const moves: Readonly<Record<MatchState, readonly MatchState[]>> = {
  open: ['merged', 'dismissed'],
  merged: ['open'],
  dismissed: ['open'],
};

/**
 * Writes down what a person decided about a pair: merged (by the merge named), not the same, or open again. Refuses: `match_not_found`,
 * `already_decided`, `version_conflict`.
 */
export async function decideMatch(
  ctx: Ctx,
  input: {
    readonly matchId: Id<'match'>;
    readonly state: MatchState;
    readonly rowVersion: bigint;
    readonly mergeId?: Id<'cluster_merge'>;
  },
): Promise<Result<Match, 'match_not_found' | 'already_decided' | 'version_conflict'>> {
  await sql`select m.id from parties.match_candidates m where m.tenant_id = ${ctx.tenant} and m.id = ${input.matchId} for update`.execute(
    ctx.db,
  );
  const before = await findMatch(ctx, input.matchId);
  if (!before) return refuse('match_not_found', 'There is no such pair.');
  if (!moves[before.state].includes(input.state))
    return refuse(
      'already_decided',
      `This pair is ${before.state === 'open' ? 'still open' : `already ${before.state}`}.`,
    );
  if (before.rowVersion !== input.rowVersion)
    return refuse('version_conflict', 'Somebody else has decided on this pair meanwhile; load it again.');
  const decided = input.state !== 'open';
  await sql`update parties.match_candidates
    set state = ${input.state}, merge_id = ${input.mergeId ?? null}::uuid, decided_by = ${decided ? ctx.actor.id : null},
      decided_at = ${decided ? ctx.at : null}::timestamptz, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${input.matchId}`.execute(ctx.db);
  await recordAudit(ctx, {
    action: `match.${input.state === 'open' ? 'reopened' : input.state}`,
    subjectKind: 'match',
    subjectId: input.matchId,
    detail: { score: before.score, merge: input.mergeId ?? null },
  });
  const after = await findMatch(ctx, input.matchId);
  if (!after) throw new Error(`Match ${input.matchId} vanished while it was locked`);
  return ok(after);
}

/** Puts the pair that a merge came from up for review again: the merge was undone. */
export async function reopenMatchOf(ctx: Ctx, mergeId: Id<'cluster_merge'>): Promise<void> {
  await sql`update parties.match_candidates
    set state = 'open', merge_id = null, decided_by = null, decided_at = null, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and merge_id = ${mergeId}`.execute(ctx.db);
}
