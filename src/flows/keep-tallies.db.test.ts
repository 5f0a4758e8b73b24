import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { unwrap } from '../kernel/result.ts';
import { type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import { todayFigures } from '../modules/insights/public.ts';
import { reverseReceipt } from '../modules/payments/public.ts';
import { aPromise, aReceipt } from '../modules/payments/testing.ts';
import { keepTenantTallies, rebuildTenantTallies, wrongTenantTallies } from './keep-tallies.ts';

const database = await testDatabase();
const at = new Date('2026-03-31T15:00:00Z');

const figures = (ctx: Ctx) => todayFigures(ctx, { scope: {} });

async function someWork(ctx: Ctx): Promise<AnAccount> {
  const account = await anAccount(ctx, {
    items: [
      { amountMinor: 10_000n, dueOn: '2026-02-10' },
      { amountMinor: 5_000n, dueOn: '2026-03-10' },
      { amountMinor: -700n, dueOn: '2026-03-12', issuedOn: '2026-03-12' },
    ],
  });
  const { clientId, accountId, itemIds } = account;
  await aPromise(ctx, { accountId, itemIds: itemIds.slice(1, 2), amountMinor: 5_000n, dueOn: '2026-03-31' });
  const first = await aReceipt(ctx, { clientId, accountId, amountMinor: 4_000n, on: '2026-03-20' });
  await aReceipt(ctx, { clientId, accountId, amountMinor: 90_000n, on: '2026-03-31' });
  unwrap(
    await reverseReceipt(ctx, { receiptId: first.receiptId, on: calendarDate('2026-03-31'), reason: 'it bounced' }),
  );
  return account;
}

test('sums follow every change at once; folding and rebuilding change none of them', async () => {
  const tenant = await database.freshTenant({ at });
  const run = <T>(fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, at, fn);
  const rows = async () =>
    (await run((ctx) => sql`select 1 from kernel.tallies t where t.tenant_id = ${ctx.tenant}`.execute(ctx.db))).rows
      .length;
  // Nobody has made them yet: they are what was added so far.
  await run(someWork);
  const before = await run(figures);
  expect(await run(wrongTenantTallies)).toEqual([]);
  expect(before.received30Days).toEqual([{ currency: 'USD', amountMinor: 90_000n }]);
  await run(keepTenantTallies);
  expect(await run(figures)).toEqual(before);
  for (let n = 0; n < 12; n += 1) await run(someWork);
  const worked = await run(figures);
  const many = await rows();
  expect(await run(keepTenantTallies)).toBeGreaterThan(100);
  expect(await rows()).toBeLessThan(many);
  expect(await run(figures)).toEqual(worked);
  await run(rebuildTenantTallies);
  expect(await run(figures)).toEqual(worked);
  expect(await run(wrongTenantTallies)).toEqual([]);
});

test('writers at the same moment as folding and rebuilding lose nothing', async () => {
  const tenant = await database.freshTenant({ at });
  const run = <T>(fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, at, fn);
  const keep = async (fn: (ctx: Ctx) => Promise<unknown>) => {
    for (let n = 0; n < 6; n += 1) await run(fn);
  };
  await run(keepTenantTallies);
  await Promise.all([keep(someWork), keep(someWork), keep(keepTenantTallies), keep(rebuildTenantTallies)]);
  expect(await run(wrongTenantTallies)).toEqual([]);
});

test('a reader of one client sees its sums only, and another tenant none', async () => {
  const [tenant, other] = [await database.freshTenant({ at }), await database.freshTenant({ at })];
  const run = <T>(fn: (ctx: Ctx) => Promise<T>, of = tenant) => database.within(of, at, fn);
  const mine = await run(someWork);
  await run(someWork);
  const [all, one] = await run(async (ctx) => [
    await figures(ctx),
    await todayFigures(ctx, { scope: { clientIds: [mine.clientId] } }),
  ]);
  expect(all?.received30Days[0]?.amountMinor).toBe(180_000n);
  expect(one?.received30Days[0]?.amountMinor).toBe(90_000n);
  expect((await run(figures, other)).received30Days).toEqual([]);
  expect((await run((ctx) => sql`select 1 from kernel.tallies`.execute(ctx.db), other)).rows).toEqual([]);
});
