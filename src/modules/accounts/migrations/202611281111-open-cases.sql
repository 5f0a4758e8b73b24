-- Gives cases doors: why they were closed, who was at them, and what happened to each of their accounts.
-- Breaks running code: no; nothing wrote cases before.
set local lock_timeout = '5s';

alter table accounts.cases
  add column row_version bigint not null default 1,
  add column opened_by text not null default '',
  add column close_reason text;
create index cases_open on accounts.cases (tenant_id, opened_at desc, id) where closed_at is null;
create index accounts_by_case on accounts.accounts (tenant_id, case_id) where case_id is not null;

-- One row per account and event, so that an account's history is read through its own index.
create table accounts.case_events (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('opened', 'added', 'removed', 'assigned', 'closed', 'reopened')),
  assigned_to uuid,
  reason text,
  actor_id text not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint case_events_case_fk foreign key (tenant_id, case_id) references accounts.cases (tenant_id, id)
);
select kernel.protect_append_only('accounts.case_events');
create index case_events_by_account on accounts.case_events (tenant_id, account_id, effective_at desc);
create index case_events_by_case on accounts.case_events (tenant_id, case_id);

create or replace view accounts.cases_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, assigned_to, opened_at, closed_at, row_version, opened_by, close_reason from accounts.cases;
create view accounts.case_events_v with (security_invoker = true) as
  select tenant_id, id, case_id, account_id, kind, assigned_to, reason, actor_id, effective_at, recorded_at from accounts.case_events;
grant select on accounts.case_events_v to dunwell_app;
