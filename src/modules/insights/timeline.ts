import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import type { Page } from './page.ts';
import { type RowScope, withinScope } from './row-scope.ts';
import { selectTimeline } from './timeline.sql.ts';
import { type TimelineEntry, toTimelineEntry } from './timeline-entry.ts';

/** Everything that happened on an account, both directions, newest first. Refuses: `not_found` (also outside the scope), `bad_cursor`. */
export async function getTimeline(
  ctx: Ctx,
  asked: {
    readonly accountId: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly scope: RowScope;
  },
): Promise<Result<Page<TimelineEntry>, 'not_found' | 'bad_cursor'>> {
  const after = asked.cursor === undefined ? ok(null) : readCursor(asked.cursor, ['instant', 'text']);
  if (!after.ok) return after;
  if (!(await isVisible(ctx, asked.accountId, asked.scope))) return refuse('not_found', 'There is no such account.');
  const records = await selectTimeline(ctx, asked.accountId, after.value, asked.limit + 1);
  const page = pageOf(records, asked.limit, (record) => [record.at.toISOString(), `${record.source}:${record.id}`]);
  return ok({ ...page, rows: page.rows.map(toTimelineEntry) });
}

const changing: ReadonlySet<string> = new Set([
  'receipt',
  'receipt_reversed',
  'promise',
  'promise_judged',
  'hold',
  'hold_released',
  'inbound',
  'wish',
  'state',
  'case',
  'merge',
  'link',
  'items',
]);
const mostLookedAt = 100;

/** What has happened on an account since an instant that somebody who planned to call then should know, newest first; at most `limit`. */
export async function changesSince(
  ctx: Ctx,
  asked: { readonly accountId: string; readonly since: Date; readonly limit: number },
): Promise<TimelineEntry[]> {
  const records = await selectTimeline(ctx, asked.accountId, null, mostLookedAt);
  return records
    .filter((record) => record.at >= asked.since && changing.has(record.source))
    .slice(0, asked.limit)
    .map(toTimelineEntry);
}

/** Whether the account exists and is of a client the reader may see. */
export async function isVisible(ctx: Ctx, accountId: string, scope: RowScope): Promise<boolean> {
  const { rows } = await sql`select 1 from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and f.id = ${accountId} and ${withinScope('f.client_id', scope)}`.execute(ctx.db);
  return rows.length > 0;
}
