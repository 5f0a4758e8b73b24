import { sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** Null when the person has no key yet; `wrappedKey` is null once erased. */
export async function selectPersonKey(
  db: Db,
  tenantId: TenantId,
  personId: string,
): Promise<{ wrappedKey: Buffer | null } | null> {
  const { rows } = await sql<{ wrapped_key: Buffer | null }>`
    select wrapped_key from identity.person_keys where tenant_id = ${tenantId} and id = ${personId}`.execute(db);
  return rows[0] ? { wrappedKey: rows[0].wrapped_key } : null;
}

export async function insertPersonKey(db: Db, tenantId: TenantId, personId: string, wrappedKey: Buffer): Promise<void> {
  await sql`
    insert into identity.person_keys (tenant_id, id, wrapped_key)
    values (${tenantId}, ${personId}, ${wrappedKey})
    on conflict (tenant_id, id) do nothing`.execute(db);
}

/** Inserts the erased row when there was no key, so that none is made later. False when already erased. */
export async function updateErased(db: Db, tenantId: TenantId, personId: string, at: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into identity.person_keys as k (tenant_id, id, wrapped_key, erased_at)
    values (${tenantId}, ${personId}, null, ${at})
    on conflict (tenant_id, id) do update set wrapped_key = null, erased_at = excluded.erased_at
    where k.erased_at is null`.execute(db);
  return numAffectedRows === 1n;
}
