import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { forgetStops, takeStops } from '../accounts/public.ts';
import { type PlanState, planTransitions, undone } from './plan.ts';
import { countAccounts } from './runs.sql.ts';

/**
 * Moves plans to `state` where the transition table allows it and returns the ids that moved. `plans` is a list of ids or a
 * fragment that selects `plan_id`. Items of a plan that dies undone go back to the level they had before it.
 */
export async function markPlans(
  ctx: Ctx,
  plans: readonly string[] | RawBuilder<{ plan_id: string }>,
  state: Exclude<PlanState, 'proposed'>,
  reason: string,
  options: { readonly messageId?: Id<'message'> } = {},
): Promise<Id<'plan'>[]> {
  const ids = Array.isArray(plans)
    ? sql`select unnest(${plans}::uuid[]) as plan_id`
    : (plans as RawBuilder<{ plan_id: string }>);
  const { rows } = await sql<{ id: Id<'plan'> }>`
    update strategy.plans p set state = ${state}, state_reason = ${reason}, message_id = coalesce(${options.messageId ?? null}::uuid, p.message_id),
      attempts = p.attempts + ${state === 'sending' ? 1 : 0}::int
    where p.tenant_id = ${ctx.tenant} and p.state = any(${planTransitions[state]}::text[]) and p.id in (${ids})
    returning p.id`.execute(ctx.db);
  const moved = rows.map((row) => row.id);
  if (undone.has(state) && moved.length > 0) await restoreLevels(ctx, moved);
  return moved;
}

/**
 * Voids planned acts whose account has been stopped since: the epoch they were stamped with is older than the account's. All of them, or
 * those of some accounts.
 */
export async function voidStopped(ctx: Ctx, accountIds: readonly Id<'account'>[] | null = null): Promise<number> {
  const theirs = accountIds === null ? sql`true` : sql`s.account_id = any(${[...accountIds]}::uuid[])`;
  const stopped = sql<{ plan_id: string }>`
    select s.id as plan_id from strategy.plans s
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = s.account_id
    where s.tenant_id = ${ctx.tenant} and s.state in ('planned', 'proposed') and f.stop_epoch > s.stop_epoch and ${theirs}`;
  return (await markPlans(ctx, stopped, 'void', 'stopped after it was planned')).length;
}

/**
 * Voids what was stopped since this was last called, a few thousand accounts at a time; what nobody stopped is not looked at, but
 * after a run, which may have planned for anybody. Returns how many stops were, and of which accounts; null: of any.
 */
export async function tidyStopped(ctx: Ctx): Promise<{ stops: number; accountIds: readonly Id<'account'>[] | null }> {
  const { ids, accountIds } = await takeStops(ctx);
  if (ids.length === 0) return { stops: 0, accountIds };
  if (accountIds === null) await withSetPlans(ctx.db, await countAccounts(ctx), () => voidStopped(ctx));
  else await voidStopped(ctx, accountIds);
  await forgetStops(ctx, ids);
  return { stops: ids.length, accountIds };
}

async function restoreLevels(ctx: Ctx, planIds: readonly string[]): Promise<void> {
  await sql`
    with hanging as (
      select l.tenant_id, l.id, l.previous_day is null as first
      from strategy.plan_items i
      join strategy.item_levels l on l.tenant_id = ${ctx.tenant} and l.id = i.item_id and l.plan_id = i.plan_id
      where i.tenant_id = ${ctx.tenant} and i.plan_id = any(${planIds}::uuid[])),
    gone as (
      delete from strategy.item_levels l using hanging h
      where l.tenant_id = ${ctx.tenant} and h.tenant_id = ${ctx.tenant} and l.id = h.id and h.first)
    update strategy.item_levels l set level = l.previous_level, step_key = l.previous_step_key, day = l.previous_day, reached_on = l.previous_reached_on,
      previous_level = null, previous_step_key = null, previous_day = null, previous_reached_on = null
    from hanging h
    where l.tenant_id = ${ctx.tenant} and h.tenant_id = ${ctx.tenant} and l.id = h.id and not h.first`.execute(ctx.db);
}

/** A planned notice whose time has come. */
export type DuePlan = {
  readonly id: Id<'plan'>;
  readonly accountId: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly clusterId: Id<'cluster'>;
  readonly partyId: Id<'party'>;
  readonly stepKey: string;
  readonly level: number;
  readonly stopEpoch: bigint;
  readonly plannedFor: string;
};

/** Notices that are planned, not stopped since, and may go at `at`; oldest first, whole parties together. */
export async function listDuePlans(ctx: Ctx, at: Date, limit: number): Promise<DuePlan[]> {
  const { rows } = await sql<DuePlan>`
    select p.id, p.account_id as "accountId", p.client_id as "clientId", p.cluster_id as "clusterId", p.party_id as "partyId",
      p.step_key as "stepKey", p.level, p.stop_epoch as "stopEpoch", p.planned_for as "plannedFor"
    from strategy.plans p
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.state = 'planned' and p.action = 'email' and (p.not_before is null or p.not_before <= ${at})
      and f.stop_epoch = p.stop_epoch
    order by p.not_before nulls first, p.party_id, p.client_id, p.id
    limit ${limit}`.execute(ctx.db);
  return rows;
}

/** A hold that is planned and has not been stopped since. */
export type PlannedHold = { readonly id: Id<'plan'>; readonly accountId: Id<'account'>; readonly days: number };

/** The holds planned, oldest first. */
export async function listPlannedHolds(ctx: Ctx, limit: number): Promise<PlannedHold[]> {
  const { rows } = await sql<PlannedHold>`
    select p.id, p.account_id as "accountId", p.hold_days as days
    from strategy.plans p
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.state = 'planned' and p.action = 'hold' and f.stop_epoch = p.stop_epoch
    order by p.id limit ${limit}`.execute(ctx.db);
  return rows;
}

/** A planned act that waits for a second person. */
export type Proposal = { readonly action: string; readonly stepKey: string; readonly publishedBy: string };

/** The proposed plan, locked; null when it is none, or was stopped since. Lock its account first. */
export async function findProposal(ctx: Ctx, planId: Id<'plan'>): Promise<Proposal | null> {
  const { rows } = await sql<Proposal>`
    select p.action, p.step_key as "stepKey", v.published_by as "publishedBy"
    from strategy.plans p
    join strategy.versions v on v.tenant_id = ${ctx.tenant} and v.id = p.version_id
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = p.account_id
    where p.tenant_id = ${ctx.tenant} and p.id = ${planId} and p.state = 'proposed' and f.stop_epoch = p.stop_epoch for update of p`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Puts the time of a planned act off: what compliance answered with a defer. */
export async function postponePlans(
  ctx: Ctx,
  plans: readonly { readonly planId: string; readonly notBefore: Date }[],
): Promise<void> {
  if (plans.length === 0) return;
  await sql`
    update strategy.plans p set not_before = x.not_before
    from unnest(${plans.map((one) => one.planId)}::uuid[], ${plans.map((one) => one.notBefore)}::timestamptz[]) as x (plan_id, not_before)
    where p.tenant_id = ${ctx.tenant} and p.id = x.plan_id and p.state = 'planned'`.execute(ctx.db);
}

/**
 * Gives back plans whose act was begun and surely did not happen, to be tried anew, not before `notBefore`. Only what was `tried`
 * on a provider counts as an attempt. Returns the plans given back with their attempts.
 */
export async function releasePlans(
  ctx: Ctx,
  planIds: readonly string[],
  reason: string,
  options: { readonly notBefore?: Date; readonly tried?: boolean } = {},
): Promise<{ id: Id<'plan'>; attempts: number }[]> {
  if (planIds.length === 0) return [];
  const { rows } = await sql<{ id: Id<'plan'>; attempts: number }>`
    update strategy.plans set state = 'planned', state_reason = ${reason}, message_id = null,
      not_before = coalesce(${options.notBefore ?? null}::timestamptz, not_before), attempts = attempts - ${options.tried ? 0 : 1}::int
    where tenant_id = ${ctx.tenant} and state = 'sending' and id = any(${[...planIds]}::uuid[])
    returning id, attempts`.execute(ctx.db);
  return rows;
}

/** What all plans of the tenant come to, from the rows themselves. */
export const planTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from strategy.plans p cross join lateral strategy.plan_tallies(p) t where p.tenant_id = ${ctx.tenant}`;
