import { sql } from 'kysely';
import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { todayOf } from './ageing.ts';
import { loadOpenNow, loadOpenOn, type OpenPicture, type Population } from './ageing.sql.ts';
import { withinScope } from './row-scope.ts';

/** Days sales outstanding of one currency with everything a reader needs to work it out again. */
export type Dso = {
  readonly currency: string;
  /** One decimal; null when the period had no credit sales. */
  readonly days: number | null;
  readonly periodDays: number;
  readonly receivablesMinor: bigint;
  readonly creditSalesMinor: bigint;
  readonly formula: string;
  readonly population: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
};

const formula = 'receivables at the end of the period ÷ credit sales of the period × days in the period';

export const usualDays = 90;
type Period = Population & { readonly on: CalendarDate; readonly days?: number | undefined };

/**
 * DSO per currency: receivables on the day (open items less open credit notes; unapplied cash is not taken off) ÷ amounts issued in
 * the `days` days that end with it (credit notes taken off) × `days`.
 */
export async function dso(
  ctx: Ctx,
  asked: Population & { readonly on?: CalendarDate | undefined; readonly days?: number | undefined },
): Promise<{ on: CalendarDate; rows: Dso[] }> {
  const today = await todayOf(ctx);
  const on = asked.on ?? today;
  const open = on === today ? await loadOpenNow(ctx, asked) : await loadOpenOn(ctx, on, asked);
  const sales = await loadSales(ctx, on, asked.days ?? usualDays, asked);
  return { on, rows: dsoOf(sales, receivablesOf(open), { ...asked, on }) };
}

/** Open items less open credit notes, by currency. */
export function receivablesOf(open: OpenPicture): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of open.open) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.openMinor - row.creditMinor);
  return sums;
}

/** The figures with their inputs. Pure. */
export function dsoOf(
  sales: ReadonlyMap<string, bigint>,
  receivables: ReadonlyMap<string, bigint>,
  asked: Period,
): Dso[] {
  const { on, days: periodDays = usualDays } = asked;
  const from = addDays(on, 1 - periodDays);
  const clients = asked.clientId || asked.scope.clientIds ? 'of the chosen clients' : 'of all clients';
  return [...new Set([...receivables.keys(), ...sales.keys()])].sort().map((currency) => {
    const receivablesMinor = receivables.get(currency) ?? 0n;
    const creditSalesMinor = sales.get(currency) ?? 0n;
    return {
      currency,
      days: dsoDays(receivablesMinor, creditSalesMinor, periodDays),
      periodDays,
      receivablesMinor,
      creditSalesMinor,
      formula,
      population: `Items in ${currency} ${clients}; credit sales are amounts issued from ${from} to ${on}, credit notes taken off.`,
      from,
      to: on,
    };
  });
}

/** Receivables ÷ sales × days, rounded half up to one decimal; null without sales. */
export function dsoDays(receivablesMinor: bigint, salesMinor: bigint, periodDays: number): number | null {
  if (salesMinor <= 0n) return null;
  const tenths = (receivablesMinor * BigInt(periodDays) * 20n + salesMinor) / (salesMinor * 2n);
  return Number(tenths) / 10;
}

/** Amounts issued in the days that end with `on`, credit notes taken off, by currency. */
export async function loadSales(
  ctx: Ctx,
  on: CalendarDate,
  days: number,
  { scope, clientId }: Population,
): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ currency: string; minor: bigint }>`
    select i.currency, sum(i.amount_minor)::bigint as minor from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.issued_on between ${addDays(on, 1 - days)}::date and ${on}::date and ${withinScope('i.client_id', scope, clientId)}
    group by i.currency`.execute(ctx.db);
  return new Map(rows.map((row) => [row.currency, row.minor]));
}
