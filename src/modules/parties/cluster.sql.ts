import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

type ClusterId = Id<'cluster'>;

/**
 * Locks cluster rows in id order until the transaction ends. The first of three lock levels (clusters, then account facts, then
 * messages), never taken after one of the others.
 */
export async function lockClusters(ctx: Ctx, rootIds: readonly ClusterId[]): Promise<void> {
  if (rootIds.length === 0) return;
  await sql`select c.id from parties.clusters c
    where c.tenant_id = ${ctx.tenant} and c.id = any(${[...rootIds]}::uuid[])
    order by c.id for update`.execute(ctx.db);
}

/** The root of each cluster as of now, by cluster id. */
export async function loadRoots(ctx: Ctx, clusterIds: readonly ClusterId[]): Promise<Map<ClusterId, ClusterId>> {
  const { rows } = await sql<{ id: ClusterId; root_id: ClusterId }>`
    select id, root_id from parties.clusters where tenant_id = ${ctx.tenant} and id = any(${[...clusterIds]}::uuid[])`.execute(
    ctx.db,
  );
  return new Map(rows.map((row) => [row.id, row.root_id]));
}

/**
 * Locks the persons behind these clusters, whatever cluster they were born with, and returns their roots in lock order. A merge
 * that commits between the look and the lock moves the root, hence the second look.
 */
export async function lockRootsOf(ctx: Ctx, clusterIds: readonly ClusterId[]): Promise<ClusterId[]> {
  let roots = distinct(await loadRoots(ctx, clusterIds));
  for (;;) {
    await lockClusters(ctx, roots);
    const again = distinct(await loadRoots(ctx, clusterIds));
    if (again.every((root) => roots.includes(root))) return again;
    roots = again;
  }
}

function distinct(roots: Map<ClusterId, ClusterId>): ClusterId[] {
  return [...new Set(roots.values())].sort();
}

export async function insertCluster(ctx: Ctx, id: ClusterId): Promise<void> {
  await sql`insert into parties.clusters (tenant_id, id, root_id) values (${ctx.tenant}, ${id}, ${id})`.execute(ctx.db);
}
