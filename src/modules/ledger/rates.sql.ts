import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { currencies, exponentOf } from '../../kernel/money.ts';
import type { Rate } from './rate.ts';

/** The rates that hold on a day, one row (currency, rate, as_of, source) per currency that has one; for joins, left ones. */
export const ratesOn = (ctx: Ctx, reporting: string, on: CalendarDate): RawBuilder<unknown> => sql`
  select x.currency, x.rate, x.as_of, x.source from (
    select distinct on (r.currency) r.currency, r.rate, r.as_of, r.source from ledger.rates_v r
    where r.tenant_id = ${ctx.tenant} and r.reporting_currency = ${reporting} and r.as_of <= ${on}::date
    order by r.currency, r.as_of desc, r.id desc) x
  where x.rate is not null`;

const ofExponent = (exponent: number) => currencies.filter((code) => exponentOf(code) === exponent);

/** Ten to the power of a currency's exponent. */
export const powerOfTen = (currency: RawBuilder<unknown>): RawBuilder<unknown> => sql`(case
  when ${currency} = any(${ofExponent(0)}::text[]) then 1 when ${currency} = any(${ofExponent(3)}::text[]) then 1000 else 100 end)`;

/** What one minor unit is of a whole one. */
const minorUnit = (currency: RawBuilder<unknown>): RawBuilder<unknown> => sql`(case
  when ${currency} = any(${ofExponent(0)}::text[]) then 1 when ${currency} = any(${ofExponent(3)}::text[]) then 0.001 else 0.01 end)`;

/** `unitsAt` in SQL, as numeric. Products are exact, whatever their size; a quotient would be rounded. */
export const unitsInSql = (
  amountMinor: RawBuilder<unknown>,
  currency: RawBuilder<unknown>,
  rate: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`trunc(${amountMinor}::numeric * coalesce(${rate}, 1) * ${minorUnit(currency)})`;

export async function listRates(ctx: Ctx, reporting: string, on: CalendarDate): Promise<Rate[]> {
  const { rows } = await sql<Rate>`
    select x.currency, trim_scale(x.rate)::text as rate, x.as_of as "asOf", x.source from (${ratesOn(ctx, reporting, on)}) x order by x.currency`.execute(
    ctx.db,
  );
  return rows;
}

/** The rate of a currency on a day; null for the reporting currency itself and where none is known. */
export async function findRate(
  ctx: Ctx,
  currency: string,
  reporting: string,
  on: CalendarDate,
): Promise<string | null> {
  if (currency === reporting) return null;
  return (await listRates(ctx, reporting, on)).find((rate) => rate.currency === currency)?.rate ?? null;
}

/** Currencies in which something is open, from the tallies. */
export async function listOpenCurrencies(ctx: Ctx, clientIds: readonly string[] | null): Promise<Currency[]> {
  const { rows } = await sql<{ currency: Currency }>`
    select t.currency from kernel.tallies t where t.tenant_id = ${ctx.tenant} and t.measure = 'item_open'
      and (${clientIds}::uuid[] is null or t.client_id = any(${clientIds}::uuid[]))
    group by t.currency having sum(t.n) > 0 order by t.currency`.execute(ctx.db);
  return rows.map((row) => row.currency);
}

export async function insertRate(
  ctx: Ctx,
  id: Id<'rate'>,
  rate: Omit<Rate, 'rate'> & { readonly rate: string | null; readonly reporting: string },
): Promise<void> {
  await sql`insert into ledger.rates (tenant_id, id, currency, reporting_currency, rate, as_of, source, recorded_by, recorded_at)
    values (${ctx.tenant}, ${id}, ${rate.currency}, ${rate.reporting}, ${rate.rate}::numeric, ${rate.asOf}, ${rate.source}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}
