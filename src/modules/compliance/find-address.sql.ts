import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

export type AddressOfPerson = { readonly key: string; readonly kind: 'email' | 'phone' | 'postal' };

/** Whose address it is; null when there is no such address. */
export async function ownerOfAddress(ctx: Ctx, contactPointId: string): Promise<string | null> {
  const { rows } = await sql<{ party_id: string }>`
    select party_id from parties.contact_points_v where tenant_id = ${ctx.tenant} and id = ${contactPointId}`.execute(
    ctx.db,
  );
  return rows[0]?.party_id ?? null;
}

/** An address of a party under the name by which register and wishes know it; null when it is not the party's. */
export async function findAddress(ctx: Ctx, partyId: string, contactPointId: string): Promise<AddressOfPerson | null> {
  const { rows } = await sql<AddressOfPerson>`
    select value_key as key, kind from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and id = ${contactPointId} and party_id = ${partyId}`.execute(ctx.db);
  return rows[0] ?? null;
}
