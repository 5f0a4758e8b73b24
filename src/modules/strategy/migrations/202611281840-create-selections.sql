-- Creates the selection table: which strategy an account follows, by the first segment that matches it; and says of a version how
-- accounts come to it.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- How accounts that follow an earlier version of the strategy come to this one: at once, when they come to another stage, or never.
alter table strategy.versions add column takes_over text not null default 'at_once'
  check (takes_over in ('at_once', 'next_stage', 'new_accounts'));

-- Each row is the whole table as it stood from its day; it is never changed, and the newest of a day counts.
create table strategy.selections (
  tenant_id uuid not null,
  id uuid not null,
  revision int not null check (revision >= 1),
  -- In order: [{segmentId, segmentRevision, strategyId}]; a strategy of null keeps the accounts out of all treatment.
  entries jsonb not null,
  otherwise_id uuid,
  effective_from date not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint selections_revision unique (tenant_id, revision),
  constraint selections_otherwise_fk foreign key (tenant_id, otherwise_id) references strategy.strategies (tenant_id, id)
);
select kernel.protect_append_only('strategy.selections');

create or replace view strategy.versions_v with (security_invoker = true) as
  select v.tenant_id, v.id, v.strategy_id, s.name, v.version, v.definition, v.effective_from, v.published_by, v.recorded_at, v.takes_over
  from strategy.versions v join strategy.strategies s on s.tenant_id = v.tenant_id and s.id = v.strategy_id;
