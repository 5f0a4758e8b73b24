import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type CursorPart, pageOf, readCursor, writeCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { todayOf } from './ageing.ts';
import { type Bucket, bucketOf } from './buckets.ts';
import {
  type AccountFilter,
  type AccountRecord,
  type AccountSort,
  type After,
  countAccounts,
  findParties,
  isWide,
  selectAccounts,
  selectStretch,
} from './list-accounts.sql.ts';
import type { Page } from './page.ts';

export type Reference = { readonly id: string; readonly name: string };

/** An account at a glance. Days past due and bucket are those of its oldest open item, on the tenant's day. */
export type AccountRow = {
  readonly id: string;
  readonly number: string;
  readonly party: Reference;
  readonly client: Reference;
  readonly currency: string;
  readonly state: string;
  readonly stage: string | null;
  readonly balanceMinor: bigint;
  readonly overdueMinor: bigint;
  readonly openItems: number;
  readonly oldestDueOn: CalendarDate | null;
  readonly daysPastDue: number;
  readonly bucket: Bucket | null;
  readonly promiseDueOn: CalendarDate | null;
  readonly lastContactAt: Date | null;
  readonly lastPaidOn: CalendarDate | null;
  readonly assignedTo: Reference | null;
  readonly held: boolean;
  readonly contactable: boolean;
};

const shapeOf: Readonly<Record<AccountSort, CursorPart>> = {
  overdue_first: 'date',
  balance: 'integer',
  name: 'text',
  number: 'text',
  last_contact: 'instant',
};

/** Counting more than this would read more than a page should; the list then shows no total. */
const countedAtMost = 5_000;

export type AccountListPage = Page<AccountRow> & {
  readonly total: number | null;
  readonly totalMinor: readonly { readonly currency: string; readonly amountMinor: bigint }[] | null;
};

/**
 * A page of accounts, filtered, sorted, searched; totals on the first page while they are cheap. A search for frequent words looks at some
 * accounts for each page: such a page may have few rows or none and a cursor all the same. Refuses: `bad_cursor`.
 */
export async function listAccounts(
  ctx: Ctx,
  asked: AccountFilter & { readonly sort?: AccountSort; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<AccountListPage, 'bad_cursor'>> {
  const sort = asked.sort ?? 'overdue_first';
  const after = readAfter(asked.cursor, shapeOf[sort]);
  if (!after.ok) return after;
  const on = await todayOf(ctx);
  const filter = asked.q ? { ...asked, parties: await findParties(ctx, asked.q) } : asked;
  const wanted = { sort, after: after.value, rows: asked.limit + 1, on };
  const { rows: found, next } = isWide(filter.parties)
    ? await selectStretch(ctx, filter, wanted)
    : { rows: await selectAccounts(ctx, filter, wanted), next: null };
  const counted = after.value === null ? await countAccounts(ctx, filter, on, countedAtMost) : null;
  const page = pageOf(found, asked.limit, (row) => [...keyOf(row, sort), row.id]);
  return ok({
    nextCursor: page.nextCursor ?? (next && cursorOf(next)),
    rows: page.rows.map((row) => toAccountRow(row, on)),
    total: counted?.total ?? null,
    totalMinor: counted?.totals ?? null,
  });
}

const cursorOf = ({ value, id }: After): string => writeCursor(value === null ? [id] : [value, id]);

/** A page that ended among rows without a sort value carries only their id. */
function readAfter(cursor: string | undefined, shape: CursorPart): Result<After | null, 'bad_cursor'> {
  if (cursor === undefined) return ok(null);
  const valued = readCursor(cursor, [shape, 'uuid']);
  if (valued.ok) return ok({ value: valued.value[0] ?? null, id: valued.value[1] ?? '' });
  const bare = readCursor(cursor, ['uuid']);
  return bare.ok ? ok({ value: null, id: bare.value[0] ?? '' }) : bare;
}

function keyOf(row: AccountRecord, sort: AccountSort): string[] {
  switch (sort) {
    case 'overdue_first':
      return row.oldest_open_due_on === null ? [] : [row.oldest_open_due_on];
    case 'balance':
      return [String(row.balance_minor)];
    case 'name':
      return [row.party_name];
    case 'number':
      return [row.account_number];
    case 'last_contact':
      return row.last_contact_at === null ? [] : [row.last_contact_at.toISOString()];
  }
}

export function toAccountRow(row: AccountRecord, on: CalendarDate): AccountRow {
  const due = row.oldest_open_due_on;
  return {
    id: row.id,
    number: row.account_number,
    party: { id: row.party_id, name: row.party_name },
    client: { id: row.client_id, name: row.client_name },
    currency: row.currency,
    state: row.state,
    stage: row.stage,
    balanceMinor: row.balance_minor,
    overdueMinor: row.overdue_minor,
    openItems: row.open_items,
    oldestDueOn: due,
    daysPastDue: due === null ? 0 : Math.max(0, daysBetween(due, on)),
    bucket: due === null ? null : bucketOf(due, on),
    promiseDueOn: row.promise_due_on,
    lastContactAt: row.last_contact_at,
    lastPaidOn: row.last_paid_on,
    assignedTo: row.assigned_to === null ? null : { id: row.assigned_to, name: row.assigned_name ?? 'a former member' },
    held: row.held,
    contactable: row.contactable,
  };
}
