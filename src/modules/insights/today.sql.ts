import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { withinScope } from './row-scope.ts';
import type { Population } from './tallies.sql.ts';

export type CurrencyAmount = { readonly amountMinor: bigint; readonly currency: string };

/**
 * Plans that still say they are planned although their account has been stopped: found through the few stops not yet tidied, taken off
 * what is planned, added to what is void. Columns as `sumTallies` reads them.
 */
export const stoppedPlans = (ctx: Ctx, on: CalendarDate, { scope, clientId }: Population): RawBuilder<unknown> => {
  const plans = sql`p.tenant_id = ${ctx.tenant} and p.state = 'planned' and f.stop_epoch > p.stop_epoch and ${withinScope('p.client_id', scope, clientId)}`;
  const columns = sql`p.id, p.action, p.planned_for from strategy.plans_v p join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id`;
  return sql`
    select v.measure, '' as currency, null::date as day, null::date as on, v.n, 0::bigint as minor
    from (
      select -count(*) filter (where x.action = 'email') as planned, count(*) filter (where x.planned_for = ${on}::date) as void
      from (
        select ${columns} where ${plans} and p.account_id in (select s.account_id from accounts.stops_v s where s.tenant_id = ${ctx.tenant})
        union
        select ${columns} where ${plans}
          and exists (select 1 from accounts.stops_v s where s.tenant_id = ${ctx.tenant} and s.account_id is null)) x) c
    cross join lateral (values ('plan_planned', c.planned), ('plan_void', c.void)) as v (measure, n)`;
};

export type LastRun = {
  readonly asOf: CalendarDate;
  readonly finishedAt: Date | null;
  readonly state: string;
  readonly counts: unknown;
};

export async function findLastRun(ctx: Ctx): Promise<LastRun | null> {
  const { rows } = await sql<LastRun>`
    select r.as_of as "asOf", r.finished_at as "finishedAt", r.state, r.counts from strategy.runs_v r
    where r.tenant_id = ${ctx.tenant} and r.kind = 'daily' order by r.as_of desc, r.id desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}
