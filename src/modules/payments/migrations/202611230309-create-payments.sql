-- Creates the payments room: receipts, allocations, promises to pay.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema payments;
grant usage on schema payments to dunwell_app;

-- Money that came in. `external_key` makes a repeated file, form or call a no-op; money of a reversed receipt is taken back by
-- reversing transfers, the row stays.
create table payments.receipts (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  -- Null while nobody knows whose money it is; such cash stops nobody and shows under exceptions.
  account_id uuid,
  amount_minor bigint not null check (amount_minor > 0),
  unapplied_minor bigint not null check (unapplied_minor >= 0 and unapplied_minor <= amount_minor),
  currency char(3) not null,
  received_on date not null,
  method text not null check (method in ('bank_transfer', 'cheque', 'card', 'cash', 'direct_debit', 'other')),
  reference text,
  payer_name text,
  source text not null check (source in ('file', 'hand', 'api')),
  external_key text not null,
  -- The import it came with, the one take-in that wrote it (an import can be resumed), and the source row whose settled
  -- amount it is a part of.
  import_id uuid,
  batch_id uuid,
  source_row_id uuid,
  state text not null check (state in ('open', 'applied', 'reversed')),
  reversed_on date,
  reversal_reason text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint receipts_once unique (tenant_id, client_id, external_key)
);
select kernel.protect('payments.receipts');
create index receipts_by_account on payments.receipts (tenant_id, account_id, received_on desc);
-- Carries what Today adds up of the last days.
create index receipts_newest on payments.receipts (tenant_id, received_on desc, id desc) include (amount_minor, currency, client_id, state);
create index receipts_by_batch on payments.receipts (tenant_id, batch_id) where batch_id is not null;
create index receipts_by_source_row on payments.receipts (tenant_id, source_row_id) where source_row_id is not null;
create index receipts_unapplied on payments.receipts (tenant_id, client_id, received_on) where unapplied_minor > 0 and state <> 'reversed';

-- Has the id of its ledger transfer, so that each can be reversed alone.
create table payments.allocations (
  tenant_id uuid not null,
  id uuid not null,
  receipt_id uuid not null,
  account_id uuid not null,
  item_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  -- 'clearing': the host had already reduced the item for this money; the receipt explains it and the item does not fall again.
  against text not null check (against in ('receivable', 'clearing')),
  method text not null check (method in ('reference', 'oldest_first', 'manual', 'promise')),
  -- Why this receipt went to this item, in words a reviewer can check.
  reason text not null,
  effective_on date not null,
  reviewed_by text,
  reversed_at timestamptz,
  reversed_by text,
  reversal_reason text,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint allocations_receipt_fk foreign key (tenant_id, receipt_id) references payments.receipts (tenant_id, id)
);
select kernel.protect('payments.allocations');
create index allocations_by_receipt on payments.allocations (tenant_id, receipt_id);
create index allocations_by_item on payments.allocations (tenant_id, item_id);
create index allocations_by_account on payments.allocations (tenant_id, account_id, recorded_at desc);

-- A promise to pay covers stated items, stops contact about them until due + grace, and is judged by itself.
create table payments.promises (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  cluster_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  due_on date not null,
  grace_days int not null check (grace_days between 0 and 60),
  state text not null check (state in ('open', 'kept', 'part_kept', 'broken', 'cancelled')),
  -- Money received on the promised items from the promise's making until due + grace.
  received_minor bigint not null default 0,
  made_at timestamptz not null,
  made_by text not null,
  channel text not null,
  hold_id uuid not null,
  judged_on date,
  judged_reason text,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('payments.promises');
create index promises_by_account on payments.promises (tenant_id, account_id, made_at desc);
create index promises_open on payments.promises (tenant_id, due_on) where state = 'open';

create table payments.promise_items (
  tenant_id uuid not null,
  id uuid not null,
  promise_id uuid not null,
  item_id uuid not null,
  open_minor_at_promise bigint not null,
  -- What had been paid on the item before: money counts for the promise only above this.
  paid_minor_at_promise bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint promise_items_promise_fk foreign key (tenant_id, promise_id) references payments.promises (tenant_id, id),
  constraint promise_items_once unique (tenant_id, promise_id, item_id)
);
select kernel.protect('payments.promise_items');
create index promise_items_by_item on payments.promise_items (tenant_id, item_id);

create view payments.receipts_v with (security_invoker = true) as
  select tenant_id, id, client_id, account_id, amount_minor, unapplied_minor, currency, received_on, method, reference, payer_name, source, external_key, import_id, source_row_id,
         state, reversed_on, reversal_reason, recorded_by, recorded_at, row_version from payments.receipts;
create view payments.allocations_v with (security_invoker = true) as
  select tenant_id, id, receipt_id, account_id, item_id, amount_minor, currency, against, method, reason, effective_on, reviewed_by, reversed_at, reversed_by,
         reversal_reason, recorded_at from payments.allocations;
create view payments.promises_v with (security_invoker = true) as
  select tenant_id, id, account_id, cluster_id, amount_minor, currency, due_on, grace_days, state, received_minor, made_at, made_by, channel, hold_id,
         judged_on, judged_reason, recorded_at, row_version from payments.promises;
create view payments.promise_items_v with (security_invoker = true) as
  select tenant_id, promise_id, item_id, open_minor_at_promise, paid_minor_at_promise from payments.promise_items;
grant select on payments.receipts_v, payments.allocations_v, payments.promises_v, payments.promise_items_v to dunwell_app;
