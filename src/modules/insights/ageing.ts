import { type CalendarDate, localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { loadTenant } from '../identity/public.ts';
import { loadOpenNow, loadOpenOn, type OpenPicture, type Population } from './ageing.sql.ts';
import { type Bucket, bucketOf, buckets } from './buckets.ts';

export type BucketFigure = {
  readonly bucket: Bucket;
  readonly amountMinor: bigint;
  readonly items: number;
  readonly accounts: number;
};

/**
 * What is open, by age, in one currency. Amounts are by the item's days past due; `accounts` counts each account once, in the bucket
 * of its oldest open item, which is also what the account list filters by. Credit is shown beside, never netted.
 */
export type Ageing = {
  readonly currency: string;
  readonly buckets: readonly BucketFigure[];
  readonly totalMinor: bigint;
  readonly overdueMinor: bigint;
  readonly overdueAccounts: number;
  readonly openItems: number;
  /** Open credit notes and money received but not yet applied. */
  readonly creditMinor: bigint;
};

/** The tenant's calendar day at `ctx.at`: what counts as today in every figure and list. */
export async function todayOf(ctx: Ctx): Promise<CalendarDate> {
  return localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
}

/** Ageing per currency as of a day: the tenant's today, or an earlier (or later) one from the ledger as known at `ctx.at`. */
export async function ageing(
  ctx: Ctx,
  population: Population & { readonly on?: CalendarDate | undefined },
): Promise<{ on: CalendarDate; rows: Ageing[] }> {
  const today = await todayOf(ctx);
  const on = population.on ?? today;
  const picture = on === today ? await loadOpenNow(ctx, population) : await loadOpenOn(ctx, on, population);
  return { on, rows: ageOf(picture, on) };
}

/** Folds due days into buckets. Pure. */
export function ageOf(picture: OpenPicture, on: CalendarDate): Ageing[] {
  const currencies = [...new Set([...picture.open, ...picture.unapplied].map((row) => row.currency))].sort();
  return currencies.map((currency) => {
    const open = picture.open.filter((row) => row.currency === currency);
    const accounts = picture.accounts.filter((row) => row.currency === currency);
    const figures = buckets.map((bucket) => {
      const mine = open.filter((row) => bucketOf(row.dueOn, on) === bucket);
      return {
        bucket,
        amountMinor: total(mine.map((row) => row.openMinor)),
        items: Number(total(mine.map((row) => row.items))),
        accounts: Number(
          total(accounts.filter((row) => bucketOf(row.dueOn, on) === bucket).map((row) => row.accounts)),
        ),
      };
    });
    const overdue = figures.filter((figure) => figure.bucket !== 'not_due');
    const unapplied = picture.unapplied.find((row) => row.currency === currency)?.minor ?? 0n;
    return {
      currency,
      buckets: figures,
      totalMinor: total(figures.map((figure) => figure.amountMinor)),
      overdueMinor: total(overdue.map((figure) => figure.amountMinor)),
      overdueAccounts: overdue.reduce((sum, figure) => sum + figure.accounts, 0),
      openItems: figures.reduce((sum, figure) => sum + figure.items, 0),
      creditMinor: total(open.map((row) => row.creditMinor)) + unapplied,
    };
  });
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
