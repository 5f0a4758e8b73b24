import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { type Page, pageOf, readCursor } from './cursor.ts';
import { type RowScope, withinScope } from './row-scope.ts';
import { selectTimeline } from './timeline.sql.ts';
import { type TimelineEntry, toTimelineEntry } from './timeline-entry.ts';

/** Everything that happened on an account, both directions, newest first. Refuses: `not_found` (also outside the scope), `malformed` cursor. */
export async function timeline(
  ctx: Ctx,
  asked: { readonly accountId: string; readonly cursor?: string | undefined; readonly limit: number; readonly scope: RowScope },
): Promise<Result<Page<TimelineEntry>, 'not_found' | 'malformed'>> {
  const after = readCursor(asked.cursor, ['instant', 'text']);
  if (!after.ok) return after;
  if (!(await isVisible(ctx, asked.accountId, asked.scope))) return refuse('not_found', 'There is no such account.');
  const records = await selectTimeline(ctx, asked.accountId, after.value, asked.limit + 1);
  return ok(pageOf(records, asked.limit, (record) => [record.at.toISOString(), `${record.source}:${record.id}`], toTimelineEntry));
}

/** Whether the account exists and is of a client the reader may see. */
export async function isVisible(ctx: Ctx, accountId: string, scope: RowScope): Promise<boolean> {
  const { rows } = await sql`select 1 from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and f.id = ${accountId} and ${withinScope('f.client_id', scope)}`.execute(ctx.db);
  return rows.length > 0;
}
