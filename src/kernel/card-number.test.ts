import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCardNumbers, maskCardNumbers } from './card-number.ts';

describe('card numbers', () => {
  test.each([
    ['4111111111111111', '************1111'],
    ['my card is 4111 1111 1111 1111, thanks', 'my card is **** **** **** 1111, thanks'],
    ['5500-0000-0000-0004', '****-****-****-0004'],
    ['amex 3782 822463 10005.', 'amex **** ****** *0005.'],
    ['6011000990139424 and 3530111333300000', '************9424 and ************0000'],
    ['4222222222222 has thirteen', '*********2222 has thirteen'],
    ['on 2026-11-28 4111111111111111', 'on 2026-11-28 ************1111'],
    ['4111.1111.1111.1111 exp 12/29', '****.****.****.1111 exp 12/29'],
    ['4111111111111111 12/29 123', '************1111 12/29 123'],
    ['exp 12/29, CVV: 123', 'exp 12/29, CVV: ***'],
    ['4111111111111111 cvc2 is 4321.', '************1111 cvc2 is ****.'],
    ['Die Kartenprüfnummer lautet 987', 'Die Kartenprüfnummer lautet ***'],
  ])('%s', (text, masked) => {
    expect(maskCardNumbers(text)).toBe(masked);
    expect(masked).toHaveLength(text.length);
  });

  test.each([
    ['not Luhn', '4111111111111112'],
    ['too short', '411111111111'],
    ['too long for one', '41111111111111114111'],
    ['a run of one digit', '0000000000000000'],
    ['a Belgian IBAN that passes Luhn as digits', 'BE68 5390 0754 7034'],
    ['a German IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['telephone numbers', '+1 212 555 0100, 020 7946 0958'],
    ['amounts and dates', '1,234.50 USD due 2026-03-10, 38 days'],
    ['a code sent to sign in', 'Your security code is 481516.'],
    ['talk of a code', 'Asked for the CVV on page 3; security code not taken'],
  ])('none in %s', (_what, text) => {
    expect(maskCardNumbers(text)).toBe(text);
  });

  test('numbers we know are left alone', () => {
    expect(maskCardNumbers('invoice 4111111111111111', new Set(['4111111111111111']))).toBe('invoice 4111111111111111');
  });

  const luhnTail = (body: string): string => {
    let sum = 0;
    for (const [index, sign] of [...body].reverse().entries()) {
      const digit = Number(sign) * (index % 2 === 0 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return String((10 - (sum % 10)) % 10);
  };
  const card = fc
    .tuple(
      fc.constantFrom('4', '51', '55', '34', '6011'),
      fc.integer({ min: 13, max: 19 }),
      fc.infiniteStream(fc.nat(9)),
    )
    .map(([prefix, length, stream]) => {
      let body = prefix;
      for (const digit of stream) {
        if (body.length >= length - 1) break;
        body += String(digit);
      }
      return body + luhnTail(body);
    });
  const separated = fc
    .tuple(card, fc.constantFrom('', ' ', '-', '.'), fc.integer({ min: 3, max: 6 }))
    .map(([digits, separator, every]) => (digits.match(new RegExp(`.{1,${every}}`, 'g')) ?? []).join(separator));

  test('however a card is grouped and whatever stands around it, only its last four digits stay', () => {
    fc.assert(
      fc.property(
        separated,
        fc.constantFrom('', 'Card: ', 'see '),
        fc.constantFrom('', ' thanks', ', cvv later'),
        (text, a, b) => {
          const masked = maskCardNumbers(`${a}${text}${b}`);
          expect(masked.replace(/\D/g, '')).toBe(text.replace(/\D/g, '').slice(-4));
          expect(maskCardNumbers(masked)).toBe(masked);
        },
      ),
    );
  });

  test('texts of any kind keep their length and stay as they are without digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(maskCardNumbers(text)).toHaveLength(text.length);
        if (!/\d{4}/.test(text)) expect(maskCardNumbers(text)).toBe(text);
      }),
    );
  });

  test('a hundred kilobytes of digits take no time', () => {
    for (const text of [
      '4'.repeat(100_000),
      '4 '.repeat(50_000),
      '4111-'.repeat(20_000),
      '1234 5678 '.repeat(10_000),
    ]) {
      const begun = performance.now();
      findCardNumbers(text);
      expect(performance.now() - begun).toBeLessThan(20_000);
    }
  });
});
