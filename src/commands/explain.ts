import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import { type Explanation, explainAccount, findAccountsNamed } from '../modules/strategy/public.ts';

type Options = { readonly at?: string; readonly json?: boolean; readonly tenant?: string };

/** `dunwell explain`: why an account is or is not acted on. */
export function define(program: Command): void {
  program
    .command('explain <account>')
    .description('Why an account, named by id or number, is or is not acted on')
    .option('--at <instant>', 'what was decided at that instant, such as 2026-01-31T12:00:00Z (default: now)')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(explain);
}

async function explain(named: string, options: Options): Promise<void> {
  const at = options.at === undefined ? undefined : new Date(options.at);
  if (at && Number.isNaN(at.getTime()))
    throw new Error(`"${options.at}" is not an instant; write it as 2026-01-31T12:00:00Z.`);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const explained = await actIn(installation, tenant.id, systemActor('command line'), async (ctx) =>
      explainAccount(ctx, await accountNamed(ctx, named), at ?? ctx.at),
    );
    if (!explained.ok) throw new Error(explained.detail);
    print(explained.value, options.json, inWords);
  });
}

async function accountNamed(ctx: Ctx, named: string): Promise<string> {
  const found = await findAccountsNamed(ctx, named);
  if (found.length === 1 && found[0]) return found[0].accountId;
  if (found.length === 0) throw new Error(`There is no account with the id or number "${named}".`);
  const choices = found.map((one) => `  ${one.accountId}  ${one.client}`).join('\n');
  throw new Error(`Several accounts have the number "${named}"; name one by its id:\n${choices}`);
}

function inWords(card: Explanation): string {
  const reasons = card.reasons.flatMap((reason) => [
    `  ${reason.sentence}`,
    ...(reason.cure ? [`    What would change it: ${reason.cure}`] : []),
  ]);
  return [
    `${card.outcome.toUpperCase()}: ${card.sentence}`,
    ...reasons.slice(1),
    '',
    table(
      ['fact', 'value'],
      card.facts.map((fact) => [fact.name, fact.value]),
    ),
    '',
    `Decided by ${card.version} at ${card.decidedAt.toISOString()}.${card.nextOn ? ` Next step on ${card.nextOn}.` : ''}`,
  ].join('\n');
}
