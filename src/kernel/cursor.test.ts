import { describe, expect, it } from 'vitest';
import { pageOf, readCursor, writeCursor } from './cursor.ts';

describe('a page cursor', () => {
  it('gives back the key it was made of', () => {
    expect(readCursor(writeCursor(['2026-01-05', 'é"x']), 2)).toEqual({ ok: true, value: ['2026-01-05', 'é"x'] });
  });

  it.each(['', 'null', '%%%', Buffer.from('{"a":1}').toString('base64url'), writeCursor(['one']), Buffer.from('[1,2]').toString('base64url')])('refuses %j', (text) => {
    expect(readCursor(text, 2)).toMatchObject({ ok: false, code: 'bad_cursor' });
  });

  it('exists only when there is a further row', () => {
    expect(pageOf([1, 2, 3], 3, (n) => [String(n)])).toEqual({ rows: [1, 2, 3], nextCursor: null });
    expect(pageOf([1, 2, 3], 2, (n) => [String(n)])).toEqual({ rows: [1, 2], nextCursor: writeCursor(['2']) });
  });
});
