import { z } from 'zod';
import { type DateFormat, dateFormats } from '../../kernel/calendar.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { fieldsOf, findField, type Target, targets } from './fields.ts';

const column = z.string().min(1).max(300);

/** Where a field takes its value from: one column, a constant, or a computation over columns. */
const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('column'), column, format: z.string().max(40).nullable().default(null) }),
  z.object({ kind: z.literal('constant'), value: z.string().max(500) }),
  z.object({
    kind: z.literal('add_days'),
    date: column,
    dateFormat: z.string().max(40).nullable().default(null),
    days: column,
  }),
  z.object({ kind: z.literal('concat'), columns: z.array(column).min(1).max(20), separator: z.string().max(20) }),
  z.object({ kind: z.literal('first_of'), columns: z.array(column).min(1).max(20) }),
]);

const mapping = z.object({
  target: z.enum(targets),
  fields: z.record(z.string(), source),
  defaults: z
    .object({
      currency: z.string().length(3).nullable().default(null),
      country: z.string().length(2).nullable().default(null),
      timeZone: z.string().max(64).nullable().default(null),
      partyKind: z.enum(['person', 'business']).default('business'),
    })
    .prefault({}),
  /** Columns that together name a row, when the invoice number alone does not (several lines to one invoice). */
  key: z.array(column).max(10).optional(),
});

/** The source of one field's values. */
export type FieldSource = z.infer<typeof source>;
/** How the columns of a file become fields of a target. Plain data: kept by name, sent by the screen, given to the command line. */
export type Mapping = z.infer<typeof mapping>;

/** How amounts are written: the mark between whole units and cents. */
export const amountFormats = ['1,234.56', '1.234,56'] as const;
export type AmountFormat = (typeof amountFormats)[number];

/** Reads a mapping that came from outside. Refuses: `malformed_mapping`, naming the part. */
export function parseMapping(input: unknown): Result<Mapping, 'malformed_mapping'> {
  const parsed = mapping.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [issue.path.join('.') || 'mapping', issue.message]),
  );
  const [where = 'mapping', what = ''] = Object.entries(fields)[0] ?? [];
  return refuse('malformed_mapping', `The mapping cannot be read at "${where}": ${what}`, fields);
}

/** Every column a source reads. */
export function columnsOf(from: FieldSource): readonly string[] {
  switch (from.kind) {
    case 'column':
      return [from.column];
    case 'constant':
      return [];
    case 'add_days':
      return [from.date, from.days];
    case 'concat':
    case 'first_of':
      return from.columns;
  }
}

export const isDateFormat = (text: string): text is DateFormat => dateFormats.some((format) => format === text);
export const isAmountFormat = (text: string): text is AmountFormat => amountFormats.some((format) => format === text);

/**
 * Whether a mapping can be applied to a file with these headers. Refuses: `missing_column` (names the column and those
 * there are), `mapping_incomplete` (a required field without source, an unanswered date or amount format).
 */
export function checkMapping(
  given: Mapping,
  headers: readonly string[],
): Result<void, 'missing_column' | 'mapping_incomplete'> {
  const known = new Set(headers);
  const missing: Record<string, string> = {};
  for (const [field, from] of Object.entries(given.fields)) {
    const absent = columnsOf(from).filter((name) => !known.has(name));
    if (absent.length > 0) missing[field] = `The file has no column "${absent.join('", "')}".`;
  }
  const absentKeys = (given.key ?? []).filter((name) => !known.has(name));
  if (absentKeys.length > 0) missing.key = `The file has no column "${absentKeys.join('", "')}".`;
  if (Object.keys(missing).length > 0) {
    const shown = headers.slice(0, 30).join(', ') + (headers.length > 30 ? ' …' : '');
    return refuse(
      'missing_column',
      `${Object.values(missing)[0]} It has: ${shown}. Choose one of these, or another mapping.`,
      missing,
    );
  }
  const incomplete = unfinished(given);
  const [first] = Object.values(incomplete);
  return first === undefined ? ok() : refuse('mapping_incomplete', first, incomplete);
}

function unfinished(given: Mapping): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of fieldsOf(given.target)) {
    const defaulted = field.name === 'currency' && given.defaults.currency !== null;
    if (field.required && !given.fields[field.name] && !defaulted) {
      problems[field.name] =
        `"${field.label}" is needed: choose the column it stands in${field.type === 'currency' ? ', or one currency for the whole file' : ''}.`;
    }
  }
  if (given.target !== 'receipts' && !given.fields.party_ref && !given.fields.party_name) {
    problems.party_name = 'Choose the column with the customer number or the customer name.';
  }
  if (given.target === 'contacts' && !given.fields.email && !given.fields.phone && !given.fields.postal) {
    problems.email = 'Choose the column with the e-mail address, telephone or postal address.';
  }
  for (const [name, from] of Object.entries(given.fields)) {
    const problem = sourceProblem(given.target, name, from);
    if (problem) problems[name] = problem;
  }
  return problems;
}

function sourceProblem(target: Target, name: string, from: FieldSource): string | null {
  const field = findField(target, name);
  if (!field) return `There is no field "${name}"; it can be left out.`;
  if (from.kind === 'add_days') {
    if (field.type !== 'date') return `"${field.label}" is not a date, so days cannot be added.`;
    return from.dateFormat !== null && isDateFormat(from.dateFormat)
      ? null
      : `Say how the dates in "${from.date}" are written.`;
  }
  if (from.kind !== 'column') return null;
  if (field.type === 'date' && !(from.format !== null && isDateFormat(from.format))) {
    return `Say how the dates in "${from.column}" are written, for example M/D/YYYY or D/M/YYYY.`;
  }
  if (field.type === 'amount' && !(from.format !== null && isAmountFormat(from.format))) {
    return `Say how the amounts in "${from.column}" are written: 1,234.56 or 1.234,56.`;
  }
  return null;
}
