import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.ts';
import type { ServerAddress } from '../../src/kernel/db.ts';
import { parseDatabaseUrl, prepareRoles } from '../../src/kernel/postgres-roles.ts';
import { SUPERUSER } from '../../src/kernel/postgres-process.ts';
import { startTestCluster } from './cluster.ts';
import { createDatabase, TEST_SECRET, type TestServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One server per run, with a template database that is migrated once; each test file clones it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { server, stop } = await openServer();
  const template = `dunwell_template_${process.pid}`;
  await createDatabase(server, template);
  const address: ServerAddress = { ...server.address, database: template };
  await prepareRoles(address, server.admin, TEST_SECRET);
  await migrate(address, TEST_SECRET);
  project.provide('testServer', { ...server, template });
  return stop;
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
