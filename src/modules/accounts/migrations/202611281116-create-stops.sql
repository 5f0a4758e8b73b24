-- Creates accounts.stops: accounts whose stop epoch has risen since the plans about them were last tidied.
-- Breaks running code: no. Processes of the release before raise epochs without a row here; the next run tidies all plans anyway.
set local lock_timeout = '5s';

-- Written with the raise, removed once the plans have been marked void. Between the two, what is planned is what rows say less the few plans
-- found through here; without it every planned contact would have to be held against its account. A row without an account stands for
-- all: a run may have planned, from what it saw when it began, for accounts stopped meanwhile.
create table accounts.stops (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('accounts.stops');
create view accounts.stops_v with (security_invoker = true) as select tenant_id, id, account_id from accounts.stops;
grant select on accounts.stops_v to dunwell_app;
