import { type Result, ok, refuse } from './result.ts';

/** An opaque page cursor: the sort key of the last row shown. */
export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor with `length` parts. Refuses: `bad_cursor`. */
export function readCursor(text: string, length: number): Result<readonly string[], 'bad_cursor'> {
  const bad = refuse('bad_cursor', 'This cursor is not one that an earlier page gave. Start again from the first page.');
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(key) && key.length === length && key.every((part) => typeof part === 'string') ? ok(key) : bad;
  } catch {
    return bad;
  }
}

/** Cuts a list that was read with one row too many into a page and the cursor of the next. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => readonly string[]): { rows: Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? writeCursor(keyOf(last)) : null };
}
