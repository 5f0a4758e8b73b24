import { dateOf } from './calendar-date.ts';
import { isId } from './ids.ts';
import { type Result, ok, refuse } from './result.ts';

/** An opaque page cursor: the sort key of the last row shown. */
export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

const shapes = {
  date: (text: string) => {
    const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
    return dateOf(Number(year), Number(month), Number(day)) !== null;
  },
  /** ISO, or as PostgreSQL writes it in whatever zone the session has. */
  instant: (text: string) =>
    /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}(:\d{2})?)$/.test(text) &&
    !Number.isNaN(Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'))),
  integer: (text: string) => /^-?\d{1,18}$/.test(text),
  uuid: isId,
  text: (text: string) => text.length <= 400 && !text.includes('\0'),
} as const;
export type CursorPart = keyof typeof shapes;

/** Reads a cursor whose parts must have these shapes: a forged one is refused before it breaks a cast. Refuses: `bad_cursor`. */
export function readCursor(text: string, parts: readonly CursorPart[]): Result<readonly string[], 'bad_cursor'> {
  const bad = refuse(
    'bad_cursor',
    'This cursor is not one that an earlier page gave. Start again from the first page.',
  );
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return bad;
  }
  if (!Array.isArray(key) || key.length !== parts.length) return bad;
  const fits = key.every((part, index) => typeof part === 'string' && shapes[parts[index] ?? 'text'](part));
  return fits ? ok(key as string[]) : bad;
}

/** Cuts a list that was read with one row too many into a page and the cursor of the next. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly string[],
): { rows: Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? writeCursor(keyOf(last)) : null };
}
