import { sql } from 'kysely';
import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { todayOf } from './ageing.ts';
import { balancesOn, type Population } from './ageing.sql.ts';
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
  const periodDays = asked.days ?? 90;
  const from = addDays(on, 1 - periodDays);
  const receivables = on === today ? await receivablesNow(ctx, asked) : await receivablesOn(ctx, on, asked);
  const sales = await salesBetween(ctx, from, on, asked);
  const currencies = [...new Set([...receivables.keys(), ...sales.keys()])].sort();
  return {
    on,
    rows: currencies.map((currency) => {
      const receivablesMinor = receivables.get(currency) ?? 0n;
      const creditSalesMinor = sales.get(currency) ?? 0n;
      return {
        currency,
        days: dsoDays(receivablesMinor, creditSalesMinor, periodDays),
        periodDays,
        receivablesMinor,
        creditSalesMinor,
        formula,
        population: `Items in ${currency}${asked.clientId || asked.scope.clientIds ? ' of the chosen clients' : ' of all clients'}; credit sales are amounts issued from ${from} to ${on}, credit notes taken off.`,
        from,
        to: on,
      };
    }),
  };
}

/** Receivables ÷ sales × days, rounded half up to one decimal; null without sales. */
export function dsoDays(receivablesMinor: bigint, salesMinor: bigint, periodDays: number): number | null {
  if (salesMinor <= 0n) return null;
  const tenths = (receivablesMinor * BigInt(periodDays) * 20n + salesMinor) / (salesMinor * 2n);
  return Number(tenths) / 10;
}

type Sums = Promise<Map<string, bigint>>;
type SumRow = { currency: string; minor: bigint };
const asMap = (rows: readonly SumRow[]) => new Map(rows.map((row) => [row.currency, row.minor]));

async function receivablesNow(ctx: Ctx, { scope, clientId }: Population): Sums {
  const { rows } = await sql<SumRow>`
    select i.currency, sum(i.open_minor)::bigint as minor from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.open_minor <> 0 and ${withinScope('i.client_id', scope, clientId)} group by i.currency`.execute(ctx.db);
  return asMap(rows);
}

async function receivablesOn(ctx: Ctx, on: CalendarDate, population: Population): Sums {
  const { rows } = await sql<SumRow>`
    select b.currency, sum(b.balance_minor)::bigint as minor from (${balancesOn(ctx, on, population)}) b group by b.currency`.execute(ctx.db);
  return asMap(rows);
}

async function salesBetween(ctx: Ctx, from: CalendarDate, to: CalendarDate, { scope, clientId }: Population): Sums {
  const { rows } = await sql<SumRow>`
    select i.currency, sum(i.amount_minor)::bigint as minor from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.issued_on between ${from}::date and ${to}::date and ${withinScope('i.client_id', scope, clientId)}
    group by i.currency`.execute(ctx.db);
  return asMap(rows);
}
