import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { inImport, inTenant } from './db.ts';
import { copyInto } from './db-copy.ts';
import { newId } from './ids.ts';

const database = await testDatabase();
const STATEMENT =
  'copy intake.staged_rows (tenant_id, import_id, row_no, row_key, source_row_id, content_sha256) from stdin';

const lineFor = (tenant: string, rowNo: number): string =>
  `${tenant}\t${tenant}\t${rowNo}\tkey ${rowNo}\t${newId()}\t\\\\x00\n`;

const countIn = (tenant: Parameters<typeof inTenant>[1]): Promise<bigint | undefined> =>
  inTenant(database, tenant, async (db) => {
    const { rows } = await sql<{ count: bigint }>`
      select count(*) as count from intake.staged_rows where tenant_id = ${tenant}`.execute(db);
    return rows[0]?.count;
  });

test('rows are loaded for their tenant and unseen by another', async () => {
  const mine = await database.freshTenant();
  const other = await database.freshTenant();
  const loaded = await copyInto(database, mine, STATEMENT, Readable.from([lineFor(mine, 1), lineFor(mine, 2)]));
  expect(loaded).toBe(2);
  expect(await countIn(mine)).toBe(2n);
  expect(await countIn(other)).toBe(0n);
});

test('a row of another tenant stops the whole load', async () => {
  const mine = await database.freshTenant();
  const other = await database.freshTenant();
  const load = copyInto(database, mine, STATEMENT, Readable.from([lineFor(mine, 1), lineFor(other, 2)]));
  await expect(load).rejects.toThrow('A row of another tenant was about to be written to intake.staged_rows');
  expect(await countIn(mine)).toBe(0n);
  expect(await countIn(other)).toBe(0n);
});

test('a source that breaks half-way leaves nothing', async () => {
  const mine = await database.freshTenant();
  async function* broken(): AsyncGenerator<string> {
    yield lineFor(mine, 1);
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
