-- Creates segments: named rules over the facts of accounts, with every wording they ever had.
-- Breaks running code: no.
set local lock_timeout = '5s';

create table strategy.segments (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 80),
  description text not null default '' check (length(description) <= 500),
  -- The revision that counts now; strategies name the revision they were published with.
  revision int not null check (revision >= 1),
  archived_at timestamptz,
  row_version bigint not null default 1,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('strategy.segments');
-- An archived segment gives its name free.
create unique index segments_name on strategy.segments (tenant_id, lower(name)) where archived_at is null;

create table strategy.segment_revisions (
  tenant_id uuid not null,
  id uuid not null,
  segment_id uuid not null,
  revision int not null,
  rule jsonb not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint segment_revisions_segment_fk foreign key (tenant_id, segment_id) references strategy.segments (tenant_id, id),
  constraint segment_revisions_number unique (tenant_id, segment_id, revision)
);
select kernel.protect_append_only('strategy.segment_revisions');
