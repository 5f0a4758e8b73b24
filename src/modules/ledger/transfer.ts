import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { type Component, componentOf, type JournalKind, type LedgerSide } from './ledger-account.ts';

/** One balanced movement: `amount` (more than zero) from `credit` to `debit`. */
export type TransferDraft = {
  readonly debit: LedgerSide;
  readonly credit: LedgerSide;
  readonly clientId: Id<'client'>;
  readonly amount: Money;
  readonly accountId?: Id<'account'> | null | undefined;
  readonly itemId?: Id<'item'> | null | undefined;
  readonly receiptId?: Id<'receipt'> | null | undefined;
  readonly effectiveOn: CalendarDate;
  readonly reversesId?: Id<'transfer'> | null | undefined;
  /** Given when the transfer must be written once however often it is posted. */
  readonly transferId?: Id<'transfer'> | undefined;
};

/** Why a set of transfers is written: one journal per business event. */
export type JournalHead = {
  readonly kind: JournalKind;
  readonly sourceKind: string;
  readonly sourceId: string;
  readonly note?: string | null | undefined;
  /** Given when the caller stores it or repeats itself; otherwise a fresh one is made. */
  readonly journalId?: Id<'journal'> | undefined;
  /** No transfer of the set can have been written before, by anybody: replays are then not looked for. */
  readonly fresh?: boolean | undefined;
};

/** The component a transfer is about: that of its receivable side, else none. */
export function transferComponent(draft: TransferDraft): Component {
  const debit = componentOf(draft.debit);
  return debit === 'none' ? componentOf(draft.credit) : debit;
}

export function checkDraft(draft: TransferDraft): void {
  if (draft.amount.amountMinor <= 0n) throw new RangeError('A transfer moves more than zero; swap its sides instead');
  if (draft.debit.kind === draft.credit.kind && componentOf(draft.debit) === componentOf(draft.credit)) {
    throw new RangeError(`A transfer needs two sides, both are ${draft.debit.kind}`);
  }
}
