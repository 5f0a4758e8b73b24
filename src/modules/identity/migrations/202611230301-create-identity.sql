-- Creates the identity room: tenants, memberships, API keys, person keys, sealed audit.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema identity;
grant usage on schema identity to dunwell_app, dunwell_auth;

-- A sandbox tenant has a movable clock and may only have capture senders; a live tenant's clock is the world's.
create table identity.tenants (
  tenant_id uuid not null primary key,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('live', 'sandbox')),
  clock_at timestamptz,
  time_zone text not null,
  currency char(3) not null,
  locale text not null default 'en',
  -- Named choices that have a default: grace days, freshness limits, full-snapshot threshold.
  settings jsonb not null default '{}',
  -- The tenant's data key, wrapped by the installation's secret (AES-256-GCM).
  data_key bytea not null,
  created_at timestamptz not null default now(),
  constraint tenants_id_is_tenant check (id = tenant_id),
  constraint tenants_clock_only_in_sandbox check ((kind = 'sandbox') = (clock_at is not null))
);
select kernel.protect('identity.tenants');
-- The directory: the worker and sign-in must know which tenants exist before they can enter one.
grant select on identity.tenants to dunwell_auth;
create policy directory on identity.tenants for select to dunwell_auth using (true);

create table identity.memberships (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  email text not null,
  display_name text not null,
  role text not null check (role in ('owner', 'manager', 'collector', 'compliance_officer', 'accountant', 'read_only')),
  -- Row scope: {} is everything; {"clientIds":[...]} restricts to those clients.
  row_scope jsonb not null default '{}',
  preferences jsonb not null default '{}',
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint memberships_tenant_fk foreign key (tenant_id) references identity.tenants (tenant_id),
  constraint memberships_one_per_user unique (tenant_id, user_id)
);
select kernel.protect('identity.memberships');
grant select on identity.memberships to dunwell_auth;
create policy directory on identity.memberships for select to dunwell_auth using (true);
create index memberships_user on identity.memberships (user_id);

create table identity.api_keys (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  prefix text not null,
  secret_sha256 bytea not null,
  scopes text[] not null,
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_on date,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint api_keys_tenant_fk foreign key (tenant_id) references identity.tenants (tenant_id),
  constraint api_keys_prefix unique (tenant_id, prefix)
);
select kernel.protect('identity.api_keys');

-- Personal values in audit entries are sealed with their person's key: erasing the key erases the values and leaves the chain whole.
create table identity.person_keys (
  tenant_id uuid not null,
  id uuid not null,
  wrapped_key bytea,
  erased_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint person_keys_erased_has_no_key check ((wrapped_key is null) = (erased_at is not null))
);
select kernel.protect('identity.person_keys');

create table identity.audit_entries (
  tenant_id uuid not null,
  id uuid not null,
  recorded_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  account_id uuid,
  detail jsonb not null default '{}',
  person_id uuid,
  personal bytea,
  -- Bulk work writes one entry: how many rows, and the SHA-256 over their sorted ids.
  set_count bigint,
  set_digest bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('identity.audit_entries');
-- Carries the action: what a sum was remembered under is counted from the index alone.
create index audit_entries_newest on identity.audit_entries (tenant_id, recorded_at desc, id desc) include (action);
create index audit_entries_account on identity.audit_entries (tenant_id, account_id, recorded_at desc) where account_id is not null;
create index audit_entries_subject on identity.audit_entries (tenant_id, subject_id, recorded_at desc);

-- What still has to be sealed. A queue beside the entries, because entries commit out of order (no watermark is safe) and
-- looking for unsealed ones among millions every few seconds is not affordable.
create table identity.audit_pending (
  tenant_id uuid not null,
  id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('identity.audit_pending');

-- The hash chain. Sealed within 10 s by a background step, so that business transactions never queue behind one row.
create table identity.audit_seals (
  tenant_id uuid not null,
  id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  previous_hash bytea not null,
  hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint audit_seals_seq unique (tenant_id, seq),
  constraint audit_seals_entry unique (tenant_id, entry_id),
  constraint audit_seals_entry_fk foreign key (tenant_id, entry_id) references identity.audit_entries (tenant_id, id)
);
select kernel.protect_append_only('identity.audit_seals');

create table identity.audit_heads (
  tenant_id uuid not null,
  id uuid not null,
  seq bigint not null,
  hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('identity.audit_heads');

-- A write that carries an Idempotency-Key is answered once; the stored answer is replayed.
create table identity.idempotency_keys (
  tenant_id uuid not null,
  id uuid not null,
  request_sha256 bytea not null,
  status int,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('identity.idempotency_keys');

create view identity.tenants_v with (security_invoker = true) as
  select tenant_id, id, name, kind, clock_at, time_zone, currency, locale, settings from identity.tenants;
create view identity.members_v with (security_invoker = true) as
  select tenant_id, id, user_id, email, display_name, role, row_scope, disabled_at from identity.memberships;
create view identity.audit_v with (security_invoker = true) as
  select e.tenant_id, e.id, e.recorded_at, e.actor_kind, e.actor_id, e.actor_name, e.action, e.subject_kind, e.subject_id,
         e.account_id, e.detail, e.set_count, s.seq, s.hash
  from identity.audit_entries e
  left join identity.audit_seals s on s.tenant_id = e.tenant_id and s.entry_id = e.id;
grant select on identity.tenants_v, identity.members_v, identity.audit_v to dunwell_app;
