import type { Actor, Ctx } from '../kernel/ctx.ts';
import { isUnavailable } from '../kernel/db-faults.ts';
import type { Id, TenantId } from '../kernel/ids.ts';
import type { Result } from '../kernel/result.ts';
import { withSetPlans } from '../kernel/set-plans.ts';
import { refreshFacts, takeInItems } from '../modules/accounts/public.ts';
import { lockPeopleDescribed, takeInDebts } from '../modules/compliance/public.ts';
import { actIn, type Installation } from '../modules/identity/public.ts';
import {
  beginApplying,
  beginRetry,
  claimImport,
  clearStaging,
  describesDebts,
  failImport,
  type FileStore,
  fileStore,
  finishImport,
  finishRetry,
  type ImportCounts,
  loadImport,
  type ReadyImport,
  type Reject,
  stageFrom,
  stageImport,
  type StagingJob,
} from '../modules/intake/public.ts';
import { takeInContactPoints, takeInParties } from '../modules/parties/public.ts';
import { takeInReceipts } from '../modules/payments/public.ts';
import { rankWork } from './rank-work.ts';

/** Where uploads wait, beside what every flow needs. */
export type ImportHost = Installation & { readonly config: { readonly dataDir: string } };

/** The file store of an installation. */
export const uploadsOf = (host: ImportHost): FileStore => fileStore(host.config.dataDir);

/**
 * Takes a started and claimed import all the way: file → staged rows → hub and payments, the last in one transaction. Killed anywhere,
 * it can be run again: staging begins anew, applying happens once. Ends in `done`, `needs_confirmation` or `failed`.
 */
export async function importPortfolio(
  host: ImportHost,
  tenant: TenantId,
  actor: Actor,
  importId: Id<'import'>,
): Promise<void> {
  const job: StagingJob = { installation: host, tenant, actor, files: uploadsOf(host), importId };
  const found = await actIn(host, tenant, actor, (ctx) => loadImport(ctx, importId));
  if (!found.ok) throw new Error(found.detail);
  await failing(job, async () => {
    if (found.value.state === 'staging') {
      const staged = await stageImport(job);
      if (!staged.ok) return staged.detail;
    }
    return applyStaged(job);
  });
  const { storedAs } = found.value;
  const ended = await actIn(host, tenant, actor, (ctx) => loadImport(ctx, importId));
  if (storedAs !== null && ended.ok && ended.value.storedAs === null) await job.files.remove(storedAs);
}

/** Runs the work; a sentence it returns, or a fault that trying again would not mend, ends the import as failed. */
async function failing(job: StagingJob, work: () => Promise<string | null>): Promise<void> {
  const end = (sentence: string) =>
    actIn(job.installation, job.tenant, job.actor, (ctx) => failImport(ctx, job.importId, sentence));
  try {
    const sentence = await work();
    if (sentence !== null) await end(sentence);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    await end(
      'Something broke on our side and nothing of this file was taken in. Start it again; if it happens again, report it with the import’s id.',
    );
    throw error;
  }
}

/** Null when it was applied, waits for a confirmation, or somebody else has applied it. */
async function applyStaged(job: StagingJob): Promise<string | null> {
  const { installation, tenant, actor, importId } = job;
  const outcome = await actIn(installation, tenant, actor, (ctx) => apply(ctx, importId), { statementTimeoutMs: 0 });
  if (outcome === 'done') {
    await actIn(installation, tenant, actor, (ctx) => clearStaging(ctx, importId), { statementTimeoutMs: 0 });
    // By itself: what is ranked anew is locked, and collectors are at work.
    await actIn(installation, tenant, actor, (ctx) => rankWork(ctx), { statementTimeoutMs: 0 });
  }
  return null;
}

async function apply(ctx: Ctx, importId: Id<'import'>): Promise<'done' | 'waits'> {
  const ready = await beginApplying(ctx, importId);
  if (!ready.ok) return 'waits';
  const { changed } = ready.value;
  const counts = changed > 0 ? await withSetPlans(ctx.db, BigInt(changed), () => takeIn(ctx, ready.value)) : {};
  await finishImport(ctx, ready.value, counts);
  return 'done';
}

/** Parties first, then how to reach them, so that facts are computed once with everything in place; money last. */
async function takeIn(ctx: Ctx, { row }: ReadyImport): Promise<ImportCounts> {
  switch (row.target) {
    case 'items': {
      const described = row.mapping !== null && describesDebts(row.mapping);
      if (described) await lockPeopleDescribed(ctx, row.id);
      const parties = await takeInParties(ctx, row.id);
      const points = await takeInContactPoints(ctx, row.id);
      const items = await takeInItems(ctx, row.id);
      const debts = described ? await takeInDebts(ctx, row.id) : null;
      const receipts = await takeInReceipts(ctx, row.id);
      return {
        partiesCreated: parties.created,
        partiesChanged: parties.changed,
        contactPoints: points.created,
        accountsCreated: items.accounts,
        itemsCreated: items.created,
        itemsChanged: items.changed,
        itemsReduced: items.reduced,
        itemsClosed: items.closed,
        receipts: receipts.recorded,
        allocations: receipts.allocations,
        settlementsLowered: receipts.lowered,
        ...(debts && {
          debtsDescribed: debts.described,
          debtsKept: debts.kept,
          debtsWithoutLastDay: debts.withoutLastDay,
          consents: debts.consents,
          legalEvents: debts.legalEvents,
          languageWishes: debts.wishes,
          attorneys: debts.attorneys,
        }),
      };
    }
    case 'contacts': {
      const points = await takeInContactPoints(ctx, row.id, { placesToo: true });
      await refreshFacts(ctx, { importId: row.id });
      return { contactPoints: points.created, partiesPlaced: points.placed };
    }
    case 'receipts': {
      const receipts = await takeInReceipts(ctx, row.id);
      return { receipts: receipts.recorded, allocations: receipts.allocations };
    }
  }
}

/** Takes up started imports nobody works on, oldest first, until there is none. Returns how many. */
export async function takeInWaitingImports(host: ImportHost, tenant: TenantId, actor: Actor): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    const importId = await actIn(host, tenant, actor, (ctx) => claimImport(ctx, null));
    if (importId === null) return taken;
    await importPortfolio(host, tenant, actor, importId);
  }
}

/** Mends rows that were kept aside and takes them in alone. Refuses as `beginRetry`. */
export async function retryRejects(
  host: ImportHost,
  tenant: TenantId,
  actor: Actor,
  importId: Id<'import'>,
  changes: readonly { readonly rowNo: number; readonly cells: Readonly<Record<string, string>> }[],
): Promise<Result<{ takenIn: number; stillRejected: Reject[] }, 'import_not_found' | 'wrong_state' | 'no_rows'>> {
  const begun = await actIn(host, tenant, actor, (ctx) => beginRetry(ctx, importId, changes));
  if (!begun.ok) return begun;
  const retry = begun.value;
  const job: StagingJob = { installation: host, tenant, actor, files: uploadsOf(host), importId: retry.retryId };
  const row = await actIn(host, tenant, actor, (ctx) => loadImport(ctx, retry.retryId));
  if (!row.ok) throw new Error(row.detail);
  await failing(job, async () => {
    const staged = await stageFrom(job, row.value, async function* () {
      yield { rows: retry.rows, bytesRead: 0 };
    });
    return staged.ok ? applyStaged(job) : staged.detail;
  });
  return { ok: true, value: await actIn(host, tenant, actor, (ctx) => finishRetry(ctx, importId, retry)) };
}
