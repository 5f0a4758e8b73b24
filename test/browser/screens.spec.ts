import { expect, type Page } from '@playwright/test';
import { addDays, calendarDate } from '../../src/kernel/calendar.ts';
import { type Served, serve } from '../support/served.ts';
import { at, enter, read, test, write } from './demo.ts';
import { filled, look, newContext, type Screen, screen, titled } from './look.ts';

// Recording every step would take longer than taking it; the pictures tell what was there.
test.use({ trace: 'off' });

type Rows<T> = { readonly rows: readonly T[] };

/** Something of each kind that the law weighs, about one account. */
async function putOnRecord(page: Page, accountId: string): Promise<void> {
  const to = `/api/v1/accounts/${accountId}`;
  await write(page, `${to}/legal-events`, { type: 'hardship', detail: { about: 'Their main customer failed' } });
  await write(page, `${to}/legal-events`, { type: 'documents_request', note: 'Wants the signed order' });
  await write(page, `${to}/consents`, { scope: 'email', channel: 'email', evidence: 'Said so on the recorded line' });
  await write(page, `${to}/wishes`, { kind: 'inconvenient_time', weekdays: [5], from: '12:00', to: '14:00' });
}

/** An experiment that lets nearly nobody in, so that the other pages stay as they are. */
async function beginExperiment(page: Page): Promise<void> {
  type Choices = { readonly lines: readonly { readonly strategyId: string }[] };
  const { lines } = await read<Choices>(page, '/api/v1/experiments');
  const made = await write<{ id: string; rowVersion: string }>(page, '/api/v1/experiments', {
    name: 'What treatment is worth',
    hypothesis: 'Left alone, people pay half as much within a month.',
    arms: [
      { name: 'Letters', strategyId: lines[0]?.strategyId, weight: 9999 },
      { name: 'Left alone', strategyId: null, weight: 1 },
    ],
    share: 1,
    recoveryDays: 30,
    complaintDays: 14,
    costs: { email: 2, call: 250, letter: 110, sms: 8 },
    complaintsAbove: 200,
    recoveryBelow: 500,
    endsOn: '2026-12-31',
  });
  const begun = await page.request.post(at(page, `/api/v1/experiments/${made.id}/start`), {
    data: { segmentId: null },
    headers: { origin: new URL(page.url()).origin, 'if-match': `"${made.rowVersion}"` },
  });
  expect(begun.status()).toBe(200);
}

/** An account with an open promise whose customer has an e-mail address, by which a twin is found. */
async function promised(page: Page): Promise<string | undefined> {
  const { rows } = await read<Rows<{ id: string }>>(page, '/api/v1/accounts?promise=open&limit=20');
  for (const { id } of rows) {
    const { contactPoints } = await read<Account>(page, `/api/v1/accounts/${id}`);
    if (contactPoints.some((point) => point.kind === 'email')) return id;
  }
  return undefined;
}

/** The pages of the demo, each with something true on it. */
async function everyPage(page: Page): Promise<Screen[]> {
  const account = await promised(page);
  const imports = (await read<Rows<{ id: string; openRejects: number }>>(page, '/api/v1/imports?limit=50')).rows;
  const rejected = imports.find((job) => job.openRejects > 0)?.id;
  if (account === undefined || rejected === undefined) throw new Error('The demo lacks a promise or rejected rows.');
  await workTogether(page, account);
  await putOnRecord(page, account);
  const refused =
    (await read<Rows<{ id: string }>>(page, '/api/v1/permits?decision=deny&limit=1')).rows[0]?.id ??
    (await read<Rows<{ id: string }>>(page, '/api/v1/permits?decision=defer&limit=1')).rows[0]?.id ??
    '';
  await write(page, '/api/v1/segments', {
    name: 'Late and reachable',
    description: 'For the second reminder.',
    rule: {
      combinator: 'and',
      rules: [
        { field: 'days_past_due', operator: '>', value: 0 },
        { field: 'state', operator: 'in', value: ['active'] },
        {
          combinator: 'or',
          rules: [
            { field: 'has_email', operator: '=', value: true },
            { field: 'has_phone', operator: '=', value: true },
          ],
        },
      ],
    },
  });
  await beginExperiment(page);
  const { id: simulation } = await write<{ id: string }>(page, '/api/v1/simulations', {
    title: 'The coming month',
    from: addDays(calendarDate((await read<{ tenant: { today: string } }>(page, '/api/v1/session')).tenant.today), 1),
    days: 30,
    strategy: { name: 'b2b-default' },
    assumptions: { behaviour: { rows: [{ fromDay: 1, perDay: [0.01, 0.02] }] }, callsPerDay: 3 },
  });
  await write(page, '/api/v1/tightenings', {
    ruleId: 'B2B-HOURS',
    parameters: { opens: '10:00' },
    from: '2099-01-01',
    reason: 'Our customers open late',
  });
  const evidence = await page.request.post(at(page, '/api/v1/replacements/evidence'), {
    headers: { origin: new URL(page.url()).origin },
    multipart: {
      file: { name: 'memo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 Three calls.') },
    },
  });
  expect(evidence.ok()).toBe(true);
  await write(page, '/api/v1/replacements', {
    ruleId: 'US-DC-4CALLS',
    mode: 'on',
    parameters: { limit: 3 },
    from: '2099-01-01',
    reason: 'Counsel reads the statute so',
    evidenceId: ((await evidence.json()) as { id: string }).id,
  });
  const dialog = (name: string) => (seen: Page) => seen.getByRole('dialog', { name });
  const table = (name: string) => (seen: Page) =>
    seen.getByRole('table', { name }).or(seen.getByRole('list', { name }));
  const tab = (name: string) => (seen: Page) => seen.getByRole('tab', { name, selected: true });
  return [
    screen('today', '/', (seen) => seen.getByRole('region', { name: 'Ageing' })),
    screen('accounts', '/accounts', table('Accounts')),
    screen('account', `/accounts/${account}`, (seen) => seen.getByRole('button', { name: 'Log call' })),
    screen('account-case', `/accounts/${account}`, dialog('Work accounts together'), async (seen) => {
      await seen.getByRole('button', { name: 'More about the case' }).click();
      await seen.getByRole('menuitem', { name: 'Add accounts…' }).click();
    }),
    screen('account-link', `/accounts/${account}`, dialog('Link somebody'), async (seen) => {
      await seen.getByRole('button', { name: 'Link somebody' }).click();
    }),
    screen('duplicates', '/duplicates', (seen) => seen.getByRole('list', { name: 'Pairs' })),
    screen(
      'duplicates-merge',
      '/duplicates',
      (seen) => seen.getByText('Limits on contact'),
      async (seen) => {
        await seen.getByRole('button', { name: 'Merge…' }).first().click();
      },
    ),
    screen('duplicates-merged', '/duplicates?state=merged', (seen) => seen.getByRole('list', { name: 'Pairs' })),
    screen('account-items', `/accounts/${account}?tab=items`, tab('Items')),
    screen('account-ledger', `/accounts/${account}?tab=ledger`, tab('Ledger')),
    screen('account-legal', `/accounts/${account}?tab=legal`, (seen) =>
      seen.getByRole('region', { name: 'What stands' }),
    ),
    screen('account-legal-event', `/accounts/${account}?tab=legal`, dialog('Record what happened'), async (seen) => {
      await seen.getByRole('button', { name: 'Record what happened' }).click();
      await seen.getByPlaceholder('Attorney, dispute, bankruptcy…').fill('dispute');
      await seen.getByRole('option', { name: 'The debt is disputed' }).click();
    }),
    screen('account-promises', `/accounts/${account}?tab=promises`, tab('Promises')),
    screen(
      'account-call',
      `/accounts/${account}`,
      (seen) => seen.getByRole('dialog', { name: 'Log a call' }),
      async (seen) => {
        await seen.getByRole('button', { name: 'Log call' }).click();
      },
    ),
    screen('worklist', '/worklist', (seen) => seen.getByRole('button', { name: /^Start/ })),
    screen('outbox', '/outbox', (seen) =>
      seen.getByRole('tab', { name: 'As it looks' }).or(seen.locator('.mail-row').first()),
    ),
    screen('outbox-plans', '/outbox?view=planned&state=sent', table('Planned contacts')),
    screen('payments', '/payments', table('Payments')),
    screen('import', '/import', table('Imports')),
    screen(
      'import-check',
      '/import',
      (seen) => seen.getByRole('heading', { name: 'As it would be taken in' }),
      uploadDoubtful,
    ),
    screen('import-result', `/import/${rejected}`, table('Rejected rows')),
    screen('templates', '/templates', (seen) => seen.getByText('Nothing stands against this text.')),
    screen(
      'templates-refused',
      '/templates?kind=consumer&purpose=notice_2',
      (seen) => seen.getByRole('list', { name: 'Findings' }).getByText('No threats and no abuse'),
      async (seen) => {
        await seen.getByRole('textbox', { name: 'Text' }).fill('{{ party.name }}, pay now or you will be arrested.');
      },
    ),
    screen(
      'templates-versions',
      '/templates?purpose=notice_3',
      (seen) => seen.getByRole('list', { name: 'Versions' }).getByRole('deletion').first(),
      compareVersions,
    ),
    screen('segments', '/segments', (seen) => seen.getByText('Those that owe most')),
    screen('experiments', '/experiments', (seen) => seen.getByRole('list', { name: 'Conclusions' })),
    screen('experiments-new', '/experiments?new=yes', (seen) => seen.getByText('People needed')),
    screen(
      'segments-fault',
      '/segments?new=yes',
      (seen) => seen.getByText('Days past due needs a whole number of days'),
      async (seen) => {
        await seen.getByRole('button', { name: 'Group' }).click();
        await seen.getByLabel('Value of condition 2.1').fill('soon');
      },
    ),
    screen('simulations', `/simulations?simulation=${simulation}`, (seen) =>
      seen.getByText('Cash, bounds of an estimate'),
    ),
    screen('simulations-new', '/simulations?new=yes', (seen) => seen.getByRole('button', { name: 'Start' })),
    screen('audit', '/audit', table('Audit entries')),
    screen('compliance', '/compliance', table('Permits')),
    screen('compliance-permit', `/compliance?permit=${refused}`, (seen) =>
      seen.getByRole('region', { name: 'What stood against it' }),
    ),
    screen('compliance-prevented', '/compliance?view=prevented&from=2026-01-01&to=2026-03-31', tab('Prevented')),
    // Where clocks stood before leads to them.
    screen('compliance-clocks', '/audit?view=clocks', tab('Clocks')),
    screen('compliance-incidents', '/compliance?view=incidents', tab('Incidents')),
    screen('compliance-rules', '/compliance?view=rules', (seen) => seen.getByRole('button', { name: 'Tighten…' })),
    screen(
      'compliance-tighten',
      '/compliance?view=rules&q=B2B-HOURS',
      (seen) => seen.getByText('As it is'),
      async (seen) => {
        await seen.getByRole('button', { name: 'Tighten…' }).first().click();
        await seen.getByLabel('Opens at, or later').fill('09:30');
      },
    ),
    screen(
      'compliance-tightenings',
      '/compliance?view=tightenings',
      (seen) => seen.getByRole('region', { name: 'Effect on the next 7 days' }),
      async (seen) => {
        await seen.getByRole('button', { name: 'What it does now' }).first().click();
      },
    ),
    screen(
      'compliance-replace',
      '/compliance?view=rules&q=US-DC-4CALLS',
      (seen) => seen.getByRole('region', { name: 'Effect on the next 7 days' }),
      async (seen) => {
        await seen.getByRole('button', { name: 'Replace…' }).first().click();
        await seen.getByLabel('At most').fill('3');
        await seen.getByRole('button', { name: 'Show its effect on the next 7 days' }).click();
      },
    ),
    screen('compliance-replacements', '/compliance?view=replacements', (seen) => seen.getByText('memo.pdf')),
    screen('compliance-overrides', '/compliance?view=overrides', tab('Overrides')),
    screen('settings', '/settings', table('Members')),
    screen(
      'settings-classification',
      '/settings?tab=clients',
      (seen) => seen.getByRole('button', { name: 'Sign' }),
      async (seen) => {
        await seen.getByRole('button', { name: 'In law' }).first().click();
      },
    ),
    screen('settings-priority', '/settings?tab=priority', table('Top of the worklist')),
    screen(
      'settings-priority-fault',
      '/settings?tab=priority',
      (seen) => seen.getByText('A chance is at most 100 %.').first(),
      async (seen) => {
        await seen.getByLabel('Chance from day 0').fill('101');
      },
    ),
    screen(
      'settings-budgets',
      '/settings?tab=budgets',
      (seen) => seen.getByRole('button', { name: 'Remove budget 1' }),
      async (seen) => {
        await seen.getByRole('button', { name: 'Add a budget' }).click();
      },
    ),
    ...['clients', 'strategy', 'stops', 'keys', 'sessions'].map((name) =>
      screen(`settings-${name}`, `/settings?tab=${name}`, titled('Settings')),
    ),
  ];
}

type Account = {
  readonly client: { readonly id: string };
  readonly party: { readonly id: string; readonly name: string };
  readonly currency: string;
  readonly contactPoints: readonly { readonly kind: string; readonly value: string }[];
};
type Pair = {
  readonly id: string;
  readonly rowVersion: string;
  readonly one: { readonly name: string };
  readonly other: { readonly name: string };
};

/** Gives an account company: the same customer entered twice again, one of them merged and in a case with it, an attorney, a guarantor. */
async function workTogether(page: Page, accountId: string): Promise<void> {
  const account = await read<Account>(page, `/api/v1/accounts/${accountId}`);
  const mail = account.contactPoints.find((point) => point.kind === 'email')?.value ?? null;
  const again = (number: string, name: string) =>
    write<{ id: string }>(page, '/api/v1/accounts', {
      clientId: account.client.id,
      number,
      currency: account.currency,
      party: { kind: 'business', name, email: mail, country: 'US' },
    });
  const twin = await again('T-1', `${account.party.name} (twin)`);
  await again('T-2', account.party.name.toUpperCase());
  await write(page, '/api/v1/matches/search', {});
  const pairs = (await read<Rows<Pair>>(page, '/api/v1/matches')).rows;
  const names = new Set([account.party.name, `${account.party.name} (twin)`]);
  const pair = pairs.find((each) => names.has(each.one.name) && names.has(each.other.name));
  if (!pair) throw new Error('The search has not found the twin.');
  const merged = await page.request.post(at(page, `/api/v1/matches/${pair.id}/merge`), {
    data: {},
    headers: { origin: new URL(page.url()).origin, 'if-match': `"${pair.rowVersion}"` },
  });
  expect(merged.ok()).toBe(true);
  await write(page, '/api/v1/cases', { accountIds: [accountId, twin.id] });
  const links = `/api/v1/accounts/${accountId}/links`;
  await write(page, links, {
    role: 'attorney',
    party: { kind: 'business', name: 'Harcourt & Lowe LLP', email: 'counsel@harcourtlowe.example' },
    effectiveFrom: '2026-01-10',
    note: 'Write to counsel only',
  });
  const guarantor = (
    await read<Rows<{ party: { id: string; name: string } }>>(page, '/api/v1/accounts?limit=5')
  ).rows.find((row) => !names.has(row.party.name));
  await write(page, links, { role: 'guarantor', partyId: guarantor?.party.id, effectiveFrom: '2025-06-01' });
  // A third account of the same person, so that there is one to add to the case.
  const third = (await read<Rows<Pair>>(page, '/api/v1/matches')).rows.find(
    (each) =>
      each.one.name === account.party.name.toUpperCase() || each.other.name === account.party.name.toUpperCase(),
  );
  const joined = await page.request.post(at(page, `/api/v1/matches/${third?.id}/merge`), {
    data: {},
    headers: { origin: new URL(page.url()).origin, 'if-match': `"${third?.rowVersion}"` },
  });
  expect(joined.ok()).toBe(true);
  // And one pair left to review.
  await again('T-4', `${account.party.name} Holding`);
  await write(page, '/api/v1/matches/search', {});
}

/** Publishes a text of our own once, then changes it in the editor and compares. */
async function compareVersions(page: Page): Promise<void> {
  const text = page.getByRole('textbox', { name: 'Text' });
  await expect(text).not.toHaveValue('');
  const publish = page.getByRole('button', { name: /^Publish version/ });
  if (await publish.filter({ hasText: 'version 1' }).isVisible()) {
    await text.fill('Please pay {{ summary }} within seven days.');
    await publish.click();
    await expect(page.getByText('This is the version in force.')).toBeVisible();
  }
  await text.fill('Please pay {{ summary }} within ten days, or call us.');
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Compare' }).first().click();
}

/** A file whose dates can be read two ways: the wizard has to ask. */
async function uploadDoubtful(page: Page): Promise<void> {
  const file =
    'Customer,Invoice,Date,Due,Total\nAlder Tiles,A-1,03/04/2026,05/06/2026,120.50\nBirch Press,A-2,05/06/2026,07/08/2026,99.00\n';
  const chooser = page.getByLabel('Choose a file');
  // Until the clients are known there is nobody to take a file in for, and a disabled chooser would swallow it.
  await expect(chooser).toBeEnabled();
  await chooser.setInputFiles({ name: 'doubtful.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.waitForURL(/\/import\/.+/);
}

test('every page with data', async ({ browser, demo }) => {
  test.setTimeout(1_800_000);
  const context = await newContext(browser);
  const page = await context.newPage();
  await page.goto(`${demo.url}/sign-in`);
  await look(page, 'full', [screen('sign-in', '/sign-in', titled('Sign in'))], filled);
  await enter(page, demo);
  await look(page, 'full', await everyPage(page), filled);
  await context.close();
});

const lists: readonly Screen[] = [
  screen('today', '/', titled('Today')),
  screen('accounts', '/accounts', titled('Accounts')),
  screen('account', '/accounts/00000000-0000-4000-8000-000000000000', (page) =>
    page.getByRole('heading', { level: 1 }),
  ),
  screen('worklist', '/worklist', titled('Worklist')),
  screen('outbox', '/outbox', titled('Outbox')),
  screen('payments', '/payments', titled('Payments')),
  screen('duplicates', '/duplicates', titled('Duplicates')),
  screen('import', '/import', titled('Import')),
  screen('import-result', '/import/00000000-0000-4000-8000-000000000000', (page) =>
    page.getByRole('heading', { level: 1 }),
  ),
  screen('templates', '/templates', titled('Templates')),
  screen('segments', '/segments', titled('Segments')),
  screen('experiments', '/experiments', titled('Experiments')),
  screen('simulations', '/simulations', titled('Simulations')),
  screen('audit', '/audit', titled('Audit')),
  screen('compliance', '/compliance', titled('Compliance')),
  screen('compliance-prevented', '/compliance?view=prevented', titled('Compliance')),
  screen('compliance-clocks', '/compliance?view=clocks', titled('Compliance')),
  screen('compliance-incidents', '/compliance?view=incidents', titled('Compliance')),
  screen('compliance-tightenings', '/compliance?view=tightenings', titled('Compliance')),
  screen('compliance-replacements', '/compliance?view=replacements', titled('Compliance')),
  screen('compliance-overrides', '/compliance?view=overrides', titled('Compliance')),
  screen('settings', '/settings', titled('Settings')),
];

// Who is signed in is known on every page; what the page itself asks for is late, or refused.
const asksForThePage = (url: URL) => url.pathname.startsWith('/api/v1/') && !/\/(session|setup)$/.test(url.pathname);

test('every page while it waits', async ({ browser, demo }) => {
  test.setTimeout(1_800_000);
  const context = await newContext(browser);
  const page = await context.newPage();
  await enter(page, demo);
  await page.route(asksForThePage, () => new Promise<void>(() => undefined));
  await look(page, 'loading', lists, async (seen, each) => {
    await expect(each.shows(seen).first()).toBeAttached();
    await expect(seen.locator('main .skeleton').first()).toBeVisible();
  });
  await context.close();
});

test('every page when the database is away', async ({ browser, demo }) => {
  test.setTimeout(1_800_000);
  const context = await newContext(browser);
  const page = await context.newPage();
  await enter(page, demo);
  const detail = 'The database cannot be reached. Nothing was changed; try again in a moment.';
  const problem = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'database_unavailable', detail };
  await page.route(asksForThePage, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await look(page, 'error', lists, async (seen, each) => {
    await expect(each.shows(seen).first()).toBeAttached();
    await expect(seen.getByRole('alert').first()).toContainText(detail);
    await expect(seen.getByRole('button', { name: 'Retry' }).first()).toBeVisible();
  });
  await context.close();
});

test.describe('an installation without data', () => {
  let empty: Served;
  test.beforeAll(async () => {
    empty = await serve('--empty');
  });
  test.afterAll(() => empty.stop());

  test('first run and every page with nothing on it', async ({ browser }) => {
    test.setTimeout(1_800_000);
    const context = await newContext(browser);
    const page = await context.newPage();
    await page.goto(empty.url);
    await look(page, 'empty', [screen('first-run', '/setup', titled('Set up Dunwell'))], filled);
    const owner = { email: 'owner@quiet.example', password: 'a long enough password' };
    await write(page, '/api/v1/setup', {
      tenantName: 'Quiet Co',
      kind: 'live',
      timeZone: 'America/New_York',
      country: 'US',
      currency: 'USD',
      ownerName: 'Noor Field',
      ...owner,
    });
    await write(page, '/api/v1/session', owner);
    const client = (await read<Rows<{ id: string }>>(page, '/api/v1/clients')).rows[0]?.id;
    const { id } = await write<{ id: string }>(page, '/api/v1/accounts', {
      clientId: client,
      number: 'Q-1',
      party: { kind: 'business', name: 'Stillwater Mills' },
      currency: 'USD',
    });
    const says = (words: string) => (seen: Page) => seen.getByText(words).first();
    await look(
      page,
      'empty',
      [
        screen('today', '/', says('Nothing is owed yet')),
        screen('accounts', '/accounts', titled('Accounts')),
        screen('account', `/accounts/${id}`, titled('Stillwater Mills')),
        screen('account-items', `/accounts/${id}?tab=items`, titled('Stillwater Mills')),
        screen('account-holds', `/accounts/${id}?tab=holds`, titled('Stillwater Mills')),
        screen('worklist', '/worklist', says('Nothing to do')),
        screen('outbox', '/outbox', says('The outbox is empty')),
        screen('outbox-plans', '/outbox?view=planned', says('Nothing is planned')),
        screen('payments', '/payments', titled('Payments')),
        screen('duplicates', '/duplicates', says('Nobody has looked yet')),
        screen('duplicates-merged', '/duplicates?state=merged', says('Nothing has been merged')),
        screen('import', '/import', says('No file yet')),
        screen('templates', '/templates?channel=voicemail&kind=consumer', titled('Templates')),
        screen('segments', '/segments', says('No segment yet')),
        screen('experiments', '/experiments', says('No experiment yet')),
        screen('simulations', '/simulations', says('New simulation')),
        screen('compliance-incidents', '/compliance?view=incidents', titled('Compliance')),
        screen('compliance-clocks', '/compliance?view=clocks', says('No clock runs out')),
        screen('compliance-incidents', '/compliance?view=incidents', says('No incidents')),
        screen('compliance-replacements', '/compliance?view=replacements', says('No rule is replaced')),
        screen('settings-keys', '/settings?tab=keys', titled('Settings')),
      ],
      filled,
    );
    await context.close();
  });
});
