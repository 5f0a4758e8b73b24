import { sql } from 'kysely';
import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { todayOf } from './ageing.ts';
import type { Page } from './page.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type ItemRow = {
  readonly id: string;
  readonly kind: string;
  readonly number: string | null;
  readonly description: string | null;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly amountMinor: bigint;
  readonly openMinor: bigint;
  /** Zero when it is not past due or owes nothing. */
  readonly daysPastDue: number;
  readonly level: number | null;
  readonly levelReachedOn: CalendarDate | null;
  /** Live holds that cover it, in words. */
  readonly stoppedBy: readonly string[];
  readonly closedOn: CalendarDate | null;
};

type ItemRecord = Omit<ItemRow, 'daysPastDue'>;

/** Items of an account: open ones oldest due first, or all newest due first. Refuses: `bad_cursor`. Unknown accounts have none. */
export async function listItems(
  ctx: Ctx,
  asked: {
    readonly accountId: string;
    readonly open?: 'yes' | 'all';
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly scope: RowScope;
  },
): Promise<Result<Page<ItemRow>, 'bad_cursor'>> {
  const after = asked.cursor === undefined ? ok(null) : readCursor(asked.cursor, ['date', 'uuid']);
  if (!after.ok) return after;
  const [dueOn, id] = after.value ?? [];
  const onlyOpen = asked.open === 'yes';
  const beyond =
    after.value === null
      ? sql`true`
      : onlyOpen
        ? sql`(i.due_on, i.id) > (${dueOn}::date, ${id}::uuid)`
        : sql`(i.due_on, i.id) < (${dueOn}::date, ${id}::uuid)`;
  const { rows } = await sql<ItemRecord>`
    select i.id, i.kind, i.number, i.description, i.issued_on as "issuedOn", i.due_on as "dueOn", i.amount_minor as "amountMinor",
      i.open_minor as "openMinor", l.level, l.reached_on as "levelReachedOn", i.closed_on as "closedOn",
      array(
        select distinct h.reason from accounts.holds_v h
        where h.tenant_id = ${ctx.tenant} and h.released_at is null and h.effective_from <= ${ctx.at} and (h.effective_to is null or h.effective_to > ${ctx.at})
          and h.cluster_id in (
            select sibling.id from accounts.accounts_v a
            join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = a.cluster_id
            join parties.clusters_v sibling on sibling.tenant_id = ${ctx.tenant} and sibling.root_id = own.root_id
            where a.tenant_id = ${ctx.tenant} and a.id = ${asked.accountId})
          and (h.coverage = 'party'
            or h.coverage = 'account' and h.account_id = i.account_id
            or h.coverage = 'items' and h.account_id = i.account_id and exists (
              select 1 from accounts.hold_items_v x where x.tenant_id = ${ctx.tenant} and x.hold_id = h.id and x.item_id = i.id))) as "stoppedBy"
    from accounts.items_v i
    left join strategy.item_levels_v l on l.tenant_id = ${ctx.tenant} and l.item_id = i.id
    where i.tenant_id = ${ctx.tenant} and i.account_id = ${asked.accountId} and ${withinScope('i.client_id', asked.scope)}
      and ${onlyOpen ? sql`i.open_minor <> 0` : sql`true`} and ${beyond}
    order by i.due_on ${onlyOpen ? sql`asc` : sql`desc`}, i.id ${onlyOpen ? sql`asc` : sql`desc`}
    limit ${asked.limit + 1}`.execute(ctx.db);
  const on = await todayOf(ctx);
  const page = pageOf(rows, asked.limit, (row) => [row.dueOn, row.id]);
  return ok({
    ...page,
    rows: page.rows.map((row) => ({
      ...row,
      stoppedBy: row.stoppedBy.map((reason) => holdWords[reason] ?? reason),
      daysPastDue: row.openMinor > 0n ? Math.max(0, daysBetween(row.dueOn, on)) : 0,
    })),
  });
}

/** Hold reasons as a reader says them. */
export const holdWords: Readonly<Record<string, string>> = {
  dispute: 'Dispute',
  promise: 'Promise to pay',
  plan: 'Payment plan',
  hardship: 'Hardship',
  bankruptcy: 'Bankruptcy',
  deceased: 'Deceased',
  legal: 'Legal',
  query: 'Query',
  manual: 'Held by hand',
  unmatched_cash: 'Unmatched cash',
  cease: 'Asked for no contact',
};
