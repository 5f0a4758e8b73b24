import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const commandLine = join(root, 'src', 'cli.ts');

/** A real `dunwell serve` with its own embedded database in a temporary folder. */
export type Served = {
  readonly url: string;
  /** What it has printed so far. */
  printed(): string;
  /** Runs another command of the command line on the same data; returns its exit status and what it printed. */
  command(...args: string[]): { readonly status: number | null; readonly output: string };
  /** Takes the database away from under the server, connections and all; the function returned brings it back. */
  loseDatabase(): () => void;
  stop(): Promise<void>;
};

/** Starts the server as a person would and waits until it answers; with `demo`, until the demo tenant is filled too. */
export async function serve(option: '--demo' | '--empty'): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dunwell-served-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    DUNWELL_DATA: dataDir,
    PORT: String(port),
    DUNWELL_LOG_LEVEL: 'warn',
    DATABASE_URL: '',
  };
  const child = spawn(process.execPath, [commandLine, 'serve', option], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
  const served: Served = {
    url,
    printed: () => text,
    command(...args) {
      const ran = spawnSync(process.execPath, [commandLine, ...args], { cwd: root, env, encoding: 'utf8' });
      return { status: ran.status, output: ran.stdout + ran.stderr };
    },
    loseDatabase: () => loseDatabase(dataDir),
    async stop() {
      if (child.exitCode === null) {
        const gone = new Promise((done) => child.once('exit', done));
        child.kill('SIGTERM');
        await gone;
      }
      for (const folder of new Set([dataDir, homeOf(dataDir)])) rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await until(
      child,
      () => text.includes('Stop with Ctrl+C'),
      () => text,
    );
  } catch (error) {
    await served.stop();
    throw error;
  }
  return served;
}

async function until(child: ChildProcess, ready: () => boolean, printed: () => string): Promise<void> {
  const deadline = Date.now() + 600_000;
  while (!ready()) {
    if (child.exitCode !== null) throw new Error(`dunwell serve ended with ${child.exitCode}:\n${printed()}`);
    if (Date.now() > deadline) throw new Error(`dunwell serve was not ready within ten minutes:\n${printed()}`);
    await new Promise((tick) => setTimeout(tick, 50));
  }
}

/** Where the cluster lies: as root not in the data directory, which the database's own user may not enter. */
function homeOf(dataDir: string): string {
  const pointer = join(dataDir, 'postgres.location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : dataDir;
}

/** Another program may take the port in between; then the server says so and the test fails with its sentence. */
function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

// The socket is moved aside so that nobody gets in, and the sessions that are in are ended; the server process itself lives on,
// because the embedded launcher would bring a killed one back sooner than a page could notice.
function loseDatabase(dataDir: string): () => void {
  // Its fifth line names the folder of the socket, which is elsewhere where the path would be too long.
  const lines = readFileSync(join(homeOf(dataDir), 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  const postmaster = lines[0] ?? '';
  const folder = lines[4] ?? '';
  const names = readdirSync(folder).filter((name) => name.startsWith('.s.PGSQL.') && !name.endsWith('.lock'));
  for (const name of names) renameSync(join(folder, name), join(folder, `${name}.aside`));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (parentOf(pid) === postmaster && commandOf(pid).includes('dunwell_')) process.kill(Number(pid), 'SIGTERM');
  }
  return () => {
    for (const name of names)
      if (existsSync(join(folder, `${name}.aside`))) renameSync(join(folder, `${name}.aside`), join(folder, name));
  };
}

function parentOf(pid: string): string {
  try {
    return /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
