import { z } from 'zod';
import { ok, type Result, refuse } from '../../../kernel/result.ts';

const probability = z.number().min(0).max(1);
const behaviourTable = z.strictObject({
  /** Where the figures come from, for the reader of the report. */
  source: z.string().max(500).optional(),
  /** Rows in order of `fromDay`; an item is in the last one whose day it has come to, and is never paid before the first. */
  rows: z
    .array(
      z.strictObject({
        /** Days past due from which the row counts; negative is before the due day. */
        fromDay: z.int().min(-365).max(3650),
        /** The chance that an open item is paid on one day: with no contact about it so far, one, two…; the last counts for more. */
        perDay: z.array(probability).min(1).max(20),
      }),
    )
    .min(1)
    .max(50),
});
export type BehaviourTable = z.infer<typeof behaviourTable>;

const cost = z.number().min(0).max(100_000);
const assumptions = z.strictObject({
  /** How people pay: not at all, as in the tenant's own past year, or as the table says. */
  behaviour: z.union([z.literal('none'), z.literal('fitted'), behaviourTable]).default('none'),
  /** `worked`: every call task is called on its day where the law lets it, every escalation is decided. `left`: nobody touches a task. */
  tasks: z.enum(['worked', 'left']).default('worked'),
  /** What one of each costs, in the reporting currency. */
  costs: z
    .strictObject({ email: cost.default(0.01), call_task: cost.default(4), escalation: cost.default(10) })
    .prefault({}),
  /** Calls that all collectors together do in a day; null: not stated. */
  callsPerDay: z.int().min(1).max(1_000_000).nullable().default(null),
});

/** What a simulation takes for granted; it is kept with the result. */
export type Assumptions = z.infer<typeof assumptions>;

/** Reads assumptions from JSON; what is left out has a stated default. Refuses: `malformed_assumptions`. */
export function parseAssumptions(input: unknown): Result<Assumptions, 'malformed_assumptions'> {
  const read = assumptions.safeParse(input ?? {});
  if (!read.success) {
    const [issue] = read.error.issues;
    const sentence = `The assumptions cannot be read at ${issue?.path.join('.') || 'the top'}: ${issue?.message}.`;
    return refuse('malformed_assumptions', sentence, { assumptions: sentence });
  }
  const { behaviour } = read.data;
  if (typeof behaviour === 'object') {
    const { rows } = behaviour;
    const unordered = rows.findIndex((row, at) => at > 0 && row.fromDay <= (rows[at - 1]?.fromDay ?? row.fromDay));
    if (unordered >= 0) {
      const sentence = `Row ${unordered + 1} of the payment behaviour must begin at a later day than the row before it.`;
      return refuse('malformed_assumptions', sentence, { assumptions: sentence });
    }
  }
  return ok(read.data);
}

/** The chance that an item this many days past due is paid today, after that many contacts about it. */
export function chanceOf(table: BehaviourTable, daysPastDue: number, contacts: number): number {
  const row = table.rows.findLast((one) => one.fromDay <= daysPastDue);
  return row?.perDay[Math.min(contacts, row.perDay.length - 1)] ?? 0;
}

/** What the draws of one item hang on: its id and the seed (FNV-1a). */
export function drawsOf(itemId: string, seed: string): number {
  let hash = 0x811c9dc5;
  for (const text of [seed, '/', itemId])
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * The draw of an item on a day, from 0 to 1: the same in every version that is simulated and in every run, so that what differs between
 * two versions is never luck (the finaliser of MurmurHash3).
 */
export function draw(draws: number, day: number): number {
  let hash = draws ^ Math.imul(day, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
