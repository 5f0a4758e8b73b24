-- What the default strategy's first run writes, by hand: the ladder is a constant, every account is new, ids are random. Reads the
-- tables themselves and writes the product's tables, so that both sides pay for the same indexes, keys and policies.
-- :tenant :as_of :at :run :version :openings are replaced by literals. Runs in one transaction as the application's role.

set local work_mem = '128MB';

insert into strategy.runs (tenant_id, id, version_id, as_of, at, state, counts, started_by, finished_at)
values (:tenant, :run, :version, :as_of, :at, 'done', '{}', 'reference', :at);

create temporary table reference_items on commit drop as
select i.id as item_id, i.account_id, i.due_on, i.open_minor, c.cover,
  case when i.open_minor > 0 then l.day end as day, case when i.open_minor > 0 then l.action end as action, l.level, l.step_key
from accounts.items i
left join lateral (select * from (values
    (60, 'escalation', 5, 'escalation'), (45, 'email', 5, 'final_notice'), (30, 'email', 4, 'demand'), (21, 'call_task', 3, 'call'),
    (14, 'email', 3, 'reminder_3'), (7, 'email', 2, 'reminder_2'), (1, 'email', 1, 'reminder_1'), (-5, 'email', 0, 'courtesy')
  ) as s (day, action, level, step_key) where s.day <= :as_of::date - i.due_on order by s.day desc limit 1) l on true
left join (
  select hi.item_id, case when bool_or(h.reason <> 'promise') then 'hold' else 'promise' end as cover
  from accounts.holds h join accounts.hold_items hi on hi.tenant_id = :tenant and hi.hold_id = h.id
  where h.tenant_id = :tenant and h.coverage = 'items' and h.effective_from <= :at and (h.released_at is null or h.released_at > :at)
    and (h.effective_to is null or h.effective_to > :at) and h.effects && array['stop_automatic', 'stop_contact']
  group by hi.item_id) c on c.item_id = i.id
where i.tenant_id = :tenant and i.open_minor <> 0;

analyze reference_items;

create temporary table reference_accounts on commit drop as
with figures as (
  select account_id, count(*)::int as items, sum(open_minor)::bigint as open_minor, min(due_on) as oldest_due_on,
    coalesce(sum(open_minor) filter (where day is not null and cover is null), 0)::bigint as claimed_minor,
    (count(*) filter (where cover is null))::int as listed, coalesce(sum(open_minor) filter (where cover is null), 0)::bigint as listed_minor,
    bool_or(day is not null and cover is null) as claimed, bool_or(day is not null and cover = 'hold') as held,
    bool_or(day is not null and cover = 'promise') as promised,
    max(day) filter (where cover is null and action = 'email') as notice_day, max(day) filter (where cover is null and action <> 'email') as other_day
  from reference_items where open_minor > 0 group by account_id),
credits as (
  select account_id, sum(minor)::bigint as minor from (
    select account_id, -open_minor as minor from reference_items where open_minor < 0
    union all
    select account_id, unapplied_minor from payments.receipts
    where tenant_id = :tenant and account_id is not null and unapplied_minor > 0 and state <> 'reversed') c group by account_id),
wishes as (
  select cluster_id, bool_or(kind = 'hold') as held, bool_or(kind = 'cease') as ceased, bool_or(kind = 'opt_out') as opted_out from (
    select cluster_id, 'hold' as kind from accounts.holds
    where tenant_id = :tenant and coverage = 'party' and effective_from <= :at and (released_at is null or released_at > :at)
      and (effective_to is null or effective_to > :at) and effects && array['stop_automatic', 'stop_contact']
    union all
    select cluster_id, kind from compliance.preferences
    where tenant_id = :tenant and effective_from <= :at and (ended_at is null or ended_at > :at)
      and (kind = 'cease' or kind = 'opt_out' and address_key is null and coalesce(channel, 'email') = 'email')) w group by cluster_id),
stopped_clusters as (
  select m.id as cluster_id, bool_or(w.held) as held, bool_or(w.ceased) as ceased, bool_or(w.opted_out) as opted_out
  from wishes w join parties.clusters n on n.tenant_id = :tenant and n.id = w.cluster_id
  join parties.clusters m on m.tenant_id = :tenant and m.root_id = n.root_id group by m.id),
stopped_accounts as (
  select distinct account_id from accounts.holds
  where tenant_id = :tenant and coverage = 'account' and effective_from <= :at and (released_at is null or released_at > :at)
    and (effective_to is null or effective_to > :at) and effects && array['stop_automatic', 'stop_contact']),
clients as (
  select c.id, coalesce(c.feed_through + make_interval(hours => c.feed_max_age_hours) < :at, false) as stale,
    exists (select 1 from accounts.wide_stops w where w.tenant_id = :tenant and w.effective_from <= :at
      and (w.released_at is null or w.released_at > :at) and (w.scope = 'tenant' or w.client_id = c.id)) as stopped
  from accounts.clients c where c.tenant_id = :tenant),
seen as (
  select f.id as account_id, f.client_id, f.cluster_id, f.party_id, f.currency, f.stop_epoch, :as_of::date - g.oldest_due_on as age, f.state,
    coalesce(g.items, 0) as items, coalesce(g.open_minor, 0) as open_minor, coalesce(g.claimed_minor, 0) as claimed_minor,
    coalesce(k.minor, 0) as credit_minor, g.listed, g.listed_minor, g.oldest_due_on, g.notice_day, g.other_day, g.claimed, g.held, g.promised,
    case when g.account_id is null then 'nothing_open' when f.state <> 'active' then 'account_state' when w.stopped then 'wide_stop'
      when w.stale then 'stale_feed' when h.account_id is not null or c.held then 'hold' when c.ceased then 'cease'
      when f.sensitive then 'sensitive' when g.claimed_minor > 0 and k.minor >= g.claimed_minor then 'credit_covers' end as stop,
    case when f.assigned_to is not null then 'assigned_collector' when c.opted_out then 'opt_out' when not f.has_email then 'no_contact_point' end as silent
  from accounts.facts f
  left join figures g on g.account_id = f.id
  left join credits k on k.account_id = f.id
  left join stopped_clusters c on c.cluster_id = f.cluster_id
  left join stopped_accounts h on h.account_id = f.id
  join clients w on w.id = f.client_id
  where f.tenant_id = :tenant),
reasoned as (
  select s.*, case when s.silent is null then s.notice_day end as allowed_day,
    case when s.stop is not null then s.stop
      when s.silent is null and s.notice_day is not null or s.other_day is not null then null
      when s.notice_day is not null then s.silent when s.held then 'hold' when s.promised then 'promise'
      when s.claimed then 'already_at_level' else 'not_due' end as reason
  from seen s)
select r.*, gen_random_uuid() as decision_id, greatest(r.allowed_day, r.other_day) as top_day,
  case when r.state = 'legal' then 'legal' when r.age >= 61 then 'late' when r.age >= 31 then 'mid' when r.age >= 1 then 'early' else 'pre_due' end as stage
from reasoned r;

analyze reference_accounts;

create temporary table reference_plans on commit drop as
select gen_random_uuid() as plan_id, i.account_id, i.action, max(i.day) as day, max(i.level) as level, (array_agg(i.step_key order by i.day desc))[1] as step_key
from reference_items i join reference_accounts a on a.account_id = i.account_id
where i.day is not null and i.cover is null and a.reason is null and (i.action <> 'email' or a.silent is null)
group by i.account_id, i.action;

analyze reference_plans;

insert into strategy.plans (tenant_id, id, run_id, version_id, account_id, client_id, cluster_id, party_id, action, step_key, level, stage,
  item_count, amount_minor, currency, stop_epoch, planned_for, not_before, recorded_at)
select :tenant, n.plan_id, :run, :version, a.account_id, a.client_id, a.cluster_id, a.party_id, n.action, n.step_key, n.level, a.stage,
  a.listed, a.listed_minor, a.currency, a.stop_epoch, :as_of, o.opens_at, :at
from reference_plans n
join reference_accounts a on a.account_id = n.account_id
join parties.parties p on p.tenant_id = :tenant and p.id = a.party_id
left join (
  select channel, time_zone, country, greatest(min(opens_at), :at) as opens_at from compliance.openings
  where tenant_id = :tenant and pack_key = :openings and opens_at is not null and closes_at > :at group by channel, time_zone, country) o
  on o.time_zone = coalesce(p.time_zone, '') and o.country = coalesce(p.country, '')
  and o.channel = case n.action when 'email' then 'email' when 'call_task' then 'call' end;

insert into strategy.plan_items (tenant_id, plan_id, item_id, level, step_key, fires, open_minor)
select :tenant, n.plan_id, i.item_id, case when i.action = n.action then i.level end, case when i.action = n.action then i.step_key end,
  coalesce(i.action = n.action, false), i.open_minor
from reference_items i join reference_plans n on n.account_id = i.account_id
where i.open_minor > 0 and i.cover is null;

insert into strategy.item_levels (tenant_id, id, account_id, level, step_key, day, reached_on, plan_id)
select :tenant, i.item_id, i.account_id, i.level, i.step_key, i.day, :as_of, n.plan_id
from reference_items i join reference_plans n on n.account_id = i.account_id and n.action = i.action
where i.day is not null and i.cover is null;

insert into strategy.positions (tenant_id, id, version_id, stage, entered_on)
select :tenant, account_id, :version, stage, :as_of from reference_accounts where items > 0;

insert into strategy.decisions (tenant_id, id, account_id, from_on, run_id, version_id, outcome, reason_code, step_key, plan_id, facts, recorded_at)
select :tenant, a.decision_id, a.account_id, :as_of, :run, :version,
  case when a.reason is null then 'act' when a.reason in ('nothing_open', 'already_at_level', 'not_due') then 'wait' else 'stop' end,
  coalesce(a.reason, n.step_key), n.step_key, n.plan_id,
  jsonb_build_object('stage', a.stage, 'days_past_due', a.age, 'oldest_due_on', a.oldest_due_on, 'open_items', a.items, 'open_minor', a.open_minor::text,
    'claimed_minor', a.claimed_minor::text, 'credit_minor', a.credit_minor::text, 'currency', a.currency,
    'withheld', case when a.reason is null and a.notice_day is not null then a.silent end, 'stop_epoch', a.stop_epoch::text), :at
from reference_accounts a left join reference_plans n on n.account_id = a.account_id and n.day = a.top_day;

insert into strategy.standings (tenant_id, id, outcome, reason_code, from_on, decision_id)
select :tenant, a.account_id,
  case when a.reason is null then 'act' when a.reason in ('nothing_open', 'already_at_level', 'not_due') then 'wait' else 'stop' end,
  coalesce(a.reason, n.step_key), :as_of, a.decision_id
from reference_accounts a left join reference_plans n on n.account_id = a.account_id and n.day = a.top_day;
