import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { reacts } from './ladder.ts';
import { stageOf, stepKey, withheldWhenAssigned } from './ladder.sql.ts';
import { type NonActionReason, nonActionReasons } from './reasons.ts';
import type { Followed } from './run-items.sql.ts';
import { foremost, permitted } from './reactions.sql.ts';
import { among, inForce, type Only } from './run-tables.sql.ts';

/**
 * What the strategy says about each account: the SQL twin of evaluate.ts, reading run_items. Accounts that owe nothing and
 * are known to owe nothing are not looked at again.
 */
export async function fillRunAccounts(
  ctx: Ctx,
  { ladder, uniform, only }: Followed,
  asOf: CalendarDate,
): Promise<void> {
  const { tenant } = ctx;
  const reacting = reacts(ladder);
  const follows = uniform ? sql`0` : sql`m.follows`;
  const age = sql`(${asOf}::date - g.oldest_due_on)`;
  await sql`
    insert into pg_temp.run_accounts (tenant_id, account_id, client_id, cluster_id, party_id, currency, stop_epoch, follows, stage, days_past_due,
      open_items, open_minor, claimed_minor, credit_minor, listed_items, listed_minor, oldest_due_on, outcome, reason_code, top_day,
      top_action, stop_code, passes_hold, notices_blocked, withheld, known_outcome, known_reason, known_from)
    with ${itemFigures(tenant)}, ${credits(tenant, only)}, ${stoppedClusters(ctx, only)}, ${stoppedAccounts(ctx, only)}, ${stoppedClients(ctx)},
    noticed as (
      select distinct p.account_id from strategy.plans p
      where p.tenant_id = ${tenant} and p.planned_for = ${asOf} and p.action = 'email'
        and p.state in ('sending', 'sent', 'done', 'uncertain', 'denied') ${among(only, 'p.account_id')}),
    pictured as (
      select f.tenant_id, f.id, f.client_id, f.cluster_id, f.party_id, f.currency, coalesce(g.stop_epoch, f.stop_epoch) as stop_epoch, ${follows} as follows,
        case when f.state = 'legal' then 'legal' else ${stageOf(ladder, follows, age)} end as stage, ${age} as days_past_due,
        coalesce(g.items, 0) as items, coalesce(g.open_minor, 0) as open_minor, coalesce(g.claimed_minor, 0) as claimed_minor,
        coalesce(k.credit_minor, 0) as credit_minor, coalesce(g.listed, 0) as listed_items, coalesce(g.listed_minor, 0) as listed_minor,
        g.oldest_due_on, g.claimed, g.notice_day, g.other_day, g.held, g.promised, g.held_due, g.promised_due,
        s.outcome as known_outcome, s.reason_code as known_reason, s.from_on as known_from,
        case
          when g.account_id is null then 'nothing_open'
          when f.state <> 'active' then 'account_state'
          when w.wide then 'wide_stop'
          when w.stale then 'stale_feed'
          when h.account_id is not null or c.held then 'hold'
          when c.ceased then 'cease'
          when f.sensitive then 'sensitive'
          ${uniform ? sql`` : sql`when m.held_out then 'held_out'`}
          when ${follows} is null then 'kept_out'
          when g.claimed_minor > 0 and k.credit_minor >= g.claimed_minor then 'credit_covers'
        end as stop_code,
        ${reacting ? passesHold(follows) : sql`false`} as passes_hold,
        case
          when f.assigned_to is not null and ${withheldWhenAssigned(ladder, follows)} then 'assigned_collector'
          when c.opted_out then 'opt_out'
          when not f.has_email then 'no_contact_point'
          when n.account_id is not null then 'already_today'
        end as notices_blocked
      from accounts.facts_v f
      left join figures g on g.account_id = f.id
      left join credits k on k.account_id = f.id
      left join stopped_clusters c on c.cluster_id = f.cluster_id
      left join stopped_accounts h on h.account_id = f.id
      left join stopped_clients w on w.client_id = f.client_id
      left join noticed n on n.account_id = f.id
      ${uniform ? sql`` : sql`left join pg_temp.run_choices m on m.tenant_id = ${tenant} and m.account_id = f.id`}
      left join strategy.standings s on s.tenant_id = ${tenant} and s.id = f.id
      where f.tenant_id = ${tenant} and (g.account_id is not null or s.reason_code is distinct from 'nothing_open') ${among(only, 'f.id')})${reacting ? sql`, ${reactionsOf(tenant)}` : sql``},
    decided as (
      select p.*, ${reacting ? sql`e.key as reaction_key, e.action as reaction_action, coalesce(e.withheld, false) as reaction_withheld` : sql`null::text as reaction_key, null::text as reaction_action, false as reaction_withheld`},
        case when p.notice_day is not null and p.notices_blocked is null then p.notice_day end as allowed_notice_day
      from pictured p ${reacting ? sql`left join reacted e on e.id = p.id` : sql``})
    select d.tenant_id, d.id, d.client_id, d.cluster_id, d.party_id, d.currency, d.stop_epoch, d.follows, d.stage, d.days_past_due, d.items, d.open_minor,
      d.claimed_minor, d.credit_minor, d.listed_items, d.listed_minor, d.oldest_due_on,
      case
        when r.reason_code is null then 'act'
        ${sql.join(outcomes(sql`r.reason_code`), sql` `)}
      end,
      coalesce(r.reason_code, ${stepKey(ladder, sql`d.follows`, sql`r.top_day`)}, d.reaction_key),
      r.top_day, case when r.top_day is null then d.reaction_action end, d.stop_code, d.passes_hold, d.notices_blocked,
      case when r.reason_code is null and d.stop_code is null and (d.notice_day is not null or d.reaction_withheld) then d.notices_blocked end,
      d.known_outcome, d.known_reason, d.known_from
    from decided d
    cross join lateral (select case when d.stop_code is null then greatest(d.allowed_notice_day, d.other_day) end as top_day, case
      when d.reaction_key is not null then null
      when d.stop_code is not null then d.stop_code
      when d.allowed_notice_day is not null or d.other_day is not null then null
      when d.notice_day is not null or d.reaction_withheld then d.notices_blocked
      when d.held or not d.claimed and d.held_due then 'hold'
      when d.promised or not d.claimed and d.promised_due then 'promise'
      when d.claimed then 'already_at_level'
      else 'not_due' end as reason_code) r`.execute(ctx.db);
}

/** The reaction that speaks for all that an account may have, and whether a notice is among those it may not. */
const reactionsOf = (tenant: string): RawBuilder<unknown> => sql`reacted as (
  select p.id, (array_agg(x.key order by ${foremost}) filter (where ${permitted('p')}))[1] as key,
    (array_agg(x.action order by ${foremost}) filter (where ${permitted('p')}))[1] as action,
    bool_or(x.action = 'email' and p.stop_code is null and p.listed_items > 0 and p.notices_blocked is not null) as withheld
  from pictured p join pg_temp.run_reactions x on x.tenant_id = ${tenant} and x.account_id = p.id group by p.id)`;

/** Nothing stands against acting on the account but a hold. */
const passesHold = (follows: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`
  g.account_id is not null and f.state = 'active' and not coalesce(w.wide, false) and not coalesce(w.stale, false) and not coalesce(c.ceased, false)
  and not f.sensitive and ${follows} is not null and not coalesce(g.claimed_minor > 0 and k.credit_minor >= g.claimed_minor, false)`;

function outcomes(code: RawBuilder<unknown>): RawBuilder<unknown>[] {
  const stops = (Object.keys(nonActionReasons) as NonActionReason[]).filter(
    (key) => nonActionReasons[key].outcome === 'stop',
  );
  return [sql`when ${code} in (${sql.join(stops.map((stop) => sql`${stop}::text`))}) then 'stop'`, sql`else 'wait'`];
}

function itemFigures(tenant: string): RawBuilder<unknown> {
  return sql`figures as (
    select r.account_id, min(r.stop_epoch) as stop_epoch, count(*) as items, sum(r.open_minor)::bigint as open_minor, min(r.due_on) as oldest_due_on,
      coalesce(sum(r.open_minor) filter (where r.due_day is not null and r.cover is null), 0)::bigint as claimed_minor,
      count(*) filter (where r.cover is null) as listed,
      coalesce(sum(r.open_minor) filter (where r.cover is null), 0)::bigint as listed_minor,
      bool_or(r.due_day is not null and r.cover is null) as claimed,
      max(r.due_day) filter (where r.fires and r.action = 'email') as notice_day,
      max(r.due_day) filter (where r.fires and r.action <> 'email') as other_day,
      bool_or(r.cover = 'hold' and r.due_day is not null) as held_due, bool_or(r.cover = 'promise' and r.due_day is not null) as promised_due,
      bool_or(r.cover = 'hold' and r.due_day > coalesce(r.reached_day, r.due_day - 1)) as held,
      bool_or(r.cover = 'promise' and r.due_day > coalesce(r.reached_day, r.due_day - 1)) as promised
    from pg_temp.run_items r where r.tenant_id = ${tenant} and r.open_minor > 0 group by r.account_id)`;
}

function credits(tenant: string, only: Only): RawBuilder<unknown> {
  return sql`credits as (
    select x.account_id, sum(x.credit_minor)::bigint as credit_minor
    from (
      select r.account_id, -r.open_minor as credit_minor from pg_temp.run_items r where r.tenant_id = ${tenant} and r.open_minor < 0
      union all
      select p.account_id, p.unapplied_minor from payments.receipts_v p
      where p.tenant_id = ${tenant} and p.account_id is not null and p.unapplied_minor > 0 and p.state <> 'reversed' ${among(only, 'p.account_id')}) x
    group by x.account_id)`;
}

/** Clusters, by the id they were born with, under a hold of the whole party, an opt-out of e-mail, or a wish that all contact end. */
function stoppedClusters(ctx: Ctx, only: Only): RawBuilder<unknown> {
  const { tenant, at } = ctx;
  const theirs =
    only === null
      ? sql``
      : sql`where named.root_id in (select born.root_id from accounts.facts_v f
          join parties.clusters_v born on born.tenant_id = ${tenant} and born.id = f.cluster_id where f.tenant_id = ${tenant} ${among(only, 'f.id')})`;
  return sql`wishes as (
      select h.cluster_id, true as held, false as ceased, false as opted_out from accounts.holds_v h
      where h.tenant_id = ${tenant} and h.coverage = 'party' and ${inForce('h', at)} and h.effects && array['stop_automatic', 'stop_contact']
      union all
      select p.cluster_id, false, p.kind = 'cease', p.kind = 'opt_out' from compliance.preferences_v p
      where p.tenant_id = ${tenant} and p.kind in ('cease', 'opt_out') and p.effective_from <= ${at} and (p.ended_at is null or p.ended_at > ${at})
        and (p.kind = 'cease' or p.address_key is null and coalesce(p.channel, 'email') = 'email')),
    stopped_clusters as (
      select member.id as cluster_id, bool_or(w.held) as held, bool_or(w.ceased) as ceased, bool_or(w.opted_out) as opted_out
      from wishes w
      join parties.clusters_v named on named.tenant_id = ${tenant} and named.id = w.cluster_id
      join parties.clusters_v member on member.tenant_id = ${tenant} and member.root_id = named.root_id
      ${theirs} group by member.id)`;
}

function stoppedAccounts(ctx: Ctx, only: Only): RawBuilder<unknown> {
  return sql`stopped_accounts as (
    select distinct h.account_id from accounts.holds_v h
    where h.tenant_id = ${ctx.tenant} and h.coverage = 'account' and ${inForce('h', ctx.at)} and h.effects && array['stop_automatic', 'stop_contact'] ${among(only, 'h.account_id')})`;
}

function stoppedClients(ctx: Ctx): RawBuilder<unknown> {
  const { tenant, at } = ctx;
  return sql`stopped_clients as (
    select c.id as client_id,
      exists (select 1 from accounts.wide_stops_v w where w.tenant_id = ${tenant} and ${inForce('w', at, false)}
        and (w.scope = 'tenant' or w.client_id = c.id)) as wide,
      coalesce(c.feed_through + make_interval(hours => c.feed_max_age_hours) < ${at}, false) as stale
    from accounts.clients_v c where c.tenant_id = ${tenant})`;
}
