import { expect, type Page, test } from '@playwright/test';
import { type Served, serve } from '../support/served.ts';
import { read, write } from './demo.ts';
import { filled, look, newContext, screen, titled } from './look.ts';

// Legal holds, retention, erasures and a person's data, on an installation of their own: what is forgotten here, nobody else looks for.
test.use({ trace: 'off' });

type Row = { readonly id: string };
type Rows<T> = { readonly rows: readonly T[] };
const password = 'a long enough password';
const owner = { email: 'owner@keeping.example', password };
const officer = { email: 'officer@keeping.example', password };

let served: Served;
test.beforeAll(async () => {
  served = await serve('--empty');
});
test.afterAll(() => served.stop());

async function setUp(page: Page): Promise<void> {
  await page.goto(served.url);
  await write(page, '/api/v1/setup', {
    tenantName: 'Keeping Co',
    kind: 'live',
    timeZone: 'America/New_York',
    country: 'US',
    currency: 'USD',
    ownerName: 'Noor Field',
    ...owner,
  });
  await write(page, '/api/v1/session', owner);
  await write(page, '/api/v1/members', { name: 'Odile Marsh', role: 'compliance_officer', ...officer });
}

/** An account of somebody who owes nothing. */
async function person(page: Page, number: string, name: string): Promise<{ accountId: string; partyId: string }> {
  const clientId = (await read<Rows<Row>>(page, '/api/v1/clients')).rows[0]?.id;
  const { id } = await write<Row>(page, '/api/v1/accounts', {
    clientId,
    number,
    party: { kind: 'person', name, country: 'US', email: `${number.toLowerCase()}@people.example` },
    currency: 'USD',
  });
  const { party } = await read<{ party: Row }>(page, `/api/v1/accounts/${id}`);
  return { accountId: id, partyId: party.id };
}

const ask = (page: Page, partyId: string, reason: string) =>
  write<Row>(page, '/api/v1/erasures', { partyId, basis: 'request', reason });

const views = [
  screen('compliance-holds', '/compliance?view=holds', titled('Compliance')),
  screen('compliance-retention', '/compliance?view=retention', titled('Compliance')),
  screen('compliance-erasures', '/compliance?view=erasures', titled('Compliance')),
];

test('keeping and forgetting: empty, with data, while it waits and when the database is away', async ({ browser }) => {
  test.setTimeout(1_800_000);
  const context = await newContext(browser);
  const page = await context.newPage();
  await setUp(page);
  const says = (words: string) => (seen: Page) => seen.getByText(words).first();
  await look(
    page,
    'empty',
    [
      screen('compliance-holds', '/compliance?view=holds', says('No legal hold')),
      screen('compliance-retention', '/compliance?view=retention', says('Nobody is due to be forgotten')),
      screen('compliance-erasures', '/compliance?view=erasures', says('Nobody is to be forgotten')),
    ],
    filled,
  );

  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(served.url);
  await write(second, '/api/v1/session', officer);
  const held = await person(page, 'P-1001', 'Wilhelmina Featherstonehaugh-Cholmondeley');
  const waiting = await person(page, 'P-1002', 'Jonas Brook');
  const refused = await person(page, 'P-1003', 'Ida Vale');
  const gone = await person(page, 'P-1004', 'Otto Reed');
  await person(page, 'P-1005', 'Lene Moss');
  await write(page, `/api/v1/accounts/${held.accountId}/notes`, { body: 'Will sue, her attorney says' });
  await write(page, '/api/v1/legal-holds', {
    scope: 'account',
    accountId: held.accountId,
    reason: 'Her attorney announced a suit over the charges of March; counsel wants every record kept',
  });
  const audit = await write<Row>(page, '/api/v1/legal-holds', { scope: 'tenant', reason: 'State examination of 2026' });
  await write(page, `/api/v1/legal-holds/${audit.id}/release`, { reason: 'The examination is closed' });
  await ask(second, waiting.partyId, 'Asked by letter of 12 November; passport seen at the desk');
  const no = await ask(page, refused.partyId, 'Asked on the telephone');
  await write(second, `/api/v1/erasures/${no.id}/decline`, { reason: 'Nobody could say who rang' });
  await ask(page, refused.partyId, 'Asked again, in writing, with a copy of her licence');
  const yes = await ask(page, gone.partyId, 'Asked through the portal, signed in');
  await write(second, `/api/v1/erasures/${yes.id}/approve`, {});
  await expect
    .poll(async () => (await read<{ state: string }>(page, `/api/v1/erasures/${yes.id}`)).state, { timeout: 60_000 })
    .toBe('done');

  const dialog = (name: string) => (seen: Page) => seen.getByRole('dialog', { name });
  await look(
    page,
    'full',
    [
      screen('compliance-holds', '/compliance?view=holds', (seen) => seen.getByRole('list', { name: 'Legal holds' })),
      screen('compliance-hold-place', '/compliance?view=holds', dialog('Place a legal hold'), async (seen) => {
        await seen.getByRole('button', { name: 'Place a legal hold…' }).click();
      }),
      screen('compliance-retention', '/compliance?view=retention&show=all', (seen) =>
        seen.getByRole('table', { name: 'Retention' }),
      ),
      screen('compliance-forget', '/compliance?view=retention', dialog('Forget Lene Moss'), async (seen) => {
        await seen.getByRole('button', { name: 'Forget Lene Moss' }).click();
      }),
      screen('compliance-erasures', '/compliance?view=erasures', (seen) =>
        seen.getByRole('list', { name: 'Erasures' }),
      ),
      screen(
        'compliance-erasure-approve',
        '/compliance?view=erasures',
        dialog('Forget Jonas Brook for good'),
        async (seen) => {
          await seen.getByRole('button', { name: 'Approve…' }).click();
        },
      ),
      screen('compliance-erasure-receipt', `/compliance?view=erasures&erasure=${yes.id}`, (seen) =>
        seen.getByRole('region', { name: 'Receipt of an erasure' }),
      ),
      screen(
        'account-keeping',
        `/accounts/${held.accountId}?tab=legal`,
        (seen) => seen.getByText('Her attorney announced a suit'),
        async (seen) => {
          await seen.getByRole('region', { name: 'Keeping and forgetting' }).scrollIntoViewIfNeeded();
          await seen.mouse.wheel(0, 4000);
        },
      ),
      screen(
        'account-forget-refused',
        `/accounts/${held.accountId}?tab=legal`,
        (seen) => seen.getByRole('list', { name: 'What stands against it' }),
        async (seen) => {
          await seen.getByRole('button', { name: 'Forget this person…' }).click();
        },
      ),
    ],
    filled,
  );

  await test.step('a second person approves with the keyboard alone, and the person can be exported until then', async () => {
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.goto(`${served.url}/accounts/${held.accountId}?tab=legal`);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export their data' }).press('Enter');
    expect((await coming).suggestedFilename()).toBe('person.zip');
    await page.goto(`${served.url}/compliance?view=erasures`);
    await page.getByRole('button', { name: 'Approve…' }).press('Enter');
    // It cannot be pressed before what stands against it has been read.
    await expect(page.getByRole('button', { name: 'Forget them' })).toBeEnabled();
    await page.getByRole('button', { name: 'Forget them' }).press('Enter');
    await expect(page.getByText('Account P-1002').first()).toBeVisible();
    // What I asked for myself I may not decide, and the screen does not offer it.
    const mine = page.getByRole('article', { name: 'Erasure: Ida Vale' }).filter({ hasText: 'Waits' });
    await expect(mine.getByText('You asked for it: somebody else has to decide.')).toBeVisible();
    await expect(mine.getByRole('button', { name: 'Approve…' })).toHaveCount(0);
  });

  await test.step('somebody who may only read is offered no decision', async () => {
    await write(page, '/api/v1/members', { name: 'Rea Dunn', role: 'read_only', email: 'r@keeping.example', password });
    await write(second, '/api/v1/session', { email: 'r@keeping.example', password });
    await second.goto(`${served.url}/accounts/${held.accountId}?tab=legal`);
    await expect(second.getByRole('region', { name: 'Keeping and forgetting' })).toContainText(
      'Her attorney announced',
    );
    await expect(second.getByRole('button', { name: /legal hold…|Forget this person…|Release…|Export/ })).toHaveCount(
      0,
    );
  });
  await other.close();

  // Who is signed in is known on every page; what the page itself asks for is late, or refused.
  const asksForThePage = (url: URL) => url.pathname.startsWith('/api/v1/') && !/\/(session|setup)$/.test(url.pathname);
  await page.route(asksForThePage, () => new Promise<void>(() => undefined));
  await look(page, 'loading', views, async (seen) => {
    await expect(seen.locator('main .skeleton').first()).toBeVisible();
  });
  await page.unroute(asksForThePage);
  const detail = 'The database cannot be reached. Nothing was changed; try again in a moment.';
  const problem = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'database_unavailable', detail };
  await page.route(asksForThePage, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await look(page, 'error', views, async (seen) => {
    await expect(seen.getByRole('alert').first()).toContainText(detail);
    await expect(seen.getByRole('button', { name: 'Retry' }).first()).toBeVisible();
  });
  await context.close();
});
