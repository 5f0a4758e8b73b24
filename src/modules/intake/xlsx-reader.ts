import { open } from 'node:fs/promises';
import ExcelJS from 'exceljs';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import type { SourceRow } from './csv-reader.ts';

const maxFileBytes = 50 * 1024 * 1024;
const maxUnpackedBytes = 1024 * 1024 * 1024;
const batchRows = 500;

type Workbook = InstanceType<typeof ExcelJS.stream.xlsx.WorkbookReader>;
// The declared type of the streaming reader leaves out the name it carries.
type Sheet = { readonly name?: string; readonly id?: number | string } & AsyncIterable<ExcelJS.Row>;

function openWorkbook(path: string): Workbook {
  return new ExcelJS.stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'emit',
  });
}

const nameOf = (sheet: Sheet, position: number) => sheet.name ?? `Sheet ${position}`;

/**
 * Names of the workbook's sheets in order. Refuses: `unreadable_file` (not a workbook, or locked by a password),
 * `file_too_large` (over 50 MB, or unpacking to over 1 GB: a workbook is a compressed archive and may be a bomb).
 */
export async function listSheets(path: string): Promise<Result<string[], 'unreadable_file' | 'file_too_large'>> {
  const size = await unpackedSize(path);
  if (size === null) {
    return refuse(
      'unreadable_file',
      'The file ends in .xlsx but is not an Excel workbook, or it is locked by a password. Save it again as .xlsx without password, or as CSV.',
    );
  }
  if (size.packed > maxFileBytes || size.unpacked > maxUnpackedBytes) {
    return refuse(
      'file_too_large',
      'The workbook is larger than 50 MB, or unpacks to more than 1 GB. Save the sheet as CSV and import that.',
    );
  }
  const names: string[] = [];
  try {
    for await (const sheet of openWorkbook(path) as unknown as AsyncIterable<Sheet>) {
      names.push(nameOf(sheet, names.length + 1));
      // A sheet must be read through before the next one comes.
      for await (const row of sheet) void row;
    }
  } catch {
    return refuse(
      'unreadable_file',
      'The workbook cannot be read: it is damaged. Open it in your spreadsheet program and save it again.',
    );
  }
  return names.length > 0 ? ok(names) : refuse('unreadable_file', 'The workbook has no sheet with rows.');
}

/** The rows of one sheet as text cells: dates as YYYY-MM-DD, numbers with a point, formulas as their last result. */
export async function* readSheet(
  path: string,
  wanted: string,
): AsyncGenerator<{ rows: SourceRow[]; bytesRead: number }> {
  let position = 0;
  for await (const sheet of openWorkbook(path) as unknown as AsyncIterable<Sheet>) {
    position += 1;
    const mine = nameOf(sheet, position) === wanted;
    let rows: SourceRow[] = [];
    let width = 0;
    for await (const row of sheet) {
      if (!mine) continue;
      const cells = cellsOf(row);
      width ||= cells.length;
      // Blank cells at the end of a row are not written to a workbook; they are not missing.
      while (cells.length < width) cells.push('');
      rows.push({ rowNo: row.number, cells });
      if (rows.length >= batchRows) {
        yield { rows, bytesRead: 0 };
        rows = [];
      }
    }
    if (rows.length > 0) yield { rows, bytesRead: 0 };
    if (mine) return;
  }
}

function cellsOf(row: ExcelJS.Row): string[] {
  const values = row.values;
  if (!Array.isArray(values)) return [];
  // exceljs counts columns from 1 and leaves holes for blank cells.
  return Array.from({ length: Math.max(0, values.length - 1) }, (_, index) => cellText(values[index + 1]));
}

function cellText(value: ExcelJS.CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value !== 'object') return String(value);
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('error' in value) return value.error;
  if ('text' in value) return String(value.text);
  if ('result' in value) return cellText(value.result);
  return '';
}

function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return '';
  const iso = value.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
}

/** Packed and unpacked size from the archive's central directory, without unpacking anything; null when it is no archive. */
async function unpackedSize(path: string): Promise<{ packed: number; unpacked: number } | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 66_000));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || end + 22 > tail.length) return null;
    const length = tail.readUInt32LE(end + 12);
    const start = tail.readUInt32LE(end + 16);
    if (length > 16 * 1024 * 1024 || start + length > size) return null;
    const directory = Buffer.alloc(length);
    await file.read(directory, 0, length, start);
    let unpacked = 0;
    for (let at = 0; at + 46 <= length; ) {
      if (directory.readUInt32LE(at) !== 0x02014b50) return null;
      unpacked += directory.readUInt32LE(at + 24);
      at += 46 + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return { packed: size, unpacked };
  } finally {
    await file.close();
  }
}
