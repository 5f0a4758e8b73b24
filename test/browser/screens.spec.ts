import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startFixtures } from './fixtures/server.ts';
import { accounts, uuid } from './fixtures/world.ts';

const account = `/accounts/${accounts[0]?.id}`;
const pages: Readonly<Record<string, string>> = {
  'sign-in': '/sign-in',
  today: '/',
  accounts: '/accounts',
  account,
  'account-items': `${account}?tab=items`,
  'account-ledger': `${account}?tab=ledger`,
  worklist: '/worklist',
  outbox: '/outbox',
  planned: '/outbox?view=planned',
  payments: '/payments',
  import: '/import',
  'import-mapping': `/import/${uuid(15, 5)}`,
  'import-result': `/import/${uuid(15, 0)}`,
  audit: '/audit',
  settings: '/settings',
};
const sizes = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };
const modes = ['full', 'empty', 'loading', 'error'] as const;

let fixtures: Awaited<ReturnType<typeof startFixtures>>;
test.beforeAll(async () => {
  fixtures = await startFixtures(0);
});
test.afterAll(() => fixtures.stop());

for (const [size, viewport] of Object.entries(sizes))
  for (const colorScheme of ['light', 'dark'] as const)
    for (const mode of modes)
      test(`every page, ${size}, ${colorScheme}, ${mode}`, async ({ browser }, info) => {
        test.setTimeout(240_000);
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
        await context.addCookies([{ name: 'fixture', value: mode, url: fixtures.url }]);
        const page = await context.newPage();
        const broken: string[] = [];
        page.on('pageerror', (error) => broken.push(error.message));
        for (const [name, path] of Object.entries(pages)) {
          await page.goto(fixtures.url + path);
          await expect(page.locator('main')).toBeVisible();
          if (mode === 'error' && name !== 'sign-in') await expect(page.getByRole('alert').first()).toBeVisible();
          else if (mode === 'loading') await expect(page.locator('main')).not.toBeEmpty();
          else await expect(page.locator('.skeleton')).toHaveCount(0);
          await page.screenshot({ path: info.outputPath(`${name}.png`) });
          const sideways = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          expect(sideways, `${name} is wider than its screen`).toBeLessThanOrEqual(0);
          const found = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
          expect(
            found.violations.map((violation) => `${name}: ${violation.id} ${violation.nodes[0]?.html ?? ''}`),
          ).toEqual([]);
        }
        expect(broken).toEqual([]);
        await context.close();
      });

test('the keyboard alone goes from one account of the worklist to the next in two keys', async ({ page }) => {
  await page.goto(`${fixtures.url}/worklist`);
  await page.getByRole('button', { name: /^Start/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('form', { name: 'Outcome of the call' }).waitFor();
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/worklist/next'));
  await page.keyboard.press('2');
  await expect(page.getByRole('button', { name: 'No answer' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Enter');
  await asked;
});

test('the palette, the key help and the sequences answer the keyboard', async ({ page }) => {
  await page.goto(fixtures.url);
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Accounts' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('dunmore');
  await expect(page.getByText('Dunmore Machine Works GmbH').last()).toBeVisible();
});

test('someone who is signed out is asked to sign in and brought back', async ({ browser }) => {
  const context = await browser.newContext();
  await context.addCookies([{ name: 'fixture', value: 'signed-out', url: fixtures.url }]);
  const page = await context.newPage();
  await page.goto(`${fixtures.url}/payments?unapplied=yes`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await context.clearCookies();
  await page.getByLabel('E-mail').fill('owner@demo.dunwell.test');
  await page.locator('input[type=password]').fill('demo-demo-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/payments\?unapplied=yes/);
  await context.close();
});
