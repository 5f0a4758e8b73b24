import { type RawBuilder, sql } from 'kysely';
import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { todayOf } from './ageing.ts';
import type { Reference } from './list-accounts.ts';
import type { Page } from './page.ts';
import type { RowScope } from './row-scope.ts';

export type CasePage = {
  readonly id: string;
  readonly party: Reference;
  readonly assignedTo: Reference | null;
  readonly openedAt: Date;
  readonly openedBy: string;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
  /** It also holds accounts of clients the reader may not see, and is not theirs to change. */
  readonly partial: boolean;
  readonly totals: readonly { readonly amountMinor: bigint; readonly currency: string }[];
  readonly accounts: readonly {
    readonly id: string;
    readonly number: string;
    readonly client: Reference;
    readonly currency: string;
    readonly balanceMinor: bigint;
    readonly daysPastDue: number;
    readonly openTasks: number;
  }[];
  readonly rowVersion: bigint;
};

type CaseRecord = {
  readonly id: string;
  readonly assigned_id: string | null;
  readonly assigned_name: string | null;
  readonly opened_at: Date;
  readonly opened_by: string;
  readonly closed_at: Date | null;
  readonly close_reason: string | null;
  readonly row_version: bigint;
};

type Member = {
  readonly case_id: string;
  readonly id: string;
  readonly number: string;
  readonly party_id: string;
  readonly party_name: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly currency: string;
  readonly balance_minor: bigint;
  readonly oldest_open_due_on: CalendarDate | null;
  readonly open_tasks: bigint;
};

/** A case of which the reader may see at least one account. Refuses: `not_found`. */
export async function casePage(ctx: Ctx, caseId: string, scope: RowScope): Promise<Result<CasePage, 'not_found'>> {
  const [page] = await casesWhere(ctx, scope, sql`k.id = ${caseId}`, sql`k.id`, 1);
  return page ? ok(page) : refuse('not_found', 'There is no such case.');
}

/** The open case of an account, or null. */
export async function caseOfAccount(ctx: Ctx, accountId: string, scope: RowScope): Promise<CasePage | null> {
  const ofAccount = sql`k.closed_at is null and k.id = (
    select a.case_id from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.id = ${accountId})`;
  const [page] = await casesWhere(ctx, scope, ofAccount, sql`k.id`, 1);
  return page ?? null;
}

/** Cases, newest first: open or closed ones, of one collector when asked for. Refuses: `bad_cursor`. */
export async function listCases(
  ctx: Ctx,
  asked: {
    readonly state: 'open' | 'closed';
    readonly assignedTo?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly scope: RowScope;
  },
): Promise<Result<Page<CasePage>, 'bad_cursor'>> {
  const after = asked.cursor === undefined ? ok(null) : readCursor(asked.cursor, ['instant', 'uuid']);
  if (!after.ok) return after;
  const [at, id] = after.value ?? [];
  const { clientIds } = asked.scope;
  const where = sql`${asked.state === 'open' ? sql`k.closed_at is null` : sql`k.closed_at is not null`}
    and (${asked.assignedTo ?? null}::uuid is null or k.assigned_to = ${asked.assignedTo ?? null}::uuid)
    and ${after.value === null ? sql`true` : sql`(k.opened_at, k.id) < (${at}::timestamptz, ${id}::uuid)`}
    and (${clientIds ? [...clientIds] : null}::uuid[] is null or exists (
      select 1 from accounts.accounts_v a where a.tenant_id = ${ctx.tenant} and a.case_id = k.id and a.client_id = any(${clientIds ? [...clientIds] : null}::uuid[])))`;
  const pages = await casesWhere(ctx, asked.scope, where, sql`k.opened_at desc, k.id desc`, asked.limit + 1);
  return ok(pageOf(pages, asked.limit, (page) => [page.openedAt.toISOString(), page.id]));
}

async function casesWhere(
  ctx: Ctx,
  scope: RowScope,
  where: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  limit: number,
): Promise<CasePage[]> {
  const { rows: cases } = await sql<CaseRecord>`
    select k.id, k.assigned_to as assigned_id, k.opened_at, k.closed_at, k.close_reason, k.row_version,
      (select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id = k.assigned_to limit 1) as assigned_name,
      coalesce((select m.display_name from identity.members_v m where m.tenant_id = ${ctx.tenant} and m.user_id::text = k.opened_by limit 1), k.opened_by) as opened_by
    from accounts.cases_v k where k.tenant_id = ${ctx.tenant} and ${where} order by ${order} limit ${limit}`.execute(
    ctx.db,
  );
  if (cases.length === 0) return [];
  const { rows: members } = await sql<Member>`
    select a.case_id, f.id, f.account_number as number, f.party_id, f.party_name, f.client_id, c.name as client_name, f.currency, f.balance_minor, f.oldest_open_due_on,
      (select count(*) from desk.tasks_v t where t.tenant_id = ${ctx.tenant} and t.account_id = f.id and t.state = 'open') as open_tasks
    from accounts.accounts_v a
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = f.client_id
    where a.tenant_id = ${ctx.tenant} and a.case_id = any(${cases.map((one) => one.id)}::uuid[])
    order by f.balance_minor desc, f.id`.execute(ctx.db);
  const today = await todayOf(ctx);
  return cases.flatMap((one) => {
    const all = members.filter((member) => member.case_id === one.id);
    const seen = all.filter((member) => !scope.clientIds || scope.clientIds.includes(member.client_id));
    const page = toPage(one, seen, today, seen.length < all.length);
    return page ? [page] : [];
  });
}

function toPage(one: CaseRecord, seen: readonly Member[], today: CalendarDate, partial: boolean): CasePage | null {
  const [first] = seen;
  if (!first) return null;
  const currencies = [...new Set(seen.map((member) => member.currency))].sort();
  return {
    id: one.id,
    party: { id: first.party_id, name: first.party_name },
    assignedTo: one.assigned_id === null ? null : { id: one.assigned_id, name: one.assigned_name ?? 'a former member' },
    openedAt: one.opened_at,
    openedBy: one.opened_by,
    closedAt: one.closed_at,
    closeReason: one.close_reason,
    partial,
    totals: currencies.map((currency) => ({
      currency,
      amountMinor: seen.reduce((sum, member) => sum + (member.currency === currency ? member.balance_minor : 0n), 0n),
    })),
    accounts: seen.map((member) => ({
      id: member.id,
      number: member.number,
      client: { id: member.client_id, name: member.client_name },
      currency: member.currency,
      balanceMinor: member.balance_minor,
      daysPastDue: member.oldest_open_due_on === null ? 0 : Math.max(0, daysBetween(member.oldest_open_due_on, today)),
      openTasks: Number(member.open_tasks),
    })),
    rowVersion: one.row_version,
  };
}
