import { z } from 'zod';
import { consentEventTypes } from './event-facts.ts';
import type { EventValue } from './gate-facts.ts';
import catalogue from './legal-event-catalogue.json' with { type: 'json' };

const fieldSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-zA-Z]*$/),
  label: z.string().min(1),
  kind: z.enum(['choice', 'yes_no', 'date', 'text']),
  /** For a choice: what may be chosen, value → words. */
  choices: z.record(z.string(), z.string()).optional(),
  required: z.boolean().default(false),
});
const typeSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]*$/),
  topic: z.string().min(1),
  label: z.string().min(1),
  sentence: z.string().min(1),
  /** All debts of the person, always; or all unless some are chosen. */
  about: z.enum(['person', 'debts']),
  /** Whether it is about one address of the person. */
  address: z.enum(['none', 'optional', 'required']).default('none'),
  /** Whether it is about somebody else, such as a relative who was asked. */
  other: z.enum(['none', 'optional']).default('none'),
  detail: z.array(fieldSchema).default([]),
  /** A state that lasts until something ends it; all else is a deed of one moment. */
  lasts: z.boolean().default(false),
  /** What was planned before it is void. */
  stops: z.boolean().default(false),
  /** Types whose effect it ends. */
  ends: z.array(z.string()).default([]),
  /** It takes a protection away by mere statement, which takes the right to release holds. */
  lifts: z.boolean().default(false),
});

/** One member of an event's detail, as a form asks for it. */
export type LegalEventField = z.output<typeof fieldSchema>;
/** A type of event that bears on contact, as the shipped catalogue describes it. */
export type LegalEventType = z.output<typeof typeSchema>;

/** Every type of legal event there is, in the order in which a form offers them. */
export const legalEventTypes: readonly LegalEventType[] = z.array(typeSchema).parse(catalogue);

const byType = new Map(legalEventTypes.map((one) => [one.type, one]));
if (byType.size !== legalEventTypes.length) throw new Error('The catalogue of legal events names a type twice.');

/** The catalogue's entry, or undefined for a type it does not hold. */
export const findLegalEventType = (type: string): LegalEventType | undefined => byType.get(type);

const outside: ReadonlySet<string> = new Set([
  'contact',
  'conversation',
  // Wishes, and their ends: kept as preferences.
  'opt_out',
  'opt_in',
  'cease',
  'cease_withdrawn',
  'inconvenient_time',
  'inconvenient_time_withdrawn',
  'language_wish',
  ...consentEventTypes,
]);

/** Whether a word that a pack uses for an event is one the program can come to know of: listed here, a contact, a consent or a wish. */
export const isKnownEventType = (type: string): boolean => byType.has(type) || outside.has(type);

type Wrong = Readonly<Record<string, string>>;
export type ReadDetail =
  | { readonly ok: true; readonly detail: Readonly<Record<string, EventValue>> }
  | { readonly ok: false; readonly wrong: Wrong };

/** Reads the detail of an event by its type's fields; what is wrong comes back by name, each with a sentence. Absent and null members are left out. */
export function readDetail(type: LegalEventType, given: Readonly<Record<string, unknown>>): ReadDetail {
  const wrong: Record<string, string> = {};
  const detail: Record<string, EventValue> = {};
  const named = new Set(type.detail.map((field) => field.name));
  for (const name of Object.keys(given)) {
    if (!named.has(name))
      wrong[name] =
        named.size === 0
          ? `"${type.label}" takes no further details.`
          : `"${type.label}" has no detail "${name}"; it takes ${[...named].join(', ')}.`;
  }
  for (const field of type.detail) {
    const value = given[field.name] ?? null;
    if (value === null || value === '') {
      if (field.required) wrong[field.name] = `${field.label}: this is needed.`;
      continue;
    }
    const complaint = complaintAbout(field, value);
    if (complaint === null) detail[field.name] = value as EventValue;
    else wrong[field.name] = `${field.label}: ${complaint}`;
  }
  return Object.keys(wrong).length === 0 ? { ok: true, detail } : { ok: false, wrong };
}

const dateSchema = z.iso.date();

function complaintAbout(field: LegalEventField, value: unknown): string | null {
  switch (field.kind) {
    case 'choice': {
      const choices = Object.keys(field.choices ?? {});
      return typeof value === 'string' && choices.includes(value) ? null : `choose one of ${choices.join(', ')}.`;
    }
    case 'yes_no':
      return typeof value === 'boolean' ? null : 'answer yes or no.';
    case 'date':
      return dateSchema.safeParse(value).success ? null : 'give a day as YYYY-MM-DD.';
    case 'text':
      return typeof value === 'string' && value.length <= 300 ? null : 'give at most 300 characters.';
  }
}
