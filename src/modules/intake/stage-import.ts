import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { copyInto } from '../../kernel/db-copy.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { findClient } from '../accounts/public.ts';
import { actIn, type Installation } from '../identity/public.ts';
import { type Conflict, deleteStagedRowNos, selectConflicts } from './conflicts.sql.ts';
import { describesDebts } from './debt-row.ts';
import type { FileStore } from './file-store.ts';
import type { Import, ImportCounts } from './import.ts';
import { findImport, moveImport, renewClaim } from './import.sql.ts';
import { deleteRejects } from './reject.sql.ts';
import { rejectLine, rejectsCopy } from './reject.ts';
import { compileRowReader, type RowReader } from './row-reader.ts';
import { bodyRows, type RowBatch, readRows } from './source-file.ts';
import { type StagedCounts, stageRows } from './stage-rows.ts';
import {
  anyKnown,
  anyRepeatedKey,
  countStagedRows,
  deleteStaged,
  dropRepeats,
  matchPartiesByName,
  nameKnownItems,
  numberRepeatedContents,
} from './staged-rows.sql.ts';
import { todayOf } from './start-import.ts';

/** Who stages what, and where the bytes are. */
export type StagingJob = {
  readonly installation: Installation;
  readonly tenant: TenantId;
  readonly actor: Actor;
  readonly files: FileStore;
  readonly importId: Id<'import'>;
};

type Rows = () => AsyncIterable<RowBatch>;
type Refusals = 'nearly_all_rejected' | 'wrong_state';

const renewEveryMs = 2000;
const manyConflicts = 20_000;

/**
 * Reads the import's file into staging: validates every row, keeps bad ones aside, settles rows that repeat or clash. Begins again
 * from nothing after an interruption. Ends with the import ready to be applied. Refuses: `nearly_all_rejected`, `wrong_state`.
 */
export async function stageImport(job: StagingJob): Promise<Result<void, Refusals>> {
  const row = await within(job, (ctx) => findImport(ctx, job.importId));
  if (row?.state !== 'staging' || row.storedAs === null)
    return refuse('wrong_state', 'The import is not waiting to be read.');
  const { format } = row.options;
  if (!format) throw new Error(`Import ${job.importId} was started without saying how its file is read`);
  const path = job.files.path(row.storedAs);
  return stageFrom(job, row, () => bodyRows(readRows(path, format), format.headerRow));
}

/** The same from rows at hand, for rows that were kept aside and mended. */
export async function stageFrom(job: StagingJob, row: Import, rows: Rows): Promise<Result<void, Refusals>> {
  const read = await within(job, (ctx) => beginAnew(ctx, row));
  let renewedAt = performance.now();
  const onProgress = async (bytesRead: number) => {
    // The machine's time, not the tenant's: a claim is a lease among processes.
    if (performance.now() - renewedAt < renewEveryMs) return;
    renewedAt = performance.now();
    await within(job, (ctx) =>
      renewClaim(ctx, job.importId, { done: bytesRead, of: Number(row.fileSize), unit: 'bytes' }),
    );
  };
  const { database } = job.installation;
  const staged = await stageRows({ database, tenant: job.tenant, importId: job.importId, read, onProgress }, rows());
  return staged.ok ? holding(job, row, () => settleStaged(job, row, staged.value, rows)) : staged;
}

/** Keeps the claim while `fn` works on what is staged: a second process that took over would delete it underneath. */
async function holding<T>(job: StagingJob, row: Import, fn: () => Promise<T>): Promise<T> {
  const size = Number(row.fileSize);
  const renew = (): Promise<void> =>
    within(job, (ctx) => renewClaim(ctx, job.importId, { done: size, of: size, unit: 'bytes' }));
  await renew();
  // A renewal that fails is followed by another; if none succeeds the database is away, and `fn` fails by itself.
  const beat = setInterval(() => void renew().catch(() => undefined), renewEveryMs * 5);
  try {
    return await fn();
  } finally {
    clearInterval(beat);
  }
}

const within = <T>(job: StagingJob, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  actIn(job.installation, job.tenant, job.actor, fn, { statementTimeoutMs: 0 });

/** Puts away what an interrupted attempt left, and makes the mapping a function. */
async function beginAnew(ctx: Ctx, row: Import): Promise<RowReader> {
  await deleteStaged(ctx, row.id);
  await deleteRejects(ctx, row.id);
  const client = await findClient(ctx, row.clientId);
  if (!client || !row.mapping) throw new Error(`Import ${row.id} has no client or no mapping`);
  return compileRowReader(row.mapping, row.options.headers, {
    clientId: row.clientId,
    until: row.options.until,
    today: todayOf(ctx, client),
  });
}

/** Rows that repeat or clash with others can only be seen once all are in. */
async function settleStaged(
  job: StagingJob,
  row: Import,
  counts: StagedCounts,
  rows: Rows,
): Promise<Result<void, 'nearly_all_rejected'>> {
  const { importId } = job;
  const where = { importId, clientId: row.clientId };
  const described = row.mapping !== null && describesDebts(row.mapping);
  const settled = await within(job, (ctx) =>
    withSetPlans(ctx.db, BigInt(counts.staged), async () => {
      const twice = await anyRepeatedKey(ctx, importId);
      const repeated = twice ? await dropRepeats(ctx, importId, row.target) : 0;
      const alike = twice ? await numberRepeatedContents(ctx, importId, row.clientId, row.target) : 0;
      if (row.target === 'contacts') await matchPartiesByName(ctx, importId, row.clientId);
      const known = row.target === 'items' && (await anyKnown(ctx, importId));
      if (known) await nameKnownItems(ctx, importId);
      const conflicts = await selectConflicts(ctx, row.target, where, { twice, known, described });
      return { repeated, alike, conflicts };
    }),
  );
  const { conflicts } = settled;
  if (conflicts.length > manyConflicts && conflicts.length > counts.staged / 2) {
    return refuse(
      'nearly_all_rejected',
      `${conflicts.length} rows clash with other rows, so the mapping is probably wrong. For example: ${conflicts[0]?.sentence ?? ''}`,
    );
  }
  const rejected = await keepAside(job, conflicts, rows);
  await within(job, async (ctx) => {
    await deleteStagedRowNos(ctx, importId, rejected);
    const numbers: ImportCounts = {
      rows: counts.rows,
      blank: counts.blank,
      afterUntil: counts.afterUntil,
      rejected: counts.rejected + rejected.length,
      repeated: settled.repeated,
      alike: settled.alike,
      staged: Number(await countStagedRows(ctx, importId)),
    };
    if (!(await moveImport(ctx, importId, 'applying', { counts: numbers })))
      throw new Error(`Import ${importId} left the state "staging" while it was staged`);
  });
  return ok();
}

/** Writes clashing rows to the rejects with their text, for which the rows are read once more. Returns their numbers. */
async function keepAside(job: StagingJob, conflicts: readonly Conflict[], rows: Rows): Promise<bigint[]> {
  const byRow = new Map<number, Conflict>();
  for (const conflict of conflicts) if (!byRow.has(Number(conflict.rowNo))) byRow.set(Number(conflict.rowNo), conflict);
  if (byRow.size === 0) return [];
  const prefix = `${job.tenant}\t${job.importId}\t`;
  async function* lines(): AsyncGenerator<string> {
    for await (const batch of rows()) {
      for (const source of batch.rows) {
        const conflict = byRow.get(source.rowNo);
        if (conflict) yield rejectLine(prefix, source.rowNo, source.cells, [conflict]);
      }
    }
  }
  await copyInto(job.installation.database, job.tenant, rejectsCopy, lines());
  return [...byRow.keys()].map(BigInt);
}
