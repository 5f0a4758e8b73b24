import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { attempt, type FileOptions, type Told } from './file-attempt.ts';
import { operate, succeed } from './operations.ts';
import { runningApp } from './running-app.ts';

// What a person is told when a file is not what it should be: the thing by its name and the remedy; and nothing is lost on the way.
// Requests that are wrong, sessions that ended and databases that went away have their own files beside this one.
const running = await runningApp();
const acme = await running.openTenant('Acme');

const headers = [
  'Customer ID',
  'Customer name',
  'Email',
  'Country',
  'Time zone',
  'Invoice number',
  'Invoice date',
  'Due date',
  'Amount',
  'Currency',
];
type Cells = Partial<Record<(typeof headers)[number], string>>;
let customers = 0;

/** A sound row of a customer nobody has heard of yet, but for the cells given. */
function row(cells: Cells = {}): string {
  customers += 1;
  const sound: Cells = {
    'Customer ID': `B-${customers}`,
    'Customer name': `Buyer ${customers}`,
    Email: `ap@buyer-${customers}.example`,
    Country: 'US',
    'Time zone': 'America/New_York',
    'Invoice number': `BAD-${customers}`,
    'Invoice date': '2026-01-05',
    'Due date': '2026-02-04',
    Amount: '100.00',
    Currency: 'USD',
  };
  // Not the product's own CSV writer: that one disarms formulas.
  return `${headers.map((header) => cells[header] ?? sound[header] ?? '').join(',')}\n`;
}

const head = headers.join(',') + '\n';
const file = (...rows: string[]): string => head + rows.join('');
const wide = (columns: number): string => {
  const more = Array.from({ length: columns - headers.length }, (_, index) => `Extra ${index}`).join(',');
  return `${head.trim()},${more}\n${row().trim()},${more}\n`;
};
const utf8 = (text: string) => Buffer.from(text);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

const send = (name: string, bytes: string | Buffer, options?: FileOptions): Promise<Told> =>
  attempt(running, acme, name, bytes, options);
const names = async (search: string): Promise<string[]> =>
  (
    await succeed<{ rows: { party: { name: string } }[] }>(running.app, acme, 'listAccounts', { query: { q: search } })
  ).rows.map((account) => account.party.name);

test.each<[string, string, () => string | Buffer, string, RegExp]>([
  [
    'a PDF',
    'list.csv',
    () => Buffer.concat([utf8('%PDF-1.7\n'), randomBytes(3000)]),
    'inspection 415',
    /"list.csv" is not a table: it holds binary data. Save it as CSV or .xlsx/,
  ],
  ['noise', 'list.csv', () => Buffer.alloc(5000, 7), 'inspection 415', /"list.csv" is not a table/],
  [
    'a broken workbook',
    'list.xlsx',
    () => Buffer.concat([utf8('PK\u0003\u0004'), randomBytes(3000)]),
    'inspection 415',
    /not an Excel workbook, or it is locked by a password\. Save it again/,
  ],
  [
    'an old workbook',
    'list.xls',
    () => Buffer.concat([Buffer.from([0xd0, 0xcf]), randomBytes(3000)]),
    'inspection 415',
    /"list.xls" is an old Excel file.*Save it as .xlsx/,
  ],
  [
    'half a gzip file',
    'list.csv.gz',
    () => Buffer.concat([gzipSync(file(row())).subarray(0, 60), randomBytes(20)]),
    'upload 415',
    /"list.csv.gz" is a damaged gzip file\. Send it again/,
  ],
  ['nothing', 'list.csv', () => '', 'upload 422', /"list.csv" is empty\. Export it again/],
  ['a header alone', 'list.csv', () => head, 'inspection 422', /"list.csv" has a header but no rows/],
  [
    'no amounts',
    'list.csv',
    () => file(row({ Amount: 'red' })).replace('Amount', 'Colour'),
    'start 422',
    /"Amount" is needed: choose the column it stands in/,
  ],
  [
    'no customers',
    'list.csv',
    () => 'Invoice number,Invoice date,Due date,Amount\nX-1,2026-01-01,2026-02-01,5.00\n',
    'start 422',
    /Choose the column with the customer number or the customer name/,
  ],
  [
    '2,000 columns',
    'list.csv',
    () => wide(2000),
    'inspection 422',
    /"list.csv" has 2000 columns; at most 1000 can be read\. Leave out/,
  ],
])('%s is refused before anything is taken in', async (_what, name, bytes, ended, sentence) => {
  const told = await send(name, bytes());
  expect(told.ended).toBe(ended);
  expect(told.said.join('\n')).toMatch(sentence);
});

test.each<[string, Cells, RegExp]>([
  [
    'due before issue',
    { 'Invoice date': '2026-02-10', 'Due date': '2026-02-01' },
    /due date 2026-02-01 lies before the invoice date 2026-02-10\. Correct one/,
  ],
  ['an unknown currency', { Currency: 'XQZ' }, /XQZ/],
  ['a currency in words', { Currency: 'Dollars' }, /Dollars/],
  ['an e-mail without @', { Email: 'nobody.example' }, /nobody\.example.*@|@.*nobody\.example/],
  [
    'an amount beyond all bounds',
    { Amount: '99999999999999999999999.00' },
    /larger than any amount we keep\. Correct it/,
  ],
  [
    'an amount of nothing',
    { Amount: '0.00' },
    /The amount is zero, so nothing is owed\. Correct it or leave the row out/,
  ],
  [
    'a character nobody can read',
    { 'Customer name': 'nul\u0000nul' },
    /cannot be read: the file may be written in another encoding/,
  ],
  [
    'a 5 MB cell',
    { 'Customer name': 'x'.repeat(5_000_000) },
    /Customer name is 5,000,000 characters long; at most 300 fit\. Shorten it/,
  ],
])('%s keeps one row aside, with its text, and takes in the other', async (_what, cells, sentence) => {
  const told = await send('rows.csv', file(row(cells), row()));
  expect(told.ended).toBe('done');
  expect(told.counts).toMatchObject({ rows: 2, rejected: 1, itemsCreated: 1 });
  expect(told.rejects.map((reject) => reject.reason).join('\n')).toMatch(sentence);
  const [header, bad = ''] = Object.entries(cells)[0] ?? [];
  expect(told.rejects[0]?.cells[header ?? '']?.slice(0, 100)).toBe(bad.replace('\u0000', '␀').slice(0, 100));
});

test('a number used twice, a row cut short and a quotation mark left open are told by row', async () => {
  const number = { 'Customer ID': 'TWICE', 'Customer name': 'Twice', 'Invoice number': 'T-1' };
  const told = await send(
    'rows.csv',
    file(row(number), row({ ...number, Amount: '200.00' }), 'B-x,Short\n', 'B-y,"Open,y@open.example\n', row()),
  );
  expect(told.counts).toMatchObject({ rows: 5, rejected: 3, itemsCreated: 2 });
  expect(told.rejects.map(({ rowNo, reason }) => [rowNo, reason])).toEqual([
    [3, expect.stringMatching(/Invoice number T-1 also stands in row 2 with other contents.*otherwise correct one/)],
    [4, expect.stringMatching(/The row has 2 cells, the header 10: its end is missing\. Complete it/)],
    [5, expect.stringMatching(/A quotation mark opens a cell and is never closed\. Close it/)],
  ]);
});

test('what is mended is taken in alone; what is cut for display stays whole', async () => {
  const told = await send(
    'mend.csv',
    file(row({ 'Customer ID': 'MEND', 'Customer name': 'y'.repeat(6000) }), row({ Email: 'no at' })),
  );
  expect(told.rejects).toHaveLength(2);
  const [long, mail] = told.rejects;
  const params = { importId: told.importId ?? '' };
  const retry = (rowNo: number | undefined, cells: Record<string, string>) =>
    succeed<{ takenIn: number; stillRejected: { reason: string }[] }>(running.app, acme, 'retryRejects', {
      params,
      body: { rows: [{ rowNo, cells }] },
    });
  // The cell as it was shown, sent back unchanged, is still the long one.
  const unchanged = await retry(long?.rowNo, { 'Customer name': long?.cells['Customer name'] ?? '' });
  expect(unchanged).toMatchObject({
    takenIn: 0,
    stillRejected: [{ reason: expect.stringContaining('6,000 characters') }],
  });
  expect(await retry(long?.rowNo, { 'Customer name': 'Mended Ltd' })).toEqual({ takenIn: 1, stillRejected: [] });
  expect(await retry(mail?.rowNo, { Email: 'now@buyer.example' })).toEqual({ takenIn: 1, stillRejected: [] });
  expect(await names('Mended')).toEqual(['Mended Ltd']);
});

test('a formula is text: taken in as it stands, and harmless when exported', async () => {
  const told = await send(
    'rows.csv',
    file(
      row({ 'Customer name': "=cmd|' /C calc'!A0 Formula Ltd" }),
      row({ Amount: '=1+1' }),
      ...Array.from({ length: 20 }, (_, n) => row({ Amount: `${100 + n}.00` })),
    ),
  );
  expect(told.rejects.map((reject) => reject.reason)).toEqual([expect.stringContaining('=1+1')]);
  const exported = await succeed<string>(running.app, acme, 'exportAccounts');
  expect(exported).toContain("'=cmd");
  expect(exported.split(/[\n,]/).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
  const rejects = await succeed<string>(running.app, acme, 'exportRejects', {
    params: { importId: told.importId ?? '' },
  });
  expect(rejects).toContain("'=1+1");
});

test('200 columns are read, and only the chosen are taken in', async () => {
  const told = await send('wide.csv', wide(200));
  expect(told.said.join('\n')).toContain('The file has 200 columns. Only those you choose are taken in.');
  expect(told).toMatchObject({ ended: 'done', counts: { itemsCreated: 1 } });
});

test('other encodings are read right; a mixture is told', async () => {
  await send('old.csv', latin1(file(row({ 'Customer name': 'Müller Latin' }))));
  await send(
    'wide.csv',
    Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(file(row({ 'Customer name': 'Müller Sixteen' })), 'utf16le'),
    ]),
  );
  expect(await names('Latin')).toEqual(['Müller Latin']);
  expect(await names('Sixteen')).toEqual(['Müller Sixteen']);
  const mixed = await send(
    'mixed.csv',
    Buffer.concat([utf8(file(row({ 'Customer name': 'Müller Both' }))), latin1(row({ 'Customer name': 'Söhne' }))]),
  );
  expect(mixed.said.join('\n')).toMatch(/"MÃ¼ller Both" looks garbled.*Export it again as UTF-8/);
});

test('a column that is called like a field and holds something else is never left out silently', async () => {
  const told = await send('zones.csv', file(row({ 'Time zone': 'somewhere east' }), row({ 'Time zone': 'Mars' })));
  expect(told.said.join('\n')).toMatch(
    /"Time zone" is called like "Time zone", but too many of its cells cannot be read as that \(for example "somewhere east"\)\. It is left out; correct/,
  );
});

test('a part declared to be everything closes nothing until somebody confirms, and can be cancelled', async () => {
  const own = await running.openTenant('Snapshot Co');
  const rows = Array.from({ length: 40 }, () => row());
  await attempt(running, own, 'all.csv', file(...rows));
  const part = await attempt(running, own, 'part.csv', file(...rows.slice(0, 1)), { fullSnapshot: true });
  expect(part.ended).toBe('needs_confirmation');
  expect(part.said.join('\n')).toMatch(
    /"part.csv" is declared to be everything.*39 of 40 open items are not in it.*If the file is only a part, cancel/,
  );
  const open = async () =>
    (
      await succeed<{ rows: { openItems: number }[] }>(running.app, own, 'listAccounts', { query: { limit: 100 } })
    ).rows.reduce((sum, account) => sum + account.openItems, 0);
  expect(await open()).toBe(40);
  const cancelled = await operate(running.app, own, 'confirmImport', {
    params: { importId: part.importId ?? '' },
    body: { proceed: false },
  });
  expect(cancelled.json()).toMatchObject({ state: 'cancelled' });
  expect(await open()).toBe(40);
});

test('nothing of all this was a fault of ours', () => {
  expect(running.faults).toEqual([]);
});
