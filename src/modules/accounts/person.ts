import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import {
  addLink,
  decideMatch,
  endLink,
  findMatch,
  lockRootsOf,
  mergeClusters,
  type NewLink,
  reopenMatchOf,
  representatives,
  undoMerge,
} from '../parties/public.ts';
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

/**
 * Merges the two persons of a reviewed pair, the one known longer staying. Refuses: `match_not_found`, `already_decided`, `version_conflict`,
 * `already_one`.
 */
export async function joinMatch(
  ctx: Ctx,
  input: { readonly matchId: Id<'match'>; readonly reason: string; readonly rowVersion: bigint },
): Promise<
  Result<
    { mergeId: Id<'cluster_merge'> },
    'match_not_found' | 'already_decided' | 'version_conflict' | 'already_one' | 'cluster_not_found'
  >
> {
  const match = await findMatch(ctx, input.matchId);
  if (!match) return refuse('match_not_found', 'There is no such pair.');
  const merged = await joinPeople(ctx, { from: match.otherClusterId, into: match.clusterId, reason: input.reason });
  if (!merged.ok) return merged;
  const { mergeId } = merged.value;
  const decided = await decideMatch(ctx, { ...input, state: 'merged', mergeId });
  return decided.ok ? ok({ mergeId }) : decided;
}

/**
 * Links two parties. From the moment somebody stands between us and the party (attorney, executor, guardian, parent), what was planned for
 * its accounts is void. Refuses as `addLink`.
 */
export async function linkPeople(ctx: Ctx, input: NewLink): ReturnType<typeof addLink> {
  const added = await addLink(ctx, input);
  if (added.ok && representatives.has(input.role)) await refreshParty(ctx, input.partyId, { stop: true });
  return added;
}

/** Ends a link, or with null takes its end back; what was planned meanwhile is void where the link stands between. Refuses as `endLink`. */
export async function unlinkPeople(
  ctx: Ctx,
  input: Parameters<typeof endLink>[1],
): Promise<Awaited<ReturnType<typeof endLink>>> {
  const ended = await endLink(ctx, input);
  if (ended.ok && representatives.has(ended.value.role)) await refreshParty(ctx, ended.value.partyId, { stop: true });
  return ended;
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
  await reopenMatchOf(ctx, mergeId);
  return ok();
}
