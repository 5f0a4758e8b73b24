import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';

/** Voids every contact planned for these accounts before now. Call in the transaction of what must stop it. */
export async function raiseStopEpochs(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<void> {
  if (accountIds.length === 0) return;
  await raise(ctx, sql`f.id = any(${[...accountIds]}::uuid[])`);
}

/** The same for the accounts a fragment selects (one column, the id; null and unknown ones are passed over). */
export async function raiseSelectedEpochs(ctx: Ctx, selected: RawBuilder<unknown>): Promise<void> {
  await raise(ctx, sql`f.id in (${selected})`);
}

async function raise(ctx: Ctx, within: RawBuilder<unknown>): Promise<void> {
  // Locked in id order first: an UPDATE alone locks in scan order, and two of them could wait for each other.
  await sql`with locked as (
      select f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and ${within} order by f.id for update),
    raised as (
      update accounts.facts f set stop_epoch = f.stop_epoch + 1
      from locked where f.tenant_id = ${ctx.tenant} and f.id = locked.id
      returning f.tenant_id, f.id)
    ${noteStops(sql`raised`)}`.execute(ctx.db);
}

/** An INSERT that notes the rows (tenant_id, id) of a CTE as stopped, for whoever tidies the plans about them. */
export const noteStops = (raised: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into accounts.stops (tenant_id, id, account_id)
  select r.tenant_id, kernel.hash_id('stop', ${newId()}::text, r.id::text), r.id from ${raised} r`;

/** Voids every contact planned for any account of the person whose cluster has this root. Returns the accounts. */
export async function raiseStopEpochsOfCluster(ctx: Ctx, clusterRootId: Id<'cluster'>): Promise<Id<'account'>[]> {
  const { rows } = await sql<{ id: Id<'account'> }>`select a.id from accounts.accounts a
    join parties.clusters_v c on c.tenant_id = ${ctx.tenant} and c.id = a.cluster_id and c.root_id = ${clusterRootId}
    where a.tenant_id = ${ctx.tenant} order by a.id`.execute(ctx.db);
  const ids = rows.map((row) => row.id);
  await raiseStopEpochs(ctx, ids);
  return ids;
}

/** Says that any account may have been stopped unnoticed: a run calls it, which plans from what it saw when it began. */
export async function noteAnyStop(ctx: Ctx): Promise<void> {
  await sql`insert into accounts.stops (tenant_id, id) values (${ctx.tenant}, ${newId()})`.execute(ctx.db);
}

/** Says so of some accounts. */
export async function noteStopsOf(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<void> {
  await sql`
    with seen as (select f.tenant_id, f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and f.id = any(${[...accountIds]}::uuid[]))
    ${noteStops(sql`seen`)}`.execute(ctx.db);
}

export type Stops = {
  readonly ids: readonly string[];
  /** The accounts stopped; null when any may have been. */
  readonly accountIds: readonly Id<'account'>[] | null;
};

/** Some thousands of the stops whose plans have not been tidied, locked; nobody else gets the same. */
export async function takeStops(ctx: Ctx): Promise<Stops> {
  const { rows } = await sql<{ id: string; account_id: Id<'account'> | null }>`
    select s.id, s.account_id from accounts.stops s where s.tenant_id = ${ctx.tenant} order by s.id limit 5000 for update skip locked`.execute(
    ctx.db,
  );
  const accountIds = new Set(rows.map((row) => row.account_id));
  return {
    ids: rows.map((row) => row.id),
    accountIds: accountIds.has(null) ? null : ([...accountIds] as Id<'account'>[]),
  };
}

/** Forgets stops that were taken, once the plans about them are tidied. */
export async function forgetStops(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from accounts.stops s where s.tenant_id = ${ctx.tenant} and s.id = any(${[...ids]}::uuid[])`.execute(
    ctx.db,
  );
}
