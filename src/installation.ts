import { setTimeout as pause } from 'node:timers/promises';
import { migrate } from '../db/migrate.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import type { Config } from './kernel/config.ts';
import { type Database, openDatabase, type ServerAddress } from './kernel/db.ts';
import { DatabaseUnavailable, isUnavailable } from './kernel/db-faults.ts';
import { startEmbedded } from './kernel/embedded-postgres.ts';
import type { Logger } from './kernel/log.ts';
import { type AdminLogin, parseDatabaseUrl, prepareRoles } from './kernel/postgres-roles.ts';
import { loadSecret, prepareDataDir } from './kernel/secret.ts';
import { createVault, type Vault } from './kernel/vault.ts';

const CLIENTS_BACK_WITHIN_MS = 2_000;

/** A database that is reachable, has its roles and is migrated. `close` ends the pools and, when it was ours, the embedded server. */
export type Installation = {
  readonly config: Config;
  readonly secret: string;
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
  close(): Promise<void>;
};

/**
 * Opens the installation that the configuration names: the server of DATABASE_URL, or the embedded one under the data
 * directory. Throws a sentence when the server cannot be reached, may not be set up, or holds a newer schema.
 */
export async function openInstallation(config: Config, log: Logger): Promise<Installation> {
  // Uploads wait there even where secret and database come from outside.
  prepareDataDir(config.dataDir);
  const secret = loadSecret(config.secret, config.dataDir);
  const { address, admin, stop } = await openServer(config, log);
  try {
    await prepareRoles(address, admin, secret);
    const applied = await migrate(address, secret);
    if (applied.length > 0) log.info({ migrations: applied.length }, 'the schema is up to date');
  } catch (error) {
    await stop();
    throw isUnavailable(error) ? new DatabaseUnavailable(error) : error;
  }
  const database = openDatabase({ address, secret, poolSize: config.poolSize, log });
  return {
    config,
    secret,
    database,
    vault: createVault(secret),
    clock: systemClock,
    log,
    async close() {
      // A pool ends when its last client is given back; a long statement is ended by the server's stop, or by our exit.
      await Promise.race([database.close(), pause(CLIENTS_BACK_WITHIN_MS, undefined, { ref: false })]);
      await stop();
    },
  };
}

async function openServer(
  config: Config,
  log: Logger,
): Promise<{ address: ServerAddress; admin: AdminLogin; stop(): Promise<void> }> {
  if (config.databaseUrl === undefined) return startEmbedded({ dataDir: config.dataDir, log });
  return { ...parseDatabaseUrl(config.databaseUrl), stop: async () => {} };
}
