import { accessSync, constants, createReadStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import { importPortfolio, uploadsOf } from '../flows/import-portfolio.ts';
import type { Installation } from '../installation.ts';
import { type CalendarDate, parseCalendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, isId } from '../kernel/ids.ts';
import { type Result, unwrap } from '../kernel/result.ts';
import { type Client, listClients } from '../modules/accounts/public.ts';
import { actIn, systemActor } from '../modules/identity/public.ts';
import {
  cancelImport,
  confirmImport,
  createImport,
  findMapping,
  goneSentence,
  type Import,
  inspectImport,
  loadImport,
  type Mapping,
  parseMapping,
  startImport,
  type Target,
  type Within,
  targets,
} from '../modules/intake/public.ts';

type Options = {
  readonly client?: string;
  readonly target: string;
  readonly mapping?: string;
  readonly sheet?: string;
  readonly until?: string;
  readonly fullSnapshot?: boolean;
  readonly confirmGone?: boolean;
  readonly saveMapping?: string;
  readonly tenant?: string;
  readonly json?: boolean;
};

const actor = systemActor('command line');

/** `dunwell import`: takes a file in and waits until it is done. */
export function define(program: Command): void {
  program
    .command('import <file>')
    .description(
      'Take in a file of items, contacts or receipts (CSV, .csv.gz or XLSX); taking it in again changes nothing',
    )
    .option('--client <client>', 'name or id of the creditor; may be left out when there is only one')
    .option('--target <target>', targets.join(', '), 'items')
    .option(
      '--mapping <mapping>',
      'name of a saved mapping, or a JSON file; without it the columns are recognised by themselves',
    )
    .option('--sheet <name>', 'sheet of a workbook (default: the first)')
    .option('--until <date>', 'take only what was known on that day, YYYY-MM-DD')
    .option('--full-snapshot', 'the file holds everything that is open; what is not in it is settled')
    .option('--confirm-gone', 'with --full-snapshot: go on even if much of the portfolio is not in the file')
    .option('--save-mapping <name>', 'keep the mapping under this name')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(takeIn);
}

async function takeIn(path: string, options: Options): Promise<void> {
  const target = targets.find((candidate) => candidate === options.target);
  if (!target) throw new Error(`There is no target "${options.target}". Use one of: ${targets.join(', ')}.`);
  const until = options.until === undefined ? null : said(parseCalendarDate(options.until));
  requireReadable(path);
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const within: Within = (fn) => actIn(installation, tenant.id, actor, fn);
    const client = chooseClient(await within(listClients), options.client);
    const importId = await upload(installation, path, { within, client, target, until, options });
    await importPortfolio(installation, tenant.id, actor, importId);
    let ended = unwrap(await within((ctx) => loadImport(ctx, importId)));
    if (ended.state === 'needs_confirmation' && options.confirmGone) {
      said(await within((ctx) => confirmImport(ctx, importId)));
      await importPortfolio(installation, tenant.id, actor, importId);
      ended = unwrap(await within((ctx) => loadImport(ctx, importId)));
    }
    print(
      {
        id: ended.id,
        state: ended.state,
        openRejects: ended.openRejects,
        failure: ended.failure,
        counts: ended.counts,
      },
      options.json,
      () => inWords(ended),
    );
    if (ended.state !== 'done') process.exitCode = 1;
  });
}

type Upload = {
  readonly within: Within;
  readonly client: Client;
  readonly target: Target;
  readonly until: CalendarDate | null;
  readonly options: Options;
};

async function upload(installation: Installation, path: string, job: Upload): Promise<Id<'import'>> {
  const { within, options, target } = job;
  const files = uploadsOf(installation);
  const file = said(await files.receive(createReadStream(path, { highWaterMark: 1024 * 1024 }), basename(path)));
  let importId: Id<'import'> | null = null;
  try {
    ({ importId } = said(await within((ctx) => createImport(ctx, { clientId: job.client.id, target, file }))));
    const hints = { ...(options.sheet !== undefined && { sheet: options.sheet }) };
    const named = options.mapping;
    const mapping =
      named === undefined
        ? await suggested(within, installation, importId, hints)
        : await within((ctx) => givenMapping(ctx, named));
    said(
      await startImport(within, files, importId, {
        ...hints,
        mapping,
        until: job.until,
        fullSnapshot: options.fullSnapshot ?? false,
        saveMappingAs: options.saveMapping ?? null,
        claim: true,
      }),
    );
    return importId;
  } catch (error) {
    // What a person did not get to start is not left lying about for the page to offer.
    const created = importId;
    if (created !== null) await within((ctx) => cancelImport(ctx, created));
    await files.remove(file.storedAs);
    throw error;
  }
}

/** The mapping the file suggests; a doubt is put to the person, who answers with a mapping. */
async function suggested(
  within: Within,
  installation: Installation,
  importId: Id<'import'>,
  hints: { sheet?: string },
): Promise<Mapping> {
  const { suggestion, warnings } = said(await inspectImport(within, uploadsOf(installation), importId, hints));
  for (const note of [...warnings, ...suggestion.notes]) process.stderr.write(`Note: ${note}\n`);
  if (suggestion.questions.length === 0) return suggestion.mapping;
  const questions = suggestion.questions.map(
    (question) => `  ${question.sentence} (${question.choices.map((choice) => choice.format).join(', ')})`,
  );
  throw new Error(
    `The file leaves something open:\n${questions.join('\n')}\nWrite the answer into this mapping, save it as JSON and give it with --mapping:\n${JSON.stringify(suggestion.mapping, null, 2)}`,
  );
}

async function givenMapping(ctx: Ctx, named: string): Promise<Mapping> {
  const saved = await findMapping(ctx, named);
  if (saved) return saved.mapping;
  if (!named.endsWith('.json'))
    throw new Error(`There is no saved mapping "${named}". Give the name of one, or a file ending in .json.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(named, 'utf8'));
  } catch (error) {
    throw new Error(`The mapping ${named} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return said(parseMapping(parsed));
}

/** Before anything else: a mistyped name should not have to wait for a database. */
function requireReadable(path: string): void {
  try {
    if (statSync(path).isDirectory()) throw new Error(`${path} is a folder. Name a file in it: CSV, .csv.gz or XLSX.`);
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new Error(whyUnreadable(path, error as NodeJS.ErrnoException), { cause: error });
  }
}

function whyUnreadable(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file ${path}. Check the name and the folder, and run the command again.`;
    case 'EACCES':
      return `You may not read the file ${path}. Let this user read it, and run the command again.`;
    default:
      return error.message;
  }
}

function chooseClient(clients: readonly Client[], named: string | undefined): Client {
  const choices = clients.map((client) => `  ${client.name}  (${client.id})`).join('\n');
  if (named === undefined) {
    const [only] = clients;
    if (only && clients.length === 1) return only;
    throw new Error(
      clients.length === 0
        ? 'The tenant has no client yet: add the creditor under Settings first.'
        : `There are several clients; name one with --client:\n${choices}`,
    );
  }
  const wanted = clients.find((client) =>
    isId(named.toLowerCase()) ? client.id === named.toLowerCase() : client.name.toLowerCase() === named.toLowerCase(),
  );
  if (!wanted) throw new Error(`There is no client "${named}". These exist:\n${choices}`);
  return wanted;
}

/** A refusal is what the command ends with, in its own words. */
function said<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

function inWords(ended: Import): string {
  const { counts } = ended;
  const heading = `"${ended.fileName}": ${ended.state.replace('_', ' ')}.`;
  if (ended.state === 'failed') return `${heading} ${ended.failure ?? ''}`;
  if (ended.state === 'needs_confirmation') {
    return `${heading} ${goneSentence(ended, counts.live ?? 0, counts.gone ?? 0)}\nTo confirm, run the command again with --confirm-gone.`;
  }
  const rows = Object.entries(counts).filter(([, count]) => count !== 0);
  const rejects =
    ended.openRejects > 0 ? `\n${ended.openRejects} rows could not be taken in; look at them on the Import page.` : '';
  return `${heading}\n${table(
    ['count', 'what'],
    rows.map(([what, count]) => [count, what.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)]),
  )}${rejects}`;
}
