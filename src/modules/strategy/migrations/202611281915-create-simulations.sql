-- Creates simulations: what a strategy would do to the portfolio, worked out in the background, and whom it would treat differently.
-- Breaks running code: no.
set local lock_timeout = '5s';

create table strategy.simulations (
  tenant_id uuid not null,
  id uuid not null,
  title text not null check (length(title) between 1 and 120),
  -- What is simulated, from which day, by what behaviour: everything that a repetition needs.
  request jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  accounts_done int not null default 0,
  accounts_of int,
  -- The last sign of life of who works on it; without one for a minute it is begun anew.
  beat_at timestamptz,
  report jsonb,
  fault text,
  started_by text not null,
  finished_at timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('strategy.simulations');
create index simulations_open on strategy.simulations (tenant_id, id) where state in ('waiting', 'running');

-- The first day on which an account is treated differently than today, and how; the id is a hash of the business key.
create table strategy.simulation_differences (
  tenant_id uuid not null,
  id uuid not null,
  simulation_id uuid not null,
  side text not null check (side in ('simulated', 'compared')),
  account_id uuid not null,
  kind text not null check (kind in ('more', 'less', 'other')),
  from_on date not null,
  mine jsonb not null,
  theirs jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint simulation_differences_simulation_fk foreign key (tenant_id, simulation_id) references strategy.simulations (tenant_id, id)
);
select kernel.protect('strategy.simulation_differences');
create index simulation_differences_page on strategy.simulation_differences (tenant_id, simulation_id, side, from_on, id);
