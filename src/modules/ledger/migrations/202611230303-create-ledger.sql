-- Creates the ledger room: chart, journals, append-only transfers.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema ledger;
grant usage on schema ledger to dunwell_app;

-- The chart: one ledger account per client, kind, component and currency. Which debtor account or item a transfer concerns
-- is a dimension of the transfer, so a million accounts need no million ledger accounts.
create table ledger.ledger_accounts (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  kind text not null check (kind in (
    'receivable', 'opening', 'clearing', 'bank', 'trust', 'unapplied', 'suspense', 'refund_payable', 'write_off', 'adjustment',
    'income_interest', 'income_fee', 'suspended_interest', 'client_payable', 'commission', 'tax', 'fx')),
  component text not null check (component in ('none', 'principal', 'interest', 'fee', 'cost')),
  currency char(3) not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint ledger_accounts_once unique (tenant_id, client_id, kind, component, currency),
  constraint ledger_accounts_component check ((kind = 'receivable') = (component <> 'none'))
);
select kernel.protect('ledger.ledger_accounts');
revoke update, delete on ledger.ledger_accounts from dunwell_app;

-- Why transfers were written: one journal per business event.
create table ledger.journals (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in (
    'opening', 'item', 'item_change', 'credit_note', 'receipt', 'allocation', 'reversal', 'host_reduction', 'clearing_match', 'write_off',
    'adjustment', 'fee', 'interest')),
  source_kind text not null,
  source_id text not null,
  actor_id text not null,
  note text,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('ledger.journals');

-- One row is one balanced movement: debit and credit in the same row. Corrections are reversing rows, never updates.
-- No foreign keys to journal and ledger accounts: checking them took half of a large import's posting. Rows are written by this room
-- only, with a journal of the same transaction and ledger accounts it has just made sure of; neither can be deleted;
-- `dunwell verify` looks for orphans (decision 0005).
create table ledger.transfers (
  tenant_id uuid not null,
  id uuid not null,
  journal_id uuid not null,
  debit_id uuid not null,
  credit_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  component text not null check (component in ('none', 'principal', 'interest', 'fee', 'cost')),
  account_id uuid,
  item_id uuid,
  receipt_id uuid,
  reverses_id uuid,
  effective_on date not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint transfers_two_sides check (debit_id <> credit_id),
  constraint transfers_reverses_fk foreign key (tenant_id, reverses_id) references ledger.transfers (tenant_id, id)
);
select kernel.protect_append_only('ledger.transfers');
-- A transfer is taken back once at most. Partial: nearly all rows reverse nothing.
create unique index transfers_reversed_once on ledger.transfers (tenant_id, reverses_id) where reverses_id is not null;
create index transfers_by_account on ledger.transfers (tenant_id, account_id, item_id) where account_id is not null;
create index transfers_by_receipt on ledger.transfers (tenant_id, receipt_id) where receipt_id is not null;
-- Openings of imports are left out: they have the id of their item, are nearly all rows, and nobody asks for them by journal.
create index transfers_by_journal on ledger.transfers (tenant_id, journal_id) where id is distinct from item_id;

create view ledger.ledger_accounts_v with (security_invoker = true) as
  select tenant_id, id, client_id, kind, component, currency from ledger.ledger_accounts;
create view ledger.journals_v with (security_invoker = true) as
  select tenant_id, id, kind, source_kind, source_id, actor_id, note, recorded_at from ledger.journals;
create view ledger.transfers_v with (security_invoker = true) as
  select t.tenant_id, t.id, t.journal_id, j.kind as journal_kind, j.note, t.debit_id, d.kind as debit_kind, t.credit_id, c.kind as credit_kind,
         d.client_id, t.amount_minor, t.currency, t.component, t.account_id, t.item_id, t.receipt_id, t.reverses_id, t.effective_on, t.recorded_at
  from ledger.transfers t
  join ledger.journals j on j.tenant_id = t.tenant_id and j.id = t.journal_id
  join ledger.ledger_accounts d on d.tenant_id = t.tenant_id and d.id = t.debit_id
  join ledger.ledger_accounts c on c.tenant_id = t.tenant_id and c.id = t.credit_id;
-- The classic reading: two signed postings per transfer.
create view ledger.postings_v with (security_invoker = true) as
  select t.tenant_id, t.id as transfer_id, s.ledger_account_id, s.signed_minor, t.currency, t.component, t.account_id, t.item_id, t.receipt_id,
         t.effective_on, t.recorded_at
  from ledger.transfers t
  cross join lateral (values (t.debit_id, t.amount_minor), (t.credit_id, -t.amount_minor)) as s (ledger_account_id, signed_minor);
-- What each item owes, from transfers alone: debits to receivable less credits to receivable. Positive is owed to the client.
create view ledger.item_postings_v with (security_invoker = true) as
  select t.tenant_id, t.item_id, t.account_id, t.currency, t.component, t.effective_on, t.recorded_at,
         case when d.kind = 'receivable' then t.amount_minor else 0 end - case when c.kind = 'receivable' then t.amount_minor else 0 end as signed_minor
  from ledger.transfers t
  join ledger.ledger_accounts d on d.tenant_id = t.tenant_id and d.id = t.debit_id
  join ledger.ledger_accounts c on c.tenant_id = t.tenant_id and c.id = t.credit_id
  where t.item_id is not null and (d.kind = 'receivable' or c.kind = 'receivable');
grant select on ledger.ledger_accounts_v, ledger.journals_v, ledger.transfers_v, ledger.postings_v, ledger.item_postings_v to dunwell_app;
