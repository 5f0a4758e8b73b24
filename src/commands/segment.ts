import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import { formatMoney, money, currency } from '../kernel/money.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import { tryRule, type TriedRule } from '../modules/strategy/public.ts';

type Options = { readonly json?: boolean; readonly tenant?: string };

/** `dunwell segment`: rules over the facts of accounts. */
export function define(program: Command): void {
  const segment = program.command('segment').description('Rules over the facts of accounts');
  segment
    .command('count <rule>')
    .description('Say a rule (a file of JSON, or - for standard input) in words and count the accounts it matches now')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A rule is {"combinator": "and", "rules": [{"field": "days_past_due", "operator": ">", "value": 30}, …]}; groups nest. The fields are those of
GET /api/v1/facts.`,
    )
    .action(count);
}

async function count(file: string, options: Options): Promise<void> {
  const rule = parseFile(file);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const tried = await actIn(installation, tenant.id, systemActor('command line'), (ctx) => tryRule(ctx, rule, null), {
      statementTimeoutMs: 0,
    });
    if (!tried.ok) throw new Error(sentencesOf(tried));
    print(tried.value, options.json, inWords);
  });
}

function sentencesOf({ detail, fields }: { detail: string; fields?: Readonly<Record<string, string>> }): string {
  const faults = Object.entries(fields ?? {}).map(([path, sentence]) => `${path || 'rule'}: ${sentence}`);
  return faults.length > 0 ? faults.join('\n') : detail;
}

function inWords({ words, count: matching, sample }: TriedRule): string {
  const rows = sample.map((row) => [
    row.number,
    row.party,
    formatMoney(money(row.balanceMinor, currency(row.currency))),
    row.oldestDueOn ?? '',
  ]);
  const head = `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${matching}.`;
  return rows.length === 0 ? head : `${head}\n\n${table(['account', 'name', 'open', 'oldest due'], rows)}`;
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not a rule in JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
