import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedPrograms, postgresUser } from '../../src/kernel/postgres-binaries.ts';
import {
  type Cluster,
  initialise,
  isAlive,
  makeOwned,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
} from '../../src/kernel/postgres-process.ts';

const PREFIX = 'dunwell-test-';

/**
 * Starts a throw-away PostgreSQL in the temp directory: the embedded one, or the programs that DUNWELL_TEST_PG_BIN names
 * (Debian's 15). Nothing is synced to disk.
 */
export async function startTestCluster(): Promise<{ cluster: Cluster; stop(): Promise<void> }> {
  await sweepAbandoned();
  const home = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(home, 0o711);
  const user = postgresUser();
  const otherPrograms = process.env['DUNWELL_TEST_PG_BIN'];
  const socketDirectory = join(home, 's');
  const files = join(home, 'pg');
  mkdirSync(files);
  makeOwned(files, user);
  makeOwned(socketDirectory, user);
  const cluster: Cluster = {
    programs: otherPrograms ?? embeddedPrograms(user, join(tmpdir(), 'dunwell-test-runtime')),
    directory: join(files, 'data'),
    socketDirectory,
    logFile: join(home, 'postgres.log'),
    user,
    superuserPassword: 'only-for-tests',
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
      shared_buffers: '256MB',
      jit: 'off',
    },
  };
  initialise(cluster, otherPrograms ? ['--locale=C.UTF-8'] : ['--locale-provider=builtin', '--locale=C.UTF-8']);
  const pid = await startPostmaster(cluster);
  return {
    cluster,
    async stop() {
      await stopPostmaster(pid);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A test run that was killed leaves its cluster running; the next run puts it away. */
async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const maker = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : NaN;
    if (!Number.isInteger(maker) || isAlive(maker)) continue;
    const home = join(tmpdir(), name);
    const pid = runningPostmaster(join(home, 'pg', 'data'));
    if (pid !== null) await stopPostmaster(pid);
    rmSync(home, { recursive: true, force: true });
  }
}
