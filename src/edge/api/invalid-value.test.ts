import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainly } from './invalid-value.ts';

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'Missing: give text.'],
  [z.string(), 5, 'Must be text.'],
  [z.object({}), [], 'Must be a JSON object.'],
  [z.number().int(), 1.5, 'Must be a whole number.'],
  [z.number().min(1), 0, 'Must be at least 1.'],
  [z.number().positive(), 0, 'Must be more than 0.'],
  [z.number().max(200), 201, 'Must be at most 200.'],
  [z.string().min(1), '', 'Must not be empty.'],
  [z.string().min(12), 'short', 'Must have at least 12 characters.'],
  [z.string().max(3), 'long', 'Must have at most 3 characters.'],
  [z.array(z.string()).max(1), ['a', 'b'], 'Must have at most 1 entries.'],
  [z.enum(['call', 'email']), 'fax', 'Must be call or email.'],
  [z.uuid(), 'zzz', 'Not an id: these are UUIDs, taken from an earlier answer.'],
  [z.iso.date(), '31/12/2026', 'Not a date: write it as YYYY-MM-DD.'],
  [z.strictObject({}), { colour: 1 }, 'Holds what is not known here: colour. Leave it out or correct the name.'],
  [z.string('Name the customer.'), undefined, 'Name the customer.'],
])('%# says what has to change', (schema, value, sentence) => {
  const { code, message, ...params } = schema.safeParse(value).error?.issues[0] ?? { code: '', message: '' };
  expect(plainly({ keyword: code, message, params })).toBe(sentence);
});
