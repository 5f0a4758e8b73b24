import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Population } from './ageing.sql.ts';
import { withinScope } from './row-scope.ts';

export type CurrencyAmount = { readonly amountMinor: bigint; readonly currency: string };

/** Money received by day and currency between two days; reversed receipts are left out. */
export async function receivedByDay(
  ctx: Ctx,
  from: CalendarDate,
  to: CalendarDate,
  { scope, clientId }: Population,
): Promise<{ on: CalendarDate; currency: string; minor: bigint }[]> {
  const { rows } = await sql<{ on: CalendarDate; currency: string; minor: bigint }>`
    select r.received_on as on, r.currency, sum(r.amount_minor)::bigint as minor from payments.receipts_v r
    where r.tenant_id = ${ctx.tenant} and r.received_on between ${from}::date and ${to}::date and r.state <> 'reversed'
      and ${withinScope('r.client_id', scope, clientId)}
    group by r.received_on, r.currency`.execute(ctx.db);
  return rows;
}

export type WaitingCounts = { readonly planned: bigint; readonly voided: bigint };

/** Automatic contact that waits now (plans of a passed stop epoch do not), and what was made void of the day. */
export async function waitingCounts(
  ctx: Ctx,
  on: CalendarDate,
  { scope, clientId }: Population,
): Promise<WaitingCounts> {
  const { rows } = await sql<WaitingCounts>`
    select (
        select count(*) from strategy.plans_v p join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
        where p.tenant_id = ${ctx.tenant} and p.state = 'planned' and p.action = 'email' and p.stop_epoch >= f.stop_epoch
          and ${withinScope('p.client_id', scope, clientId)}) as planned, (
        select count(*) from strategy.plans_v p join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
        where p.tenant_id = ${ctx.tenant} and p.planned_for = ${on}::date
          and (p.state = 'void' or p.state = 'planned' and p.stop_epoch < f.stop_epoch) and ${withinScope('p.client_id', scope, clientId)}) as voided`.execute(
    ctx.db,
  );
  return rows[0] ?? { planned: 0n, voided: 0n };
}

export type ContactCounts = {
  readonly sentToday: bigint;
  readonly uncertain: bigint;
  readonly denied: bigint;
  readonly deferred: bigint;
};

/** Contact of the day: sent, of uncertain fate, refused and put off by the gate. `start` is the first instant of the day. */
export async function contactCounts(ctx: Ctx, start: Date, { scope, clientId }: Population): Promise<ContactCounts> {
  const { rows } = await sql<ContactCounts>`
    select (
        select count(*) from outreach.messages_v m
        where m.tenant_id = ${ctx.tenant} and m.state = 'sent' and m.finished_at >= ${start} and ${withinScope('m.client_id', scope, clientId)}) as "sentToday", (
        select count(*) from outreach.messages_v m
        where m.tenant_id = ${ctx.tenant} and m.state = 'uncertain' and ${withinScope('m.client_id', scope, clientId)}) as uncertain, (
        select count(*) from compliance.permits_v p
        where p.tenant_id = ${ctx.tenant} and p.decision = 'deny' and p.act <> 'recorded_after' and p.decided_at >= ${start}
          and ${withinScope('p.client_id', scope, clientId)}) as denied, (
        select count(*) from compliance.permits_v p
        where p.tenant_id = ${ctx.tenant} and p.decision = 'defer' and p.act <> 'recorded_after' and p.decided_at >= ${start}
          and ${withinScope('p.client_id', scope, clientId)}) as deferred`.execute(ctx.db);
  const row = rows[0];
  if (!row) throw new Error('A count without rows');
  return row;
}

export type TaskCounts = {
  readonly open: bigint;
  readonly dueToday: bigint;
  readonly escalations: bigint;
  readonly doneToday: bigint;
};

export async function taskCounts(
  ctx: Ctx,
  on: CalendarDate,
  start: Date,
  { scope, clientId }: Population,
): Promise<TaskCounts> {
  const { rows } = await sql<TaskCounts>`
    select o.open, o."dueToday", o.escalations, (
      select count(*) from desk.tasks_v t
      where t.tenant_id = ${ctx.tenant} and t.state <> 'open' and t.queue in ('collector', 'manager') and t.state = 'done' and t.closed_at >= ${start}
        and ${withinScope('t.client_id', scope, clientId)}) as "doneToday"
    from (
      select count(*) as open, count(*) filter (where t.due_on <= ${on}::date) as "dueToday", count(*) filter (where t.kind = 'escalation') as escalations
      from desk.tasks_v t where t.tenant_id = ${ctx.tenant} and t.state = 'open' and ${withinScope('t.client_id', scope, clientId)}) o`.execute(
    ctx.db,
  );
  return rows[0] ?? { open: 0n, dueToday: 0n, escalations: 0n, doneToday: 0n };
}

export type PromiseCount = {
  readonly state: string;
  readonly currency: string;
  readonly n: bigint;
  readonly minor: bigint;
  readonly dueToday: bigint;
};

/** Open promises, and those judged since `from`, by state and currency. */
export async function promiseCounts(
  ctx: Ctx,
  on: CalendarDate,
  from: CalendarDate,
  { scope, clientId }: Population,
): Promise<PromiseCount[]> {
  const { rows } = await sql<PromiseCount>`
    select p.state, p.currency, count(*) as n, sum(p.amount_minor)::bigint as minor, count(*) filter (where p.due_on = ${on}::date) as "dueToday"
    from payments.promises_v p join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and (p.state = 'open' or p.judged_on >= ${from}::date) and ${withinScope('a.client_id', scope, clientId)}
    group by p.state, p.currency`.execute(ctx.db);
  return rows;
}

export type LastRun = {
  readonly asOf: CalendarDate;
  readonly finishedAt: Date | null;
  readonly state: string;
  readonly counts: unknown;
};

export async function findLastRun(ctx: Ctx): Promise<LastRun | null> {
  const { rows } = await sql<LastRun>`
    select r.as_of as "asOf", r.finished_at as "finishedAt", r.state, r.counts from strategy.runs_v r
    where r.tenant_id = ${ctx.tenant} order by r.as_of desc, r.id desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}
