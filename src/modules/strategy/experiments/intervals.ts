/** Exact sums over the people counted so far: how many, the sum of what was measured of each, and of its square. */
export type Sums = { readonly n: number; readonly sum: bigint; readonly squares: bigint };

export type Interval = { readonly low: number; readonly high: number };

export const plus = (a: Sums, b: Sums): Sums => ({ n: a.n + b.n, sum: a.sum + b.sum, squares: a.squares + b.squares });
export const nothing: Sums = { n: 0, sum: 0n, squares: 0n };

export const meanOf = ({ n, sum }: Sums): number => Number(sum) / n;

/** The variance of a sample; the differences are taken in whole numbers, so that nothing cancels. Needs two. */
export const varianceOf = ({ n, sum, squares }: Sums): number =>
  Number(BigInt(n) * squares - sum * sum) / (n * (n - 1));

/** Below this many people in an arm no interval of a mean is given: the one below holds for large samples. */
export const FEWEST = 100;

// The interval is at its narrowest, relative to what it could be, at about this many people.
const NARROWEST_AT = 2000;

/**
 * By how much the mean of `n` observations with that standard error may be off, at whatever moment one looks, with probability of being wrong
 * ever of at most `error`. The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit
 * theory and asymptotic confidence sequences", Annals of Statistics 52 (2024), theorem 2.2: a normal mixture over the strong Gaussian
 * approximation, `rho` by their equation for the sample size at which it is to be tightest.
 *
 * Assumes: people independent and alike, each counted once when its days are over, finite variance; holds better the more people were
 * counted before the first look, hence `FEWEST`.
 */
export function reach(n: number, standardError: number, error: number): number {
  const rho2 = (-2 * Math.log(error) + Math.log(-2 * Math.log(error) + 1)) / NARROWEST_AT;
  const t = n * rho2;
  return standardError * Math.sqrt(((2 * (t + 1)) / t) * Math.log(Math.sqrt(t + 1) / error));
}

/** The mean of an arm; null while too few are counted. */
export function meanInterval(sums: Sums, error: number): Interval | null {
  if (sums.n < FEWEST) return null;
  const off = reach(sums.n, Math.sqrt(varianceOf(sums) / sums.n), error);
  return { low: meanOf(sums) - off, high: meanOf(sums) + off };
}

/**
 * The difference of two means, `of` less `from`; null while too few are counted. The same sequence over the people of both arms in the order in
 * which they are counted: the arms are drawn by lot, so that the difference is the effect (theorem 3.1 of the same paper, without covariates).
 */
export function differenceInterval(of: Sums, from: Sums, error: number): Interval | null {
  if (of.n < FEWEST || from.n < FEWEST) return null;
  const off = reach(of.n + from.n, Math.sqrt(varianceOf(of) / of.n + varianceOf(from) / from.n), error);
  const difference = meanOf(of) - meanOf(from);
  return { low: difference - off, high: difference + off };
}

/**
 * The share of people to whom something happened, `sum` of `n`, at whatever moment one looks: every share that a bettor with a uniform prior
 * has not yet made `1 / error` times his money against (Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of
 * Mathematical Statistics 41 (1970); the beta-binomial mixture of Howard, Ramdas, McAuliffe and Sekhon, Annals of Statistics 49 (2021)).
 *
 * Exact for any sample size, also for rare events, where a normal approximation would promise too much. Assumes people independent and alike.
 */
export function shareInterval({ n, sum }: Pick<Sums, 'n' | 'sum'>, error: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const hits = Number(sum);
  const misses = n - hits;
  const mixed = logBeta(hits + 1, misses + 1);
  const won = (share: number) =>
    mixed -
    (hits === 0 ? 0 : hits * Math.log(share)) -
    (misses === 0 ? 0 : misses * Math.log1p(-share)) +
    Math.log(error);
  const seen = hits / n;
  return {
    low: hits === 0 ? 0 : edge(won, seen, 0),
    high: misses === 0 ? 1 : edge(won, seen, 1),
  };
}

/** The difference of two shares: each interval at half the error, so that both hold at once; exact, at the price of some width. */
export function shareDifference(of: Sums, from: Sums, error: number): Interval {
  const a = shareInterval(of, error / 2);
  const b = shareInterval(from, error / 2);
  return { low: a.low - b.high, high: a.high - b.low };
}

/** Where `won` turns positive between a share inside the interval and one outside. */
function edge(won: (share: number) => number, inside: number, outside: number): number {
  let [yes, no] = [inside, outside];
  for (let step = 0; step < 60; step++) {
    const middle = (yes + no) / 2;
    if (won(middle) < 0) yes = middle;
    else no = middle;
  }
  return no;
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Lanczos' approximation (g = 7, nine terms) for arguments of one and above. */
function logGamma(x: number): number {
  const z = x - 1;
  const series = lanczos.reduce((sum, term, at) => sum + term / (z + at + 1), 0.9999999999998099);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}
