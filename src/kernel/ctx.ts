import type { Db } from './db.ts';
import type { TenantId } from './ids.ts';
import type { Logger } from './log.ts';
import type { Vault } from './vault.ts';

/** Who acts. `system` is the worker or the command line; permissions are names the identity room defines. */
export type Actor = {
  readonly kind: 'user' | 'key' | 'system';
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<string>;
};

/**
 * What every action is given, by hand: one transaction of one tenant, the actor, and the instant that counts as now
 * for the whole request or job (`at`, the tenant's clock).
 */
export type Ctx = {
  readonly db: Db;
  readonly tenant: TenantId;
  readonly actor: Actor;
  readonly at: Date;
  readonly log: Logger;
  /** Opens and seals what is encrypted at rest. */
  readonly vault: Vault;
};
