import { z } from 'zod';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { parseTimeZone } from '../../../kernel/calendar.ts';
import { isJurisdiction } from '../jurisdictions.ts';
import { channels } from '../proposal.ts';

// Worked examples of the law, in the public schema `compliance-vectors/1`: what a regulator's commentary says, made machine-readable.

const open = z.record(z.string(), z.unknown());

// Other names of the parts of the United Kingdom; what binds in a part binds beside what binds in the whole.
const regions: Readonly<Record<string, readonly string[]>> = {
  ENG: ['UK', 'UK-ENG'],
  EW: ['UK', 'UK-ENG'],
  ENGLAND: ['UK', 'UK-ENG'],
  WLS: ['UK', 'UK-WLS'],
  WALES: ['UK', 'UK-WLS'],
  SCT: ['UK', 'UK-SCT'],
  SCO: ['UK', 'UK-SCT'],
  SCOT: ['UK', 'UK-SCT'],
  SCOTLAND: ['UK', 'UK-SCT'],
  NI: ['UK', 'UK-NIR'],
  NIR: ['UK', 'UK-NIR'],
};

/** The names the law goes by here for one an example gives: `GB-SCT` is Scotland, `EU-DE` is Germany. */
function namesOf(code: string): readonly string[] {
  const [wide = '', part] = code.split('-');
  if (wide === 'EU' && part !== undefined && isJurisdiction(part)) return ['EU', part];
  if (wide !== 'UK' && wide !== 'GB') return [code];
  return part === undefined ? ['UK'] : (regions[part] ?? [code]);
}
// Whoever collects what is owed to another is a third party, an attorney who does so among them.
const collectors: Readonly<Record<string, string>> = {
  creditor: 'first_party',
  original_creditor: 'first_party',
  agency: 'third_party',
  collection_agency: 'third_party',
  attorney: 'third_party',
  law_firm: 'third_party',
  collection_attorney: 'third_party',
};

const expectedSchema = z.looseObject({
  decision: z.enum(['allow', 'deny', 'defer', 'compute']),
  ruleId: z.string(),
  notBefore: z.string().optional(),
  notBeforeDate: z.string().optional(),
  notBeforeDateMax: z.string().optional(),
  value: open.optional(),
  accept: z.array(open).optional(),
  /** What the content must be found to need. */
  requires: z.array(z.string()).optional(),
});

const eventSchema = z.looseObject({ at: z.string(), type: z.string() });

const factsSchema = z.looseObject({
  now: z.string().optional(),
  jurisdictions: z
    .array(z.string())
    .min(1)
    .transform((codes) => [...new Set(codes.flatMap(namesOf))]),
  consumerTimezone: z.string().nullable().optional(),
  locationSignals: z.array(z.looseObject({ timezone: z.string(), superseded: z.boolean().optional() })).optional(),
  collectorType: z
    .preprocess((said) => collectors[String(said)] ?? said, z.enum(['first_party', 'third_party', 'debt_buyer']))
    .optional(),
  debtType: z
    .preprocess((said) => (said === 'business' ? 'commercial' : said), z.enum(['consumer', 'commercial']))
    .optional(),
  debts: z.array(z.looseObject({ id: z.string() })).optional(),
  persons: z.array(z.looseObject({ id: z.string(), role: z.string() })).optional(),
  addresses: z.array(z.looseObject({ id: z.string() })).optional(),
  events: z.array(eventSchema).optional(),
});

const proposedSchema = z.looseObject({
  at: z.string(),
  channel: z.string(),
  personId: z.string().optional(),
  debtIds: z.array(z.string()).optional(),
  addressId: z.string().optional(),
  purpose: z.string().optional(),
  content: open.optional(),
});

const vectorSchema = z.looseObject({
  id: z.string(),
  kind: z.enum(['permit', 'compute']),
  tier: z.string().optional(),
  confidence: z.string().optional(),
  citation: z.string().optional(),
  facts: factsSchema,
  proposed: proposedSchema.optional(),
  compute: z.looseObject({ fn: z.string(), input: open }).optional(),
  expected: expectedSchema.optional(),
  assumesPolicy: z.array(z.string()).optional(),
});

/** One worked example. */
export type Vector = z.infer<typeof vectorSchema>;
export type VectorFacts = z.infer<typeof factsSchema>;
export type VectorProposal = z.infer<typeof proposedSchema>;

const fileSchema = z.looseObject({ vectors: z.array(z.unknown()) });

/** Reads a file of worked examples. Refuses (`unreadable_examples`) what is not one, naming the example and member that is wrong. */
export function parseVectors(input: unknown): Result<Vector[], 'unreadable_examples'> {
  const file = fileSchema.safeParse(input);
  if (!file.success)
    return refuse('unreadable_examples', 'The file holds no examples: it needs a member "vectors" with a list.');
  const vectors: Vector[] = [];
  for (const [i, one] of file.data.vectors.entries()) {
    const read = vectorSchema.safeParse(one);
    if (!read.success) {
      const name = (one as { id?: unknown } | null)?.id;
      const named = typeof name === 'string' ? name : `number ${i + 1}`;
      return refuse('unreadable_examples', `Example ${named} cannot be read. ${z.prettifyError(read.error)}`);
    }
    vectors.push(read.data);
  }
  return ok(vectors);
}

/** What the program does not know by name, as a sentence; null when it knows all of it. An unknown thing is refused, never passed over. */
export function unknownIn(vector: Vector, ruleIds: ReadonlySet<string>): string | null {
  const { facts, proposed, expected } = vector;
  const jurisdiction = facts.jurisdictions.find((code) => !isJurisdiction(code));
  if (jurisdiction !== undefined) return `There is no jurisdiction "${jurisdiction}".`;
  if (proposed && !channels.some((one) => one === proposed.channel))
    return `There is no channel "${proposed.channel}".`;
  const zones = [facts.consumerTimezone, ...(facts.locationSignals ?? []).map((one) => one.timezone)];
  for (const zone of zones) {
    if (typeof zone !== 'string') continue;
    const read = parseTimeZone(zone);
    if (!read.ok) return read.detail;
  }
  if (expected && !ruleIds.has(expected.ruleId)) return `There is no rule "${expected.ruleId}".`;
  return null;
}

/** A scalar member as text; empty when it is absent, null or a structure. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
