import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { adjustOpen, loadFacts } from '../accounts/public.ts';
import { type AnAccount, anAccount } from '../accounts/testing.ts';
import { itemBalancesAt, postJournal, verifyLedger } from '../ledger/public.ts';
import {
  recordReceipt,
  reallocate,
  reverseAllocation,
  reverseReceipt,
  reviewAllocation,
  verifyPayments,
} from './public.ts';
import { aReceipt } from './testing.ts';

const database = await testDatabase();
const usd = currency('USD');
const at = new Date('2026-03-10T15:00:00Z');
let tenant: TenantId;
let stranger: TenantId;
beforeAll(async () => {
  tenant = await database.freshTenant({ at });
  stranger = await database.freshTenant({ at });
});

const run = <T>(fn: (ctx: Ctx) => Promise<T>, when = at) => database.within(tenant, when, fn);
const threeInvoices = (ctx: Ctx) =>
  anAccount(ctx, {
    items: [
      { amountMinor: 10_000n, dueOn: '2026-01-31', number: 'INV-1' },
      { amountMinor: 20_000n, dueOn: '2026-02-15', number: 'INV-2' },
      { amountMinor: 30_000n, dueOn: '2026-03-31', number: 'INV-3' },
    ],
  });

async function opens(ctx: Ctx, account: AnAccount): Promise<bigint[]> {
  const { rows } = await sql<{ id: string; open_minor: bigint }>`
    select id, open_minor from accounts.items_v where tenant_id = ${ctx.tenant} and account_id = ${account.accountId}`.execute(
    ctx.db,
  );
  return account.itemIds.map((id) => rows.find((row) => row.id === id)?.open_minor ?? -1n);
}

async function allocationsOf(ctx: Ctx, receiptId: string) {
  const { rows } = await sql<{
    id: Id<'transfer'>;
    item_id: string;
    amount_minor: bigint;
    method: string;
    against: string;
    reversed_at: Date | null;
    reviewed_by: string | null;
  }>`
    select id, item_id, amount_minor, method, against, reversed_at, reviewed_by from payments.allocations_v
    where tenant_id = ${ctx.tenant} and receipt_id = ${receiptId} order by recorded_at, id`.execute(ctx.db);
  return rows;
}

async function verified(ctx: Ctx): Promise<void> {
  expect(await verifyPayments(ctx)).toEqual([]);
  expect(await verifyLedger(ctx)).toEqual([]);
}

describe('recording a receipt', () => {
  test('allocates by reference then oldest first, lowers items and facts, and voids what was planned', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      const before = await loadFacts(ctx, account.accountId);
      const made = await aReceipt(ctx, {
        ...pick(account),
        amountMinor: 25_000n,
        on: '2026-03-09',
        reference: 'Your INV-2',
      });
      expect(made.unapplied.amountMinor).toBe(0n);
      expect(await opens(ctx, account)).toEqual([5_000n, 0n, 30_000n]);
      const after = await loadFacts(ctx, account.accountId);
      expect(after.balanceMinor).toBe(35_000n);
      expect(after.stopEpoch > before.stopEpoch).toBe(true);
      expect(after.lastPaidOn).toBe('2026-03-09');
      expect((await allocationsOf(ctx, made.receiptId)).map((a) => [a.method, a.amount_minor]).sort()).toEqual([
        ['oldest_first', 5_000n],
        ['reference', 20_000n],
      ]);
      await verified(ctx);
    });
  });

  test('the same key again changes nothing; the key with other money is refused', async () => {
    const account = await run(threeInvoices);
    const tell = (amountMinor: bigint) =>
      run((ctx) =>
        recordReceipt(ctx, {
          ...pick(account),
          amount: money(amountMinor, usd),
          receivedOn: calendarDate('2026-03-01'),
          method: 'card',
          source: 'api',
          externalKey: 'ch_1',
        }),
      );
    const first = unwrap(await tell(100n));
    const second = unwrap(await tell(100n));
    expect(second).toEqual({ ...first, repeated: true });
    expect(await tell(101n)).toMatchObject({ ok: false, code: 'receipt_key_reused' });
    expect(await run((ctx) => opens(ctx, account))).toEqual([9_900n, 20_000n, 30_000n]);
  });

  test('told twice at the same moment it is one receipt', async () => {
    const account = await run(threeInvoices);
    const tell = () =>
      run((ctx) =>
        recordReceipt(ctx, {
          ...pick(account),
          amount: money(700n, usd),
          receivedOn: calendarDate('2026-03-01'),
          method: 'card',
          source: 'api',
          externalKey: 'ch_race',
        }),
      );
    const results = (await Promise.all([tell(), tell(), tell()])).map(unwrap);
    expect(results.filter((result) => !result.repeated)).toHaveLength(1);
    expect(await run((ctx) => opens(ctx, account))).toEqual([9_300n, 20_000n, 30_000n]);
  });

  test('two payments at the same moment never settle an item twice', async () => {
    const account = await run((ctx) => anAccount(ctx, { items: [{ amountMinor: 1_000n, dueOn: '2026-01-31' }] }));
    await Promise.all(
      [1, 2, 3].map((n) =>
        run((ctx) => aReceipt(ctx, { ...pick(account), amountMinor: 600n, on: '2026-03-01', externalKey: `par-${n}` })),
      ),
    );
    await run(async (ctx) => {
      expect(await opens(ctx, account)).toEqual([0n]);
      expect((await loadFacts(ctx, account.accountId)).creditMinor).toBe(800n);
      await verified(ctx);
    });
  });

  test('a reference finds the account; money nobody can place stays unapplied', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, { items: [{ amountMinor: 5_000n, dueOn: '2026-01-31', number: 'R-7001' }] });
      await aReceipt(ctx, { clientId: account.clientId, amountMinor: 5_000n, on: '2026-03-01', reference: 'r-7001' });
      expect(await opens(ctx, account)).toEqual([0n]);
      const lost = await aReceipt(ctx, {
        clientId: account.clientId,
        amountMinor: 100n,
        on: '2026-03-01',
        reference: 'thank you',
      });
      expect(lost.unapplied.amountMinor).toBe(100n);
      const { rows } =
        await sql`select 1 from payments.receipts_v where tenant_id = ${ctx.tenant} and id = ${lost.receiptId} and account_id is null and state = 'open'`.execute(
          ctx.db,
        );
      expect(rows).toHaveLength(1);
      await verified(ctx);
    });
  });

  test.each([
    ['a day to come', { on: '2026-03-11' }, 'received_in_future'],
    ['another currency', { amount: money(100n, currency('EUR')) }, 'currency_mismatch'],
    ['nothing', { amount: money(0n, usd) }, 'amount_not_positive'],
    [
      'an account of nobody',
      { accountId: '01900000-0000-7000-8000-000000000001' as Id<'account'> },
      'account_not_found',
    ],
    ['a client of nobody', { clientId: '01900000-0000-7000-8000-000000000001' as Id<'client'> }, 'client_not_found'],
    ['more than the item holds', { parts: 10_001n }, 'cannot_allocate'],
  ])('refuses %s and writes nothing', async (_name, change, code) => {
    const account = await run(threeInvoices);
    const { on = '2026-03-01', parts, ...rest } = change as { on?: string; parts?: bigint };
    const refused = await run((ctx) =>
      recordReceipt(ctx, {
        ...pick(account),
        amount: money(50_000n, usd),
        receivedOn: calendarDate(on),
        method: 'bank_transfer',
        source: 'hand',
        externalKey: `refused-${code}`,
        ...(parts && { allocations: [{ itemId: account.itemIds[0] as Id<'item'>, amount: money(parts, usd) }] }),
        ...rest,
      }),
    );
    expect(refused).toMatchObject({ ok: false, code });
    expect(await run((ctx) => opens(ctx, account))).toEqual([10_000n, 20_000n, 30_000n]);
  });

  test('another tenant sees no receipt, no allocation, and cannot pay into the account', async () => {
    const account = await run(threeInvoices);
    const made = await run((ctx) => aReceipt(ctx, { ...pick(account), amountMinor: 100n, on: '2026-03-01' }));
    await database.within(stranger, at, async (ctx) => {
      for (const view of ['receipts_v', 'allocations_v', 'promises_v', 'promise_items_v']) {
        const { rows } = await sql`select 1 from ${sql.table(`payments.${view}`)}`.execute(ctx.db);
        expect(rows).toEqual([]);
      }
      expect(
        await reverseReceipt(ctx, { receiptId: made.receiptId, on: calendarDate('2026-03-01'), reason: 'mine now' }),
      ).toMatchObject({ code: 'receipt_not_found' });
      expect(
        await recordReceipt(ctx, {
          ...pick(account),
          amount: money(1n, usd),
          receivedOn: calendarDate('2026-03-01'),
          method: 'cash',
          source: 'hand',
          externalKey: 'x',
        }),
      ).toMatchObject({ code: 'client_not_found' });
    });
  });
});

describe('host reductions', () => {
  test('a receipt for money the host has already taken off explains the reduction and lowers nothing', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      await hostReduces(ctx, account, 1, 20_000n);
      const made = await aReceipt(ctx, { ...pick(account), amountMinor: 22_000n, on: '2026-03-05' });
      expect(await opens(ctx, account)).toEqual([8_000n, 0n, 30_000n]);
      expect((await allocationsOf(ctx, made.receiptId)).map((a) => [a.against, a.amount_minor]).sort()).toEqual([
        ['clearing', 20_000n],
        ['receivable', 2_000n],
      ]);
      await verified(ctx);
      unwrap(
        await reverseReceipt(ctx, { receiptId: made.receiptId, on: calendarDate('2026-03-10'), reason: 'bounced' }),
      );
      expect(await opens(ctx, account)).toEqual([10_000n, 0n, 30_000n]);
      await verified(ctx);
    });
  });
});

describe('corrections', () => {
  test('reversing a receipt restores every item exactly and keeps the past as it was known', async () => {
    const account = await run(threeInvoices);
    const made = await run((ctx) => aReceipt(ctx, { ...pick(account), amountMinor: 25_000n, on: '2026-03-02' }));
    const later = new Date('2026-03-20T15:00:00Z');
    await run(async (ctx) => {
      unwrap(
        await reverseReceipt(ctx, {
          receiptId: made.receiptId,
          on: calendarDate('2026-03-18'),
          reason: 'cheque returned',
        }),
      );
      expect(await opens(ctx, account)).toEqual([10_000n, 20_000n, 30_000n]);
      expect((await loadFacts(ctx, account.accountId)).balanceMinor).toBe(60_000n);
      const balance = async (on: string, knownAt = later) => {
        const rows = await itemBalancesAt(ctx, account.accountId, { on: calendarDate(on), knownAt });
        return account.itemIds.map((id) => rows.find((row) => row.itemId === id)?.balanceMinor ?? 0n);
      };
      expect(await balance('2026-03-17')).toEqual([0n, 5_000n, 30_000n]);
      expect(await balance('2026-03-18')).toEqual([10_000n, 20_000n, 30_000n]);
      expect(await balance('2026-03-18', at)).toEqual([0n, 5_000n, 30_000n]);
      expect(
        await reverseReceipt(ctx, { receiptId: made.receiptId, on: calendarDate('2026-03-18'), reason: 'again' }),
      ).toMatchObject({ code: 'receipt_reversed' });
      await verified(ctx);
    }, later);
  });

  test('reallocating moves the money and leaves the old rows to be read', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      const made = await aReceipt(ctx, { ...pick(account), amountMinor: 10_000n, on: '2026-03-02' });
      expect(await opens(ctx, account)).toEqual([0n, 20_000n, 30_000n]);
      const moved = unwrap(
        await reallocate(ctx, {
          receiptId: made.receiptId,
          accountId: account.accountId,
          allocations: [
            { itemId: account.itemIds[2] as Id<'item'>, amount: money(7_000n, usd) },
            { itemId: account.itemIds[0] as Id<'item'>, amount: money(1_000n, usd) },
          ],
          reason: 'the remittance advice came later',
        }),
      );
      expect(moved.unapplied.amountMinor).toBe(2_000n);
      expect(await opens(ctx, account)).toEqual([9_000n, 20_000n, 23_000n]);
      const rows = await allocationsOf(ctx, made.receiptId);
      expect(rows.filter((row) => row.reversed_at === null)).toHaveLength(2);
      expect(rows).toHaveLength(3);
      // A correction holds from the beginning: no day ever shows the money twice.
      const past = await itemBalancesAt(ctx, account.accountId, { on: calendarDate('2026-03-02') });
      expect(past.reduce((total, row) => total + row.balanceMinor, 0n)).toBe(52_000n);
      await verified(ctx);
    });
  });

  test('an older version is refused, and so are amounts that do not fit', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      const made = await aReceipt(ctx, { ...pick(account), amountMinor: 10_000n, on: '2026-03-02' });
      const ask = (amountMinor: bigint, rowVersion?: bigint) =>
        reallocate(ctx, {
          receiptId: made.receiptId,
          accountId: account.accountId,
          allocations: [{ itemId: account.itemIds[0] as Id<'item'>, amount: money(amountMinor, usd) }],
          reason: 'test',
          ...(rowVersion !== undefined && { rowVersion }),
        });
      expect(await ask(10_000n, 1n)).toMatchObject({ code: 'changed_meanwhile' });
      expect(await ask(10_001n)).toMatchObject({ code: 'cannot_allocate' });
      expect((await ask(4_000n)).ok).toBe(true);
      await verified(ctx);
    });
  });

  test('an item that was corrected below what was paid takes no more than it really owes', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, {
        items: [{ amountMinor: 10_000n, dueOn: '2026-01-31', number: 'OVER-1' }],
      });
      const itemId = account.itemIds[0] as Id<'item'>;
      const made = await aReceipt(ctx, { ...pick(account), amountMinor: 10_000n, on: '2026-03-02' });
      // The host lowers the paid invoice by 20.00: it is overpaid now.
      await postJournal(ctx, {
        kind: 'item_change',
        sourceKind: 'import',
        sourceId: 'test',
        transfers: [
          {
            debit: { kind: 'opening' },
            credit: { kind: 'receivable', component: 'principal' },
            clientId: account.clientId,
            amount: money(2_000n, usd),
            accountId: account.accountId,
            itemId,
            effectiveOn: calendarDate('2026-03-03'),
          },
        ],
      });
      await adjustOpen(
        ctx,
        sql`select ${itemId}::uuid as item_id, -2000::bigint as delta_minor, '2026-03-03'::date as on_date`,
      );
      expect(await opens(ctx, account)).toEqual([-2_000n]);
      const ask = (amountMinor: bigint) =>
        reallocate(ctx, {
          receiptId: made.receiptId,
          accountId: account.accountId,
          allocations: [{ itemId, amount: money(amountMinor, usd) }],
          reason: 'corrected',
        });
      expect(await ask(10_000n)).toMatchObject({ code: 'cannot_allocate' });
      expect(unwrap(await ask(8_000n)).unapplied.amountMinor).toBe(2_000n);
      expect(await opens(ctx, account)).toEqual([0n]);
      await verified(ctx);
    });
  });

  test('money without an account is placed by a person', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      const lost = await aReceipt(ctx, { clientId: account.clientId, amountMinor: 4_000n, on: '2026-03-02' });
      unwrap(
        await reallocate(ctx, {
          receiptId: lost.receiptId,
          accountId: account.accountId,
          allocations: [{ itemId: account.itemIds[1] as Id<'item'>, amount: money(4_000n, usd) }],
          reason: 'payer called',
        }),
      );
      expect(await opens(ctx, account)).toEqual([10_000n, 16_000n, 30_000n]);
      await verified(ctx);
    });
  });

  test('one allocation is taken back once, and reviewing is recorded', async () => {
    await run(async (ctx) => {
      const account = await threeInvoices(ctx);
      const made = await aReceipt(ctx, { ...pick(account), amountMinor: 30_000n, on: '2026-03-02' });
      const [first] = await allocationsOf(ctx, made.receiptId);
      const back = { allocationId: first?.id ?? '', reason: 'wrong invoice' };
      expect(unwrap(await reverseAllocation(ctx, back)).unapplied.amountMinor).toBe(first?.amount_minor);
      expect(await reverseAllocation(ctx, back)).toMatchObject({ code: 'already_reversed' });
      expect(unwrap(await reviewAllocation(ctx, made.receiptId)).reviewed).toBe(1);
      await verified(ctx);
    });
  });

  test('verify names an allocation that does not match its transfer', async () => {
    const account = await run(threeInvoices);
    const made = await run((ctx) => aReceipt(ctx, { ...pick(account), amountMinor: 100n, on: '2026-03-01' }));
    const [row] = await run((ctx) => allocationsOf(ctx, made.receiptId));
    const change = (by: number) =>
      database.asSuperuser((client) =>
        client.query('update payments.allocations set amount_minor = amount_minor + $2 where id = $1', [row?.id, by]),
      );
    await change(1);
    expect((await run(verifyPayments)).map((finding) => [finding.check, finding.subjectId]).sort()).toEqual([
      ['allocation_transfer', row?.id],
      ['receipt_rest', made.receiptId],
    ]);
    await change(-1);
    expect(await run(verifyPayments)).toEqual([]);
  });
});

function pick(account: AnAccount): { clientId: Id<'client'>; accountId: Id<'account'> } {
  return { clientId: account.clientId, accountId: account.accountId };
}

async function hostReduces(ctx: Ctx, account: AnAccount, index: number, amountMinor: bigint): Promise<void> {
  const itemId = account.itemIds[index] as Id<'item'>;
  await postJournal(ctx, {
    kind: 'host_reduction',
    sourceKind: 'import',
    sourceId: 'test',
    transfers: [
      {
        debit: { kind: 'clearing' },
        credit: { kind: 'receivable', component: 'principal' },
        clientId: account.clientId,
        amount: money(amountMinor, usd),
        accountId: account.accountId,
        itemId,
        effectiveOn: calendarDate('2026-03-01'),
      },
    ],
  });
  await adjustOpen(
    ctx,
    sql`select ${itemId}::uuid as item_id, ${-amountMinor}::bigint as delta_minor, '2026-03-01'::date as on_date`,
  );
}
