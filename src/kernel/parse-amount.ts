import { type Currency, exponentOf } from './currency.ts';
import type { Money } from './money.ts';
import { type Result, ok, refuse } from './result.ts';

/**
 * `decimal` is stated by the mapping, never guessed. `excess` says what to do with more decimals than the currency has:
 * refuse them (default), or accept what a spreadsheet's binary float leaves behind (`55.94000000000001`).
 * Zeros in excess are always accepted.
 */
export type ParseAmountOptions = { decimal: '.' | ','; excess?: 'refuse' | 'float-noise' };

type AmountCode = 'unreadable_amount' | 'excess_decimals' | 'other_currency';

const symbols: Readonly<Record<string, string>> = {
  $: 'USD CAD AUD NZD MXN ARS CLP COP HKD SGD TWD BBD BMD BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD UYU DOP CUP',
  US$: 'USD',
  C$: 'CAD',
  A$: 'AUD',
  '€': 'EUR',
  '£': 'GBP EGP GIP FKP SHP SYP LBP SDG SSP',
  '¥': 'JPY CNY',
  '₹': 'INR',
  R$: 'BRL',
  zł: 'PLN',
  kr: 'SEK NOK DKK ISK',
  Kč: 'CZK',
  '₺': 'TRY',
  '₽': 'RUB',
  '₩': 'KRW',
  '₫': 'VND',
  '₱': 'PHP',
  '₪': 'ILS',
  '฿': 'THB',
  '₦': 'NGN',
};

const space = /[\s\u00a0\u202f\u2007\u2009]/;
// A real amount never needs more; the bound keeps a hostile cell from costing time.
const longest = 60;

const shown = (text: string) => `"${text.slice(0, 40)}${text.length > 40 ? '…' : ''}"`;

/** Takes off one currency sign or code at either end; null when it names another currency. */
function withoutSymbol(text: string, currency: Currency): string | null {
  const found = /^([\p{L}]*\p{Sc}|\p{L}{2,3})?\s*([^\p{L}\p{Sc}]*?)\s*(\p{L}*\p{Sc}|\p{L}{2,3})?$/u.exec(text);
  if (!found) return null;
  const [, before, body, after] = found;
  for (const sign of [before, after]) {
    if (sign === undefined || sign.toUpperCase() === currency) continue;
    if (!symbols[sign]?.split(' ').includes(currency)) return null;
  }
  return body ?? '';
}

/** Whole-number part without its group separators; null unless the grouping is regular (3s, or the Indian 2s then 3). */
function ungroup(whole: string, decimal: '.' | ','): string | null {
  if (/^\d+$/.test(whole)) return whole;
  const separator = /[^\d]/.exec(whole)?.[0];
  if (separator === undefined || separator === decimal) return null;
  if (!(space.test(separator) || `.,'’`.includes(separator))) return null;
  const groups = whole.split(separator);
  const last = groups.at(-1);
  if (groups.some((group) => !/^\d+$/.test(group)) || last?.length !== 3) return null;
  const first = groups[0] ?? '';
  const middle = groups.slice(1, -1);
  const western = first.length <= 3 && middle.every((group) => group.length === 3);
  const indian = first.length <= 2 && middle.every((group) => group.length === 2);
  return western || indian ? groups.join('') : null;
}

const signs: readonly (readonly [RegExp, negative: boolean])[] = [
  [/^(.*?)\s*CR\.?$/i, true],
  [/^(.*?)\s*DR\.?$/i, false],
  [/^\((.*)\)$/, true],
  [/^[-−]\s*(.*)$/, true],
  [/^\+\s*(.*)$/, false],
  [/^(.*\d)\s*[-−]$/, true],
];

/** Sign from a leading or trailing minus, parentheses, or CR (credit); DR is a plain debit. Two signs are unreadable. */
function splitSign(text: string): { negative: boolean; body: string } | null {
  let body = text;
  let negative: boolean | undefined;
  for (const [pattern, isNegative] of signs) {
    const found = pattern.exec(body);
    if (!found) continue;
    if (negative !== undefined) return null;
    negative = isNegative;
    body = (found[1] ?? '').trim();
  }
  return { negative: negative ?? false, body };
}

/** Minor-unit digits of the fraction, rounded only where `float-noise` allows it; null = too many decimals. */
function minorDigits(whole: string, fraction: string, exponent: number, excess: 'refuse' | 'float-noise') {
  const digits = fraction.slice(0, exponent).padEnd(exponent, '0');
  const rest = fraction.slice(exponent);
  if (/^0*$/.test(rest)) return { digits, carry: 0n };
  // A double prints 15 to 17 significant digits: noise is only possible at that length, after a run of zeros or nines.
  const significant = (whole + fraction).replace(/^0+/, '').length;
  if (excess === 'refuse' || significant < 15) return null;
  if (/^0{4,}\d{1,2}$/.test(rest)) return { digits, carry: 0n };
  if (/^9{4,}\d{0,2}$/.test(rest)) return { digits, carry: 1n };
  return null;
}

const digitsOnly = { '.': /^(-?)(\d{1,15})(?:\.(\d{1,3}))?$/, ',': /^(-?)(\d{1,15})(?:,(\d{1,3}))?$/ } as const;

/** Digits with a minus and a decimal mark at most, as nearly every cell is written; null: look closer. */
function plainAmount(text: string, exponent: number, decimal: '.' | ','): bigint | null {
  const found = digitsOnly[decimal].exec(text);
  if (!found) return null;
  const [, sign, whole = '', fraction = ''] = found;
  if (fraction.length > exponent) return null;
  const magnitude = BigInt(whole + fraction.padEnd(exponent, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/**
 * Reads an amount exactly. Accepts group separators, one currency sign or code of that currency, and negatives as `-5`, `5-`,
 * `(5)` or `5 CR`. Refuses: `unreadable_amount`, `excess_decimals` (see options), `other_currency`.
 */
export function parseAmount(text: string, currency: Currency, options: ParseAmountOptions): Result<Money, AmountCode> {
  const trimmed = text.trim();
  const simple = plainAmount(trimmed, exponentOf(currency), options.decimal);
  if (simple !== null) return ok({ amountMinor: simple, currency });
  const unreadable = refuse(
    'unreadable_amount',
    `${shown(text)} is not an amount with "${options.decimal}" as decimal mark.`,
  );
  if (trimmed === '' || trimmed.length > longest) return unreadable;
  const outer = splitSign(trimmed);
  if (!outer) return unreadable;
  const bare = withoutSymbol(outer.body, currency);
  if (bare === null) {
    return /\d/.test(trimmed) && /\p{L}|\p{Sc}/u.test(trimmed) && !/\d\s*e\s*[-+]?\d/i.test(trimmed)
      ? refuse('other_currency', `${shown(text)} carries a currency sign that is not ${currency}.`)
      : unreadable;
  }
  // The sign may stand inside the currency sign: $-5.
  const inner = splitSign(bare);
  if (!inner || (inner.negative && outer.negative)) return unreadable;
  const parts = inner.body.split(options.decimal);
  const [wholeText = '', fraction = ''] = parts;
  if (parts.length > 2 || (wholeText === '' && fraction === '') || !/^\d*$/.test(fraction)) return unreadable;
  const whole = wholeText === '' ? '0' : ungroup(wholeText, options.decimal);
  if (whole === null) return unreadable;
  const minor = minorDigits(whole, fraction, exponentOf(currency), options.excess ?? 'refuse');
  if (!minor) {
    return refuse(
      'excess_decimals',
      `${shown(text)} has more decimals than ${currency} allows (${exponentOf(currency)}).`,
    );
  }
  const magnitude = BigInt(whole + minor.digits) + minor.carry;
  return ok({ amountMinor: inner.negative || outer.negative ? -magnitude : magnitude, currency });
}
