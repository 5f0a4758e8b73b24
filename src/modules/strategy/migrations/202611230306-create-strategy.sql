-- Creates the strategy room: versions, positions, item levels, runs, plans, decisions.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema strategy;
grant usage on schema strategy to dunwell_app;

create table strategy.strategies (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint strategies_name unique (tenant_id, name)
);
select kernel.protect('strategy.strategies');

-- A published version is never changed (append-only); a new one takes over from its effective date.
create table strategy.versions (
  tenant_id uuid not null,
  id uuid not null,
  strategy_id uuid not null,
  version int not null,
  definition jsonb not null,
  effective_from date not null,
  published_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint versions_strategy_fk foreign key (tenant_id, strategy_id) references strategy.strategies (tenant_id, id),
  constraint versions_number unique (tenant_id, strategy_id, version)
);
select kernel.protect_append_only('strategy.versions');

create table strategy.runs (
  tenant_id uuid not null,
  id uuid not null,
  version_id uuid not null,
  as_of date not null,
  at timestamptz not null,
  state text not null check (state in ('running', 'done', 'failed')),
  -- Days since the last finished run that this run had to make up for.
  caught_up_days int not null default 0,
  counts jsonb not null default '{}',
  started_by text not null,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint runs_version_fk foreign key (tenant_id, version_id) references strategy.versions (tenant_id, id)
);
select kernel.protect('strategy.runs');
create index runs_newest on strategy.runs (tenant_id, as_of desc, id desc);

-- Where an account stands: stage is the account's, level is the item's. The id is the account's.
create table strategy.positions (
  tenant_id uuid not null,
  id uuid not null,
  version_id uuid not null,
  stage text not null check (stage in ('pre_due', 'early', 'mid', 'late', 'legal')),
  entered_on date not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table strategy.positions set (fillfactor = 90);
select kernel.protect('strategy.positions');

-- The furthest step each item has been planned for; the id is the item's. Rises only, and a skipped step (catch-up, hold) is
-- not taken later. `day` is the step's trigger (days past due): it orders steps across versions. The `previous_*` columns are
-- what the item goes back to when its plan dies undone (void, expired, failed), so that the next run plans it again.
create table strategy.item_levels (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  level int not null,
  step_key text not null,
  day int not null,
  reached_on date not null,
  plan_id uuid not null,
  previous_level int,
  previous_step_key text,
  previous_day int,
  previous_reached_on date,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table strategy.item_levels set (fillfactor = 90);
select kernel.protect('strategy.item_levels');
create index item_levels_by_account on strategy.item_levels (tenant_id, account_id);

-- A planned act. Its id is a hash of (account, action, day, epoch, the plan it takes over from), so a repeated run is a no-op. Void as soon as the account's stop
-- epoch has passed the one it was stamped with, whatever `state` still says; tidied later.
create table strategy.plans (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  version_id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  cluster_id uuid not null,
  party_id uuid not null,
  action text not null check (action in ('email', 'call_task', 'escalation')),
  step_key text not null,
  level int not null,
  stage text not null,
  item_count int not null,
  amount_minor bigint not null,
  currency char(3) not null,
  stop_epoch bigint not null,
  planned_for date not null,
  not_before timestamptz,
  state text not null default 'planned' check (state in ('planned', 'sending', 'sent', 'done', 'uncertain', 'failed', 'denied', 'void', 'expired')),
  state_reason text,
  message_id uuid,
  attempts int not null default 0,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint plans_run_fk foreign key (tenant_id, run_id) references strategy.runs (tenant_id, id)
);
alter table strategy.plans set (fillfactor = 85);
select kernel.protect('strategy.plans');
create index plans_due on strategy.plans (tenant_id, action, not_before, id) where state = 'planned';
create index plans_by_account on strategy.plans (tenant_id, account_id, planned_for desc);
create index plans_by_day on strategy.plans (tenant_id, planned_for);

-- Everything a plan speaks about; `fires` marks the items whose step brought it about. Level and step are the item's own once
-- this plan is carried out, null while no step has been reached.
create table strategy.plan_items (
  tenant_id uuid not null,
  plan_id uuid not null,
  item_id uuid not null,
  level int,
  step_key text,
  fires boolean not null,
  open_minor bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, plan_id, item_id)
);
select kernel.protect('strategy.plan_items');

-- The why-card. Written when an account's outcome or its reason changes, valid until the next row: a million quiet accounts
-- cost nothing on a quiet day, and every day still has its explanation.
create table strategy.decisions (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  from_on date not null,
  run_id uuid not null,
  version_id uuid not null,
  outcome text not null check (outcome in ('act', 'wait', 'stop')),
  reason_code text not null,
  step_key text,
  plan_id uuid,
  facts jsonb not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('strategy.decisions');
create index decisions_by_account on strategy.decisions (tenant_id, account_id, from_on desc, recorded_at desc);
create index decisions_by_run on strategy.decisions (tenant_id, run_id, reason_code);

-- The newest decision of each account, so that "has it changed?" is one primary-key join.
create table strategy.standings (
  tenant_id uuid not null,
  id uuid not null,
  outcome text not null,
  reason_code text not null,
  from_on date not null,
  decision_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table strategy.standings set (fillfactor = 85);
select kernel.protect('strategy.standings');

create view strategy.versions_v with (security_invoker = true) as
  select v.tenant_id, v.id, v.strategy_id, s.name, v.version, v.definition, v.effective_from, v.published_by, v.recorded_at
  from strategy.versions v join strategy.strategies s on s.tenant_id = v.tenant_id and s.id = v.strategy_id;
create view strategy.runs_v with (security_invoker = true) as
  select tenant_id, id, version_id, as_of, at, state, caught_up_days, counts, started_by, finished_at, created_at from strategy.runs;
create view strategy.positions_v with (security_invoker = true) as
  select tenant_id, id as account_id, version_id, stage, entered_on from strategy.positions;
create view strategy.item_levels_v with (security_invoker = true) as
  select tenant_id, id as item_id, account_id, level, step_key, day, reached_on, plan_id from strategy.item_levels;
create view strategy.plans_v with (security_invoker = true) as
  select tenant_id, id, run_id, version_id, account_id, client_id, cluster_id, party_id, action, step_key, level, stage, item_count, amount_minor,
         currency, stop_epoch, planned_for, not_before, state, state_reason, message_id, attempts, recorded_at
  from strategy.plans;
create view strategy.plan_items_v with (security_invoker = true) as
  select tenant_id, plan_id, item_id, level, step_key, fires, open_minor from strategy.plan_items;
create view strategy.decisions_v with (security_invoker = true) as
  select tenant_id, id, account_id, from_on, run_id, version_id, outcome, reason_code, step_key, plan_id, facts, recorded_at from strategy.decisions;
create view strategy.standings_v with (security_invoker = true) as
  select tenant_id, id as account_id, outcome, reason_code, from_on, decision_id from strategy.standings;
grant select on strategy.standings_v, strategy.versions_v, strategy.runs_v, strategy.positions_v, strategy.item_levels_v, strategy.plans_v, strategy.plan_items_v,
  strategy.decisions_v to dunwell_app;
