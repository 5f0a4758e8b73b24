import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { RowScope } from './row-scope.ts';

/** A party by name, also one that owes nothing itself: an attorney, a guarantor. */
export type PersonHit = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The mailbox or number it is told apart by. */
  readonly reachedAt: string | null;
  readonly accounts: number;
};

/** Those of the parties that concern clients the reader may see, by name, with what they are told apart by. */
export async function searchPeople(
  ctx: Ctx,
  partyIds: readonly string[],
  scope: RowScope,
  limit = 12,
): Promise<PersonHit[]> {
  const clientIds = scope.clientIds ? [...scope.clientIds] : null;
  const { rows } = await sql<PersonHit>`
    select p.id, p.name, p.kind, (
      select c.value from parties.contact_points_v c where c.tenant_id = ${ctx.tenant} and c.party_id = p.id and c.ended_at is null
      order by c.preferred desc, c.kind, c.recorded_at limit 1) as "reachedAt",
      (select count(*)::int from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and f.party_id = p.id
        and (${clientIds}::uuid[] is null or f.client_id = any(${clientIds}::uuid[]))) as accounts
    from parties.parties_v p
    where p.tenant_id = ${ctx.tenant} and p.id = any(${[...partyIds]}::uuid[])
      and (${clientIds}::uuid[] is null
        or exists (select 1 from accounts.facts_v f where f.tenant_id = ${ctx.tenant} and f.party_id = p.id and f.client_id = any(${clientIds}::uuid[]))
        or exists (
          select 1 from parties.party_links_v l
          join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.party_id in (l.party_id, l.other_party_id) and f.client_id = any(${clientIds}::uuid[])
          where l.tenant_id = ${ctx.tenant} and (l.party_id = p.id or l.other_party_id = p.id)))
    order by p.name, p.id limit ${limit}`.execute(ctx.db);
  return rows;
}
