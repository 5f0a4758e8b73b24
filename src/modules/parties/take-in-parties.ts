import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { indexTokens } from './search-token.sql.ts';
import {
  allStagedNew,
  contactTexts,
  countStaged,
  insertStagedClusters,
  insertStagedPoints,
  partyTexts,
  updateStagedPlaces,
  upsertStagedParties,
} from './take-in-parties.sql.ts';

/**
 * Takes in the parties an import has staged, as a set; `party_id` of the staged rows is theirs already (`importedPartyId`). A known
 * party takes the file's name and number; place and language fill blanks only. Repeating it changes nothing. Two imports of one client
 * must not run at a time (`lockClient`).
 */
export async function takeInParties(ctx: Ctx, importId: Id<'import'>): Promise<{ created: number; changed: number }> {
  const staged = await countStaged(ctx, importId);
  return withSetPlans(ctx.db, staged, async () => {
    const fresh = await allStagedNew(ctx, importId);
    const created = await insertStagedClusters(ctx, importId, fresh);
    const written = await upsertStagedParties(ctx, importId, fresh);
    if (written > 0n) await indexTokens(ctx, partyTexts(ctx, importId), { fresh });
    return { created: Number(created), changed: Number(written - created) };
  });
}

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
