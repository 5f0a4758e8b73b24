import { type APIRequestContext, type APIResponse, test as base, expect, type Page } from '@playwright/test';
import { type Served, serve } from '../support/served.ts';

/** Tests over the demo tenant, which one server of the run lives through and fills. */
export const test = base.extend<object, { demo: Served }>({
  demo: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are wanted from the pattern.
    async ({}, use) => {
      const served = await serve('--demo');
      await use(served);
      await served.stop();
    },
    { scope: 'worker', timeout: 900_000 },
  ],
});

/** Enters the demo as a person does, with the button the sign-in page offers on this machine. */
export async function enter(page: Page, served: Served): Promise<void> {
  await page.goto(`${served.url}/sign-in`);
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
}

/** An address of the server the page is on. */
export const at = (page: Page, path: string): string => new URL(path, page.url()).href;

/** Reads the API with the page's own session. */
export async function read<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(at(page, path));
  return answered<T>(answer, path);
}

/** Writes through the API with the page's own session; for what a test needs but is not about. */
export async function write<T>(page: Page, path: string, data: object): Promise<T> {
  const answer = await post(page.request, page, path, data);
  return answered<T>(answer, path);
}

const post = (request: APIRequestContext, page: Page, path: string, data: object): Promise<APIResponse> =>
  request.post(at(page, path), { data, headers: { origin: new URL(page.url()).origin } });

async function answered<T>(answer: APIResponse, path: string): Promise<T> {
  if (!answer.ok()) throw new Error(`${path} was answered ${answer.status()}: ${await answer.text()}`);
  return (answer.status() === 204 ? undefined : await answer.json()) as T;
}

type Answered = { readonly today: string };
type Gate = { readonly outcome: string };

/** Moves the demo's clock on to a morning on which somebody of the account's may be called; demos end on Sundays and feasts too. */
export async function toCallableDay(page: Page, accountId: string): Promise<void> {
  for (let tries = 0; tries < 7; tries += 1) {
    const gate = await read<Gate>(page, `/api/v1/accounts/${accountId}/permit-check?channel=call`);
    if (gate.outcome === 'allow') return;
    const { tenant } = await read<{ tenant: Answered }>(page, '/api/v1/session');
    const next = new Date(Date.parse(tenant.today) + 86_400_000).toISOString().slice(0, 10);
    await write(page, '/api/v1/clock', { to: next, run: true });
  }
  throw new Error('On none of seven days may this account be called.');
}
