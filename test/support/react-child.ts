import { openDatabase, type ServerAddress } from '../../src/kernel/db.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { createVault } from '../../src/kernel/vault.ts';
import type { TenantId } from '../../src/kernel/ids.ts';
import { answerEvents } from '../../src/flows/answer-events.ts';
import { holdPlanned } from '../../src/flows/hold-planned.ts';
import { systemActor } from '../../src/modules/identity/public.ts';

/** What the killing test gives a process that answers events, as JSON in REACT_CHILD. */
export type ReactChild = {
  readonly address: ServerAddress;
  readonly secret: string;
  readonly tenant: string;
  readonly atOnce: number;
};

// A process of its own, so that it can be killed like one.
const given = JSON.parse(process.env['REACT_CHILD'] ?? '{}') as ReactChild;
const database = openDatabase({ address: given.address, secret: given.secret, poolSize: 2 });
const installation = {
  database,
  vault: createVault(given.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
};
const actor = systemActor('child');
const answered = await answerEvents(installation, given.tenant as TenantId, actor, { atOnce: given.atOnce });
const held = await holdPlanned(installation, given.tenant as TenantId, actor);
process.stdout.write(`${JSON.stringify({ ...answered, held })}\n`);
await database.close();
