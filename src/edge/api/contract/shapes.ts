import { z } from 'zod';

/** Shapes shared by several operations. Money is an integer string of minor units beside its ISO 4217 currency: JSON numbers lose cents. */
export const id = z.uuid().toLowerCase();
const isDay = (text: string): boolean => {
  const read = new Date(`${text}T00:00:00Z`);
  return text >= '1900' && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
};
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine(isDay, 'There is no such day.')
  .describe('Calendar date, YYYY-MM-DD, from 1900 on');
export const instant = z.iso
  .datetime()
  .refine((text) => text >= '1900', 'Instants before 1900 are not kept.')
  .describe('Instant, RFC 3339 in UTC');
export const minor = z
  .string()
  .regex(/^-?\d{1,18}$/)
  .describe('Integer amount in minor units of the currency');
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217 code');
export const money = z.object({ amountMinor: minor, currency }).meta({ id: 'Money' });
export const positiveMoney = z
  .object({ amountMinor: z.string().regex(/^[1-9]\d{0,17}$/, 'Must be more than zero.'), currency })
  .meta({ id: 'PositiveMoney' });
export const rowVersion = z.string().regex(/^\d+$/).describe('Send it back in If-Match when you edit');
export const cursor = z.string().max(500).describe('Opaque; from the previous page');
export const limit = z.coerce.number().int().min(1).max(200).default(50);
export const page = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), nextCursor: z.string().nullable() });
export const ref = z.object({ id, name: z.string() }).meta({ id: 'Reference' });

export const stage = z.enum(['pre_due', 'early', 'mid', 'late', 'legal']);
export const bucket = z.enum(['not_due', '1_30', '31_60', '61_90', '90_plus']);
export const accountState = z.enum(['active', 'settled', 'on_hold', 'legal', 'placed', 'written_off', 'closed']);

/** RFC 9457. `code` is stable; `detail` is a sentence for a person; `fields` names what to mend. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });

/** The why-card: facts used, rule that fired, version, and what would change the answer. */
export const why = z
  .object({
    outcome: z.enum(['act', 'wait', 'stop', 'allow', 'deny', 'defer']),
    sentence: z.string(),
    reasons: z.array(
      z.object({
        code: z.string(),
        sentence: z.string(),
        citation: z.string().nullable(),
        notBefore: instant.nullable(),
        cure: z.string().nullable(),
      }),
    ),
    overridable: z
      .boolean()
      .optional()
      .describe('Everything that stands against it could be overridden by a second person'),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
    version: z.string().describe('Strategy version or rule-pack versions that decided'),
    decidedAt: instant,
    nextOn: date.nullable(),
  })
  .meta({ id: 'Why' });
