import { afterEach, expect, test, vi } from 'vitest';
import { runCommandLine } from './cli.ts';

afterEach(() => vi.restoreAllMocks());

/** What a command line prints and ends with, without a process of its own. */
async function ran(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((printed.err += String(text)), true));
  const status = await runCommandLine(args);
  vi.restoreAllMocks();
  return { status, ...printed };
}

test('the list of commands says how statuses are to be read', async () => {
  for (const args of [[], ['--help'], ['help']]) {
    const { status, out } = await ran(...args);
    expect(status).toBe(0);
    for (const command of [
      'serve',
      'demo',
      'import',
      'run',
      'explain',
      'verify',
      'tallies',
      'report',
      'seed',
      'user',
      'key',
      'bench',
    ])
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('Exit status: 0 done, 1 done and something was found wrong, 2 not done.');
  }
  expect((await ran('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(['serve', 'demo', 'import', 'run', 'explain', 'verify', 'tallies', 'report', 'seed', 'user', 'key', 'bench'])(
  '%s explains itself',
  async (command) => {
    const { status, out } = await ran(command, '--help');
    expect(status).toBe(0);
    expect(out).toContain(`Usage: dunwell ${command}`);
  },
);

test.each([
  [['vrify'], /^There is no command "vrify"\. Run `dunwell --help` for the list\.\n$/],
  [['imports'], /^There is no command "imports"\. Did you mean `import`\?/],
  [['import'], /missing required argument 'file'[\s\S]*--help to see what it takes/],
  [['run', '--as-off', '2026-01-01'], /unknown option '--as-off'[\s\S]*Did you mean --as-of\?/],
  [['run', '--as-of', 'yesterday'], /^"yesterday" is not a date; write it as YYYY-MM-DD\.\n$/],
  [['seed', '--accounts', '-4'], /'--accounts <n>'.*'-4' is invalid\. Give a whole number from 1 on\./],
  [['serve', '--role', 'boss'], /^There is no role "boss"\. Use all, api or worker\.\n$/],
  [
    ['import', 'x.csv', '--target', 'money'],
    /^There is no target "money"\. Use one of: items, contacts, receipts\.\n$/,
  ],
  [['seed', '--on', '1/2/2026'], /'--on <date>'.*"1\/2\/2026" is not a date; write it as YYYY-MM-DD\./],
  [['import', '/no/such/file.csv'], /^There is no file \/no\/such\/file\.csv\. Check the name and the folder/],
  [['import', '/'], /^\/ is a folder\. Name a file in it: CSV, \.csv\.gz or XLSX\.\n$/],
  [['user', 'promote'], /unknown command 'promote'/],
])('%j is not done, and the sentence says why', async (args, sentence) => {
  const { status, err } = await ran(...args);
  expect(status).toBe(2);
  expect(err).toMatch(sentence);
});
