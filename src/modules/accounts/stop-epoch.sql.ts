import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

/** Voids every contact planned for these accounts before now. Call in the transaction of what must stop it. */
export async function raiseStopEpochs(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<void> {
  if (accountIds.length === 0) return;
  // Locked in id order first: an UPDATE alone locks in scan order, and two of them could wait for each other.
  await sql`with locked as (
      select f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and f.id = any(${[...accountIds]}::uuid[]) order by f.id for update)
    update accounts.facts f set stop_epoch = f.stop_epoch + 1
    from locked where f.tenant_id = ${ctx.tenant} and f.id = locked.id`.execute(ctx.db);
}

/** The same for the accounts a fragment selects (one column, the id; null and unknown ones are passed over). */
export async function raiseSelectedEpochs(ctx: Ctx, selected: RawBuilder<unknown>): Promise<void> {
  await sql`with locked as (
      select f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and f.id in (${selected}) order by f.id for update)
    update accounts.facts f set stop_epoch = f.stop_epoch + 1
    from locked where f.tenant_id = ${ctx.tenant} and f.id = locked.id`.execute(ctx.db);
}

/** Voids every contact planned for any account of the person whose cluster has this root. Returns the accounts. */
export async function raiseStopEpochsOfCluster(ctx: Ctx, clusterRootId: Id<'cluster'>): Promise<Id<'account'>[]> {
  const { rows } = await sql<{ id: Id<'account'> }>`select a.id from accounts.accounts a
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = a.cluster_id and c.root_id = ${clusterRootId}
    where a.tenant_id = ${ctx.tenant} order by a.id`.execute(ctx.db);
  const ids = rows.map((row) => row.id);
  await raiseStopEpochs(ctx, ids);
  return ids;
}
