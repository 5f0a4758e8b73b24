import type { Clock } from '../../kernel/clock.ts';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { type Database, inDirectory, inTenant, type TransactionOptions } from '../../kernel/db.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Vault } from '../../kernel/vault.ts';
import { type Tenant, tenantClock } from './tenant.ts';
import { findTenant, selectDirectory } from './tenants.sql.ts';

/** What one process needs to act for any tenant; made once by the files that wire things. */
export type Installation = {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * Runs `fn` as `actor` in one transaction of the tenant, with `at` from the tenant's clock. The way into every action.
 * `fn` may run again after a deadlock, so it has no effect outside the database. Throws when there is no such tenant.
 */
export function actIn<T>(
  installation: Installation,
  tenantId: TenantId,
  actor: Actor,
  fn: (ctx: Ctx, tenant: Tenant) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { database, vault, log } = installation;
  const realNow = installation.clock.now();
  return inTenant(
    database,
    tenantId,
    async (db) => {
      const tenant = await findTenant(db, tenantId);
      if (!tenant) throw new Error(`There is no tenant ${tenantId}`);
      return fn({ db, tenant: tenantId, actor, at: tenantClock(tenant, realNow), log, vault }, tenant);
    },
    options,
  );
}

/** The ctx's own tenant. */
export async function loadTenant(ctx: Ctx): Promise<Tenant> {
  const tenant = await findTenant(ctx.db, ctx.tenant);
  if (!tenant) throw new Error(`There is no tenant ${ctx.tenant}`);
  return tenant;
}

/** Every tenant of the installation, oldest first: for the worker and the command line, never for a person's request. */
export function listTenants(installation: Pick<Installation, 'database'>): Promise<Tenant[]> {
  return inDirectory(installation.database, selectDirectory);
}

/** Ids of every tenant, oldest first. */
export async function listTenantIds(installation: Pick<Installation, 'database'>): Promise<TenantId[]> {
  return (await listTenants(installation)).map((tenant) => tenant.id);
}
