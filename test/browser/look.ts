import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test';
import { at } from './demo.ts';
import { violations } from './violations.ts';

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const sizes = [
  { width: 1280, height: 860 },
  { width: 390, height: 844 },
] as const;
const lights = ['light', 'dark'] as const;

/** A page as it is looked at. */
export type Screen = {
  readonly name: string;
  readonly path: string;
  /** What nobody could do without on this page; seen before it is looked at. */
  readonly shows: (page: Page) => Locator;
  readonly prepare?: (page: Page) => Promise<unknown>;
};

/** A page is known by its title. */
export const titled = (title: string) => (page: Page) => page.getByRole('heading', { name: title, level: 1 });
export const screen = (name: string, path: string, shows: Screen['shows'], prepare?: Screen['prepare']): Screen =>
  prepare ? { name, path, shows, prepare } : { name, path, shows };

let complaints: string[] = [];
// The browser's line about a status that we provoke, and about axe, which is kept out of the sandboxed message like any script.
const ours = /^Failed to load resource|^Blocked script execution in 'about:srcdoc'/;
/** A browser without motion whose errors count against the page looked at. */
export async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce', locale: 'en-US' });
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && !ours.test(message.text())) complaints.push(message.text());
  });
  return context;
}

/** Looks at a page in both sizes and both lights: a picture, no axe violation, nothing wider than its screen. */
export async function look(
  page: Page,
  state: string,
  screens: readonly Screen[],
  settled: (page: Page, screen: Screen) => Promise<void>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const each of screens) {
    await test.step(`${each.name}, ${state}`, async () => {
      complaints = [];
      await page.setViewportSize(sizes[0]);
      await page.goto(at(page, each.path));
      await each.prepare?.(page);
      for (const size of sizes) {
        await page.setViewportSize(size);
        for (const colorScheme of lights) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await settled(page, each);
          // A change of light fades; neither a picture nor a contrast is taken half-way.
          await page.evaluate(
            'document.getAnimations().forEach((each) => each.effect?.getTiming().iterations === 1 && each.finish())',
          );
          const name = `${each.name}-${state}-${size.width}-${colorScheme}`;
          await page.screenshot({ path: join(folder, `${name}.png`) });
          const sideways = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          expect.soft(sideways, `${name} is wider than its screen`).toBeLessThanOrEqual(0);
          // In another light only colours differ.
          const found = await violations(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
          expect.soft(found, name).toEqual([]);
        }
      }
      expect.soft(complaints, `${each.name}, ${state}: console`).toEqual([]);
    });
  }
}

/** Shown, with nothing still on its way. */
export async function filled(page: Page, each: Screen): Promise<void> {
  await expect(each.shows(page).first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
}
