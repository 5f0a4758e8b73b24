import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { benchDay, benchSeed, benchTenant, complicate } from '../../bench/portfolio.ts';
import { runReferenceIn } from '../../bench/bench-run.ts';
import { assertEqualEvidence, type RunEvidence, runEvidence } from '../../bench/run-evidence.ts';
import { seedTenant } from '../../src/flows/sample/seed-tenant.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { openingsPackKey } from '../../src/modules/compliance/public.ts';
import { actIn, createAuth, systemActor } from '../../src/modules/identity/public.ts';
import { runStrategy } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
const host = {
  database,
  vault: createVault(database.secret),
  clock: systemClock,
  log: silentLogger,
  config: { dataDir: await mkdtemp(join(tmpdir(), 'dunwell-reference-')) },
};
const auth = createAuth({ database, secret: database.secret, baseUrl: 'http://localhost' });
const seeding = {
  seed: benchSeed,
  index: 1,
  itemsPerAccount: 3,
  on: benchDay,
  historyDays: 100,
  password: 'only-for-this-test',
};

/** What `work` would leave behind, taken back. */
async function evidenceOf(work: (ctx: Ctx) => Promise<unknown>): Promise<RunEvidence> {
  let found: RunEvidence | null = null;
  await actIn(host, benchTenant(1), systemActor('test'), async (ctx) => {
    await work(ctx);
    found = await runEvidence((text) => sql.raw<{ evidence: string }>(text).execute(ctx.db));
    throw new Error('taken back');
  }).catch((error: Error) => expect(error.message).toBe('taken back'));
  if (!found) throw new Error('Nothing was found');
  return found;
}

it('writes the rows that the hand-written reference of the benchmark writes', async () => {
  await seedTenant(host, auth, { ...seeding, accounts: 250 });
  await complicate(host, benchTenant(1));
  const ours = await evidenceOf(async (ctx) =>
    unwrap(await runStrategy(ctx, { asOf: benchDay, openings: openingsPackKey })),
  );
  const reference = await evidenceOf((ctx) => runReferenceIn(ctx.db, benchTenant(1), benchDay));
  expect(Number(ours.plans.split(' ')[0])).toBeGreaterThan(50);
  expect(() => assertEqualEvidence(ours, reference)).not.toThrow();
});

it('seeds the same rows for the same seed', async () => {
  const digest = () =>
    actIn(host, benchTenant(1), systemActor('test'), async (ctx) => {
      const { rows } = await sql<{ digest: string }>`
        select md5(string_agg(concat_ws('|', i.id, i.account_id, i.number, i.amount_minor, i.open_minor, i.due_on, i.closed_on), ',' order by i.id)) as digest
        from accounts.items_v i where i.tenant_id = ${ctx.tenant}`.execute(ctx.db);
      return rows[0]?.digest;
    });
  const before = await digest();
  const again = await seedTenant(host, auth, { ...seeding, accounts: 250 });
  expect(again.items).toBe(0);
  expect(await digest()).toBe(before);
});
