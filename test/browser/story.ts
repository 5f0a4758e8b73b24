import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import type { z } from 'zod';
import type { getAccount, listAccounts } from '../../src/edge/api/contract/accounts.ts';
import type { getMessage, listMessages, listPlans } from '../../src/edge/api/contract/outbox.ts';
import type { getToday } from '../../src/edge/api/contract/today.ts';
import {
  days,
  firstRun,
  type Invoice,
  openInvoices,
  openOf,
  plusDays,
  type Reckoned,
  received,
  reckon,
} from '../support/reckoning.ts';
import type { Served } from '../support/served.ts';

type Answer<R extends { response: z.ZodType }> = z.output<R['response']>;
type Today = Answer<typeof getToday>;

/** What one telling of the story is told with. */
export type StoryFiles = {
  /** Files in the order they are taken in; those with `dated` again and again, up to the day the clock stands at. */
  readonly files: readonly {
    readonly target: 'Open items' | 'Contacts' | 'Receipts';
    readonly path: string;
    readonly dated: boolean;
    readonly rejects?: number;
  }[];
  /** The same rows, read by the test itself. */
  readonly invoices: readonly Invoice[];
  readonly currency: string;
  /** A working day; where the story begins. */
  readonly begins: string;
  /** A Saturday after it: what is planned on it waits for Monday, so that money can overtake it. */
  readonly saturday: string;
  /** Customers with an e-mail address, and those whose working hours have begun when the clock stands at nine. */
  readonly reachable: (customer: string) => boolean;
  readonly awake: (customer: string) => boolean;
};

const password = 'a quiet harbour at dusk';

/** The whole story of the first release, told in a browser on a server of its own. */
export async function tellStory(page: Page, served: Served, story: StoryFiles): Promise<void> {
  const { begins, saturday, invoices } = story;
  await test.step('first run: a sandbox whose clock begins in the file', () => setUp(page, served, story));
  await test.step('import what was known by the first day', () => takeIn(page, story, begins, story.files));
  await test.step('Today shows the file', async () => {
    const today = await seeToday(page, story, reckon(invoices, begins));
    expect(today.contacts).toMatchObject({ planned: 0, sentToday: 0, voided: 0 });
    expect(today.lastRun).toBeNull();
  });
  await test.step('run the strategy', () => runStrategy(page, story));
  await test.step('read the captured message', () => readMessage(page, story));
  const promised = await test.step('log a call with a promise', () => logCall(page, story));
  await test.step('move the clock to the Saturday', () => moveClock(page, saturday));
  const planned = await test.step('the plans of the Saturday wait for Monday', async () => {
    const plans = (await read<Answer<typeof listPlans>>(page, '/api/v1/plans?state=planned&limit=200')).rows;
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans.filter(({ plannedFor }) => plannedFor === saturday))
      expect(plan.notBefore! > `${saturday}T23`).toBe(true);
    return plans;
  });
  await test.step('import the next receipts', () =>
    takeIn(
      page,
      story,
      saturday,
      story.files.filter(({ dated }) => dated),
    ));
  await test.step('plans are void where money came in, and only there', () => seeVoid(page, story, planned));
  await test.step('the promise is kept', () => seePromiseKept(page, promised));
  await test.step('Today shows the file again', async () => {
    const today = await seeToday(page, story, reckon(invoices, saturday));
    expect(today.promises).toMatchObject({ open: 0, keptLast30: 1, brokenLast30: 0 });
  });
  await test.step('on Monday nobody is asked for what is paid', async () => {
    await moveClock(page, plusDays(saturday, 2));
    await nobodyIsChasedForPaid(page, story);
  });
  await test.step('the books, the permits and the audit chain agree', () => {
    const verified = served.command('verify', '--json');
    expect(verified.output).not.toContain('"check"');
    expect(verified.status).toBe(0);
  });
}

async function setUp(page: Page, served: Served, story: StoryFiles): Promise<void> {
  await page.goto(served.url);
  await expect(page.getByRole('heading', { name: 'Set up Dunwell' })).toBeVisible();
  await page.getByLabel('Organisation').fill('Pelham Wharf Supplies');
  await page.getByText('Sandbox', { exact: true }).click();
  await page.getByLabel('The clock begins on').fill(story.begins);
  await choose(page, 'Currency', story.currency);
  await choose(page, 'Time zone', 'America/New_York');
  await page.getByLabel('Your name').fill('Ada Quist');
  await page.getByLabel('E-mail').fill('ada@pelham.example');
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Import' })).toBeVisible();
  await expect(page.getByText('No file yet')).toBeVisible();
}

async function choose(page: Page, label: string, value: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label });
  await box.click();
  await box.fill(value);
  await page.getByRole('option', { name: value }).first().click();
}

async function takeIn(page: Page, story: StoryFiles, until: string, files: StoryFiles['files']): Promise<void> {
  for (const file of files) {
    await visit(page, '/import');
    await page.getByText(file.target, { exact: true }).first().click();
    const chooser = page.getByLabel('Choose a file');
    // Disabled until the clients are known; it would swallow a file given before.
    await expect(chooser).toBeEnabled();
    await chooser.setInputFiles(file.path);
    await expect(page.getByRole('heading', { name: 'As it would be taken in' })).toBeVisible({ timeout: 90_000 });
    if (file.target !== 'Contacts') await choose(page, 'Currency where the file is silent', story.currency);
    if (file.dated) await page.getByLabel('Only what was known by').fill(until);
    await expect(page.getByText('Every row of the sample is fine')).toBeVisible();
    await page.getByRole('button', { name: 'Take it in' }).click();
    await expect(page.getByRole('heading', { name: 'What next' })).toBeVisible({ timeout: 180_000 });
    const rejected = page.getByRole('region', { name: 'Not taken in' });
    if (file.rejects === undefined || file.rejects === 0) await expect(rejected).toHaveCount(0);
    else await expect(rejected).toContainText(`${file.rejects} ${file.rejects === 1 ? 'row' : 'rows'}`);
  }
}

/** Compares the answer of the API and what stands on the page with the reckoning, number by number. */
async function seeToday(page: Page, story: StoryFiles, wanted: Reckoned): Promise<Today> {
  const today = await read<Today>(page, '/api/v1/today');
  const { currency } = story;
  expect(today.ageing).toEqual([
    {
      currency,
      totalMinor: `${wanted.totalMinor}`,
      overdueMinor: `${wanted.overdueMinor}`,
      overdueAccounts: wanted.overdueAccounts,
      openItems: wanted.openItems,
      creditMinor: `${wanted.creditMinor}`,
      buckets: Object.entries(wanted.buckets).map(([bucket, { minor, items, accounts }]) => ({
        bucket,
        amountMinor: `${minor}`,
        items,
        accounts,
      })),
    },
  ]);
  expect(today.dso).toMatchObject([
    {
      currency,
      days: wanted.dso.days,
      receivablesMinor: `${wanted.dso.receivablesMinor}`,
      creditSalesMinor: `${wanted.dso.salesMinor}`,
      from: wanted.dso.from,
    },
  ]);
  const paid = (minor: number) => (minor === 0 ? [] : [{ amountMinor: `${minor}`, currency }]);
  expect(today.receivedToday).toEqual(paid(wanted.receivedTodayMinor));
  expect(today.received30Days).toEqual(paid(wanted.received30Minor));
  expect(today.trend).toEqual(
    wanted.trend.map((point) => ({
      on: point.on,
      currency,
      overdueMinor: `${point.overdueMinor}`,
      receivedMinor: `${point.receivedMinor}`,
    })),
  );

  await visit(page, '/');
  const whole = (minor: number) =>
    `${new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(minor / 100)} ${currency}`;
  const figure = (label: RegExp) => page.locator('.figure').filter({ has: page.locator('dt', { hasText: label }) });
  await expect(figure(/^Overdue$/)).toContainText(whole(wanted.overdueMinor));
  await expect(figure(/^Overdue$/)).toContainText(`${wanted.overdueAccounts} account`);
  await expect(figure(/^Owed in all$/)).toContainText(whole(wanted.totalMinor));
  await expect(figure(/^Owed in all$/)).toContainText(`${wanted.openItems} open items`);
  await expect(figure(/^DSO/)).toContainText(`${wanted.dso.days.toFixed(1)} days`);
  await expect(figure(/^Received, 30 days$/)).toContainText(whole(wanted.received30Minor));
  const names = {
    not_due: 'Not due',
    '1_30': '1–30 days',
    '31_60': '31–60 days',
    '61_90': '61–90 days',
    '90_plus': 'Over 90 days',
  };
  for (const [bucket, { minor, items }] of Object.entries(wanted.buckets)) {
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: names[bucket as keyof typeof names] }) });
    await expect(row).toContainText(whole(minor));
    await expect(row).toContainText(`${items} item`);
  }
  const chart = page.getByRole('region', { name: 'Overdue and received' }).getByRole('img');
  await expect(chart).toHaveAccessibleName(new RegExp(`to ${whole(wanted.trend.at(-1)?.overdueMinor ?? 0)} on`));
  return today;
}

async function runStrategy(page: Page, story: StoryFiles): Promise<void> {
  const wanted = firstRun(story.invoices, story.begins);
  await page.getByRole('button', { name: 'Run strategy' }).click();
  const dialog = page.getByRole('dialog');
  const noticed = [...wanted.email].filter(story.reachable);
  const [notices, calls, escalations] = [noticed.length, wanted.call_task.size, wanted.escalation.size];
  await expect(dialog).toContainText(`${notices + calls + escalations} contacts would be planned`);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Send what is due' }).click();
  // The worker sends too: whichever comes first, each notice leaves once.
  const sentToday = noticed.filter(story.awake).length;
  await expect
    .poll(() => contacts(page), { timeout: 90_000 })
    .toMatchObject({ sentToday, planned: notices - sentToday, uncertain: 0, denied: 0 });
  const today = await read<Today>(page, '/api/v1/today');
  expect(today.tasks).toMatchObject({ open: calls + escalations, escalations, doneToday: 0 });
  expect(today.lastRun).toMatchObject({ asOf: story.begins, state: 'done' });
  await visit(page, '/');
  const tally = (label: string) =>
    page
      .locator('.tally > div')
      .filter({ has: page.locator('dt', { hasText: label }) })
      .locator('dd');
  await expect(tally('Sent today')).toHaveText(String(sentToday));
  await expect(tally('Open tasks')).toHaveText(String(calls + escalations));
}

const contacts = async (page: Page): Promise<Today['contacts']> => (await read<Today>(page, '/api/v1/today')).contacts;

/** The newest captured message names each open invoice that is due or nearly so, and no other, with the amounts of the file. */
async function readMessage(page: Page, story: StoryFiles): Promise<void> {
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Outbox' }).click();
  const { rows } = await read<Answer<typeof listMessages>>(page, '/api/v1/messages?limit=100');
  const row = rows.find((message) => message.items > 1) ?? rows[0];
  if (row === undefined) throw new Error('No message was captured.');
  await visit(page, `/outbox?message=${row.id}`);
  const letter = page.frameLocator('iframe[title="The message as it looks"]');
  const account = await accountOf(page, row.accountId);
  const open = openInvoices(story.invoices, story.begins).filter(
    ({ invoice, open: minor }) => invoice.customer === account.customer && minor > 0,
  );
  const named = open.filter(({ invoice }) => days(invoice.dueOn, story.begins) >= -5);
  for (const { invoice, open: minor } of named) {
    const line = letter.getByRole('row').filter({ hasText: invoice.number });
    await expect(line).toContainText((minor / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ','));
  }
  const text = (await letter.locator('body').textContent()) ?? '';
  for (const invoice of story.invoices.filter(
    (one) => one.customer === account.customer && one.issuedOn <= story.begins && openOf(one, story.begins) === 0,
  ))
    expect(text, `paid invoice ${invoice.number}`).not.toContain(invoice.number);
  await page.getByRole('tab', { name: 'Headers' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('List-Unsubscribe');
  await page.getByRole('tab', { name: 'Permit' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(/allow/i);
}

type Promised = { readonly accountId: string };

/** Calls somebody who, says the file, pays an overdue invoice before the Saturday, and takes the promise to do so. */
async function logCall(page: Page, story: StoryFiles): Promise<Promised> {
  const late = openInvoices(story.invoices, story.begins).filter(
    ({ invoice, open }) => invoice.dueOn < story.begins && open > 0,
  );
  const keeper = late.find(
    ({ invoice, open }) =>
      story.awake(invoice.customer) && received([invoice], plusDays(story.begins, 1), story.saturday) === open,
  );
  if (keeper === undefined) throw new Error('Nobody in this file pays an overdue invoice in time.');
  const accountId = await findAccount(page, keeper.invoice.customer);
  await visit(page, `/accounts/${accountId}`);
  await page.getByRole('tab', { name: 'Items' }).click();
  await expect(page.getByText(keeper.invoice.number).first()).toBeVisible();
  await page.keyboard.press('c');
  const form = page.getByRole('dialog', { name: 'Log a call' });
  await form.getByRole('button', { name: 'Conversation' }).click();
  await form.getByLabel('Note').fill('Will pay on Friday; the invoice had gone to the old address.');
  await form.getByRole('switch', { name: 'They promised to pay' }).check();
  const boxes = form.getByRole('group', { name: 'Items' }).getByRole('checkbox');
  await expect(boxes.first()).toBeVisible();
  for (const box of await boxes.all()) {
    const of = await box.evaluate((input) => input.closest('label')?.textContent ?? '');
    await box.setChecked(of.includes(keeper.invoice.number));
  }
  await expect(form.getByLabel('Promised amount')).toHaveValue((keeper.open / 100).toFixed(2));
  await form.getByLabel('Will be paid on').fill(story.saturday);
  await form.getByRole('button', { name: 'Log the call' }).click();
  await expect(form).toHaveCount(0);
  const account = await read<Answer<typeof getAccount>>(page, `/api/v1/accounts/${accountId}`);
  expect(account.promises).toMatchObject([{ state: 'open', amountMinor: String(keeper.open), dueOn: story.saturday }]);
  await visit(page, '/');
  await expect(page.locator('.figure').filter({ hasText: 'Promised' })).toContainText('1 open');
  return { accountId };
}

async function moveClock(page: Page, to: string): Promise<void> {
  await visit(page, '/');
  await page.getByRole('button', { name: 'Move clock' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move the sandbox clock' });
  await dialog.getByLabel('To').fill(to);
  await dialog.getByRole('button', { name: /^Move \d+ day/ }).click();
  await expect(dialog).toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByRole('region', { name: 'Sandbox clock' })).toContainText(
    new Intl.DateTimeFormat('en', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(
      new Date(to),
    ),
  );
}

async function seeVoid(page: Page, story: StoryFiles, before: Answer<typeof listPlans>['rows']): Promise<void> {
  const paid = new Set(
    story.invoices
      .filter((invoice) => received([invoice], plusDays(story.begins, 1), story.saturday) > 0)
      .map((invoice) => invoice.customer),
  );
  const fates = await Promise.all(
    before.map(async (plan) => ({
      id: plan.id,
      overtaken: paid.has((await accountOf(page, plan.accountId)).customer),
    })),
  );
  expect(fates.some(({ overtaken }) => overtaken)).toBe(true);
  expect(fates.some(({ overtaken }) => !overtaken)).toBe(true);
  await expect
    .poll(async () =>
      (await read<Answer<typeof listPlans>>(page, '/api/v1/plans?state=planned&limit=200')).rows
        .map(({ id }) => id)
        .sort(),
    )
    .toEqual(
      fates
        .filter(({ overtaken }) => !overtaken)
        .map(({ id }) => id)
        .sort(),
    );
  const { planned } = await contacts(page);
  expect(planned).toBe(
    before.filter((plan) => plan.action === 'email' && fates.some(({ id, overtaken }) => id === plan.id && !overtaken))
      .length,
  );
  await visit(page, '/outbox?view=planned&state=void');
  const overtaken = before.find((plan) => fates.some((fate) => fate.id === plan.id && fate.overtaken));
  await expect(page.getByRole('link', { name: overtaken?.party.name ?? '' }).first()).toBeVisible();
}

async function seePromiseKept(page: Page, { accountId }: Promised): Promise<void> {
  await visit(page, `/accounts/${accountId}?tab=promises`);
  await expect(page.getByRole('table', { name: 'Promises' })).toContainText('Kept');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(page.getByText('Promise kept').first()).toBeVisible();
}

async function nobodyIsChasedForPaid(page: Page, story: StoryFiles): Promise<void> {
  const { rows } = await read<Answer<typeof listMessages>>(page, '/api/v1/messages?limit=200');
  const sent = rows.filter((row) => row.at > `${story.saturday}T23`);
  expect(sent.length).toBeGreaterThan(0);
  const paid = story.invoices.filter(
    (invoice) => invoice.issuedOn <= story.begins && openOf(invoice, story.saturday) === 0,
  );
  for (const { id } of sent) {
    const { bodyText } = await read<Answer<typeof getMessage>>(page, `/api/v1/messages/${id}`);
    expect(paid.filter((invoice) => bodyText.includes(invoice.number)).map((invoice) => invoice.number)).toEqual([]);
  }
}

const customers = new Map<string, { readonly customer: string }>();

/** The customer's number in the file, which is what the account is called where the file gives no name. */
async function accountOf(page: Page, accountId: string): Promise<{ readonly customer: string }> {
  const known = customers.get(accountId);
  if (known !== undefined) return known;
  const account = await read<Answer<typeof getAccount>>(page, `/api/v1/accounts/${accountId}`);
  const found = { customer: account.partyDetail.externalRef ?? account.party.name };
  customers.set(accountId, found);
  return found;
}

async function findAccount(page: Page, customer: string): Promise<string> {
  await visit(page, '/accounts');
  const table = page.getByRole('table', { name: 'Accounts' });
  await expect(table).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(customer);
  await expect(
    page
      .getByRole('table', { name: 'Accounts' })
      .locator('tbody tr')
      .filter({ has: page.locator('a') }),
  ).toHaveCount(1);
  const { rows } = await read<Answer<typeof listAccounts>>(page, `/api/v1/accounts?q=${encodeURIComponent(customer)}`);
  if (rows[0] === undefined) throw new Error(`No account of ${customer}.`);
  return rows[0].id;
}

const visit = (page: Page, path: string) => page.goto(new URL(path, page.url()).href);

async function read<T>(page: Page, path: string): Promise<T> {
  const request: APIRequestContext = page.request;
  const answer = await request.get(new URL(path, page.url()).href);
  expect(answer.status(), `${path}: ${answer.ok() ? '' : await answer.text()}`).toBe(200);
  return (await answer.json()) as T;
}
