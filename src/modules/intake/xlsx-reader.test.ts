import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
