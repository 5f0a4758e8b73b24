import { openDatabase, type ServerAddress } from '../../src/kernel/db.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { createVault } from '../../src/kernel/vault.ts';
import type { TenantId } from '../../src/kernel/ids.ts';
import { systemActor } from '../../src/modules/identity/public.ts';
import { sendDue } from '../../src/flows/send-due.ts';

/** What the killing test gives a sender process, as JSON in SEND_CHILD. */
export type SendChild = {
  readonly address: ServerAddress;
  readonly secret: string;
  readonly tenant: string;
  readonly batchSize: number;
};

// A process of its own, so that it can be killed like one.
const given = JSON.parse(process.env['SEND_CHILD'] ?? '{}') as SendChild;
const database = openDatabase({ address: given.address, secret: given.secret, poolSize: 6 });
const mailing = {
  database,
  vault: createVault(given.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const counts = await sendDue(mailing, given.tenant as TenantId, systemActor('child'), {
  batchSize: given.batchSize,
  // Nobody else is alive when this process starts: what it finds in flight was left by a killed one.
  ages: { sendingMs: 0, handedOverMs: 0 },
});
process.stdout.write(`${JSON.stringify(counts)}\n`);
await database.close();
