import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

// The engine that @axe-core/playwright brings. Run by ourselves it is put into a page once and not once for each look, which
// makes the looks three times as fast.
const engine = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'));
const { source } = engine('axe-core') as { source: string };

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/**
 * What axe finds against the page as it stands: every rule, or only the named ones. A framed message is left out: its sandbox keeps
 * every script away, and its wording is tested where it is written.
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(source);
  const options = {
    resultTypes: ['violations'],
    iframes: false,
    ...(rules && { runOnly: { type: 'rule', values: rules } }),
  };
  const found = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
