import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { inScope, type Scope } from './scope.ts';

export type IncidentRow = {
  readonly id: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly summary: string;
  readonly state: 'open' | 'acknowledged' | 'closed';
  readonly at: Date;
  readonly closingNote: string | null;
  readonly closedBy: string | null;
  readonly acknowledgedBy: string | null;
  readonly permitId: string | null;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
};

/** Breach incidents, newest first; those of no account show to who may see the whole tenant. Refuses: `bad_cursor`. */
export async function listIncidents(
  ctx: Ctx,
  scope: Scope,
  filter: { readonly state?: string | undefined; readonly id?: string | undefined },
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: IncidentRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const wanted = [sql`i.tenant_id = ${ctx.tenant}`, inScope(scope, sql`a.client_id`)];
  if (filter.state !== undefined) wanted.push(sql`i.state = ${filter.state}`);
  if (filter.id !== undefined) wanted.push(sql`i.id = ${filter.id}`);
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['instant', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(i.recorded_at, i.id) < (${cursor.value[0]}::timestamptz, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<IncidentRow & { cursorAt: string }>`
    select i.id, i.kind, i.account_id as "accountId", i.summary, i.state, i.effective_at as at, i.closing_note as "closingNote", i.closed_by as "closedBy",
      i.acknowledged_by as "acknowledgedBy", i.permit_id as "permitId", i.recorded_at as "recordedAt", i.row_version as "rowVersion", i.recorded_at::text as "cursorAt"
    from compliance.incidents_v i left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
    where ${sql.join(wanted, sql` and `)} order by i.recorded_at desc, i.id desc limit ${page.limit + 1}`.execute(
    ctx.db,
  );
  return ok(pageOf(rows, page.limit, (row) => [row.cursorAt, row.id]));
}
