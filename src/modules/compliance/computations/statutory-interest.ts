/**
 * What the law adds to a late commercial debt. Amounts are decimal text with two places, rates per cent per year as text.
 * Everything is reckoned in integers: hundredths of a currency unit, millionths of a per cent.
 */
export type InterestTerms = {
  /** Percentage points over the reference rate. */
  readonly marginPct: number;
  /** Which reference rate counts: the one named, or that of the half-year in which interest begins. */
  readonly halfYears: boolean;
  readonly daysInYear: number;
};

export type InterestInput = {
  readonly principal: string;
  readonly referenceRatePct?: string | undefined;
  /** Reference rates by the last day of the half-year before the one they serve, with `overdueFrom`. */
  readonly baseRates?: Readonly<Record<string, string>> | undefined;
  readonly overdueFrom?: string | undefined;
  readonly daysLate: number;
  /** `end`: round once, half up, at the end; `daily-first`: round a day's interest, then multiply. */
  readonly rounding: 'end' | 'daily-first';
};

const rateScale = 1_000_000n;

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

/** Simple interest from the day after the due date: principal × (reference rate + margin) × days ÷ days in the year. */
export function statutoryInterest(
  input: InterestInput,
  terms: InterestTerms,
): { readonly annualRatePct: string; readonly interest: string; readonly dailyAmount: string } {
  const reference = scaled(referenceRate(input, terms), 6);
  const rate = reference + scaled(String(terms.marginPct), 6);
  const principal = scaled(input.principal, 2);
  const perYear = 100n * rateScale * BigInt(terms.daysInYear);
  const daily = halfUp(principal * rate, perYear);
  const days = BigInt(input.daysLate);
  const interest = input.rounding === 'daily-first' ? daily * days : halfUp(principal * rate * days, perYear);
  return { annualRatePct: decimal(rate, 6, 2), interest: decimal(interest, 2, 2), dailyAmount: decimal(daily, 2, 2) };
}

function referenceRate({ referenceRatePct, baseRates, overdueFrom }: InterestInput, terms: InterestTerms): string {
  if (referenceRatePct !== undefined) return referenceRatePct;
  if (!terms.halfYears || baseRates === undefined || overdueFrom === undefined)
    throw new RangeError('Neither a reference rate nor the rates by date with the day interest begins are given.');
  const year = Number(overdueFrom.slice(0, 4));
  const fixedOn = overdueFrom.slice(5, 7) <= '06' ? `${year - 1}-12-31` : `${year}-06-30`;
  const rate = baseRates[fixedOn];
  if (rate === undefined) throw new RangeError(`The reference rate of ${fixedOn} is not given.`);
  return rate;
}

/** The fixed sum for a debt of this size: `bands` maps the least principal in minor units to the sum in minor units. */
export function fixedSum(principal: string, bands: Readonly<Record<string, number>>): { readonly fixedSum: string } {
  const owed = scaled(principal, 2);
  let sum = 0n;
  for (const [least, amount] of Object.entries(bands).sort(([a], [b]) => Number(a) - Number(b)))
    if (owed >= BigInt(least)) sum = BigInt(amount);
  return { fixedSum: decimal(sum, 2, 2) };
}
