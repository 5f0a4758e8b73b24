import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { withinScope } from './row-scope.ts';
import type { Population } from './tallies.sql.ts';

export type CurrencyAmount = { readonly amountMinor: bigint; readonly currency: string };

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
