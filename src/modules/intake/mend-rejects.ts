import type { Ctx } from '../../kernel/ctx.ts';
import { sha256Hex } from '../../kernel/crypto.ts';
import { streamQuery } from '../../kernel/db.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { csvLine } from '../../kernel/text.ts';
import { recordAudit } from '../identity/public.ts';
import type { SourceRow } from './csv-reader.ts';
import { findImport, insertImport } from './import.sql.ts';
import {
  closeRejects,
  countReasons,
  lockRejects,
  openRejects,
  type RejectRow,
  selectRejects,
  updateReject,
} from './reject.sql.ts';
import { mendedCells, namedCells, type Reject } from './reject.ts';

const asReject = (headers: readonly string[], row: RejectRow): Reject => ({
  ...row,
  rowNo: Number(row.rowNo),
  cells: namedCells(headers, row.cells),
});

/** Rows kept aside and still open, by row number, with how many there are of each reason. Refuses: `import_not_found`. */
export async function listRejects(
  ctx: Ctx,
  importId: Id<'import'>,
  page: { readonly limit: number; readonly afterRowNo: number },
): Promise<Result<{ rows: Reject[]; reasons: { code: string; count: number }[] }, 'import_not_found'>> {
  const job = await findImport(ctx, importId);
  if (!job) return refuse('import_not_found', 'There is no such import.');
  const rows = await selectRejects(ctx, importId, page.limit, BigInt(page.afterRowNo));
  return ok({
    rows: rows.map((row) => asReject(job.options.headers, row)),
    reasons: await countReasons(ctx, importId),
  });
}

/**
 * The open rejects as CSV, the file's own columns first, so that the mended file can be imported as it is. Cells that a spreadsheet
 * would run as formulas are guarded. Stream it inside the ctx's transaction.
 */
export async function* exportRejects(ctx: Ctx, importId: Id<'import'>): AsyncGenerator<string> {
  const job = await findImport(ctx, importId);
  if (!job) return;
  const { headers } = job.options;
  yield `\ufeff${csvLine([...headers, 'Row', 'What is wrong'])}`;
  for await (const rows of streamQuery(ctx.db, openRejects(ctx, importId), 500)) {
    yield rows
      .map((row) => csvLine([...headers.map((_, index) => row.cells[index] ?? ''), Number(row.rowNo), row.reason]))
      .join('');
  }
}

/** Leaves rows out for good. Refuses: `import_not_found`. */
export async function discardRejects(
  ctx: Ctx,
  importId: Id<'import'>,
  rowNos: readonly number[],
): Promise<Result<{ discarded: number }, 'import_not_found'>> {
  if (!(await findImport(ctx, importId))) return refuse('import_not_found', 'There is no such import.');
  const discarded = await closeRejects(ctx, importId, rowNos, 'discarded', null);
  if (discarded > 0)
    await recordAudit(ctx, {
      action: 'import.rows_discarded',
      subjectKind: 'import',
      subjectId: importId,
      detail: { discarded },
    });
  return ok({ discarded });
}

/** Rows to try again, and the import they were put into. */
export type Retry = { readonly retryId: Id<'import'>; readonly rows: readonly SourceRow[] };

/**
 * Puts mended rows into an import of their own, ready to be staged from the rows returned. Rows that are not open any more are
 * left out. Refuses: `import_not_found`, `wrong_state` while the import is not done, `no_rows`.
 */
export async function beginRetry(
  ctx: Ctx,
  importId: Id<'import'>,
  changes: readonly { readonly rowNo: number; readonly cells: Readonly<Record<string, string>> }[],
): Promise<Result<Retry, 'import_not_found' | 'wrong_state' | 'no_rows'>> {
  const job = await findImport(ctx, importId);
  if (!job) return refuse('import_not_found', 'There is no such import.');
  if (job.state !== 'done' || !job.mapping)
    return refuse('wrong_state', `The import of "${job.fileName}" is not done yet; mend its rows afterwards.`);
  const found = await lockRejects(
    ctx,
    importId,
    changes.map((change) => change.rowNo),
  );
  if (found.length === 0)
    return refuse('no_rows', 'None of these rows is open any more: somebody else has mended or discarded them.');
  const byRow = new Map(changes.map((change) => [change.rowNo, change.cells]));
  const { headers } = job.options;
  const rows = found.map((row) => ({
    rowNo: Number(row.rowNo),
    cells: mendedCells(headers, row.cells, byRow.get(Number(row.rowNo)) ?? {}),
  }));
  for (const [index, row] of found.entries()) {
    await updateReject(ctx, importId, Number(row.rowNo), {
      cells: rows[index]?.cells ?? row.cells,
      reasonCode: row.reasonCode,
      reason: row.reason,
      field: row.field,
    });
  }
  const retryId = newId<'import'>();
  const text = JSON.stringify(rows);
  await insertImport(
    ctx,
    {
      id: retryId,
      clientId: job.clientId,
      target: job.target,
      fileName: `${rows.length} mended rows of ${job.fileName}`.slice(0, 200),
      fileSize: BigInt(text.length),
      fileSha256: Buffer.from(sha256Hex(text), 'hex'),
      storedAs: null,
      mapping: job.mapping,
      options: { ...job.options, fullSnapshot: false, retryOf: importId },
      state: 'staging',
    },
    true,
  );
  return ok({ retryId, rows });
}

/**
 * Closes the mended rows that were taken in and gives those that still cannot be their new reasons. Returns how many were taken in
 * and the rows that were not.
 */
export async function finishRetry(
  ctx: Ctx,
  importId: Id<'import'>,
  retry: Retry,
): Promise<{ takenIn: number; stillRejected: Reject[] }> {
  const job = await findImport(ctx, importId);
  const attempt = await findImport(ctx, retry.retryId);
  if (attempt?.state !== 'done') return { takenIn: 0, stillRejected: [] };
  const bad = await selectRejects(ctx, retry.retryId, retry.rows.length, 0n);
  const badNos = new Set(bad.map((row) => Number(row.rowNo)));
  for (const row of bad) await updateReject(ctx, importId, Number(row.rowNo), row);
  // Its rows live on under the import they came from; kept here too they would be counted twice.
  await closeRejects(ctx, retry.retryId, [...badNos], 'discarded', null);
  const good = retry.rows.map((row) => row.rowNo).filter((rowNo) => !badNos.has(rowNo));
  const takenIn = await closeRejects(ctx, importId, good, 'fixed', retry.retryId);
  await recordAudit(ctx, {
    action: 'import.rows_mended',
    subjectKind: 'import',
    subjectId: importId,
    detail: { takenIn, stillRejected: bad.length },
  });
  return { takenIn, stillRejected: bad.map((row) => asReject(job?.options.headers ?? [], row)) };
}
