import { setTimeout as sleep } from 'node:timers/promises';
import { answerEvents } from './flows/answer-events.ts';
import { eraseApproved } from './flows/erase-person.ts';
import { takeInWaitingImports } from './flows/import-portfolio.ts';
import { holdPlanned } from './flows/hold-planned.ts';
import { keepDay } from './flows/keep-day.ts';
import { keepTenantTallies } from './flows/keep-tallies.ts';
import { workSimulations } from './flows/keep-simulations.ts';
import { sendDue } from './flows/send-due.ts';
import type { Installation } from './installation.ts';
import { isUnavailable } from './kernel/db-faults.ts';
import { actIn, listTenants, sealAudit, systemActor, type Tenant } from './modules/identity/public.ts';

const TICK_MS = 1000;
const actor = systemActor('worker');

/** What is done for every tenant at every tick; each step claims its own work and may be repeated or interrupted anywhere. */
type Step = (installation: Installation, tenant: Tenant, stop: AbortSignal) => Promise<unknown>;
const steps: readonly (readonly [string, Step])[] = [
  ['imports', (installation, tenant) => takeInWaitingImports(installation, tenant.id, actor)],
  ['day', (installation, tenant) => keepDay(installation, tenant, actor)],
  ['events', (installation, tenant) => answerEvents(installation, tenant.id, actor)],
  ['holds', (installation, tenant) => holdPlanned(installation, tenant.id, actor)],
  ['send', (installation, tenant, stop) => sendDue(installation, tenant.id, actor, { stop })],
  // Making them for a large tenant takes longer than a request may.
  [
    'tallies',
    (installation, tenant) => actIn(installation, tenant.id, actor, keepTenantTallies, { statementTimeoutMs: 0 }),
  ],
  ['simulate', (installation, tenant, stop) => workSimulations(installation, tenant.id, actor, stop)],
  ['erase', (installation, tenant) => eraseApproved(installation, tenant.id)],
  ['seal', (installation, tenant) => actIn(installation, tenant.id, actor, (ctx) => sealAudit(ctx))],
];

/** Works for all tenants until stopped. One tenant's fault is logged and never keeps the others waiting. */
export function startWorker(installation: Installation): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await tick(installation, stopping.signal);
      await sleep(TICK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function tick(installation: Installation, signal: AbortSignal): Promise<void> {
  const tenants = await listTenants(installation).catch((error: unknown) => {
    report(installation, 'directory', error);
    return [];
  });
  for (const tenant of tenants) {
    for (const [name, step] of steps) {
      if (signal.aborted) return;
      await step(installation, tenant, signal).catch((error: unknown) => {
        // Told to stop, long work loses its connection; the next start takes it up.
        if (!signal.aborted) report(installation, name, error);
      });
    }
  }
}

function report(installation: Installation, step: string, error: unknown): void {
  const fault = error instanceof Error ? error : new Error(String(error));
  if (isUnavailable(error)) installation.log.warn({ step }, 'the database is away; trying again');
  else
    installation.log.error(
      { step, fault: fault.name, message: fault.message, stack: fault.stack?.split('\n').slice(1, 5).join('\n') },
      'a worker step failed',
    );
}
