import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { isAlive } from '../../src/kernel/postgres-process.ts';

const root = resolve(import.meta.dirname, '..', '..');
const commandLine = join(root, 'src', 'cli.ts');

/** An installation in a folder of its own whose processes a test may kill one by one. */
export type Killable = {
  readonly folder: string;
  /** A command run to its end. */
  command(...args: string[]): Promise<{ readonly status: number | null; readonly output: string }>;
  /** A command that is only begun. */
  begin(...args: string[]): Victim;
  /** `dunwell serve`, waited for until it answers. */
  serve(): Promise<Victim>;
  /** Asks the database past its row security; null while it is away. */
  ask<Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<Row[] | null>;
  /** Polls until the answer suits. Throws with the last answer after `patience`. */
  until<Row extends pg.QueryResultRow>(statement: string, suits: (rows: Row[]) => boolean): Promise<Row[]>;
  killPostmaster(): void;
  /** Kills one connection's process that is working for the application; false when none was. */
  killBackend(): Promise<boolean>;
  /** Nothing of it runs any more. */
  isSilent(): boolean;
  end(): Promise<void>;
};

export type Victim = {
  /** Its exit status; null when it was killed. */
  readonly ended: Promise<number | null>;
  printed(): string;
  /** As a power cut would; returns when it is gone. */
  kill(): Promise<void>;
  /** As an operator would; returns its exit status. */
  stop(): Promise<number | null>;
};

/** `patience`: how long, in milliseconds, `until` waits. */
export function killable({ patience }: { readonly patience: number }): Killable {
  const folder = mkdtempSync(join(tmpdir(), 'dunwell-kill-'));
  // Root's database runs as nobody, which has to get through.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const begun = new Set<ChildProcess>();

  const begin = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Victim => {
    const env = { ...process.env, DATABASE_URL: '', DUNWELL_DATA: dataDir, DUNWELL_LOG_LEVEL: 'warn', ...more };
    const child = spawn(process.execPath, [commandLine, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
    begun.add(child);
    const ended = once(child, 'close').then(() => {
      begun.delete(child);
      return child.exitCode;
    });
    const signal = (name: NodeJS.Signals) => {
      child.kill(name);
      return ended;
    };
    return { ended, printed: () => text, kill: () => signal('SIGKILL').then(() => {}), stop: () => signal('SIGTERM') };
  };

  const ask = async <Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[] = []) => {
    const client = new pg.Client({
      host: join(dataDir, 'socket'),
      user: 'postgres',
      database: 'dunwell',
      password: readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim(),
      connectionTimeoutMillis: 2000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Row>(statement, [...values])).rows;
    } catch (error) {
      // A statement of the test's own that is wrong must not look like an absent server.
      if (/^(42|22)/.test(String((error as { code?: string }).code))) throw error;
      return null;
    } finally {
      await client.end().catch(() => {});
    }
  };

  const postmaster = (): number =>
    Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

  return {
    folder,
    begin: (...args) => begin(args),
    async command(...args) {
      const one = begin(args);
      return { status: await one.ended, output: one.printed() };
    },
    async serve() {
      const server = begin(['serve', '--empty'], { PORT: String(await freePort()) });
      const deadline = Date.now() + 60_000;
      let gone = false;
      void server.ended.then(() => (gone = true));
      while (!server.printed().includes('Stop with Ctrl+C')) {
        if (gone || Date.now() > deadline) throw new Error(`dunwell serve did not start: ${server.printed()}`);
        await pause(20);
      }
      return server;
    },
    ask,
    async until(statement, suits) {
      const deadline = Date.now() + patience;
      for (;;) {
        const rows = await ask<never>(statement);
        if (rows !== null && suits(rows)) return rows;
        if (Date.now() > deadline) throw new Error(`Waited in vain for ${statement}: ${JSON.stringify(rows)}`);
        await pause(15);
      }
    },
    killPostmaster: () => void process.kill(postmaster(), 'SIGKILL'),
    async killBackend() {
      const rows = await ask<{ pid: number }>(
        "select pid from pg_stat_activity where usename = 'dunwell_app' and state = 'active' limit 1",
      );
      const pid = rows?.[0]?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      return pid !== undefined;
    },
    isSilent() {
      try {
        return !isAlive(postmaster());
      } catch {
        return true;
      }
    },
    async end() {
      for (const child of begun) child.kill('SIGKILL');
      try {
        process.kill(postmaster(), 'SIGQUIT');
      } catch {
        // Stopped already.
      }
      await pause(200);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

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
