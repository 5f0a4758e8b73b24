import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { indexTokens } from './search-token.sql.ts';
import {
  allStagedNew,
  contactTexts,
  countStaged,
  deleteUnbornTokens,
  insertStagedClusters,
  insertStagedPoints,
  partyTexts,
  unbornTexts,
  updateStagedPlaces,
  upsertStagedParties,
} from './take-in-parties.sql.ts';

/**
 * Takes in the parties an import has staged, as a set; `party_id` of the staged rows is theirs already (`importedPartyId`). A known
 * party takes the file's name and number; place and language fill blanks only. Repeating it changes nothing. Two imports of one client
 * must not run at a time (`lockClient`). With `indexedBeside` their words are `indexUnbornParties`' task.
 */
export async function takeInParties(
  ctx: Ctx,
  importId: Id<'import'>,
  options: { readonly indexedBeside?: boolean } = {},
): Promise<{ created: number; changed: number }> {
  const staged = await countStaged(ctx, importId);
  return withSetPlans(ctx.db, staged, async () => {
    const fresh = await allStagedNew(ctx, importId);
    const created = await insertStagedClusters(ctx, importId, fresh);
    const written = await upsertStagedParties(ctx, importId, fresh);
    if (written > 0n && !options.indexedBeside) await indexTokens(ctx, partyTexts(ctx, importId), { fresh });
    return { created: Number(created), changed: Number(written - created) };
  });
}

/**
 * Makes the parties of an import found by words in a transaction of its own, while `takeInParties` writes them in another: words of a
 * party that is not there find nothing. Commits before anyone else writes words of these parties, or the two wait for each other.
 * `fresh`: a word written before breaks the statement.
 */
export async function indexUnbornParties(ctx: Ctx, importId: Id<'import'>, fresh: boolean): Promise<void> {
  const staged = await countStaged(ctx, importId);
  await withSetPlans(ctx.db, staged, () => indexTokens(ctx, unbornTexts(ctx, importId), { unborn: true, fresh }));
}

/** Forgets the words of parties that were never written, because the import failed. Repeating it changes nothing. */
export const forgetUnbornParties = (ctx: Ctx, importId: Id<'import'>): Promise<void> =>
  withSetPlans(ctx.db, 20n, () => deleteUnbornTokens(ctx, importId));

/**
 * Takes in the contact points an import has staged, as a set, and, from a contacts file (`placesToo`), country, region, time zone and
 * language. `known`: points we had, left as they are; `unmatched`: points whose party we do not know. Facts are the caller's to
 * refresh. Repeating it changes nothing.
 */
export async function takeInContactPoints(
  ctx: Ctx,
  importId: Id<'import'>,
  options: { readonly placesToo?: boolean } = {},
): Promise<{ created: number; known: number; unmatched: number; placed: number }> {
  const staged = await countStaged(ctx, importId);
  return withSetPlans(ctx.db, staged, async () => {
    const { points, unmatched, created } = await insertStagedPoints(ctx, importId);
    if (created > 0n) await indexTokens(ctx, contactTexts(ctx, importId));
    const placed = options.placesToo ? await updateStagedPlaces(ctx, importId) : 0n;
    return {
      created: Number(created),
      known: Number(points - unmatched - created),
      unmatched: Number(unmatched),
      placed: Number(placed),
    };
  });
}
