import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { inTenant } from './db.ts';
import { hashId } from './ids.ts';

const database = await testDatabase();
const tenant = await database.freshTenant();

describe('kernel.hash_id', () => {
  it('equals hashId, whatever the parts hold', async () => {
    // PostgreSQL's text has no NUL, and lone surrogates are not text.
    const text = fc.string({ unit: 'grapheme' }).filter((part) => !part.includes('\u0000') && part.isWellFormed());
    const cases = fc
      .sample(fc.tuple(text, fc.array(text, { maxLength: 6 })), 300)
      .map(([head, tail]) => [head, ...tail] as const);
    const fixed = [['a', 'é', ''], [''], ['1:a', '😀'], ['a'.repeat(20_000)]] as const;
    for (const parts of [...cases, ...fixed]) {
      const { rows } = await inTenant(database, tenant, (db) =>
        sql<{ id: string }>`select kernel.hash_id(variadic ${[...parts]}::text[]) as id`.execute(db),
      );
      expect(rows[0]?.id).toBe(hashId(...parts));
      // Two and three parts have functions of their own.
      const [a, b, c] = parts;
      if (b === undefined || parts.length > 3) continue;
      const listed = sql.join([a, b, ...(c === undefined ? [] : [c])].map((part) => sql`${part}::text`));
      const { rows: again } = await inTenant(database, tenant, (db) =>
        sql<{ id: string }>`select kernel.hash_id(${listed}) as id`.execute(db),
      );
      expect(again[0]?.id).toBe(rows[0]?.id);
    }
  });

  it('gives null for a null part, so that a not-null id column refuses it', async () => {
    const { rows } = await inTenant(database, tenant, (db) =>
      sql<{ id: string | null }>`select kernel.hash_id('a', null) as id`.execute(db),
    );
    expect(rows[0]?.id).toBeNull();
  });
});
