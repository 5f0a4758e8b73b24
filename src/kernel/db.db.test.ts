import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { inDirectory, inTenant, streamQuery } from './db.ts';

const database = await testDatabase();

test('a transaction sees its own tenant and no other', async () => {
  const mine = await database.freshTenant({ name: 'Mine' });
  const other = await database.freshTenant({ name: 'Other' });
  const names = (tenant: string) =>
    inTenant(database, tenant, async (db) => {
      const { rows } = await sql<{ name: string }>`select name from identity.tenants`.execute(db);
      return rows.map((row) => row.name);
    });
  expect(await names(mine)).toEqual(['Mine']);
  expect(await names(other)).toEqual(['Other']);
});

test('a tenant id that is not a UUID never reaches the server', () => {
  for (const forged of ["'; drop table x; --", '', 'ABCDEF00-0000-7000-8000-000000000000']) {
    expect(() => inTenant(database, forged, async () => 1)).toThrow('must be a lower-case UUID');
  }
});

test('outside any tenant the application sees nothing, also on a connection that was in one', async () => {
  await database.freshTenant();
  const client = await database.app.connect();
  try {
    const { rows } = await client.query('select 1 from identity.tenants');
    expect(rows).toEqual([]);
  } finally {
    client.release();
  }
});

test('the directory role sees which tenants exist', async () => {
  const tenant = await database.freshTenant();
  const ids = await inDirectory(database, async (db) => {
    const { rows } = await sql<{ id: string }>`select id from identity.tenants`.execute(db);
    return rows.map((row) => row.id);
  });
  expect(ids).toContain(tenant);
});

test('a row for another tenant is refused by the policy or the guard', async () => {
  const mine = await database.freshTenant();
  const other = await database.freshTenant();
  const forged = inTenant(database, mine, (db) =>
    sql`insert into identity.person_keys (tenant_id, id, wrapped_key)
        values (${other}, ${mine}, '\\x00')`.execute(db),
  );
  await expect(forged).rejects.toThrow(/another tenant|row-level security/);
});

test('column types arrive exact', async () => {
  const tenant = await database.freshTenant();
  const row = await inTenant(database, tenant, async (db) => {
    const { rows } = await sql<Record<string, unknown>>`select 9007199254740993::int8 as big,
      date '2026-02-28' as day, 1.10::numeric as ratio, timestamptz '2026-01-01T00:00:00Z' as instant,
      '{"a":1}'::jsonb as doc, array[1, null]::int8[] as bigs, array['2026-01-01'::date] as days`.execute(db);
    return rows[0];
  });
  expect(row).toEqual({
    big: 9007199254740993n,
    day: '2026-02-28',
    ratio: '1.10',
    instant: new Date('2026-01-01T00:00:00Z'),
    doc: { a: 1 },
    bigs: [1n, null],
    days: ['2026-01-01'],
  });
});

test('a serialisation failure is run again, any other error is not', async () => {
  const tenant = await database.freshTenant();
  const attempts = { retried: 0, failed: 0 };
  const value = await inTenant(database, tenant, async (db) => {
    attempts.retried += 1;
    if (attempts.retried < 3) await raise('40001', db);
    return attempts.retried;
  });
  expect(value).toBe(3);
  const failing = inTenant(database, tenant, async (db) => {
    attempts.failed += 1;
    await raise('23505', db);
  });
  await expect(failing).rejects.toThrow('raised on purpose');
  expect(attempts.failed).toBe(1);
});

test('a cursor streams every row once, in order, in batches', async () => {
  const tenant = await database.freshTenant();
  const batches = await inTenant(database, tenant, async (db) => {
    const sizes: number[] = [];
    const seen: number[] = [];
    for await (const rows of streamQuery(db, sql<{ n: number }>`select n from generate_series(1, 25) n`, 10)) {
      sizes.push(rows.length);
      seen.push(...rows.map((row) => row.n));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
    return sizes;
  });
  expect(batches).toEqual([10, 10, 5]);
});

function raise(code: string, db: Parameters<Parameters<typeof inTenant>[2]>[0]): Promise<unknown> {
  const text = `do $$ begin raise exception 'raised on purpose' using errcode = '${code}'; end $$`;
  return sql.raw(text).execute(db);
}
