import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import { type SimulationOrder, simulate } from '../flows/simulate.ts';
import type { SideReport, SimulationReport } from '../flows/simulation-report.ts';
import { parseCalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { currency, formatMoney, money } from '../kernel/money.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import { parseAssumptions, readNamedSelection, type SimulatedSide } from '../modules/strategy/public.ts';

type Options = {
  readonly strategy?: string;
  readonly selection?: string;
  readonly from: string;
  readonly days: string;
  readonly compare?: string;
  readonly behaviour?: string;
  readonly seed: string;
  readonly json?: boolean;
  readonly tenant?: string;
};

/** `dunwell simulate`: what a strategy would do to the portfolio, before it does. */
export function define(program: Command): void {
  program
    .command('simulate')
    .description('Live the portfolio through days to come by a strategy that is being tried; changes nothing')
    .option('--strategy <name[@version]>', 'a strategy in its newest version, or in the one named')
    .option('--selection <file>', 'a whole selection table in JSON, - for standard input')
    .requiredOption('--from <date>', 'the first day, YYYY-MM-DD; a past day replays what came since')
    .requiredOption('--days <days>', 'how many days, 1 to 365')
    .option('--compare <name[@version]>', 'a second strategy, side by side with the first')
    .option('--behaviour <file>', 'what is taken for granted, in JSON, - for standard input')
    .option('--seed <text>', 'what the draws of payments hang on; the same seed draws the same', 'dunwell')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .addHelpText('after', explanation)
    .action(run);
}

const explanation = `
Without --strategy and --selection today's treatment is simulated; it always stands beside what is tried. A version of a strategy takes the
place of the one in effect; where nobody follows the strategy, everybody is taken to.

A selection table is {"entries": [{"segment": "name", "strategy": "name"}, …], "otherwise": "name"}; a strategy of null keeps accounts out.

What is taken for granted is, all of it optional:
  {"behaviour": "none" | "fitted" | {"rows": [{"fromDay": 1, "perDay": [0.01, 0.015]}, …]},
   "tasks": "worked" | "left", "costs": {"email": 0.01, "call_task": 4, "escalation": 10}, "callsPerDay": 200}
perDay is the chance that an open item is paid on a day: with no contact about it so far, one, two…; costs are in the reporting currency.

Contacts and what rules refuse are exact for what is taken for granted; cash is a bounded estimate.

Exit status: 0 done; 1 done, and more calls wait on some day than the stated calls a day; 2 not done.`;

async function run(options: Options): Promise<void> {
  if (options.strategy !== undefined && options.selection !== undefined)
    throw new Error('Name a strategy or a selection table, not both.');
  const from = unwrapped(parseCalendarDate(options.from));
  const assumptions = unwrapped(parseAssumptions(options.behaviour === undefined ? {} : parseFile(options.behaviour)));
  const selection = options.selection === undefined ? null : parseFile(options.selection);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const report = await actIn(
      installation,
      tenant.id,
      systemActor('command line'),
      async (ctx) => {
        const order: SimulationOrder = {
          from,
          days: Number(options.days),
          simulated: await sideOf(ctx, options.strategy, selection),
          compared: options.compare === undefined ? null : versionNamed(options.compare),
          assumptions,
          seed: options.seed,
        };
        return simulate(ctx, installation, order, ({ accounts, of }) => {
          process.stderr.write(`\r${accounts} of ${of} accounts`);
        });
      },
      { statementTimeoutMs: 0 },
    );
    process.stderr.write('\n');
    const value = unwrapped(report);
    print(value, options.json, inWords);
    if (value.sides.some((side) => side.days.some((day) => (day.backlog ?? 0) > 0))) process.exitCode = 1;
  });
}

function unwrapped<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string },
): T {
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

async function sideOf(ctx: Ctx, strategy: string | undefined, selection: unknown): Promise<SimulatedSide> {
  if (strategy !== undefined) return versionNamed(strategy);
  if (selection === null) return { kind: 'today' };
  return { kind: 'selection', selection: unwrapped(await readNamedSelection(ctx, selection)) };
}

function versionNamed(text: string): SimulatedSide {
  const [, name = text, version] = /^(.*?)(?:@v?(\d+))?$/.exec(text) ?? [];
  return { kind: 'version', name, version: version === undefined ? null : Number(version) };
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function inWords(report: SimulationReport): string {
  const { sides } = report;
  const totals = sides.map(({ label, totals: all, different }) => [
    label,
    all.noticesPlanned,
    all.emails,
    all.callTasks,
    all.calls,
    all.escalations,
    all.refused,
    all.putOff,
    all.cost.toFixed(2),
    different === null ? '' : different.more + different.less + different.other,
  ]);
  return [
    `${report.from} to ${report.through}: ${report.accounts} accounts that owe. Costs in ${report.currency}. Seed “${report.seed}”.`,
    '',
    table(
      [
        '',
        'notices',
        'sent',
        'call tasks',
        'calls',
        'escalations',
        'refused',
        'put off',
        'cost',
        'treated differently',
      ],
      totals,
    ),
    ...sides.flatMap((side) => [...rulesOf(side), ...cashOf(side), ...loadOf(side)]),
    '',
    ...report.statements,
  ].join('\n');
}

function rulesOf({ label, rules }: SideReport): string[] {
  if (rules.length === 0) return [];
  const rows = rules.map((rule) => [rule.refused, rule.putOff, rule.laterThatDay, rule.ruleId, rule.citation]);
  return [
    '',
    `${label}: what the rules would do`,
    table(['refused', 'put off', 'later that day', 'rule', 'written in'], rows),
  ];
}

function cashOf({ label, cash }: SideReport): string[] {
  return cash.map(({ currency: code, lowMinor, highMinor }) => {
    const [low, high] = [lowMinor, highMinor].map((minor) => formatMoney(money(minor, currency(code))));
    return `${label}: between ${low} and ${high} would come.`;
  });
}

function loadOf({ label, days }: SideReport): string[] {
  const most = days.reduce((worst, day) => ((day.backlog ?? 0) > (worst?.backlog ?? 0) ? day : worst), days[0]);
  return most && (most.backlog ?? 0) > 0
    ? [`${label}: on ${most.on} ${most.backlog} calls wait that nobody comes to.`]
    : [];
}
