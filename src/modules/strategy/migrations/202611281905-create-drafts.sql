-- Creates drafts of strategies, the question whether publishing takes two people, and what dry runs said while it is looked at.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- The next version of a strategy as it is being written; the id is the strategy's. It may hold faults, which publishing refuses.
create table strategy.drafts (
  tenant_id uuid not null,
  id uuid not null,
  definition jsonb not null,
  -- Everybody who has changed it: where publishing takes two people, none of them is the second.
  editor_ids text[] not null,
  edited_by text not null,
  edited_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint drafts_strategy_fk foreign key (tenant_id, id) references strategy.strategies (tenant_id, id)
);
select kernel.protect('strategy.drafts');

-- How versions are published, one row for each change of mind; the newest counts, and without one a person publishes alone.
create table strategy.publishing_rules (
  tenant_id uuid not null,
  id uuid not null,
  two_people boolean not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('strategy.publishing_rules');

-- A dry run that is kept so that it can be looked through; gone when it expires, or when a newer one takes its place.
create table strategy.rehearsals (
  tenant_id uuid not null,
  id uuid not null,
  as_of date not null,
  version text not null,
  counts jsonb not null,
  -- Accounts by outcome, reason and what would be planned, with how many of them are kept as rows.
  groups jsonb not null,
  started_by text not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('strategy.rehearsals');

-- What it would do about an account, in the order of the list: those acted upon first, and of those the ones that owe most.
create table strategy.rehearsal_rows (
  tenant_id uuid not null,
  rehearsal_id uuid not null,
  row_no int not null,
  account_id uuid not null,
  version_id uuid,
  outcome text not null,
  reason_code text not null,
  actions text not null,
  step_key text,
  withheld text,
  stage text not null,
  days_past_due int,
  open_items int not null,
  open_minor bigint not null,
  claimed_minor bigint not null,
  currency char(3) not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, rehearsal_id, row_no),
  constraint rehearsal_rows_rehearsal_fk foreign key (tenant_id, rehearsal_id) references strategy.rehearsals (tenant_id, id) on delete cascade
);
select kernel.protect('strategy.rehearsal_rows');
create index rehearsal_rows_by_reason on strategy.rehearsal_rows (tenant_id, rehearsal_id, reason_code, row_no);
