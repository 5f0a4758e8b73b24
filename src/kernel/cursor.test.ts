import { describe, expect, it } from 'vitest';
import { pageOf, readCursor, writeCursor } from './cursor.ts';

describe('a page cursor', () => {
  it('gives back the key it was made of', () => {
    expect(readCursor(writeCursor(['2026-01-05', 'é"x']), ['date', 'text'])).toEqual({
      ok: true,
      value: ['2026-01-05', 'é"x'],
    });
  });

  it.each([
    '',
    'null',
    '%%%',
    Buffer.from('{"a":1}').toString('base64url'),
    writeCursor(['one']),
    Buffer.from('[1,2]').toString('base64url'),
    writeCursor(['2026-02-30', 'x']),
    writeCursor(['2026-02-03', '\0']),
  ])('refuses %j', (text) => {
    expect(readCursor(text, ['date', 'text'])).toMatchObject({ ok: false, code: 'bad_cursor' });
  });

  it.each([
    '2026-01-05 15:00:00+00',
    '2026-01-05 15:00:00.123456-05',
    '2026-01-05T15:00:00.000Z',
    '2026-01-05 15:00:00+05:30',
  ])('takes %s for an instant', (text) => {
    expect(readCursor(writeCursor([text]), ['instant']).ok).toBe(true);
  });

  it.each(['2026-13-45 15:00:00+00', 'now', '2026-01-05 15:00:00+99'])('does not take %s for an instant', (text) => {
    expect(readCursor(writeCursor([text]), ['instant']).ok).toBe(false);
  });

  it('exists only when there is a further row', () => {
    expect(pageOf([1, 2, 3], 3, (n) => [String(n)])).toEqual({ rows: [1, 2, 3], nextCursor: null });
    expect(pageOf([1, 2, 3], 2, (n) => [String(n)])).toEqual({ rows: [1, 2], nextCursor: writeCursor(['2']) });
  });
});
