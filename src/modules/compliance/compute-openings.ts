import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { loadRuleBook } from './load-gate-facts.ts';
import { openingsOf } from './openings.ts';

/** The key under which openings of the combined shipped packs are stored. */
export const openingsPackKey = 'combined';

const rowsPerStatement = 2_000;

/**
 * Computes the windows of automatic e-mail and of calls for every time zone and country people are reckoned to be in (their own,
 * else their client's), from one local day to another, into `compliance.openings`. Repeating it changes nothing but what the
 * rules changed. The gate still judges each person by all their zones. Returns the rows it computed.
 */
export async function computeOpenings(ctx: Ctx, from: CalendarDate, to: CalendarDate): Promise<number> {
  const book = await loadRuleBook(ctx);
  const { rows: places } = await sql<{ time_zone: string; country: string }>`
    select distinct coalesce(p.time_zone, c.time_zone) as time_zone, coalesce(p.country, c.country) as country
    from (select distinct f.party_id, f.client_id from accounts.facts_v f where f.tenant_id = ${ctx.tenant}) f
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = f.party_id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = f.client_id`.execute(ctx.db);
  const values = places.flatMap((place) =>
    (['email', 'call'] as const).flatMap((channel) =>
      openingsOf(book, { zones: [place.time_zone], country: place.country }, channel, from, to).map(
        (opening) =>
          sql`(${ctx.tenant}, ${openingsPackKey}, ${channel}, ${place.time_zone}, ${place.country}, ${opening.localOn}, ${opening.opensAt}, ${opening.closesAt})`,
      ),
    ),
  );
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
