import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { recordAudit } from '../identity/public.ts';
import { loadLikenesses, measureSlice, type Pair, selectPairs, type Slice, upsertMatches } from './match.sql.ts';
import { type MatchScore, reviewFrom, scoreMatch } from './score-match.ts';

/** Parties looked at in one run, and pairs scored at most. */
export const matchesPerRun = { parties: 20_000, pairs: 5_000 } as const;
const BATCH = 500;

export type FoundMatches = {
  readonly lookedAt: number;
  /** Pairs that were not known before. */
  readonly found: number;
  /** The last party has been reached; the next run begins anew. */
  readonly roundDone: boolean;
};

/**
 * Looks for parties that may be one among the next 20,000, compared with all, and keeps what is worth a person's look. Repeating changes
 * nothing; nothing is ever merged by itself.
 */
export async function findMatches(ctx: Ctx, limit: number = matchesPerRun.parties): Promise<FoundMatches> {
  const slice: Slice = { after: await nextAfter(ctx), limit };
  const { parties, last } = await measureSlice(ctx, slice);
  const pairs = await withSetPlans(ctx.db, BigInt(parties), () => selectPairs(ctx, slice, matchesPerRun.pairs));
  let found = 0;
  for (let start = 0; start < pairs.length; start += BATCH)
    found += await upsertMatches(ctx, await scored(ctx, pairs.slice(start, start + BATCH)));
  const roundDone = parties < limit;
  const runId = newId<'match_run'>();
  await sql`insert into parties.match_runs (tenant_id, id, after_party_id, last_party_id, looked_at, found, round_done, actor_id, recorded_at)
    values (${ctx.tenant}, ${runId}, ${slice.after}, ${last}, ${parties}, ${found}, ${roundDone}, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'duplicates.searched',
    subjectKind: 'match_run',
    subjectId: runId,
    detail: { lookedAt: parties, found, roundDone },
  });
  return { lookedAt: parties, found, roundDone };
}

async function nextAfter(ctx: Ctx): Promise<Id<'party'> | null> {
  const { rows } = await sql<{ last: Id<'party'> | null; done: boolean }>`
    select r.last_party_id as last, r.round_done as done from parties.match_runs r
    where r.tenant_id = ${ctx.tenant} order by r.recorded_at desc, r.id desc limit 1`.execute(ctx.db);
  return rows[0] && !rows[0].done ? rows[0].last : null;
}

async function scored(ctx: Ctx, pairs: readonly Pair[]): Promise<(Pair & MatchScore)[]> {
  const likenesses = await loadLikenesses(ctx, [...new Set(pairs.flatMap((pair) => [pair.one, pair.other]))]);
  return pairs.flatMap((pair) => {
    const [one, other] = [likenesses.get(pair.one), likenesses.get(pair.other)];
    const match = one && other ? scoreMatch(one, other) : null;
    return match && match.score >= reviewFrom ? [{ ...pair, ...match }] : [];
  });
}
