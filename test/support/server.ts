import pg from 'pg';
import type { ServerAddress } from '../../src/kernel/db.ts';
import type { AdminLogin } from '../../src/kernel/postgres-roles.ts';

/** The server of this test run and the migrated database that test files clone. */
export type TestServer = {
  readonly address: ServerAddress;
  readonly admin: AdminLogin;
  readonly template: string;
};

export const TEST_SECRET = 'a secret that only tests use, long enough to be one';

/** Creates a database, a copy of `template` when one is named. */
export async function createDatabase(server: TestServer, name: string, template?: string): Promise<void> {
  await asAdmin(server, async (client) => {
    const copy = template ? ` template ${pg.escapeIdentifier(template)}` : '';
    await client.query(`create database ${pg.escapeIdentifier(name)}${copy}`);
  });
}

/** Drops a database even while someone is connected to it. */
export async function dropDatabase(server: TestServer, name: string): Promise<void> {
  await asAdmin(server, async (client) => {
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
}

/** Runs `fn` with a superuser connection to one database of the server. */
export async function asAdmin<T>(
  server: TestServer,
  fn: (client: pg.Client) => Promise<T>,
  database = server.address.database,
): Promise<T> {
  const client = new pg.Client({ ...server.address, ssl: false, ...server.admin, database });
  client.on('error', () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
