-- Creates the compliance room: consents, preferences, permits and uses, contact register, openings, incidents, tightenings.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema compliance;
grant usage on schema compliance to dunwell_app;

create table compliance.consents (
  tenant_id uuid not null,
  id uuid not null,
  giver_party_id uuid not null,
  cluster_id uuid not null,
  -- To whom it was given: the client, the tenant itself, or somebody before us (which is worth nothing to us by itself).
  recipient_kind text not null check (recipient_kind in ('tenant', 'client', 'prior_collector')),
  client_id uuid,
  account_id uuid,
  channel text not null,
  address_key text,
  scope text not null,
  evidence jsonb not null,
  effective_from timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  revocation jsonb,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('compliance.consents');
create index consents_by_cluster on compliance.consents (tenant_id, cluster_id);

-- What a person has asked for: opt-outs of a channel or an address, inconvenient times and places, a language.
create table compliance.preferences (
  tenant_id uuid not null,
  id uuid not null,
  cluster_id uuid not null,
  party_id uuid,
  kind text not null check (kind in ('opt_out', 'inconvenient_time', 'inconvenient_place', 'language', 'cease')),
  channel text,
  address_key text,
  detail jsonb not null default '{}',
  source_kind text not null,
  source_id text,
  effective_from timestamptz not null,
  ended_at timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('compliance.preferences');
create index preferences_by_cluster on compliance.preferences (tenant_id, cluster_id);
create index preferences_by_address on compliance.preferences (tenant_id, address_key) where address_key is not null;

-- A permit: the answer to one proposed act, with everything it was judged on. Append-only; spending it is a use.
create table compliance.permits (
  tenant_id uuid not null,
  id uuid not null,
  decision text not null check (decision in ('allow', 'deny', 'defer')),
  act text not null check (act in ('automatic_message', 'manual_message', 'manual_call', 'recorded_after')),
  channel text not null check (channel in ('email', 'call', 'letter', 'sms', 'visit')),
  cluster_id uuid not null,
  party_id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  address_key text,
  proposal jsonb not null,
  -- SHA-256 of the canonical facts; the facts themselves, so that the decision can be replayed.
  facts_sha256 bytea not null,
  facts jsonb not null,
  reasons jsonb not null,
  pack_versions jsonb not null,
  not_before timestamptz,
  decided_at timestamptz not null,
  valid_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('compliance.permits');
create index permits_by_account on compliance.permits (tenant_id, account_id, decided_at desc);
-- What the gate refused or put off of late, counted from the index alone.
create index permits_refused on compliance.permits (tenant_id, decided_at) include (decision, act, client_id) where decision <> 'allow';

-- Spending a permit. The unique key is what makes a permit single-use whatever the code does.
create table compliance.permit_uses (
  tenant_id uuid not null,
  id uuid not null,
  permit_id uuid not null,
  act_kind text not null check (act_kind in ('message', 'call')),
  act_id uuid not null,
  used_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint permit_uses_permit_fk foreign key (tenant_id, permit_id) references compliance.permits (tenant_id, id),
  constraint permit_uses_once unique (tenant_id, permit_id)
);
select kernel.protect_append_only('compliance.permit_uses');
create index permit_uses_by_act on compliance.permit_uses (tenant_id, act_id);

-- The contact register: entries are reserved, then counted or released by adjusting rows; nothing is updated. An act whose
-- outcome is uncertain stays reserved, and reserved counts.
create table compliance.register_entries (
  tenant_id uuid not null,
  id uuid not null,
  -- Null for the first row of an act; otherwise the entry this row adjusts.
  adjusts_id uuid,
  status text not null check (status in ('reserved', 'counted', 'released')),
  direction text not null check (direction in ('out', 'in')),
  channel text not null,
  cluster_id uuid not null,
  party_id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  address_key text,
  conversation boolean not null default false,
  permit_id uuid,
  act_kind text not null check (act_kind in ('message', 'call')),
  act_id uuid not null,
  -- The person's calendar day(s): the local date in their zone at the moment of the act.
  local_on date not null,
  effective_at timestamptz not null,
  reason text,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint register_entries_adjusts_fk foreign key (tenant_id, adjusts_id) references compliance.register_entries (tenant_id, id)
);
select kernel.protect_append_only('compliance.register_entries');
create index register_by_cluster on compliance.register_entries (tenant_id, cluster_id, effective_at desc);
create index register_by_account on compliance.register_entries (tenant_id, account_id, effective_at desc);
create index register_by_address on compliance.register_entries (tenant_id, address_key, effective_at desc) where address_key is not null;
create index register_by_act on compliance.register_entries (tenant_id, act_id);
create index register_adjustments on compliance.register_entries (tenant_id, adjusts_id) where adjusts_id is not null;

-- Openings per zone and local day, computed in TypeScript only (Node and PostgreSQL ship different zone data); SQL joins them.
create table compliance.openings (
  tenant_id uuid not null,
  pack_key text not null,
  channel text not null,
  time_zone text not null,
  country char(2) not null,
  local_on date not null,
  opens_at timestamptz,
  closes_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, pack_key, channel, time_zone, country, local_on)
);
select kernel.protect('compliance.openings');

create table compliance.incidents (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  account_id uuid,
  cluster_id uuid,
  permit_id uuid,
  act_id uuid,
  summary text not null,
  detail jsonb not null default '{}',
  state text not null default 'open' check (state in ('open', 'acknowledged', 'closed')),
  closed_by text,
  closing_note text,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('compliance.incidents');
create index incidents_open on compliance.incidents (tenant_id, recorded_at desc) where state <> 'closed';

-- A tenant may only tighten; the effect is data like the packs.
create table compliance.tightenings (
  tenant_id uuid not null,
  id uuid not null,
  rule_id text not null,
  parameters jsonb not null,
  effective_from date not null,
  effective_to date,
  reason text not null,
  created_by text not null,
  approved_by text,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('compliance.tightenings');

create view compliance.permits_v with (security_invoker = true) as
  select p.tenant_id, p.id, p.decision, p.act, p.channel, p.cluster_id, p.party_id, p.account_id, p.client_id, p.address_key, p.proposal, p.facts, p.reasons,
         p.pack_versions, p.not_before, p.decided_at, p.valid_until, u.act_kind, u.act_id, u.used_at
  from compliance.permits p left join compliance.permit_uses u on u.tenant_id = p.tenant_id and u.permit_id = p.id;
create view compliance.preferences_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, party_id, kind, channel, address_key, detail, source_kind, source_id, effective_from, ended_at, recorded_at
  from compliance.preferences;
create view compliance.consents_v with (security_invoker = true) as select * from compliance.consents;
-- One row per act with its state of today: the newest adjustment wins.
create view compliance.register_v with (security_invoker = true) as
  select e.tenant_id, e.id, e.direction, e.channel, e.cluster_id, e.party_id, e.account_id, e.client_id, e.address_key, e.permit_id, e.act_kind, e.act_id,
         e.local_on, e.effective_at, e.recorded_at, coalesce(a.status, e.status) as status, coalesce(a.conversation, e.conversation) as conversation
  from compliance.register_entries e
  left join lateral (
    select x.status, x.conversation from compliance.register_entries x
    where x.tenant_id = e.tenant_id and x.adjusts_id = e.id order by x.recorded_at desc, x.id desc limit 1) a on true
  where e.adjusts_id is null;
create view compliance.incidents_v with (security_invoker = true) as
  select tenant_id, id, kind, account_id, cluster_id, permit_id, act_id, summary, detail, state, closed_by, closing_note, effective_at, recorded_at, row_version
  from compliance.incidents;
create view compliance.openings_v with (security_invoker = true) as
  select tenant_id, pack_key, channel, time_zone, country, local_on, opens_at, closes_at from compliance.openings;
grant select on compliance.permits_v, compliance.preferences_v, compliance.consents_v, compliance.register_v, compliance.incidents_v, compliance.openings_v
  to dunwell_app;
