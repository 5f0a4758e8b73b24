import { findCardNumbers, findSecurityCodes, maskCardNumbers } from '../../kernel/card-number.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { knownNumbers } from '../../modules/insights/public.ts';

/**
 * Names under which requests carry words of a person's own, which are kept as they were written. Card numbers must not be kept (PCI
 * DSS 4.0.1, requirement 3), and people paste them everywhere; so this is looked through here, once, for every operation.
 */
export const freeText: ReadonlySet<string> = new Set([
  'addressLines',
  'basis',
  'body',
  'brand',
  'comment',
  'creditorOnItemizationDate',
  'description',
  'evidence',
  'explanation',
  'heading',
  'headingEs',
  'hypothesis',
  'label',
  'name',
  'note',
  'outcome',
  'payerName',
  'paymentInstructions',
  'phoneHours',
  'postalAddress',
  'product',
  'reason',
  'reference',
  'said',
  'saveMappingAs',
  'source',
  'subject',
  'text',
  'textEs',
  'title',
  'value',
  'why',
]);

/** The sentence the person is told. */
export const maskedNotice =
  'What looked like a card number or its security code was masked before it was saved; of a number only the last four digits were kept. Card numbers must not be stored here.';

/** The request body with card numbers masked, and whether any was. Numbers of the tenant's own accounts and invoices stay. */
export async function maskFreeText<T>(
  body: T,
  enter: <V>(work: (ctx: Ctx) => Promise<V>) => Promise<V>,
): Promise<{ readonly body: T; readonly masked: boolean }> {
  const found = [...new Set(textsIn(body).flatMap((text) => findCardNumbers(text).map((card) => card.digits)))];
  const codes = textsIn(body).some((text) => findSecurityCodes(text).length > 0);
  if (found.length === 0 && !codes) return { body, masked: false };
  const known = await enter((ctx) => knownNumbers(ctx, found));
  return { body: rewritten(body, known) as T, masked: codes || found.some((digits) => !known.has(digits)) };
}

/** Free texts in a body; those of a list's members too. */
function textsIn(part: unknown, name = ''): string[] {
  if (typeof part === 'string') return freeText.has(name) ? [part] : [];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, inner]) => textsIn(inner, Array.isArray(part) ? name : key));
}

function rewritten(part: unknown, known: ReadonlySet<string>, name = ''): unknown {
  if (typeof part === 'string') return freeText.has(name) ? maskCardNumbers(part, known) : part;
  if (Array.isArray(part)) return part.map((inner) => rewritten(inner, known, name));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, rewritten(inner, known, key)]));
}
