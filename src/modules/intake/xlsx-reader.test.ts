import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listSheets, readSheet } from './xlsx-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'dunwell-xlsx-'));
const path = join(folder, 'book.xlsx');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('Notes').addRow(['read me']);
  const sheet = book.addWorksheet('Open items');
  sheet.addRow(['Customer', 'Invoice', 'Date', 'Amount', 'Sum', 'Rich']);
  sheet.addRow([
    'Müller',
    '007',
    new Date('2026-01-31T00:00:00Z'),
    1234.5,
    { formula: 'D2*2', result: 2469 },
    { richText: [{ text: 'a' }, { text: 'b' }] },
  ]);
  sheet.addRow([]);
  sheet.addRow(['Smith', undefined, '2026-02-01', -3]);
  await book.xlsx.writeFile(path);
});

test('lists sheets and reads one as text', async () => {
  expect(await listSheets(path)).toEqual({ ok: true, value: ['Notes', 'Open items'] });
  const rows = [];
  for await (const batch of readSheet(path, 'Open items')) rows.push(...batch.rows);
  expect(rows).toEqual([
    { rowNo: 1, cells: ['Customer', 'Invoice', 'Date', 'Amount', 'Sum', 'Rich'] },
    { rowNo: 2, cells: ['Müller', '007', '2026-01-31', '1234.5', '2469', 'ab'] },
    { rowNo: 4, cells: ['Smith', '', '2026-02-01', '-3', '', ''] },
  ]);
});

test('refuses what is not a workbook', async () => {
  const other = join(folder, 'not.xlsx');
  writeFileSync(other, 'a,b\n1,2\n');
  expect(await listSheets(other)).toMatchObject({ ok: false, code: 'unreadable_file' });
});

test('refuses a workbook that would unpack to more than it may', async () => {
  const bomb = join(folder, 'bomb.xlsx');
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(0xf0000000, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(entry.length, 12);
  writeFileSync(bomb, Buffer.concat([entry, end]));
  expect(await listSheets(bomb)).toMatchObject({ ok: false, code: 'file_too_large' });
});

type Oddities = { readonly says?: number; readonly hidden?: Buffer };

/** An archive of one part; `says`: how large its directory says the part is, `hidden`: a part the directory does not name. */
function archiveOf(name: string, content: Buffer, odd: Oddities = {}): Buffer {
  const { says = content.length, hidden = Buffer.alloc(0) } = odd;
  const packed = deflateRawSync(content, { level: 1 });
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(says, 22);
  local.writeUInt16LE(name.length, 26);
  const named = Buffer.alloc(46);
  named.writeUInt32LE(0x02014b50, 0);
  named.writeUInt16LE(8, 10);
  named.writeUInt32LE(packed.length, 20);
  named.writeUInt32LE(says, 24);
  named.writeUInt16LE(name.length, 28);
  const parts = Buffer.concat([local, Buffer.from(name), packed, hidden]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(named.length + name.length, 12);
  end.writeUInt32LE(parts.length, 16);
  return Buffer.concat([parts, named, Buffer.from(name), end]);
}

const mega = 1024 * 1024;
const texts = 'xl/sharedStrings.xml';
const bombs = [
  { what: '200 MB of shared strings', name: texts, content: Buffer.alloc(200 * mega, '<si><t>long text</t></si>') },
  { what: 'shared strings that are all objects', name: texts, content: Buffer.alloc(40 * mega, '<r/>') },
  { what: 'one endless row', name: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(40 * mega, '<c><v>1</v></c>') },
];

test.each(bombs)('refuses a small file of $what with bounded memory', async ({ what, name, content }) => {
  const bomb = join(folder, `${what}.xlsx`);
  const bytes = archiveOf(name, content);
  expect(bytes.length).toBeLessThan(2 * mega);
  writeFileSync(bomb, bytes);
  const before = process.memoryUsage().rss;
  const answer = await listSheets(bomb);
  expect(answer).toMatchObject({ ok: false, code: 'file_too_large' });
  expect(answer.ok ? '' : answer.detail).toMatch(
    /^(The workbook holds more text|A row of the workbook is larger).* Save the sheet as CSV/,
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * mega);
});

test('refuses a workbook that holds more than its directory says', async () => {
  const content = Buffer.alloc(2 * mega, '<si><t>text</t></si>');
  const file = join(folder, 'liar.xlsx');
  const damaged = { ok: false, code: 'unreadable_file' };
  writeFileSync(file, archiveOf(texts, content, { says: 10 }));
  expect(await listSheets(file)).toMatchObject(damaged);
  // The reader goes from part to part and would find what the directory does not name.
  writeFileSync(file, archiveOf('xl/workbook.xml', content, { hidden: archiveOf(texts, content) }));
  expect(await listSheets(file)).toMatchObject(damaged);
});
