import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { TEST_SECRET } from '../../test/support/server.ts';
import { inTenant, openDatabase } from './db.ts';
import { DatabaseUnavailable, isUnavailable } from './db-faults.ts';
import { newId } from './ids.ts';

const database = await testDatabase();

test('a connection that dies in the middle of a transaction is a known fault, and the next one works', async () => {
  const tenant = await database.freshTenant();
  const cut = inTenant(database, tenant, async (db) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    await database.asSuperuser((client) => client.query('select pg_terminate_backend($1)', [rows[0]?.pid]));
    await sql`select 1`.execute(db);
  });
  await expect(cut).rejects.toThrow(DatabaseUnavailable);
  const { rows } = await inTenant(database, tenant, (db) => sql<{ one: number }>`select 1 as one`.execute(db));
  expect(rows).toEqual([{ one: 1 }]);
});

test('a server that is not there is a known fault with a remedy', async () => {
  const absent = openDatabase({ address: { ...inject('testServer').address, host: '/nowhere' }, secret: TEST_SECRET });
  const failing = inTenant(absent, newId<'tenant'>(), async () => 1);
  await expect(failing).rejects.toThrow(/cannot be reached[\s\S]*DATABASE_URL/);
  await absent.close();
});

test('what the server refuses is not mistaken for a lost server', () => {
  expect(isUnavailable(Object.assign(new Error('duplicate key'), { code: '23505' }))).toBe(false);
  expect(isUnavailable(Object.assign(new Error('shutting down'), { code: '57P01' }))).toBe(true);
  expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isUnavailable('text')).toBe(false);
  // A file of ours that is missing was once taken for a database that is away, and its import waited for ever.
  expect(isUnavailable(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
  expect(isUnavailable(Object.assign(new Error('no such socket'), { code: 'ENOENT', syscall: 'connect' }))).toBe(true);
});

test('a full disk is a server without room, and says so', () => {
  const full = Object.assign(new Error('could not extend file'), { code: '53100' });
  expect(isUnavailable(full)).toBe(true);
  expect(new DatabaseUnavailable(full).message).toMatch(/run out of room \(could not extend file\)\. Free disk space/);
});
