import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { todayOf } from './ageing.ts';
import { loadOpenNow, loadOpenOn, type OpenPicture, type Population } from './ageing.sql.ts';
import { type Reading, sumTallies, type Tally } from './tallies.sql.ts';

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
  const sales = salesOf(await sumTallies(ctx, asked, [salesReading(on, asked.days ?? usualDays)]));
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

/** Amounts issued in the days that end with `on`. */
export const salesReading = (on: CalendarDate, days: number): Reading => ({
  measures: ['item_issued'],
  since: addDays(on, 1 - days),
  until: on,
});

/** Amounts issued, credit notes taken off, by currency, among tallies read. Pure. */
export const salesOf = (tallies: readonly Tally[]): Map<string, bigint> =>
  new Map(tallies.filter(({ measure }) => measure === 'item_issued').map(({ currency, minor }) => [currency, minor]));
