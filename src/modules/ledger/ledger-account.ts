import type { Currency } from '../../kernel/currency.ts';
import { hashId, type Id } from '../../kernel/ids.ts';

/** Kinds of ledger account. Debit-natured: receivable, clearing, bank, trust, suspense, write_off, commission; the rest credit. */
export const ledgerAccountKinds = [
  'receivable',
  'opening',
  'clearing',
  'bank',
  'trust',
  'unapplied',
  'suspense',
  'refund_payable',
  'write_off',
  'adjustment',
  'income_interest',
  'income_fee',
  'suspended_interest',
  'client_payable',
  'commission',
  'tax',
  'fx',
] as const;
export type LedgerAccountKind = (typeof ledgerAccountKinds)[number];

/** What a receivable is for. `none` belongs to every other kind of account. */
export type Component = 'none' | 'principal' | 'interest' | 'fee' | 'cost';

/** One side of a transfer. Only `receivable` has a component. */
export type LedgerSide = {
  readonly kind: LedgerAccountKind;
  readonly component?: Component | undefined;
};

export type ChartRow = {
  readonly clientId: Id<'client'>;
  readonly kind: LedgerAccountKind;
  readonly component: Component;
  readonly currency: Currency;
};

export type JournalKind =
  | 'opening'
  | 'item'
  | 'item_change'
  | 'credit_note'
  | 'receipt'
  | 'allocation'
  | 'reversal'
  | 'host_reduction'
  | 'clearing_match'
  | 'write_off'
  | 'adjustment'
  | 'fee'
  | 'interest';

/** Id of the one ledger account of this client, kind, component and currency. */
export function ledgerAccountId(row: ChartRow): Id<'ledger_account'> {
  return hashId('ledger_account', row.clientId, row.kind, row.component, row.currency);
}

export function componentOf(side: LedgerSide): Component {
  const component = side.component ?? 'none';
  if ((side.kind === 'receivable') !== (component !== 'none')) {
    throw new RangeError(`A ledger account of kind ${side.kind} cannot have the component ${component}`);
  }
  return component;
}
