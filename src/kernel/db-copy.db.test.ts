import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { from as copyFrom } from 'pg-copy-streams';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { inImport, inTenant } from './db.ts';
import { copyInto } from './db-copy.ts';
import { newId } from './ids.ts';

const database = await testDatabase();
const STATEMENT = 'copy intake.staged_rows (import_id, row_no, row_key, source_row_id, content_sha256) from stdin';

const line = (rowNo: number): string => `${newId()}\t${rowNo}\tkey ${rowNo}\t${newId()}\t\\\\x00\n`;

const countIn = (tenant: Parameters<typeof inTenant>[1]): Promise<bigint | undefined> =>
  inTenant(database, tenant, async (db) => {
    const { rows } = await sql<{ count: bigint }>`
      select count(*) as count from intake.staged_rows where tenant_id = ${tenant}`.execute(db);
    return rows[0]?.count;
  });

test('rows are loaded for their tenant and unseen by another', async () => {
  const mine = await database.freshTenant();
  const other = await database.freshTenant();
  const loaded = await copyInto(database, mine, STATEMENT, Readable.from([line(1), line(2)]));
  expect(loaded).toBe(2);
  expect(await countIn(mine)).toBe(2n);
  expect(await countIn(other)).toBe(0n);
});

test('a row of another tenant stops the whole load', async () => {
  const mine = await database.freshTenant();
  const other = await database.freshTenant();
  const rejects = 'copy intake.rejects (tenant_id, import_id, row_no, cells, reason_code, reason) from stdin';
  const reject = (tenant: string, rowNo: number) => `${tenant}\t${tenant}\t${rowNo}\t[]\tbad\tIt is bad.\n`;
  const load = copyInto(database, mine, rejects, Readable.from([reject(mine, 1), reject(other, 2)]));
  await expect(load).rejects.toThrow('A row of another tenant was about to be written to intake.rejects');
  const { rows } = await inTenant(database, mine, (db) =>
    sql`select 1 from intake.rejects where tenant_id = any(${[mine, other]}::uuid[])`.execute(db),
  );
  expect(rows).toEqual([]);
});

test('a staged row is of the tenant of the transaction: no other can be named, and there is none without', async () => {
  const mine = await database.freshTenant();
  const named = STATEMENT.replace('(', '(tenant_id, ');
  await expect(copyInto(database, mine, named, Readable.from([`${mine}\t${line(1)}`]))).rejects.toThrow(
    'permission denied',
  );
  const copying = inImport(database, mine, async (client) => {
    await client.query("set local app.tenant_id = ''");
    await pipeline(Readable.from([line(1)]), client.query(copyFrom(STATEMENT)));
  });
  await expect(copying).rejects.toThrow('null value in column "tenant_id"');
});

test('a source that breaks half-way leaves nothing', async () => {
  const mine = await database.freshTenant();
  async function* broken(): AsyncGenerator<string> {
    yield line(1);
    throw new Error('the file ended unexpectedly');
  }
  await expect(copyInto(database, mine, STATEMENT, broken())).rejects.toThrow('the file ended unexpectedly');
  expect(await countIn(mine)).toBe(0n);
});

test.each([
  'select 1 from intake.staged_rows',
  'delete from intake.staged_rows',
  'select 1 from parties.parties',
  'insert into parties.parties (tenant_id) values (null)',
])('the import role may not: %s', async (statement) => {
  const mine = await database.freshTenant();
  await expect(inImport(database, mine, (client) => client.query(statement))).rejects.toThrow('permission denied');
});
