import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { addTallies, tallyInSets } from '../../kernel/tallies.ts';
import { stepKey, stepLevel, stepPosition, versionId } from './ladder.sql.ts';
import type { Ladder } from './ladder.ts';

/**
 * One plan per account and action that fires. The id counts the plans of that account, action and day, so that what came
 * due after this day's first plan gets its own, and a repeated run, in which nothing fires, makes none.
 */
export async function fillRunPlans(ctx: Ctx, ladder: Ladder, asOf: CalendarDate): Promise<void> {
  const { tenant } = ctx;
  const [day, follows, allowed] = [sql`r.due_day`, sql`r.follows`, sql`r.allowed`];
  await sql`
    insert into pg_temp.run_plans (tenant_id, plan_id, account_id, follows, action, day, level, step_key, skipped, takes_over)
    with fired as (
      select r.account_id, r.action, max(r.follows) as follows, max(r.due_day) as due_day,
        sum(${stepPosition(ladder, follows, allowed, day)} - ${stepPosition(ladder, follows, allowed, sql`r.reached_day`)} - 1) as skipped
      from pg_temp.run_items r where r.tenant_id = ${tenant} and r.fires group by r.account_id, r.action),
    before as (
      select p.account_id, p.action, count(*) filter (where p.planned_for = ${asOf}) as today,
        (array_agg(p.level order by p.level desc, p.id) filter (where p.state = 'planned'))[1] as level,
        (array_agg(p.step_key order by p.level desc, p.id) filter (where p.state = 'planned'))[1] as step_key,
        (array_agg(p.id order by p.level desc, p.id) filter (where p.state = 'planned'))[1] as id
      from strategy.plans p
      where p.tenant_id = ${tenant} and (p.planned_for = ${asOf} or p.state = 'planned') group by p.account_id, p.action)
    select a.tenant_id, kernel.hash_id('plan', r.account_id::text, r.action, ${asOf}::text, coalesce(b.today, 0)::text), r.account_id, r.follows, r.action, r.due_day,
      greatest(b.level, ${stepLevel(ladder, follows, day)}),
      case when b.level > ${stepLevel(ladder, follows, day)} then b.step_key else ${stepKey(ladder, follows, day)} end,
      r.skipped, b.id
    from fired r
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = r.account_id
    left join before b on b.account_id = r.account_id and b.action = r.action
    where a.outcome = 'act' and (r.action <> 'email' or a.notices_blocked is null)`.execute(ctx.db);
}

/** Retires the plans that today's take over from; their items' levels now hang on the new plan. */
export async function retireTakenOver(ctx: Ctx): Promise<number> {
  const { tenant } = ctx;
  await sql`
    update strategy.item_levels l set plan_id = n.plan_id
    from pg_temp.run_plans n
    join strategy.plan_items i on i.tenant_id = ${tenant} and i.plan_id = n.takes_over
    where l.tenant_id = ${tenant} and n.tenant_id = ${tenant} and l.id = i.item_id and l.plan_id = n.takes_over`.execute(
    ctx.db,
  );
  const { rows } = await tallyInSets(ctx, () =>
    sql<{ n: bigint }>`
    with retired as (
      update strategy.plans p set state = 'expired', state_reason = 'taken over by a newer plan'
      from pg_temp.run_plans n
      where p.tenant_id = ${tenant} and n.tenant_id = ${tenant} and p.id = n.takes_over and p.state = 'planned'
      returning p.client_id, p.action),
    tallied as (${addTallies(
      ctx,
      sql`select 'plan_planned' as measure, r.client_id, '' as currency, '-infinity'::date as day, '-infinity'::timestamptz as slot, -1 as n, 0 as minor
        from retired r where r.action = 'email'`,
    )})
    select count(*) as n from retired`.execute(ctx.db),
  );
  return Number(rows[0]?.n ?? 0n);
}

/**
 * Writes the plans. `not_before` is the next opening where the party is, null while none is computed: the gate decides anyway
 * when the time comes.
 */
export async function insertPlans(
  ctx: Ctx,
  ladder: Ladder,
  run: { id: string; asOf: CalendarDate; openings: string | null },
): Promise<void> {
  const { tenant, at } = ctx;
  await tallyInSets(ctx, () =>
    sql`
    with made as (insert into strategy.plans (tenant_id, id, run_id, version_id, account_id, client_id, cluster_id, party_id, action, step_key, level, stage,
      item_count, amount_minor, currency, stop_epoch, planned_for, not_before, recorded_at)
    with openings as (
      select o.channel, o.time_zone, o.country, greatest(min(o.opens_at), ${at}) as opens_at
      from compliance.openings_v o
      where o.tenant_id = ${tenant} and o.pack_key = ${run.openings} and o.opens_at is not null and o.closes_at > ${at} group by o.channel, o.time_zone, o.country)
    select n.tenant_id, n.plan_id, ${run.id}::uuid, ${versionId(ladder, sql`n.follows`)}, a.account_id, a.client_id, a.cluster_id, a.party_id, n.action, n.step_key, n.level,
      a.stage, a.listed_items, a.listed_minor, a.currency, a.stop_epoch, ${run.asOf}::date, o.opens_at, ${at}::timestamptz
    from pg_temp.run_plans n
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = n.account_id
    join parties.parties_v p on p.tenant_id = ${tenant} and p.id = a.party_id
    left join openings o on o.time_zone = coalesce(p.time_zone, '') and o.country = coalesce(p.country, '')
      and o.channel = case n.action when 'email' then 'email' when 'call_task' then 'call' end
    where n.tenant_id = ${tenant}
    on conflict (tenant_id, id) do nothing
    returning plans as plan)
    ${addTallies(ctx, sql`select t.* from made m cross join lateral strategy.plan_tallies(m.plan) t`)}`.execute(ctx.db),
  );
}

/** Everything each plan speaks about: all open items of the account that nothing covers. */
export async function insertPlanItems(ctx: Ctx, ladder: Ladder): Promise<void> {
  const { tenant } = ctx;
  const [day, follows] = [sql`r.due_day`, sql`r.follows`];
  await sql`
    insert into strategy.plan_items (tenant_id, plan_id, item_id, level, step_key, fires, open_minor)
    select r.tenant_id, n.plan_id, r.item_id, case when r.fires and r.action = n.action then ${stepLevel(ladder, follows, day)} else r.reached_level end,
      case when r.fires and r.action = n.action then ${stepKey(ladder, follows, day)} else r.reached_step end, r.fires and r.action = n.action, r.open_minor
    from pg_temp.run_items r
    join pg_temp.run_plans n on n.tenant_id = ${tenant} and n.account_id = r.account_id
    where r.tenant_id = ${tenant} and r.open_minor > 0 and r.cover is null
    on conflict (tenant_id, plan_id, item_id) do nothing`.execute(ctx.db);
}

/** Raises the level of the items that fired, keeping what they stood at for the case that the plan dies undone. */
export async function raiseItemLevels(ctx: Ctx, ladder: Ladder, asOf: CalendarDate): Promise<void> {
  const { tenant } = ctx;
  const [day, follows] = [sql`r.due_day`, sql`r.follows`];
  await sql`
    insert into strategy.item_levels as l (tenant_id, id, account_id, level, step_key, day, reached_on, plan_id)
    select r.tenant_id, r.item_id, r.account_id, ${stepLevel(ladder, follows, day)}, ${stepKey(ladder, follows, day)}, r.due_day, ${asOf}::date, n.plan_id
    from pg_temp.run_items r
    join pg_temp.run_plans n on n.tenant_id = ${tenant} and n.account_id = r.account_id and n.action = r.action
    where r.tenant_id = ${tenant} and r.fires
    on conflict (tenant_id, id) do update set
      previous_level = l.level, previous_step_key = l.step_key, previous_day = l.day, previous_reached_on = l.reached_on,
      level = excluded.level, step_key = excluded.step_key, day = excluded.day, reached_on = excluded.reached_on, plan_id = excluded.plan_id
    where l.day < excluded.day`.execute(ctx.db);
}
