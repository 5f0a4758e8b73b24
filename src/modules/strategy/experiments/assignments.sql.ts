import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { powerOfTen, ratesOn } from '../../ledger/public.ts';
import { loadTenant } from '../../identity/public.ts';
import type { Experiment } from './experiment.ts';

/**
 * Minor units of a currency in those of the reporting currency, at the rates of the experiment's first day: one rate for what is owed and
 * for what comes in, so that a currency's fall is not taken for recovery. Null where no rate was known. `r` is `ratesOn`.
 */
export const inReporting = (
  amount: RawBuilder<unknown>,
  currency: RawBuilder<unknown>,
  reporting: string,
): RawBuilder<unknown> =>
  sql`case when ${currency} = ${reporting} then ${amount}::numeric
    else ${amount}::numeric * r.rate * ${powerOfTen(sql`${reporting}::text`)} / ${powerOfTen(currency)} end`;

/**
 * Writes down the arm of every cluster that enters an experiment now, from the choices of the run, with what its person owes. A person enters
 * with the first account on the line that owes something; until then there is nothing to treat.
 */
export async function insertAssignments(ctx: Ctx, experiment: Experiment, asOf: CalendarDate): Promise<number> {
  const { tenant } = ctx;
  const { currency: reporting } = await loadTenant(ctx);
  const { numAffectedRows = 0n } = await sql`
    insert into strategy.assignments (tenant_id, id, experiment_id, cluster_id, unit_id, arm, entered_on, owed_minor, recorded_at)
    with entering as (
      select distinct m.tenant_id, m.cluster_id, m.root_id, m.arm, m.joins
      from pg_temp.run_choices m
      join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = m.account_id
      where m.tenant_id = ${tenant} and m.experiment_id = ${experiment.id}::uuid and m.is_new and m.arm is not null and f.balance_minor > 0)
    select e.tenant_id, kernel.hash_id('assignment', ${experiment.id}::text, e.cluster_id::text), ${experiment.id}::uuid, e.cluster_id, e.root_id, e.arm,
      ${asOf}::date,
      case when not e.joins then round(coalesce(sum(${inReporting(sql`greatest(f.balance_minor, 0)`, sql`f.currency`, reporting)}), 0))::bigint end,
      ${ctx.at}::timestamptz
    from entering e
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.cluster_id = e.cluster_id
    left join (${ratesOn(ctx, reporting, experiment.startedOn ?? asOf)}) r on r.currency = f.currency
    group by e.tenant_id, e.cluster_id, e.root_id, e.arm, e.joins
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  return Number(numAffectedRows);
}
