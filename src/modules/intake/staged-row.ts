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
  ['contentSha256', 'content_sha256'],
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

/** The COPY statement that `copyLine` writes for. */
export const stagedRowsCopy = `copy intake.staged_rows (tenant_id, import_id, ${columns.map(([, name]) => name).join(', ')}) from stdin`;

const needsEscape = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value in COPY's text format. */
export function copyText(value: string | number | bigint | null): string {
  if (value === null) return '\\N';
  const text = typeof value === 'string' ? value : String(value);
  return needsEscape.test(text) ? text.replace(/[\\\t\n\r]/g, (char) => escapes[char] ?? char) : text;
}

/** One row in COPY's text format; `prefix` holds tenant and import, already in that format with a tab after each. */
export function copyLine(prefix: string, row: StagedRow): string {
  let line = prefix;
  for (let index = 0; index < columns.length; index += 1) {
    const [field] = columns[index] as (typeof columns)[number];
    if (index > 0) line += '\t';
    // bytea in hex form; the backslash is doubled for COPY.
    line += field === 'contentSha256' ? `\\\\x${row.contentSha256}` : copyText(row[field]);
  }
  return `${line}\n`;
}
