import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../kernel/db.ts';
import { silentLogger } from '../../kernel/log.ts';
import { createVault } from '../../kernel/vault.ts';
import type { Installation } from './act-in.ts';

/** An installation over a test database, at a clock the test holds. */
export function testInstallation(database: Database & { readonly secret: string }, clock: Clock): Installation {
  return { database, vault: createVault(database.secret), clock, log: silentLogger };
}
