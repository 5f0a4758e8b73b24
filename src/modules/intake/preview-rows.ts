import { currency, formatMoney, money } from '../../kernel/money.ts';
import type { SourceRow } from './csv-reader.ts';
import { debtInWords } from './debt-in-words.ts';
import { fieldsOf } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { compileRowReader, type RowSettings } from './row-reader.ts';
import type { StagedRow } from './staged-row.ts';

/** One row as it would be taken in: values in words by field, or what stands in its way. */
export type PreviewRow = {
  readonly rowNo: number;
  readonly values: Readonly<Record<string, string | null>>;
  readonly problem: string | null;
  readonly field: string | null;
};

/** Shows what a mapping makes of rows; the mapping must fit the headers (see `checkMapping`). */
export function previewRows(
  mapping: Mapping,
  headers: readonly string[],
  rows: readonly SourceRow[],
  settings: RowSettings,
): PreviewRow[] {
  const read = compileRowReader(mapping, headers, settings);
  return rows.map((source) => {
    const outcome = read(source);
    if (outcome.kind === 'row')
      return { rowNo: source.rowNo, values: valuesOf(mapping, outcome.row), problem: null, field: null };
    if (outcome.kind === 'rejected') {
      const [first] = outcome.problems;
      return {
        rowNo: source.rowNo,
        values: {},
        problem: outcome.problems.map((problem) => problem.sentence).join(' '),
        field: first?.field ?? null,
      };
    }
    const why =
      outcome.why === 'blank'
        ? 'The row is blank and will be left out.'
        : `Not known yet on ${settings.until ?? ''}, so it will be left out.`;
    return { rowNo: source.rowNo, values: {}, problem: why, field: null };
  });
}

function valuesOf(mapping: Mapping, row: StagedRow): Record<string, string | null> {
  const inMoney = (minor: bigint | null) =>
    minor === null || row.currency === null ? null : formatMoney(money(minor, currency(row.currency)));
  const all: Readonly<Record<string, string | null>> = {
    party_ref: row.partyRef,
    party_name: row.partyName,
    account_number: row.accountNumber,
    item_number: row.itemNumber,
    item_kind: row.itemKind,
    description: row.description,
    issued_on: row.issuedOn,
    due_on: row.dueOn,
    amount: inMoney(row.amountMinor),
    open: inMoney(row.openMinor),
    currency: row.currency,
    known_on: row.knownOn,
    settled_on: row.settledOn,
    settled: inMoney(row.settledMinor),
    receipt_reference: row.receiptReference,
    receipt_key: row.receiptKey,
    payer_name: row.payerName,
    email: row.email,
    phone: row.phone,
    postal: row.postal,
    contact_name: row.contactName,
    country: row.country,
    region: row.region,
    time_zone: row.timeZone,
    language: row.language,
    ...debtInWords(row.debt, inMoney),
  };
  return Object.fromEntries(fieldsOf(mapping.target).map((field) => [field.name, all[field.name] ?? null]));
}
