/** One validated row on its way to the hub: the columns of `intake.staged_rows` without tenant and import. */
export type StagedRow = {
  readonly rowNo: number;
  readonly rowKey: string;
  readonly sourceRowId: string;
  readonly contentSha256: string;
  readonly partyId: string | null;
  readonly accountId: string | null;
  readonly itemId: string | null;
  readonly partyRef: string | null;
  readonly partyName: string | null;
  readonly partyKind: string | null;
  readonly accountNumber: string | null;
  readonly itemNumber: string | null;
  readonly numberKey: string | null;
  readonly itemKind: string | null;
  readonly description: string | null;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  readonly amountMinor: bigint | null;
  readonly openMinor: bigint | null;
  readonly currency: string | null;
  readonly knownOn: string | null;
  readonly settledOn: string | null;
  readonly settledMinor: bigint | null;
  readonly receiptReference: string | null;
  readonly receiptKey: string | null;
  readonly payerName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly postal: string | null;
  readonly contactName: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly timeZone: string | null;
  readonly language: string | null;
  /** What the row says of its debt and the person's standing, as JSON; null where the file says nothing. */
  readonly debt: string | null;
};

const columns: readonly (readonly [keyof StagedRow, string])[] = [
  ['rowNo', 'row_no'],
  ['rowKey', 'row_key'],
  ['sourceRowId', 'source_row_id'],
  ['partyId', 'party_id'],
  ['accountId', 'account_id'],
  ['itemId', 'item_id'],
  ['partyRef', 'party_ref'],
  ['partyName', 'party_name'],
  ['partyKind', 'party_kind'],
  ['accountNumber', 'account_number'],
  ['itemNumber', 'item_number'],
  ['numberKey', 'number_key'],
  ['itemKind', 'item_kind'],
  ['description', 'description'],
  ['issuedOn', 'issued_on'],
  ['dueOn', 'due_on'],
  ['amountMinor', 'amount_minor'],
  ['openMinor', 'open_minor'],
  ['currency', 'currency'],
  ['knownOn', 'known_on'],
  ['settledOn', 'settled_on'],
  ['settledMinor', 'settled_minor'],
  ['receiptReference', 'receipt_reference'],
  ['receiptKey', 'receipt_key'],
  ['payerName', 'payer_name'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['postal', 'postal'],
  ['contactName', 'contact_name'],
  ['country', 'country'],
  ['region', 'region'],
  ['timeZone', 'time_zone'],
  ['language', 'language'],
  ['debt', 'debt'],
];

/**
 * The COPY statement that `copyLine` writes for. The tenant is the transaction's: the import role cannot name one. Nothing between two tabs is
 * null: no value of a row is an empty text.
 */
export const stagedRowsCopy = `copy intake.staged_rows (import_id, ${columns.map(([, name]) => name).join(', ')}, content_sha256) from stdin (null '')`;

const needsEscape = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string) => text.replace(/[\\\t\n\r]/g, (char) => escapes[char] ?? char);

/** One value in COPY's text format. */
export function copyText(value: string | number | bigint | null): string {
  if (value === null) return '\\N';
  const text = typeof value === 'string' ? value : String(value);
  return needsEscape.test(text) ? escaped(text) : text;
}

// So many tabs as there are between values, and nothing that would have to be escaped: all but a few rows, asked once a row.
const plain = new RegExp(`^(?:[^\\\\\\t\\n\\r]*\\t){${columns.length}}[^\\\\\\t\\n\\r]*$`);

/** One row as `stagedRowsCopy` reads it. */
export function copyLine(importId: string, row: StagedRow): string {
  const values: (string | number | bigint | null)[] = [importId];
  for (const [field] of columns) values.push(row[field]);
  let line = values.join('\t');
  if (!plain.test(line)) line = values.map((value) => (value === null ? '' : escaped(String(value)))).join('\t');
  // bytea in hex form; the backslash is doubled for COPY.
  return `${line}\t\\\\x${row.contentSha256}\n`;
}
