import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { type Page, pageOf, readCursor } from './cursor.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type RunRow = {
  readonly id: string;
  readonly asOf: CalendarDate;
  readonly at: Date;
  readonly state: string;
  readonly caughtUpDays: number;
  /** Flattened: `actions.email`, `skipped_levels`, whatever the run counted. */
  readonly counts: Readonly<Record<string, number>>;
  readonly startedBy: string;
  readonly finishedAt: Date | null;
};

/** Strategy runs, newest first. Refuses: `malformed` cursor. */
export async function listRuns(ctx: Ctx, asked: { readonly cursor?: string | undefined; readonly limit: number }): Promise<Result<Page<RunRow>, 'malformed'>> {
  const after = readCursor(asked.cursor, ['date', 'uuid']);
  if (!after.ok) return after;
  const [on, id] = after.value ?? [];
  const { rows } = await sql<Omit<RunRow, 'counts'> & { counts: unknown }>`
    select r.id, r.as_of as "asOf", r.at, r.state, r.caught_up_days as "caughtUpDays", r.counts, coalesce(m.display_name, r.started_by) as "startedBy", r.finished_at as "finishedAt"
    from strategy.runs_v r left join identity.members_v m on m.tenant_id = ${ctx.tenant} and m.user_id::text = r.started_by
    where r.tenant_id = ${ctx.tenant} and ${after.value === null ? sql`true` : sql`(r.as_of, r.id) < (${on}::date, ${id}::uuid)`}
    order by r.as_of desc, r.id desc limit ${asked.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, asked.limit, (row) => [row.asOf, row.id], (row) => ({ ...row, counts: flatCounts(row.counts) })));
}

/** Numbers of a nested record, by dotted name. */
export function flatCounts(counts: unknown, prefix = ''): Record<string, number> {
  if (typeof counts !== 'object' || counts === null) return {};
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'number') return [[`${prefix}${name}`, value]];
      return Object.entries(flatCounts(value, `${prefix}${name}.`));
    }),
  );
}

export type IncidentRow = {
  readonly id: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly summary: string;
  readonly state: 'open' | 'acknowledged' | 'closed';
  readonly at: Date;
  readonly closingNote: string | null;
  readonly rowVersion: bigint;
};

/** Breach incidents, newest first; those of no account show to readers of the whole tenant only. Refuses: `malformed` cursor. */
export async function listIncidents(
  ctx: Ctx,
  asked: { readonly state?: string | undefined; readonly cursor?: string | undefined; readonly limit: number; readonly scope: RowScope },
): Promise<Result<Page<IncidentRow>, 'malformed'>> {
  const after = readCursor(asked.cursor, ['instant', 'uuid']);
  if (!after.ok) return after;
  const [at, id] = after.value ?? [];
  const { rows } = await sql<IncidentRow>`
    select i.id, i.kind, i.account_id as "accountId", i.summary, i.state, i.recorded_at as at, i.closing_note as "closingNote", i.row_version as "rowVersion"
    from compliance.incidents_v i left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
    where i.tenant_id = ${ctx.tenant} and ${withinScope('a.client_id', asked.scope)} and ${asked.state ? sql`i.state = ${asked.state}` : sql`true`}
      and ${after.value === null ? sql`true` : sql`(i.recorded_at, i.id) < (${at}::timestamptz, ${id}::uuid)`}
    order by i.recorded_at desc, i.id desc limit ${asked.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, asked.limit, (row) => [row.at.toISOString(), row.id], (row) => row));
}
