/** The middle of some numbers (of an even count, the lower middle). */
export const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);

/** The smallest number that `share` of them do not exceed. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export type Pair<Ours, Reference> = { readonly ours: Ours; readonly reference: Reference };

/** Runs both sides `count` times, in turn, each first every other time, so that what else the machine does falls on both alike. */
export async function interleavedPairs<Ours, Reference>(
  count: number,
  sides: { readonly ours: () => Promise<Ours>; readonly reference: () => Promise<Reference> },
): Promise<Pair<Ours, Reference>[]> {
  const pairs: Pair<Ours, Reference>[] = [];
  for (let n = 0; n < count; n += 1) {
    if (n % 2 === 0) {
      const ours = await sides.ours();
      pairs.push({ ours, reference: await sides.reference() });
    } else {
      const reference = await sides.reference();
      pairs.push({ ours: await sides.ours(), reference });
    }
  }
  return pairs;
}

/** Seconds that `fn` takes. */
export async function secondsOf(fn: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await fn();
  return (performance.now() - start) / 1000;
}
