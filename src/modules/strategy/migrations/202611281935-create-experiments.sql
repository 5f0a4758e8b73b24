-- Creates experiments: a line of the selection whose people are split by lot between strategies, and who was put where.
-- Breaks running code: no.
set local lock_timeout = '5s';

create table strategy.experiments (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 80),
  hypothesis text not null check (length(hypothesis) <= 1000),
  state text not null check (state in ('draft', 'running', 'stopped', 'decided')),
  -- In order: [{name, strategyId, weight}]; the first is the champion, a strategy of null is a hold-out, weights are hundredths of a per
  -- cent and add up to 10000.
  arms jsonb not null,
  -- How much of the population has been let in, in hundredths of a per cent; only ever raised.
  share int not null check (share between 1 and 10000),
  -- For how long after entry money and contacts, and complaints, count.
  recovery_days int not null check (recovery_days between 1 and 365),
  complaint_days int not null check (complaint_days between 1 and 365),
  -- What one contact costs by channel, in minor units of the reporting currency.
  costs jsonb not null,
  -- What stops it: complaints surely more, money surely less than the champion's by so many hundredths of a per cent.
  complaints_above int check (complaints_above between 1 and 10000),
  recovery_below int check (recovery_below between 1 and 10000),
  started_on date,
  -- The last day.
  ends_on date,
  stopped_on date,
  stop_reason text,
  decided_arm int,
  row_version bigint not null default 1,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint experiments_begun check ((state = 'draft') = (started_on is null)),
  constraint experiments_stopped check ((state in ('stopped', 'decided')) = (stopped_on is not null)),
  constraint experiments_decided check ((state = 'decided') = (decided_arm is not null))
);
select kernel.protect('strategy.experiments');
create unique index experiments_name on strategy.experiments (tenant_id, lower(name));

-- What was done to an experiment, by whom and when.
create table strategy.experiment_steps (
  tenant_id uuid not null,
  id uuid not null,
  experiment_id uuid not null,
  kind text not null check (kind in ('created', 'changed', 'started', 'widened', 'stopped', 'decided')),
  sentence text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint experiment_steps_experiment_fk foreign key (tenant_id, experiment_id) references strategy.experiments (tenant_id, id)
);
select kernel.protect_append_only('strategy.experiment_steps');
create index experiment_steps_of on strategy.experiment_steps (tenant_id, experiment_id, recorded_at);

-- Which arm a person was given, once and for ever (intention to treat): neither a merge nor a new weight moves anybody. A row is kept for
-- the cluster an account was born with, which never changes; the unit is the person it belonged to on that day. Its id is a hash.
create table strategy.assignments (
  tenant_id uuid not null,
  id uuid not null,
  experiment_id uuid not null,
  cluster_id uuid not null,
  unit_id uuid not null,
  arm int not null,
  entered_on date not null,
  -- What the person owed on entry, in the reporting currency at the rates of the experiment's first day; null for a cluster that came to
  -- a person who had entered before: it is treated alike and not counted.
  owed_minor bigint,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint assignments_once unique (tenant_id, experiment_id, cluster_id),
  constraint assignments_experiment_fk foreign key (tenant_id, experiment_id) references strategy.experiments (tenant_id, id)
);
select kernel.protect_append_only('strategy.assignments');

create view strategy.experiments_v with (security_invoker = true) as
  select tenant_id, id, name, hypothesis, state, arms, share, recovery_days, complaint_days, costs, complaints_above, recovery_below, started_on, ends_on,
         stopped_on, stop_reason, decided_arm, row_version, recorded_by, recorded_at from strategy.experiments;
create view strategy.assignments_v with (security_invoker = true) as
  select tenant_id, id, experiment_id, cluster_id, unit_id, arm, entered_on, owed_minor, recorded_at from strategy.assignments;
grant select on strategy.experiments_v, strategy.assignments_v to dunwell_app;

-- Everybody whom no line matches may be in an experiment too.
alter table strategy.selections add column otherwise_experiment_id uuid;
alter table strategy.selections add constraint selections_otherwise_experiment_fk
  foreign key (tenant_id, otherwise_experiment_id) references strategy.experiments (tenant_id, id);
