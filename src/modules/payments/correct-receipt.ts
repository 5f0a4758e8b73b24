import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { lockWithPersons, raiseStopEpochs, refreshFacts } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { listStandingAllocations } from './allocations.sql.ts';
import { judgePromises, rejudgePromises } from './judge-promises.ts';
import type { Receipt } from './receipt.ts';
import { findReceipt, lockReceipt, reportPayments } from './receipts.sql.ts';

export type CorrectionRefusal =
  | 'receipt_not_found'
  | 'receipt_reversed'
  | 'account_not_found'
  | 'currency_mismatch'
  | 'changed_meanwhile'
  | 'cannot_allocate';

/**
 * Locks a receipt with every account its money touches, accounts first as everywhere. Two people correcting one receipt queue
 * here: the second, whose `rowVersion` is the older, is refused.
 */
export async function openForCorrection(
  ctx: Ctx,
  input: {
    readonly receiptId: Id<'receipt'>;
    readonly alsoLock: readonly Id<'account'>[];
    readonly rowVersion?: bigint;
  },
): Promise<Result<Receipt, 'receipt_not_found' | 'receipt_reversed' | 'changed_meanwhile'>> {
  const before = await findReceipt(ctx, input.receiptId);
  if (!before) return refuse('receipt_not_found', 'There is no such receipt.');
  const standing = await listStandingAllocations(ctx, input.receiptId);
  const accountIds = new Set([
    ...input.alsoLock,
    ...standing.map((part) => part.accountId),
    ...(before.accountId ? [before.accountId] : []),
  ]);
  // With the persons: a promise that opens again places a hold, which locks them before accounts.
  await lockWithPersons(ctx, [...accountIds]);
  const receipt = await lockReceipt(ctx, input.receiptId);
  if (!receipt) return refuse('receipt_not_found', 'There is no such receipt.');
  // The accounts were chosen before the locks: had the allocations changed since, another account might be touched unlocked.
  if (
    (input.rowVersion !== undefined && receipt.rowVersion !== input.rowVersion) ||
    receipt.rowVersion !== before.rowVersion
  ) {
    return refuse(
      'changed_meanwhile',
      'Somebody else has changed this receipt meanwhile; look at it again before you correct it.',
    );
  }
  if (receipt.state === 'reversed')
    return refuse('receipt_reversed', 'This receipt has been reversed; its money is no longer here.');
  return ok(receipt);
}

/** What follows every correction: plans void where a balance fell, promises judged, facts anew, one audit entry. */
export async function finishCorrection(
  ctx: Ctx,
  receipt: Receipt,
  done: {
    readonly accountIds: readonly Id<'account'>[];
    readonly fell: readonly Id<'account'>[];
    readonly action: string;
    readonly reason: string;
  },
): Promise<void> {
  const accountIds = [...new Set(done.accountIds)].sort();
  if (done.fell.length > 0) await raiseStopEpochs(ctx, done.fell);
  if (accountIds.length > 0) {
    await rejudgePromises(ctx, accountIds);
    await judgePromises(ctx, { accountIds });
    await refreshFacts(ctx, { accountIds });
    await reportPayments(ctx, sql`r.id = ${receipt.id}`);
  }
  const about = receipt.accountId ?? accountIds[0];
  await recordAudit(ctx, {
    action: done.action,
    subjectKind: 'receipt',
    subjectId: receipt.id,
    ...(receipt.accountId && { accountId: receipt.accountId }),
    detail: { amountMinor: String(receipt.amount.amountMinor), currency: receipt.amount.currency },
    ...(about && { personal: { personId: about, values: { reason: done.reason } } }),
  });
}
