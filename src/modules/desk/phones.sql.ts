import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

/** A telephone number of a party; `key` is its E.164 form where it could be read as one. */
export type Phone = {
  readonly contactPointId: Id<'contact_point'>;
  readonly partyId: Id<'party'>;
  readonly value: string;
  readonly key: string;
  readonly quality: 'verified' | 'unverified' | 'wrong' | 'bounced';
};

const columns = sql`p.id as "contactPointId", p.party_id as "partyId", p.value, p.value_key as key, p.quality`;

/** The number to ring: preferred first, verified before unverified; null when there is none that can be used. */
export async function findBestPhone(ctx: Ctx, partyId: string): Promise<Phone | null> {
  const { rows } = await sql<Phone>`
    select ${columns} from parties.contact_points_v p
    where p.tenant_id = ${ctx.tenant} and p.party_id = ${partyId} and p.kind = 'phone' and p.ended_at is null and p.quality in ('verified', 'unverified')
    order by p.preferred desc, p.quality = 'verified' desc, p.recorded_at, p.id limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The number of that id, whatever its quality; null when it is none. */
export async function findPhone(ctx: Ctx, contactPointId: string): Promise<Phone | null> {
  const { rows } = await sql<Phone>`
    select ${columns} from parties.contact_points_v p
    where p.tenant_id = ${ctx.tenant} and p.id = ${contactPointId} and p.kind = 'phone'`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The number to ring of each party that has one, chosen as `findBestPhone` does. */
export async function findBestPhones(ctx: Ctx, partyIds: readonly string[]): Promise<Map<string, Phone>> {
  if (partyIds.length === 0) return new Map();
  const { rows } = await sql<Phone>`
    select distinct on (p.party_id) ${columns} from parties.contact_points_v p
    where p.tenant_id = ${ctx.tenant} and p.party_id = any(${[...partyIds]}::uuid[]) and p.kind = 'phone' and p.ended_at is null
      and p.quality in ('verified', 'unverified')
    order by p.party_id, p.preferred desc, p.quality = 'verified' desc, p.recorded_at, p.id`.execute(ctx.db);
  return new Map(rows.map((row) => [row.partyId as string, row]));
}
