import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashId, idOf, isId, newId, parseId } from './ids.ts';

describe('ids', () => {
  it('makes version 7 ids that sort in the order they were made', () => {
    const made = Array.from({ length: 20_000 }, () => newId());
    expect(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('reads any letter case, and refuses the rest by kind', () => {
    const id = newId<'account'>();
    expect(parseId('account', id.toUpperCase())).toEqual({ ok: true, value: id });
    for (const text of ['', 'x', `${id}'`, id.replaceAll('-', ''), `{${id}}`, `${id}\n`, ` ${id}`]) {
      expect(isId(text)).toBe(false);
      const read = parseId('account', text);
      expect(read).toMatchObject({ ok: false, code: 'malformed_id' });
      expect(read.ok ? '' : read.detail).toContain('account');
      expect(() => idOf('account', text)).toThrow();
    }
  });

  it('hashes parts by their boundaries', () => {
    expect(hashId('a', 'bc')).not.toBe(hashId('ab', 'c'));
    expect(hashId('a')).not.toBe(hashId('a', ''));
    expect(hashId('1:a')).not.toBe(hashId('1', 'a'));
    expect(hashId('invoice', '0042')).toBe(hashId('invoice', '0042'));
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.array(text), (first, rest) => {
        expect(hashId(first, ...rest)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it('stays what it was: stored ids depend on it', () => {
    expect(hashId('a', 'é', '')).toBe('57a1fe04-2a19-84f2-8ee5-c3608c6c756f');
  });
});
