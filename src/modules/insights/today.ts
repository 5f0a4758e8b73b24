import { addDays, type CalendarDate, localDateOf, startOfDay } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { loadTenant } from '../identity/public.ts';
import { type Ageing, ageOf } from './ageing.ts';
import { openOf } from './ageing.sql.ts';
import { type Dso, dsoOf, receivablesOf, salesOf, salesReading, usualDays } from './dso.ts';
import { countExceptions, exceptionReading, type ExceptionKind } from './exceptions.sql.ts';
import { countOf, type Population, type Reading, sumTallies, type Tally } from './tallies.sql.ts';
import { type CurrencyAmount, findLastRun, stoppedPlans } from './today.sql.ts';
import { movesOf, type TrendPoint, trendOf } from './trend.ts';

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

/**
 * The figures of the tenant's day, exact as of `ctx.at`. Everything is of the reader's scope, and of one client when one is named;
 * currencies are never summed.
 */
export async function todayFigures(ctx: Ctx, population: Population): Promise<TodayFigures> {
  const { timeZone } = await loadTenant(ctx);
  const on = localDateOf(ctx.at, timeZone);
  const tallies = await loadDay(ctx, on, startOfDay(on, timeZone), population);
  const open = openOf(tallies);
  const received = receivedOf(tallies, on);
  const run = await findLastRun(ctx);
  return {
    on,
    ageing: ageOf(open, on),
    dso: dsoOf(salesOf(tallies), receivablesOf(open), { ...population, on }),
    receivedToday: byCurrency(received.filter((row) => row.on === on)),
    received30Days: byCurrency(received),
    contacts: numbers({
      planned: countOf(tallies, 'plan_planned'),
      voided: countOf(tallies, 'plan_void'),
      sentToday: countOf(tallies, 'message_sent'),
      uncertain: countOf(tallies, 'message_uncertain'),
      denied: countOf(tallies, 'permit_deny'),
      deferred: countOf(tallies, 'permit_defer'),
    }),
    tasks: numbers({
      open: countOf(tallies, 'task_open'),
      dueToday: countOf(
        tallies.filter(({ day }) => day !== null && day <= on),
        'task_open',
      ),
      escalations: countOf(tallies, 'task_escalation'),
      doneToday: countOf(tallies, 'task_done'),
    }),
    promises: promiseFigures(tallies, on),
    lastRun: run && { ...run, counts: flatCounts(run.counts) },
    exceptions: (await countExceptions(ctx, population, tallies)).map(({ kind, n }) => ({
      kind,
      count: Number(n),
      ...wordsOf(kind, Number(n)),
    })),
    trend: trendOf(open.open, movesOf(tallies), received, on, window),
  };
}

/** Everything of the day that is kept as tallies, `start` being its first instant. */
function loadDay(ctx: Ctx, on: CalendarDate, start: Date, population: Population): Promise<Tally[]> {
  const from = addDays(on, 1 - window);
  const readings: Reading[] = [
    { measures: ['item_open', 'item_credit', 'account_oldest', 'promise_open', 'task_open'], by: ['day'] },
    { measures: [...exceptionReading.measures, 'task_escalation', 'plan_planned'] },
    { measures: ['plan_void'], since: on, until: on },
    { measures: ['message_sent', 'permit_deny', 'permit_defer', 'task_done'], since: start },
    { measures: ['promise_kept', 'promise_part_kept', 'promise_broken'], since: from },
    { measures: ['receipt_received'], since: from, until: on, by: ['slot'] },
    { measures: ['item_moved'], since: from, by: ['day', 'slot'] },
    salesReading(on, usualDays),
  ];
  return sumTallies(ctx, population, readings, stoppedPlans(ctx, on, population));
}

const receivedOf = (tallies: readonly Tally[], today: CalendarDate) =>
  tallies
    .filter(({ measure }) => measure === 'receipt_received')
    .map(({ currency, minor, on }) => ({ currency, minor, on: on ?? today }));

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

function promiseFigures(tallies: readonly Tally[], on: CalendarDate): TodayFigures['promises'] {
  const open = tallies.filter(({ measure }) => measure === 'promise_open');
  return {
    open: Number(countOf(open, 'promise_open')),
    openMinor: byCurrency(open),
    dueToday: Number(
      countOf(
        open.filter(({ day }) => day === on),
        'promise_open',
      ),
    ),
    keptLast30: Number(countOf(tallies, 'promise_kept')),
    partKeptLast30: Number(countOf(tallies, 'promise_part_kept')),
    brokenLast30: Number(countOf(tallies, 'promise_broken')),
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
    case 'experiment_stopped':
      return {
        sentence: `${many(n, 'experiment has', 'experiments have')} stopped; see why, and decide which arm is to stay.`,
        href: '/experiments',
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
