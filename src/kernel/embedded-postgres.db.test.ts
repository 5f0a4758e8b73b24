import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Embedded, startEmbedded } from './embedded-postgres.ts';
import { isAlive } from './postgres-process.ts';

const home = mkdtempSync(join(tmpdir(), 'dw-'));
chmodSync(home, 0o711);
afterAll(() => rmSync(home, { recursive: true, force: true }));

let directories = 0;
function dataDir(): string {
  directories += 1;
  return join(home, `d${directories}`);
}

const postmasterOf = (dir: string): number =>
  Number.parseInt(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

async function ask(embedded: Embedded, statement: string): Promise<string> {
  const client = new pg.Client({ ...embedded.address, ssl: false, ...embedded.admin });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ answer: string }>(statement);
    return rows[0]?.answer ?? '';
  } finally {
    await client.end().catch(() => {});
  }
}

async function otherProcess(dir: string): Promise<ChildProcess> {
  const script = resolve(import.meta.dirname, '../../test/support/embedded-process.ts');
  const child = spawn(process.execPath, [script, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe.skipIf(process.env['DUNWELL_TEST_PG_BIN'] !== undefined)('embedded PostgreSQL', () => {
  test('keeps what was written across stop and start, and listens on no network port', async () => {
    const dir = dataDir();
    const first = await startEmbedded({ dataDir: dir });
    await ask(first, 'create table kept (n int)');
    await ask(first, 'insert into kept values (42)');
    const pid = postmasterOf(dir);
    await first.stop();
    expect(isAlive(pid)).toBe(false);

    const second = await startEmbedded({ dataDir: dir });
    expect(await ask(second, 'select n::text as answer from kept')).toBe('42');
    expect(await ask(second, "select current_setting('listen_addresses') as answer")).toBe('');
    expect(await ask(second, "select current_setting('fsync') as answer")).toBe('on');
    expect(await ask(second, "select current_setting('autovacuum_naptime') as answer")).toBe('10s');
    expect(await ask(second, "select current_setting('data_checksums') as answer")).toBe('on');
    await second.stop();
  });

  test('is started again when its postmaster is killed, with nothing lost', async () => {
    const dir = dataDir();
    const embedded = await startEmbedded({ dataDir: dir });
    await ask(embedded, 'create table kept as select 7 as n');
    const before = postmasterOf(dir);
    process.kill(before, 'SIGKILL');
    await vi.waitFor(async () => expect(await ask(embedded, 'select n::text as answer from kept')).toBe('7'), {
      timeout: 30_000,
      interval: 100,
    });
    expect(postmasterOf(dir)).not.toBe(before);
    await embedded.stop();
  });

  test('a server left behind by a killed process is taken over and then stopped', async () => {
    const dir = dataDir();
    const other = await otherProcess(dir);
    const left = postmasterOf(dir);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(isAlive(left)).toBe(true);

    const embedded = await startEmbedded({ dataDir: dir });
    expect(postmasterOf(dir)).toBe(left);
    await embedded.stop();
    expect(isAlive(left)).toBe(false);
  });

  test('processes share one server, and only the last to stop ends it', async () => {
    const dir = dataDir();
    const [other, embedded] = await Promise.all([otherProcess(dir), startEmbedded({ dataDir: dir })]);
    const pid = postmasterOf(dir);
    await embedded.stop();
    expect(isAlive(pid)).toBe(true);
    other.stdin?.write('stop\n');
    await once(other, 'exit');
    expect(isAlive(pid)).toBe(false);
  });

  test('backends left behind by a killed postmaster are ended, and do not keep the next start waiting', async () => {
    const dir = dataDir();
    const other = await otherProcess(dir);
    const left = postmasterOf(dir);
    const password = readFileSync(join(dir, 'postgres.password'), 'utf8').trim();
    const client = new pg.Client({ host: join(dir, 'socket'), user: 'postgres', database: 'dunwell', password });
    client.on('error', () => {});
    await client.connect();
    // Busy in a way that does not look up: only a signal ends it.
    const busy = client.query('select count(*) from generate_series(1, 100000000000)').catch(() => null);
    other.kill('SIGKILL');
    process.kill(left, 'SIGKILL');
    await once(other, 'exit');

    const embedded = await startEmbedded({ dataDir: dir });
    expect(await ask(embedded, "select 'up' as answer")).toBe('up');
    await busy;
    await embedded.stop();
  });

  test('a server that is still recovering is waited for', async () => {
    const dir = dataDir();
    const other = await otherProcess(dir);
    const left = postmasterOf(dir);
    const backend = new pg.Client({
      host: join(dir, 'socket'),
      user: 'postgres',
      database: 'dunwell',
      password: readFileSync(join(dir, 'postgres.password'), 'utf8').trim(),
    });
    backend.on('error', () => {});
    await backend.connect();
    const { rows } = await backend.query<{ pid: number }>('select pg_backend_pid() as pid');
    other.kill('SIGKILL');
    await once(other, 'exit');
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    const embedded = await startEmbedded({ dataDir: dir });
    expect(postmasterOf(dir)).toBe(left);
    expect(await ask(embedded, "select 'up' as answer")).toBe('up');
    await embedded.stop();
  });

  test('a pid file that names some other live program does not prevent the start', async () => {
    const dir = dataDir();
    await (await startEmbedded({ dataDir: dir })).stop();
    writeFileSync(join(dir, 'postgres', 'postmaster.pid'), `${process.pid}\n${join(dir, 'postgres')}\n`);
    const embedded = await startEmbedded({ dataDir: dir });
    expect(await ask(embedded, "select 'up' as answer")).toBe('up');
    await embedded.stop();
  });

  test('a data directory whose path is too long for a socket works', async () => {
    const dir = join(dataDir(), 'a-very-long-folder-name'.repeat(5));
    const embedded = await startEmbedded({ dataDir: dir });
    expect(Buffer.byteLength(embedded.address.host)).toBeLessThan(94);
    expect(await ask(embedded, "select 'up' as answer")).toBe('up');
    await embedded.stop();
    rmSync(embedded.address.host, { recursive: true, force: true });
  });

  test.runIf(process.getuid?.() === 0)('as root, in a home that only root may enter', async () => {
    const closed = dataDir();
    mkdirSync(closed, { mode: 0o700 });
    const dir = join(closed, 'data');
    const embedded = await startEmbedded({ dataDir: dir });
    expect(await ask(embedded, "select 'up' as answer")).toBe('up');
    await embedded.stop();
    const elsewhere = readFileSync(join(dir, 'postgres.location'), 'utf8').trim();
    expect(existsSync(join(elsewhere, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(dirname(elsewhere)).toBe('/var/lib/dunwell');

    const copy = join(closed, 'copy');
    cpSync(dir, copy, { recursive: true });
    await expect(startEmbedded({ dataDir: copy })).rejects.toThrow(`${copy} is a copy of ${dir}`);

    rmSync(copy, { recursive: true });
    renameSync(dir, copy);
    const moved = await startEmbedded({ dataDir: copy });
    expect(await ask(moved, "select 'up' as answer")).toBe('up');
    await moved.stop();
    rmSync(elsewhere, { recursive: true, force: true });
  });
});
