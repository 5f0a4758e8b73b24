import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { collectMigrations, migrate } from '../db/migrate.ts';
import type { Installation } from '../src/installation.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { parseConfig } from '../src/kernel/config.ts';
import { openDatabase, type ServerAddress } from '../src/kernel/db.ts';
import { type Embedded, startEmbedded } from '../src/kernel/embedded-postgres.ts';
import { silentLogger } from '../src/kernel/log.ts';
import { prepareRoles } from '../src/kernel/postgres-roles.ts';
import { createVault } from '../src/kernel/vault.ts';

const root = join(import.meta.dirname, '..');
const EMPTY = 'bench_empty';
const SECRET = 'the secret of a throw-away benchmark database';

/** A database of a bench server as the product opens it; child processes do the same. */
export function installationAt(address: ServerAddress, folder: string): Installation {
  const database = openDatabase({ address, secret: SECRET, poolSize: 8 });
  return {
    config: parseConfig({ DUNWELL_DATA: join(folder, 'app'), DUNWELL_LOG_LEVEL: 'silent' }),
    secret: SECRET,
    database,
    vault: createVault(SECRET),
    clock: systemClock,
    log: silentLogger,
    close: () => database.close(),
  };
}

/** An embedded server of its own, with the product's settings (fsync on), and databases that are copied so that pairs start equal. */
export class BenchServer {
  readonly folder: string;
  readonly secret = SECRET;
  readonly #keep: boolean;
  #embedded: Embedded;
  readonly #opened = new Map<string, Installation>();

  private constructor(folder: string, keep: boolean, embedded: Embedded) {
    this.folder = folder;
    this.#keep = keep;
    this.#embedded = embedded;
  }

  /** With `folder` the server's files stay there, and what has been filled once is found again. */
  static async start(folder?: string): Promise<BenchServer> {
    const home = folder ?? mkdtempSync(join(tmpdir(), 'dunwell-bench-'));
    const first = await startEmbedded({ dataDir: home });
    const server = new BenchServer(home, folder !== undefined, first);
    const { rows } = await server.asAdmin('postgres', (client) => client.query('show shared_preload_libraries'));
    if (rows[0]?.['shared_preload_libraries'] !== 'pg_stat_statements') await server.#countBuffers();
    await server.#forgetOtherSchemas();
    if (!(await server.has(EMPTY))) await server.#createEmpty();
    return server;
  }

  /** Where one of its databases is. */
  addressOf(name: string): ServerAddress {
    return { ...this.#embedded.address, database: name };
  }

  async has(name: string): Promise<boolean> {
    const { rowCount } = await this.asAdmin('postgres', (client) =>
      client.query('select 1 from pg_database where datname = $1', [name]),
    );
    return rowCount === 1;
  }

  /** A fresh copy of a database under another name; without `from`, of the migrated one that holds nothing. */
  async copy(name: string, from: string = EMPTY): Promise<void> {
    await this.closeDatabase(from);
    await this.drop(name);
    await this.asAdmin('postgres', (client) =>
      client.query(
        `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(from)} strategy file_copy`,
      ),
    );
  }

  async rename(from: string, to: string): Promise<void> {
    await this.closeDatabase(from);
    await this.asAdmin('postgres', (client) =>
      client.query(`alter database ${pg.escapeIdentifier(from)} rename to ${pg.escapeIdentifier(to)}`),
    );
  }

  async drop(name: string): Promise<void> {
    await this.closeDatabase(name);
    await this.asAdmin('postgres', (client) =>
      client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
    );
  }

  /** One of its databases, opened as the product opens it. */
  open(name: string): Installation {
    const found = this.#opened.get(name);
    if (found) return found;
    const installation = installationAt(this.addressOf(name), this.folder);
    this.#opened.set(name, installation);
    return installation;
  }

  async closeDatabase(name: string): Promise<void> {
    await this.#opened.get(name)?.close();
    this.#opened.delete(name);
  }

  /** Runs `fn` as superuser: to look, to vacuum, to read statistics; never what is measured. */
  async asAdmin<T>(name: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ ...this.addressOf(name), ssl: false, ...this.#embedded.admin });
    await client.connect();
    try {
      return await fn(client);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    for (const name of this.#opened.keys()) await this.closeDatabase(name);
    await this.#embedded.stop();
    if (!this.#keep) rmSync(this.folder, { recursive: true, force: true });
  }

  async #countBuffers(): Promise<void> {
    await this.asAdmin('postgres', (client) =>
      client.query("alter system set shared_preload_libraries = 'pg_stat_statements'"),
    );
    await this.#embedded.stop();
    this.#embedded = await startEmbedded({ dataDir: this.folder });
  }

  // What was filled under another schema measures nothing any more.
  async #forgetOtherSchemas(): Promise<void> {
    const hash = createHash('sha256').update(readFileSync(join(root, 'db', 'baseline.sql')));
    for (const { name, text } of collectMigrations(root)) hash.update(name).update(text);
    const [now, file] = [hash.digest('hex'), join(this.folder, 'schema')];
    if (existsSync(file) && readFileSync(file, 'utf8') === now) return;
    const { rows } = await this.asAdmin('postgres', (client) =>
      client.query<{ datname: string }>("select datname from pg_database where datname like 'bench%'"),
    );
    for (const { datname } of rows) await this.drop(datname);
    writeFileSync(file, now);
  }

  async #createEmpty(): Promise<void> {
    const draft = `${EMPTY}_draft`;
    await this.drop(draft);
    await this.asAdmin('postgres', (client) => client.query(`create database ${draft}`));
    await this.asAdmin(draft, (client) => client.query('create extension pg_stat_statements'));
    await prepareRoles(this.addressOf(draft), this.#embedded.admin, SECRET);
    await migrate(this.addressOf(draft), SECRET);
    await this.rename(draft, EMPTY);
  }
}
