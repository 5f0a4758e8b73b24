import { z } from 'zod';
import { ok, type Result, refuse } from '../../../kernel/result.ts';

/** What can be done about an account, each with a cost and an effect of its own. */
export const acts = ['call', 'call_back', 'escalation', 'review', 'email'] as const;
export type Act = (typeof acts)[number];

/** The act that a task of this kind is weighed as: whatever else a person does counts as a review. */
export const actOfTask = (kind: string): Act => acts.find((act) => act === kind) ?? 'review';

const percent = z.int('Write a whole number of per cent.').min(0, 'Not below 0 %.').max(1000, 'Not above 1,000 %.');
const days = z.int('Write a whole number of days.').min(0, 'Not below 0 days.').max(3650, 'At most 3,650 days.');
const act = z.strictObject({
  effect: percent,
  costMinor: z
    .int('Write the cost as an amount.')
    .min(1, 'The cost must be above zero: what costs nothing would always come first.')
    .max(1_000_000_000, 'This is more than an act can cost.'),
});

const shape = z.strictObject({
  /** Ascending; an account younger than the first day, or with nothing due, counts as the first. */
  chance: z
    .array(
      z.strictObject({
        fromDay: z
          .int('Write a whole number of days.')
          .min(-60, 'Not below -60 days.')
          .max(3650, 'At most 3,650 days.'),
        percent: percent.max(100, 'A chance is at most 100 %.'),
      }),
    )
    .min(1, 'State the chance of at least one age.')
    .max(20, 'At most 20 ages.'),
  promises: z.strictObject({ kept: percent, broken: percent, both: percent }),
  contact: z.strictObject({
    never: percent,
    recent: percent,
    recentDays: days,
    spoken: percent,
    spokenDays: days,
    tried: percent,
  }),
  reach: z.strictObject({ spoken: percent, phone: percent, none: percent }),
  acts: z.strictObject({ call: act, call_back: act, escalation: act, review: act, email: act }),
});

/**
 * By what the worth of working an account now is reckoned. Percentages are whole numbers, costs minor units of the reporting
 * currency: everything is multiplied exactly and divided once.
 */
export type Weights = z.infer<typeof shape>;

/**
 * What holds until a tenant writes its own. The chances are what working an account adds: little while it would be paid anyway, most
 * in the second and third month, less as it grows old.
 */
export const defaultWeights: Weights = {
  chance: [
    { fromDay: 0, percent: 4 },
    { fromDay: 1, percent: 14 },
    { fromDay: 31, percent: 24 },
    { fromDay: 61, percent: 28 },
    { fromDay: 91, percent: 25 },
    { fromDay: 181, percent: 15 },
    { fromDay: 361, percent: 6 },
  ],
  promises: { kept: 120, broken: 60, both: 90 },
  contact: { never: 110, recent: 40, recentDays: 2, spoken: 130, spokenDays: 30, tried: 100 },
  reach: { spoken: 100, phone: 60, none: 5 },
  acts: {
    call: { effect: 100, costMinor: 400 },
    call_back: { effect: 150, costMinor: 400 },
    escalation: { effect: 100, costMinor: 1200 },
    review: { effect: 50, costMinor: 300 },
    email: { effect: 30, costMinor: 5 },
  },
};

/** Reads weights as somebody wrote them. Refuses: `malformed_weights`, with a sentence for each weight at fault. */
export function parseWeights(input: unknown): Result<Weights, 'malformed_weights'> {
  const read = shape.safeParse(input);
  const faults: Record<string, string> = {};
  if (!read.success) {
    for (const issue of read.error.issues) faults[issue.path.join('.') || 'weights'] ??= issue.message;
  } else {
    const { chance, contact } = read.data;
    for (const [at, one] of chance.entries()) {
      const before = chance[at - 1];
      if (before && before.fromDay >= one.fromDay)
        faults[`chance.${at}.fromDay`] = `Ages must rise: ${one.fromDay} does not come after ${before.fromDay}.`;
    }
    if (contact.recentDays > contact.spokenDays)
      faults['contact.spokenDays'] =
        `A conversation must count for at least the ${contact.recentDays} days in which any contact counts as recent.`;
    if (chance.every((one) => one.percent === 0))
      faults['chance'] = 'With no chance at any age nothing would be worth anything. Give one age a chance.';
  }
  const [first] = Object.values(faults);
  if (!read.success || first !== undefined)
    return refuse('malformed_weights', first ?? 'These weights cannot be read.', faults);
  return ok(read.data);
}
