import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { loadRoots, lockRootsOf } from './cluster.sql.ts';
import { findMerge, insertMerge, listLiveMerges, markUndone, moveRoot, setRoots } from './merge.sql.ts';
import { rootsAfter } from './merge.ts';

type ClusterId = Id<'cluster'>;

/**
 * Says that two clusters are one person: every cluster of `from` gets the root of `into`. No other row changes, so history stays as
 * it was written and `undoMerge` can part them. Stop epochs and facts are the accounts room's (`joinPeople`). Refuses:
 * `cluster_not_found`, `already_one`.
 */
export async function mergeClusters(
  ctx: Ctx,
  input: { readonly from: ClusterId; readonly into: ClusterId; readonly reason: string },
): Promise<Result<{ mergeId: Id<'cluster_merge'>; rootId: ClusterId }, 'cluster_not_found' | 'already_one'>> {
  await lockRootsOf(ctx, [input.from, input.into]);
  const roots = await loadRoots(ctx, [input.from, input.into]);
  const from = roots.get(input.from);
  const into = roots.get(input.into);
  if (!from || !into) return refuse('cluster_not_found', 'There is no such person or business.');
  if (from === into) return refuse('already_one', 'These are already kept as one person or business.');
  await moveRoot(ctx, from, into);
  const mergeId = newId<'cluster_merge'>();
  await insertMerge(ctx, { id: mergeId, from, into, reason: input.reason });
  await recordAudit(ctx, {
    action: 'people.merged',
    subjectKind: 'cluster',
    subjectId: into,
    detail: { from, into, merge: mergeId },
    personal: { personId: mergeId, values: { reason: input.reason } },
  });
  return ok({ mergeId, rootId: into });
}

/**
 * Takes a merge back; merges made after it stay. Returns the roots of the two it parts. Refuses: `merge_not_found`, `already_undone`.
 */
export async function undoMerge(
  ctx: Ctx,
  mergeId: Id<'cluster_merge'>,
): Promise<Result<{ rootIds: readonly [ClusterId, ClusterId] }, 'merge_not_found' | 'already_undone'>> {
  const found = await findMerge(ctx, mergeId);
  if (!found) return refuse('merge_not_found', 'There is no such merge.');
  await lockRootsOf(ctx, [found.from, found.into]);
  const merge = await findMerge(ctx, mergeId);
  if (!merge || merge.undoneAt) return refuse('already_undone', 'This merge has already been undone.');
  await markUndone(ctx, mergeId);
  const { rows } = await sql<{ id: ClusterId }>`select c.id from parties.clusters c
    join parties.clusters b on b.tenant_id = ${ctx.tenant} and b.id = ${merge.from} and c.root_id = b.root_id
    where c.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  const clusters = rows.map((row) => row.id);
  const roots = rootsAfter(clusters, await listLiveMerges(ctx, clusters));
  await setRoots(ctx, roots);
  await recordAudit(ctx, {
    action: 'people.parted',
    subjectKind: 'cluster',
    subjectId: merge.into,
    detail: { from: merge.from, into: merge.into },
  });
  return ok({ rootIds: [roots.get(merge.from) ?? merge.from, roots.get(merge.into) ?? merge.into] });
}
