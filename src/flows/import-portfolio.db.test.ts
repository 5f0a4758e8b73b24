import ExcelJS from 'exceljs';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { importing } from '../../test/support/importing.ts';
import { currency } from '../kernel/currency.ts';
import { type Id, idOf, type TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { aClient } from '../modules/accounts/testing.ts';
import { verifyLedger } from '../modules/ledger/public.ts';
import {
  confirmImport,
  curePlaces,
  discardRejects,
  exportRejects,
  goneSentence,
  listRejects,
  loadImport,
  readiness,
} from '../modules/intake/public.ts';
import { importPortfolio, retryRejects, takeInWaitingImports } from './import-portfolio.ts';

const database = await testDatabase();
const { host, actor, within, start, take } = importing(database);

let tenant: TenantId;
let clientId: Id<'client'>;
beforeEach(async () => {
  tenant = idOf('tenant', await database.freshTenant({ at: new Date('2026-06-30T12:00:00Z') }));
  ({ clientId } = await within(tenant, (ctx) => aClient(ctx)));
});

const head = 'Customer ID,Customer name,Invoice number,Invoice date,Due date,Amount,Paid on';
const file = (...rows: string[]) => [head, ...rows].join('\n');
const three = file(
  'C1,Acme Ltd,1001,2026-01-31,2026-03-02,100.00,',
  'C1,Acme Ltd,1002,2026-02-28,2026-03-30,50.50,2026-04-15',
  'C2,Bolt & Co,1003,2026-03-31,2026-04-30,75.25,',
);

type ItemRow = { number: string; amount_minor: bigint; open_minor: bigint; due_on: string };
const items = (of: TenantId = tenant) =>
  within(
    of,
    async (ctx) =>
      (
        await sql<ItemRow>`select number, amount_minor, open_minor, due_on from accounts.items_v where tenant_id = ${ctx.tenant} order by number, id`.execute(
          ctx.db,
        )
      ).rows,
  );
const count = (table: string) =>
  within(tenant, async (ctx) =>
    Number(
      (
        await sql<{ n: bigint }>`select count(*) as n from ${sql.raw(table)} where tenant_id = ${ctx.tenant}`.execute(
          ctx.db,
        )
      ).rows[0]?.n,
    ),
  );

async function booksAreRight() {
  expect(await within(tenant, (ctx) => verifyLedger(ctx))).toEqual([]);
  const wrong = await within(
    tenant,
    async (ctx) =>
      (
        await sql`select i.number, i.open_minor, sum(p.signed_minor) as posted from accounts.items_v i
      left join ledger.item_postings_v p on p.tenant_id = i.tenant_id and p.item_id = i.id
      where i.tenant_id = ${ctx.tenant} group by i.id, i.number, i.open_minor having i.open_minor <> coalesce(sum(p.signed_minor), 0)`.execute(
          ctx.db,
        )
      ).rows,
  );
  expect(wrong).toEqual([]);
}

test('a file becomes parties, accounts, items, receipts and balanced books', async () => {
  const done = await take(tenant, { clientId, text: three });
  expect(done).toMatchObject({ state: 'done', storedAs: null, openRejects: 0 });
  expect(done.counts).toMatchObject({
    rows: 3,
    staged: 3,
    rejected: 0,
    partiesCreated: 2,
    accountsCreated: 2,
    itemsCreated: 3,
    receipts: 1,
    allocations: 1,
    unchanged: 0,
  });
  expect(await items()).toEqual([
    { number: '1001', amount_minor: 10000n, open_minor: 10000n, due_on: '2026-03-02' },
    { number: '1002', amount_minor: 5050n, open_minor: 0n, due_on: '2026-03-30' },
    { number: '1003', amount_minor: 7525n, open_minor: 7525n, due_on: '2026-04-30' },
  ]);
  await booksAreRight();
  expect(await count('intake.staged_rows')).toBe(0);
});

test('another tenant sees nothing of it', async () => {
  await take(tenant, { clientId, text: three });
  const other = idOf('tenant', await database.freshTenant());
  expect(await items(other)).toEqual([]);
  const seen = await within(
    other,
    async (ctx) =>
      (
        await sql<{
          n: bigint;
        }>`select (select count(*) from intake.imports) + (select count(*) from intake.source_rows)
    + (select count(*) from intake.rejects) + (select count(*) from parties.parties) as n`.execute(ctx.db)
      ).rows[0]?.n,
  );
  expect(seen).toBe(0n);
});

test('taking the same file in again changes nothing; a newer one only what differs', async () => {
  await take(tenant, { clientId, text: three });
  const before = await Promise.all(
    ['ledger.transfers', 'payments.receipts', 'accounts.items', 'parties.parties'].map(count),
  );
  const again = await take(tenant, { clientId, text: three });
  expect(again.counts).toMatchObject({ unchanged: 3, changed: 0 });
  expect(
    await Promise.all(['ledger.transfers', 'payments.receipts', 'accounts.items', 'parties.parties'].map(count)),
  ).toEqual(before);

  const newer = await take(tenant, {
    clientId,
    text: file(
      'C1,Acme Ltd,1001,2026-01-31,2026-03-02,120.00,',
      'C1,Acme Ltd,1002,2026-02-28,2026-03-30,50.50,2026-04-15',
      'C2,Bolt & Co,1003,2026-03-31,2026-04-30,75.25,2026-06-01',
      'C3,Cog,1004,2026-04-30,2026-05-30,10,',
    ),
  });
  expect(newer.counts).toMatchObject({ unchanged: 1, changed: 3, itemsCreated: 1, itemsChanged: 1, receipts: 1 });
  expect((await items()).map((item) => [item.number, item.amount_minor, item.open_minor])).toEqual([
    ['1001', 12000n, 12000n],
    ['1002', 5050n, 0n],
    ['1003', 7525n, 0n],
    ['1004', 1000n, 1000n],
  ]);
  await booksAreRight();
});

test('until a date: what was not known then comes with the next import, once', async () => {
  const early = await take(tenant, { clientId, text: three, until: '2026-03-15' });
  expect(early.counts).toMatchObject({ rows: 3, afterUntil: 1, itemsCreated: 2, receipts: 0 });
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 5050n]);
  const later = await take(tenant, { clientId, text: three, until: '2026-04-15' });
  expect(later.counts).toMatchObject({ afterUntil: 0, itemsCreated: 1, receipts: 1, unchanged: 1, changed: 2 });
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 0n, 7525n]);
  await booksAreRight();
});

test('rows without a number: equal rows are so many items, and stay the same ones', async () => {
  const text =
    'Customer name,Invoice date,Due date,Amount\nAcme,2026-01-31,2026-03-02,5\nAcme,2026-01-31,2026-03-02,5\nAcme,2026-01-31,2026-03-02,5\nBolt,2026-01-31,2026-03-02,5\n';
  const first = await take(tenant, { clientId, text });
  expect(first.counts).toMatchObject({ staged: 4, alike: 2, repeated: 0, itemsCreated: 4 });
  const again = await take(tenant, { clientId, text });
  expect(again.counts).toMatchObject({ unchanged: 4, changed: 0 });
  expect(await items()).toHaveLength(4);
});

test('bad rows are kept with reason and text, mended in place and taken in alone', async () => {
  const done = await take(tenant, {
    clientId,
    text: file(
      'C1,Acme Ltd,1001,2026-01-31,2026-01-02,100.00,',
      'C1,"Acme, Ltd",1002,2026-02-28,2026-03-30,50.50,',
      'C2,Bolt,1002,2026-02-28,2026-03-30,9.00,',
      'C2,Bolt,1003,2026-02-28,2026-03-30,=1+1,',
      'C1,"Acme, Ltd",1002,2026-02-28,2026-03-30,50.50,',
    ),
    // The bad amount keeps the file from suggesting how amounts are written.
    adjust: (mapping) => ({
      ...mapping,
      fields: { ...mapping.fields, amount: { kind: 'column', column: 'Amount', format: '1,234.56' } },
    }),
  });
  expect(done).toMatchObject({ state: 'done', openRejects: 3 });
  expect(done.counts).toMatchObject({ rows: 5, rejected: 3, repeated: 1, itemsCreated: 1 });
  const rejects = await within(tenant, async (ctx) =>
    unwrap(await listRejects(ctx, done.id, { limit: 10, afterRowNo: 0 })),
  );
  expect(rejects.rows.map((row) => [row.rowNo, row.reasonCode, row.field])).toEqual([
    [2, 'due_before_issue', 'due_on'],
    [4, 'duplicate_number', 'item_number'],
    [5, 'unreadable_amount', 'amount'],
  ]);
  expect(rejects.rows[1]?.reason).toContain('Invoice number 1002 also stands in row 3');
  expect(rejects.rows[1]?.cells).toMatchObject({ 'Customer name': 'Bolt', Amount: '9.00' });

  const csv = await within(tenant, async (ctx) => {
    let text = '';
    for await (const part of exportRejects(ctx, done.id)) text += part;
    return text;
  });
  expect(csv).toContain("'=1+1");
  expect(csv.split('\r\n')).toHaveLength(5);

  const retried = unwrap(
    await retryRejects(host, tenant, actor, done.id, [
      { rowNo: 2, cells: { 'Due date': '2026-02-15' } },
      { rowNo: 5, cells: { Amount: 'still wrong' } },
    ]),
  );
  expect(retried.takenIn).toBe(1);
  expect(retried.stillRejected.map((row) => [row.rowNo, row.reasonCode, row.cells.Amount])).toEqual([
    [5, 'unreadable_amount', 'still wrong'],
  ]);
  expect((await items()).map((item) => item.number)).toEqual(['1001', '1002']);
  await within(tenant, async (ctx) => unwrap(await discardRejects(ctx, done.id, [4])));
  expect((await within(tenant, async (ctx) => unwrap(await loadImport(ctx, done.id)))).openRejects).toBe(1);
  await booksAreRight();
});

test('a full snapshot that would close much of the portfolio waits, changing nothing, until it is confirmed', async () => {
  await take(tenant, { clientId, text: three });
  const part = file('C1,Acme Ltd,1001,2026-01-31,2026-03-02,100.00,');
  const waiting = await take(tenant, { clientId, text: part, fullSnapshot: true });
  expect(waiting).toMatchObject({ state: 'needs_confirmation', counts: { live: 2, gone: 1 } });
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 0n, 7525n]);
  await within(tenant, async (ctx) => unwrap(await confirmImport(ctx, waiting.id)));
  expect(await takeInWaitingImports(host, tenant, actor)).toBe(1);
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 0n, 0n]);
  await booksAreRight();

  // The payment file that explains it comes later and is not posted twice; the item that comes back is open again.
  const back = await take(tenant, { clientId, text: three });
  expect(back.state).toBe('done');
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 0n, 7525n]);
  await booksAreRight();
});

test('a full snapshot with rows that could not be read asks before it closes what may be among them', async () => {
  const row = (n: number, due = '2026-03-02') => `C${n},Customer ${n},${2000 + n},2026-01-31,${due},100.00,`;
  const rows = Array.from({ length: 30 }, (_none, n) => row(n));
  await take(tenant, { clientId, text: file(...rows) });
  const damaged = rows.map((line, n) => (n === 7 ? row(n, '2025-12-31') : line));
  const waiting = await take(tenant, { clientId, text: file(...damaged), fullSnapshot: true });
  expect(waiting).toMatchObject({ state: 'needs_confirmation', counts: { rejected: 1, live: 30, gone: 1 } });
  expect(goneSentence(waiting, 30, 1)).toContain('1 row of the file could not be read');
  expect((await items()).every((item) => item.open_minor === 10_000n)).toBe(true);
});

test('a file that does not claim to be everything closes nothing', async () => {
  await take(tenant, { clientId, text: three });
  await take(tenant, { clientId, text: file('C1,Acme Ltd,1001,2026-01-31,2026-03-02,100.00,') });
  expect((await items()).map((item) => item.open_minor)).toEqual([10000n, 0n, 7525n]);
});

test('contacts come by customer number or by name; unknown customers are kept aside', async () => {
  await take(tenant, { clientId, text: three });
  const done = await take(tenant, {
    clientId,
    target: 'contacts',
    text: 'Customer ID,Name,E-mail,Country,Time zone\nC1,,ap@acme.example,US,America/Chicago\n,bolt & co,bo@bolt.example,US,America/Denver\nC9,Nobody,x@nobody.example,US,UTC\nC2,,not-an-address,US,UTC\n',
  });
  expect(done.counts).toMatchObject({ contactPoints: 2, rejected: 2 });
  const rejects = await within(tenant, async (ctx) =>
    unwrap(await listRejects(ctx, done.id, { limit: 10, afterRowNo: 0 })),
  );
  expect(rejects.rows.map((row) => [row.rowNo, row.reasonCode])).toEqual([
    [4, 'unknown_party'],
    [5, 'bad_email'],
  ]);
  const zones = await within(
    tenant,
    async (ctx) =>
      (
        await sql<{ name: string; time_zone: string }>`select name, time_zone from parties.parties_v
    where tenant_id = ${ctx.tenant} order by name`.execute(ctx.db)
      ).rows,
  );
  expect(zones).toEqual([
    { name: 'Acme Ltd', time_zone: 'America/Chicago' },
    { name: 'Bolt & Co', time_zone: 'America/Denver' },
  ]);
});

test('readiness says who cannot be contacted and why, and cures places at once', async () => {
  await take(tenant, { clientId, text: three });
  const before = await within(tenant, (ctx) => readiness(ctx, null));
  expect(before).toMatchObject({ accounts: 2, ready: 0 });
  expect(before.blocked.map((row) => [row.reason, row.count])).toEqual([
    ['no_email', 2],
    ['no_time_zone', 2],
  ]);
  expect(before.blocked[0]).toMatchObject({
    sentence: '2 accounts have no e-mail address.',
    examples: [{ name: 'Acme Ltd' }, { name: 'Bolt & Co' }],
  });
  await take(tenant, { clientId, target: 'contacts', text: 'Customer ID,E-mail\nC1,ap@acme.example\n' });
  expect(
    await within(tenant, (ctx) => curePlaces(ctx, { clientId, country: 'US', timeZone: 'America/New_York' })),
  ).toEqual({ ok: true, value: { changed: 2 } });
  const after = await within(tenant, (ctx) => readiness(ctx, [clientId]));
  expect(after).toMatchObject({ accounts: 2, ready: 1, blocked: [{ reason: 'no_email', count: 1 }] });
  expect(
    await within(tenant, (ctx) => curePlaces(ctx, { clientId, country: 'Nowhere', timeZone: 'UTC' })),
  ).toMatchObject({ ok: false, code: 'unknown_country' });
});

test('receipts come by file, once', async () => {
  await take(tenant, { clientId, text: three });
  const text =
    'Payment id,Payment date,Amount,Reference,Payer\nP1,2026-05-02,100.00,Invoice 1001,Acme Ltd\nP2,2026-05-03,20.00,unknown,Somebody\n';
  const done = await take(tenant, { clientId, target: 'receipts', text });
  expect(done.counts).toMatchObject({ receipts: 2, allocations: 1 });
  expect((await items()).map((item) => item.open_minor)).toEqual([0n, 0n, 7525n]);
  const again = await take(tenant, { clientId, target: 'receipts', text });
  expect(again.counts).toMatchObject({ unchanged: 2, changed: 0 });
  expect(await count('payments.receipts')).toBe(3);
  await booksAreRight();
});

test('a host that reports less open is believed, and the payment file that explains it is not posted twice', async () => {
  const open = (minor: string) =>
    `Customer ID,Invoice number,Invoice date,Due date,Amount,Outstanding\nC1,1,2026-01-31,2026-03-02,100.00,${minor}\n`;
  await take(tenant, { clientId, text: open('100.00') });
  await take(tenant, { clientId, text: open('40.00') });
  expect((await items())[0]?.open_minor).toBe(4000n);
  await take(tenant, {
    clientId,
    target: 'receipts',
    text: 'Payment id,Payment date,Amount,Reference\nP1,2026-05-02,60.00,1\n',
  });
  expect((await items())[0]?.open_minor).toBe(4000n);
  await booksAreRight();
});

test('an import interrupted while it was staged begins anew; one interrupted before it was applied goes on', async () => {
  const importId = await start(tenant, { clientId, text: three });
  // What an attempt that died leaves behind: rejects of an earlier pass, and a claim that has run out.
  await database.asSuperuser(async (client) => {
    await client.query(
      `insert into intake.rejects (tenant_id, import_id, row_no, cells, reason_code, reason) values ($1, $2, 9, '[]', 'x', 'x')`,
      [tenant, importId],
    );
    await client.query(`update intake.imports set claimed_until = now() - interval '1 minute' where tenant_id = $1`, [
      tenant,
    ]);
  });
  expect(await takeInWaitingImports(host, tenant, actor)).toBe(1);
  expect(await within(tenant, async (ctx) => unwrap(await loadImport(ctx, importId)))).toMatchObject({
    state: 'done',
    openRejects: 0,
  });
  expect(await items()).toHaveLength(3);
  // Run once more by a worker that had been asleep: nothing is left to do.
  await importPortfolio(host, tenant, actor, importId);
  expect(await items()).toHaveLength(3);
});

test('a workbook comes in like a CSV file', async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Open items');
  sheet.addRow(['Customer ID', 'Invoice number', 'Invoice date', 'Due date', 'Amount', 'Paid on']);
  sheet.addRow(['C1', '0007', new Date('2026-01-31T00:00:00Z'), new Date('2026-03-02T00:00:00Z'), 1234.5, null]);
  sheet.addRow(['C1', '0008', new Date('2026-01-31T00:00:00Z'), new Date('2026-03-02T00:00:00Z'), -10, null]);
  sheet.addRow([
    'C2',
    '0009',
    new Date('2026-02-28T00:00:00Z'),
    new Date('2026-03-30T00:00:00Z'),
    55.94,
    new Date('2026-04-01T00:00:00Z'),
  ]);
  const done = await take(tenant, {
    clientId,
    text: Buffer.from(await book.xlsx.writeBuffer()),
    fileName: 'open.xlsx',
  });
  expect(done.counts).toMatchObject({ itemsCreated: 3, receipts: 1, rejected: 0 });
  expect((await items()).map((item) => [item.number, item.amount_minor, item.open_minor])).toEqual([
    ['0007', 123450n, 123450n],
    ['0008', -1000n, -1000n],
    ['0009', 5594n, 0n],
  ]);
  await booksAreRight();
});

test('two workers never take up the same import', async () => {
  await start(tenant, { clientId, text: three });
  expect(await takeInWaitingImports(host, tenant, actor)).toBe(0);
});

test('two first files of a client at the same time, rows in common: each waits for the other and both are taken in', async () => {
  const other = file(
    'C1,Acme Ltd,1001,2026-01-31,2026-03-02,100.00,',
    'C3,Crane Oy,1003,2026-03-31,2026-04-30,75.25,',
    'C3,Crane Oy,1004,2026-03-31,2026-04-30,10.00,',
  );
  const started = [await start(tenant, { clientId, text: three }), await start(tenant, { clientId, text: other })];
  await Promise.all(started.map((importId) => importPortfolio(host, tenant, actor, importId)));
  for (const importId of started)
    expect((await within(tenant, async (ctx) => unwrap(await loadImport(ctx, importId)))).state).toBe('done');
  expect((await items()).map((item) => item.number)).toEqual(['1001', '1002', '1003', '1004']);
  await booksAreRight();
});

test('a fault while a large file is applied leaves nothing that counts, and starting again takes all of it in', async () => {
  const rows = Array.from(
    { length: 2_400 },
    (_, index) => `K${index >> 1},Kiosk ${index >> 1} Ltd,${index + 1},2026-01-31,2026-03-02,${index + 1}.00,`,
  );
  const large = { clientId, text: file(...rows) };
  await database.asSuperuser((client) =>
    client.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no room for facts'; end $$;
      create trigger refuse before insert on accounts.facts for each row execute function public.refuse()`),
  );
  await expect(take(tenant, large)).rejects.toThrow('no room for facts');
  await database.asSuperuser((client) => client.query('drop function public.refuse cascade'));
  for (const table of ['parties.parties', 'parties.search_tokens', 'accounts.items', 'ledger.transfers'])
    expect([table, await count(table)]).toEqual([table, 0]);
  expect(await count('intake.source_rows')).toBe(0);

  expect((await take(tenant, large)).counts).toMatchObject({
    itemsCreated: 2_400,
    partiesCreated: 1_200,
    unchanged: 0,
  });
  expect(await count('parties.search_tokens')).toBe(4 * 1_200);
  expect((await take(tenant, large)).counts).toMatchObject({ changed: 0, unchanged: 2_400 });
  await booksAreRight();
});

test('a mapping that fits no row ends as failed, with an example', async () => {
  const rows = Array.from(
    { length: 21_000 },
    (_, index) => `C${index},Name ${index},${index},2026-01-31,2026-03-02,abc,`,
  );
  const failed = await take(tenant, {
    clientId,
    text: file(...rows),
    adjust: (mapping) => ({
      ...mapping,
      fields: { ...mapping.fields, amount: { kind: 'column', column: 'Amount', format: '1,234.56' } },
    }),
  });
  expect(failed.state).toBe('failed');
  expect(failed.failure).toContain('so the mapping is probably wrong');
  expect(failed.failure).toContain('"abc" is not an amount');
  expect(await items()).toEqual([]);
  expect(await count('intake.staged_rows')).toBe(0);
}, 60_000);

test('amounts in yen and dinars keep their own decimals', async () => {
  const text =
    'Customer ID,Invoice number,Invoice date,Due date,Amount,Currency\nC1,1,2026-01-31,2026-03-02,1000,JPY\nC1,2,2026-01-31,2026-03-02,1.234,KWD\nC1,3,2026-01-31,2026-03-02,1.5,JPY\nC1,4,2026-01-31,2026-03-02,1,XYZ\n';
  const done = await take(tenant, {
    clientId,
    text,
    adjust: (mapping) => ({
      ...mapping,
      fields: {
        ...mapping.fields,
        currency: { kind: 'column', column: 'Currency', format: null },
        amount: { kind: 'column', column: 'Amount', format: '1,234.56' },
      },
    }),
  });
  expect(done.counts).toMatchObject({ itemsCreated: 2, accountsCreated: 2, rejected: 2 });
  expect((await items()).map((item) => item.amount_minor)).toEqual([1000n, 1234n]);
  expect(currency('JPY')).toBe('JPY');
});
