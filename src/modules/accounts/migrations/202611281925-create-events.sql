-- Creates the queue of what happens to accounts, which strategies react to.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- One row (its id is the tenant's) once somebody listens: until then nothing is written down, and telling costs one look here.
create table accounts.event_listeners (
  tenant_id uuid not null,
  id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint event_listeners_one check (id = tenant_id)
);
select kernel.protect('accounts.event_listeners');

-- The id is a hash of kind, account and subject: what is told again is no news. Kept after it was taken: a reaction may wait for days.
create table accounts.events (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('payment', 'part_payment', 'reply', 'dispute_opened', 'dispute_closed', 'promise_kept', 'promise_broken',
    'bounce', 'wrong_number', 'portal_visit')),
  -- What it was: the receipt, promise, hold, reply, call, contact point or notice, by kind.
  subject_id uuid not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  taken_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('accounts.events');
create index events_untaken on accounts.events (tenant_id, recorded_at, id) where taken_at is null;
create index events_by_account on accounts.events (tenant_id, account_id, occurred_at);
create index events_by_day on accounts.events (tenant_id, occurred_at);

create view accounts.events_v with (security_invoker = true) as
  select tenant_id, id, account_id, kind, subject_id, occurred_at, recorded_at, taken_at from accounts.events;
grant select on accounts.events_v to dunwell_app;
