import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import { hashId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';

export type ReceiptMethod = 'bank_transfer' | 'cheque' | 'card' | 'cash' | 'direct_debit' | 'other';
export type ReceiptSource = 'file' | 'hand' | 'api';
export type ReceiptState = 'open' | 'applied' | 'reversed';

/** Money that came in. `accountId` is null while nobody knows whose it is. */
export type Receipt = {
  readonly id: Id<'receipt'>;
  readonly clientId: Id<'client'>;
  readonly accountId: Id<'account'> | null;
  readonly amount: Money;
  readonly unapplied: Money;
  readonly receivedOn: CalendarDate;
  readonly method: ReceiptMethod;
  readonly reference: string | null;
  readonly payerName: string | null;
  readonly source: ReceiptSource;
  readonly externalKey: string;
  readonly state: ReceiptState;
  readonly rowVersion: bigint;
};

/** A standing part of a receipt that settles an item. Has the id of its transfer. */
export type Allocation = {
  readonly id: Id<'transfer'>;
  readonly receiptId: Id<'receipt'>;
  readonly accountId: Id<'account'>;
  readonly itemId: Id<'item'>;
  readonly amount: Money;
  readonly against: 'receivable' | 'clearing';
  readonly effectiveOn: CalendarDate;
};

/** The same money told twice has the same id. */
export function receiptIdOf(clientId: string, externalKey: string): Id<'receipt'> {
  return hashId('receipt', clientId, externalKey);
}

/** Whether a repeated key tells the same receipt again. The account may have been found since, so an absent one agrees. */
export function tellsTheSame(
  known: Receipt,
  told: { readonly accountId: string | null; readonly amount: Money; readonly receivedOn: CalendarDate },
): boolean {
  return (
    known.amount.currency === told.amount.currency &&
    known.amount.amountMinor === told.amount.amountMinor &&
    known.receivedOn === told.receivedOn &&
    (told.accountId === null || told.accountId === known.accountId)
  );
}
