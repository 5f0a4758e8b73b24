import type { Problem } from './cell-readers.ts';

export type ItemKind = 'invoice' | 'instalment' | 'loan_balance' | 'charge' | 'credit_note';

const words: Readonly<Record<ItemKind, string>> = {
  invoice: 'invoice inv bill rechnung facture debit debitnote taxinvoice salesinvoice i',
  credit_note: 'credit creditnote creditmemo cn cm crn gutschrift avoir salescreditnote c',
  instalment: 'instalment installment rate echeance',
  loan_balance: 'loan loanbalance darlehen pret',
  charge: 'charge fee latefee interest gebuhr frais',
};

const byWord = new Map(
  Object.entries(words).flatMap(([kind, list]) => list.split(' ').map((word) => [word, kind as ItemKind])),
);

const known = new Map<string, ItemKind>();

/** The kind a word means, remembered as it was written: a file has a few spellings and many rows. */
function kindOf(cell: string): ItemKind | undefined {
  const word = cell
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  const kind = byWord.get(word);
  if (kind && known.size < 1000) known.set(cell, kind);
  return kind;
}

/** The kind of an item from its cell and the sign of its amount; a negative amount is a credit whatever the cell says. */
export function readItemKind(cell: string | null, amountMinor: bigint, problems: Problem[]): ItemKind {
  if (amountMinor < 0n) return 'credit_note';
  if (cell === null) return 'invoice';
  const kind = known.get(cell) ?? kindOf(cell);
  if (kind) return kind;
  const sentence = `"${cell.slice(0, 40)}" is not a kind of item we know; use invoice, credit note, instalment, charge or loan balance.`;
  problems.push({ field: 'item_kind', code: 'unknown_kind', sentence });
  return 'invoice';
}
