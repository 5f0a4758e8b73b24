import { sql } from 'kysely';
import { timeZone } from '../../kernel/calendar.ts';
import type { Db } from '../../kernel/db.ts';
import { idOf, type TenantId } from '../../kernel/ids.ts';
import { currency } from '../../kernel/money.ts';
import type { Tenant } from './tenant.ts';

type TenantRow = {
  id: string;
  name: string;
  kind: 'live' | 'sandbox';
  clock_at: Date | null;
  time_zone: string;
  currency: string;
  locale: string;
  settings: Record<string, unknown>;
};

const toTenant = (row: TenantRow): Tenant => ({
  id: idOf('tenant', row.id),
  name: row.name,
  kind: row.kind,
  clockAt: row.clock_at,
  timeZone: timeZone(row.time_zone),
  currency: currency(row.currency),
  locale: row.locale,
  settings: row.settings,
});

const columns = sql.raw('id, name, kind, clock_at, time_zone, currency, locale, settings');

export async function insertTenant(db: Db, tenant: Tenant, dataKey: Buffer): Promise<void> {
  await sql`
    insert into identity.tenants
      (tenant_id, id, name, kind, clock_at, time_zone, currency, locale, settings, data_key)
    values (${tenant.id}, ${tenant.id}, ${tenant.name}, ${tenant.kind}, ${tenant.clockAt}, ${tenant.timeZone},
      ${tenant.currency}, ${tenant.locale}, ${JSON.stringify(tenant.settings)}, ${dataKey})`.execute(db);
}

export async function findTenant(db: Db, tenantId: TenantId): Promise<Tenant | null> {
  const { rows } = await sql<TenantRow>`
    select ${columns} from identity.tenants where tenant_id = ${tenantId}`.execute(db);
  return rows[0] ? toTenant(rows[0]) : null;
}

export async function selectDataKey(db: Db, tenantId: TenantId): Promise<Buffer> {
  const { rows } = await sql<{ data_key: Buffer }>`
    select data_key from identity.tenants where tenant_id = ${tenantId}`.execute(db);
  if (!rows[0]) throw new Error(`There is no tenant ${tenantId}`);
  return rows[0].data_key;
}

/** Every tenant, oldest first; only for the directory's role, which sees across tenants. */
export async function selectDirectory(directory: Db): Promise<Tenant[]> {
  const { rows } = await sql<TenantRow>`select ${columns} from identity.tenants order by created_at, id`.execute(
    directory,
  );
  return rows.map(toTenant);
}

/** Locks the clock and returns where it stands; null for a live tenant. */
export async function lockClock(db: Db, tenantId: TenantId): Promise<Date | null> {
  const { rows } = await sql<{ clock_at: Date | null }>`
    select clock_at from identity.tenants where tenant_id = ${tenantId} for no key update`.execute(db);
  return rows[0]?.clock_at ?? null;
}

export async function updateClock(db: Db, tenantId: TenantId, to: Date): Promise<void> {
  await sql`update identity.tenants set clock_at = ${to} where tenant_id = ${tenantId}`.execute(db);
}
