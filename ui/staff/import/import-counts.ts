import type { Job } from './imports-page.tsx';

type Told = { readonly name: string; readonly value: number; readonly foot?: string };

// In the order a person asks: what was read, what became of it, what was left out and why.
const known: readonly (readonly [string, string, string?])[] = [
  ['rows', 'Rows read'],
  ['itemsCreated', 'New items'],
  ['itemsChanged', 'Items changed'],
  ['itemsReduced', 'Items lowered', 'the creditor reports less open'],
  ['itemsClosed', 'Items closed'],
  ['receipts', 'Receipts'],
  ['allocations', 'Receipts applied', 'to items'],
  ['settlementsLowered', 'Payments lowered', 'no more than was open'],
  ['partiesCreated', 'New customers'],
  ['accountsCreated', 'New accounts'],
  ['partiesChanged', 'Customers changed'],
  ['partiesPlaced', 'Customers placed', 'country or time zone known'],
  ['contactPoints', 'New contacts'],
  ['debtsDescribed', 'Debts described'],
  ['debtsKept', 'Descriptions kept', 'a person had written them'],
  ['debtsWithoutLastDay', 'No last day to sue', 'state, contract or default missing'],
  ['consents', 'New consents'],
  ['legalEvents', 'Legal events', 'attorney, bankruptcy, death, minority'],
  ['languageWishes', 'Language wishes'],
  ['attorneys', 'Attorneys'],
  ['gone', 'Gone', 'no longer in a full snapshot'],
  ['unchanged', 'Unchanged', 'known already'],
  ['afterUntil', 'Not known yet', 'later than the chosen day'],
  ['repeated', 'Repeated', 'the same row twice'],
  ['alike', 'Equal rows', 'without number; each counts'],
  ['blank', 'Blank rows'],
  ['rejected', 'Not taken in'],
];
// Steps on the way that say nothing more.
const inside = new Set(['staged', 'changed', 'live']);

/** What an import did, in words, without the zeros; a count we have no words for is still shown. */
export function countsOf(job: Job): Told[] {
  const told = known.flatMap(([key, name, foot]): Told[] => {
    const value = job.counts[key] ?? 0;
    if (value === 0 && key !== 'rows') return [];
    return [{ name, value, ...(foot === undefined ? {} : { foot }) }];
  });
  const names = new Set(known.map(([key]) => key));
  const others = Object.entries(job.counts).filter(([key, value]) => value > 0 && !names.has(key) && !inside.has(key));
  return [...told, ...others.map(([name, value]) => ({ name: spaced(name), value }))];
}

const spaced = (key: string): string => {
  const text = key.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
