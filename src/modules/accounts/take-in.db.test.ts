import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type TestCtx, testDatabase } from '../../../test/support/database.ts';
import { currency } from '../../kernel/currency.ts';
import { hashId, type Id, newId, type TenantId } from '../../kernel/ids.ts';
import { birthClusterId, importedPartyId, takeInContactPoints, takeInParties } from '../parties/public.ts';
import { importedAccountId } from './account.ts';
import { importedItemId } from './item.ts';
import { loadFacts } from './lock-accounts.sql.ts';
import { takeInItems } from './take-in-items.ts';
import { aClient } from './testing.ts';
import { verifyHub } from './verify-hub.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const usd = currency('USD');

type Row = {
  ref: string;
  name?: string;
  number: string;
  amount: bigint;
  open?: bigint;
  settled?: bigint;
  due?: string;
  currency?: string;
  account?: string;
  /** The item a row means that has come before. */
  item?: Id<'item'>;
  email?: string;
  phone?: string;
  country?: string;
  zone?: string;
};

const sourceOf = (clientId: Id<'client'>, number: string) => hashId('source', clientId, 'items', number);

async function stage(ctx: TestCtx, clientId: Id<'client'>, rows: readonly Row[]): Promise<Id<'import'>> {
  const importId = newId<'import'>();
  await sql`insert into intake.imports (tenant_id, id, client_id, target, file_name, file_size, file_sha256, state, created_by, recorded_at)
    values (${ctx.tenant}, ${importId}, ${clientId}, 'items', 'test.csv', 1, '\\x00', 'applying', 'test', ${ctx.at})`.execute(
    ctx.db,
  );
  for (const [index, row] of rows.entries()) {
    const partyId = importedPartyId(clientId, { ref: row.ref, name: row.name ?? row.ref });
    const of = currency(row.currency ?? 'USD');
    const source = sourceOf(clientId, row.number);
    const accountId = importedAccountId(clientId, { number: row.account ?? null, partyId, currency: of });
    await sql`insert into intake.staged_rows (tenant_id, import_id, row_no, row_key, source_row_id, content_sha256, party_id, account_id, item_id, party_ref,
        party_name, party_kind, account_number, item_number, item_kind, issued_on, due_on, amount_minor, open_minor, currency, settled_on, settled_minor, email, phone, country, time_zone)
      values (${ctx.tenant}, ${importId}, ${index + 1}, ${row.number}, ${source}, '\\x00', ${partyId},
        ${accountId}, ${row.item ?? importedItemId(accountId, source)}, ${row.ref},
        ${row.name ?? row.ref}, 'business', ${row.account ?? null}, ${row.number}, ${row.amount < 0n ? 'credit_note' : 'invoice'}, '2025-11-01',
        ${row.due ?? '2025-12-01'}, ${row.amount}, ${row.open ?? null}, ${of}, ${row.settled ? '2026-01-02' : null}, ${row.settled ?? null},
        ${row.email ?? null}, ${row.phone ?? null}, ${row.country ?? null}, ${row.zone ?? null})`.execute(ctx.db);
  }
  return importId;
}

async function takeIn(ctx: TestCtx, clientId: Id<'client'>, rows: readonly Row[]) {
  const importId = await stage(ctx, clientId, rows);
  const parties = await takeInParties(ctx, importId);
  const contacts = await takeInContactPoints(ctx, importId);
  const items = await takeInItems(ctx, importId);
  return { importId, parties, contacts, items };
}

const accountOf = (clientId: Id<'client'>, ref: string, of = usd) =>
  importedAccountId(clientId, { number: null, partyId: importedPartyId(clientId, { ref, name: ref }), currency: of });

async function openOf(ctx: TestCtx, clientId: Id<'client'>): Promise<Record<string, bigint>> {
  const { rows } = await sql<{ number: string; open_minor: bigint }>`
    select number, open_minor from accounts.items_v where tenant_id = ${ctx.tenant} and client_id = ${clientId} order by number`.execute(
    ctx.db,
  );
  return Object.fromEntries(rows.map((row) => [row.number, row.open_minor]));
}

async function withClient(
  fn: (ctx: TestCtx, clientId: Id<'client'>, tenant: TenantId) => Promise<void>,
): Promise<void> {
  const tenant = await database.freshTenant();
  await database.within(tenant, at, async (ctx) => {
    await fn(ctx, (await aClient(ctx)).clientId, tenant);
    expect(await verifyHub(ctx)).toEqual([]);
  });
  const other = await database.freshTenant();
  await database.within(other, at, async (ctx) => {
    const { rows } =
      await sql`select id from accounts.items_v union all select id from parties.parties_v union all select id from ledger.transfers_v`.execute(
        ctx.db,
      );
    expect(rows).toEqual([]);
  });
}

const first: Row[] = [
  {
    ref: 'K1',
    name: 'Kühne & Söhne',
    number: 'A1',
    amount: 10_000n,
    email: 'Pay@K1.example',
    country: 'DE',
    zone: 'Europe/Berlin',
  },
  { ref: 'K1', name: 'Kühne & Söhne', number: 'A2', amount: 5_000n, due: '2026-03-01', email: 'pay@k1.example' },
  { ref: 'K1', name: 'Kühne & Söhne', number: 'A3', amount: -1_000n },
  { ref: 'K1', name: 'Kühne & Söhne', number: 'A4', amount: 700n, currency: 'EUR' },
  { ref: 'K2', number: 'B1', amount: 3_000n },
];

describe('taking in an items file', () => {
  test('parties, contact points, accounts, items and transfers come as sets', () =>
    withClient(async (ctx, clientId) => {
      const taken = await takeIn(ctx, clientId, first);
      expect(taken.parties).toEqual({ created: 2, changed: 0 });
      expect(taken.contacts).toMatchObject({ created: 1, known: 0, unmatched: 0 });
      expect(taken.items).toEqual({ accounts: 3, created: 5, changed: 0, reduced: 0, closed: 0, unchanged: 0 });
      expect(await openOf(ctx, clientId)).toEqual({ A1: 10_000n, A2: 5_000n, A3: -1_000n, A4: 700n, B1: 3_000n });
      expect(await loadFacts(ctx, accountOf(clientId, 'K1'))).toMatchObject({
        accountNumber: 'K1',
        partyName: 'Kühne & Söhne',
        balanceMinor: 15_000n,
        creditMinor: 1_000n,
        openItems: 2,
        hasEmail: true,
        stopEpoch: 0n,
        clusterId: birthClusterId(importedPartyId(clientId, { ref: 'K1', name: '' })),
      });
      expect(await loadFacts(ctx, accountOf(clientId, 'K1', currency('EUR')))).toMatchObject({
        accountNumber: 'K1-EUR',
        balanceMinor: 700n,
      });
      const { rows } =
        await sql`select t.token from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} order by 1`.execute(
          ctx.db,
        );
      expect(rows.map((row) => (row as { token: string }).token)).toEqual([
        'eur',
        'example',
        'k1',
        'k2',
        'kuhne',
        'pay',
        'sohne',
      ]);
    }));

  test('the same file again changes nothing', () =>
    withClient(async (ctx, clientId) => {
      await takeIn(ctx, clientId, first);
      const before = await sql`select * from accounts.facts_v where tenant_id = ${ctx.tenant} order by id`.execute(
        ctx.db,
      );
      const again = await takeIn(ctx, clientId, first);
      expect(again.parties).toEqual({ created: 0, changed: 0 });
      expect(again.items).toEqual({ accounts: 0, created: 0, changed: 0, reduced: 0, closed: 0, unchanged: 5 });
      const after = await sql`select * from accounts.facts_v where tenant_id = ${ctx.tenant} order by id`.execute(
        ctx.db,
      );
      expect(after.rows).toEqual(before.rows);
    }));

  test('changed amounts are adjusted, and only a fallen balance raises the stop epoch', () =>
    withClient(async (ctx, clientId) => {
      await takeIn(ctx, clientId, first);
      const { items } = await takeIn(ctx, clientId, [
        { ref: 'K1', number: 'A1', amount: 8_000n },
        { ref: 'K2', number: 'B1', amount: 3_500n, due: '2026-01-01' },
      ]);
      expect(items).toMatchObject({ created: 0, changed: 2, unchanged: 0 });
      expect(await openOf(ctx, clientId)).toMatchObject({ A1: 8_000n, B1: 3_500n });
      expect(await loadFacts(ctx, accountOf(clientId, 'K1'))).toMatchObject({ balanceMinor: 13_000n, stopEpoch: 1n });
      expect(await loadFacts(ctx, accountOf(clientId, 'K2'))).toMatchObject({
        balanceMinor: 3_500n,
        stopEpoch: 0n,
        oldestOpenDueOn: '2026-01-01',
      });
    }));

  test('what the host has less open waits in clearing, what it has open again comes back, ours is never raised beyond it', () =>
    withClient(async (ctx, clientId) => {
      await takeIn(ctx, clientId, [
        { ref: 'K2', number: 'B1', amount: 3_000n, open: 3_000n },
        { ref: 'K2', number: 'B2', amount: -500n, open: -500n },
      ]);
      const reduced = await takeIn(ctx, clientId, [
        { ref: 'K2', number: 'B1', amount: 3_000n, open: 0n },
        { ref: 'K2', number: 'B2', amount: -500n, open: -100n },
      ]);
      expect(reduced.items).toMatchObject({ reduced: 2, closed: 1 });
      expect(await openOf(ctx, clientId)).toEqual({ B1: 0n, B2: -100n });
      expect(await loadFacts(ctx, accountOf(clientId, 'K2'))).toMatchObject({
        state: 'settled',
        settledItems: 1,
        stopEpoch: 1n,
      });
      const back = await takeIn(ctx, clientId, [
        { ref: 'K2', number: 'B1', amount: 3_000n, open: 1_200n },
        { ref: 'K2', number: 'B2', amount: -500n, open: -500n },
      ]);
      expect(back.items).toMatchObject({ reduced: 2, closed: 0 });
      expect(await openOf(ctx, clientId)).toEqual({ B1: 1_200n, B2: -500n });
      expect(await loadFacts(ctx, accountOf(clientId, 'K2'))).toMatchObject({ state: 'active', openItems: 1 });
      const more = await takeIn(ctx, clientId, [{ ref: 'K2', number: 'B1', amount: 3_000n, open: 9_000n }]);
      expect(more.items).toMatchObject({ reduced: 1 });
      expect(await openOf(ctx, clientId)).toMatchObject({ B1: 3_000n });
    }));

  test('a settlement in the row is left to its receipt; the host reduces only the rest', () =>
    withClient(async (ctx, clientId) => {
      const { items } = await takeIn(ctx, clientId, [
        { ref: 'K2', number: 'B1', amount: 3_000n, settled: 1_000n, open: 1_500n },
      ]);
      expect(items).toMatchObject({ reduced: 1 });
      expect(await openOf(ctx, clientId)).toEqual({ B1: 2_500n });
    }));

  test('an item in a currency that is not its account’s, or moved to another customer, changes nothing', () =>
    withClient(async (ctx, clientId) => {
      await takeIn(ctx, clientId, [
        { ref: 'K1', number: 'A1', amount: 100n, account: 'N-1' },
        { ref: 'K2', number: 'B1', amount: 100n },
      ]);
      const importId = await stage(ctx, clientId, [
        { ref: 'K1', number: 'A9', amount: 100n, account: 'N-1', currency: 'EUR' },
        {
          ref: 'K1',
          number: 'B1',
          amount: 50n,
          item: importedItemId(accountOf(clientId, 'K2'), sourceOf(clientId, 'B1')),
        },
      ]);
      await takeInParties(ctx, importId);
      expect(await takeInItems(ctx, importId)).toMatchObject({ created: 0, changed: 0 });
      expect(await openOf(ctx, clientId)).toEqual({ A1: 100n, B1: 100n });
    }));

  test('two accounts that want one number both get one', () =>
    withClient(async (ctx, clientId) => {
      await takeIn(ctx, clientId, [
        { ref: 'SAME', number: 'A1', amount: 100n },
        { ref: 'OTHER', number: 'A2', amount: 100n, account: 'SAME' },
      ]);
      await takeIn(ctx, clientId, [{ ref: 'THIRD', number: 'A3', amount: 100n, account: 'SAME' }]);
      const { rows } = await sql<{
        number: string;
      }>`select number from accounts.accounts_v where tenant_id = ${ctx.tenant} order by length(number)`.execute(
        ctx.db,
      );
      expect(rows.map((row) => row.number.slice(0, 5))).toEqual(['SAME', 'SAME-']);
    }));
});
