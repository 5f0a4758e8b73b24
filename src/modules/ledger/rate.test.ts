import { describe, expect, it } from 'vitest';
import { currency, money } from '../../kernel/money.ts';
import { parseRate, unitsAt } from './rate.ts';

describe('rates', () => {
  it.each([
    ['0.0061', '0.0061'],
    ['1', '1'],
    ['01.50', '1.5'],
    ['1234567890.0123456789', '1234567890.0123456789'],
  ])('%s is %s', (text, rate) => expect(parseRate(text)).toEqual({ ok: true, value: rate }));

  it.each(['', '0', '0.000', '-1', '1,5', '1e3', '.5', '1.', '12345678901', '1.12345678901', 'NaN'])(
    '%s is refused',
    (text) => expect(parseRate(text)).toMatchObject({ ok: false, code: 'bad_rate' }),
  );

  it.each<[bigint, string, string | null, bigint]>([
    [100_000n, 'JPY', '0.0061', 610n],
    [100_000n, 'JPY', null, 100_000n],
    [100_099n, 'EUR', null, 1_000n],
    [1_000_000n, 'KWD', '3.25', 3_250n],
    [199n, 'USD', '0.9', 1n],
    [9_223_372_036_854_775_807n, 'JPY', '9999999999', 92_233_720_359_324_386_033_145_224_193n],
  ])('%s minor units of %s at %s are %s units', (minor, code, rate, units) =>
    expect(unitsAt(money(minor, currency(code)), rate)).toBe(units),
  );
});
