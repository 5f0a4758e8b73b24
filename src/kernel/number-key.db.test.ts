import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { inTenant } from './db.ts';
import { numberKey } from './text.ts';

const database = await testDatabase();
const tenant = await database.freshTenant();

it('SQL and TypeScript find a number by the same key', async () => {
  const number = fc
    .string({
      unit: fc.oneof(fc.constantFrom(...'AZaz019 -_./\\:,#É'), fc.string({ minLength: 1, maxLength: 1 })),
      maxLength: 20,
    })
    .filter((text) => !text.includes('\u0000') && text.isWellFormed());
  const fixed = ['', 'INV-2024/17', 'CN 7', 'ABC', '007', '-/-', 'É-12'];
  const all = [...fixed, ...fc.sample(number, 300)];
  const { rows } = await inTenant(database, tenant, (db) =>
    sql<{
      key: string;
    }>`select kernel.number_key(n.number) as key from unnest(${all}::text[]) with ordinality as n (number, nth) order by n.nth`.execute(
      db,
    ),
  );
  expect(rows.map((row) => row.key)).toEqual(all.map(numberKey));
  expect(fixed.map(numberKey)).toEqual(['', '202417', '7', 'abc', '007', '', 'É12']);
});
