import { type Currency, exponentOf } from './currency.ts';

export { type Currency, currencies, currency, exponentOf, parseCurrency } from './currency.ts';
export { type ParseAmountOptions, parseAmount } from './parse-amount.ts';

/** An exact amount: integer minor units (cents, yen, fils) of one currency. Negative means owed the other way. */
export type Money = { readonly amountMinor: bigint; readonly currency: Currency };

/** Money of `amountMinor` minor units. */
export function money(amountMinor: bigint, currency: Currency): Money {
  return { amountMinor, currency };
}

/** Nothing, in a currency. */
export function zero(currency: Currency): Money {
  return { amountMinor: 0n, currency };
}

function sameCurrency(a: Money, b: Money): Currency {
  // Adding across currencies is always a bug of the caller, never a state of the world: a fault, not a refusal.
  if (a.currency !== b.currency) throw new RangeError(`Cannot combine ${a.currency} with ${b.currency}`);
  return a.currency;
}

/** Sum; throws when the currencies differ. */
export function add(a: Money, b: Money): Money {
  return { amountMinor: a.amountMinor + b.amountMinor, currency: sameCurrency(a, b) };
}

/** Difference; throws when the currencies differ. */
export function subtract(a: Money, b: Money): Money {
  return { amountMinor: a.amountMinor - b.amountMinor, currency: sameCurrency(a, b) };
}

/** The same amount the other way round. */
export function negate(a: Money): Money {
  return { amountMinor: -a.amountMinor, currency: a.currency };
}

/** -1, 0 or 1; throws when the currencies differ. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  if (a.amountMinor === b.amountMinor) return 0;
  return a.amountMinor < b.amountMinor ? -1 : 1;
}

/** The smaller of two; throws when the currencies differ. */
export function least(a: Money, b: Money): Money {
  return compare(a, b) <= 0 ? a : b;
}

/** Total of amounts that must all be in `currency`. */
export function sum(amounts: Iterable<Money>, currency: Currency): Money {
  let total = zero(currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/**
 * Integer division rounded to the nearest, halves away from zero, so that rounding a reversal
 * gives exactly the reversal of the rounding. Throws on a zero denominator.
 */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('Division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const magnitude = (2n * n + d) / (2n * d);
  return negative ? -magnitude : magnitude;
}

/**
 * Splits an amount in proportion to weights without losing or inventing a minor unit (largest remainder;
 * ties go to the earlier weight). Weights are non-negative and not all zero, else it throws.
 */
export function allocate(amount: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((acc, weight) => acc + weight, 0n);
  if (weights.some((weight) => weight < 0n) || total === 0n) {
    throw new RangeError('Weights must be non-negative and not all zero');
  }
  const negative = amount.amountMinor < 0n;
  const magnitude = negative ? -amount.amountMinor : amount.amountMinor;
  const shares = weights.map((weight, index) => ({
    index,
    floor: (magnitude * weight) / total,
    remainder: (magnitude * weight) % total,
  }));
  let left = magnitude - shares.reduce((acc, share) => acc + share.floor, 0n);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map((share) => money(negative ? -share.floor : share.floor, amount.currency));
}

/** Plain decimal text with exactly the currency's decimals and no grouping: `-1234.50`. Reads back by `parseAmount`. */
export function formatAmount(amount: Money, marks: { decimal?: string; group?: string } = {}): string {
  const exponent = exponentOf(amount.currency);
  const negative = amount.amountMinor < 0n;
  const digits = (negative ? -amount.amountMinor : amount.amountMinor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const grouped = marks.group ? whole.replace(/\B(?=(\d{3})+$)/g, marks.group) : whole;
  const fraction = exponent === 0 ? '' : (marks.decimal ?? '.') + digits.slice(-exponent);
  return `${negative ? '-' : ''}${grouped}${fraction}`;
}

/** For people: code first, grouped, `USD 1,234.50`. The currency is always shown. */
export function formatMoney(amount: Money): string {
  return `${amount.currency} ${formatAmount(amount, { group: ',' })}`;
}
