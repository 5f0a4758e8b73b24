import { randomBytes } from 'node:crypto';
import { migrate } from '../../db/migrate.ts';
import type { ServerAddress } from '../../src/kernel/db.ts';
import { SUPERUSER } from '../../src/kernel/postgres-process.ts';
import { parseDatabaseUrl, prepareRoles } from '../../src/kernel/postgres-roles.ts';
import { startTestCluster } from './cluster.ts';
import { createDatabase, dropDatabase, TEST_SECRET, type TestServer } from './server.ts';

/**
 * A server with a migrated database: a throw-away one, or the one that DUNWELL_TEST_DATABASE_URL names (there only the
 * database is thrown away). `stop` leaves nothing behind.
 */
export async function openTemplate(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const { server, stop } = await openServer();
  const template = `dunwell_template_${randomBytes(5).toString('hex')}`;
  await createDatabase(server, template);
  const address: ServerAddress = { ...server.address, database: template };
  try {
    await prepareRoles(address, server.admin, TEST_SECRET);
    await migrate(address, TEST_SECRET);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server: { ...server, template },
    async stop() {
      await dropDatabase(server, template);
      await stop();
    },
  };
}

async function openServer(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const given = process.env['DUNWELL_TEST_DATABASE_URL'];
  if (given) {
    const { address, admin } = parseDatabaseUrl(given);
    return { server: { address, admin, template: '' }, stop: async () => {} };
  }
  const { cluster, stop } = await startTestCluster();
  const address = { host: cluster.socketDirectory, port: 5432, database: 'postgres' };
  const admin = { user: SUPERUSER, password: cluster.superuserPassword };
  return { server: { address, admin, template: '' }, stop };
}
