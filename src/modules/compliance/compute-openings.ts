import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { loadRuleBook } from './load-gate-facts.ts';
import { openingsOf } from './openings.ts';
import { personZones } from './person-zones.ts';

/** The key under which openings of the combined shipped packs are stored. */
export const openingsPackKey = 'combined';

const rowsPerStatement = 2_000;

/**
 * Computes the windows of automatic e-mail for every combination of time zone and country the tenant's people have, from one
 * local day to another, into `compliance.openings`. Unknown parts are '' there, as `coalesce(time_zone, '')` and
 * `coalesce(country, '')` of the party. Repeating it changes nothing but what the rules changed. Returns the rows written.
 */
export async function computeOpenings(ctx: Ctx, from: CalendarDate, to: CalendarDate): Promise<number> {
  const book = await loadRuleBook(ctx);
  const { rows: places } = await sql<{ time_zone: string; country: string; holiday_country: string }>`
    select distinct coalesce(p.time_zone, '') as time_zone, coalesce(p.country, '') as country,
           coalesce(p.country, (select min(c.country) from accounts.clients_v c where c.tenant_id = ${ctx.tenant})) as holiday_country
    from parties.parties_v p where p.tenant_id = ${ctx.tenant}
      and (p.time_zone is not null or p.country is not null)`.execute(ctx.db);
  const values = places.flatMap((place) => {
    const country = place.country.trim();
    const zones = personZones({ timeZone: place.time_zone || null, country: country || null, region: null });
    if (zones.length === 0) return [];
    return openingsOf(book, { zones, country: place.holiday_country ?? country }, 'email', from, to).map(
      (opening) =>
        sql`(${ctx.tenant}, ${openingsPackKey}, 'email', ${place.time_zone}, ${country}, ${opening.localOn}, ${opening.opensAt}, ${opening.closesAt})`,
    );
  });
  for (let start = 0; start < values.length; start += rowsPerStatement) {
    await sql`insert into compliance.openings (tenant_id, pack_key, channel, time_zone, country, local_on, opens_at, closes_at)
      values ${sql.join(values.slice(start, start + rowsPerStatement))}
      on conflict (tenant_id, pack_key, channel, time_zone, country, local_on)
      do update set opens_at = excluded.opens_at, closes_at = excluded.closes_at
      where (openings.opens_at, openings.closes_at) is distinct from (excluded.opens_at, excluded.closes_at)`.execute(
      ctx.db,
    );
  }
  return values.length;
}
