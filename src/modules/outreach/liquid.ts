import { Liquid } from 'liquidjs';
import { ok, type Result, refuse } from '../../kernel/result.ts';

// Tenants write these texts: no files, no prototypes, bounded work, and an unknown name is an error instead of a blank.
const limits = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  parseLimit: 50_000,
  renderLimit: 2000,
  memoryLimit: 1_000_000,
  templates: {},
} as const;

const plain = new Liquid(limits);
const parsed = new Map<string, ReturnType<typeof plain.parse>>();

/** Fills a text template. Throws what `checkTemplate` would have refused. */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  let found = parsed.get(template);
  if (found === undefined) {
    if (parsed.size > 500) parsed.clear();
    found = plain.parse(template);
    parsed.set(template, found);
  }
  return plain.renderSync(found, values) as string;
}

/** Refuses (`bad_template`) what does not parse or does not fill with the given values, in the template engine's own words. */
export function checkTemplate(
  template: string,
  values: Readonly<Record<string, unknown>>,
): Result<void, 'bad_template'> {
  try {
    plain.renderSync(plain.parse(template), values);
    return ok();
  } catch (error) {
    return refuse(
      'bad_template',
      `The template cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
