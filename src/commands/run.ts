import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import { type DayReport, runDay } from '../flows/run-day.ts';
import { parseCalendarDate } from '../kernel/calendar.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import { isNonAction, nonActionReasons } from '../modules/strategy/public.ts';

type Options = { readonly asOf?: string; readonly dryRun?: boolean; readonly json?: boolean; readonly tenant?: string };

/** `dunwell run`: a tenant's day; what is due to whom is decided and planned. */
export function define(program: Command): void {
  program
    .command('run')
    .description('Decide what is due to whom and plan it; repeating it changes nothing')
    .option('--as-of <date>', "the day to run for, YYYY-MM-DD (default: the tenant's today)")
    .option('--dry-run', 'show what the run would do and change nothing; may look ahead')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const asOf = options.asOf === undefined ? undefined : parseCalendarDate(options.asOf);
  if (asOf && !asOf.ok) throw new Error(asOf.detail);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const report = await actIn(
      installation,
      tenant.id,
      systemActor('command line'),
      (ctx) => runDay(ctx, { ...(asOf && { asOf: asOf.value }), dryRun: options.dryRun ?? false }),
      { statementTimeoutMs: 0 },
    );
    if (!report.ok) throw new Error(report.detail);
    print(report.value, options.json, inWords);
  });
}

function inWords(report: DayReport): string {
  const { promises } = report;
  const reasons = Object.entries(report.nonActions).map(([code, count]) => [
    count,
    code,
    isNonAction(code) ? nonActionReasons[code].sentence : '',
  ]);
  const lines = [
    `${report.dryRun ? 'Dry run for' : 'Run for'} ${report.asOf} by ${report.version}: ${report.accounts} accounts, ${report.openItems} open items.`,
    ...(report.caughtUpDays > 0 ? [`It makes up for ${report.caughtUpDays} days without a run.`] : []),
    '',
    table(
      ['planned', 'step'],
      Object.entries(report.steps).map(([step, count]) => [count, step]),
    ),
    '',
    table(['left alone', 'reason', ''], reasons as (string | number)[][]),
    '',
    `Skipped levels: ${report.skippedLevels}${passedOver(report.skippedSteps)}. Voided plans: ${report.voided}. New decisions: ${report.decisions}.`,
    `Tasks: ${report.tasksCreated} made, ${report.tasksVoided} voided. Promises: ${promises.kept} kept, ${promises.part_kept} kept in part, ${promises.broken} broken.`,
    ...report.experimentsStopped.map(({ name, reason }) => `Experiment “${name}” has ended. ${reason}`),
  ];
  return lines.join('\n');
}

/** Steps that nothing is sent for any more, because the items had already come to a later one. */
function passedOver(steps: Readonly<Record<string, number>>): string {
  const named = Object.entries(steps).map(([key, count]) => `${key} ${count}`);
  return named.length === 0 ? '' : ` (passed over for a later step: ${named.join(', ')})`;
}
