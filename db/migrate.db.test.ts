import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { prepareRoles } from '../src/kernel/postgres-roles.ts';
import { asAdmin, createDatabase, dropDatabase, TEST_SECRET } from '../test/support/server.ts';
import { collectMigrations, migrate } from './migrate.ts';

const server = inject('testServer');
const made: string[] = [];

afterEach(async () => {
  for (const name of made.splice(0)) await dropDatabase(server, name);
});

async function emptyDatabase(): Promise<{ name: string; run: () => Promise<string[]> }> {
  const name = `dunwell_migrate_${randomBytes(5).toString('hex')}`;
  await createDatabase(server, name);
  made.push(name);
  const address = { ...server.address, database: name };
  await prepareRoles(address, server.admin, TEST_SECRET);
  return { name, run: () => migrate(address, TEST_SECRET) };
}

test('two processes that start together apply every migration once, and a second run applies none', async () => {
  const { run } = await emptyDatabase();
  const names = collectMigrations().map((migration) => migration.name);
  const [first, second] = await Promise.all([run(), run()]);
  expect([...first, ...second].toSorted()).toEqual(names);
  expect(await run()).toEqual([]);
});

test('a migration that was changed after it ran is refused by name', async () => {
  const { name, run } = await emptyDatabase();
  const [first] = await run();
  await asAdmin(
    server,
    (client) => client.query("update public.dunwell_migrations set sha256 = 'x' where name = $1", [first]),
    name,
  );
  await expect(run()).rejects.toThrow(`The migration ${first} was changed after it had been applied`);
});

test('a database of a newer version is refused', async () => {
  const { name, run } = await emptyDatabase();
  await run();
  const insert = "insert into public.dunwell_migrations (name, sha256) values ('299901010000-add-future.sql', '')";
  await asAdmin(server, (client) => client.query(insert), name);
  await expect(run()).rejects.toThrow(
    'made by a newer version of Dunwell: it has the migration 299901010000-add-future.sql',
  );
});

test('the order is global over rooms, and names are checked', () => {
  const root = mkdtempSync(join(tmpdir(), 'dunwell-migrations-'));
  const put = (room: string, file: string): void => {
    const folder = join(root, 'src', 'modules', room, 'migrations');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), 'select 1');
  };
  try {
    put('zebra', '202601010000-create-a.sql');
    put('alpha', '202601020000-create-b.sql');
    put('zebra', '202601030000-alter-a.sql');
    expect(collectMigrations(root).map(({ name }) => name)).toEqual([
      '202601010000-create-a.sql',
      '202601020000-create-b.sql',
      '202601030000-alter-a.sql',
    ]);
    put('alpha', 'later.sql');
    expect(() => collectMigrations(root)).toThrow('must be named <yyyymmddhhmm>');
    rmSync(join(root, 'src', 'modules', 'alpha', 'migrations', 'later.sql'));
    put('alpha', '202601030000-alter-a.sql');
    expect(() => collectMigrations(root)).toThrow('Two migrations are named 202601030000-alter-a.sql');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
