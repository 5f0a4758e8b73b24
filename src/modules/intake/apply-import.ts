import { instantAt, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { advanceFeed, findClient, lockClient } from '../accounts/public.ts';
import { loadTenant, recordAudit } from '../identity/public.ts';
import type { Import, ImportCounts } from './import.ts';
import { findImport, lockImport, moveImport } from './import.sql.ts';
import { countGone, reopenReturned, stageGone } from './snapshot.sql.ts';
import {
  anyKnown,
  countStagedRows,
  deleteStaged,
  dropUnchanged,
  nameKnownItems,
  upsertSourceRows,
} from './staged-rows.sql.ts';

/** What the hub's doors are to be called for. */
export type ReadyImport = {
  readonly row: Import;
  readonly changed: number;
  readonly unchanged: number;
  readonly gone: number;
  /** No row of it has come before. */
  readonly fresh: boolean;
};

const defaultGonePercent = 5;

/**
 * First step of the applying transaction: locks the import and its client, stages "nothing open" for items a full snapshot no longer has, and
 * forgets rows that say what we know. Refuses: `wrong_state` (someone else did it), `needs_confirmation` (more of the portfolio would
 * be gone than the tenant's threshold, or rows were rejected, and nobody confirmed: nothing is changed, the import waits).
 */
export async function beginApplying(
  ctx: Ctx,
  importId: Id<'import'>,
): Promise<Result<ReadyImport, 'wrong_state' | 'needs_confirmation'>> {
  if ((await lockImport(ctx, importId)) !== 'applying')
    return refuse('wrong_state', 'The import is not waiting to be applied.');
  const row = await findImport(ctx, importId);
  if (!row) throw new Error(`Import ${importId} vanished while it was locked`);
  await lockClient(ctx, row.clientId);
  const staged = await countStagedRows(ctx, importId);
  return withSetPlans(ctx.db, staged, async () => {
    const gone = row.options.fullSnapshot ? await closeGone(ctx, row) : ok(0);
    if (!gone.ok) return gone;
    const fresh = !(await anyKnown(ctx, importId));
    if (row.target === 'items' && !fresh) {
      await nameKnownItems(ctx, importId);
      await reopenReturned(ctx, importId);
    }
    const unchanged = fresh ? 0 : await dropUnchanged(ctx, importId);
    return ok({ row, changed: Number(staged) + gone.value - unchanged, unchanged, gone: gone.value, fresh });
  });
}

async function closeGone(ctx: Ctx, row: Import): Promise<Result<number, 'needs_confirmation'>> {
  const where = { importId: row.id, clientId: row.clientId, scope: row.options.scope };
  const { live, gone } = await countGone(ctx, where);
  if (gone === 0) return ok(0);
  const { settings } = await loadTenant(ctx);
  const percent =
    typeof settings['snapshotGonePercent'] === 'number' ? settings['snapshotGonePercent'] : defaultGonePercent;
  // An item missed may be one of the rows that could not be read: nothing tells them apart but a person.
  const doubtful = (row.counts['rejected'] ?? 0) > 0;
  if (row.confirmedBy === null && (doubtful || gone * 100 > live * percent)) {
    await moveImport(ctx, row.id, 'needs_confirmation', { counts: { live, gone } });
    return refuse('needs_confirmation', goneSentence(row, live, gone));
  }
  return ok(await stageGone(ctx, where));
}

/** What a person is asked before a full snapshot closes much of the portfolio, or what may be among the rows that were rejected. */
export function goneSentence(row: Pick<Import, 'fileName' | 'counts'>, live: number, gone: number): string {
  const rejected = row.counts['rejected'] ?? 0;
  const unread =
    rejected === 0
      ? ''
      : ` ${rejected} ${rejected === 1 ? 'row' : 'rows'} of the file could not be read; mend them first where they may be among these.`;
  return `"${row.fileName}" is declared to be everything that is open, but ${gone} of ${live} open items are not in it. If you confirm, those ${gone} are taken as settled at the source and nobody is reminded of them any more. If the file is only a part, cancel.${unread}`;
}

/** Last step of the applying transaction: remembers the rows, says how far the feed speaks, and closes the import. */
export async function finishImport(ctx: Ctx, ready: ReadyImport, counts: ImportCounts): Promise<void> {
  const { row } = ready;
  await withSetPlans(ctx.db, BigInt(ready.changed), () =>
    upsertSourceRows(ctx, row.id, row.clientId, row.target, ready.fresh),
  );
  if (row.target === 'items' && row.options.retryOf === null)
    await advanceFeed(ctx, row.clientId, await feedInstant(ctx, row));
  const all = { ...counts, changed: ready.changed, unchanged: ready.unchanged, gone: ready.gone };
  const done = await moveImport(ctx, row.id, 'done', { counts: all, forgetFile: true });
  if (!done) throw new Error(`Import ${row.id} left the state "applying" while it was applied`);
  await recordAudit(ctx, {
    action: 'import.applied',
    subjectKind: 'import',
    subjectId: row.id,
    detail: {
      target: row.target,
      clientId: row.clientId,
      fileSha256: row.fileSha256.toString('hex'),
      until: row.options.until,
      counts: { ...row.counts, ...all },
    },
  });
}

/** A file cut off at a date speaks up to the end of that day, never beyond now. */
async function feedInstant(ctx: Ctx, row: Import): Promise<Date> {
  const client = await findClient(ctx, row.clientId);
  if (!client || row.options.until === null) return ctx.at;
  const end = instantAt(row.options.until, '23:59', timeZone(client.timeZone));
  return end < ctx.at ? end : ctx.at;
}

/** Ends an import that cannot be taken in, with the sentence a person reads. Nothing of it was applied. */
export async function failImport(ctx: Ctx, importId: Id<'import'>, sentence: string): Promise<void> {
  if (!(await moveImport(ctx, importId, 'failed', { failure: sentence }))) return;
  await recordAudit(ctx, { action: 'import.failed', subjectKind: 'import', subjectId: importId, detail: { sentence } });
}

/** Empties staging after an import has ended. Repeating it changes nothing. */
export async function clearStaging(ctx: Ctx, importId: Id<'import'>): Promise<void> {
  await deleteStaged(ctx, importId);
}
