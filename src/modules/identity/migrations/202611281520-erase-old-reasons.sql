-- Free text that entries carried in the open, before it went under a key that an erasure destroys, can be emptied; a row here says so.
-- Breaks running code: no (a new table).
set local lock_timeout = '5s';

-- Written only by the erasure's door. The seal stays, and with it the entry's place in the chain; what it said can no longer be recomputed.
create table identity.audit_erasures (
  tenant_id uuid not null,
  -- The entry's.
  id uuid not null,
  erasure_id uuid not null,
  erased_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint audit_erasures_entry_fk foreign key (tenant_id, id) references identity.audit_entries (tenant_id, id)
);
select kernel.protect_append_only('identity.audit_erasures');
revoke insert on identity.audit_erasures from dunwell_app;
