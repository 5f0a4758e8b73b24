import { type Result, ok, refuse } from '../../kernel/result.ts';

export type CursorKey = string | null;

/** The sort key of the last row of a page, opaque to the reader. */
export function writeCursor(keys: readonly CursorKey[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

const shapes = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  instant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  integer: /^-?\d{1,19}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  text: /^[^\0]{0,400}$/s,
} as const;
export type CursorShape = keyof typeof shapes;

/**
 * Reads a cursor back; null when none was given. The keys go into SQL as parameters, and are still held to their shapes so that a
 * forged cursor is refused (`malformed`) instead of breaking a cast.
 */
export function readCursor(text: string | undefined, expected: readonly CursorShape[]): Result<readonly CursorKey[] | null, 'malformed'> {
  if (text === undefined) return ok(null);
  const refusal = refuse('malformed', 'This page mark is not one of ours; start from the first page.');
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return refusal;
  }
  if (!Array.isArray(keys) || keys.length !== expected.length) return refusal;
  const fits = keys.every((key, index) => key === null || (typeof key === 'string' && shapes[expected[index] ?? 'text'].test(key)));
  return fits ? ok(keys as CursorKey[]) : refusal;
}

/** A page of rows, read one row longer than asked so that the end is known. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };

export function pageOf<Raw, Row>(
  raw: readonly Raw[],
  limit: number,
  keysOf: (row: Raw) => readonly CursorKey[],
  toRow: (row: Raw) => Row,
): Page<Row> {
  const shown = raw.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown.map(toRow), nextCursor: raw.length > limit && last !== undefined ? writeCursor(keysOf(last)) : null };
}
