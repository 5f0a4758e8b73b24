import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { collectMigrations, MIGRATION_NAME } from '../../db/migrate.ts';
import { environmentSchema } from '../../src/kernel/config.ts';
import { root, type Source, sourcesIn, withoutComments } from './sources.ts';

const BANNED = /^(service|manager|helpers?|utils?|common|types|interfaces|index)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.tsx?$/;

const all = (): Source[] => sourcesIn(['src', 'ui', 'db', 'test', 'bench']);
const named = (sources: Source[]): string[] => sources.map(({ path }) => path);

test('files are named for what they hold, in kebab-case', () => {
  const banned = all().filter(({ path }) =>
    basename(path)
      .split(/[.-]/)
      .slice(0, -1)
      .some((word) => BANNED.test(word)),
  );
  expect(named(banned)).toEqual([]);
  expect(named(all().filter(({ path }) => !KEBAB.test(basename(path))))).toEqual([]);
});

test('exports are named and listed one by one', () => {
  const withDefault = all().filter(
    ({ path, text }) => /^export default\b/m.test(withoutComments(text)) && path !== 'test/support/global-setup.ts',
  );
  expect(named(withDefault)).toEqual([]);
  expect(named(all().filter(({ text }) => /^export \* from/m.test(withoutComments(text))))).toEqual([]);
});

test('nothing is left for later without an issue number', () => {
  const left = all().filter(
    ({ path, text }) => !path.startsWith('test/architecture/') && /\b(TODO|FIXME)\b(?! *\(?#\d+)/.test(text),
  );
  expect(named(left)).toEqual([]);
});

test('tests do not wait for time to pass and none is skipped or alone', () => {
  const tests = sourcesIn(['src', 'ui', 'test']).filter(({ path }) => /\.(test|spec)\.tsx?$/.test(path));
  const alone = tests.filter(
    ({ path, text }) => !path.startsWith('test/architecture/') && /\b(test|it|describe)\.(only|skip)\(/.test(text),
  );
  expect(named(alone)).toEqual([]);
});

test('only the configuration reads the environment', () => {
  const readers = sourcesIn(['src']).filter(
    ({ path, text }) =>
      /process\.env\b/.test(withoutComments(text)) && !/\.test\.ts$/.test(path) && !READS_ENVIRONMENT.test(path),
  );
  expect(named(readers)).toEqual([]);
});

/** Those that hand the environment to `parseConfig`, or to a program they start. */
const READS_ENVIRONMENT =
  /^src\/(cli\.ts|command-line\.ts|server\.ts|worker\.ts|commands\/|kernel\/(postgres-process|failpoint)\.ts)/;

test('.env.example documents every setting and no other', () => {
  const [example] = sourcesIn(['.env.example'], ['.example']);
  const documented = [...(example?.text.matchAll(/^# ([A-Z_]+)=/gm) ?? [])].map((match) => match[1]).toSorted();
  expect(documented).toEqual(Object.keys(environmentSchema.shape).toSorted());
});

test('migrations are named by time and deed, once, and say whether they break running code', () => {
  const migrations = collectMigrations(root);
  expect(migrations.length).toBeGreaterThan(0);
  for (const { name, text } of migrations) {
    expect(name).toMatch(MIGRATION_NAME);
    expect(text.split('\n').slice(0, 6).join('\n'), name).toMatch(/^-- Breaks running code: /m);
    expect(text, name).toMatch(/set local lock_timeout/);
  }
});
