import { sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';
import { type Id, idOf, type TenantId } from '../../kernel/ids.ts';
import type { ApiKey } from './api-key.ts';
import { isPermission } from './permissions.ts';

type KeyRow = {
  id: string;
  name: string;
  prefix: string;
  secret_sha256: Buffer;
  scopes: string[];
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_on: string | null;
  created_at: Date;
};

const toKey = (row: KeyRow): ApiKey => ({
  id: idOf('api_key', row.id),
  name: row.name,
  prefix: row.prefix,
  // A permission that a later version dropped is no longer granted by old keys.
  scopes: row.scopes.filter(isPermission),
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedOn: row.last_used_on,
  createdAt: row.created_at,
});

export async function insertApiKey(db: Db, tenantId: TenantId, key: ApiKey, secretSha256: Buffer): Promise<void> {
  await sql`
    insert into identity.api_keys (tenant_id, id, name, prefix, secret_sha256, scopes, created_by, expires_at,
      created_at)
    values (${tenantId}, ${key.id}, ${key.name}, ${key.prefix}, ${secretSha256}, ${[...key.scopes]}, ${key.createdBy},
      ${key.expiresAt}, ${key.createdAt})`.execute(db);
}

export async function findApiKeyByPrefix(
  db: Db,
  tenantId: TenantId,
  prefix: string,
): Promise<{ key: ApiKey; secretSha256: Buffer } | null> {
  const { rows } = await sql<KeyRow>`
    select id, name, prefix, secret_sha256, scopes, created_by, expires_at, revoked_at, last_used_on, created_at
    from identity.api_keys where tenant_id = ${tenantId} and prefix = ${prefix}`.execute(db);
  return rows[0] ? { key: toKey(rows[0]), secretSha256: rows[0].secret_sha256 } : null;
}

export async function selectApiKeys(db: Db, tenantId: TenantId): Promise<ApiKey[]> {
  const { rows } = await sql<KeyRow>`
    select id, name, prefix, secret_sha256, scopes, created_by, expires_at, revoked_at, last_used_on, created_at
    from identity.api_keys where tenant_id = ${tenantId} order by created_at desc, id`.execute(db);
  return rows.map(toKey);
}

/** Name of the key that was revoked; null when there is none or it already was. */
export async function updateRevoked(db: Db, tenantId: TenantId, id: Id<'api_key'>, at: Date): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    update identity.api_keys set revoked_at = ${at}
    where tenant_id = ${tenantId} and id = ${id} and revoked_at is null returning name`.execute(db);
  return rows[0]?.name ?? null;
}

export async function updateLastUsed(db: Db, tenantId: TenantId, id: Id<'api_key'>, day: string): Promise<void> {
  await sql`
    update identity.api_keys set last_used_on = ${day}
    where tenant_id = ${tenantId} and id = ${id} and last_used_on is distinct from ${day}`.execute(db);
}
