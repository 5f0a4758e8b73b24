import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { at, enter, read, test, write } from './demo.ts';
import { violations } from './violations.ts';

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'notice');
const sizes = [
  { name: 'wide', width: 1280, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;
mkdirSync(folder, { recursive: true });

/** No axe violation and nothing wider than the screen, at both widths; leaves a picture of each. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    expect(await violations(page), `${name}, ${size.name}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${name}, ${size.name}`).toBeLessThanOrEqual(
      size.width,
    );
    await page.screenshot({ path: join(folder, `${name}-${size.name}.png`), fullPage: true });
  }
  await page.setViewportSize(sizes[0]);
}

/** A consumer's debt at an agency; made through the API, because the test is about what comes after. */
async function consumerDebt(page: Page): Promise<string> {
  await write(page, '/api/v1/clients', {
    name: 'Bank of Rockville',
    kind: 'agency_customer',
    currency: 'USD',
    timeZone: 'America/New_York',
    country: 'US',
    contactEmail: 'desk@agency.example',
  });
  const { rows } = await read<{ rows: { id: string; name: string }[] }>(page, '/api/v1/clients');
  const account = await write<{ id: string }>(page, '/api/v1/accounts', {
    clientId: rows.find((row) => row.name === 'Bank of Rockville')?.id,
    number: '4111 1111 1111 6789',
    currency: 'USD',
    debtKind: 'consumer',
    party: { kind: 'person', name: 'Person A', country: 'US', timeZone: 'America/New_York' },
  });
  await write(page, `/api/v1/accounts/${account.id}/contact-points`, {
    kind: 'postal',
    value: '2323 Park Street, Apartment 342, Bethesda, MD 20815',
  });
  await write(page, `/api/v1/accounts/${account.id}/items`, {
    kind: 'charge',
    number: 'L-1',
    issuedOn: '2025-01-02',
    dueOn: '2025-02-01',
    amount: { amountMinor: '228456', currency: 'USD' },
  });
  return account.id;
}

/** A browser in which nothing runs: the reply form has to do without. */
const withoutScript = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({ javaScriptEnabled: false, viewport: sizes[1] });

test('a notice is prepared, sent, answered by the person without any script, and verified', async ({
  browser,
  page,
  demo,
}) => {
  await enter(page, demo);

  await test.step('who we are on notices', async () => {
    await page.goto(at(page, '/notices?tab=collector'));
    await page.getByLabel('Name, as used in collection').fill('North South Group');
    await page.getByLabel('Mailing address').fill('P.O. Box 123456\nPasadena, CA 91111-2222');
    await page.getByLabel('Telephone').fill('(800) 123-4567');
    await page.getByLabel('When it is answered').fill('8am to 8pm ET, Monday to Saturday');
    await page.getByLabel('Offer a Spanish copy').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Notices prepared from now on say so.')).toBeVisible();
    await look(page, 'collector');
  });

  const accountId = await consumerDebt(page);
  await test.step('prepared: it has to add up', async () => {
    await page.goto(at(page, `/accounts/${accountId}?tab=notices`));
    await page.getByRole('button', { name: 'Prepare a notice' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Itemization date/).fill('2025-03-02');
    await form.getByLabel('Owed on that date, with all charges').fill('2,234.56');
    await form.getByLabel('Interest since then').fill('75.00');
    await form.getByLabel('Fees since then').fill('26');
    await form.getByLabel('Payments since then').fill('50');
    await form.getByLabel('Credits since then').fill('0');
    await expect(form.getByText('Adds up to 2,285.56 USD, but the account owes 2,284.56.')).toBeVisible();
    await form.getByRole('button', { name: 'Prepare the notice' }).click();
    await expect(form.getByRole('alert')).toContainText('Correct whichever is wrong');
    await look(page, 'prepare');
    await form.getByLabel('Fees since then').fill('25');
    await form.getByLabel('Product', { exact: true }).fill('credit card');
    await form.getByRole('button', { name: 'Prepare the notice' }).click();
    await expect(form).toBeHidden();
  });

  await test.step('sent by letter', async () => {
    await page.getByRole('button', { name: 'Send by letter' }).click();
    await expect(page.getByText('The period to dispute ends')).toBeVisible();
    await look(page, 'tab');
  });

  const { notices } = await read<{ notices: { id: string }[] }>(page, `/api/v1/accounts/${accountId}/notices`);
  const noticeId = notices[0]?.id ?? '';
  const html = await (await page.request.get(at(page, `/api/v1/notices/${noticeId}/html`))).text();
  const replyUrl = new URL(/href="([^"]+\/n\/[^"]+)"/.exec(html)?.[1] ?? '').pathname;

  await test.step('the notice itself, as a page and as print', async () => {
    const own = await browser.newContext();
    const reading = await own.newPage();
    await reading.goto(`${demo.url}${replyUrl}/notice`);
    await expect(reading.getByRole('heading', { name: 'How can you dispute the debt?' })).toBeVisible();
    await look(reading, 'html');
    await reading.emulateMedia({ media: 'print' });
    const printed = await reading.pdf({ preferCSSPageSize: true });
    await reading.emulateMedia({ media: 'screen' });
    expect(printed.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length).toBeLessThanOrEqual(3);
    await reading.goto(`${demo.url}${replyUrl}`);
    await look(reading, 'reply-form');
    await reading.goto(`${demo.url}${replyUrl}?lang=es`);
    await look(reading, 'reply-form-es');
    await own.close();
  });

  await test.step('answered without script', async () => {
    const bare = await withoutScript(browser);
    const form = await bare.newPage();
    await form.goto(`${demo.url}${replyUrl}`);
    await form.getByRole('button', { name: 'Send this reply' }).click();
    await expect(form.getByRole('alert')).toContainText('Tick at least one line');
    await form.getByLabel('This is not my debt.').check();
    await form.getByLabel('I want you to send me the name and address of the original creditor.').check();
    await form.getByLabel('Anything you want to add').fill('I never had this card.');
    await form.getByRole('button', { name: 'Send this reply' }).click();
    await expect(form.getByRole('heading', { name: 'Your reply has been received' })).toBeVisible();
    await expect(form.getByText('We have stopped collection')).toBeVisible();
    await form.screenshot({ path: join(folder, 'received-phone.png'), fullPage: true });
    await bare.close();
  });

  await test.step('staff see it, and what it stopped ends when the answer is recorded', async () => {
    await page.goto(at(page, '/notices'));
    await page.getByText('All that run').click();
    const duty = page.getByRole('row').filter({ hasText: 'Verification due' }).filter({ hasText: 'Person A' });
    await expect(duty).toBeVisible();
    await look(page, 'clocks');
    await duty.getByRole('link', { name: /^Do it: / }).click();
    await expect(page.getByText('I never had this card.')).toBeVisible();
    await expect(page.getByText('Collection is stopped until the answer is recorded.')).toBeVisible();
    await look(page, 'tab-replied');
    for (const what of ['Verification of the debt', 'Name and address of the original creditor']) {
      await page.getByRole('button', { name: 'Record what was sent' }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByLabel('What was sent').first()).toHaveValue(what);
      await dialog.getByLabel('What it was, and how that can be shown').fill('the signed agreement, mailed');
      await dialog.getByRole('button', { name: 'Record it' }).click();
      await expect(dialog).toBeHidden();
    }
    await expect(page.getByText('Collection is stopped until the answer is recorded.')).toBeHidden();
    const { holds } = await read<{ holds: { live: boolean }[] }>(page, `/api/v1/accounts/${accountId}`);
    expect(holds.filter((hold) => hold.live)).toEqual([]);
  });
});
