-- Notices with clocks: who the collector is on paper, notices, the exact bytes that went out, replies and what answered them.
-- Breaks running code: no (new tables).
set local lock_timeout = '5s';

-- Who we are on a notice. Versions: the newest counts, a notice keeps the one it was made with.
create table compliance.collector_profiles (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  address_lines text[] not null check (cardinality(address_lines) > 0),
  phone text,
  phone_hours text,
  website text,
  email text,
  offers_spanish boolean not null,
  offers_online_replies boolean not null,
  -- [{regions: text[] | null, heading, text, headingEs, textEs}]: disclosures under other law, for residents of these regions.
  disclosures jsonb not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('compliance.collector_profiles');

create table compliance.notices (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('validation')),
  account_id uuid not null,
  client_id uuid not null,
  party_id uuid not null,
  addressee_role text not null check (addressee_role in ('consumer', 'attorney', 'representative', 'guardian')),
  contact_point_id uuid not null,
  address text not null,
  address_key text not null,
  channel text not null check (channel in ('letter', 'email')),
  language text not null check (language in ('en', 'es')),
  -- Everything the notice says that is not wording or a date of the period.
  information jsonb not null,
  itemization_on date not null,
  itemization_kind text not null check (itemization_kind in ('last_statement', 'charge_off', 'last_payment', 'transaction', 'judgment')),
  current_minor bigint not null check (current_minor > 0),
  currency char(3) not null,
  -- The counting rules and their citation, as they stood when it was sent.
  terms jsonb not null,
  inside_initial boolean not null,
  state text not null check (state in ('prepared', 'sending', 'given', 'returned', 'withdrawn')),
  state_reason text,
  message_id uuid,
  template_version text,
  printed_end_on date,
  dispatched_at timestamptz,
  provided_on date,
  assumed_receipt_on date,
  period_ends_on date,
  dispatch_proof text,
  returned_on date,
  supersedes_id uuid,
  prepared_by text not null,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint notices_supersedes_fk foreign key (tenant_id, supersedes_id) references compliance.notices (tenant_id, id),
  constraint notices_given_is_dated check (state not in ('given', 'returned')
    or (dispatched_at is not null and provided_on is not null and assumed_receipt_on is not null and period_ends_on is not null)),
  constraint notices_returned_is_dated check ((state = 'returned') = (returned_on is not null))
);
select kernel.protect('compliance.notices');
revoke delete on compliance.notices from dunwell_app;
create index notices_by_account on compliance.notices (tenant_id, account_id, recorded_at desc);
create index notices_by_message on compliance.notices (tenant_id, message_id) where message_id is not null;
create index notices_in_flight on compliance.notices (tenant_id, recorded_at) where state = 'sending';
-- One draft or dispatch of a kind under way per account.
create unique index notices_one_under_way on compliance.notices (tenant_id, account_id, kind) where state in ('prepared', 'sending');

-- The exact bytes that went out, kept whole: nothing renders them again years later.
create table compliance.notice_documents (
  tenant_id uuid not null,
  id uuid not null,
  notice_id uuid not null,
  format text not null check (format in ('html', 'pdf')),
  sha256 bytea not null,
  bytes bytea not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint notice_documents_notice_fk foreign key (tenant_id, notice_id) references compliance.notices (tenant_id, id)
);
select kernel.protect_append_only('compliance.notice_documents');
create index notice_documents_by_notice on compliance.notice_documents (tenant_id, notice_id, recorded_at desc);

create table compliance.notice_replies (
  tenant_id uuid not null,
  id uuid not null,
  notice_id uuid not null,
  account_id uuid not null,
  received_at timestamptz not null,
  -- The collector's own calendar day of receipt.
  received_on date not null,
  medium text not null check (medium in ('web', 'letter', 'fax', 'email', 'text', 'telephone', 'in_person')),
  written boolean not null,
  in_period boolean not null,
  disputes text check (disputes in ('whole', 'part')),
  reasons text[] not null,
  disputed_item_ids uuid[] not null,
  original_creditor boolean not null,
  spanish boolean not null,
  payment_minor bigint,
  explanation text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint notice_replies_notice_fk foreign key (tenant_id, notice_id) references compliance.notices (tenant_id, id),
  constraint notice_replies_reasons check (reasons <@ array['not_mine', 'wrong_amount', 'other'] and (disputes is null) = (cardinality(reasons) = 0)),
  constraint notice_replies_says_something check (disputes is not null or original_creditor or spanish or payment_minor is not null or explanation is not null)
);
select kernel.protect_append_only('compliance.notice_replies');
create index notice_replies_by_account on compliance.notice_replies (tenant_id, account_id, received_at);
create index notice_replies_newest on compliance.notice_replies (tenant_id, received_at desc);

-- What was sent in answer to a reply, and so ended what it had stopped.
create table compliance.notice_answers (
  tenant_id uuid not null,
  id uuid not null,
  reply_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('verification', 'judgment', 'duplicative', 'original_creditor')),
  sent_on date not null,
  evidence text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint notice_answers_reply_fk foreign key (tenant_id, reply_id) references compliance.notice_replies (tenant_id, id)
);
select kernel.protect_append_only('compliance.notice_answers');
create index notice_answers_by_reply on compliance.notice_answers (tenant_id, reply_id);
create index notice_answers_by_account on compliance.notice_answers (tenant_id, account_id, recorded_at desc);

create view compliance.notice_rows_v with (security_invoker = true) as
  select tenant_id, id, kind, account_id, client_id, party_id, addressee_role, contact_point_id, address, address_key, channel, language, information,
         itemization_on, itemization_kind, current_minor, currency, inside_initial, state, state_reason, message_id, template_version, printed_end_on,
         dispatched_at, provided_on, assumed_receipt_on, period_ends_on, dispatch_proof, returned_on, supersedes_id, prepared_by, recorded_at, row_version
  from compliance.notices;

-- One row per reply; a request is open from receipt until what it asks for was sent. Only a written one in the period stops collection.
create view compliance.notice_replies_v with (security_invoker = true) as
  select r.tenant_id, r.id, r.notice_id, r.account_id, r.received_at, r.received_on, r.medium, r.written, r.in_period, r.disputes, r.reasons,
         r.disputed_item_ids, r.original_creditor, r.spanish, r.payment_minor, r.explanation, r.recorded_by, r.recorded_at,
         v.sent_on as verification_sent_on, v.kind as verification_kind, o.sent_on as original_creditor_sent_on,
         r.disputes is not null and v.sent_on is null as dispute_unanswered,
         r.original_creditor and o.sent_on is null as original_creditor_unanswered,
         r.written and r.in_period as stops_collection
  from compliance.notice_replies r
  left join lateral (
    select a.sent_on, a.kind from compliance.notice_answers a
    where a.tenant_id = r.tenant_id and a.reply_id = r.id and a.kind in ('verification', 'judgment', 'duplicative')
    order by a.recorded_at limit 1) v on true
  left join lateral (
    select a.sent_on from compliance.notice_answers a
    where a.tenant_id = r.tenant_id and a.reply_id = r.id and a.kind = 'original_creditor' order by a.recorded_at limit 1) o on true;

-- What the gate asks about an account: has the notice been given, until when does its period run, what stops collection and since when.
create view compliance.notices_v with (security_invoker = true) as
  select k.tenant_id, k.account_id, k.kind, g.id as notice_id, g.provided_on, g.assumed_receipt_on, g.period_ends_on,
         n.state = 'returned' as returned, n.returned_on,
         q.dispute_open_since, q.disputed_whole, q.original_creditor_open_since, q.verification_sent_on, q.spanish_wanted_since
  from (select distinct x.tenant_id, x.account_id, x.kind from compliance.notices x) k
  left join lateral (
    select x.id, x.provided_on, x.assumed_receipt_on, x.period_ends_on from compliance.notices x
    where x.tenant_id = k.tenant_id and x.account_id = k.account_id and x.kind = k.kind and x.state = 'given'
    order by x.dispatched_at desc, x.id desc limit 1) g on true
  left join lateral (
    select x.state, x.returned_on from compliance.notices x
    where x.tenant_id = k.tenant_id and x.account_id = k.account_id and x.kind = k.kind and x.state in ('given', 'returned')
    order by x.dispatched_at desc, x.id desc limit 1) n on true
  left join lateral (
    select min(r.received_at) filter (where r.stops_collection and r.dispute_unanswered) as dispute_open_since,
           bool_or(r.disputes = 'whole') filter (where r.stops_collection and r.dispute_unanswered) as disputed_whole,
           min(r.received_at) filter (where r.stops_collection and r.original_creditor_unanswered) as original_creditor_open_since,
           max(r.verification_sent_on) as verification_sent_on,
           min(r.received_at) filter (where r.spanish and not exists (
             select 1 from compliance.notices s where s.tenant_id = r.tenant_id and s.account_id = r.account_id and s.language = 'es'
               and s.state = 'given' and s.dispatched_at >= r.received_at)) as spanish_wanted_since
    from compliance.notice_replies_v r where r.tenant_id = k.tenant_id and r.account_id = k.account_id) q on true;

create view compliance.notice_documents_v with (security_invoker = true) as
  select tenant_id, id, notice_id, format, sha256, octet_length(bytes) as octets, recorded_at from compliance.notice_documents;
create view compliance.notice_answers_v with (security_invoker = true) as
  select tenant_id, id, reply_id, account_id, kind, sent_on, evidence, recorded_by, recorded_at from compliance.notice_answers;
grant select on compliance.notice_rows_v, compliance.notice_replies_v, compliance.notices_v, compliance.notice_documents_v, compliance.notice_answers_v
  to dunwell_app;
