import { expect } from '@playwright/test';
import { at, enter, read, test, write } from './demo.ts';
import { violations } from './violations.ts';
test('legal', async ({ browser, demo }) => {
  const page = await browser.newPage();
  await enter(page, demo);
  const account = (await read<{ rows: { id: string }[] }>(page, '/api/v1/accounts?promise=open&limit=1')).rows[0]?.id;
  const to = `/api/v1/accounts/${account}`;
  await write(page, `${to}/legal-events`, { type: 'hardship', detail: { about: 'Their main customer failed' } });
  await write(page, `${to}/legal-events`, { type: 'bankruptcy_petition', detail: { chapter: '11' }, note: 'Letter of counsel' });
  await write(page, `${to}/consents`, { scope: 'email', channel: 'email', evidence: 'Said so on the recorded line' });
  await write(page, `${to}/wishes`, { kind: 'inconvenient_time', weekdays: [5], from: '12:00', to: '14:00' });
  const looks: [string, string, () => Promise<unknown>][] = [
    ['legal', `/accounts/${account}?tab=legal`, () => expect(page.getByRole('region', { name: 'On record' })).toBeVisible()],
    ['event', `/accounts/${account}?tab=legal`, async () => {
      await page.getByRole('button', { name: 'Record what happened' }).click();
      await page.getByRole('textbox', { name: 'What happened' }).fill('dispute');
      await page.getByRole('option', { name: 'The debt is disputed' }).click();
    }],
    ['stop', `/accounts/${account}?tab=legal`, () => page.getByRole('button', { name: 'They asked us to stop' }).click()],
    ['debt', `/accounts/${account}?tab=legal`, () => page.getByRole('button', { name: 'Describe the debt' }).click()],
    ['consent', `/accounts/${account}?tab=legal`, () => page.getByRole('button', { name: 'Record a consent' }).click()],
    ['wish', `/accounts/${account}?tab=legal`, () => page.getByRole('button', { name: 'Record a wish' }).click()],
    ['clocks', '/audit?view=clocks', () => expect(page.getByText(/No clock runs out|Due by/).first()).toBeVisible()],
    ['classification', '/settings?tab=clients', async () => {
      await page.getByRole('button', { name: 'In law' }).first().click();
      await expect(page.getByRole('button', { name: 'Sign' , exact: true})).toBeVisible();
    }],
  ];
  for (const [name, path, prepare] of looks) {
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.goto(at(page, path));
    try { await prepare(); } catch (error) { console.log(name, String(error).slice(0, 400)); await page.screenshot({ path: `/var/tmp/stage-shots/${name}-failed.png` }); continue; }
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 860 });
      await page.waitForTimeout(500);
      await page.screenshot({ path: `/var/tmp/stage-shots/${name}-${width}.png`, fullPage: name === 'legal' });
      const sideways = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      const found = await violations(page);
      console.log(name, width, 'sideways', sideways, JSON.stringify(found).slice(0, 600));
    }
  }
});
