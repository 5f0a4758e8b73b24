import { type RawBuilder, sql } from 'kysely';
import { addDays, startOfDay } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { asksAPerson } from './definition.ts';
import type { DueReaction } from './evaluate.ts';
import type { Ladder } from './ladder.ts';
import { among, inForce, type Only } from './run-tables.sql.ts';
import type { RuleDay } from './segments/rule.sql.ts';

/** For so many days after its day a reaction that was kept back may still be carried out. */
export const REACTION_LIVES_DAYS = 7;

/**
 * The reactions due on a day: `(tenant_id, account_id, event_id, kind, occurred_at, key, action, level, place, hold_days, approval)`. `followed` selects
 * `account_id`, `follows` and `allowed` of accounts; null where all follow the one version there is. Null when no version reacts.
 */
export function dueReactions(
  ctx: Ctx,
  ladder: Ladder,
  day: RuleDay,
  followed: RawBuilder<unknown> | null,
  only: Only,
): RawBuilder<unknown> | null {
  const { tenant } = ctx;
  const bounds: Date[] = [];
  const reactions = ladder.versions.flatMap(({ definition }, follows) =>
    (definition.reactions ?? []).map((one, place) => {
      const from = startOfDay(addDays(day.asOf, -one.afterDays - REACTION_LIVES_DAYS), day.zone);
      const until = startOfDay(addDays(day.asOf, 1 - one.afterDays), day.zone);
      bounds.push(from, until);
      return sql`(${follows}::int, ${place}::int, ${one.on}::text, ${one.key}::text, ${one.action}::text, ${one.level}::int, ${one.holdDays ?? null}::int,
        ${one.approval === true}::boolean, ${ladder.places.get(one) ?? null}::int, ${from}::timestamptz, ${until}::timestamptz)`;
    }),
  );
  if (reactions.length === 0) return null;
  const [earliest, latest] = [Math.min(...bounds.map(Number)), Math.max(...bounds.map(Number))];
  return sql`
    select e.tenant_id, e.account_id, e.id as event_id, e.kind, e.occurred_at, x.key, x.action, x.level, x.place, x.hold_days, x.approval
    from accounts.events_v e
    ${followed === null ? sql`` : sql`join (${followed}) r on r.account_id = e.account_id`}
    join (values ${sql.join(reactions)}) x (follows, place, kind, key, action, level, hold_days, approval, condition, from_at, until_at)
      on x.follows = ${followed === null ? sql`0` : sql`r.follows`} and x.kind = e.kind
    where e.tenant_id = ${tenant} and e.occurred_at >= ${new Date(earliest)}::timestamptz and e.occurred_at < ${new Date(latest)}::timestamptz ${among(only, 'e.account_id')}
      and e.occurred_at >= x.from_at and e.occurred_at < x.until_at
      ${followed === null ? sql`` : sql`and (x.condition is null or r.allowed[x.condition])`}
      and ${stillHolds(ctx)}
      and not exists (
        select 1 from strategy.plan_events pe join strategy.plans p on p.tenant_id = ${tenant} and p.id = pe.plan_id
        where pe.tenant_id = ${tenant} and pe.id = kernel.hash_id('plan-event', e.id::text, x.key) and p.state not in ('void', 'expired', 'failed'))`;
}

/**
 * Whether what an event e was about still holds: the money is still there, the promise stands as it was judged and no newer one is open, the
 * dispute is still open or none is any more, the address is still bad, nothing has come of the visit yet. A reply is not taken back.
 */
const stillHolds = (ctx: Ctx): RawBuilder<boolean> => {
  const { tenant, at } = ctx;
  const point = (quality: string) => sql`exists (
    select 1 from parties.contact_points_v c where c.tenant_id = ${tenant} and c.id = e.subject_id and c.ended_at is null and c.quality = ${quality})`;
  return sql<boolean>`case e.kind
    when 'payment' then ${receiptStands(tenant)}
    when 'part_payment' then ${receiptStands(tenant)}
    when 'promise_kept' then exists (
      select 1 from payments.promises_v p where p.tenant_id = ${tenant} and p.id = e.subject_id and p.state = 'kept')
    when 'promise_broken' then exists (
      select 1 from payments.promises_v p where p.tenant_id = ${tenant} and p.id = e.subject_id and p.state in ('broken', 'part_kept'))
      and not exists (
        select 1 from payments.promises_v p
        where p.tenant_id = ${tenant} and p.account_id = e.account_id and p.state = 'open' and p.made_at > e.occurred_at)
    when 'dispute_opened' then exists (
      select 1 from accounts.holds_v h where h.tenant_id = ${tenant} and h.id = e.subject_id and ${inForce('h', at)})
    when 'dispute_closed' then not exists (
      select 1 from accounts.holds_v h
      where h.tenant_id = ${tenant} and h.account_id = e.account_id and h.reason = 'dispute' and ${inForce('h', at)})
    when 'bounce' then ${point('bounced')}
    when 'wrong_number' then ${point('wrong')}
    when 'portal_visit' then not exists (
      select 1 from accounts.events_v n where n.tenant_id = ${tenant} and n.account_id = e.account_id and n.occurred_at > e.occurred_at
        and n.kind in ('payment', 'part_payment', 'reply', 'dispute_opened'))
    else true end`;
};

const receiptStands = (tenant: string): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from payments.receipts_v p where p.tenant_id = ${tenant} and p.id = e.subject_id and p.state <> 'reversed')`;

/** The reactions due for one account, which follows the version at `follows`. */
export async function listDueReactions(
  ctx: Ctx,
  ladder: Ladder,
  day: RuleDay,
  accountId: string,
  followed: { readonly follows: number | null; readonly allowed: readonly boolean[] },
): Promise<DueReaction[]> {
  const mine = sql`select ${accountId}::uuid as account_id, ${followed.follows}::int as follows, ${[...followed.allowed]}::boolean[] as allowed`;
  const due = dueReactions(ctx, ladder, day, mine, [accountId]);
  if (due === null) return [];
  const { rows } = await sql<DueReaction>`
    select d.event_id as "eventId", d.kind, d.occurred_at as "occurredAt", d.key, d.action, d.level, d.place from (${due}) d`.execute(
    ctx.db,
  );
  return rows;
}

/** Fills the working table of a run with the reactions due. */
export async function fillRunReactions(
  ctx: Ctx,
  ladder: Ladder,
  day: RuleDay,
  uniform: boolean,
  only: Only,
): Promise<void> {
  const followed = uniform
    ? null
    : sql`select c.account_id, c.follows, c.allowed from pg_temp.run_choices c where c.tenant_id = ${ctx.tenant}`;
  const due = dueReactions(ctx, ladder, day, followed, only);
  if (due === null) return;
  await sql`
    insert into pg_temp.run_reactions (tenant_id, account_id, event_id, kind, occurred_at, key, action, level, place, hold_days, approval)
    select d.tenant_id, d.account_id, d.event_id, d.kind, d.occurred_at, d.key, d.action, d.level, d.place, d.hold_days, d.approval from (${due}) d`.execute(
    ctx.db,
  );
}

/** Which of several reactions x speaks for all: the firmest, and of those the first of the definition. */
export const foremost = sql`x.level desc, x.place, x.event_id`;

/**
 * Whether the account of a row `alias` (with `stop_code`, `passes_hold`, `listed_items` and `notices_blocked`) may have the reaction x: as a step, but that a hold
 * on contact does not keep a person from being asked.
 */
export function permitted(alias: string): RawBuilder<boolean> {
  const a = sql.raw(alias);
  const asks = sql`x.action in (${sql.join(asksAPerson.map((one) => sql`${one}::text`))})`;
  return sql<boolean>`case
    when ${asks} then ${a}.stop_code is null or ${a}.stop_code = 'hold' and ${a}.passes_hold
    else ${a}.stop_code is null and ${a}.listed_items > 0 and (x.action <> 'email' or ${a}.notices_blocked is null) end`;
}

/** Writes down which plan of the run answers which events; an event that lost its plan goes to the new one. */
export async function insertPlanEvents(ctx: Ctx): Promise<void> {
  const { tenant } = ctx;
  await sql`
    insert into strategy.plan_events (tenant_id, id, plan_id, event_id, reaction_key)
    select x.tenant_id, kernel.hash_id('plan-event', x.event_id::text, x.key), n.plan_id, x.event_id, x.key
    from pg_temp.run_reactions x
    join pg_temp.run_accounts a on a.tenant_id = ${tenant} and a.account_id = x.account_id
    join pg_temp.run_plans n on n.tenant_id = ${tenant} and n.account_id = x.account_id and n.action = x.action
    where x.tenant_id = ${tenant} and ${permitted('a')}
    on conflict (tenant_id, id) do update set plan_id = excluded.plan_id`.execute(ctx.db);
}

/** Hands the events of plans that are taken over to the plans that take over. */
export async function handOverEvents(ctx: Ctx): Promise<void> {
  const { tenant } = ctx;
  await sql`
    update strategy.plan_events e set plan_id = n.plan_id from pg_temp.run_plans n
    where e.tenant_id = ${tenant} and n.tenant_id = ${tenant} and e.plan_id = n.takes_over`.execute(ctx.db);
}
