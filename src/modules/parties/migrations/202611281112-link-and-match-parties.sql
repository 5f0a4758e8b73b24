-- Gives links between parties doors, and keeps likely duplicates for review.
-- Breaks running code: no; nothing wrote links before, and a party's tax number may be missing.
set local lock_timeout = '5s';

alter table parties.parties add column tax_number text, add column tax_key text collate "C";
create index parties_by_tax on parties.parties (tenant_id, tax_key) where tax_key is not null;
create or replace view parties.parties_v with (security_invoker = true) as
  select p.tenant_id, p.id, p.cluster_id, c.root_id as root_cluster_id, p.kind, p.name, p.external_ref, p.language, p.country,
         p.region, p.time_zone, p.recorded_at, p.tax_number
  from parties.parties p join parties.clusters c on c.tenant_id = p.tenant_id and c.id = p.cluster_id;

alter table parties.party_links drop constraint party_links_role_check;
alter table parties.party_links add constraint party_links_role_check check (role in (
  'guarantor', 'co_signer', 'spouse', 'parent_of_minor', 'guardian', 'executor', 'attorney', 'parent_company', 'contact_person', 'other'));
alter table parties.party_links add constraint party_links_two check (party_id <> other_party_id);
-- The first day on which it holds no longer; a link that never held begins and ends on one day.
alter table parties.party_links add constraint party_links_ends check (effective_to is null or effective_to >= effective_from);
alter table parties.party_links
  add column note text,
  add column recorded_by text not null default '',
  add column ended_at timestamptz,
  add column ended_by text,
  add column end_reason text,
  add column row_version bigint not null default 1;
create index party_links_by_other on parties.party_links (tenant_id, other_party_id);
create or replace view parties.party_links_v with (security_invoker = true) as
  select tenant_id, id, party_id, other_party_id, role, effective_from, effective_to, note, recorded_at, recorded_by, ended_at, ended_by, end_reason,
         row_version from parties.party_links;

-- Two parties that may be one, with what speaks for it. The id is a hash of the two, the smaller first: found again, kept once.
create table parties.match_candidates (
  tenant_id uuid not null,
  id uuid not null,
  party_id uuid not null,
  other_party_id uuid not null,
  score int not null check (score between 0 and 100),
  signals jsonb not null,
  state text not null check (state in ('open', 'merged', 'dismissed')),
  merge_id uuid,
  decided_by text,
  decided_at timestamptz,
  found_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint match_candidates_order check (party_id < other_party_id),
  constraint match_candidates_merge_fk foreign key (tenant_id, merge_id) references parties.cluster_merges (tenant_id, id)
);
select kernel.protect('parties.match_candidates');
create index match_candidates_listed on parties.match_candidates (tenant_id, state, score desc, id);

-- How far the search for duplicates has come: each run takes the next parties in the order of their ids.
create table parties.match_runs (
  tenant_id uuid not null,
  id uuid not null,
  after_party_id uuid,
  last_party_id uuid,
  looked_at int not null,
  found int not null,
  -- True for the run that reached the last party.
  round_done boolean not null,
  actor_id text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('parties.match_runs');
create index match_runs_newest on parties.match_runs (tenant_id, recorded_at desc, id desc);

create view parties.match_candidates_v with (security_invoker = true) as
  select tenant_id, id, party_id, other_party_id, score, signals, state, merge_id, decided_by, decided_at, found_at, row_version
  from parties.match_candidates;
create view parties.match_runs_v with (security_invoker = true) as
  select tenant_id, id, last_party_id, looked_at, found, round_done, recorded_at from parties.match_runs;
create view parties.cluster_merges_v with (security_invoker = true) as
  select tenant_id, id, from_cluster_id, into_cluster_id, reason, recorded_at, undone_at from parties.cluster_merges;
grant select on parties.match_candidates_v, parties.match_runs_v, parties.cluster_merges_v to dunwell_app;
