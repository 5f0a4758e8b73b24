import { expect, type Page } from '@playwright/test';
import { enter, read, test, write } from './demo.ts';

type Rows<T> = { readonly rows: readonly T[] };
type Account = { readonly id: string; readonly party: { readonly name: string } };

const anAccount = async (page: Page, index: number): Promise<Account> => {
  const { rows } = await read<Rows<Account>>(page, '/api/v1/accounts?sort=name&limit=20');
  const found = rows[index];
  if (found === undefined) throw new Error('The demo has too few accounts.');
  return found;
};

async function writeNote(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Note' }).click();
  await page.getByRole('dialog', { name: 'Write a note' }).getByLabel('Note').fill(text);
}

test('a session that ends in the middle of a note: sign in above it, and the text is still there', async ({
  page,
  browser,
  demo,
}) => {
  const text = 'Their new controller asks for copies of the two oldest invoices.';
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await enter(elsewhere, demo);
  const mine = (await read<Rows<{ id: string; current: boolean }>>(elsewhere, '/api/v1/sessions')).rows.find(
    (one) => one.current,
  )?.id;
  await enter(page, demo);
  const account = await anAccount(page, 0);
  await page.goto(new URL(`/accounts/${account.id}`, demo.url).href);
  await writeNote(page, text);
  for (const { id } of (await read<Rows<{ id: string }>>(elsewhere, '/api/v1/sessions')).rows) {
    if (id === mine) continue;
    const ended = await elsewhere.request.delete(new URL(`/api/v1/sessions/${id}`, demo.url).href, {
      headers: { origin: demo.url },
    });
    expect(ended.status()).toBe(204);
  }
  await other.close();

  const note = page.getByRole('dialog', { name: 'Write a note' });
  await note.getByRole('button', { name: 'Save the note' }).click();
  const asked = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(asked).toBeVisible();
  const password = /password {2}(\S+)/.exec(demo.printed())?.[1] ?? '';
  await asked.getByLabel(/^Password/).fill(`not ${password}`);
  await asked.getByRole('button', { name: 'Sign in' }).click();
  await expect(asked.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');
  await asked.getByLabel(/^Password/).fill(password);
  await asked.getByRole('button', { name: 'Sign in' }).click();
  await expect(asked).toHaveCount(0);
  await expect(note.getByLabel('Note')).toHaveValue(text);
  await note.getByRole('button', { name: 'Save the note' }).click();
  await expect(note).toHaveCount(0);
  await expect(page.getByText(text)).toHaveCount(1);
});

test('two people change one account: the second is told, sees the newer state and can go on', async ({
  page,
  browser,
  demo,
}) => {
  await enter(page, demo);
  const account = await anAccount(page, 1);
  const path = new URL(`/accounts/${account.id}`, demo.url).href;
  const other = await browser.newContext();
  const second = await other.newPage();
  await enter(second, demo);
  for (const each of [page, second]) {
    await each.goto(path);
    await expect(each.getByRole('heading', { name: account.party.name, level: 1 })).toBeVisible();
  }
  const act = async (each: Page, name: string) => {
    await each.getByRole('button', { name: 'More actions' }).click();
    await each.getByRole('menuitem', { name }).click();
  };
  await act(page, 'Assign to me');
  await expect(page.getByText('Assigned to you.')).toBeVisible();
  const refused = second.waitForResponse((answer) => answer.status() === 412);
  await act(second, 'Mark as sensitive');
  await refused;
  await expect(second.getByRole('alert').filter({ hasText: /meanwhile|changed|newer/i })).toBeVisible();
  await second.getByRole('button', { name: 'More actions' }).click();
  await expect(second.getByRole('menuitem', { name: 'Give back to everyone' })).toBeVisible();
  await second.getByRole('menuitem', { name: 'Mark as sensitive' }).click();
  await expect(second.getByText('Sensitive', { exact: true })).toBeVisible();
  await other.close();
});

test('the database goes away: pages and forms say so, lose nothing and go on when it is back', async ({
  page,
  demo,
}) => {
  test.setTimeout(900_000);
  await enter(page, demo);
  const account = await anAccount(page, 2);
  await page.goto(new URL(`/accounts/${account.id}`, demo.url).href);
  const text = `Call back about the damaged pallet, ${account.party.name}.`;
  await writeNote(page, text);
  const back = demo.loseDatabase();
  try {
    const note = page.getByRole('dialog', { name: 'Write a note' });
    await note.getByRole('button', { name: 'Save the note' }).click();
    await expect(note.getByRole('alert')).toContainText(/database/i, { timeout: 120_000 });
    await expect(note.getByLabel('Note')).toHaveValue(text);
    back();
    await expect(async () => {
      await note.getByRole('button', { name: 'Save the note' }).click();
      await expect(note).toHaveCount(0, { timeout: 10_000 });
    }).toPass({ timeout: 120_000 });
    await expect(page.getByText(text)).toHaveCount(1);
  } finally {
    back();
  }

  const again = demo.loseDatabase();
  try {
    await page.getByRole('link', { name: 'Payments' }).first().click();
    const alert = page.getByRole('alert').first();
    await expect(alert).toContainText(/database/i, { timeout: 120_000 });
    again();
    await expect(async () => {
      const retry = page.getByRole('button', { name: 'Retry' }).first();
      if (await retry.isVisible()) await retry.click();
      await expect(page.getByRole('table', { name: 'Payments' })).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout: 120_000 });
  } finally {
    again();
  }
  await write(page, `/api/v1/accounts/${account.id}/notes`, { body: 'The server wrote this afterwards.' });
});
