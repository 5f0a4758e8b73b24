import { expect } from '@playwright/test';
import { enter, read, test, toCallableDay } from './demo.ts';

type Rows<T> = { readonly rows: readonly T[] };

test('from the outcome of a call to the next account in two keys, its permit ahead', async ({ page, demo }) => {
  await enter(page, demo);
  const queue = await read<Rows<{ account: { id: string; party: { name: string } } }>>(
    page,
    '/api/v1/tasks?queue=collector',
  );
  const names = queue.rows.map((task) => task.account.party.name);
  expect(names.length).toBeGreaterThan(2);
  await toCallableDay(page, queue.rows[0]?.account.id ?? '');
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page.getByRole('button', { name: /^Start/ })).toBeVisible();
  await page.keyboard.press('Enter');
  const who = page.locator('.desk-who h2');
  const form = page.getByRole('form', { name: 'Outcome of the call' });
  await expect(form).toBeVisible();
  await expect(page.locator('.desk')).toContainText('Allowed');
  const first = (await who.textContent()) ?? '';

  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await press('2');
  await expect(form.getByRole('button', { name: 'No answer' })).toHaveAttribute('aria-pressed', 'true');
  await press('Enter');
  await expect(who).not.toHaveText(first);
  expect(keys).toBeLessThanOrEqual(3);
  // The gate's answer for the call that comes next stands there before anybody asked for it.
  await expect(
    page
      .locator('.desk')
      .getByText(/Allowed|Not now|Refused/)
      .first(),
  ).toBeVisible();
  await page.keyboard.press('p');
  await expect(form.getByLabel('Promised amount')).toBeVisible();
});

test('a list is walked with j and k and opened with Enter', async ({ page, demo }) => {
  await enter(page, demo);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  const table = page.getByRole('table', { name: 'Accounts' });
  await expect(table).toBeVisible();
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  const chosen = table.locator('tr[data-active="true"]');
  await expect(chosen).toHaveAttribute('data-index', '1');
  const name = (await chosen.getByRole('link').first().textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test('search, palette and help answer their keys', async ({ page, demo }) => {
  await enter(page, demo);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.goto(new URL('/accounts', demo.url).href);
  const table = page.getByRole('table', { name: 'Accounts' });
  await expect(table).toBeVisible();
  const name = (await table.getByRole('link').first().textContent()) ?? '';
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox').or(page.locator('input[data-search]')).first()).toBeFocused();
  await page.keyboard.type(name);
  await expect(table.locator('tr[data-index]')).toHaveCount(1);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByLabel('Search', { exact: true })).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.getByRole('dialog').getByText(name).first()).toBeVisible();
});

test('the first Tab offers the way past the navigation, and focus can be seen', async ({ page, demo }) => {
  await enter(page, demo);
  await page.goto(demo.url);
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  const unseen: string[] = [];
  for (let stop = 0; stop < 12; stop += 1) {
    await page.keyboard.press('Tab');
    // An outline, or a ring drawn as a shadow, on the element or on the row around it.
    const mark = await page.evaluate<{ html: string; seen: boolean }>(`(() => {
      const element = document.activeElement;
      const shows = (one) => { const style = getComputedStyle(one); return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; };
      return { html: element.outerHTML.slice(0, 120), seen: shows(element) || (element.parentElement !== null && shows(element.parentElement)) };
    })()`);
    if (!mark.seen) unseen.push(mark.html);
  }
  expect(unseen).toEqual([]);
});

test('the field one writes in is marked', async ({ page, demo }) => {
  await enter(page, demo);
  await page.goto(`${demo.url}/audit`);
  for (const field of [page.getByLabel('Who', { exact: true }), page.getByLabel('From', { exact: true })]) {
    await field.focus();
    await expect(field).toBeFocused();
    await expect(field).not.toHaveCSS('outline-style', 'none');
  }
});
