// `npm test`: all set-up from a bare clone, then every kind of test. `--check` runs the quick static half, `--shared` the tests
// over ../shared, and `--only=types,db` names steps. Ends with "N passed, N failed".
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildUi, fail, install, requireNode, root, runTool } from './setup.mjs';

const PG15 = '/usr/lib/postgresql/15/bin';
const results = join(root, 'test-results');
const bin = (name) => join('node_modules', name);

const steps = [
  { name: 'types', group: 'check', run: types },
  { name: 'lint', group: 'check', run: () => tool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']) },
  {
    name: 'format',
    group: 'check',
    run: () => tool('@biomejs/biome/bin/biome', ['format', '--reporter=summary', '.']),
  },
  { name: 'architecture', group: 'check', run: () => vitest('architecture', ['architecture']) },
  { name: 'unit', group: 'full', run: () => vitest('unit', ['unit']) },
  { name: 'db', group: 'full', run: () => vitest('db', ['db']) },
  {
    name: 'db-15',
    group: 'full',
    when: () => existsSync(PG15),
    run: () => vitest('db-15', ['db'], { DUNWELL_TEST_PG_BIN: PG15 }),
  },
  { name: 'http', group: 'full', run: () => vitest('http', ['http']) },
  { name: 'browser', group: 'full', run: () => browser('browser') },
  { name: 'shared', group: 'shared', run: () => vitest('shared', ['shared']) },
  { name: 'shared-browser', group: 'shared', run: () => browser('shared') },
];

requireNode();
await install();
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0 };
const broken = [];
for (const step of chosen(process.argv.slice(2))) {
  if (step.when && !step.when()) {
    process.stdout.write(`\n— ${step.name}: nothing to run here\n`);
    continue;
  }
  process.stdout.write(`\n— ${step.name}\n`);
  const { passed, failed } = await step.run();
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) broken.push(step.name);
}
if (broken.length > 0) process.stdout.write(`\nFailed: ${broken.join(', ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function chosen(args) {
  const only = args.find((arg) => arg.startsWith('--only='));
  if (only) {
    const names = only.slice('--only='.length).split(',');
    const unknown = names.filter((name) => !steps.some((step) => step.name === name));
    if (unknown.length > 0)
      fail(`There is no step "${unknown.join(', ')}". Steps: ${steps.map((step) => step.name).join(', ')}.`);
    return steps.filter((step) => names.includes(step.name));
  }
  if (args.includes('--shared')) return steps.filter((step) => step.group === 'shared');
  if (args.includes('--check')) return steps.filter((step) => step.group === 'check');
  return steps.filter((step) => step.group !== 'shared');
}

function types() {
  const server = tool('typescript/bin/tsc', ['-p', 'tsconfig.json']);
  if (!existsSync(join(root, 'ui'))) return server;
  const browserSide = tool('typescript/bin/tsc', ['-p', 'tsconfig.ui.json']);
  return { passed: server.passed + browserSide.passed, failed: server.failed + browserSide.failed };
}

function tool(path, args) {
  const status = runTool(bin(path), args);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
}

function vitest(name, projects, env = {}) {
  const report = join(results, `${name}.json`);
  rmSync(report, { force: true });
  const status = runTool(
    bin('vitest/vitest.mjs'),
    [
      'run',
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...projects.map((project) => `--project=${project}`),
    ],
    env,
  );
  return counted(status, report, (json) => ({ passed: json.numPassedTests, failed: json.numFailedTests }));
}

async function browser(project) {
  await buildUi();
  const report = join(results, `browser-${project}.json`);
  rmSync(report, { force: true });
  const status = runTool(bin('@playwright/test/cli.js'), ['test', `--project=${project}`, '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return counted(status, report, (json) => ({
    passed: json.stats.expected + json.stats.flaky,
    failed: json.stats.unexpected,
  }));
}

/** A runner that fails without a failed test (a broken import, a crash) counts as one failure. */
function counted(status, report, read) {
  const counts = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 };
  return { passed: counts.passed, failed: status !== 0 && counts.failed === 0 ? 1 : counts.failed };
}
