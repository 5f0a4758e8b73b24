import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type Population = { readonly scope: RowScope; readonly clientId?: string | undefined };

/** Measures to read together: since when (a calendar day, or an instant that begins one) and what their sums are kept apart by. */
export type Reading = {
  readonly measures: readonly string[];
  readonly since?: CalendarDate | Date;
  readonly until?: CalendarDate;
  readonly by?: readonly ('day' | 'slot')[];
};

/** `day` and `on` (the day of the slot) are null where the reading does not keep them apart. */
export type Tally = {
  readonly measure: string;
  readonly currency: string;
  readonly day: CalendarDate | null;
  readonly on: CalendarDate | null;
  readonly n: bigint;
  readonly minor: bigint;
};

/**
 * Sums of `kernel.tallies` for the asker's clients, all readings in one statement: they are of one instant, and what is read grows with the
 * days and clients there are, not with the accounts. `beside`: rows of the same columns to read at that instant.
 */
export async function sumTallies(
  ctx: Ctx,
  { scope, clientId }: Population,
  readings: readonly Reading[],
  beside?: RawBuilder<unknown>,
): Promise<Tally[]> {
  const one = ({ measures, since, until, by = [] }: Reading): RawBuilder<unknown> => sql`
    select t.measure, t.currency, ${by.includes('day') ? sql`t.day` : sql`null::date`} as day,
      ${by.includes('slot') ? sql`(t.slot at time zone 'UTC')::date` : sql`null::date`} as on, sum(t.n)::bigint as n, sum(t.minor)::bigint as minor
    from kernel.tallies t
    where t.tenant_id = ${ctx.tenant} and t.measure = any(${[...measures]}::text[])
      and ${since === undefined ? sql`true` : sql`t.slot >= ${slotOf(since)}`} and ${until === undefined ? sql`true` : sql`t.slot <= ${slotOf(until)}`}
      and ${withinScope('t.client_id', scope, clientId)}
    group by 1, 2, 3, 4 having sum(t.n) <> 0 or sum(t.minor) <> 0`;
  const { rows } =
    await sql<Tally>`${sql.join([...readings.map(one), ...(beside ? [beside] : [])], sql` union all `)}`.execute(
      ctx.db,
    );
  return rows;
}

const slotOf = (since: CalendarDate | Date): RawBuilder<unknown> =>
  since instanceof Date ? sql`${since}::timestamptz` : sql`kernel.day_slot(${since}::date)`;

/** How many, over the rows of one measure. */
export const countOf = (tallies: readonly Tally[], measure: string): bigint =>
  tallies.filter((tally) => tally.measure === measure).reduce((sum, tally) => sum + tally.n, 0n);
