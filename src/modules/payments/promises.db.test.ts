import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { loadFacts } from '../accounts/public.ts';
import { type AnAccount, anAccount } from '../accounts/testing.ts';
import { cancelPromise, judgePromises, makePromise, reverseReceipt, verifyPayments } from './public.ts';
import { aPromise, aReceipt } from './testing.ts';

const database = await testDatabase();
const usd = currency('USD');
const day = (on: string) => new Date(`${on}T15:00:00Z`);
let tenant: TenantId;
beforeAll(async () => {
  tenant = await database.freshTenant({ at: day('2026-03-10') });
});
const run = <T>(fn: (ctx: Ctx) => Promise<T>, on = '2026-03-10') => database.within(tenant, day(on), fn);

const twoInvoices = (ctx: Ctx) =>
  anAccount(ctx, {
    items: [
      { amountMinor: 10_000n, dueOn: '2026-01-31' },
      { amountMinor: 20_000n, dueOn: '2026-02-15' },
    ],
  });
const itemOf = (account: AnAccount, index: number) => account.itemIds[index] as Id<'item'>;
const owner = (account: AnAccount) => ({ clientId: account.clientId, accountId: account.accountId });

async function look(ctx: Ctx, promiseId: string) {
  const { rows } = await sql<{
    state: string;
    received_minor: bigint;
    judged_on: string | null;
    live_hold: boolean;
    row_version: bigint;
  }>`
    select p.state, p.received_minor, p.judged_on, p.row_version, h.released_at is null as live_hold
    from payments.promises_v p join accounts.holds_v h on h.tenant_id = p.tenant_id and h.id = p.hold_id
    where p.tenant_id = ${ctx.tenant} and p.id = ${promiseId}`.execute(ctx.db);
  return rows[0];
}

async function promised(amountMinor: bigint, dueOn = '2026-03-20') {
  const account = await run(twoInvoices);
  const { promiseId } = await run((ctx) =>
    aPromise(ctx, { accountId: account.accountId, itemIds: [itemOf(account, 1)], amountMinor, dueOn }),
  );
  return { account, promiseId };
}

describe('making a promise', () => {
  test('holds its items, raises the stop epoch and shows in the facts', async () => {
    await run(async (ctx) => {
      const account = await twoInvoices(ctx);
      const before = await loadFacts(ctx, account.accountId);
      const { promiseId, holdId } = await aPromise(ctx, {
        accountId: account.accountId,
        itemIds: [itemOf(account, 1)],
        amountMinor: 5_000n,
        dueOn: '2026-03-20',
      });
      expect(await look(ctx, promiseId)).toMatchObject({ state: 'open', live_hold: true });
      const after = await loadFacts(ctx, account.accountId);
      expect(after.promiseDueOn).toBe('2026-03-20');
      expect(after.stopEpoch > before.stopEpoch).toBe(true);
      const { rows } = await sql<{
        item_id: string;
      }>`select item_id from accounts.hold_items_v where tenant_id = ${ctx.tenant} and hold_id = ${holdId}`.execute(
        ctx.db,
      );
      expect(rows).toEqual([{ item_id: itemOf(account, 1) }]);
    });
  });

  test.each([
    ['more than the items owe', { amount: money(20_001n, usd) }, 'more_than_owed'],
    ['a day gone by', { dueOn: calendarDate('2026-03-09') }, 'due_in_past'],
    ['another currency', { amount: money(1n, currency('EUR')) }, 'currency_mismatch'],
    ['no items', { itemIds: [] }, 'item_not_found'],
    ['items of nobody', { itemIds: ['01900000-0000-7000-8000-000000000001' as Id<'item'>] }, 'item_not_found'],
    ['too much grace', { graceDays: 61 }, 'grace_out_of_range'],
    [
      'an account of nobody',
      { accountId: '01900000-0000-7000-8000-000000000001' as Id<'account'> },
      'account_not_found',
    ],
  ])('refuses %s', async (_name, change, code) => {
    const account = await run(twoInvoices);
    const asked = {
      accountId: account.accountId,
      itemIds: [itemOf(account, 1)],
      amount: money(100n, usd),
      dueOn: calendarDate('2026-03-20'),
      graceDays: 3,
      channel: 'call',
      ...change,
    };
    expect(await run((ctx) => makePromise(ctx, asked))).toMatchObject({ ok: false, code });
  });

  test('refuses an item that is promised already, and another tenant', async () => {
    const { account } = await promised(100n);
    const again = {
      accountId: account.accountId,
      itemIds: account.itemIds,
      amount: money(100n, usd),
      dueOn: calendarDate('2026-03-20'),
      graceDays: 3,
      channel: 'call',
    };
    expect(await run((ctx) => makePromise(ctx, again))).toMatchObject({ code: 'already_promised' });
    const stranger = await database.freshTenant();
    expect(await database.within(stranger, day('2026-03-10'), (ctx) => makePromise(ctx, again))).toMatchObject({
      code: 'account_not_found',
    });
  });
});

describe('judging promises', () => {
  test('kept by itself in the transaction of the receipt, though older items are open', async () => {
    const { account, promiseId } = await promised(15_000n);
    await run(async (ctx) => {
      await aReceipt(ctx, { ...owner(account), amountMinor: 15_000n, on: '2026-03-15' });
      expect(await look(ctx, promiseId)).toMatchObject({
        state: 'kept',
        received_minor: 15_000n,
        judged_on: '2026-03-15',
        live_hold: false,
      });
      const facts = await loadFacts(ctx, account.accountId);
      expect([facts.promisesKept, facts.promiseDueOn, facts.balanceMinor]).toEqual([1, null, 15_000n]);
      expect(await verifyPayments(ctx)).toEqual([]);
    }, '2026-03-15');
  });

  test('broken the day after grace in the client’s calendar, not before', async () => {
    const { promiseId } = await promised(15_000n);
    const judge = async (instant: string) => {
      await database.within(tenant, new Date(instant), (ctx) => judgePromises(ctx, { all: true }));
      return (await run((ctx) => look(ctx, promiseId)))?.state;
    };
    // 24 March in Greenwich and still 23 March in New York, the last day of grace.
    expect(await judge('2026-03-24T03:30:00Z')).toBe('open');
    expect(await judge('2026-03-24T04:30:00Z')).toBe('broken');
    expect(await run((ctx) => judgePromises(ctx, { all: true }), '2026-03-30')).toMatchObject({ broken: 0 });
  });

  test('part-kept when some came; money before the promise and money after the last day do not count', async () => {
    const account = await run(twoInvoices);
    await run((ctx) =>
      aReceipt(ctx, {
        ...owner(account),
        amountMinor: 3_000n,
        on: '2026-03-10',
        allocations: [{ itemId: itemOf(account, 1), amount: money(3_000n, usd) }],
      }),
    );
    const { promiseId } = await run((ctx) =>
      aPromise(ctx, {
        accountId: account.accountId,
        itemIds: [itemOf(account, 1)],
        amountMinor: 10_000n,
        dueOn: '2026-03-20',
      }),
    );
    await run((ctx) => aReceipt(ctx, { ...owner(account), amountMinor: 4_000n, on: '2026-03-12' }), '2026-03-12');
    expect(await run((ctx) => look(ctx, promiseId))).toMatchObject({ state: 'open', received_minor: 4_000n });
    await run((ctx) => aReceipt(ctx, { ...owner(account), amountMinor: 9_000n, on: '2026-03-24' }), '2026-03-24');
    expect(await run((ctx) => look(ctx, promiseId))).toMatchObject({
      state: 'part_kept',
      received_minor: 4_000n,
      judged_on: '2026-03-24',
    });
  });

  test('a bounced payment breaks a kept promise, or opens it again while there is time', async () => {
    for (const [bouncedOn, expected, live] of [
      ['2026-04-02', 'broken', false],
      ['2026-03-18', 'open', true],
    ] as const) {
      const { account, promiseId } = await promised(15_000n);
      const paid = await run(
        (ctx) => aReceipt(ctx, { ...owner(account), amountMinor: 15_000n, on: '2026-03-15' }),
        '2026-03-15',
      );
      await run(async (ctx) => {
        unwrap(
          await reverseReceipt(ctx, { receiptId: paid.receiptId, on: calendarDate(bouncedOn), reason: 'no funds' }),
        );
        expect(await look(ctx, promiseId)).toMatchObject({ state: expected, received_minor: 0n, live_hold: live });
        expect(await verifyPayments(ctx)).toEqual([]);
      }, bouncedOn);
    }
  });

  test('cancelled once, by the version that was looked at', async () => {
    const { promiseId } = await promised(15_000n);
    const cancel = (rowVersion: bigint) =>
      run((ctx) => cancelPromise(ctx, { promiseId, reason: 'made in error', rowVersion }));
    expect(await cancel(9n)).toMatchObject({ code: 'changed_meanwhile' });
    expect((await cancel(1n)).ok).toBe(true);
    expect(await run((ctx) => look(ctx, promiseId))).toMatchObject({ state: 'cancelled', live_hold: false });
    expect(await cancel(2n)).toMatchObject({ code: 'promise_closed' });
  });
});
