import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type pg from 'pg';
import type { ServerAddress } from '../src/kernel/db.ts';
import { clientAs } from '../src/kernel/postgres-roles.ts';

/** One file of SQL; `name` orders it among all rooms' migrations. */
export type Migration = { readonly name: string; readonly path: string; readonly text: string };

const ROOT = join(import.meta.dirname, '..');
const BASELINE = 'baseline';
const LOCK_KEY = 4_400_001;
export const MIGRATION_NAME = /^\d{12}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;

/** Every room's migrations in their one global order; throws when a name is malformed or two files share a name. */
export function collectMigrations(root: string = ROOT): Migration[] {
  const rooms = join(root, 'src', 'modules');
  const found = readdirSync(rooms, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((room) => sqlFiles(join(rooms, room.name, 'migrations')));
  const sorted = found
    .map((path) => ({ name: basename(path), path, text: readFileSync(path, 'utf8') }))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const [position, { name, path }] of sorted.entries()) {
    if (!MIGRATION_NAME.test(name)) {
      throw new Error(`The migration ${path} must be named <yyyymmddhhmm>-<verb>-<what>.sql.`);
    }
    if (sorted[position - 1]?.name === name) throw new Error(`Two migrations are named ${name}.`);
  }
  return sorted;
}

function sqlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Brings the database up to date as dunwell_owner and returns the names applied now.
 *
 * Each file is one transaction, recorded with its SHA-256 in `public.dunwell_migrations`. Refuses, by name, a file that
 * changed after it was applied and a database that knows migrations this version does not. Two processes that start
 * together take turns. `before`: only the migrations that come before this name, to try one on a database that has rows.
 */
export async function migrate(address: ServerAddress, secret: string, before?: string): Promise<string[]> {
  const client = clientAs(address, 'dunwell_owner', secret);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(`create table if not exists public.dunwell_migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const migrations = collectMigrations();
    const wanted = before === undefined ? migrations : migrations.filter(({ name }) => name < before);
    return await applyPending(client, wanted);
  } finally {
    await client.end();
  }
}

async function applyPending(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from public.dunwell_migrations',
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  refuseUnknown(applied, migrations);

  const baseline = readFileSync(join(ROOT, 'db', 'baseline.sql'), 'utf8');
  if (applied.get(BASELINE) !== sha256(baseline)) await apply(client, BASELINE, baseline);

  const done: string[] = [];
  for (const { name, text } of migrations) {
    const before = applied.get(name);
    if (before === undefined) {
      await apply(client, name, text);
      done.push(name);
    } else if (before !== sha256(text)) {
      throw new Error(
        `The migration ${name} was changed after it had been applied to this database. Restore the file and put the change into a new migration.`,
      );
    }
  }
  return done;
}

function refuseUnknown(applied: ReadonlyMap<string, string>, migrations: Migration[]): void {
  const known = new Set([BASELINE, ...migrations.map((migration) => migration.name)]);
  const unknown = [...applied.keys()].filter((name) => !known.has(name)).toSorted();
  if (unknown.length > 0) {
    throw new Error(
      `This database was made by a newer version of Dunwell: it has the migration ${unknown.join(', ')}. Start that version, or restore a backup.`,
    );
  }
}

async function apply(client: pg.Client, name: string, text: string): Promise<void> {
  try {
    await client.query('begin');
    await client.query("set local lock_timeout = '5s'");
    await client.query(text);
    await client.query(
      `insert into public.dunwell_migrations (name, sha256) values ($1, $2)
       on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at`,
      [name, sha256(text)],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new Error(`The migration ${name} failed: ${positionOf(error, text)}`, { cause: error });
  }
}

function positionOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number((error as { position?: string }).position ?? 0);
  if (position === 0) return message;
  return `${message} (line ${text.slice(0, position - 1).split('\n').length})`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
