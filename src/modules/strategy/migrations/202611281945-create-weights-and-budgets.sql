-- Creates the weights by which work is ranked, and the budgets of a day.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- Each row is all weights as they stand from their day; it is never changed, and the newest of a day counts.
create table strategy.weights (
  tenant_id uuid not null,
  id uuid not null,
  revision int not null check (revision >= 1),
  weights jsonb not null,
  effective_from date not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint weights_revision unique (tenant_id, revision)
);
select kernel.protect_append_only('strategy.weights');

-- Each row is all budgets as they stand from their day: [{action, clientId, perDay}].
create table strategy.budgets (
  tenant_id uuid not null,
  id uuid not null,
  revision int not null check (revision >= 1),
  lines jsonb not null,
  effective_from date not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint budgets_revision unique (tenant_id, revision)
);
select kernel.protect_append_only('strategy.budgets');
