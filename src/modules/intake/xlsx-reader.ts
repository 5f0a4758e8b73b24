import ExcelJS from 'exceljs';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import type { SourceRow } from './csv-reader.ts';
import { checkArchive } from './workbook-archive.ts';

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
 * Names of the workbook's sheets in order. Refuses as `checkArchive`, which must have passed before anything of a workbook is read.
 */
export async function listSheets(path: string): Promise<Result<string[], 'unreadable_file' | 'file_too_large'>> {
  const archive = await checkArchive(path);
  if (!archive.ok) return archive;
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
