import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { fileStore } from './file-store.ts';
import { inspectFile } from './inspect-file.ts';
import { readRows } from './source-file.ts';

const root = mkdtempSync(join(tmpdir(), 'dunwell-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const store = fileStore(root);

async function inspect(bytes: Buffer, fileName = 'open-items.csv') {
  const stored = await store.receive(Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]), fileName);
  if (!stored.ok) return stored;
  return inspectFile({ ...stored.value, path: store.path(stored.value.storedAs) }, 'items', {}, { currency: 'USD' });
}

test('semicolons, windows-1252 and decimal commas', async () => {
  const text =
    'Kunde;Rechnungsnummer;Rechnungsdatum;Fällig am;Betrag\r\nMüller;1;31.01.2026;28.02.2026;1.234,50\r\nÖtzi;2;01.02.2026;01.03.2026;12,00\r\n';
  const found = await inspect(Buffer.from(text, 'latin1'));
  if (!found.ok) throw new Error(found.detail);
  expect(found.value.format).toEqual({
    kind: 'csv',
    encoding: 'windows-1252',
    delimiter: ';',
    newline: '\n',
    headerRow: true,
  });
  expect(found.value.headers).toEqual(['Kunde', 'Rechnungsnummer', 'Rechnungsdatum', 'Fällig am', 'Betrag']);
  expect(found.value.suggestion.questions).toEqual([]);
  expect(found.value.rowsSeen).toBe(2);
});

test('a gzip file is kept unpacked, for its owner only', async () => {
  const stored = await store.receive(Readable.from([gzipSync('a,b\n1,2\n')]), 'x.csv.gz');
  if (!stored.ok) throw new Error(stored.detail);
  expect(stored.value).toMatchObject({ fileName: 'x.csv', size: 8 });
  expect(await readFile(store.path(stored.value.storedAs), 'utf8')).toBe('a,b\n1,2\n');
  expect((await stat(store.path(stored.value.storedAs))).mode & 0o077).toBe(0);
});

test.each([
  ['nothing', Buffer.alloc(0), 'x.csv', 'empty_file', 'is empty'],
  ['a PDF', Buffer.from('%PDF-1.7 \u0001\u0002\u0003'), 'x.csv', 'unreadable_file', 'not a table'],
  ['old Excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'x.xls', 'unreadable_file', 'Save it as .xlsx'],
  ['only a header', Buffer.from('Customer,Amount\n'), 'x.csv', 'no_rows', 'no rows under it'],
  [
    'a damaged gzip',
    Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('nonsense')]),
    'x.gz',
    'unreadable_file',
    'damaged',
  ],
])('refuses %s with a sentence', async (_, bytes, name, code, sentence) => {
  const found = await inspect(bytes, name);
  expect(found).toMatchObject({ ok: false, code });
  if (!found.ok) expect(found.detail).toContain(sentence);
});

test('refuses what is larger than allowed and keeps none of it', async () => {
  const small = fileStore(root, 10);
  expect(await small.receive(Readable.from([Buffer.alloc(11, 65)]), 'big.csv')).toMatchObject({
    ok: false,
    code: 'file_too_large',
  });
});

test('200 columns are fine, with a word about it', async () => {
  const header = Array.from({ length: 200 }, (_, index) => `c${index}`).join(',');
  const found = await inspect(Buffer.from(`${header}\n${header.replaceAll('c', '')}\n`));
  if (!found.ok) throw new Error(found.detail);
  expect(found.value.headers).toHaveLength(200);
  expect(found.value.warnings.join(' ')).toContain('200 columns');
});

test('dates that look ambiguous at the beginning are settled by later rows', async () => {
  const row = (date: string) => `Acme,${date},${date},5.00,${'x'.repeat(600)}\n`;
  const text = `Name,Date,Due date,Amount,Text\n${row('1/2/2026').repeat(7000)}${row('5/25/2026').repeat(7000)}`;
  const found = await inspect(Buffer.from(text));
  if (!found.ok) throw new Error(found.detail);
  expect(found.value.suggestion.questions).toEqual([]);
  expect(found.value.suggestion.mapping.fields.issued_on).toMatchObject({ format: 'M/D/YYYY' });
});

test('reads all rows in batches with the bytes read so far', async () => {
  const stored = await store.receive(
    Readable.from([Buffer.from(`\ufeffa,b\n${'1,"ä\n2"\n'.repeat(50_000)}`)]),
    'x.csv',
  );
  if (!stored.ok) throw new Error(stored.detail);
  let rows = 0;
  let last = 0;
  for await (const batch of readRows(store.path(stored.value.storedAs), {
    kind: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    newline: '\n',
    headerRow: true,
  })) {
    rows += batch.rows.length;
    last = batch.bytesRead;
  }
  expect([rows, last]).toEqual([50_001, stored.value.size]);
});
