import { sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';

type Earlier = { readonly digest: Buffer; readonly response: { readonly value: unknown } | null };

/** Takes the key, waiting for whoever holds it; null when it was free. */
export async function claimKey(
  db: Db,
  tenantId: TenantId,
  id: Id<'idempotency_key'>,
  digest: Buffer,
): Promise<Earlier | null> {
  const { numAffectedRows } = await sql`
    insert into identity.idempotency_keys (tenant_id, id, request_sha256) values (${tenantId}, ${id}, ${digest})
    on conflict (tenant_id, id) do nothing`.execute(db);
  if (numAffectedRows === 1n) return null;
  const { rows } = await sql<Earlier>`
    select request_sha256 as digest, response from identity.idempotency_keys
    where tenant_id = ${tenantId} and id = ${id} for update`.execute(db);
  return rows[0] ?? null;
}

export async function storeAnswer(
  db: Db,
  tenantId: TenantId,
  id: Id<'idempotency_key'>,
  response: { readonly value: unknown },
): Promise<void> {
  await sql`
    update identity.idempotency_keys set response = ${JSON.stringify(response)}
    where tenant_id = ${tenantId} and id = ${id}`.execute(db);
}
