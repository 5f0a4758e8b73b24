-- Creates the parties room: person clusters, parties, links, contact points, search tokens.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema parties;
grant usage on schema parties to dunwell_app;

-- Caps, stops and locks apply to the cluster. A party keeps the cluster it was born with for ever; a merge points one
-- cluster's root at another, so history is never rewritten and a merge can be undone.
create table parties.clusters (
  tenant_id uuid not null,
  id uuid not null,
  root_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('parties.clusters');
-- Imports write clusters and parties by the hundred thousand; what nobody can remove needs no foreign key (decision 0005).
revoke delete on parties.clusters from dunwell_app;
create index clusters_by_root on parties.clusters (tenant_id, root_id);

create table parties.cluster_merges (
  tenant_id uuid not null,
  id uuid not null,
  from_cluster_id uuid not null,
  into_cluster_id uuid not null,
  reason text not null,
  recorded_at timestamptz not null,
  undone_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint cluster_merges_from_fk foreign key (tenant_id, from_cluster_id) references parties.clusters (tenant_id, id),
  constraint cluster_merges_into_fk foreign key (tenant_id, into_cluster_id) references parties.clusters (tenant_id, id)
);
select kernel.protect('parties.cluster_merges');

create table parties.parties (
  tenant_id uuid not null,
  id uuid not null,
  cluster_id uuid not null,
  kind text not null check (kind in ('person', 'business')),
  name text not null check (length(name) between 1 and 300),
  -- The client's own key for this party (customer number); null when the source has none.
  external_ref text,
  language text,
  country char(2),
  region text,
  time_zone text,
  source text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('parties.parties');
revoke delete on parties.parties from dunwell_app;
create index parties_by_cluster on parties.parties (tenant_id, cluster_id);

create table parties.party_links (
  tenant_id uuid not null,
  id uuid not null,
  party_id uuid not null,
  other_party_id uuid not null,
  role text not null check (role in ('guarantor', 'co_signer', 'spouse', 'attorney', 'parent_company', 'contact_person')),
  effective_from date not null,
  effective_to date,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint party_links_party_fk foreign key (tenant_id, party_id) references parties.parties (tenant_id, id),
  constraint party_links_other_fk foreign key (tenant_id, other_party_id) references parties.parties (tenant_id, id)
);
select kernel.protect('parties.party_links');
create index party_links_by_party on parties.party_links (tenant_id, party_id);

-- One address, number or mailbox. Quality says whether it may be relied on; only `wrong`, `bounced` and `ended` block.
create table parties.contact_points (
  tenant_id uuid not null,
  id uuid not null,
  party_id uuid not null,
  kind text not null check (kind in ('email', 'phone', 'postal')),
  value text not null,
  value_key text not null,
  label text,
  quality text not null default 'unverified' check (quality in ('verified', 'unverified', 'wrong', 'bounced')),
  preferred boolean not null default false,
  source text not null,
  effective_from timestamptz not null,
  ended_at timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint contact_points_party_fk foreign key (tenant_id, party_id) references parties.parties (tenant_id, id),
  constraint contact_points_once unique (tenant_id, party_id, kind, value_key)
);
select kernel.protect('parties.contact_points');
create index contact_points_by_value on parties.contact_points (tenant_id, kind, value_key);

-- Words by which a party is found: its name, number, addresses, the numbers of its accounts. Searched by equality and by range
-- (`token >= 'ab' and token < 'ac'`): pattern operators are not leakproof and so never use an index under row security;
-- comparison of text is. Invoice numbers are not here but in an index of their table: there are too many of them.
create table parties.search_tokens (
  tenant_id uuid not null,
  token text collate "C" not null,
  party_id uuid not null,
  primary key (tenant_id, token, party_id)
);
select kernel.protect('parties.search_tokens');

create view parties.clusters_v with (security_invoker = true) as select tenant_id, id, root_id from parties.clusters;
create view parties.parties_v with (security_invoker = true) as
  select p.tenant_id, p.id, p.cluster_id, c.root_id as root_cluster_id, p.kind, p.name, p.external_ref, p.language, p.country,
         p.region, p.time_zone, p.recorded_at
  from parties.parties p join parties.clusters c on c.tenant_id = p.tenant_id and c.id = p.cluster_id;
create view parties.contact_points_v with (security_invoker = true) as
  select tenant_id, id, party_id, kind, value, value_key, label, quality, preferred, source, effective_from, ended_at, recorded_at
  from parties.contact_points;
create view parties.search_tokens_v with (security_invoker = true) as
  select tenant_id, token, party_id from parties.search_tokens;
create view parties.party_links_v with (security_invoker = true) as
  select tenant_id, id, party_id, other_party_id, role, effective_from, effective_to from parties.party_links;
grant select on parties.clusters_v, parties.parties_v, parties.contact_points_v, parties.search_tokens_v, parties.party_links_v to dunwell_app;
