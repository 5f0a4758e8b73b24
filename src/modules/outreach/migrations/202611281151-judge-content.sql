-- Templates for every channel and kind of debt, and what the rules about wording said of a message.
-- Breaks running code: no (new columns have defaults; the unique key is the old one with more in it).
set local lock_timeout = '5s';

alter table outreach.templates drop constraint templates_channel_check;
alter table outreach.templates add constraint templates_channel_check check (channel in ('email', 'sms', 'letter', 'voicemail'));
alter table outreach.templates add column debt_kind text not null default 'commercial' constraint templates_debt_kind_check check (debt_kind in ('commercial', 'consumer'));
-- Whose law and which part of the trade the wording was judged for.
alter table outreach.templates add column audience jsonb not null default '{}';
-- What the rules had to say that did not forbid it, at the time.
alter table outreach.templates add column findings jsonb not null default '[]';
alter table outreach.templates drop constraint templates_version;
alter table outreach.templates add constraint templates_version unique (tenant_id, channel, debt_kind, key, language, version);

-- Null: the rules had nothing against it.
alter table outreach.messages add column content_verdict jsonb;

create or replace view outreach.messages_v with (security_invoker = true) as
  select tenant_id, id, client_id, cluster_id, party_id, account_id, sender_id, channel, automatic, contact_point_id, recipient, recipient_key, sender_identity, language, subject,
         body_text, body_html, message_id_header, state, state_reason, permit_id, local_on, mode, rendered_at, sending_at, handed_over_at, finished_at,
         provider_answer, retry_of, recorded_at, content_verdict
  from outreach.messages;
