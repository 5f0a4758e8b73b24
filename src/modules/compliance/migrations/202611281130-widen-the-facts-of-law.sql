-- Widens what the gate judges on: events that bear on the law, what a debt is in the eyes of the law, who the tenant is in it, and what
-- became of each contact.
-- Breaks running code: no (new tables, new columns with defaults).
set local lock_timeout = '5s';

-- Everything that bears on a contact and is neither a contact nor a consent nor a wish: an attorney, a bankruptcy, a dispute and its
-- answer, a death, a moratorium. Append-only: what ends an event is a further event.
create table compliance.legal_events (
  tenant_id uuid not null,
  id uuid not null,
  cluster_id uuid not null,
  party_id uuid not null,
  -- The debts it is about; null: all of the person.
  account_ids uuid[],
  -- Somebody else it is about, such as a relative who was asked.
  about_party_id uuid,
  type text not null check (type ~ '^[a-z][a-z0-9_]*$'),
  channel text,
  address_key text,
  detail jsonb not null default '{}',
  source_kind text not null,
  source_id text,
  note text,
  effective_at timestamptz not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect_append_only('compliance.legal_events');
create index legal_events_by_cluster on compliance.legal_events (tenant_id, cluster_id, effective_at);

-- What an account is in the eyes of the law; an account without a row is one nobody has described yet.
create table compliance.debts (
  tenant_id uuid not null,
  id uuid not null,
  product text,
  charged_off_on date,
  -- Student loans serviced under one number when obtained share it and are one debt.
  servicing_group text,
  principal_minor bigint,
  -- The last day on which suit can be brought, as reckoned from the facts of the debt; null with a reason: none runs.
  last_day_to_sue date,
  limitation jsonb,
  recorded_by text not null,
  recorded_at timestamptz not null,
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('compliance.debts');

-- Which kind of collector the tenant is for a client: a legal judgement, signed by two people, with evidence. Without a row the kind
-- of client says it: the tenant's own entity, a customer of the agency, the owner of a bought portfolio.
create table compliance.classifications (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  collector text not null check (collector in ('first_party', 'third_party', 'debt_buyer')),
  evidence text not null,
  signed_by text not null,
  approved_by text,
  approved_at timestamptz,
  effective_from date not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint classifications_two_people check (approved_by is null or approved_by <> signed_by)
);
select kernel.protect('compliance.classifications');
create index classifications_by_client on compliance.classifications (tenant_id, client_id, effective_from desc);

-- Hours agreed, a day it is limited to, and the like.
alter table compliance.consents add column detail jsonb not null default '{}';

-- What became of a contact, as the law tells contacts apart: the outcome of a call, how it was dialled, what kind of letter, the debts
-- that were talked about.
alter table compliance.register_entries add column detail jsonb not null default '{}';

alter table compliance.permits drop constraint permits_channel_check;
alter table compliance.permits add constraint permits_channel_check check (channel in (
  'email', 'call', 'letter', 'sms', 'visit', 'postcard', 'social_public', 'social_private', 'credit_bureau_furnish', 'legal_filing', 'transfer'));

create or replace view compliance.register_v with (security_invoker = true) as
  select e.tenant_id, e.id, e.direction, e.channel, e.cluster_id, e.party_id, e.account_id, e.client_id, e.address_key, e.permit_id, e.act_kind, e.act_id,
         e.local_on, e.effective_at, e.recorded_at, coalesce(a.status, e.status) as status, coalesce(a.conversation, e.conversation) as conversation,
         e.detail || coalesce(a.detail, '{}') as detail
  from compliance.register_entries e
  left join lateral (
    select x.status, x.conversation, x.detail from compliance.register_entries x
    where x.tenant_id = e.tenant_id and x.adjusts_id = e.id order by x.recorded_at desc, x.id desc limit 1) a on true
  where e.adjusts_id is null;
create or replace view compliance.consents_v with (security_invoker = true) as select * from compliance.consents;
create view compliance.legal_events_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, party_id, account_ids, about_party_id, type, channel, address_key, detail, source_kind, source_id, note,
         effective_at, recorded_by, recorded_at
  from compliance.legal_events;
create view compliance.debts_v with (security_invoker = true) as
  select tenant_id, id, product, charged_off_on, servicing_group, principal_minor, last_day_to_sue, limitation, recorded_by, recorded_at, row_version
  from compliance.debts;
create view compliance.classifications_v with (security_invoker = true) as
  select tenant_id, id, client_id, collector, evidence, signed_by, approved_by, approved_at, effective_from, recorded_at from compliance.classifications;
grant select on compliance.legal_events_v, compliance.debts_v, compliance.classifications_v to dunwell_app;
