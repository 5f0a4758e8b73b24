import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id, newId } from '../../kernel/ids.ts';
import { negate } from '../../kernel/money.ts';
import { adjustOpen } from '../accounts/public.ts';
import { type LedgerSide, postJournal } from '../ledger/public.ts';
import type { AllocationTarget, ProposedAllocation } from './allocate-cash.ts';
import { deltasFragment, insertAllocations, markAllocationsReversed, type OpenDelta } from './allocations.sql.ts';
import type { Allocation, Receipt } from './receipt.ts';

const bank: LedgerSide = { kind: 'bank' };
const unapplied: LedgerSide = { kind: 'unapplied' };

function sideOf(against: AllocationTarget): LedgerSide {
  return against === 'receivable' ? { kind: 'receivable', component: 'principal' } : { kind: 'clearing' };
}

/** The transfer by which a receipt came in: its id follows from the receipt's, as in the set-based take-in. */
const bankTransferId = (receiptId: string) => hashId<'transfer'>('receipt-transfer', receiptId);

/** Dr bank Cr unapplied: the money is here, and nothing is said yet about what it pays. */
export async function postReceived(
  ctx: Ctx,
  receipt: Pick<Receipt, 'id' | 'clientId' | 'accountId' | 'amount' | 'receivedOn'>,
): Promise<void> {
  await postJournal(ctx, {
    kind: 'receipt',
    sourceKind: 'receipt',
    sourceId: receipt.id,
    transfers: [
      {
        debit: bank,
        credit: unapplied,
        clientId: receipt.clientId,
        amount: receipt.amount,
        accountId: receipt.accountId,
        receiptId: receipt.id,
        effectiveOn: receipt.receivedOn,
        transferId: bankTransferId(receipt.id),
      },
    ],
  });
}

/** Dr unapplied Cr receivable (or clearing), one transfer and one row of the same id per allocation, and the items fall. */
export async function postAllocations(
  ctx: Ctx,
  receipt: Pick<Receipt, 'id' | 'clientId'>,
  proposed: readonly ProposedAllocation[],
): Promise<void> {
  if (proposed.length === 0) return;
  const allocations = proposed.map((allocation) => ({ ...allocation, id: newId<'transfer'>() }));
  await postJournal(ctx, {
    kind: 'allocation',
    sourceKind: 'receipt',
    sourceId: receipt.id,
    transfers: allocations.map((a) => ({
      debit: unapplied,
      credit: sideOf(a.against),
      clientId: receipt.clientId,
      amount: a.amount,
      accountId: a.accountId as Id<'account'>,
      itemId: a.itemId as Id<'item'>,
      receiptId: receipt.id,
      effectiveOn: a.effectiveOn,
      transferId: a.id,
    })),
  });
  await insertAllocations(ctx, receipt.id, allocations);
  await moveOpen(
    ctx,
    allocations
      .filter((a) => a.against === 'receivable')
      .map((a) => ({ itemId: a.itemId, delta: negate(a.amount), on: a.effectiveOn })),
  );
}

/**
 * Takes allocations back. A correction is effective on each allocation's own day, as if it had never been; money that bounced
 * leaves its items on the day it bounced (`on`), or on the allocation's day where that is later.
 */
export async function reverseAllocations(
  ctx: Ctx,
  receipt: Pick<Receipt, 'id' | 'clientId'>,
  allocations: readonly Allocation[],
  input: { readonly reason: string; readonly on?: CalendarDate },
): Promise<void> {
  if (allocations.length === 0) return;
  const dated = allocations.map((a) => ({ ...a, on: input.on && input.on > a.effectiveOn ? input.on : a.effectiveOn }));
  await postJournal(ctx, {
    kind: 'reversal',
    sourceKind: 'receipt',
    sourceId: receipt.id,
    note: input.reason,
    transfers: dated.map((a) => ({
      debit: sideOf(a.against),
      credit: unapplied,
      clientId: receipt.clientId,
      amount: a.amount,
      accountId: a.accountId,
      itemId: a.itemId,
      receiptId: receipt.id,
      effectiveOn: a.on,
      reversesId: a.id,
    })),
  });
  await markAllocationsReversed(
    ctx,
    allocations.map((a) => a.id),
    input.reason,
  );
  await moveOpen(
    ctx,
    dated.filter((a) => a.against === 'receivable').map((a) => ({ itemId: a.itemId, delta: a.amount, on: a.on })),
  );
}

/** Dr unapplied Cr bank: the money is gone again. */
export async function postReturned(
  ctx: Ctx,
  receipt: Pick<Receipt, 'id' | 'clientId' | 'accountId' | 'amount'>,
  input: { readonly on: CalendarDate; readonly reason: string },
): Promise<void> {
  await postJournal(ctx, {
    kind: 'reversal',
    sourceKind: 'receipt',
    sourceId: receipt.id,
    note: input.reason,
    transfers: [
      {
        debit: unapplied,
        credit: bank,
        clientId: receipt.clientId,
        amount: receipt.amount,
        accountId: receipt.accountId,
        receiptId: receipt.id,
        effectiveOn: input.on,
        reversesId: bankTransferId(receipt.id),
      },
    ],
  });
}

async function moveOpen(ctx: Ctx, deltas: readonly OpenDelta[]): Promise<void> {
  if (deltas.length > 0) await adjustOpen(ctx, deltasFragment(ctx, deltas));
}
