-- Creates the intake room: mappings, imports, staged rows, rejects, source rows.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema intake;
grant usage on schema intake to dunwell_app, dunwell_import;

create table intake.mappings (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  target text not null check (target in ('items', 'contacts', 'receipts')),
  -- Columns, formats and computed columns; the shape is parsed by mapping.ts.
  spec jsonb not null,
  row_version bigint not null default 1,
  created_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mappings_name unique (tenant_id, name)
);
select kernel.protect('intake.mappings');

create table intake.imports (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  target text not null check (target in ('items', 'contacts', 'receipts')),
  file_name text not null,
  file_size bigint not null,
  file_sha256 bytea not null,
  -- Where the uploaded bytes wait (relative to the data directory); null once they are no longer needed.
  stored_as text,
  mapping jsonb,
  -- {until, fullSnapshot, scope, format, headers, retryOf, bytes}: parsed by import.ts.
  options jsonb not null default '{}',
  state text not null check (state in ('uploaded', 'staging', 'applying', 'needs_confirmation', 'done', 'failed', 'cancelled')),
  -- Progress in bytes while staging, in rows while applying.
  progress jsonb not null default '{}',
  counts jsonb not null default '{}',
  failure text,
  confirmed_by text,
  created_by text not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- A worker that holds an import renews this; a stale claim is taken over after a crash.
  claimed_until timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('intake.imports');
create index imports_newest on intake.imports (tenant_id, recorded_at desc, id desc);

-- Rows that passed validation, parsed and typed, waiting to be applied; emptied when the import is done. One wide table for the
-- three targets: what a target does not use stays null.
create table intake.staged_rows (
  tenant_id uuid not null,
  import_id uuid not null,
  row_no bigint not null,
  -- Business key of the row (text) or content hash + ordinal where the source has none; ids below are hashes of it.
  row_key text not null,
  source_row_id uuid not null,
  content_sha256 bytea not null,
  party_id uuid,
  account_id uuid,
  item_id uuid,
  party_ref text,
  party_name text,
  party_kind text,
  account_number text,
  item_number text,
  number_key text,
  item_kind text,
  description text,
  issued_on date,
  due_on date,
  amount_minor bigint,
  -- What the host says is still open; null: the file does not say.
  open_minor bigint,
  currency char(3),
  -- The first day on which the creditor could know this row.
  known_on date,
  settled_on date,
  settled_minor bigint,
  receipt_reference text,
  receipt_key text,
  payer_name text,
  email text,
  phone text,
  postal text,
  contact_name text,
  country char(2),
  region text,
  time_zone text,
  language text,
  -- Not in the file: a full snapshot no longer has this item, so its source says that nothing is open.
  gone boolean not null default false,
  primary key (tenant_id, import_id, row_no)
);
select kernel.protect('intake.staged_rows');
grant insert on intake.staged_rows to dunwell_import;

-- Bad rows with their text and a plain reason: fixed in the page or downloaded, retried alone.
create table intake.rejects (
  tenant_id uuid not null,
  import_id uuid not null,
  row_no bigint not null,
  cells jsonb not null,
  reason_code text not null,
  reason text not null,
  field text,
  state text not null default 'open' check (state in ('open', 'fixed', 'discarded')),
  fixed_by_import uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, import_id, row_no)
);
select kernel.protect('intake.rejects');
grant insert on intake.rejects to dunwell_import;
create index rejects_open on intake.rejects (tenant_id, import_id, row_no) where state = 'open';

-- One row per source row ever taken in: what makes a re-import change nothing, a newer file a set of deltas, and "gone" decidable.
create table intake.source_rows (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  target text not null,
  row_key text not null,
  content_sha256 bytea not null,
  subject_id uuid,
  first_import_id uuid not null,
  last_import_id uuid not null,
  gone_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table intake.source_rows set (fillfactor = 90);
select kernel.protect('intake.source_rows');

create view intake.imports_v with (security_invoker = true) as
  select tenant_id, id, client_id, target, file_name, file_size, state, options, counts, failure, created_by, started_at, finished_at, recorded_at
  from intake.imports;
create view intake.staged_rows_v with (security_invoker = true) as select * from intake.staged_rows;
create view intake.source_rows_v with (security_invoker = true) as
  select tenant_id, id, client_id, target, row_key, subject_id, first_import_id, last_import_id, gone_at from intake.source_rows;
create view intake.rejects_v with (security_invoker = true) as
  select tenant_id, import_id, row_no, reason_code, reason, field, state from intake.rejects;
grant select on intake.imports_v, intake.staged_rows_v, intake.source_rows_v, intake.rejects_v to dunwell_app;
