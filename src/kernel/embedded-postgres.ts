import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerAddress } from './db.ts';
import { isUnavailable } from './db-faults.ts';
import { type Logger, silentLogger } from './log.ts';
import { withMachineLock } from './machine-lock.ts';
import {
  anyoneMayEnter,
  embeddedPrograms,
  type PostgresUser,
  postgresUser,
  SHARED_STATE,
} from './postgres-binaries.ts';
import { endOrphans } from './postgres-orphans.ts';
import {
  answers,
  type Cluster,
  initialise,
  isAlive,
  isInitialised,
  makeOwned,
  runningPostmaster,
  SUPERUSER,
  startPostmaster,
  startTimeOf,
  stopPostmaster,
  superuserClient,
} from './postgres-process.ts';
import type { AdminLogin } from './postgres-roles.ts';
import { loadOrCreate, prepareDataDir } from './secret.ts';

/** A running embedded server. `stop` returns when it is down, or at once when another Dunwell process still uses it. */
export type Embedded = {
  readonly address: ServerAddress;
  readonly admin: AdminLogin;
  stop(): Promise<void>;
};

const DATABASE = 'dunwell';
const LOG_KEPT_BYTES = 10 * 1024 * 1024;
const WATCH_MS = 500;
const FOUND_ANSWERS_WITHIN_MS = 60_000;

/**
 * Runs PostgreSQL for one data directory, and restarts it should it be killed.
 *
 * Where things lie: the cluster in `<dataDir>/postgres`, its socket in `<dataDir>/socket`. As root PostgreSQL runs as `nobody`,
 * or as whoever already owns the cluster; when `nobody` cannot enter the data directory (a home of mode 0700) the cluster
 * lies in `/var/lib/dunwell/<random name>` and `<dataDir>/postgres.location` says so. A socket path too long for
 * the system moves to a private folder in the temp directory. Nothing listens on the network.
 *
 * Several processes may share a data directory: whoever comes first starts the server, the last one to stop ends it, and a
 * server left behind by a killed process is taken over. Throws a sentence when the files belong to another user.
 */
export async function startEmbedded(options: { dataDir: string; log?: Logger }): Promise<Embedded> {
  const { dataDir, log = silentLogger } = options;
  prepareDataDir(dataDir);
  const cluster = clusterOf(dataDir);
  const lockName = cluster.directory;
  const registration = new Registration(dataDir);

  // From the very beginning: whoever is told to stop while the server starts must not leave it behind.
  const lastResort = (): void => {
    registration.leave();
    const running = runningPostmaster(cluster.directory);
    if (running !== null && !registration.others()) signalStop(running);
  };
  process.once('exit', lastResort);

  let pid = await withMachineLock(lockName, async () => {
    const running = await runningWithDatabase(cluster);
    registration.enter();
    return running;
  }).catch((error: unknown) => {
    process.off('exit', lastResort);
    lastResort();
    throw error;
  });

  let stopping = false;
  let restarting = false;
  const watch = setInterval(() => {
    if (stopping || restarting || isAlive(pid)) return;
    restarting = true;
    log.warn({}, 'the embedded database ended unexpectedly; starting it again');
    withMachineLock(lockName, async () => {
      if (!stopping) pid = await ensureRunning(cluster);
    })
      .catch((error: Error) => log.error({ reason: error.message }, 'restart failed'))
      .finally(() => {
        restarting = false;
      });
  }, WATCH_MS);
  watch.unref();

  return {
    address: { host: cluster.socketDirectory, port: 5432, database: DATABASE },
    admin: { user: SUPERUSER, password: cluster.superuserPassword },
    async stop() {
      if (stopping) return;
      stopping = true;
      clearInterval(watch);
      await withMachineLock(lockName, async () => {
        registration.leave();
        const running = runningPostmaster(cluster.directory);
        if (running !== null && !registration.others()) await stopPostmaster(running);
      });
      process.off('exit', lastResort);
    },
  };
}

/** Who is using the server: one file per process, named by id and start time so that a reused id is not mistaken. */
class Registration {
  readonly #folder: string;
  readonly #name = `${process.pid}-${startTimeOf(process.pid)}`;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'postgres-users');
  }

  enter(): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, this.#name), '');
  }

  leave(): void {
    rmSync(join(this.#folder, this.#name), { force: true });
  }

  /** True when another live process is registered; forgets the dead. */
  others(): boolean {
    let found = false;
    if (!existsSync(this.#folder)) return false;
    for (const name of readdirSync(this.#folder)) {
      if (name === this.#name) continue;
      const [pid, startTime] = name.split('-');
      if (isAlive(Number(pid)) && startTimeOf(Number(pid)) === startTime) found = true;
      else rmSync(join(this.#folder, name), { force: true });
    }
    return found;
  }
}

function clusterOf(dataDir: string): Cluster {
  const home = homeOf(dataDir);
  const directory = join(home, 'postgres');
  const user = userFor(directory);
  return {
    programs: embeddedPrograms(user, dataDir),
    directory,
    socketDirectory: socketDirectoryOf(home, user),
    logFile: join(home, 'postgres.log'),
    user,
    superuserPassword: loadOrCreate(dataDir, 'postgres.password'),
    settings: {
      shared_buffers: `${Math.min(512, Math.max(32, Math.floor(totalmem() / 4 / 1024 ** 2)))}MB`,
      max_connections: '60',
      work_mem: '32MB',
      maintenance_work_mem: '256MB',
      max_wal_size: '4GB',
      synchronous_commit: 'on',
      jit: 'off',
      // Every tenant's rows lie in shared tables, and what a fresh tenant brings is a small part of them: with the defaults its
      // statistics would come minutes late or never, and the planner would take its rows for none.
      autovacuum_naptime: '10s',
      autovacuum_analyze_scale_factor: '0.02',
      autovacuum_analyze_threshold: '200',
      timezone: 'UTC',
      log_timezone: 'UTC',
    },
  };
}

function homeOf(dataDir: string): string {
  const pointer = join(dataDir, 'postgres.location');
  if (existsSync(pointer)) return claimedHome(readFileSync(pointer, 'utf8').trim(), dataDir);
  if (postgresUser() === undefined || existsSync(join(dataDir, 'postgres'))) return dataDir;
  if (anyoneMayEnter(dataDir)) return dataDir;
  // Never derived from the path: a checkout that was deleted and cloned again must not meet the old one's cluster.
  const home = join(SHARED_STATE, randomBytes(8).toString('hex'));
  mkdirSync(home, { recursive: true });
  chmodSync(SHARED_STATE, 0o755);
  chmodSync(home, 0o711);
  writeFileSync(join(home, 'belongs-to'), `${dataDir}\n`, { mode: 0o600 });
  writeFileSync(pointer, `${home}\n`);
  return home;
}

/** A data directory may move and keep its cluster; a copy of it must not run on the original's. */
function claimedHome(home: string, dataDir: string): string {
  const claim = join(home, 'belongs-to');
  const holder = existsSync(claim) ? readFileSync(claim, 'utf8').trim() : dataDir;
  if (holder === dataDir) return home;
  if (existsSync(join(holder, 'postgres.location'))) {
    throw new Error(
      `${dataDir} is a copy of ${holder}, and its database (${home}) still belongs to that one. Delete the copy's postgres.location, postgres.password and secret to begin empty, or set DUNWELL_DATA to ${holder}.`,
    );
  }
  writeFileSync(claim, `${dataDir}\n`, { mode: 0o600 });
  return home;
}

function userFor(directory: string): PostgresUser {
  const fresh = postgresUser();
  if (!existsSync(directory)) return fresh;
  const { uid, gid } = statSync(directory);
  if (fresh !== undefined) return { uid, gid };
  if (uid !== process.getuid?.()) {
    throw new Error(
      `The database in ${directory} belongs to another user (id ${uid}), probably because Dunwell was first started as root. Start it as that user or as root, or set DUNWELL_DATA to a folder of your own.`,
    );
  }
  return undefined;
}

/** sun_path holds 108 bytes with its closing zero, and PostgreSQL adds "/.s.PGSQL.5432". */
const LONGEST_SOCKET_DIRECTORY = 107 - '/.s.PGSQL.5432'.length;

function socketDirectoryOf(home: string, user: PostgresUser): string {
  const preferred = join(home, 'socket');
  if (Buffer.byteLength(preferred) <= LONGEST_SOCKET_DIRECTORY) {
    makeOwned(preferred, user);
    return preferred;
  }
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const uid = user?.uid ?? process.getuid?.() ?? 0;
  const fallback = join(tmpdir(), `dunwell-${uid}-${hash}`);
  if (!existsSync(fallback)) makeOwned(fallback, user);
  const found = lstatSync(fallback);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(
      `The folder ${fallback} is not a private folder of the database's user. Remove it, or set DUNWELL_DATA to a shorter path.`,
    );
  }
  return fallback;
}

async function ensureRunning(cluster: Cluster): Promise<number> {
  // Asked again after one that ended while we looked: what it leaves in its pid file is dealt with there.
  for (let found = runningPostmaster(cluster.directory); found !== null; found = runningPostmaster(cluster.directory)) {
    if (await comesToAnswer(cluster, found)) return found;
  }
  await endOrphans(cluster.directory);
  // Nobody else uses this folder. A killed server's lock names a process that may be a zombie still, or somebody else by now.
  rmSync(join(cluster.socketDirectory, '.s.PGSQL.5432.lock'), { force: true });
  if (!isInitialised(cluster.directory)) {
    initialise(cluster, ['--locale-provider=builtin', '--locale=C.UTF-8']);
  }
  if (existsSync(cluster.logFile) && statSync(cluster.logFile).size > LOG_KEPT_BYTES) {
    truncateSync(cluster.logFile);
  }
  return startPostmaster(cluster);
}

/** A server that has just lost a backend answers once more before it throws everybody out and recovers. */
async function runningWithDatabase(cluster: Cluster): Promise<number> {
  const deadline = performance.now() + FOUND_ANSWERS_WITHIN_MS;
  for (;;) {
    const running = await ensureRunning(cluster);
    try {
      await ensureDatabase(cluster);
      return running;
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      await pause(100);
    }
  }
}

/** A server found running may be recovering, or be about to end: true when it answers, false when it ended. */
async function comesToAnswer(cluster: Cluster, pid: number): Promise<boolean> {
  const deadline = performance.now() + FOUND_ANSWERS_WITHIN_MS;
  while (isAlive(pid)) {
    if (await answers(cluster)) return true;
    if (performance.now() > deadline) {
      throw new Error(
        `The database server that runs on ${cluster.directory} (process ${pid}) does not answer. Its log is ${cluster.logFile}. End that process and start again.`,
      );
    }
    await pause(50);
  }
  return false;
}

async function ensureDatabase(cluster: Cluster): Promise<void> {
  await superuserDo(cluster, 'postgres', async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}

async function superuserDo(
  cluster: Cluster,
  database: string,
  fn: (client: ReturnType<typeof superuserClient>) => Promise<void>,
): Promise<void> {
  const client = superuserClient(cluster, database);
  await client.connect();
  try {
    await fn(client);
  } finally {
    await client.end();
  }
}

function signalStop(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It is gone already, which is what was wanted.
  }
}
