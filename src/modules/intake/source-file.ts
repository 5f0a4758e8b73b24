import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { csvReader, type SourceRow } from './csv-reader.ts';
import { delimiters, detectDelimiter } from './delimiter.ts';
import { type ByteFindings, detectEncoding, type Encoding, encodings, textDecoder } from './encoding.ts';
import { looksLikeHeader } from './header.ts';
import { readSheet } from './xlsx-reader.ts';

/** How the bytes of a stored file become rows. Settled when the import starts, and kept with it. */
export type FileFormat =
  | {
      readonly kind: 'csv';
      readonly encoding: Encoding;
      readonly delimiter: string;
      readonly newline: '\n' | '\r';
      readonly headerRow: boolean;
    }
  | { readonly kind: 'xlsx'; readonly sheet: string; readonly headerRow: boolean };

/** What a person may say about a file instead of what was found out. */
export type FormatHints = {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly sheet?: string | undefined;
};

/** Rows of a file in batches, and how many of its bytes had been read by then. */
export type RowBatch = { readonly rows: readonly SourceRow[]; readonly bytesRead: number };

const chunkSize = 64 * 1024;

/** Every row of a stored file from the first, header included; memory does not grow with the file. */
export async function* readRows(path: string, format: FileFormat): AsyncGenerator<RowBatch> {
  if (format.kind === 'xlsx') {
    yield* readSheet(path, format.sheet);
    return;
  }
  const decoder = textDecoder(format.encoding);
  const reader = csvReader({ delimiter: format.delimiter, newline: format.newline });
  let bytesRead = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>) {
    bytesRead += chunk.length;
    const rows = reader.push(decoder.decode(chunk));
    if (rows.length > 0) yield { rows, bytesRead };
  }
  const rows = [...reader.push(decoder.end()), ...reader.end()];
  if (rows.length > 0) yield { rows, bytesRead };
}

/** The rows under the header: what comes before it, blank lines too, is left out. */
export async function* bodyRows(batches: AsyncIterable<RowBatch>, headerRow: boolean): AsyncGenerator<RowBatch> {
  let before = headerRow;
  for await (const batch of batches) {
    if (!before) {
      yield batch;
      continue;
    }
    const header = batch.rows.findIndex((row) => row.cells.some((cell) => cell.trim() !== ''));
    before = header === -1;
    yield { ...batch, rows: before ? [] : batch.rows.slice(header + 1) };
  }
}

/** The format of a delimited file from what one pass over its bytes found, corrected by hints. */
export function csvFormat(
  found: ByteFindings,
  hints: FormatHints,
): { format: FileFormat & { kind: 'csv' }; reason: string } {
  const detected = detectEncoding(found);
  const hinted = encodings.find((encoding) => encoding === hints.encoding);
  const encoding = hinted ?? detected.encoding;
  const sample = textDecoder(encoding).decode(found.head);
  const marks = detectDelimiter(sample);
  const delimiter = delimiters.find((candidate) => candidate === hints.delimiter) ?? marks.delimiter;
  const [first] = csvReader({ delimiter, newline: marks.newline }).push(`${sample}${marks.newline}`);
  return {
    format: {
      kind: 'csv',
      encoding,
      delimiter,
      newline: marks.newline,
      headerRow: looksLikeHeader(first?.cells ?? []),
    },
    reason: hinted ? 'You chose this encoding.' : detected.reason,
  };
}

const places = 6;
const perPlace = 256 * 1024;

/**
 * Rows from the beginning and from places spread over the file: dates sorted by month can look ambiguous for the first
 * thousand rows. The piece of a row at the start of each later place is dropped, and so are rows of another width.
 */
export async function sampleRows(path: string, format: FileFormat, size: number): Promise<SourceRow[]> {
  const first: SourceRow[] = [];
  for await (const batch of readRows(path, format)) {
    first.push(...batch.rows);
    if (first.length >= 2000 || batch.bytesRead >= 4_000_000) break;
  }
  if (format.kind === 'xlsx' || size < 4_000_000) return first.slice(0, 5000);
  const width = first[0]?.cells.length ?? 0;
  const later: SourceRow[] = [];
  const file = await open(path);
  try {
    for (let place = 1; place <= places; place += 1) {
      // Even offsets keep the pairs of UTF-16 together.
      const offset = Math.floor((size * place) / (places + 1) / 2) * 2;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(perPlace), 0, perPlace, offset);
      const text = textDecoder(format.encoding).decode(buffer.subarray(0, bytesRead));
      const whole = text.slice(text.indexOf(format.newline) + 1);
      const rows = csvReader({ delimiter: format.delimiter, newline: format.newline }).push(whole);
      later.push(...rows.filter((row) => !row.broken && row.cells.length === width).slice(0, 300));
    }
  } finally {
    await file.close();
  }
  return [...first.slice(0, 2000), ...later];
}
