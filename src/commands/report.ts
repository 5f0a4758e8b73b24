import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import { type CalendarDate, parseCalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { currency, formatMoney, money } from '../kernel/money.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import { type Ageing, ageing, type Dso, dso } from '../modules/insights/public.ts';

type Options = { readonly asOf?: string; readonly days?: string; readonly tenant?: string; readonly json?: boolean };

/** `dunwell report ageing|dso`: figures as of a day, with the inputs to work them out again. */
export function define(program: Command): void {
  const report = program.command('report').description('Figures as of a day, present or past');
  const common = (name: string, description: string) =>
    report
      .command(name)
      .description(description)
      .option('--as-of <date>', "YYYY-MM-DD (default: the tenant's today)")
      .option('--tenant <tenant>', 'name or id')
      .option('--json', 'print JSON');
  common('ageing', 'What is open by days past due').action((options: Options) =>
    show(options, (ctx, on) => ageing(ctx, { scope: {}, ...(on && { on }) }), ageingInWords),
  );
  common('dso', 'Days sales outstanding with its formula and inputs')
    .option('--days <n>', 'length of the period', '90')
    .action((options: Options) =>
      show(options, (ctx, on) => dso(ctx, { scope: {}, days: daysIn(options), ...(on && { on }) }), dsoInWords),
    );
}

function daysIn(options: Options): number {
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > 366)
    throw new Error(`"${options.days}" is not a period; use 1 to 366 days.`);
  return days;
}

async function show<T>(
  options: Options,
  read: (ctx: Ctx, on: CalendarDate | undefined) => Promise<T>,
  inWords: (report: T) => string,
): Promise<void> {
  const on = options.asOf === undefined ? undefined : parseCalendarDate(options.asOf);
  if (on && !on.ok) throw new Error(on.detail);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const report = await actIn(installation, tenant.id, systemActor('command line'), (ctx) => read(ctx, on?.value), {
      statementTimeoutMs: 0,
    });
    print(report, options.json, inWords);
  });
}

const amount = (minor: bigint, code: string): string => formatMoney(money(minor, currency(code)));

function ageingInWords({ on, rows }: { readonly on: CalendarDate; readonly rows: readonly Ageing[] }): string {
  const lines = rows.flatMap((row) => [
    table(
      [row.currency, 'amount', 'items', 'accounts'],
      [
        ...row.buckets.map((figure) => [
          figure.bucket.replaceAll('_', '-'),
          amount(figure.amountMinor, row.currency),
          figure.items,
          figure.accounts,
        ]),
        ['overdue', amount(row.overdueMinor, row.currency), '', row.overdueAccounts],
        ['total', amount(row.totalMinor, row.currency), row.openItems, ''],
        ['credit', amount(row.creditMinor, row.currency), '', ''],
      ],
    ),
    '',
  ]);
  return [`Ageing as of ${on}`, '', ...(lines.length > 0 ? lines : ['Nothing is open.'])].join('\n');
}

function dsoInWords({ on, rows }: { readonly on: CalendarDate; readonly rows: readonly Dso[] }): string {
  const lines = rows.flatMap((row) => [
    `${row.currency}: ${row.days === null ? 'no credit sales in the period' : `${row.days} days`}`,
    `  ${amount(row.receivablesMinor, row.currency)} ÷ ${amount(row.creditSalesMinor, row.currency)} × ${row.periodDays} (${row.from} to ${row.to})`,
    `  ${row.formula}`,
    `  ${row.population}`,
  ]);
  return [`DSO as of ${on}`, ...(lines.length > 0 ? lines : ['Nothing was sold and nothing is open.'])].join('\n');
}
