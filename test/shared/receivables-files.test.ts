import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { type Id, idOf, type TenantId } from '../../src/kernel/ids.ts';
import { aClient } from '../../src/modules/accounts/testing.ts';
import { readiness } from '../../src/modules/intake/public.ts';
import { verifyLedger } from '../../src/modules/ledger/public.ts';
import { contactsSample } from '../support/contacts-sample.ts';
import { testDatabase } from '../support/database.ts';
import { importing } from '../support/importing.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
const database = await testDatabase();
const { within, take } = importing(database);

function fileOf(name: string): Buffer {
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`These tests need ../shared/data/${name} beside the checkout.`);
  return readFileSync(path);
}
const rowsOf = (bytes: Buffer): Record<string, string>[] => parse(gunzipSync(bytes), { columns: true });
const minor = (text: string | undefined) => BigInt(Math.round(Number(text) * 100));
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const usDate = (text: string | undefined) => {
  const [month = '', day = '', year = ''] = (text ?? '').split('/');
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};

let tenant: TenantId;
let clientId: Id<'client'>;
beforeEach(async () => {
  tenant = idOf('tenant', await database.freshTenant({ at: new Date('2016-12-31T12:00:00Z') }));
  ({ clientId } = await within(tenant, (ctx) => aClient(ctx)));
});

type Totals = {
  items: bigint;
  invoiced: bigint;
  open: bigint;
  openItems: bigint;
  parties: bigint;
  accounts: bigint;
  receipts: bigint;
  received: bigint;
};
const totals = () =>
  within(tenant, async (ctx) => {
    const { rows } = await sql<Totals>`select
      (select count(*) from accounts.items_v where tenant_id = ${ctx.tenant}) as items,
      (select coalesce(sum(amount_minor), 0)::bigint from accounts.items_v where tenant_id = ${ctx.tenant}) as invoiced,
      (select coalesce(sum(open_minor), 0)::bigint from accounts.items_v where tenant_id = ${ctx.tenant}) as open,
      (select count(*) from accounts.items_v where tenant_id = ${ctx.tenant} and open_minor <> 0) as "openItems",
      (select count(*) from parties.parties_v where tenant_id = ${ctx.tenant}) as parties,
      (select count(*) from accounts.accounts_v where tenant_id = ${ctx.tenant}) as accounts,
      (select count(*) from payments.receipts_v where tenant_id = ${ctx.tenant}) as receipts,
      (select coalesce(sum(amount_minor), 0)::bigint from payments.receipts_v where tenant_id = ${ctx.tenant}) as received`.execute(
      ctx.db,
    );
    return rows[0];
  });

test('the IBM file comes in whole, as it is, and once', async () => {
  const bytes = fileOf('ibm-accounts-receivable-train.csv.gz');
  const rows = rowsOf(bytes);
  expect(rows).toHaveLength(1728);
  const done = await take(tenant, { clientId, text: bytes, fileName: 'ibm.csv.gz' });
  expect(done).toMatchObject({ state: 'done', openRejects: 0 });
  expect(done.counts).toMatchObject({ rows: 1728, staged: 1728, rejected: 0, repeated: 0, alike: 0, afterUntil: 0 });
  const invoiced = sum(rows.map((row) => minor(row.InvoiceAmount)));
  const whole = {
    items: 1728n,
    invoiced,
    open: 0n,
    openItems: 0n,
    parties: 100n,
    accounts: 100n,
    receipts: 1728n,
    received: invoiced,
  };
  expect(await totals()).toEqual(whole);
  expect(await within(tenant, (ctx) => verifyLedger(ctx))).toEqual([]);
  const again = await take(tenant, { clientId, text: bytes, fileName: 'ibm.csv.gz' });
  expect(again.counts).toMatchObject({ unchanged: 1728, changed: 0 });
  expect(await totals()).toEqual(whole);
});

test('the IBM file until a date shows what was known then, and the rest comes later', async () => {
  const bytes = fileOf('ibm-accounts-receivable-train.csv.gz');
  const rows = rowsOf(bytes).map((row) => ({
    issued: usDate(row.InvoiceDate),
    settled: usDate(row.SettledDate),
    minor: minor(row.InvoiceAmount),
  }));
  for (const until of ['2012-06-30', '2012-12-31', '2013-03-31']) {
    const done = await take(tenant, { clientId, text: bytes, fileName: 'ibm.csv.gz', until });
    const known = rows.filter((row) => row.issued <= until);
    const open = known.filter((row) => row.settled > until);
    expect(done.counts).toMatchObject({ afterUntil: rows.length - known.length });
    expect(await totals()).toMatchObject({
      items: BigInt(known.length),
      invoiced: sum(known.map((row) => row.minor)),
      open: sum(open.map((row) => row.minor)),
      openItems: BigInt(open.length),
      receipts: BigInt(known.length - open.length),
    });
  }
  expect(await within(tenant, (ctx) => verifyLedger(ctx))).toEqual([]);
});

test('the Cassandra file comes in whole: equal rows are two invoices, rests stay open', async () => {
  const bytes = fileOf('cassandra-invoices-train.csv.gz');
  const rows = rowsOf(bytes);
  expect(rows).toHaveLength(6133);
  const done = await take(tenant, { clientId, text: bytes, fileName: 'cassandra.csv.gz' });
  expect(done).toMatchObject({ state: 'done', openRejects: 0 });
  expect(done.counts).toMatchObject({ rows: 6133, staged: 6133, rejected: 0, repeated: 0, settlementsLowered: 0 });
  const rests = rows.filter((row) => Number(row.Outstanding) !== 0);
  expect(rests).toHaveLength(447);
  const whole = {
    items: 6133n,
    invoiced: sum(rows.map((row) => minor(row.Amount))),
    open: sum(rests.map((row) => minor(row.Outstanding))),
    openItems: 447n,
    parties: 2623n,
    accounts: 2623n,
    receipts: 6133n,
    received: sum(rows.map((row) => minor(row.Settled))),
  };
  expect(await totals()).toEqual(whole);
  expect(await within(tenant, (ctx) => verifyLedger(ctx))).toEqual([]);
  const again = await take(tenant, { clientId, text: bytes, fileName: 'cassandra.csv.gz' });
  expect(again.counts).toMatchObject({ unchanged: 6133, changed: 0 });
  expect(await totals()).toEqual(whole);
});

test('a contacts file makes the customers of both files reachable', async () => {
  await take(tenant, {
    clientId,
    text: fileOf('ibm-accounts-receivable-train.csv.gz'),
    fileName: 'ibm.csv.gz',
    until: '2012-06-30',
  });
  const customers = [
    ...new Set(
      rowsOf(fileOf('ibm-accounts-receivable-train.csv.gz'))
        .filter((row) => usDate(row.InvoiceDate) <= '2012-06-30')
        .map((row) => row.customerID ?? ''),
    ),
  ];
  const before = await within(tenant, (ctx) => readiness(ctx, [clientId]));
  expect(before.ready).toBe(0);
  const done = await take(tenant, {
    clientId,
    target: 'contacts',
    text: contactsSample(customers.map((ref) => ({ ref, name: null }))),
    fileName: 'contacts.csv',
  });
  expect(done.counts).toMatchObject({ contactPoints: customers.length, rejected: 0 });
  const after = await within(tenant, (ctx) => readiness(ctx, [clientId]));
  expect(after).toEqual({ accounts: before.accounts, ready: before.accounts, blocked: [] });
});
