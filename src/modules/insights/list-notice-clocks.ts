import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { inScope, type Scope } from './scope.ts';

/** What a clock waits for. */
export type NoticeClockKind = 'notice_due' | 'verification_due' | 'original_creditor_due' | 'spanish_due';

export type NoticeClock = {
  readonly kind: NoticeClockKind;
  readonly accountId: string;
  readonly number: string;
  readonly partyId: string;
  readonly partyName: string;
  readonly clientId: string;
  readonly clientName: string;
  /** The day it began to run: first communication, or receipt of the request. */
  readonly since: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly overdue: boolean;
  /** Who works the account; null: nobody does. */
  readonly assignedTo: string | null;
  /** The last notice came back, so that it counts as not given. */
  readonly returned: boolean;
};

export type NoticeClockTerms = { readonly sendWithinDays: number; readonly answerWithinDays: number };

/** Third-party and purchased consumer debts that owe something: those a notice is due for. */
const noticesDue = (ctx: Ctx, terms: NoticeClockTerms): RawBuilder<unknown> => sql`
  select 'notice_due' as kind, a.id as account_id, first.local_on as since, first.local_on + ${terms.sendWithinDays}::int as due_on,
         coalesce(v.returned, false) as returned
  from accounts.accounts_v a
  join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id and c.kind in ('agency_customer', 'portfolio_owner')
  join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id and f.balance_minor > 0
  cross join lateral (
    select min(r.local_on) as local_on from compliance.register_v r
    where r.tenant_id = ${ctx.tenant} and r.account_id = a.id and r.status in ('reserved', 'counted') and (r.conversation or r.channel <> 'call')) first
  left join compliance.notices_v v on v.tenant_id = ${ctx.tenant} and v.account_id = a.id
  where a.tenant_id = ${ctx.tenant} and a.debt_kind = 'consumer' and a.state <> 'closed' and first.local_on is not null and v.provided_on is null`;

const requestsOpen = (ctx: Ctx, terms: NoticeClockTerms): RawBuilder<unknown> => sql`
  select k.kind, r.account_id, r.received_on, r.received_on + ${terms.answerWithinDays}::int, false
  from compliance.notice_replies_v r
  cross join lateral (values ('verification_due', r.dispute_unanswered), ('original_creditor_due', r.original_creditor_unanswered)) k (kind, open)
  where r.tenant_id = ${ctx.tenant} and k.open
  union all
  select 'spanish_due', v.account_id, v.spanish_wanted_since::date, v.spanish_wanted_since::date + ${terms.sendWithinDays}::int, false
  from compliance.notices_v v where v.tenant_id = ${ctx.tenant} and v.spanish_wanted_since is not null`;

/** Clocks that run, the soonest due first, at most `limit`: notices due, verifications due, original creditors and Spanish copies asked for. */
export async function listNoticeClocks(
  ctx: Ctx,
  scope: Scope,
  input: {
    readonly today: CalendarDate;
    readonly overdueOnly: boolean;
    readonly terms: NoticeClockTerms;
    readonly limit: number;
    readonly accountId?: string | undefined;
  },
): Promise<NoticeClock[]> {
  const wanted = [sql`a.tenant_id = ${ctx.tenant}`, inScope(scope, sql`a.client_id`)];
  if (input.overdueOnly) wanted.push(sql`k.due_on < ${input.today}::date`);
  if (input.accountId !== undefined) wanted.push(sql`a.id = ${input.accountId}`);
  const { rows } = await sql<NoticeClock>`
    select k.kind, a.id as "accountId", a.number, a.party_id as "partyId", p.name as "partyName", a.client_id as "clientId", c.name as "clientName",
           f.assigned_to as "assignedTo", k.since, k.due_on as "dueOn", k.due_on < ${input.today}::date as overdue, k.returned
    from (${noticesDue(ctx, input.terms)} union all ${requestsOpen(ctx, input.terms)}) k
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = k.account_id
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    where ${sql.join(wanted, sql` and `)} order by k.due_on, a.id, k.kind limit ${input.limit}`.execute(ctx.db);
  return rows;
}
