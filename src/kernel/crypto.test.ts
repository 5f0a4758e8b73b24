import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, constantTimeEqual, deriveKey, newKey, newToken, seal, sha256Hex, unseal } from './crypto.ts';

describe('seal', () => {
  it('opens only with the key and the binding, and only when untouched', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (plain, at) => {
        const key = newKey();
        const sealed = seal(key, plain, 't|people|email|1');
        expect(unseal(key, sealed, 't|people|email|1')?.toString('utf8')).toBe(Buffer.from(plain).toString('utf8'));
        expect(unseal(key, sealed, 't|people|email|2')).toBeNull();
        expect(unseal(newKey(), sealed, 't|people|email|1')).toBeNull();
        const bent = Buffer.from(sealed);
        bent[at % bent.length] = (bent[at % bent.length] ?? 0) ^ 1;
        expect(unseal(key, bent, 't|people|email|1')).toBeNull();
      }),
    );
  });

  it('never repeats itself, and refuses short input', () => {
    const key = newKey();
    expect(seal(key, 'same', 'x').equals(seal(key, 'same', 'x'))).toBe(false);
    for (const length of [0, 1, 28]) expect(unseal(key, new Uint8Array(length).fill(1), 'x')).toBeNull();
  });
});

describe('keys and tokens', () => {
  it('derives unrelated keys by purpose, the same each time', () => {
    const secret = 'a secret of some length';
    expect(deriveKey(secret, 'a')).toEqual(deriveKey(secret, 'a'));
    expect(deriveKey(secret, 'a')).not.toEqual(deriveKey(secret, 'b'));
    expect(deriveKey(secret, 'a')).toHaveLength(32);
    expect(() => deriveKey('short', 'a')).toThrow();
  });

  it('makes tokens of letters and digits', () => {
    expect(newToken(40)).toMatch(/^[0-9A-Za-z]{40}$/);
    expect(newToken(40)).not.toBe(newToken(40));
  });

  it('compares', () => {
    expect(constantTimeEqual('abc', 'abc')).toBe(true);
    expect(constantTimeEqual('abc', 'abd')).toBe(false);
    expect(constantTimeEqual('abc', 'abcd')).toBe(false);
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [true, null, 'é'] }, '{"a":[true,null,"é"],"b":1}'],
    [{ at: new Date(0), n: 12n, gone: undefined }, '{"at":"1970-01-01T00:00:00.000Z","n":"12"}'],
    [[undefined], '[null]'],
  ])('%o', (value, want) => expect(canonicalJson(value)).toBe(want));

  it('does not depend on the order of keys, and loses nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([[Number.NaN], [() => 1], [Symbol('x')]])('throws on %s', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});
