import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { streamQuery } from '../../kernel/db.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { csvLine } from '../../kernel/text.ts';
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
  readonly acknowledgingNote: string | null;
  readonly accountNumber: string | null;
  readonly clientName: string | null;
  readonly permitId: string | null;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
};

export type IncidentFilter = {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly clientId?: string | undefined;
  /** By when it was recorded: from this instant, up to but not including the other. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly id?: string | undefined;
};

/** Breach incidents, newest first; those of no account show to who may see the whole tenant. Refuses: `bad_cursor`. */
export async function listIncidents(
  ctx: Ctx,
  scope: Scope,
  filter: IncidentFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: IncidentRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const wanted: RawBuilder<unknown>[] = [];
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['instant', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(i.recorded_at, i.id) < (${cursor.value[0]}::timestamptz, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<IncidentRow & { cursorAt: string }>`
    ${incidents(ctx, scope, filter, wanted)} limit ${page.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, page.limit, (row) => [row.cursorAt, row.id]));
}

function incidents(
  ctx: Ctx,
  scope: Scope,
  filter: IncidentFilter,
  more: readonly RawBuilder<unknown>[] = [],
): RawBuilder<IncidentRow> {
  const wanted = [sql`i.tenant_id = ${ctx.tenant}`, inScope(scope, sql`a.client_id`), ...more];
  if (filter.state !== undefined) wanted.push(sql`i.state = ${filter.state}`);
  if (filter.kind !== undefined) wanted.push(sql`i.kind = ${filter.kind}`);
  if (filter.clientId !== undefined) wanted.push(sql`a.client_id = ${filter.clientId}`);
  if (filter.from !== undefined) wanted.push(sql`i.recorded_at >= ${filter.from}`);
  if (filter.until !== undefined) wanted.push(sql`i.recorded_at < ${filter.until}`);
  if (filter.id !== undefined) wanted.push(sql`i.id = ${filter.id}`);
  return sql<IncidentRow>`
    select i.id, i.kind, i.account_id as "accountId", a.number as "accountNumber", c.name as "clientName", i.summary, i.state, i.effective_at as at,
      i.closing_note as "closingNote", i.closed_by as "closedBy", i.acknowledged_by as "acknowledgedBy",
      i.detail ->> 'acknowledgingNote' as "acknowledgingNote", i.permit_id as "permitId", i.recorded_at as "recordedAt", i.row_version as "rowVersion",
      i.recorded_at::text as "cursorAt"
    from compliance.incidents_v i
    left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
    left join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    where ${sql.join(wanted, sql` and `)} order by i.recorded_at desc, i.id desc`;
}

const columns = [
  'Recorded',
  'Happened',
  'Kind',
  'State',
  'Account',
  'Client',
  'What happened',
  'Taken up by',
  'Note',
  'Closed by',
  'Closing note',
  'Permit',
  'Incident',
] as const;

/** All incidents of the filter as CSV text (RFC 4180, formula-safe), a piece at a time. */
export async function* exportIncidents(ctx: Ctx, scope: Scope, filter: IncidentFilter): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const rows of streamQuery(ctx.db, incidents(ctx, scope, filter), 500))
    yield rows.map((row) => csvLine(cellsOf(row))).join('');
}

const cellsOf = (row: IncidentRow): (string | null)[] => [
  row.recordedAt.toISOString(),
  row.at.toISOString(),
  row.kind,
  row.state,
  row.accountNumber,
  row.clientName,
  row.summary,
  row.acknowledgedBy,
  row.acknowledgingNote,
  row.closedBy,
  row.closingNote,
  row.permitId,
  row.id,
];
