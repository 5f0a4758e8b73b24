-- Creates the outreach room: templates, senders, messages, delivery events, inbound.
-- Breaks running code: no (first release).
set local lock_timeout = '5s';

create schema outreach;
grant usage on schema outreach to dunwell_app;

create table outreach.templates (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  version int not null,
  channel text not null check (channel in ('email')),
  language text not null,
  subject text not null,
  body text not null,
  created_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint templates_version unique (tenant_id, key, language, version)
);
select kernel.protect_append_only('outreach.templates');

-- Channels start in capture mode; a sandbox tenant can have nothing else (trigger below).
create table outreach.senders (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  channel text not null check (channel in ('email')),
  mode text not null check (mode in ('capture', 'smtp')),
  from_name text not null,
  from_address text not null,
  reply_to text not null,
  -- Encrypted connection settings; null in capture mode.
  settings bytea,
  verified_at timestamptz,
  row_version bigint not null default 1,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint senders_once unique (tenant_id, client_id, channel)
);
select kernel.protect('outreach.senders');

create function outreach.guard_sender() returns trigger language plpgsql as $$
begin
  if new.mode <> 'capture' and exists (
    select 1 from identity.tenants_v t where t.tenant_id = new.tenant_id and t.kind = 'sandbox') then
    raise exception 'A sandbox tenant may only have capture senders.' using errcode = 'DW001';
  end if;
  return new;
end $$;
create trigger guard_sender before insert or update on outreach.senders for each row execute function outreach.guard_sender();

create table outreach.messages (
  tenant_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  cluster_id uuid not null,
  party_id uuid not null,
  -- The first account by id; message_items and message_plans name the rest.
  account_id uuid not null,
  sender_id uuid not null,
  channel text not null check (channel in ('email')),
  automatic boolean not null,
  contact_point_id uuid not null,
  recipient text not null,
  recipient_key text not null,
  sender_identity text not null,
  template_id uuid,
  language text not null,
  subject text not null,
  body_text text not null,
  body_html text not null,
  content_sha256 bytea not null,
  message_id_header text not null,
  -- The stop epochs (by account) the content was rendered under.
  epochs jsonb not null,
  state text not null check (state in ('rendered', 'sending', 'handed_over', 'sent', 'failed', 'uncertain', 'void', 'denied')),
  state_reason text,
  permit_id uuid,
  local_on date not null,
  mode text not null check (mode in ('capture', 'smtp')),
  rendered_at timestamptz not null,
  sending_at timestamptz,
  handed_over_at timestamptz,
  finished_at timestamptz,
  provider_answer text,
  -- The act this one repeats after a definite failure; a retry is a new act with a new permit.
  retry_of uuid,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint messages_header unique (tenant_id, message_id_header),
  constraint messages_permit_when_sending check (state in ('rendered', 'void', 'denied') or permit_id is not null)
);
alter table outreach.messages set (fillfactor = 85);
select kernel.protect('outreach.messages');
-- One live automatic message per recipient, client, sender identity, channel and local day.
create unique index messages_one_live_automatic on outreach.messages (tenant_id, recipient_key, client_id, sender_identity, channel, local_on)
  where automatic and state in ('rendered', 'sending', 'handed_over', 'sent', 'uncertain');
create index messages_by_account on outreach.messages (tenant_id, account_id, recorded_at desc);
create index messages_newest on outreach.messages (tenant_id, recorded_at desc, id desc);
create index messages_sent on outreach.messages (tenant_id, finished_at) include (client_id) where state = 'sent';
create index messages_in_flight on outreach.messages (tenant_id, state, sending_at) where state in ('rendered', 'sending', 'handed_over', 'uncertain');

-- The last net: whatever the code does, a message in state `sending` has its own unspent-until-now allow permit, still valid,
-- and a live tenant sends at the database's own time. States move along one table, so that `sending` cannot be gone around.
create function outreach.guard_sending() returns trigger language plpgsql as $$
declare tenant_kind text;
begin
  if new.state = 'sending' and (tg_op = 'INSERT' or old.state is distinct from 'sending') then
    if not exists (
      select 1 from compliance.permits_v p
      where p.tenant_id = new.tenant_id and p.id = new.permit_id and p.decision = 'allow' and p.act_kind = 'message' and p.act_id = new.id
        and p.channel = new.channel and p.address_key = new.recipient_key and new.sending_at between p.decided_at and p.valid_until) then
      raise exception 'Message % may not be sent: it has no allow permit of its own.', new.id using errcode = 'DW002';
    end if;
    select t.kind into tenant_kind from identity.tenants_v t where t.tenant_id = new.tenant_id;
    if tenant_kind is distinct from 'sandbox' and abs(extract(epoch from (clock_timestamp() - new.sending_at))) > 30 then
      raise exception 'Message % has a sending time more than 30 s from the clock of the database.', new.id using errcode = 'DW003';
    end if;
  end if;
  if tg_op = 'INSERT' and new.state not in ('rendered', 'sending') then
    raise exception 'Message % cannot begin as %.', new.id, new.state using errcode = 'DW005';
  end if;
  if tg_op = 'UPDATE' and new.state is distinct from old.state then
    if old.state in ('sent', 'void', 'denied', 'failed') then
      raise exception 'Message % is final (%).', new.id, old.state using errcode = 'DW004';
    end if;
    -- Nothing reaches a provider but through `sending`, where the permit is checked; and what was handed over is never taken back.
    if not (case old.state
      when 'rendered' then new.state in ('sending', 'void', 'denied')
      when 'sending' then new.state in ('handed_over', 'void')
      when 'handed_over' then new.state in ('sent', 'failed', 'uncertain')
      when 'uncertain' then new.state in ('sent', 'failed')
      else false end) then
      raise exception 'Message % cannot go from % to %.', new.id, old.state, new.state using errcode = 'DW005';
    end if;
    if old.permit_id is not null and new.permit_id is distinct from old.permit_id then
      raise exception 'Message % keeps the permit it was sent under.', new.id using errcode = 'DW005';
    end if;
  end if;
  return new;
end $$;
create trigger guard_sending before insert or update on outreach.messages for each row execute function outreach.guard_sending();

create table outreach.message_items (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  account_id uuid not null,
  item_id uuid not null,
  open_minor bigint not null,
  currency char(3) not null,
  level int,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint message_items_message_fk foreign key (tenant_id, message_id) references outreach.messages (tenant_id, id),
  constraint message_items_once unique (tenant_id, message_id, item_id)
);
select kernel.protect('outreach.message_items');
create index message_items_by_account on outreach.message_items (tenant_id, account_id);

create table outreach.message_plans (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  plan_id uuid not null,
  account_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint message_plans_message_fk foreign key (tenant_id, message_id) references outreach.messages (tenant_id, id)
);
select kernel.protect('outreach.message_plans');
create index message_plans_by_plan on outreach.message_plans (tenant_id, plan_id);
create index message_plans_by_account on outreach.message_plans (tenant_id, account_id);

create table outreach.delivery_events (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  kind text not null check (kind in ('captured', 'accepted', 'refused', 'connection_lost', 'bounced', 'opened', 'unsubscribed', 'resolved')),
  detail text,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint delivery_events_message_fk foreign key (tenant_id, message_id) references outreach.messages (tenant_id, id)
);
select kernel.protect_append_only('outreach.delivery_events');
create index delivery_events_by_message on outreach.delivery_events (tenant_id, message_id);

create table outreach.inbound (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null,
  from_address text not null,
  party_id uuid,
  account_id uuid,
  in_reply_to uuid,
  subject text,
  body_text text not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select kernel.protect('outreach.inbound');
create index inbound_by_account on outreach.inbound (tenant_id, account_id, effective_at desc);

create view outreach.messages_v with (security_invoker = true) as
  select tenant_id, id, client_id, cluster_id, party_id, account_id, sender_id, channel, automatic, contact_point_id, recipient, recipient_key, sender_identity, language, subject,
         body_text, body_html, message_id_header, state, state_reason, permit_id, local_on, mode, rendered_at, sending_at, handed_over_at, finished_at,
         provider_answer, retry_of, recorded_at
  from outreach.messages;
create view outreach.message_items_v with (security_invoker = true) as
  select tenant_id, message_id, account_id, item_id, open_minor, currency, level from outreach.message_items;
create view outreach.message_plans_v with (security_invoker = true) as
  select tenant_id, message_id, plan_id, account_id from outreach.message_plans;
create view outreach.delivery_events_v with (security_invoker = true) as
  select tenant_id, id, message_id, kind, detail, effective_at, recorded_at from outreach.delivery_events;
create view outreach.inbound_v with (security_invoker = true) as
  select tenant_id, id, channel, from_address, party_id, account_id, in_reply_to, subject, body_text, effective_at, recorded_at from outreach.inbound;
create view outreach.senders_v with (security_invoker = true) as
  select tenant_id, id, client_id, channel, mode, from_name, from_address, reply_to, verified_at, row_version from outreach.senders;
grant select on outreach.messages_v, outreach.message_items_v, outreach.message_plans_v, outreach.delivery_events_v, outreach.inbound_v, outreach.senders_v
  to dunwell_app;
