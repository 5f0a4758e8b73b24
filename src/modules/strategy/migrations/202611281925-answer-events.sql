-- Lets strategies react to events, know more actions, and ask a second person before acting.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- A run over all accounts on a day, or over those to which something has just happened.
alter table strategy.runs add column kind text not null default 'daily' check (kind in ('daily', 'event'));

create index runs_daily on strategy.runs (tenant_id, as_of desc, id desc) where kind = 'daily';

alter table strategy.plans drop constraint plans_action_check;
alter table strategy.plans add constraint plans_action_check
  check (action in ('email', 'call_task', 'escalation', 'specialist_task', 'legal_review', 'hold'));
alter table strategy.plans drop constraint plans_state_check;
-- `proposed`: waits for a second person; the rest as ever.
alter table strategy.plans add constraint plans_state_check
  check (state in ('proposed', 'planned', 'sending', 'sent', 'done', 'uncertain', 'failed', 'denied', 'void', 'expired'));
-- How long a planned hold lasts.
alter table strategy.plans add column hold_days int;
create index plans_proposed on strategy.plans (tenant_id, account_id) where state = 'proposed';

-- Which plan answers an event by which reaction; the id is a hash of the two, so that each answers once. The plan moves when another takes over.
create table strategy.plan_events (
  tenant_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  event_id uuid not null,
  reaction_key text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('strategy.plan_events');
create index plan_events_by_plan on strategy.plan_events (tenant_id, plan_id);

create or replace view strategy.runs_v with (security_invoker = true) as
  select tenant_id, id, version_id, as_of, at, state, caught_up_days, counts, started_by, finished_at, created_at, kind from strategy.runs;
create or replace view strategy.plans_v with (security_invoker = true) as
  select tenant_id, id, run_id, version_id, account_id, client_id, cluster_id, party_id, action, step_key, level, stage, item_count, amount_minor,
         currency, stop_epoch, planned_for, not_before, state, state_reason, message_id, attempts, recorded_at, hold_days
  from strategy.plans;
create view strategy.plan_events_v with (security_invoker = true) as
  select tenant_id, plan_id, event_id, reaction_key from strategy.plan_events;
grant select on strategy.plan_events_v to dunwell_app;
