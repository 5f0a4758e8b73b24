import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresUser } from './postgres-binaries.ts';
import { isPostgresOn } from './postgres-orphans.ts';

/** One cluster on this machine: its programs, its folders and who runs it. Only a unix socket listens. */
export type Cluster = {
  readonly programs: string;
  readonly directory: string;
  readonly socketDirectory: string;
  readonly logFile: string;
  readonly user: PostgresUser;
  readonly superuserPassword: string;
  readonly settings: Readonly<Record<string, string>>;
};

export const SUPERUSER = 'postgres';
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 20_000;

/** True when the folder already holds a cluster. */
export function isInitialised(directory: string): boolean {
  return existsSync(join(directory, 'PG_VERSION'));
}

/** Makes the cluster's files with checksums and UTF-8. Interrupted half-way it leaves nothing that looks like a cluster. */
export function initialise(cluster: Cluster, localeFlags: readonly string[]): void {
  const parent = dirname(cluster.directory);
  const draft = join(parent, `.${basename(cluster.directory)}.${process.pid}`);
  const passwordFile = join(parent, `.initial-password.${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  makeOwned(draft, cluster.user);
  writeFileSync(passwordFile, cluster.superuserPassword, { mode: 0o600 });
  if (cluster.user) chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
  try {
    const result = spawnSync(
      join(cluster.programs, 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth-local=scram-sha-256',
        '--auth-host=scram-sha-256',
        '--encoding=UTF8',
        '--data-checksums',
        ...(cluster.settings['fsync'] === 'off' ? ['--no-sync'] : []),
        ...localeFlags,
      ],
      { ...cluster.user, cwd: '/', encoding: 'utf8', env: plainEnvironment() },
    );
    if (result.error) throw result.error;
    if (result.status !== 0) {
      throw new Error(`PostgreSQL could not create its files: ${plainly(result.stderr, parent)}`);
    }
    renameSync(draft, cluster.directory);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Makes a folder that only `user` may enter. */
export function makeOwned(folder: string, user: PostgresUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}

/**
 * Starts the postmaster in its own session, so that a Ctrl-C meant for us does not reach it, and waits until it answers.
 * Returns its process id. Throws with the end of its log when it gives up.
 */
export async function startPostmaster(cluster: Cluster): Promise<number> {
  const log = openSync(cluster.logFile, 'a', 0o600);
  const settings = {
    ...cluster.settings,
    listen_addresses: '',
    unix_socket_directories: cluster.socketDirectory,
    unix_socket_permissions: '0700',
  };
  const child = spawn(
    join(cluster.programs, 'postgres'),
    ['-D', cluster.directory, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    {
      ...cluster.user,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: plainEnvironment(),
    },
  );
  closeSync(log);
  const gone: string[] = [];
  child.once('error', (error) => gone.push(error.message));
  child.once('exit', (code, name) => gone.push(`exit ${code ?? name}`));
  child.unref();
  // Until its pid file is there nobody else could find it to end it.
  const withUs = (): void => void child.kill('SIGINT');
  process.once('exit', withUs);
  try {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      if (gone.length > 0) throw new Error(`PostgreSQL did not start (${gone.join(', ')}). ${tailOf(cluster.logFile)}`);
      if (await answers(cluster)) return child.pid ?? 0;
      if (Date.now() > deadline) {
        child.kill('SIGINT');
        throw new Error(`PostgreSQL did not answer within a minute. ${tailOf(cluster.logFile)}`);
      }
      await pause(15);
    }
  } finally {
    process.off('exit', withUs);
  }
}

/** Asks for a fast shutdown and waits; after 20 s it is made to stop at once (the next start recovers). */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  const deadline = Date.now() + STOPPED_WITHIN_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      signal(pid, 'SIGQUIT');
      return;
    }
    await pause(10);
  }
}

/**
 * The process id of a postmaster that is running on this very cluster, or null.
 *
 * After a crash the pid file stays behind, and its number may by now belong to some other program, or to a zombie in a container
 * where nobody collects the dead: then the file is removed, because PostgreSQL itself would refuse to start. A number that belongs to
 * nobody is left to PostgreSQL. Surviving children are `endOrphans`'s.
 */
export function runningPostmaster(directory: string): number | null {
  const file = join(directory, 'postmaster.pid');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return null;
  if (isAlive(pid) && isPostgresOn(pid, directory)) return pid;
  rmSync(file, { force: true });
  return null;
}

/** True while a process with this id exists; a zombie that nobody has collected yet does not count. */
export function isAlive(pid: number): boolean {
  if (!exists(pid)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process began, in kernel ticks: with its id it names a process for good. Empty where the system cannot tell. */
export function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** True when the server accepts the superuser. */
export async function answers(cluster: Cluster): Promise<boolean> {
  const client = superuserClient(cluster, 'postgres');
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new Error(
        'PostgreSQL refuses the superuser password kept in the data directory. Restore the file "postgres.password" that belongs to this data.',
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A connection as superuser; the caller connects and ends it. */
export function superuserClient(cluster: Cluster, database: string): pg.Client {
  const client = new pg.Client({
    host: cluster.socketDirectory,
    port: 5432,
    user: SUPERUSER,
    password: cluster.superuserPassword,
    database,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  return client;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** PG* variables of the caller's shell would redirect the programs. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/** What PostgreSQL says, or what it means where that is one thing only. */
function plainly(said: string, folder: string): string {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return `the disk that holds ${folder} is full. Free some space (300 MB to begin with), or set DUNWELL_DATA to a folder on another disk, and start again.`;
  }
  return said.trim();
}

function tailOf(logFile: string): string {
  try {
    const lines = readFileSync(logFile, 'utf8').trim().split('\n');
    const end = lines.slice(-6).join(' | ');
    return `Its log (${logFile}) ends with: ${plainly(end, dirname(logFile))}`;
  } catch {
    return '';
  }
}
