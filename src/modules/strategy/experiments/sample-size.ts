import { reach } from './intervals.ts';

/** What is to be found out. Rates as shares of one; money in any unit, the same for all. */
export type Question =
  | { readonly kind: 'rate'; readonly baseline: number; readonly effect: number }
  | { readonly kind: 'mean'; readonly spread: number; readonly effect: number };

export type Precision = {
  /** The chance of seeing the effect if it is there. */
  readonly power: number;
  /** The chance of seeing one that is not there. */
  readonly error: number;
};

/** What the portfolio gives: the people there are, and those who come each day. */
export type Inflow = { readonly people: number; readonly perDay: number };

export type Plan = {
  /** People needed in each arm, in the order of the weights, where one looks once, at the end. */
  readonly lookingOnce: readonly number[];
  /** The same where one looks every day, as the results do. */
  readonly lookingDaily: readonly number[];
  /** Days until the last of them has entered and its days are over; null when they never come. */
  readonly daysOnce: number | null;
  readonly daysDaily: number | null;
};

/**
 * How many people an experiment needs to find `effect` between its first arm and the smallest other, and how long that takes. Effects are
 * two-sided: a baseline rate of 0.2 and an effect of 0.05 asks for 0.2 against 0.25.
 *
 * Looking once: two rates by Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions" (3rd ed. 2003), equation 4.14 with unequal
 * arms, without the correction for continuity; two means by Chow, Shao and Wang, "Sample Size Calculations in Clinical Research" (2nd ed. 2008),
 * section 3.2.1, with the normal quantile. Looking daily: the least number at which the confidence sequence (see intervals.ts) is narrow enough
 * to leave zero out in that share of worlds.
 */
export function planSample(
  question: Question,
  { power, error }: Precision,
  weights: readonly number[],
  share: number,
  inflow: Inflow,
  days: number,
): Plan {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const [champion = 1, ...others] = weights;
  const least = Math.min(...others);
  const ratio = least / champion;
  // Several challengers are several chances to be wrong.
  const each = error / others.length;
  const once = Math.ceil(lookingOnce(question, power, each, ratio));
  const daily = Math.ceil(lookingDaily(question, power, each, ratio));
  const spread = (first: number) => weights.map((weight) => Math.ceil((first * weight) / champion - 1e-9));
  const until = (first: number) => daysUntil((first * total) / champion / share, inflow, days);
  return { lookingOnce: spread(once), lookingDaily: spread(daily), daysOnce: until(once), daysDaily: until(daily) };
}

function daysUntil(people: number, inflow: Inflow, days: number): number | null {
  const missing = Math.max(0, Math.ceil(people - inflow.people));
  if (missing === 0) return days;
  return inflow.perDay > 0 ? Math.ceil(missing / inflow.perDay) + days : null;
}

/** People in the first arm; `ratio` is the other arm's size over it. */
function lookingOnce(question: Question, power: number, error: number, ratio: number): number {
  const alpha = quantile(1 - error / 2);
  const beta = quantile(power);
  if (question.kind === 'mean')
    return ((1 + 1 / ratio) * (alpha + beta) ** 2 * question.spread ** 2) / question.effect ** 2;
  const { baseline: p, effect } = question;
  const q = p + effect;
  const mean = (p + ratio * q) / (ratio + 1);
  const root = alpha * Math.sqrt((ratio + 1) * mean * (1 - mean)) + beta * Math.sqrt(ratio * p * (1 - p) + q * (1 - q));
  return root ** 2 / (ratio * effect ** 2);
}

function lookingDaily(question: Question, power: number, error: number, ratio: number): number {
  const beta = quantile(power);
  const effect = Math.abs(question.effect);
  const tells = (n: number) => {
    const standardError = errorOf(question, n, n * ratio);
    return reach(n * (1 + ratio), standardError, error) + beta * standardError <= effect;
  };
  let [few, many] = [1, 2];
  while (!tells(many)) [few, many] = [many, many * 2];
  while (many - few > 0.5) {
    const middle = (few + many) / 2;
    if (tells(middle)) many = middle;
    else few = middle;
  }
  return many;
}

function errorOf(question: Question, n: number, m: number): number {
  if (question.kind === 'mean') return question.spread * Math.sqrt(1 / n + 1 / m);
  const { baseline: p, effect } = question;
  const q = p + effect;
  return Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m);
}

/** The standard normal quantile: a table-grade start, made exact by Newton's method. */
export function quantile(share: number): number {
  let z = share < 0.5 ? -tail(share) : tail(1 - share);
  for (let step = 0; step < 3; step++) z -= (normal(z) - share) / density(z);
  return z;
}

/** Abramowitz and Stegun 26.2.23: the quantile of an upper tail, good to 4.5e-4. */
function tail(share: number): number {
  const t = Math.sqrt(-2 * Math.log(share));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** The standard normal distribution by its series (Marsaglia 2004), exact to double precision near the middle. */
function normal(z: number): number {
  let [sum, term, odd] = [z, z, 3];
  while (Math.abs(term) > 1e-17 * Math.abs(sum)) {
    term *= (z * z) / odd;
    sum += term;
    odd += 2;
    if (sum === 0) break;
  }
  return 0.5 + sum * density(z);
}
