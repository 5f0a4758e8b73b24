import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { ConfigError } from './kernel/config.ts';

/** What every file in `src/commands/` exports; the file's name is the command's. */
export type CommandModule = { define(program: Command): void };

const FOLDER = join(import.meta.dirname, 'commands');

/** Runs one command line. Resolves to the exit status: 0 done, 1 done and something was found wrong, 2 not done. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  const [first = '--help'] = args;
  if (!first.startsWith('-') && first !== 'help' && !names.includes(first)) {
    process.stderr.write(`${unknownCommand(first, names)}\n`);
    return 2;
  }
  const program = new Command('dunwell')
    .description('Debt collection, end to end. Run `dunwell <command> --help` for one command.')
    .version(versionOfPackage(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .exitOverride()
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .addHelpText('after', footer);
  // Only the command that is asked for is loaded: the others' imports would cost most of a short command's time.
  const wanted = names.includes(first) ? [first] : names;
  for (const name of wanted) {
    const module = (await import(`./commands/${name}.ts`)) as CommandModule;
    module.define(program);
  }
  endOnSignals();
  endWhenNobodyReads();
  try {
    await program.parseAsync(args.length > 0 ? [...args] : [first], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report(error);
    return 2;
  }
}

const footer = `
Commands work on the database of the running server, or start the embedded one for as long as they need it. Settings are
environment variables (PORT, DUNWELL_DATA, DATABASE_URL and others; see docs/operators.md).

Exit status: 0 done, 1 done and something was found wrong, 2 not done.`;

function versionOfPackage(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function unknownCommand(given: string, names: readonly string[]): string {
  const near = names.filter((name) => name.startsWith(given.slice(0, 2)));
  const hint = near.length > 0 ? ` Did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?` : '';
  return `There is no command "${given}".${hint} Run \`dunwell --help\` for the list.`;
}

let listening = false;

/** Ends by way of the exit hooks, which a signal's own death would skip; a command that ends in a better way listens by itself. */
function endOnSignals(): void {
  if (listening) return;
  listening = true;
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  for (const [signal, number] of Object.entries(signals)) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}

/** Whoever read our output has seen enough, as `head` does: nothing went wrong. */
function endWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

function report(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text}\n`);
  const hidden = error instanceof ConfigError || process.env['DUNWELL_LOG_LEVEL'] !== 'debug';
  if (!hidden && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

if (import.meta.main) {
  // Started by a launcher on an older Node: should that be killed, end as if told to, instead of serving on unseen.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
