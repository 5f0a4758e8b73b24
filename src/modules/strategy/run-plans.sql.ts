import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { addTallies, tallyInSets } from '../../kernel/tallies.ts';
import { stepApproval, stepHoldDays, stepKey, stepLevel, stepPosition, versionId } from './ladder.sql.ts';
import { type Ladder, reacts } from './ladder.ts';
import { foremost, permitted } from './reactions.sql.ts';
import type { Followed } from './run-items.sql.ts';
import { among } from './run-tables.sql.ts';

/**
 * One plan per account and action that fires or answers an event. The id counts the plans of that account, action and day, so that what came
 * due after this day's first plan gets its own, and a repeated run, in which nothing fires, makes none.
 */
export async function fillRunPlans(ctx: Ctx, { ladder, only }: Followed, asOf: CalendarDate): Promise<void> {
  const { tenant } = ctx;
  const reacting = reacts(ladder);
  const [day, follows, allowed] = [sql`r.due_day`, sql`r.follows`, sql`r.allowed`];
  const step = { level: stepLevel(ladder, follows, day), key: stepKey(ladder, follows, day) };
  // Of a step and a reaction with the same action the firmer speaks, the step when they are even; a plan not carried out yet keeps firmer words.
  const level = reacting ? sql`greatest(${step.level}, r.reaction_level)` : step.level;
  const chosen = (
    kept: RawBuilder<unknown>,
    ofStep: RawBuilder<unknown>,
    ofReaction: RawBuilder<unknown>,
  ) => sql`case when b.level > ${level} then ${kept}
    ${reacting ? sql`when r.due_day is null or r.reaction_level > ${step.level} then ${ofReaction}` : sql``} else ${ofStep} end`;
  await sql`
    insert into pg_temp.run_plans (tenant_id, plan_id, account_id, follows, action, day, level, step_key, skipped, takes_over, hold_days, proposed, over_proposed, top)
    with fired as (
      select r.account_id, r.action, max(r.follows) as follows, max(r.due_day) as due_day,
        sum(${stepPosition(ladder, follows, allowed, day)} - ${stepPosition(ladder, follows, allowed, sql`r.reached_day`)} - 1) as skipped
      from pg_temp.run_items r where r.tenant_id = ${tenant} and r.fires group by r.account_id, r.action),
    ${reacting ? withReactions(tenant) : sql``}
    before as (
      select p.account_id, p.action, count(*) filter (where p.planned_for = ${asOf}) as today, ${waiting('p.level')} as level,
        ${waiting('p.step_key')} as step_key, ${waiting('p.id')} as id, ${waiting('p.hold_days')} as hold_days, ${waiting("p.state = 'proposed'")} as proposed
      from strategy.plans p
      where p.tenant_id = ${tenant} and (p.planned_for = ${asOf} or p.state in ('planned', 'proposed')) ${among(only, 'p.account_id')}
      group by p.account_id, p.action)
    select a.tenant_id, kernel.hash_id('plan', r.account_id::text, r.action, ${asOf}::text, coalesce(b.today, 0)::text), r.account_id,
      ${reacting ? sql`coalesce(r.follows, a.follows)` : follows}, r.action, r.due_day,
      greatest(b.level, ${level}), ${chosen(sql`b.step_key`, step.key, sql`r.reaction_key`)}, coalesce(r.skipped, 0), b.id,
      ${chosen(sql`b.hold_days`, stepHoldDays(ladder, follows, day), sql`r.reaction_hold_days`)},
      coalesce(${chosen(sql`b.proposed`, stepApproval(ladder, follows, day), sql`r.reaction_approval`)}, false), coalesce(b.proposed, false),
      coalesce(r.due_day = a.top_day, a.top_day is null and r.action = a.top_action)
    from ${reacting ? sql`acts` : sql`fired`} r
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = r.account_id
    left join before b on b.account_id = r.account_id and b.action = r.action
    where a.outcome = 'act' and (${reacting ? sql`r.due_day is null or` : sql``} r.action <> 'email' or a.notices_blocked is null)`.execute(
    ctx.db,
  );
}

/** A column of the firmest plan of earlier that nobody has carried out yet. */
const waiting = (column: string): RawBuilder<unknown> =>
  sql`(array_agg(${sql.raw(column)} order by p.level desc, p.id) filter (where p.state in ('planned', 'proposed')))[1]`;

/** What fires by age or by an event, an account and action a row; by age only what no hold keeps back. */
const withReactions = (tenant: string): RawBuilder<unknown> => sql`
  reacted as (
    select x.account_id, x.action, max(x.level) as reaction_level, ${first('x.key')} as reaction_key, ${first('x.hold_days')} as reaction_hold_days,
      ${first('x.approval')} as reaction_approval
    from pg_temp.run_reactions x
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = x.account_id
    where x.tenant_id = ${tenant} and ${permitted('a')} group by x.account_id, x.action),
  going as (
    select f.* from fired f
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = f.account_id
    where a.stop_code is null and (f.action <> 'email' or a.notices_blocked is null)),
  acts as (
    select account_id, action, g.follows, g.due_day, g.skipped, x.reaction_level, x.reaction_key, x.reaction_hold_days, x.reaction_approval
    from going g full join reacted x using (account_id, action)),`;

const first = (column: string): RawBuilder<unknown> => sql`(array_agg(${sql.raw(column)} order by ${foremost}))[1]`;

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
      where p.tenant_id = ${tenant} and n.tenant_id = ${tenant} and p.id = n.takes_over and p.state in ('planned', 'proposed')
      returning p.client_id, p.action, n.over_proposed),
    tallied as (${addTallies(
      ctx,
      sql`select 'plan_planned' as measure, r.client_id, '' as currency, '-infinity'::date as day, '-infinity'::timestamptz as slot, -1 as n, 0 as minor
        from retired r where r.action = 'email' and not r.over_proposed`,
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
      item_count, amount_minor, currency, stop_epoch, planned_for, not_before, recorded_at, state, hold_days)
    with openings as (
      select o.channel, o.time_zone, o.country, greatest(min(o.opens_at), ${at}) as opens_at
      from compliance.openings_v o
      where o.tenant_id = ${tenant} and o.pack_key = ${run.openings} and o.opens_at is not null and o.closes_at > ${at} group by o.channel, o.time_zone, o.country)
    select n.tenant_id, n.plan_id, ${run.id}::uuid, ${versionId(ladder, sql`n.follows`)}, a.account_id, a.client_id, a.cluster_id, a.party_id, n.action, n.step_key, n.level,
      a.stage, case a.listed_items when 0 then a.open_items else a.listed_items end, case a.listed_items when 0 then a.open_minor else a.listed_minor end,
      a.currency, a.stop_epoch, ${run.asOf}::date, o.opens_at, ${at}::timestamptz, case when n.proposed then 'proposed' else 'planned' end, n.hold_days
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
  // A plan that only an event brought about has no day: what would fire by age is kept back.
  const fired = sql`(r.fires and r.action = n.action and n.day is not null)`;
  await sql`
    insert into strategy.plan_items (tenant_id, plan_id, item_id, level, step_key, fires, open_minor)
    select r.tenant_id, n.plan_id, r.item_id, case when ${fired} then ${stepLevel(ladder, follows, day)} else r.reached_level end,
      case when ${fired} then ${stepKey(ladder, follows, day)} else r.reached_step end, ${fired}, r.open_minor
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
    where r.tenant_id = ${tenant} and r.fires and n.day is not null
    on conflict (tenant_id, id) do update set
      previous_level = l.level, previous_step_key = l.step_key, previous_day = l.day, previous_reached_on = l.reached_on,
      level = excluded.level, step_key = excluded.step_key, day = excluded.day, reached_on = excluded.reached_on, plan_id = excluded.plan_id
    where l.day < excluded.day`.execute(ctx.db);
}
