import { addDays, calendarDate, type CalendarDate, dateOf, daysBetween } from '../../../kernel/calendar.ts';

/**
 * What the law adds to a late debt. Amounts are decimal text with two places, rates per cent per year as text.
 * Everything is reckoned in integers: hundredths of a currency unit, millionths of a per cent.
 */
export type InterestTerms = {
  /** Percentage points over the reference rate. */
  readonly marginPct: number;
  /**
   * Which reference rate counts: none; that of the day before the half-year in which interest begins, for the whole of the debt; or
   * that of the first day of each half-year, for the days in it.
   */
  readonly referenceRateOf: 'none' | 'last_day_of_half_year_before' | 'first_day_of_each_half_year';
  /** `actual`: 366 in leap years. */
  readonly daysInYear: number | 'actual';
};

export type InterestInput = {
  readonly principal: string;
  /** One rate for all days, when the caller knows it. */
  readonly referenceRatePct?: string | undefined;
  /** Reference rates by the day from which each is in force. */
  readonly baseRates?: Readonly<Record<string, string>> | undefined;
  /** The first day that bears interest. */
  readonly firstDay?: CalendarDate | undefined;
  readonly daysLate: number;
  /** `end`: round once, half up, at the end; `daily-first`: round a day's interest, then multiply. */
  readonly rounding: 'end' | 'daily-first';
};

const rateScale = 1_000_000n;
// Every length of year divides it, so that days of years of different length add up exactly.
const wholeYears = 360n * 364n * 365n * 366n;

function scaled(text: string, places: number): bigint {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  const fraction = found?.[3] ?? '';
  if (!found || fraction.length > places)
    throw new RangeError(`"${text}" is not a number with at most ${places} decimals.`);
  const digits = BigInt(`${found[2]}${fraction.padEnd(places, '0')}`);
  return found[1] === '-' ? -digits : digits;
}

/** Decimal text of a scaled integer, with at least `shown` places. */
function decimal(value: bigint, places: number, shown: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const fraction = digits
    .slice(digits.length - places)
    .replace(/0+$/, '')
    .padEnd(shown, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}.${fraction}`;
}

const halfUp = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

/** Days at one rate in years of one length. */
type Stretch = { readonly days: number; readonly rate: bigint; readonly daysInYear: number };

/** Simple interest from the first day late: principal × (reference rate + margin) × days ÷ days in the year. */
export function statutoryInterest(
  input: InterestInput,
  terms: InterestTerms,
): {
  readonly annualRatePct: string;
  readonly annualAmount: string;
  readonly dailyAmount: string;
  readonly interest: string;
} {
  if (!Number.isInteger(input.daysLate) || input.daysLate < 0)
    throw new RangeError('The number of days late is a whole number, not below zero.');
  const principal = scaled(input.principal, 2);
  const stretches = stretchesOf(input, terms);
  const perYear = 100n * rateScale * wholeYears;
  const ofOneDay = ({ rate, daysInYear }: Stretch) => principal * rate * (wholeYears / BigInt(daysInYear));
  const sum = (amount: (stretch: Stretch) => bigint) =>
    stretches.reduce((total, one) => total + amount(one) * BigInt(one.days), 0n);
  const interest =
    input.rounding === 'daily-first' ? sum((one) => halfUp(ofOneDay(one), perYear)) : halfUp(sum(ofOneDay), perYear);
  const [first] = stretches;
  if (first === undefined) throw new RangeError('There is no day to reckon interest for.');
  return {
    annualRatePct: decimal(first.rate, 6, 2),
    annualAmount: decimal(halfUp(principal * first.rate, 100n * rateScale), 2, 2),
    interest: decimal(interest, 2, 2),
    dailyAmount: decimal(halfUp(ofOneDay(first), perYear), 2, 2),
  };
}

function stretchesOf(input: InterestInput, terms: InterestTerms): Stretch[] {
  const { firstDay, daysLate } = input;
  const margin = scaled(String(terms.marginPct), 6);
  if (firstDay === undefined) {
    if (terms.daysInYear === 'actual')
      throw new RangeError('To count leap years the first day of interest must be given.');
    return [{ days: daysLate, rate: referenceRate(input, terms, undefined) + margin, daysInYear: terms.daysInYear }];
  }
  const stretches: Stretch[] = [];
  for (let day = firstDay, left = daysLate; stretches.length === 0 || left > 0; ) {
    const inHalfYear = Math.min(left, daysBetween(day, nextHalfYear(day)));
    const daysInYear = terms.daysInYear === 'actual' ? (isLeap(day) ? 366 : 365) : terms.daysInYear;
    stretches.push({ days: inHalfYear, rate: referenceRate(input, terms, day) + margin, daysInYear });
    day = nextHalfYear(day);
    left -= inHalfYear;
  }
  return stretches;
}

const isLeap = (date: CalendarDate) => dateOf(Number(date.slice(0, 4)), 2, 29) !== null;
const halfYearOf = (date: CalendarDate) =>
  calendarDate(`${date.slice(0, 4)}-${date.slice(5, 7) <= '06' ? '01' : '07'}-01`);
const nextHalfYear = (date: CalendarDate) => halfYearOf(addDays(halfYearOf(date), 184));

/** The reference rate for a day of interest. */
function referenceRate(
  { referenceRatePct, baseRates, firstDay }: InterestInput,
  terms: InterestTerms,
  day: CalendarDate | undefined,
): bigint {
  if (terms.referenceRateOf === 'none') return 0n;
  if (referenceRatePct !== undefined) return scaled(referenceRatePct, 6);
  if (baseRates === undefined || firstDay === undefined || day === undefined)
    throw new RangeError('Neither a reference rate nor the rates by date with the day interest begins are given.');
  const setOn =
    terms.referenceRateOf === 'first_day_of_each_half_year' ? halfYearOf(day) : addDays(halfYearOf(firstDay), -1);
  const [from] = Object.keys(baseRates)
    .filter((one) => one <= setOn)
    .sort()
    .reverse();
  if (from === undefined) throw new RangeError(`The reference rate of ${setOn} is not given.`);
  return scaled(String(baseRates[from]), 6);
}

/** The fixed sum for a debt of this size: `bands` maps the least principal in minor units to the sum in minor units. */
export function fixedSum(principal: string, bands: Readonly<Record<string, number>>): { readonly fixedSum: string } {
  const owed = scaled(principal, 2);
  let sum = 0n;
  for (const [least, amount] of Object.entries(bands).sort(([a], [b]) => Number(a) - Number(b)))
    if (owed >= BigInt(least)) sum = BigInt(amount);
  return { fixedSum: decimal(sum, 2, 2) };
}
