import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { tallyInSets } from '../../kernel/tallies.ts';
import { adjustOpen, lockSelectedAccounts, refreshFacts } from '../accounts/public.ts';
import { postSelected } from '../ledger/public.ts';
import { judgePromises } from './judge-promises.ts';
import { reportPayments } from './receipts.sql.ts';
import {
  allocateNamed,
  allocateRest,
  allocationTransfers,
  batchAccounts,
  batchDeltas,
  countLoweredSettlements,
  countStaged,
  hasClearing,
  insertStagedReceipts,
  mostNamed,
  receiptTransfers,
  settleBatch,
  tallyBatch,
} from './take-in-receipts.sql.ts';

/** `recorded`: new receipts. `allocations`: parts of them that settle items. `lowered`: settled amounts that fell, left to a person. */
export type TakenInReceipts = { readonly recorded: number; readonly allocations: number; readonly lowered: number };

/**
 * Takes in the settlements an import has staged (receipt rows, or item rows that say what was settled), as sets: posted, allocated
 * as `allocateCash` would, facts and stop epochs of the accounts moved, promises judged. Rows known before change nothing.
 * The caller's transaction makes it all or nothing. What to do for the audit is the caller's: one entry for the whole import.
 */
export async function takeInReceipts(ctx: Ctx, importId: Id<'import'>): Promise<TakenInReceipts> {
  const staged = await countStaged(ctx, importId);
  if (staged === 0n) return { recorded: 0, allocations: 0, lowered: 0 };
  return withSetPlans(ctx.db, staged, () => takeIn(ctx, importId));
}

async function takeIn(ctx: Ctx, importId: Id<'import'>): Promise<TakenInReceipts> {
  const batchId = newId<'batch'>();
  const lowered = await countLoweredSettlements(ctx, importId);
  const recorded = await tallyInSets(ctx, () => insertStagedReceipts(ctx, importId, batchId));
  if (recorded === 0) return { recorded: 0, allocations: 0, lowered };
  // Before anything is read of what items can take: whoever else brings money to these accounts waits or has finished.
  await lockSelectedAccounts(ctx, batchAccounts(ctx, batchId));
  await postSelected(
    ctx,
    { kind: 'receipt', sourceKind: 'import', sourceId: importId },
    receiptTransfers(ctx, batchId),
  );

  const round = { batchId, anyClearing: await hasClearing(ctx) };
  let allocations = await allocateNamed(ctx, { ...round, nth: 1 });
  const most = await mostNamed(ctx, batchId);
  for (let nth = 2; nth <= most; nth += 1) allocations += await allocateNamed(ctx, { ...round, nth });
  allocations += await allocateRest(ctx, round);

  const source = { sourceKind: 'import', sourceId: importId };
  await postSelected(ctx, { kind: 'allocation', ...source }, allocationTransfers(ctx, batchId, 'receivable'));
  if (round.anyClearing)
    await postSelected(ctx, { kind: 'clearing_match', ...source }, allocationTransfers(ctx, batchId, 'clearing'));
  await adjustOpen(ctx, batchDeltas(ctx, batchId));
  await tallyInSets(ctx, () => settleBatch(ctx, batchId));
  await tallyBatch(ctx, batchId);
  const selected = batchAccounts(ctx, batchId);
  // Before promises are judged, which refreshes facts too: whoever comes second finds nothing fallen, and voids nothing.
  await refreshFacts(ctx, { selected }, { raiseWhenFallen: true });
  await judgePromises(ctx, { selected });
  await reportPayments(ctx, sql`r.batch_id = ${batchId}`);
  return { recorded, allocations, lowered };
}
