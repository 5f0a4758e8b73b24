import { expect, type Locator, type Page } from '@playwright/test';
import { enter, read, test, write } from './demo.ts';
import { filled, look, newContext, type Screen, screen, titled } from './look.ts';

test.use({ trace: 'off' });

type Rows<T> = { readonly rows: readonly T[] };
type Strategy = { readonly id: string; readonly name: string };

/** Goes along the page with Tab, or back with Shift+Tab, until the focus is there. */
async function tabTo(page: Page, wanted: Locator, key = 'Tab'): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let stop = 0; stop < 90; stop += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press(key);
  }
  throw new Error('The focus never came there.');
}

test('a strategy is designed and published with nothing but the keyboard', async ({ page, demo }) => {
  await enter(page, demo);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await tabTo(page, page.getByRole('link', { name: 'b2b-default', exact: true }));
  await page.keyboard.press('Enter');
  const dots = page.getByRole('slider');
  await expect(dots).toHaveCount(8);
  await expect(page.getByText(/^Nothing stands against it/)).toBeVisible();

  await page.keyboard.press('a');
  await expect(dots).toHaveCount(9);
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.keyboard.type('Second look');
  const mine = page.getByRole('slider', { name: 'Second look' });
  await expect(mine).toHaveAttribute('aria-valuenow', '67');

  await tabTo(page, mine, 'Shift+Tab');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(mine).toHaveAttribute('aria-valuenow', '59');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('list', { name: 'What stands against Escalation to a manager' })).toContainText(
    'on the same day as',
  );
  await expect(page.getByText('One thing to mend before it can be published', { exact: false })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(mine).toHaveAttribute('aria-valuenow', '59');
  await page.keyboard.press('Control+z');
  await expect(mine).toHaveAttribute('aria-valuenow', '66');
  await page.keyboard.press('Control+Shift+z');
  await expect(mine).toHaveAttribute('aria-valuenow', '59');
  await page.keyboard.press('Delete');
  await expect(dots).toHaveCount(8);
  await page.keyboard.press('Control+z');
  await expect(mine).toHaveAttribute('aria-valuenow', '59');

  await expect(page.getByRole('list', { name: 'Steps in words' })).toContainText(
    '59 days after the due date: send “Second look” by e-mail',
  );
  await expect(page.getByText('Draft of version 2, kept.')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Publish…' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'What changes' })).toContainText('Second look');
  await expect(dialog.getByRole('button', { name: 'Publish version 2' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Version 2 is in effect; the next run follows it.')).toBeVisible();
  await expect(page.getByText('Version 2 is in effect.', { exact: true })).toBeVisible();

  // What was written is there again after the page is left, also what the last moment changed.
  await tabTo(page, page.getByRole('slider', { name: 'Demand' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.getByRole('link', { name: 'b2b-default', exact: true }).click();
  await expect(page.getByRole('slider', { name: 'Demand' })).toHaveAttribute('aria-valuenow', '31');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.getByRole('button', { name: 'Discard it' }).click();
  await expect(page.getByRole('slider', { name: 'Demand' })).toHaveAttribute('aria-valuenow', '30');
});

test('a step is dragged along its days', async ({ page, demo }) => {
  await enter(page, demo);
  const { rows } = await read<Rows<Strategy>>(page, '/api/v1/strategies');
  await page.goto(`${demo.url}/strategies/${rows[0]?.id ?? ''}`);
  const call = page.getByRole('slider', { name: 'Call' });
  await expect(call).toHaveAttribute('aria-valuenow', '21');
  const box = await call.boundingBox();
  if (box === null) throw new Error('The step is not on the axis.');
  await page.mouse.move(box.x + 14, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 14, { steps: 6 });
  await page.mouse.up();
  await expect(call).not.toHaveAttribute('aria-valuenow', '21');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(call).toHaveAttribute('aria-valuenow', '21');
});

async function tables(page: Page): Promise<{ standard: string; key: string }> {
  const made = await write<{ id: string; draft: { rowVersion: string } }>(page, '/api/v1/strategies', {
    name: 'Key customers',
    startingPoint: 'people_first',
  });
  const published = await page.request.post(new URL(`/api/v1/strategies/${made.id}/publish`, page.url()).href, {
    data: {},
    headers: { origin: new URL(page.url()).origin, 'if-match': `"${made.draft.rowVersion}"` },
  });
  expect(published.ok()).toBe(true);
  for (const [name, field, value] of [
    ['Large balances', 'balance', '5000'],
    ['A promise broken', 'promises_broken', 1],
  ])
    await write(page, '/api/v1/segments', {
      name,
      rule: { combinator: 'and', rules: [{ field, operator: '>=', value }] },
    });
  const { rows } = await read<Rows<Strategy>>(page, '/api/v1/strategies');
  return { standard: rows.find((row) => row.name === 'b2b-default')?.id ?? '', key: made.id };
}

const table = (name: string) => (seen: Page) =>
  seen.getByRole('table', { name }).or(seen.getByRole('list', { name, exact: true }));

/** The pages with something on them. */
function everyPage(standard: string, key: string): Screen[] {
  const stepOpen = async (seen: Page) => {
    await seen.getByRole('button', { name: /^\+7 Second reminder/ }).click();
    await seen.getByRole('switch', { name: 'Second reminder only for some accounts' }).click();
  };
  return [
    screen('strategies', '/strategies', table('Strategies')),
    screen(
      'strategies-new',
      '/strategies',
      (seen) => seen.getByRole('dialog').getByText('People first'),
      async (seen) => {
        await seen.getByRole('button', { name: 'New strategy' }).click();
      },
    ),
    screen('designer', `/strategies/${key}`, (seen) => seen.getByText(/^Nothing stands against it/)),
    screen(
      'designer-condition',
      `/strategies/${standard}`,
      (seen) => seen.getByText(/is now only for/),
      async (seen) => {
        await stepOpen(seen);
        await seen.getByRole('tab', { name: 'Changes' }).click();
      },
    ),
    screen(
      'designer-fault',
      `/strategies/${key}`,
      (seen) => seen.getByText(/can never be reached/).first(),
      async (seen) => {
        await seen.getByRole('button', { name: 'Reaction', exact: true }).click();
        await seen
          .getByRole('button', { name: /Second call/ })
          .first()
          .click();
        await seen.getByRole('switch', { name: 'Second call only for some accounts' }).click();
        await seen.getByRole('combobox', { name: 'Field of condition 1' }).click();
        await seen.getByRole('option', { name: 'Days past due' }).click();
        await seen.getByRole('combobox', { name: 'Comparison of condition 1' }).click();
        await seen.getByRole('option', { name: 'is less than' }).click();
        await seen.getByLabel('Value of condition 1').fill('5');
      },
    ),
    screen(
      'designer-publish',
      `/strategies/${standard}`,
      (seen) => seen.getByRole('dialog').getByText('come over'),
      async (seen) => {
        await seen.getByRole('slider', { name: 'Call' }).focus();
        await seen.keyboard.press('ArrowRight');
        await seen.getByRole('button', { name: 'Publish…' }).click();
      },
    ),
    screen('designer-versions', `/strategies/${standard}`, table('Versions'), async (seen) => {
      await seen.getByRole('tab', { name: /^Versions/ }).click();
    }),
    screen('selection', '/strategies?view=selection', table('What it would do today'), async (seen) => {
      await seen.getByRole('button', { name: 'Make a table' }).click();
      await seen.getByRole('button', { name: 'Line', exact: true }).click();
      await seen.getByRole('button', { name: 'Line', exact: true }).click();
      await seen.getByRole('combobox', { name: 'Strategy of line 1' }).click();
      await seen.getByRole('option', { name: 'Key customers' }).click();
      await seen.getByRole('button', { name: /^Move A promise broken/ }).focus();
      await seen.keyboard.press('ArrowDown');
      await expect(seen.getByRole('button', { name: 'Move A promise broken, line 2' })).toBeFocused();
      await seen.getByRole('button', { name: 'Try it' }).click();
    }),
    screen('dry-run', '/strategies?view=dry-run', table('Accounts of the dry run')),
    screen(
      'dry-run-why',
      '/strategies?view=dry-run',
      (seen) => seen.getByRole('dialog', { name: 'Why' }),
      async (seen) => {
        await seen
          .getByRole('navigation', { name: 'Reasons' })
          .getByRole('button', { name: /^Not due/ })
          .click();
        await seen.locator('.said-why').first().click();
      },
    ),
    screen('runs', '/strategies?view=runs', table('Decisions of the run')),
  ];
}

test('the pages of designing: empty, with data, while they wait and when the database is away', async ({
  browser,
  demo,
}) => {
  test.setTimeout(1_800_000);
  const context = await newContext(browser);
  const page = await context.newPage();
  await enter(page, demo);
  const says = (text: string) => (seen: Page) => seen.getByText(text).first();
  await look(
    page,
    'empty',
    [
      screen('selection', '/strategies?view=selection', says('Everybody is treated alike')),
      screen('dry-run', '/strategies?view=dry-run', says('No dry run is kept')),
    ],
    filled,
  );
  const { standard, key } = await tables(page);
  await write(page, '/api/v1/rehearsals', {});
  await look(page, 'full', everyPage(standard, key), filled);

  const lists = [
    ...['strategies', 'selection', 'dry-run', 'runs'].map((view) =>
      screen(view, `/strategies?view=${view}`, titled('Strategies')),
    ),
    screen('designer', `/strategies/${key}`, titled('Strategy')),
  ];
  const asksForThePage = (url: URL) => url.pathname.startsWith('/api/v1/') && !/\/(session|setup)$/.test(url.pathname);
  await page.route(asksForThePage, () => new Promise<void>(() => undefined));
  await look(page, 'loading', lists, async (seen, each) => {
    await expect(each.shows(seen).first()).toBeAttached();
    await expect(seen.locator('main .skeleton').first()).toBeVisible();
  });
  await page.unroute(asksForThePage);
  const detail = 'The database cannot be reached. Nothing was changed; try again in a moment.';
  const problem = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'database_unavailable', detail };
  await page.route(asksForThePage, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await look(page, 'error', lists, async (seen) => {
    await expect(seen.getByRole('alert').first()).toContainText(detail);
    await expect(seen.getByRole('button', { name: 'Retry' }).first()).toBeVisible();
  });
  await context.close();
});
