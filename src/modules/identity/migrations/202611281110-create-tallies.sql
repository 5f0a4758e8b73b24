-- Creates kernel.tallies: counts and sums that rooms keep of their own rows, so that a page adds up days and not accounts.
-- Breaks running code: no. Tallies of rows that are there already are made by the worker, tenant by tenant (`keepTallies`).
set local lock_timeout = '5s';

-- Only ever added to: whoever changes a row adds what its change makes of each sum, so that writers never wait for each other at a
-- total. The worker folds rows of one key into one. A sum is what all rows of its key add up to, folded or not.
create table kernel.tallies (
  tenant_id uuid not null,
  id uuid not null,
  measure text collate "C" not null,
  client_id uuid not null,
  currency text collate "C" not null default '',
  -- A calendar day the sum is by (due, oldest due), or none.
  day date not null default '-infinity',
  -- By what old sums are left out of a reading: an instant of a quarter of an hour, or a calendar day at midnight UTC.
  slot timestamptz not null default '-infinity',
  n bigint not null,
  minor bigint not null,
  folded boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('kernel.tallies');
create index tallies_by_slot on kernel.tallies (tenant_id, measure, slot, client_id) include (currency, day, n, minor);
create index tallies_to_fold on kernel.tallies (tenant_id) where not folded;
-- Small and always changing: dead rows are cleared by their number, not by their share.
alter table kernel.tallies set (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 500);

create function kernel.day_slot(day date) returns timestamptz language sql immutable parallel safe
  as $$ select day::timestamp at time zone 'UTC' $$;
-- Every zone in use lies whole quarters of an hour from UTC, so that any tenant's day is made of whole slots.
create function kernel.quarter_slot(at timestamptz) returns timestamptz language sql immutable parallel safe
  as $$ select date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00') $$;
