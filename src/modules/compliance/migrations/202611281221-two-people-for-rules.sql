-- Tightenings and overrides take two people; permits can be found by the rules that spoke, and their days counted.
-- Breaks running code: yes, older code puts a tightening in force at once and knows no overrides.
set local lock_timeout = '5s';

-- A tightening counts once somebody else has approved it, and until somebody else has agreed to its withdrawal.
alter table compliance.tightenings
  add column state text not null default 'approved'
    check (state in ('proposed', 'approved', 'rejected', 'withdrawal_asked', 'withdrawn')),
  add column rule_part text,
  add column proposed_by_id text,
  add column approved_at timestamptz,
  -- What the approver was shown: how many planned contacts were judged, and how many would change.
  add column effect jsonb,
  add column decision_note text,
  add column withdrawal_by text,
  add column withdrawal_by_id text,
  add column withdrawal_reason text,
  add column withdrawn_by text,
  add column row_version bigint not null default 1;
-- What was in force before stays so: a limit is never lifted by an update of the program. From now on it begins as a proposal.
alter table compliance.tightenings alter column state set default 'proposed';

create view compliance.tightenings_v with (security_invoker = true) as
  select tenant_id, id, rule_id, rule_part, parameters, effective_from, effective_to, reason, state, created_by, proposed_by_id, approved_by, approved_at,
         effect, decision_note, withdrawal_by, withdrawal_by_id, withdrawal_reason, withdrawn_by, recorded_at, row_version
  from compliance.tightenings;

-- Leave to contact one account once although rules that declare themselves rebuttable say no. Append-only; what becomes of it is a step.
create table compliance.overrides (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  act_kind text not null check (act_kind in ('message', 'call')),
  channel text not null,
  -- The rules that stood against it when it was asked for: it lifts these and no other.
  rules text[] not null,
  reasons jsonb not null,
  reason text not null,
  requested_by text not null,
  requested_by_id text not null,
  requested_at timestamptz not null,
  valid_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('compliance.overrides');
create index overrides_by_account on compliance.overrides (tenant_id, account_id, valid_until desc);
create index overrides_newest on compliance.overrides (tenant_id, requested_at desc, id desc);

create table compliance.override_steps (
  tenant_id uuid not null,
  id uuid not null,
  override_id uuid not null,
  step text not null check (step in ('approved', 'rejected', 'used')),
  by_name text not null,
  by_id text not null,
  note text,
  permit_id uuid,
  at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint override_steps_override_fk foreign key (tenant_id, override_id) references compliance.overrides (tenant_id, id),
  constraint override_steps_permit check ((step = 'used') = (permit_id is not null))
);
select kernel.protect_append_only('compliance.override_steps');
-- Decided once and used once, whatever the code does.
create unique index override_steps_once on compliance.override_steps (tenant_id, override_id, (step = 'used'));

alter table compliance.permits add column override_id uuid;

create view compliance.overrides_v with (security_invoker = true) as
  select o.tenant_id, o.id, o.account_id, o.client_id, o.act_kind, o.channel, o.rules, o.reasons, o.reason, o.requested_by, o.requested_by_id,
         o.requested_at, o.valid_until, d.step as verdict, d.by_name as decided_by, d.at as decided_at, d.note, u.permit_id, u.at as used_at
  from compliance.overrides o
  left join compliance.override_steps d on d.tenant_id = o.tenant_id and d.override_id = o.id and (d.step = 'used') = false
  left join compliance.override_steps u on u.tenant_id = o.tenant_id and u.override_id = o.id and (u.step = 'used') = true;

-- Which rules spoke in which permit: the explorer finds permits by rule, and prevented breaches are counted from its index alone.
create table compliance.permit_reasons (
  tenant_id uuid not null,
  -- A hash of permit and rule.
  id uuid not null,
  permit_id uuid not null,
  rule_id text not null,
  decision text not null,
  act text not null,
  channel text not null,
  client_id uuid not null,
  decided_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- The owner is held to row security like everybody; what is there already is carried over for all tenants in one go.
alter table compliance.permits no force row level security;
insert into compliance.permit_reasons (tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, decided_at)
  select distinct p.tenant_id, kernel.hash_id(p.id::text, r.value ->> 'ruleId'), p.id, r.value ->> 'ruleId', p.decision, p.act, p.channel, p.client_id, p.decided_at
  from compliance.permits p cross join lateral jsonb_array_elements(p.reasons) r
  where r.value ->> 'ruleId' is not null;
alter table compliance.permits force row level security;
select kernel.protect_append_only('compliance.permit_reasons');
create index permit_reasons_by_rule on compliance.permit_reasons (tenant_id, rule_id, decided_at desc, permit_id desc)
  include (decision, act, channel, client_id);
create index permit_reasons_by_time on compliance.permit_reasons (tenant_id, decided_at) include (rule_id, decision, act, channel, client_id);
create index permits_newest on compliance.permits (tenant_id, decided_at desc, id desc) include (decision, act, channel, client_id);

create view compliance.permit_reasons_v with (security_invoker = true) as
  select tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, decided_at from compliance.permit_reasons;
create or replace view compliance.permits_v with (security_invoker = true) as
  select p.tenant_id, p.id, p.decision, p.act, p.channel, p.cluster_id, p.party_id, p.account_id, p.client_id, p.address_key, p.proposal, p.facts, p.reasons,
         p.pack_versions, p.not_before, p.decided_at, p.valid_until, u.act_kind, u.act_id, u.used_at, p.override_id
  from compliance.permits p left join compliance.permit_uses u on u.tenant_id = p.tenant_id and u.permit_id = p.id;
-- For lists and counts: without the join to uses and the stored facts, so that an index alone can answer.
create view compliance.permits_index_v with (security_invoker = true) as
  select tenant_id, id, decision, act, channel, client_id, account_id, decided_at from compliance.permits;
create view compliance.permits_refused_v with (security_invoker = true) as
  select tenant_id, decision, act, client_id, decided_at from compliance.permits where decision <> 'allow';
grant select on compliance.permits_index_v, compliance.permits_refused_v, compliance.tightenings_v, compliance.overrides_v, compliance.permit_reasons_v, compliance.permits_v to dunwell_app;

-- Who looked at an incident first, before anybody closed it.
alter table compliance.incidents add column acknowledged_by text, add column acknowledged_at timestamptz;
create or replace view compliance.incidents_v with (security_invoker = true) as
  select tenant_id, id, kind, account_id, cluster_id, permit_id, act_id, summary, detail, state, closed_by, closing_note, effective_at, recorded_at, row_version,
         acknowledged_by, acknowledged_at
  from compliance.incidents;
