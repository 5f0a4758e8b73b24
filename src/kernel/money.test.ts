import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  allocate,
  compare,
  currencies,
  currency,
  exponentOf,
  formatAmount,
  formatMoney,
  money,
  negate,
  parseAmount,
  parseCurrency,
  roundHalfUp,
  subtract,
  sum,
} from './money.ts';

const USD = currency('USD');
const JPY = currency('JPY');
const KWD = currency('KWD');
const anyCurrency = fc.constantFrom(...currencies);
const anyAmount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe('currencies', () => {
  it.each([
    ['usd', 'USD', 2],
    [' JPY ', 'JPY', 0],
    ['KWD', 'KWD', 3],
  ])('reads %s', (text, code, exponent) => {
    const read = parseCurrency(text);
    expect(read).toEqual({ ok: true, value: code });
    if (read.ok) expect(exponentOf(read.value)).toBe(exponent);
  });

  it.each(['', 'US', 'XXX', 'BTC', 'dollars', 'CLF'])('refuses %j by name', (text) => {
    expect(parseCurrency(text)).toMatchObject({ ok: false, code: 'unknown_currency' });
    expect(() => currency(text)).toThrow();
  });
});

describe('arithmetic', () => {
  it('never mixes currencies', () => {
    for (const combine of [add, subtract, compare]) {
      expect(() => combine(money(1n, USD), money(1n, JPY))).toThrow('USD with JPY');
    }
    expect(() => sum([money(1n, USD)], JPY)).toThrow();
  });

  it('adds, subtracts and negates consistently', () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, (x, y) => {
        const [a, b] = [money(x, USD), money(y, USD)];
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a)).amountMinor).toBe(0n);
        expect(compare(a, b)).toBe(-compare(b, a) || 0);
      }),
    );
  });

  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [0n, 7n, 0n],
  ])('rounds %s/%s to %s', (n, d, want) => expect(roundHalfUp(n, d)).toBe(want));

  it('rounds within half a unit, and symmetrically', () => {
    fc.assert(
      fc.property(anyAmount, fc.bigInt({ min: 1n, max: 10n ** 9n }), (n, d) => {
        const rounded = roundHalfUp(n, d);
        const error = 2n * (rounded * d - n);
        expect(error <= d && error >= -d).toBe(true);
        expect(roundHalfUp(-n, d)).toBe(-rounded);
      }),
    );
    expect(() => roundHalfUp(1n, 0n)).toThrow();
  });
});

describe('allocate', () => {
  it.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [5n, [3n, 7n], [2n, 3n]],
    [1n, [0n, 1n], [0n, 1n]],
    [0n, [2n, 5n], [0n, 0n]],
  ])('%s over %o', (amount, weights, want) => {
    expect(allocate(money(amount, USD), weights).map((share) => share.amountMinor)).toEqual(want);
  });

  it('loses nothing and strays less than one unit from the exact share', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyAmount, weights, (amount, parts) => {
        const total = parts.reduce((a, b) => a + b, 0n);
        fc.pre(total > 0n);
        const shares = allocate(money(amount, USD), parts);
        expect(sum(shares, USD).amountMinor).toBe(amount);
        shares.forEach((share, i) => {
          const drift = share.amountMinor * total - amount * (parts[i] ?? 0n);
          expect(drift < total && drift > -total).toBe(true);
        });
      }),
    );
  });

  it.each([[[]], [[0n, 0n]], [[1n, -1n]]])('throws on weights %o', (weights: bigint[]) => {
    expect(() => allocate(money(1n, USD), weights)).toThrow();
  });
});

describe('parseAmount', () => {
  it.each([
    ['1234.5', '.', 123450n],
    ['1,234.50', '.', 123450n],
    ['1.234,50', ',', 123450n],
    ['1 234,50', ',', 123450n],
    ["1'234.50", '.', 123450n],
    ['12,34,567.00', '.', 123456700n],
    ['1,234,567', '.', 123456700n],
    ['.5', '.', 50n],
    ['5.', '.', 500n],
    ['0', '.', 0n],
    ['-5', '.', -500n],
    ['5-', '.', -500n],
    ['−5.00', '.', -500n],
    ['+5', '.', 500n],
    ['(1,234.50)', '.', -123450n],
    ['5 CR', '.', -500n],
    ['5.00cr.', '.', -500n],
    ['5 DR', '.', 500n],
    ['$5', '.', 500n],
    ['-$5', '.', -500n],
    ['$-5', '.', -500n],
    ['($5)', '.', -500n],
    ['5 USD', '.', 500n],
    ['usd 5', '.', 500n],
    ['US$5', '.', 500n],
    ['5.000000', '.', 500n],
  ] as const)('reads %s with %s', (text, decimal, want) => {
    expect(parseAmount(text, USD, { decimal })).toEqual({ ok: true, value: money(want, USD) });
  });

  it.each([
    ['', 'unreadable_amount'],
    ['abc', 'other_currency', false],
    ['-', 'unreadable_amount'],
    ['.', 'unreadable_amount'],
    ['--5', 'unreadable_amount'],
    ['(-5)', 'unreadable_amount'],
    ['-5 CR', 'unreadable_amount'],
    ['1.2.3', 'unreadable_amount'],
    ['1,23.00', 'unreadable_amount'],
    ['1,2345', 'unreadable_amount'],
    ['12,3456,789', 'unreadable_amount'],
    ['1,234.567,8', 'unreadable_amount'],
    ['5.0 0', 'unreadable_amount'],
    ['1e3', 'unreadable_amount'],
    ['=1+1', 'unreadable_amount'],
    ['1'.repeat(200), 'unreadable_amount'],
    ['€5', 'other_currency'],
    ['5 EUR', 'other_currency'],
    ['5.001', 'excess_decimals'],
    ['5.010000000001', 'excess_decimals'],
  ])('refuses %j', (text, code, exact: unknown = true) => {
    const read = parseAmount(text, USD, { decimal: '.' });
    expect(read).toMatchObject(exact ? { ok: false, code } : { ok: false });
  });

  it('names the offending text and the decimal mark', () => {
    const read = parseAmount('1.234,50', USD, { decimal: '.' });
    expect(read.ok ? '' : read.detail).toContain('1.234,50');
  });

  it.each([
    ['55.94000000000001', 5594n],
    ['0.30000000000000004', 30n],
    ['1234567.8899999999', 123456789n],
    ['-19.999999999999996', -2000n],
    ['0.009999999999999998', 1n],
  ])('takes the float noise of %s only when told', (text, want) => {
    expect(parseAmount(text, USD, { decimal: '.' }).ok).toBe(false);
    expect(parseAmount(text, USD, { decimal: '.', excess: 'float-noise' })).toEqual({
      ok: true,
      value: money(want, USD),
    });
  });

  it('never calls a real third decimal noise', () => {
    for (const text of ['5.005', '5.0001', '1234567.889']) {
      expect(parseAmount(text, USD, { decimal: '.', excess: 'float-noise' }).ok).toBe(false);
    }
  });

  it('respects the exponent', () => {
    expect(parseAmount('1234', JPY, { decimal: '.' })).toMatchObject({ value: { amountMinor: 1234n } });
    expect(parseAmount('1.5', JPY, { decimal: '.' })).toMatchObject({ code: 'excess_decimals' });
    expect(parseAmount('1.234', KWD, { decimal: '.' })).toMatchObject({ value: { amountMinor: 1234n } });
  });

  it('reads back whatever formatAmount writes, in either notation', () => {
    fc.assert(
      fc.property(anyAmount, anyCurrency, fc.boolean(), (amountMinor, of, grouped) => {
        const amount = money(amountMinor, of);
        const american = formatAmount(amount, grouped ? { group: ',' } : {});
        const german = formatAmount(amount, { decimal: ',', ...(grouped ? { group: '.' } : {}) });
        expect(parseAmount(american, of, { decimal: '.' })).toEqual({ ok: true, value: amount });
        expect(parseAmount(german, of, { decimal: ',' })).toEqual({ ok: true, value: amount });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyCurrency, (text, of) => {
        expect(typeof parseAmount(text, of, { decimal: ',', excess: 'float-noise' }).ok).toBe('boolean');
      }),
    );
  });
});

describe('formatting', () => {
  it.each([
    [money(123456789n, USD), '1234567.89', 'USD 1,234,567.89'],
    [money(-5n, USD), '-0.05', 'USD -0.05'],
    [money(1000n, JPY), '1000', 'JPY 1,000'],
    [money(-1234n, KWD), '-1.234', 'KWD -1.234'],
  ])('%o', (amount, plain, people) => {
    expect(formatAmount(amount)).toBe(plain);
    expect(formatMoney(amount)).toBe(people);
  });
});
