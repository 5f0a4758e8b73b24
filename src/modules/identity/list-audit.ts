import type { Ctx } from '../../kernel/ctx.ts';
import { isId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { type AuditFilters, type ListedRow, selectAudit, selectAuditAbout } from './list-audit.sql.ts';
import { lacking } from './permissions.ts';
import { readPersonal } from './record-audit.ts';

export type AuditEntry = Omit<ListedRow, 'personal' | 'personId'> & {
  /** Opened personal values; null when there are none, or the person has been erased. */
  readonly personal: Readonly<Record<string, unknown>> | null;
};

export type AuditPage = { readonly entries: readonly AuditEntry[]; readonly nextCursor: string | null };

/**
 * The audit trail, newest first, at most 200 a page. `cursor` comes from the page before. Refuses: `forbidden`,
 * `invalid_cursor`.
 */
export async function listAudit(
  ctx: Ctx,
  filters: AuditFilters = {},
  page: { readonly cursor?: string; readonly limit?: number } = {},
): Promise<Result<AuditPage, 'forbidden' | 'invalid_cursor'>> {
  const refused = lacking(ctx.actor, 'audit.read');
  if (refused) return refused;
  const after = page.cursor === undefined ? null : readCursor(page.cursor);
  if (page.cursor !== undefined && !after) {
    return refuse('invalid_cursor', 'This cursor is not one that a page of the audit trail gave.');
  }
  const limit = Math.max(1, Math.min(200, Math.trunc(page.limit ?? 50)));
  const rows = await selectAudit(ctx.db, ctx.tenant, filters, after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return ok({
    entries: await opened(ctx, shown),
    nextCursor: rows.length > limit && last ? writeCursor(last) : null,
  });
}

/** The next entries about accounts and other subjects after the one named, oldest first. Whoever calls has found that they may be shown. */
export async function listAuditAbout(
  ctx: Ctx,
  asked: { readonly subjectIds: readonly string[]; readonly after: string | null; readonly limit: number },
): Promise<AuditEntry[]> {
  return opened(ctx, await selectAuditAbout(ctx.db, ctx.tenant, asked.subjectIds, asked.after, asked.limit));
}

async function opened(ctx: Ctx, rows: readonly ListedRow[]): Promise<AuditEntry[]> {
  const values = await readPersonal(ctx, rows);
  return rows.map(({ personal: _sealed, personId: _person, ...row }) => ({
    ...row,
    personal: values.get(row.id) ?? null,
  }));
}

function writeCursor(row: ListedRow): string {
  return Buffer.from(`${row.recordedAt.toISOString()}|${row.id}`).toString('base64url');
}

function readCursor(text: string): { recordedAt: Date; id: string } | null {
  const [instant = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  const recordedAt = new Date(instant);
  return Number.isNaN(recordedAt.getTime()) || !isId(id) ? null : { recordedAt, id };
}
