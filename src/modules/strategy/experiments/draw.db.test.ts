import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { hashId } from '../../../kernel/ids.ts';
import { armInSql, armOf, drawInSql, drawOf } from './draw.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');

it('draws the same lots and arms in SQL and in TypeScript', async () => {
  const cases = fc.sample(
    fc.record({
      experiment: fc.uuid(),
      root: fc.uuid(),
      share: fc.integer({ min: 1, max: 10_000 }),
      cut: fc.integer({ min: 1, max: 9999 }),
    }),
    { numRuns: 400, seed: 7 },
  );
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    for (const { experiment, root, share, cut } of cases) {
      const arms = [{ weight: cut }, { weight: 10_000 - cut }];
      const lots = drawInSql(sql`${experiment}::uuid`, sql`${root}::uuid`);
      const { rows } = await sql<{ arm: number; entry: number; chosen: number | null }>`
        select ${lots.arm} as arm, ${lots.entry} as entry, ${armInSql(arms, share, lots)} as chosen`.execute(ctx.db);
      const draw = drawOf(experiment, root);
      expect(rows[0]).toEqual({ ...draw, chosen: armOf(arms, share, draw) });
    }
  });
});

it('spreads people evenly, one lot telling nothing of the other nor one experiment of another', () => {
  const people = Array.from({ length: 40_000 }, (_, n) => hashId('person', String(n)));
  const arms = [{ weight: 2500 }, { weight: 7500 }];
  const entered = people.filter((root) => drawOf('a', root).entry < 2000);
  expect(entered.length / people.length).toBeCloseTo(0.2, 2);
  const first = entered.filter((root) => armOf(arms, 2000, drawOf('a', root)) === 0);
  expect(Math.abs(first.length / entered.length - 0.25)).toBeLessThan(0.02);
  const alsoElsewhere = first.filter((root) => armOf(arms, 10_000, drawOf('b', root)) === 0);
  expect(Math.abs(alsoElsewhere.length / first.length - 0.25)).toBeLessThan(0.04);
});
