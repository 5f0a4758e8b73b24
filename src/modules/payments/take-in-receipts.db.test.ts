import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id, newId, type TenantId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { adjustOpen, loadFacts, refreshFacts } from '../accounts/public.ts';
import { aClient, type AnAccount, anAccount } from '../accounts/testing.ts';
import { postJournal, verifyLedger } from '../ledger/public.ts';
import { allocateCash } from './allocate-cash.ts';
import { listPayableItems } from './allocations.sql.ts';
import { reverseReceipt, takeInReceipts, verifyPayments } from './public.ts';
import { aPromise } from './testing.ts';

const database = await testDatabase();
const usd = currency('USD');
const at = new Date('2026-03-10T15:00:00Z');
let tenant: TenantId;
beforeAll(async () => {
  tenant = await database.freshTenant({ at });
});
const run = <T>(fn: (ctx: Ctx) => Promise<T>, of = tenant) => database.within(of, at, fn);

type Staged = {
  key: string;
  amountMinor: bigint;
  on: string;
  reference?: string;
  accountId?: string;
  accountNumber?: string;
  sourceRowId?: string;
  itemId?: string;
};

/** Stages rows as an import of the target would and returns its id. */
async function stage(
  ctx: Ctx,
  clientId: string,
  target: 'receipts' | 'items',
  rows: readonly Staged[],
): Promise<Id<'import'>> {
  const importId = newId<'import'>();
  await sql`insert into intake.imports (tenant_id, id, client_id, target, file_name, file_size, file_sha256, state, created_by, recorded_at)
    values (${ctx.tenant}, ${importId}, ${clientId}, ${target}, 'test.csv', 1, ${Buffer.alloc(32)}, 'applying', 'test', ${ctx.at})`.execute(
    ctx.db,
  );
  for (const [index, row] of rows.entries()) {
    await sql`insert into intake.staged_rows (tenant_id, import_id, row_no, row_key, source_row_id, content_sha256, account_id, account_number, item_id,
        amount_minor, settled_minor, settled_on, currency, receipt_key, receipt_reference)
      values (${ctx.tenant}, ${importId}, ${index + 1}, ${row.key}, ${row.sourceRowId ?? hashId('row', clientId, row.key)}, ${Buffer.alloc(32)},
        ${row.accountId ?? null}, ${row.accountNumber ?? null}, ${row.itemId ?? null}, ${row.amountMinor}, ${row.amountMinor}, ${row.on}, 'USD',
        ${target === 'receipts' ? row.key : null}, ${row.reference ?? null})`.execute(ctx.db);
  }
  return importId;
}

async function opens(ctx: Ctx, account: AnAccount): Promise<bigint[]> {
  const { rows } = await sql<{ id: string; open_minor: bigint }>`
    select id, open_minor from accounts.items_v where tenant_id = ${ctx.tenant} and account_id = ${account.accountId}`.execute(
    ctx.db,
  );
  return account.itemIds.map((id) => rows.find((row) => row.id === id)?.open_minor ?? -1n);
}

async function verified(ctx: Ctx): Promise<void> {
  expect(await verifyPayments(ctx)).toEqual([]);
  expect(await verifyLedger(ctx)).toEqual([]);
  const { rows } = await sql`
    select i.id from accounts.items_v i
    left join (select p.item_id, sum(p.signed_minor) as minor from ledger.item_postings_v p where p.tenant_id = ${ctx.tenant} group by p.item_id) b on b.item_id = i.id
    where i.tenant_id = ${ctx.tenant} and i.open_minor <> coalesce(b.minor, 0)`.execute(ctx.db);
  expect(rows).toEqual([]);
}

describe('taking receipts in as a set', () => {
  test('finds accounts by number, by reference and by nothing; allocates by reference, then oldest first; a replay changes nothing', async () => {
    await run(async (ctx) => {
      const { clientId } = await aClient(ctx);
      const one = await anAccount(ctx, {
        clientId,
        number: 'A-1',
        items: [
          { amountMinor: 100n, dueOn: '2026-01-31', number: 'T-101' },
          { amountMinor: 200n, dueOn: '2026-02-15', number: 'T-102' },
        ],
      });
      const two = await anAccount(ctx, {
        clientId,
        number: 'A-2',
        items: [{ amountMinor: 500n, dueOn: '2026-01-31', number: 'T-201' }],
      });
      const before = await loadFacts(ctx, one.accountId);
      const rows: Staged[] = [
        { key: 'p1', amountMinor: 250n, on: '2026-03-01', accountNumber: 'A-1', reference: 't-102' },
        { key: 'p2', amountMinor: 300n, on: '2026-03-02', reference: 'for T-201 of January' },
        { key: 'p3', amountMinor: 300n, on: '2026-03-03', reference: 'T-201' },
        { key: 'p4', amountMinor: 40n, on: '2026-03-03', reference: 'no idea' },
      ];
      const importId = await stage(ctx, clientId, 'receipts', rows);
      expect(await takeInReceipts(ctx, importId)).toEqual({ recorded: 4, allocations: 4, lowered: 0 });
      expect(await opens(ctx, one)).toEqual([50n, 0n]);
      expect(await opens(ctx, two)).toEqual([0n]);
      const { rows: receipts } = await sql<{
        external_key: string;
        unapplied_minor: bigint;
        state: string;
        account_id: string | null;
      }>`
        select external_key, unapplied_minor, state, account_id from payments.receipts_v where tenant_id = ${ctx.tenant} and client_id = ${clientId} order by 1`.execute(
        ctx.db,
      );
      expect(receipts).toEqual([
        { external_key: 'p1', unapplied_minor: 0n, state: 'applied', account_id: one.accountId },
        { external_key: 'p2', unapplied_minor: 0n, state: 'applied', account_id: two.accountId },
        { external_key: 'p3', unapplied_minor: 100n, state: 'open', account_id: two.accountId },
        { external_key: 'p4', unapplied_minor: 40n, state: 'open', account_id: null },
      ]);
      const after = await loadFacts(ctx, one.accountId);
      expect([after.balanceMinor, after.stopEpoch > before.stopEpoch, after.lastPaidOn]).toEqual([
        50n,
        true,
        '2026-03-01',
      ]);
      await verified(ctx);
      expect(await takeInReceipts(ctx, importId)).toEqual({ recorded: 0, allocations: 0, lowered: 0 });
      expect(await takeInReceipts(ctx, await stage(ctx, clientId, 'receipts', rows))).toEqual({
        recorded: 0,
        allocations: 0,
        lowered: 0,
      });
      await verified(ctx);
    });
  });

  test('an items file that says more is settled brings the difference; one that says less is left to a person', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, {
        items: [
          { amountMinor: 1_000n, dueOn: '2026-01-31' },
          { amountMinor: 9_000n, dueOn: '2026-01-01' },
        ],
      });
      const itemId = account.itemIds[0] ?? '';
      const row = (amountMinor: bigint): Staged[] => [
        { key: 'r', amountMinor, on: '2026-03-01', sourceRowId: 'a7a7a7a7-0000-4000-8000-000000000001', itemId },
      ];
      const take = async (minor: bigint) =>
        takeInReceipts(ctx, await stage(ctx, account.clientId, 'items', row(minor)));
      // An item of a test is not named by its source row; the reference of its number is not there either: the item id stands.
      expect(await take(300n)).toMatchObject({ recorded: 1 });
      expect(await take(300n)).toMatchObject({ recorded: 0 });
      expect(await take(800n)).toMatchObject({ recorded: 1 });
      expect(await take(500n)).toMatchObject({ recorded: 0, lowered: 1 });
      const { rows } = await sql<{
        amount_minor: bigint;
      }>`select amount_minor from payments.receipts_v where tenant_id = ${ctx.tenant} and account_id = ${account.accountId} order by recorded_at, amount_minor`.execute(
        ctx.db,
      );
      expect(rows.map((one) => one.amount_minor)).toEqual([300n, 500n]);
      await verified(ctx);
    });
  });

  test('a settlement that bounced stays reversed; the same amount settled on a later day is money paid again', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, { items: [{ amountMinor: 1_000n, dueOn: '2026-01-31' }] });
      const itemId = account.itemIds[0] ?? '';
      const take = async (on: string) =>
        takeInReceipts(
          ctx,
          await stage(ctx, account.clientId, 'items', [
            { key: 'b', amountMinor: 1_000n, on, sourceRowId: 'a7a7a7a7-0000-4000-8000-000000000002', itemId },
          ]),
        );
      expect(await take('2026-03-01')).toMatchObject({ recorded: 1 });
      const { rows } = await sql<{ id: Id<'receipt'> }>`
        select id from payments.receipts_v where tenant_id = ${ctx.tenant} and account_id = ${account.accountId}`.execute(
        ctx.db,
      );
      const receiptId = rows[0]?.id as Id<'receipt'>;
      expect(await reverseReceipt(ctx, { receiptId, on: calendarDate('2026-03-05'), reason: 'bounced' })).toMatchObject(
        { ok: true },
      );
      expect(await take('2026-03-01')).toMatchObject({ recorded: 0 });
      expect(await opens(ctx, account)).toEqual([1_000n]);
      expect(await take('2026-03-08')).toMatchObject({ recorded: 1 });
      expect(await opens(ctx, account)).toEqual([0n]);
      expect(await take('2026-03-08')).toMatchObject({ recorded: 0 });
      await verified(ctx);
    });
  });

  test('a receipt that names several items pays them in order of age, also when others name them too', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, {
        items: [
          { amountMinor: 100n, dueOn: '2026-01-01', number: 'M-0001' },
          { amountMinor: 100n, dueOn: '2026-01-02', number: 'M-0002' },
          { amountMinor: 100n, dueOn: '2026-01-03', number: 'M-0003' },
          { amountMinor: 100n, dueOn: '2025-01-03', number: 'M-0004' },
        ],
      });
      const importId = await stage(ctx, account.clientId, 'receipts', [
        { key: 'm1', amountMinor: 250n, on: '2026-03-01', reference: 'M-0001 M-0002 M-0003' },
        { key: 'm2', amountMinor: 60n, on: '2026-03-02', reference: 'M-0002, M-0003' },
      ]);
      await takeInReceipts(ctx, importId);
      expect(await opens(ctx, account)).toEqual([0n, 0n, 0n, 90n]);
      await verified(ctx);
    });
  });

  test('promised items come before older ones, and their promise is kept in the same go', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, {
        items: [
          { amountMinor: 100n, dueOn: '2025-01-01' },
          { amountMinor: 100n, dueOn: '2026-01-02' },
        ],
      });
      const { promiseId } = await aPromise(ctx, {
        accountId: account.accountId,
        itemIds: [account.itemIds[1] as Id<'item'>],
        amountMinor: 100n,
        dueOn: '2026-03-20',
      });
      await takeInReceipts(
        ctx,
        await stage(ctx, account.clientId, 'receipts', [
          { key: 'k', amountMinor: 120n, on: '2026-03-09', accountId: account.accountId },
        ]),
      );
      expect(await opens(ctx, account)).toEqual([80n, 0n]);
      const { rows } =
        await sql`select state from payments.promises_v where tenant_id = ${ctx.tenant} and id = ${promiseId}`.execute(
          ctx.db,
        );
      expect(rows).toEqual([{ state: 'kept' }]);
      await verified(ctx);
    });
  });

  test('money for promised and other items voids what was planned about the others too', async () => {
    await run(async (ctx) => {
      const account = await anAccount(ctx, {
        items: [
          { amountMinor: 100n, dueOn: '2026-01-01', number: 'P-0001' },
          { amountMinor: 100n, dueOn: '2026-01-02', number: 'P-0002' },
        ],
      });
      await aPromise(ctx, {
        accountId: account.accountId,
        itemIds: [account.itemIds[1] as Id<'item'>],
        amountMinor: 100n,
        dueOn: '2026-03-20',
      });
      const before = await loadFacts(ctx, account.accountId);
      // The whole first invoice and half of the promised one.
      const rows: Staged[] = [
        { key: 'pq', amountMinor: 150n, on: '2026-03-09', accountId: account.accountId, reference: 'P-0001 P-0002' },
      ];
      await takeInReceipts(ctx, await stage(ctx, account.clientId, 'receipts', rows));
      expect(await opens(ctx, account)).toEqual([0n, 50n]);
      expect((await loadFacts(ctx, account.accountId)).stopEpoch).toBe(before.stopEpoch + 1n);
      await verified(ctx);
    });
  });

  test('another tenant’s import is empty here', async () => {
    const account = await run((ctx) => anAccount(ctx, { items: [{ amountMinor: 100n, dueOn: '2026-01-01' }] }));
    const importId = await run((ctx) =>
      stage(ctx, account.clientId, 'receipts', [
        { key: 's', amountMinor: 10n, on: '2026-03-01', accountId: account.accountId },
      ]),
    );
    const stranger = await database.freshTenant({ at });
    expect(await run((ctx) => takeInReceipts(ctx, importId), stranger)).toEqual({
      recorded: 0,
      allocations: 0,
      lowered: 0,
    });
  });
});

test('one account without references: the set gives every item what the pure rule gives, one receipt after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          minor: fc.integer({ min: 1, max: 300 }),
          due: fc.integer({ min: 1, max: 28 }),
          reduced: fc.integer({ min: 0, max: 2 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
      async (items, receipts) => {
        const fresh = await database.freshTenant({ at });
        await run(async (ctx) => {
          const account = await anAccount(ctx, {
            items: items.map((one) => ({
              amountMinor: BigInt(one.minor),
              dueOn: `2026-02-${String(one.due).padStart(2, '0')}`,
              issuedOn: '2026-01-01',
            })),
          });
          for (const [index, one] of items.entries()) {
            if (one.reduced === 0) continue;
            const itemId = account.itemIds[index] as Id<'item'>;
            const amountMinor = one.reduced === 1 ? BigInt(one.minor) : BigInt(Math.ceil(one.minor / 2));
            await postJournal(ctx, {
              kind: 'host_reduction',
              sourceKind: 'import',
              sourceId: 'x',
              transfers: [
                {
                  debit: { kind: 'clearing' },
                  credit: { kind: 'receivable', component: 'principal' },
                  clientId: account.clientId,
                  amount: money(amountMinor, usd),
                  accountId: account.accountId,
                  itemId,
                  effectiveOn: calendarDate('2026-02-28'),
                },
              ],
            });
            await adjustOpen(
              ctx,
              sql`select ${itemId}::uuid as item_id, ${-amountMinor}::bigint as delta_minor, '2026-02-28'::date as on_date`,
            );
          }
          await refreshFacts(ctx, { accountIds: [account.accountId] });
          let expected = await listPayableItems(ctx, account.accountId);
          for (const minor of receipts) {
            const { allocations } = allocateCash(
              { amount: money(BigInt(minor), usd), receivedOn: calendarDate('2026-03-01'), reference: null },
              expected,
            );
            expected = expected.map((item) => {
              const taken = (against: string) =>
                allocations
                  .filter((a) => a.itemId === item.itemId && a.against === against)
                  .reduce((acc, a) => acc + a.amount.amountMinor, 0n);
              return {
                ...item,
                openMinor: item.openMinor - taken('receivable'),
                clearingMinor: item.clearingMinor - taken('clearing'),
              };
            });
          }
          const rows = receipts.map((minor, index) => ({
            key: `k${index}`,
            amountMinor: BigInt(minor),
            on: '2026-03-01',
            accountId: account.accountId,
          }));
          await takeInReceipts(ctx, await stage(ctx, account.clientId, 'receipts', rows));
          const left = new Map((await listPayableItems(ctx, account.accountId)).map((item) => [item.itemId, item]));
          for (const item of expected) {
            expect([
              item.itemId,
              left.get(item.itemId)?.openMinor ?? 0n,
              left.get(item.itemId)?.clearingMinor ?? 0n,
            ]).toEqual([item.itemId, item.openMinor, item.clearingMinor]);
          }
          await verified(ctx);
        }, fresh);
      },
    ),
    { numRuns: 12 },
  );
});
