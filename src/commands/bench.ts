import type { Command } from 'commander';

type BenchCommand = {
  readonly accounts?: string;
  readonly pairs: string;
  readonly keep?: string;
  readonly neighbour: boolean;
  readonly json?: boolean;
};

/** `dunwell bench`: ratios against references, in a database of its own; the last line is one line of JSON. */
export function define(program: Command): void {
  program
    .command('bench <name>')
    .description(
      'Measure intake, run, permit, pages, segment, next or start (or all) in a throw-away database; see BENCHMARKS.md',
    )
    .option('--accounts <n>', 'size: accounts, rows of the file for intake, proposals for permit')
    .option('--pairs <n>', 'interleaved pairs; the median counts', '5')
    .option('--keep <folder>', 'keep the filled databases in this folder and use them again')
    .option('--no-neighbour', 'pages: leave out the second tenant')
    .option('--json', 'print nothing but the figures')
    .action(bench);
}

async function bench(name: string, options: BenchCommand): Promise<void> {
  // Only here: the benchmarks are no part of what serves.
  const { benches, runBench } = await import('../../bench/run-bench.ts');
  const chosen = name === 'all' ? benches : benches.filter((one) => one === name);
  if (chosen.length === 0)
    throw new Error(`There is no benchmark "${name}". Choose one of: ${benches.join(', ')}, all.`);
  const say = (line: string): void => {
    if (!options.json) process.stderr.write(`${line}\n`);
  };
  for (const one of chosen) {
    const figures = await runBench(one, {
      pairs: wholeNumber('pairs', options.pairs),
      neighbour: options.neighbour,
      say,
      ...(options.accounts !== undefined && { size: wholeNumber('accounts', options.accounts) }),
      ...(options.keep !== undefined && { keep: options.keep }),
    });
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number from 1 on; "${text}" is not.`);
  return value;
}
