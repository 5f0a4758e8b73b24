export {
  type ChartRow,
  type Component,
  type JournalKind,
  type LedgerAccountKind,
  type LedgerSide,
  ledgerAccountId,
} from './ledger-account.ts';
export { type ItemBalance, itemBalancesAt } from './item-balances.sql.ts';
export { postJournal, postSelected } from './post-journal.ts';
export { reverseJournal } from './reverse-journal.ts';
export type { JournalHead, TransferDraft } from './transfer.ts';
export { type LedgerFinding, verifyLedger } from './verify-ledger.ts';
