import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { stoppedClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/log.ts';
import { createVault } from '../kernel/vault.ts';
import { listTenants, systemActor } from '../modules/identity/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import { keepDay } from './keep-day.ts';

const database = await testDatabase();
const actor = systemActor('worker');

/** Tenants of these tests are in New York; the clock is the world's. */
async function opened(kind: 'live' | 'sandbox', now: string) {
  const clock = stoppedClock(new Date(now));
  const installation = { database, vault: createVault(database.secret), clock, log: silentLogger };
  const id = await database.freshTenant({ kind, at: new Date(now) });
  const tenant = (await listTenants(installation)).find((one) => one.id === id);
  if (!tenant) throw new Error('The tenant is not in the directory');
  return { id, clock, keep: () => keepDay(installation, tenant, actor) };
}

const publish = (id: Parameters<typeof database.within>[0], at: string) =>
  database.within(id, new Date(at), publishDefault);

test('a day is lived once, from six in the morning where the tenant is', async () => {
  const { id, clock, keep } = await opened('live', '2026-03-03T10:59:00Z');
  await publish(id, '2026-03-01T12:00:00Z');
  expect(await keep()).toBeNull();
  clock.moveTo(new Date('2026-03-03T11:00:00Z'));
  expect(await keep()).toMatchObject({ asOf: '2026-03-03', dryRun: false });
  expect(await keep()).toBeNull();
  clock.moveTo(new Date('2026-03-04T03:00:00Z'));
  expect(await keep()).toBeNull();
});

test('missed days are caught up by the next', async () => {
  const { id, clock, keep } = await opened('live', '2026-03-03T15:00:00Z');
  await publish(id, '2026-03-01T12:00:00Z');
  await keep();
  clock.moveTo(new Date('2026-03-07T15:00:00Z'));
  expect(await keep()).toMatchObject({ asOf: '2026-03-07', caughtUpDays: 3 });
});

test('a sandbox lives no day by itself, and a tenant without a strategy has none to live', async () => {
  const sandbox = await opened('sandbox', '2026-03-03T15:00:00Z');
  await publish(sandbox.id, '2026-03-01T12:00:00Z');
  expect(await sandbox.keep()).toBeNull();
  expect(await (await opened('live', '2026-03-03T15:00:00Z')).keep()).toBeNull();
});
