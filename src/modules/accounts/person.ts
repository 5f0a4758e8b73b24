import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { lockRootsOf, mergeClusters, undoMerge } from '../parties/public.ts';
import { removeStrays } from './change-case.ts';
import { lockAccounts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';
import { raiseStopEpochs, raiseStopEpochsOfCluster } from './stop-epoch.sql.ts';

/**
 * Refreshes the facts of a party's accounts after a contact point changed; with `stop` (it bounced, it is wrong, it was ended) what was
 * planned for them is void.
 */
export async function refreshParty(
  ctx: Ctx,
  partyId: Id<'party'>,
  options: { readonly stop?: boolean } = {},
): Promise<void> {
  const { rows } = await sql<{
    id: Id<'account'>;
    cluster_id: Id<'cluster'>;
  }>`select id, cluster_id from accounts.accounts
    where tenant_id = ${ctx.tenant} and party_id = ${partyId} order by id`.execute(ctx.db);
  const accountIds = rows.map((row) => row.id);
  await lockRootsOf(
    ctx,
    rows.map((row) => row.cluster_id),
  );
  await lockAccounts(ctx, accountIds);
  if (options.stop) await raiseStopEpochs(ctx, accountIds);
  await refreshFacts(ctx, { accountIds });
}

/**
 * Merges two persons and voids what was planned for either: caps, stops and holds now apply to both together. Refuses:
 * `cluster_not_found`, `already_one`.
 */
export async function joinPeople(
  ctx: Ctx,
  input: { readonly from: Id<'cluster'>; readonly into: Id<'cluster'>; readonly reason: string },
): Promise<Result<{ mergeId: Id<'cluster_merge'>; rootId: Id<'cluster'> }, 'cluster_not_found' | 'already_one'>> {
  const merged = await mergeClusters(ctx, input);
  if (!merged.ok) return merged;
  const accountIds = await raiseStopEpochsOfCluster(ctx, merged.value.rootId);
  await refreshFacts(ctx, { accountIds });
  return merged;
}

/** Takes a merge back and voids what was planned for either. Refuses: `merge_not_found`, `already_undone`. */
export async function partPeople(
  ctx: Ctx,
  mergeId: Id<'cluster_merge'>,
): Promise<Result<void, 'merge_not_found' | 'already_undone'>> {
  const parted = await undoMerge(ctx, mergeId);
  if (!parted.ok) return parted;
  const accountIds: Id<'account'>[] = [];
  for (const rootId of parted.value.rootIds) accountIds.push(...(await raiseStopEpochsOfCluster(ctx, rootId)));
  await removeStrays(ctx, accountIds);
  await refreshFacts(ctx, { accountIds });
  return ok();
}
