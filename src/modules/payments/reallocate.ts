import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Money, subtract, sum } from '../../kernel/money.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { manualAllocations, whyNotAllocatable } from './allocate-cash.ts';
import {
  findAllocationReceipt,
  listPayableItems,
  listStandingAllocations,
  markAllocationsReviewed,
} from './allocations.sql.ts';
import { type CorrectionRefusal, finishCorrection, openForCorrection } from './correct-receipt.ts';
import { postAllocations, reverseAllocations } from './post-cash.ts';
import { findAccountHead, findReceipt, updateReceiptRest } from './receipts.sql.ts';

/**
 * Replaces the allocations of a receipt by a person's; the old ones are reversed, not erased. An empty list leaves all of it
 * unapplied on the account. Refuses: receipt or account not found, a reversed receipt, an older `rowVersion`, amounts that do not fit.
 */
export async function reallocate(
  ctx: Ctx,
  input: {
    readonly receiptId: Id<'receipt'>;
    readonly accountId: Id<'account'>;
    readonly allocations: readonly { readonly itemId: Id<'item'>; readonly amount: Money }[];
    readonly reason: string;
    readonly rowVersion?: bigint;
  },
): Promise<Result<{ receiptId: Id<'receipt'>; unapplied: Money }, CorrectionRefusal>> {
  const opened = await openForCorrection(ctx, { ...input, alsoLock: [input.accountId] });
  if (!opened.ok) return opened;
  const receipt = opened.value;
  const account = await findAccountHead(ctx, input.accountId);
  if (!account || account.clientId !== receipt.clientId) {
    return refuse('account_not_found', 'There is no such account with the client this money is for.');
  }
  if (account.currency !== receipt.amount.currency) {
    return refuse(
      'currency_mismatch',
      `Account ${account.number} is kept in ${account.currency}; this money is ${receipt.amount.currency}.`,
    );
  }
  const standing = await listStandingAllocations(ctx, receipt.id);
  const items = new Map((await listPayableItems(ctx, account.id, standing)).map((item) => [item.itemId, item]));
  const problem = whyNotAllocatable(receipt.amount, input.allocations, items);
  if (problem) return refuse('cannot_allocate', problem);

  await reverseAllocations(ctx, receipt, standing, { reason: input.reason });
  const allocations = manualAllocations(receipt.receivedOn, input.allocations, items, input.reason);
  await postAllocations(ctx, receipt, allocations);
  const unapplied = subtract(
    receipt.amount,
    sum(
      allocations.map((part) => part.amount),
      receipt.amount.currency,
    ),
  );
  await updateReceiptRest(ctx, receipt.id, { unapplied, accountId: account.id });
  const touched = [
    account.id,
    ...(receipt.accountId ? [receipt.accountId] : []),
    ...standing.map((part) => part.accountId),
  ];
  await finishCorrection(ctx, receipt, {
    accountIds: touched,
    fell: [account.id],
    action: 'receipt.reallocated',
    reason: input.reason,
  });
  return ok({ receiptId: receipt.id, unapplied });
}

/** Takes one allocation back; its money is unapplied again. Refuses: not found, or already taken back. */
export async function reverseAllocation(
  ctx: Ctx,
  input: { readonly allocationId: string; readonly reason: string },
): Promise<
  Result<
    { receiptId: Id<'receipt'>; unapplied: Money },
    CorrectionRefusal | 'allocation_not_found' | 'already_reversed'
  >
> {
  const receiptId = await findAllocationReceipt(ctx, input.allocationId);
  if (!receiptId) return refuse('allocation_not_found', 'There is no such allocation.');
  const opened = await openForCorrection(ctx, { receiptId, alsoLock: [] });
  if (!opened.ok) return opened;
  const receipt = opened.value;
  const [allocation] = await listStandingAllocations(ctx, receiptId, input.allocationId);
  if (!allocation) return refuse('already_reversed', 'This allocation has already been taken back.');
  await reverseAllocations(ctx, receipt, [allocation], { reason: input.reason });
  const unapplied = {
    ...receipt.unapplied,
    amountMinor: receipt.unapplied.amountMinor + allocation.amount.amountMinor,
  };
  await updateReceiptRest(ctx, receipt.id, { unapplied, accountId: receipt.accountId });
  await finishCorrection(ctx, receipt, {
    accountIds: [allocation.accountId, ...(receipt.accountId ? [receipt.accountId] : [])],
    fell: [],
    action: 'allocation.reversed',
    reason: input.reason,
  });
  return ok({ receiptId, unapplied });
}

/** Records that a person has looked at a receipt's allocations and found them right. Refuses: `receipt_not_found`. */
export async function reviewAllocation(
  ctx: Ctx,
  receiptId: Id<'receipt'>,
): Promise<Result<{ reviewed: number }, 'receipt_not_found'>> {
  const receipt = await findReceipt(ctx, receiptId);
  if (!receipt) return refuse('receipt_not_found', 'There is no such receipt.');
  const reviewed = await markAllocationsReviewed(ctx, receiptId);
  if (reviewed > 0)
    await finishCorrection(ctx, receipt, {
      accountIds: [],
      fell: [],
      action: 'receipt.reviewed',
      reason: 'Allocations found right.',
    });
  return ok({ reviewed });
}
