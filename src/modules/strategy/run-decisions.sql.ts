import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';

import { versionId } from './ladder.sql.ts';
import { type Ladder, reacts } from './ladder.ts';
import { foremost } from './reactions.sql.ts';

type Run = { readonly id: string; readonly ladder: Ladder; readonly asOf: CalendarDate };

/** What the why-card says of an experiment, for accounts that one has let in. */
const partIn = (ctx: Ctx) => ({
  facts: sql` || case when m.arm is null then '{}'::jsonb else jsonb_build_object('experiment', x.name, 'arm', x.arms -> m.arm ->> 'name') end`,
  joins: sql`left join pg_temp.run_choices m on m.tenant_id = ${ctx.tenant} and m.account_id = a.account_id
    left join strategy.experiments x on x.tenant_id = ${ctx.tenant} and x.id = m.experiment_id`,
});

// An account that acted today and has nothing more to do today has not changed its mind; a repeated run must find nothing new.
const changed = (asOf: CalendarDate) => sql`(
  a.outcome = 'act' or a.known_reason is null
  or (a.known_outcome, a.known_reason) is distinct from (a.outcome, a.reason_code)
    and not (a.known_outcome = 'act' and a.known_from = ${asOf}::date and a.reason_code in ('already_at_level', 'already_today', 'not_due', 'over_budget')))`;

/** The event that an act answers: of several the newest of the reaction that spoke. */
const because = (tenant: string): RawBuilder<unknown> => sql`|| coalesce((
  select jsonb_build_object('because', x.kind, 'because_at', x.occurred_at) from pg_temp.run_reactions x
  where x.tenant_id = ${tenant} and x.account_id = a.account_id and x.action = n.action and x.key = n.step_key and a.outcome = 'act'
  order by x.occurred_at desc, ${foremost} limit 1), '{}')`;

/** Whether a run would write anything down: a plan, or what is new about an account. */
export async function hasNews(ctx: Ctx, asOf: CalendarDate): Promise<boolean> {
  const { rows } = await sql<{ news: boolean }>`
    select exists (select 1 from pg_temp.run_plans n where n.tenant_id = ${ctx.tenant})
      or exists (select 1 from pg_temp.run_accounts a where a.tenant_id = ${ctx.tenant} and ${changed(asOf)}) as news`.execute(
    ctx.db,
  );
  return rows[0]?.news ?? false;
}

/** The why-card of every account whose outcome or reason is new, with the facts that led to it. */
export async function insertDecisions(ctx: Ctx, run: Run & { readonly splits: boolean }): Promise<number> {
  const { tenant } = ctx;
  const part = run.splits ? partIn(ctx) : { facts: sql``, joins: sql`` };
  const { numAffectedRows = 0n } = await sql`
    insert into strategy.decisions (tenant_id, id, account_id, from_on, run_id, version_id, outcome, reason_code, step_key, plan_id, facts, recorded_at)
    select a.tenant_id, kernel.hash_id('decision', ${run.id}::text, a.account_id::text), a.account_id, ${run.asOf}::date, ${run.id}::uuid,
      ${versionId(run.ladder, sql`a.follows`)}, a.outcome, a.reason_code, n.step_key, n.plan_id,
      jsonb_build_object('stage', a.stage, 'days_past_due', a.days_past_due, 'oldest_due_on', a.oldest_due_on, 'open_items', a.open_items,
        'open_minor', a.open_minor::text, 'claimed_minor', a.claimed_minor::text, 'credit_minor', a.credit_minor::text, 'currency', a.currency,
        'withheld', a.withheld, 'stop_epoch', a.stop_epoch::text)${part.facts}${reacts(run.ladder) ? because(tenant) : sql``},
      ${ctx.at}::timestamptz
    from pg_temp.run_accounts a
    left join pg_temp.run_plans n on n.tenant_id = ${tenant} and n.account_id = a.account_id and n.top
    ${part.joins}
    where a.tenant_id = ${tenant} and ${changed(run.asOf)}
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  return Number(numAffectedRows);
}

/** Makes those decisions the newest of their accounts. */
export async function upsertStandings(ctx: Ctx, run: Run): Promise<void> {
  await sql`
    insert into strategy.standings (tenant_id, id, outcome, reason_code, from_on, decision_id)
    select a.tenant_id, a.account_id, a.outcome, a.reason_code, ${run.asOf}::date, kernel.hash_id('decision', ${run.id}::text, a.account_id::text)
    from pg_temp.run_accounts a where a.tenant_id = ${ctx.tenant} and ${changed(run.asOf)}
    on conflict (tenant_id, id) do update set
      outcome = excluded.outcome, reason_code = excluded.reason_code, from_on = excluded.from_on, decision_id = excluded.decision_id`.execute(
    ctx.db,
  );
}

/**
 * Moves accounts whose stage has changed, or that follow another version; `entered_on` is the day of the run that saw the stage. Those who
 * are kept out stay where they were.
 */
export async function upsertPositions(ctx: Ctx, run: Run): Promise<number> {
  const { tenant } = ctx;
  const version = versionId(run.ladder, sql`a.follows`);
  const { numAffectedRows = 0n } = await sql`
    insert into strategy.positions as p (tenant_id, id, version_id, stage, entered_on)
    select a.tenant_id, a.account_id, ${version}, a.stage, ${run.asOf}::date
    from pg_temp.run_accounts a
    left join strategy.positions p on p.tenant_id = ${tenant} and p.id = a.account_id
    where a.tenant_id = ${tenant} and a.open_items > 0 and (p.stage is distinct from a.stage or a.follows is not null and p.version_id <> ${version})
    on conflict (tenant_id, id) do update set version_id = excluded.version_id, stage = excluded.stage,
      entered_on = case when p.stage = excluded.stage then p.entered_on else excluded.entered_on end`.execute(ctx.db);
  return Number(numAffectedRows);
}
