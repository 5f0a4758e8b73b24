import { addDays, type CalendarDate, localDateOf, startOfDay } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { loadTenant } from '../identity/public.ts';
import { type Ageing, ageOf } from './ageing.ts';
import { loadOpenNow, type OpenPicture, type Population } from './ageing.sql.ts';
import { type Dso, dsoOf, loadSales, receivablesOf, usualDays } from './dso.ts';
import { countExceptions, type ExceptionKind } from './exceptions.sql.ts';
import { deskWork, moneyWork, remember } from './remember.ts';
import {
  contactCounts,
  type CurrencyAmount,
  findLastRun,
  type PromiseCount,
  promiseCounts,
  receivedByDay,
  taskCounts,
  waitingCounts,
} from './today.sql.ts';
import { type TrendPoint, trendOf } from './trend.ts';
import { movesSince } from './trend.sql.ts';

export type TodayFigures = {
  readonly on: CalendarDate;
  readonly ageing: readonly Ageing[];
  readonly dso: readonly Dso[];
  readonly receivedToday: readonly CurrencyAmount[];
  readonly received30Days: readonly CurrencyAmount[];
  readonly contacts: Readonly<Record<'planned' | 'sentToday' | 'uncertain' | 'denied' | 'deferred' | 'voided', number>>;
  readonly tasks: Readonly<Record<'open' | 'dueToday' | 'escalations' | 'doneToday', number>>;
  readonly promises: {
    readonly open: number;
    readonly openMinor: readonly CurrencyAmount[];
    readonly dueToday: number;
    readonly keptLast30: number;
    readonly partKeptLast30: number;
    readonly brokenLast30: number;
  };
  readonly lastRun: {
    readonly asOf: CalendarDate;
    readonly finishedAt: Date | null;
    readonly state: string;
    readonly counts: Readonly<Record<string, number>>;
  } | null;
  readonly exceptions: readonly {
    readonly kind: ExceptionKind;
    readonly count: number;
    readonly sentence: string;
    readonly href: string;
  }[];
  /** The last 30 days, oldest first. */
  readonly trend: readonly TrendPoint[];
};

const window = 30;

/** From so many open items on the sums of Today may stand for a while although something happened. */
const dearItems = 10_000n;

/**
 * The figures of the tenant's day. Everything is of the reader's scope, and of one client when one is named; currencies are never summed.
 * In a tenant of more than 10,000 open items, sums over the portfolio may be a minute old and the days of the trend before today five.
 */
export async function todayFigures(ctx: Ctx, population: Population): Promise<TodayFigures> {
  const { timeZone } = await loadTenant(ctx);
  const on = localDateOf(ctx.at, timeZone);
  const start = startOfDay(on, timeZone);
  const { now, sales, past } = await loadBooks(ctx, on, population);
  const run = await findLastRun(ctx);
  const waiting = () => waitingCounts(ctx, on, population);
  const contacts = {
    // Plans are sent without an entry each, so only time may outdate this one.
    ...(isDear(now.open)
      ? await remember(ctx, ['waiting', on, population], lasting(now.open, 60), waiting)
      : await waiting()),
    ...(await contactCounts(ctx, start, population)),
  };
  return {
    on,
    ageing: ageOf(now.open, on),
    dso: dsoOf(sales, receivablesOf(now.open), { ...population, on }),
    receivedToday: byCurrency(now.received.filter((row) => row.on === on)),
    received30Days: byCurrency(now.received),
    contacts: numbers(contacts),
    tasks: numbers(await taskCounts(ctx, on, start, population)),
    promises: promiseFigures(now.promises),
    lastRun: run && { ...run, counts: flatCounts(run.counts) },
    exceptions: (await countExceptions(ctx, population)).map(({ kind, n }) => ({
      kind,
      count: Number(n),
      ...wordsOf(kind, Number(n)),
    })),
    trend: trendUpTo(on, now, past),
  };
}

type Now = {
  readonly open: OpenPicture;
  readonly received: Awaited<ReturnType<typeof receivedByDay>>;
  readonly promises: PromiseCount[];
};
type Past = { readonly open: OpenPicture; readonly moves: Awaited<ReturnType<typeof movesSince>> };

async function loadBooks(ctx: Ctx, on: CalendarDate, population: Population) {
  const from = addDays(on, 1 - window);
  const nowLasts = { beside: deskWork, goodForMs: (value: Now) => goodFor(value.open, 60) };
  const now = await remember<Now>(ctx, ['now', on, population], nowLasts, async () => ({
    open: await loadOpenNow(ctx, population),
    received: await receivedByDay(ctx, from, on, population),
    promises: await promiseCounts(ctx, on, from, population),
  }));
  const salesLast = { beside: [...deskWork, ...moneyWork], goodForMs: () => goodFor(now.open, 60) };
  const sales = await remember(ctx, ['sales', on, population], salesLast, () =>
    loadSales(ctx, on, usualDays, population),
  );
  // Beside the moves what was open at the same moment, so that no later payment shifts the days before it.
  const past = await remember<Past>(ctx, ['past', on, population], lasting(now.open, 300), async () => ({
    open: now.open,
    moves: await movesSince(ctx, from, population),
  }));
  return { now, sales, past };
}

const lasting = (open: OpenPicture, seconds: number) => ({
  beside: deskWork,
  goodForMs: () => goodFor(open, seconds),
});

const goodFor = (open: OpenPicture, seconds: number): number => (isDear(open) ? seconds * 1000 : 0);

const isDear = ({ open }: OpenPicture): boolean => open.reduce((sum, row) => sum + row.items, 0n) > dearItems;

/** The days before today as they were when the moves were read; today ends where the headline stands. */
function trendUpTo(on: CalendarDate, now: Now, past: Past): TrendPoint[] {
  const points = [
    ...trendOf(past.open.open, past.moves, now.received, on, window).filter((point) => point.on !== on),
    ...trendOf(now.open.open, past.moves, now.received, on, window).filter((point) => point.on === on),
  ];
  const place = ({ currency, on: day }: TrendPoint) => `${currency} ${day}`;
  return points.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function byCurrency(rows: readonly { readonly currency: string; readonly minor: bigint }[]): CurrencyAmount[] {
  const sums = new Map<string, bigint>();
  for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.minor);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amountMinor]) => ({ currency, amountMinor }));
}

function numbers<Name extends string>(counts: Readonly<Record<Name, bigint>>): Record<Name, number> {
  return Object.fromEntries(Object.entries<bigint>(counts).map(([name, value]) => [name, Number(value)])) as Record<
    Name,
    number
  >;
}

function promiseFigures(rows: readonly PromiseCount[]): TodayFigures['promises'] {
  const count = (state: string) =>
    rows.filter((row) => row.state === state).reduce((sum, row) => sum + Number(row.n), 0);
  const open = rows.filter((row) => row.state === 'open');
  return {
    open: count('open'),
    openMinor: byCurrency(open),
    dueToday: open.reduce((sum, row) => sum + Number(row.dueToday), 0),
    keptLast30: count('kept'),
    partKeptLast30: count('part_kept'),
    brokenLast30: count('broken'),
  };
}

const many = (n: number, one: string, more: string): string =>
  n === 1 ? `1 ${one}` : `${n.toLocaleString('en')} ${more}`;

/** What is wrong and where to mend it; `href` is a path of the web app. */
function wordsOf(kind: ExceptionKind, n: number): { sentence: string; href: string } {
  switch (kind) {
    case 'unmatched_cash':
      return {
        sentence: `${many(n, 'receipt has', 'receipts have')} no account yet; find out whose money it is.`,
        href: '/payments?unapplied=yes',
      };
    case 'uncertain_message':
      return {
        sentence: `${many(n, 'message has', 'messages have')} an uncertain fate; say what became of ${n === 1 ? 'it' : 'them'}.`,
        href: '/outbox?state=uncertain',
      };
    case 'incident':
      return {
        sentence: `${many(n, 'breach incident is', 'breach incidents are')} not closed.`,
        href: '/audit?tab=incidents',
      };
    case 'stale_feed':
      return {
        sentence: `The data of ${many(n, 'client is', 'clients are')} older than allowed; nobody is contacted on it. Import the newest file.`,
        href: '/import',
      };
    case 'wide_stop':
      return {
        sentence: `${many(n, 'stop halts', 'stops halt')} all contact of a client or the tenant.`,
        href: '/settings',
      };
    case 'import_rejects':
      return {
        sentence: `${many(n, 'imported row was', 'imported rows were')} not taken in; mend or discard ${n === 1 ? 'it' : 'them'}.`,
        href: '/import',
      };
    case 'no_contact_point':
      return {
        sentence: `${many(n, 'open account has', 'open accounts have')} neither e-mail nor phone.`,
        href: '/accounts?contactable=no',
      };
    case 'unapplied_credit':
      return {
        sentence: `${many(n, 'receipt is', 'receipts are')} not fully applied.`,
        href: '/payments?unapplied=yes',
      };
  }
}

/** Numbers of a nested record, by dotted name. */
function flatCounts(counts: unknown, prefix = ''): Record<string, number> {
  if (typeof counts !== 'object' || counts === null) return {};
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'number') return [[`${prefix}${name}`, value]];
      return Object.entries(flatCounts(value, `${prefix}${name}.`));
    }),
  );
}
