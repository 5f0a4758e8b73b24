-- Creates the desk room: tasks, calls, notes.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema desk;
grant usage on schema desk to dunwell_app;

create table desk.tasks (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  cluster_id uuid not null,
  kind text not null check (kind in ('call', 'call_back', 'escalation', 'review')),
  -- Who may take it: any collector, or a manager.
  queue text not null check (queue in ('collector', 'manager')),
  title text not null,
  reason text not null,
  plan_id uuid,
  stop_epoch bigint,
  priority bigint not null default 0,
  due_on date not null,
  not_before timestamptz,
  assigned_to uuid,
  -- A collector who opened the task has it until this instant; afterwards it is anyone's again.
  claimed_by uuid,
  claimed_until timestamptz,
  state text not null check (state in ('open', 'done', 'void')),
  outcome text,
  closed_at timestamptz,
  closed_by text,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table desk.tasks set (fillfactor = 85);
select kernel.protect('desk.tasks');
-- Carries what decides whose task it is, so that a queue is counted from the index alone.
create index tasks_next on desk.tasks (tenant_id, queue, priority desc, due_on, id) include (kind, not_before, assigned_to, client_id)
  where state = 'open';
create index tasks_claimed on desk.tasks (tenant_id, claimed_by) where state = 'open' and claimed_by is not null;
create index tasks_closed on desk.tasks (tenant_id, queue, state, closed_at desc, id desc) include (client_id) where state <> 'open';
create index tasks_by_account on desk.tasks (tenant_id, account_id, recorded_at desc);

create table desk.calls (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  cluster_id uuid not null,
  party_id uuid not null,
  task_id uuid,
  direction text not null check (direction in ('out', 'in')),
  phone text,
  outcome text not null check (outcome in (
    'conversation', 'no_answer', 'busy', 'voicemail_left', 'voicemail_not_left', 'wrong_number', 'not_in_service', 'third_party', 'refused')),
  effective_at timestamptz not null,
  permit_id uuid,
  incident_id uuid,
  promise_id uuid,
  note text,
  actor_id text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('desk.calls');
create index calls_by_account on desk.calls (tenant_id, account_id, effective_at desc);

create table desk.notes (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  body text not null check (length(body) between 1 and 10000),
  actor_id text not null,
  actor_name text not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('desk.notes');
create index notes_by_account on desk.notes (tenant_id, account_id, effective_at desc);

create view desk.tasks_v with (security_invoker = true) as
  select tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, plan_id, stop_epoch, priority, due_on, not_before, assigned_to,
         claimed_by, claimed_until, state, outcome, closed_at, closed_by, recorded_at, row_version from desk.tasks;
create view desk.calls_v with (security_invoker = true) as
  select tenant_id, id, account_id, client_id, cluster_id, party_id, task_id, direction, phone, outcome, effective_at, permit_id, incident_id, promise_id, note,
         actor_id, recorded_at from desk.calls;
create view desk.notes_v with (security_invoker = true) as
  select tenant_id, id, account_id, body, actor_id, actor_name, effective_at, recorded_at from desk.notes;
grant select on desk.tasks_v, desk.calls_v, desk.notes_v to dunwell_app;
