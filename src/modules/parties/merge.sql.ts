import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Merge } from './merge.ts';

type ClusterId = Id<'cluster'>;
type MergeId = Id<'cluster_merge'>;

export async function moveRoot(ctx: Ctx, from: ClusterId, into: ClusterId): Promise<void> {
  await sql`update parties.clusters set root_id = ${into} where tenant_id = ${ctx.tenant} and root_id = ${from}`.execute(
    ctx.db,
  );
}

export async function insertMerge(
  ctx: Ctx,
  merge: Merge & { readonly id: MergeId; readonly reason: string },
): Promise<void> {
  await sql`insert into parties.cluster_merges (tenant_id, id, from_cluster_id, into_cluster_id, reason, recorded_at)
    values (${ctx.tenant}, ${merge.id}, ${merge.from}, ${merge.into}, ${merge.reason}, ${ctx.at})`.execute(ctx.db);
}

export async function findMerge(ctx: Ctx, id: MergeId): Promise<(Merge & { undoneAt: Date | null }) | null> {
  const { rows } = await sql<Merge & { undoneAt: Date | null }>`
    select from_cluster_id as "from", into_cluster_id as "into", undone_at as "undoneAt"
    from parties.cluster_merges where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

export async function markUndone(ctx: Ctx, id: MergeId): Promise<void> {
  await sql`update parties.cluster_merges set undone_at = ${ctx.at} where tenant_id = ${ctx.tenant} and id = ${id}`.execute(
    ctx.db,
  );
}

export async function listLiveMerges(ctx: Ctx, clusterIds: readonly ClusterId[]): Promise<Merge[]> {
  const { rows } =
    await sql<Merge>`select from_cluster_id as "from", into_cluster_id as "into" from parties.cluster_merges
    where tenant_id = ${ctx.tenant} and undone_at is null and from_cluster_id = any(${[...clusterIds]}::uuid[])`.execute(
      ctx.db,
    );
  return rows;
}

export async function setRoots(ctx: Ctx, roots: ReadonlyMap<ClusterId, ClusterId>): Promise<void> {
  const ids = [...roots.keys()];
  await sql`update parties.clusters c set root_id = r.root_id
    from unnest(${ids}::uuid[], ${[...roots.values()]}::uuid[]) as r (id, root_id)
    where c.tenant_id = ${ctx.tenant} and c.id = r.id and c.root_id <> r.root_id`.execute(ctx.db);
}
