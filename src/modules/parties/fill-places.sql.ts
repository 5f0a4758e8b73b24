import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** Gives the parties a fragment selects (one column, the id) country and time zone where both are unknown. Returns how many. */
export async function fillPlaces(
  ctx: Ctx,
  parties: RawBuilder<unknown>,
  place: { readonly country: string; readonly timeZone: string },
): Promise<number> {
  const result = await sql`update parties.parties p set country = ${place.country}, time_zone = ${place.timeZone}
    where p.tenant_id = ${ctx.tenant} and p.id in (${parties}) and p.country is null and p.time_zone is null`.execute(
    ctx.db,
  );
  return Number(result.numAffectedRows ?? 0n);
}
