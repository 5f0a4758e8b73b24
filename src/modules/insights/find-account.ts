import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

/** The account a promise is about, or null. */
export async function findPromiseAccount(ctx: Ctx, promiseId: string): Promise<Id<'account'> | null> {
  const { rows } = await sql<{ account_id: Id<'account'> }>`
    select p.account_id from payments.promises_v p where p.tenant_id = ${ctx.tenant} and p.id = ${promiseId}`.execute(
    ctx.db,
  );
  return rows[0]?.account_id ?? null;
}

/** One account of the person a cluster belongs to, or null; which one does not matter, but it is always the same. */
export async function firstAccountOfCluster(ctx: Ctx, clusterId: string): Promise<Id<'account'> | null> {
  const { rows } = await sql<{ id: Id<'account'> }>`
    select a.id from parties.clusters_v own
    join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.cluster_id = k.id
    where own.tenant_id = ${ctx.tenant} and own.id = ${clusterId} order by a.id limit 1`.execute(ctx.db);
  return rows[0]?.id ?? null;
}
