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
export { type Rate, unitsAt, withoutRate } from './rate.ts';
export { findRate, listRates, powerOfTen, ratesOn, unitsInSql } from './rates.sql.ts';
export { loadRates, type NewRate, type Rates, setRate } from './set-rate.ts';
