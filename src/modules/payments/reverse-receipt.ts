import { type CalendarDate, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { listStandingAllocations } from './allocations.sql.ts';
import { type CorrectionRefusal, finishCorrection, openForCorrection } from './correct-receipt.ts';
import { postReturned, reverseAllocations } from './post-cash.ts';
import { findClientZone, markReceiptReversed } from './receipts.sql.ts';

/**
 * Takes back money that bounced, was recalled or never came: its items owe again what they owed, effective `on`, and promises it
 * had kept are judged anew. Refuses: not found, already reversed, an older `rowVersion`, a day before it was received or yet to come.
 */
export async function reverseReceipt(
  ctx: Ctx,
  input: {
    readonly receiptId: Id<'receipt'>;
    readonly on: CalendarDate;
    readonly reason: string;
    readonly rowVersion?: bigint;
  },
): Promise<
  Result<{ receiptId: Id<'receipt'> }, CorrectionRefusal | 'reversed_before_received' | 'reversed_in_future'>
> {
  const opened = await openForCorrection(ctx, { ...input, alsoLock: [] });
  if (!opened.ok) return opened;
  const receipt = opened.value;
  if (input.on < receipt.receivedOn) {
    return refuse('reversed_before_received', `This money came on ${receipt.receivedOn}; it cannot have gone before.`);
  }
  const zone = await findClientZone(ctx, receipt.clientId);
  const today = localDateOf(ctx.at, timeZone(zone ?? 'UTC'));
  if (input.on > today)
    return refuse('reversed_in_future', `${input.on} has not come yet (it is ${today} for the client).`);
  const standing = await listStandingAllocations(ctx, receipt.id);
  await reverseAllocations(ctx, receipt, standing, { reason: input.reason, on: input.on });
  await postReturned(ctx, receipt, { on: input.on, reason: input.reason });
  await markReceiptReversed(ctx, receipt.id, input);
  await finishCorrection(ctx, receipt, {
    accountIds: [...standing.map((part) => part.accountId), ...(receipt.accountId ? [receipt.accountId] : [])],
    fell: [],
    action: 'receipt.reversed',
    reason: input.reason,
  });
  return ok({ receiptId: receipt.id });
}
