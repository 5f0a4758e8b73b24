import { type Result, ok, refuse } from '../../kernel/result.ts';
import { type ColumnProfile, profileColumns } from './column-profile.ts';
import type { ByteFindings } from './encoding.ts';
import type { Target } from './fields.ts';
import { columnNames, looksLikeHeader } from './header.ts';
import { csvFormat, type FileFormat, type FormatHints, sampleRows } from './source-file.ts';
import { type Suggestion, suggestMapping } from './suggest-mapping.ts';
import { listSheets } from './xlsx-reader.ts';

/** Everything a person needs to see before saying how a file is to be read. */
export type Inspection = {
  readonly format: FileFormat;
  readonly formatReason: string | null;
  readonly sheets: readonly string[];
  readonly headers: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly rowsSeen: number;
  readonly columns: readonly ColumnProfile[];
  readonly suggestion: Suggestion;
  readonly warnings: readonly string[];
};

/** The bytes to inspect: where they are and what was seen when they came in. */
export type InspectedFile = {
  readonly path: string;
  readonly fileName: string;
  readonly size: number;
  readonly findings: ByteFindings;
};

const maxColumns = 1000;
const manyColumns = 100;
const shownRows = 20;

/**
 * Looks at a stored file: its format with the reason, its columns, a suggested mapping and what must be asked.
 * Refuses: `unreadable_file`, `file_too_large`, `too_many_columns`, `no_rows`, `unknown_sheet`.
 */
export async function inspectFile(
  file: InspectedFile,
  target: Target,
  hints: FormatHints = {},
  defaults: { currency?: string | null; country?: string | null; timeZone?: string | null } = {},
): Promise<
  Result<Inspection, 'unreadable_file' | 'file_too_large' | 'too_many_columns' | 'no_rows' | 'unknown_sheet'>
> {
  const opened = await openFormat(file, hints);
  if (!opened.ok) return opened;
  const { sheets, reason } = opened.value;
  const rows = (await sampleRows(file.path, opened.value.format, file.size)).filter((row) => !row.broken);
  const filled = rows.filter((row) => row.cells.some((cell) => cell.trim() !== ''));
  const [first] = filled;
  if (!first) return refuse('no_rows', `"${file.fileName}" has no rows. Export it again and look whether it has any.`);
  const headerRow = looksLikeHeader(first.cells);
  const format = { ...opened.value.format, headerRow };
  if (first.cells.length > maxColumns) {
    return refuse(
      'too_many_columns',
      `"${file.fileName}" has ${first.cells.length} columns; at most ${maxColumns} can be read. Leave out what is not needed and export it again.`,
    );
  }
  const headers = headerRow ? columnNames(first.cells) : first.cells.map((_, index) => `Column ${index + 1}`);
  const body = (headerRow ? filled.slice(1) : filled).map((row) => row.cells);
  if (body.length === 0) return refuse('no_rows', `"${file.fileName}" has a header but no rows under it.`);
  const columns = profileColumns(headers, body);
  return ok({
    format,
    formatReason: reason,
    sheets,
    headers,
    sample: body.slice(0, shownRows).map((cells) => cells.map(cut)),
    rowsSeen: body.length,
    columns,
    suggestion: suggestMapping(columns, target, defaults),
    warnings: warningsAbout(headers, body, headerRow),
  });
}

type Opened = { format: FileFormat; sheets: string[]; reason: string | null };

async function openFormat(
  file: InspectedFile,
  hints: FormatHints,
): Promise<Result<Opened, 'unreadable_file' | 'file_too_large' | 'unknown_sheet'>> {
  const { head } = file.findings;
  const zipped = head[0] === 0x50 && head[1] === 0x4b;
  const compound = head[0] === 0xd0 && head[1] === 0xcf;
  if (compound || /\.xls$/i.test(file.fileName)) {
    return refuse(
      'unreadable_file',
      `"${file.fileName}" is an old Excel file, or locked by a password. Save it as .xlsx without password, or as CSV.`,
    );
  }
  if (zipped || /\.xlsx$/i.test(file.fileName)) {
    const sheets = await listSheets(file.path);
    if (!sheets.ok) return sheets;
    const sheet = hints.sheet ?? sheets.value[0] ?? '';
    if (!sheets.value.includes(sheet)) {
      return refuse(
        'unknown_sheet',
        `The workbook has no sheet "${sheet.slice(0, 60)}". It has: ${sheets.value.slice(0, 20).join(', ')}.`,
      );
    }
    return ok({ format: { kind: 'xlsx', sheet, headerRow: true }, sheets: sheets.value, reason: null });
  }
  if (isBinary(head))
    return refuse(
      'unreadable_file',
      `"${file.fileName}" is not a table: it holds binary data. Save it as CSV or .xlsx.`,
    );
  const { format, reason } = csvFormat(file.findings, hints);
  return ok({ format, sheets: [], reason });
}

/** Pictures, PDFs and archives: known beginnings, or control characters that no text has. */
function isBinary(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if (/^(%PDF|\x89PNG|GIF8|\xff\xd8\xff|Rar!|7z\xbc)/.test(start)) return true;
  const utf16 = head.subarray(0, 2).toString() === '255,254' || head.subarray(0, 2).toString() === '254,255';
  const odd = head.subarray(0, 4096).filter((byte) => byte < 9 || (byte > 13 && byte < 27)).length;
  const zeros = head.subarray(0, 4096).filter((byte) => byte === 0).length;
  return !utf16 && odd - zeros > 4;
}

/** Two bytes of a UTF-8 letter read as two signs: "Ã¼" for "ü". No language writes such pairs. */
const mojibake = /[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u;

function warningsAbout(headers: readonly string[], body: readonly (readonly string[])[], headerRow: boolean): string[] {
  const warnings: string[] = [];
  if (!headerRow)
    warnings.push(
      'The first row looks like data, so the columns are numbered. If it is a header, name every column and no column twice.',
    );
  if (headers.length > manyColumns)
    warnings.push(`The file has ${headers.length} columns. Only those you choose are taken in.`);
  if (headers.length === 1)
    warnings.push('The file has a single column: it may use another delimiter. Choose it above.');
  const odd = body.filter((cells) => cells.length !== headers.length).length;
  if (odd > body.length / 10)
    warnings.push(
      `${odd} of ${body.length} rows have another number of cells than the header: look at the delimiter and at quotation marks.`,
    );
  if (body.some((cells) => cells.some((cell) => cell.includes('\ufffd'))))
    warnings.push('Some characters cannot be read in this encoding. Choose another one.');
  const garbled = body.flat().find((cell) => mojibake.test(cell));
  if (garbled !== undefined)
    warnings.push(
      `"${garbled.slice(0, 60)}" looks garbled: some of the file is written in another encoding than the rest, or was converted once too often. Export it again as UTF-8, or such names are taken in garbled.`,
    );
  return warnings;
}

const cut = (cell: string) => (cell.length > 200 ? `${cell.slice(0, 199)}…` : cell);
