import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { table } from '../command-line.ts';
import { checkVectors, type Checked } from '../modules/compliance/public.ts';

type Options = { readonly json?: boolean; readonly expect?: boolean };

/** `dunwell permit`: what the shipped rules say of worked examples. */
export function define(program: Command): void {
  const permit = program.command('permit').description('What the rules say of contacts; no database is needed');
  permit
    .command('check <file>')
    .description(
      'Judges a file of worked examples (schema compliance-vectors/1) by the shipped rule packs, house limits apart',
    )
    .option('--json', 'one line of JSON per example: id, decision, reasons, notBefore, value')
    .option(
      '--expect',
      'compare with what the examples expect; a table by tier and jurisdiction; exit 1 on any difference',
    )
    .addHelpText(
      'after',
      `
What an example leaves unsaid is filled in as the file's own defaults say; the rules themselves assume nothing. An example that names
a jurisdiction, channel, time zone or rule the packs do not know is refused by name; a type of event that no rule asks about is named
under "unread".

  dunwell permit check examples.json --json
  dunwell permit check examples.json --expect`,
    )
    .action(check);
}

async function check(file: string, options: Options): Promise<void> {
  const read = await checkVectors(parseFile(file));
  if (!read.ok) throw new Error(read.detail);
  const checked = read.value;
  // Without a wish for a comparison the answers themselves are what was asked for.
  if (options.json || !options.expect)
    for (const one of checked) process.stdout.write(`${JSON.stringify(lineOf(one))}\n`);
  const refused = checked.filter((one) => one.verdict.refusal !== undefined);
  if (options.expect) return compare(checked, options.json === true);
  for (const one of refused) process.stderr.write(`${one.vector.id}: ${one.verdict.refusal}\n`);
  if (refused.length > 0) process.exitCode = 1;
}

function parseFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function lineOf({ verdict }: Checked): Record<string, unknown> {
  const { id, decision, reasons, notBefore, value, refusal, unread } = verdict;
  return {
    id,
    decision,
    reasons: reasons.map((reason) => ({
      ruleId: reason.ruleId,
      effect: reason.effect,
      ...(reason.notBefore !== undefined && { notBefore: reason.notBefore }),
    })),
    ...(notBefore !== undefined && { notBefore }),
    ...(value !== undefined && { value }),
    ...(refusal !== undefined && { refusal }),
    ...(unread !== undefined && { unread }),
  };
}

function compare(checked: readonly Checked[], json: boolean): void {
  // With --json the lines alone go to standard output, so that another program can read them.
  const out = json ? process.stderr : process.stdout;
  const differing = checked.filter((one) => one.difference !== null);
  for (const one of differing) out.write(`${one.vector.id} (${one.vector.expected?.ruleId}): ${one.difference}\n`);
  const groups = Map.groupBy(
    checked,
    ({ vector }) => `${vector.tier ?? '-'} ${vector.facts.jurisdictions.at(-1) ?? '-'}`,
  );
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => {
      const [tier = '', jurisdiction = ''] = name.split(' ');
      const failed = group.filter((one) => one.difference !== null).length;
      return [tier, jurisdiction, String(group.length - failed), String(failed)];
    });
  out.write(`${table(['tier', 'jurisdiction', 'as expected', 'different'], rows)}\n`);
  out.write(`${checked.length - differing.length} of ${checked.length} as expected\n`);
  if (differing.length > 0) process.exitCode = 1;
}
