-- Creates the accounts room: clients, accounts, items, cases, holds, state history, facts.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema accounts;
grant usage on schema accounts to dunwell_app;

create table accounts.clients (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('own_entity', 'agency_customer', 'portfolio_owner')),
  currency char(3) not null,
  time_zone text not null,
  country char(2) not null,
  region text,
  -- Who answers when a debtor replies, and what stands under every message.
  contact_email text,
  contact_phone text,
  postal_address text,
  payment_instructions text,
  -- The newest instant the feed spoke for; null: no feed, nothing can be stale.
  feed_through timestamptz,
  feed_max_age_hours int check (feed_max_age_hours > 0),
  row_version bigint not null default 1,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint clients_name unique (tenant_id, name)
);
select kernel.protect('accounts.clients');
revoke delete on accounts.clients from dunwell_app;

create table accounts.cases (
  tenant_id uuid not null,
  id uuid not null,
  cluster_id uuid not null,
  assigned_to uuid,
  opened_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('accounts.cases');
create index cases_by_cluster on accounts.cases (tenant_id, cluster_id);

-- One obligation file of a party with a client in a currency. Nothing is unique on (party, client, currency).
create table accounts.accounts (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  party_id uuid not null,
  cluster_id uuid not null,
  case_id uuid,
  number text not null,
  debt_kind text not null check (debt_kind in ('commercial', 'consumer')),
  currency char(3) not null,
  balance_source text not null check (balance_source in ('host', 'dunwell')),
  state text not null check (state in ('active', 'settled', 'on_hold', 'legal', 'placed', 'written_off', 'closed')),
  -- A collector owns the conversation; automation informs, never overrules.
  assigned_to uuid,
  sensitive boolean not null default false,
  opened_on date not null,
  row_version bigint not null default 1,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint accounts_case_fk foreign key (tenant_id, case_id) references accounts.cases (tenant_id, id),
  constraint accounts_number unique (tenant_id, client_id, number)
);
select kernel.protect('accounts.accounts');
-- Clients, parties, clusters and accounts are never removed, so that this table and states, items and facts below need no foreign keys
-- to them, whose checks would cost an import a third of its time (decision 0005).
revoke delete on accounts.accounts from dunwell_app;
create index accounts_by_party on accounts.accounts (tenant_id, party_id);
create index accounts_by_cluster on accounts.accounts (tenant_id, cluster_id);

create table accounts.account_states (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  from_state text,
  to_state text not null,
  reason text not null,
  actor_id text not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id, id)
);
select kernel.protect_append_only('accounts.account_states');

-- Invoice, instalment, loan balance, charge, credit note. `amount_minor` is what was issued (negative for credit notes);
-- `open_minor` is what transfers leave of it: maintained by this room's door in the transaction that writes the transfers,
-- recomputed and compared by `dunwell verify`.
create table accounts.items (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  client_id uuid not null,
  kind text not null check (kind in ('invoice', 'instalment', 'loan_balance', 'charge', 'credit_note')),
  number text,
  -- kernel.number_key(number), computed by whoever writes the number: `dunwell verify` compares.
  number_key text collate "C",
  description text,
  issued_on date not null,
  due_on date not null,
  amount_minor bigint not null,
  open_minor bigint not null,
  currency char(3) not null,
  closed_on date,
  -- The instant from which this item was knowable to us.
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint items_credit_sign check ((kind = 'credit_note') = (amount_minor < 0)),
  constraint items_due_after_issue check (due_on >= issued_on)
);
select kernel.protect('accounts.items');
create index items_by_account on accounts.items (tenant_id, account_id, due_on);
-- Carries what ageing adds up, so that it is read from the index alone.
create index items_open on accounts.items (tenant_id, due_on, account_id) include (open_minor, currency, client_id) where open_minor <> 0;
create index items_by_number on accounts.items (tenant_id, number_key) where number_key is not null;

-- A dated, reasoned stop with declared effects and coverage. Never deleted: released.
create table accounts.holds (
  tenant_id uuid not null,
  id uuid not null,
  reason text not null check (reason in ('dispute', 'promise', 'plan', 'hardship', 'bankruptcy', 'deceased', 'legal', 'query', 'manual', 'unmatched_cash', 'cease')),
  effects text[] not null,
  coverage text not null check (coverage in ('party', 'account', 'items')),
  cluster_id uuid not null,
  account_id uuid,
  effective_from timestamptz not null,
  effective_to timestamptz,
  released_at timestamptz,
  released_by text,
  release_reason text,
  note text,
  source_kind text not null,
  source_id text,
  placed_by text not null,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint holds_effects check (cardinality(effects) > 0 and effects <@ array['stop_automatic', 'stop_contact', 'stop_interest', 'stop_fees', 'stop_legal']),
  constraint holds_coverage_account check ((coverage = 'party') = (account_id is null)),
  constraint holds_account_fk foreign key (tenant_id, account_id) references accounts.accounts (tenant_id, id),
  constraint holds_cluster_fk foreign key (tenant_id, cluster_id) references parties.clusters (tenant_id, id)
);
select kernel.protect('accounts.holds');
create index holds_by_account on accounts.holds (tenant_id, account_id) where account_id is not null;
create index holds_by_cluster on accounts.holds (tenant_id, cluster_id);
create index holds_live on accounts.holds (tenant_id, effective_to) where released_at is null;

create table accounts.hold_items (
  tenant_id uuid not null,
  id uuid not null,
  hold_id uuid not null,
  item_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint hold_items_hold_fk foreign key (tenant_id, hold_id) references accounts.holds (tenant_id, id),
  constraint hold_items_item_fk foreign key (tenant_id, item_id) references accounts.items (tenant_id, id),
  constraint hold_items_once unique (tenant_id, hold_id, item_id)
);
select kernel.protect('accounts.hold_items');
create index hold_items_by_item on accounts.hold_items (tenant_id, item_id);

-- One stop for everyone behind a client or a feed: one row, read at the gate, instead of a million epochs raised.
create table accounts.wide_stops (
  tenant_id uuid not null,
  id uuid not null,
  scope text not null check (scope in ('tenant', 'client', 'feed')),
  client_id uuid,
  reason text not null,
  placed_by text not null,
  effective_from timestamptz not null,
  released_at timestamptz,
  released_by text,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint wide_stops_client check ((scope = 'tenant') = (client_id is null))
);
select kernel.protect('accounts.wide_stops');
create index wide_stops_live on accounts.wide_stops (tenant_id, scope, client_id) where released_at is null;

-- One narrow row per account holding anchors, not ages: days past due and buckets are derived from `at`, so nothing is
-- rewritten at midnight. This row is also the account's lock (after the cluster's, before the message's) and carries the
-- stop epoch: a planned contact stamped with an older epoch is void.
create table accounts.facts (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  party_id uuid not null,
  cluster_id uuid not null,
  currency char(3) not null,
  state text not null,
  party_name text collate "C" not null,
  account_number text collate "C" not null,
  balance_minor bigint not null default 0,
  credit_minor bigint not null default 0,
  open_items int not null default 0,
  oldest_open_due_on date,
  oldest_open_issued_on date,
  newest_open_due_on date,
  promise_due_on date,
  promises_kept int not null default 0,
  promises_broken int not null default 0,
  last_contact_at timestamptz,
  last_conversation_at timestamptz,
  last_paid_on date,
  paid_minor bigint not null default 0,
  settled_items int not null default 0,
  settled_days_late int not null default 0,
  has_email boolean not null default false,
  has_phone boolean not null default false,
  contact_hold_until timestamptz,
  assigned_to uuid,
  sensitive boolean not null default false,
  stop_epoch bigint not null default 0,
  updated_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table accounts.facts set (fillfactor = 80);
select kernel.protect('accounts.facts');
-- Carries what Today groups accounts by.
create index facts_by_oldest_due on accounts.facts (tenant_id, oldest_open_due_on, id) include (currency, client_id) where balance_minor <> 0;
create index facts_by_balance on accounts.facts (tenant_id, balance_minor desc, id);
create index facts_by_name on accounts.facts (tenant_id, party_name, id);
create index facts_by_number on accounts.facts (tenant_id, account_number, id);
create index facts_by_party on accounts.facts (tenant_id, party_id);
create index facts_by_last_contact on accounts.facts (tenant_id, last_contact_at desc nulls last, id);
-- Few rows each: what a list is narrowed to and Today counts.
create index facts_held on accounts.facts (tenant_id, contact_hold_until) where contact_hold_until is not null;
create index facts_unreachable on accounts.facts (tenant_id, client_id) where not has_email and not has_phone and balance_minor <> 0;

create view accounts.clients_v with (security_invoker = true) as
  select tenant_id, id, name, kind, currency, time_zone, country, region, contact_email, contact_phone, postal_address, payment_instructions,
         feed_through, feed_max_age_hours, row_version from accounts.clients;
create view accounts.cases_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, assigned_to, opened_at, closed_at from accounts.cases;
create view accounts.accounts_v with (security_invoker = true) as
  select tenant_id, id, client_id, party_id, cluster_id, case_id, number, debt_kind, currency, balance_source, state, assigned_to, sensitive,
         opened_on, row_version, recorded_at from accounts.accounts;
create view accounts.account_states_v with (security_invoker = true) as
  select tenant_id, id, account_id, from_state, to_state, reason, actor_id, effective_at, recorded_at from accounts.account_states;
create view accounts.items_v with (security_invoker = true) as
  select tenant_id, id, account_id, client_id, kind, number, number_key, description, issued_on, due_on, amount_minor, open_minor, currency,
         closed_on, recorded_at, row_version from accounts.items;
create view accounts.holds_v with (security_invoker = true) as
  select tenant_id, id, reason, effects, coverage, cluster_id, account_id, effective_from, effective_to, released_at, release_reason, note,
         source_kind, source_id, placed_by, recorded_at, row_version from accounts.holds;
create view accounts.hold_items_v with (security_invoker = true) as select tenant_id, hold_id, item_id from accounts.hold_items;
create view accounts.wide_stops_v with (security_invoker = true) as
  select tenant_id, id, scope, client_id, reason, effective_from, released_at from accounts.wide_stops;
create view accounts.facts_v with (security_invoker = true) as select * from accounts.facts;
grant select on accounts.clients_v, accounts.cases_v, accounts.accounts_v, accounts.account_states_v, accounts.items_v, accounts.holds_v,
  accounts.hold_items_v, accounts.wide_stops_v, accounts.facts_v to dunwell_app;
