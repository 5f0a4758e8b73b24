-- Tells tasks that a person chose from those automation made: the latter are void when their account is stopped.
-- Breaks running code: no; what code of before this release adds counts as made by automation.
set local lock_timeout = '5s';

alter table desk.tasks add column by_person boolean not null default false;

-- Call-backs agreed before this release must not be lost. The owner of the table sees no row of any tenant otherwise.
alter table desk.tasks no force row level security;
update desk.tasks set by_person = true where state = 'open' and plan_id is null and title = 'Call back as agreed';
alter table desk.tasks force row level security;

create or replace view desk.tasks_v with (security_invoker = true) as
  select tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, plan_id, stop_epoch, priority, due_on, not_before, assigned_to,
         claimed_by, claimed_until, state, outcome, closed_at, closed_by, recorded_at, row_version, by_person from desk.tasks;
