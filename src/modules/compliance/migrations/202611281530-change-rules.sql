-- Changes of rules, of two kinds: a tightening, which the law always allows, and a replacement of what is secondary or unverified, which takes
-- counsel's evidence. Both take two people, and keep what each of them saw of the plan.
-- Breaks running code: yes, older code knows compliance.tightenings only.
set local lock_timeout = '5s';

-- What counsel wrote, byte for byte.
create table compliance.rule_evidence (
  tenant_id uuid not null,
  id uuid not null,
  file_name text not null,
  media_type text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
  bytes bytea not null,
  sha256 text not null,
  uploaded_by text not null,
  uploaded_by_id text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint rule_evidence_size check (octet_length(bytes) between 1 and 10485760),
  constraint rule_evidence_digest check (sha256 = encode(sha256(bytes), 'hex'))
);
select kernel.protect_append_only('compliance.rule_evidence');

create table compliance.rule_changes (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('tightening', 'replacement')),
  rule_id text not null,
  -- A tightening without one concerns every rule of that id; a replacement the one rule without a part.
  rule_part text,
  -- Of a replacement: the rule is in force with these parameters, or off.
  mode text check (mode in ('on', 'off')),
  parameters jsonb not null,
  effective_from date not null,
  effective_to date,
  reason text not null,
  evidence_id uuid,
  state text not null default 'proposed'
    check (state in ('proposed', 'approved', 'rejected', 'withdrawal_asked', 'withdrawn', 'superseded')),
  proposed_by text not null,
  proposed_by_id text,
  -- What it would have done to the plan when it was proposed, and when it was approved, each with the digest of what was seen.
  proposed_effect jsonb,
  proposed_effect_sha256 text,
  approved_by text,
  approved_by_id text,
  approved_at timestamptz,
  effect jsonb,
  effect_sha256 text,
  decision_note text,
  withdrawal_by text,
  withdrawal_by_id text,
  withdrawal_reason text,
  withdrawn_by text,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint rule_changes_evidence_fk foreign key (tenant_id, evidence_id) references compliance.rule_evidence (tenant_id, id),
  constraint rule_changes_shape check ((kind = 'replacement') = (mode is not null) and (kind = 'replacement') = (evidence_id is not null)),
  constraint rule_changes_two_people check (
    approved_by_id is distinct from proposed_by_id or approved_by_id is null),
  constraint rule_changes_approved check (
    kind <> 'replacement' or state in ('proposed', 'rejected') or approved_by_id is not null)
);
select kernel.protect('compliance.rule_changes');

-- The owner is held to row security like everybody; what is there already is carried over for all tenants in one go.
alter table compliance.tightenings no force row level security;
alter table compliance.rule_changes no force row level security;
insert into compliance.rule_changes (tenant_id, id, kind, rule_id, rule_part, parameters, effective_from, effective_to, reason, state, proposed_by,
    proposed_by_id, approved_by, approved_at, effect, decision_note, withdrawal_by, withdrawal_by_id, withdrawal_reason, withdrawn_by, recorded_at,
    row_version, created_at)
  select tenant_id, id, 'tightening', rule_id, rule_part, parameters, effective_from, effective_to, reason, state, created_by, proposed_by_id, approved_by,
         approved_at, effect, decision_note, withdrawal_by, withdrawal_by_id, withdrawal_reason, withdrawn_by, recorded_at, row_version, created_at
  from compliance.tightenings;
alter table compliance.rule_changes force row level security;
drop view compliance.tightenings_v;
drop table compliance.tightenings;

create view compliance.rule_changes_v with (security_invoker = true) as
  select c.tenant_id, c.id, c.kind, c.rule_id, c.rule_part, c.mode, c.parameters, c.effective_from, c.effective_to, c.reason, c.evidence_id, c.state,
         c.proposed_by, c.proposed_by_id, c.proposed_effect, c.proposed_effect_sha256, c.approved_by, c.approved_at, c.effect, c.effect_sha256,
         c.decision_note, c.withdrawal_by, c.withdrawal_by_id, c.withdrawal_reason, c.withdrawn_by, c.recorded_at, c.row_version,
         e.file_name as evidence_name, e.media_type as evidence_type, octet_length(e.bytes) as evidence_size, e.sha256 as evidence_sha256
  from compliance.rule_changes c left join compliance.rule_evidence e on e.tenant_id = c.tenant_id and e.id = c.evidence_id;
grant select on compliance.rule_changes_v to dunwell_app;
