import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { DatabaseUnavailable, isUnavailable, postgresCode } from './db-faults.ts';
import { parsers } from './db-parsers.ts';
import { type Logger, silentLogger } from './log.ts';
import { rolePassword } from './secret.ts';

/** A handle for one transaction, used with the `sql` tag; each statement types its own rows. */
export type Db = Kysely<Record<string, never>>;

/** Where a PostgreSQL server listens; `host` may be the directory of a unix socket. */
export type ServerAddress = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly ssl?: boolean | { readonly rejectUnauthorized: boolean };
};

/** The pools of one process: `app` under row security, `import` for COPY into staging, `auth` for sign-in and the tenant directory. */
export type Database = {
  readonly address: ServerAddress;
  readonly app: pg.Pool;
  readonly import: pg.Pool;
  readonly auth: pg.Pool;
  readonly log: Logger;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly address: ServerAddress;
  readonly secret: string;
  readonly poolSize?: number;
  readonly log?: Logger;
};

const APP_STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 3;

/** Opens the pools. Nothing is connected until the first use, and losing the server later never ends the process. */
export function openDatabase(options: DatabaseOptions): Database {
  const { address, secret, poolSize = 16, log = silentLogger } = options;
  const open = (role: string, max: number, statementTimeoutMs: number): pg.Pool =>
    openPool({ address, role, password: rolePassword(secret, role), max, statementTimeoutMs, log });
  const app = open('dunwell_app', poolSize, APP_STATEMENT_TIMEOUT_MS);
  const importer = open('dunwell_import', 4, 0);
  const auth = open('dunwell_auth', Math.max(4, poolSize >> 2), APP_STATEMENT_TIMEOUT_MS);
  return {
    address,
    app,
    import: importer,
    auth,
    log,
    async close() {
      await Promise.all([app.end(), importer.end(), auth.end()]);
    },
  };
}

function openPool(options: {
  address: ServerAddress;
  role: string;
  password: string;
  max: number;
  statementTimeoutMs: number;
  log: Logger;
}): pg.Pool {
  const pool = new pg.Pool({
    ...options.address,
    ssl: options.address.ssl ?? false,
    user: options.role,
    password: options.password,
    max: options.max,
    types: parsers,
    application_name: options.role,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    ...(options.statementTimeoutMs > 0 && { statement_timeout: options.statementTimeoutMs }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  const lost = (error: Error): void =>
    options.log.warn({ role: options.role, reason: error.message }, 'database connection lost');
  pool.on('error', lost);
  // A client that is checked out reports its lost connection by itself; unheard, that event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type TransactionOptions = {
  /** Longest time one statement may take, in milliseconds; 0 means no limit. Default 60,000. */
  readonly statementTimeoutMs?: number;
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
};

/**
 * Runs `fn` in one transaction that sees and writes only this tenant's rows.
 *
 * Commits when `fn` resolves, rolls back when it throws. The whole of `fn` runs again, up to three times, after a
 * serialisation failure or deadlock, so it must have no effect outside the database.
 * Throws when `tenantId` is not a lower-case UUID: `SET LOCAL` takes no parameters, so this check is what keeps
 * the statement safe. Throws `DatabaseUnavailable` when the server cannot be reached or goes away.
 */
export function inTenant<T>(
  database: Database,
  tenantId: string,
  fn: (db: Db) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return transact(database.app, openingStatement(tenantId, options), fn);
}

/** Runs `fn` in one transaction of the sign-in role, which may read the tenant directory across tenants and nothing of theirs. */
export function inDirectory<T>(database: Database, fn: (db: Db) => Promise<T>): Promise<T> {
  return transact(database.auth, 'begin', fn);
}

/** Gives `fn` a client of the import role inside one transaction of a tenant. For `copyInto`; nothing else may use it. */
export async function inImport<T>(
  database: Database,
  tenantId: string,
  fn: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withClient(database.import, openingStatement(tenantId, {}), fn);
}

function openingStatement(tenantId: string, options: TransactionOptions): string {
  if (!UUID.test(tenantId)) {
    throw new TypeError('A tenant id must be a lower-case UUID; refusing to open a transaction.');
  }
  const isolation = options.isolation ? ` isolation level ${options.isolation}` : '';
  const timeout =
    options.statementTimeoutMs === undefined
      ? ''
      : `; set local statement_timeout = ${Math.trunc(options.statementTimeoutMs)}`;
  return `begin${isolation}; set local app.tenant_id = '${tenantId}'${timeout}`;
}

async function transact<T>(pool: pg.Pool, opening: string, fn: (db: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withClient(pool, opening, (client) => fn(kyselyOn(client)));
    } catch (error) {
      if (attempt >= ATTEMPTS || !RETRYABLE.has(postgresCode(error) ?? '')) throw error;
    }
  }
}

async function withClient<T>(pool: pg.Pool, opening: string, fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw isUnavailable(error) ? new DatabaseUnavailable(error) : error;
  }
  let broken = false;
  try {
    await client.query(opening);
    const value = await fn(client);
    await client.query('commit');
    return value;
  } catch (error) {
    broken = isUnavailable(error) || !(await rolledBack(client));
    throw broken && !(error instanceof DatabaseUnavailable) && isUnavailable(error)
      ? new DatabaseUnavailable(error)
      : error;
  } finally {
    client.release(broken);
  }
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}

/** A Kysely over exactly this client: it borrows the connection and never gives it back or ends it. */
function kyselyOn(client: pg.PoolClient): Db {
  const borrowed = new Proxy(client, {
    get(target, property) {
      if (property === 'release') return () => {};
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const pool = { connect: async () => borrowed, end: async () => {}, options: {} };
  return new Kysely<Record<string, never>>({
    dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }),
  });
}

let cursors = 0;

/**
 * Streams a query's rows in batches through a server-side cursor of the current transaction, so that memory stays flat.
 * Other statements may run on `db` between batches.
 */
export async function* streamQuery<Row>(db: Db, query: RawBuilder<Row>, batchSize: number): AsyncGenerator<Row[]> {
  cursors += 1;
  const name = sql.raw(`stream_${cursors}`);
  // By default a cursor is planned for its first tenth; every caller reads to the end, and with stale statistics the
  // fast-start plan was seen to be quadratic.
  await sql`set local cursor_tuple_fraction = 1`.execute(db);
  await sql`declare ${name} no scroll cursor for ${query}`.execute(db);
  const size = sql.raw(String(Math.trunc(batchSize)));
  for (;;) {
    const { rows } = await sql<Row>`fetch forward ${size} from ${name}`.execute(db);
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) break;
  }
  await sql`close ${name}`.execute(db);
}
