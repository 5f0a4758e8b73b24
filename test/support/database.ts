import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, inject } from 'vitest';
import { newKey } from '../../src/kernel/crypto.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import { type Database, inTenant, openDatabase } from '../../src/kernel/db.ts';
import { newId, type TenantId } from '../../src/kernel/ids.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { tenantKeyBinding } from '../../src/modules/identity/tenant.ts';
import { asAdmin, createDatabase, dropDatabase, TEST_SECRET } from './server.ts';

/** What an action receives in tests: a transaction of one tenant at one instant, with every permission asked for. */
export type TestCtx = Ctx;

/** A database of its own for one test file. */
export type TestDatabase = Database & {
  readonly secret: string;
  /** Inserts a tenant and returns its id. A sandbox tenant's clock stands at `at`. */
  freshTenant(options?: { kind?: 'live' | 'sandbox'; at?: Date; name?: string }): Promise<TenantId>;
  /** Runs `fn` with a ctx in one transaction of the tenant, committed when it resolves. */
  within<T>(tenant: TenantId, at: Date, fn: (ctx: TestCtx) => Promise<T>, permissions?: readonly string[]): Promise<T>;
  /** Runs `fn` as superuser, past row security: only to look at or damage rows, never to prepare what an action should. */
  asSuperuser<T>(fn: (client: pg.Client) => Promise<T>): Promise<T>;
};

const vault = createVault(TEST_SECRET);

/** Has every permission without naming any, so that tests of other rooms need not know the list. */
const everyPermission: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

/** Clones the migrated template for the calling test file and drops it afterwards. Call once, at the top of the file. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('testServer');
  const name = `dunwell_${process.pid}_${randomBytes(5).toString('hex')}`;
  await createDatabase(server, name, server.template);
  const database = openDatabase({
    address: { ...server.address, database: name },
    secret: TEST_SECRET,
    poolSize: 8,
  });
  afterAll(async () => {
    await database.close();
    await dropDatabase(server, name);
  });
  return {
    ...database,
    secret: TEST_SECRET,
    freshTenant: (options) => insertTenant(database, options),
    within: (tenant, at, fn, permissions) =>
      inTenant(database, tenant, (db) =>
        fn({
          db,
          tenant,
          actor: {
            kind: 'system',
            id: 'test',
            name: 'test',
            permissions: permissions ? new Set(permissions) : everyPermission,
          },
          at,
          log: silentLogger,
          vault,
        }),
      ),
    asSuperuser: (fn) => asAdmin(server, fn, name),
  };
}

async function insertTenant(
  database: Database,
  options: { kind?: 'live' | 'sandbox'; at?: Date; name?: string } = {},
): Promise<TenantId> {
  const { kind = 'sandbox', at = new Date('2026-01-05T15:00:00Z'), name = 'Test tenant' } = options;
  const id = newId<'tenant'>();
  const dataKey = vault.seal(newKey(), tenantKeyBinding(id));
  const clock = kind === 'sandbox' ? at : null;
  await inTenant(database, id, async (db) => {
    await sql`insert into identity.tenants (tenant_id, id, name, kind, clock_at, time_zone, currency, data_key)
      values (${id}, ${id}, ${name}, ${kind}, ${clock}, 'America/New_York', 'USD', ${dataKey})`.execute(db);
  });
  return id;
}
