import { type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { type Currency, parseCurrency } from '../../kernel/money.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import { parseRate, type Rate } from './rate.ts';
import { insertRate, listOpenCurrencies, listRates } from './rates.sql.ts';

export type NewRate = {
  readonly currency: string;
  /** Units of the reporting currency for one unit; null: from that day on no rate is known. */
  readonly rate: string | null;
  readonly asOf: CalendarDate;
  readonly source: string;
};

type RateRefusal = 'unknown_currency' | 'bad_rate' | 'own_rate' | 'rate_in_future';

/**
 * Says what a currency is worth in the tenant's reporting currency from a day on; the last word for a day holds. Refuses: `unknown_currency`,
 * `bad_rate`, `own_rate` (the reporting currency is worth itself), `rate_in_future`.
 */
export async function setRate(ctx: Ctx, input: NewRate): Promise<Result<{ currency: Currency }, RateRefusal>> {
  const tenant = await loadTenant(ctx);
  const currency = parseCurrency(input.currency);
  if (!currency.ok) return currency;
  if (currency.value === tenant.currency)
    return refuse('own_rate', `${tenant.currency} is the reporting currency; it needs no rate.`);
  const rate = input.rate === null ? ok(null) : parseRate(input.rate);
  if (!rate.ok) return rate;
  if (input.asOf > localDateOf(ctx.at, tenant.timeZone))
    return refuse('rate_in_future', `A rate cannot be of a day to come (${input.asOf}).`);
  const row = { ...input, currency: currency.value, rate: rate.value, reporting: tenant.currency };
  const id = newId<'rate'>();
  await insertRate(ctx, id, row);
  await recordAudit(ctx, { action: 'rate.set', subjectKind: 'rate', subjectId: id, detail: row });
  return ok({ currency: currency.value });
}

export type Rates = {
  readonly reportingCurrency: string;
  readonly rows: readonly Rate[];
  /** Currencies in which something is open and that have no rate. */
  readonly missing: readonly Currency[];
};

/** The rates that hold on the tenant's day, and which are missed, of some clients when named. */
export async function loadRates(ctx: Ctx, clientIds: readonly string[] | null = null): Promise<Rates> {
  const tenant = await loadTenant(ctx);
  const rows = await listRates(ctx, tenant.currency, localDateOf(ctx.at, tenant.timeZone));
  const known = new Set<string>([tenant.currency, ...rows.map((row) => row.currency)]);
  return {
    reportingCurrency: tenant.currency,
    rows,
    missing: (await listOpenCurrencies(ctx, clientIds)).filter((currency) => !known.has(currency)),
  };
}
