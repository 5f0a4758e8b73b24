-- What an erasure must also empty, what it emptied, and a second person's no.
-- Breaks running code: no (new columns; functions that are called the same way).
set local lock_timeout = '5s';

alter table compliance.erasures add column emptied jsonb not null default '{}';
alter table compliance.erasures add column declined_by text;
alter table compliance.erasures add column declined_at timestamptz;
alter table compliance.erasures add column decline_reason text;
alter table compliance.erasures drop constraint erasures_state_check;
alter table compliance.erasures add constraint erasures_state_check check (state in ('requested', 'approved', 'done', 'withdrawn', 'declined'));
alter table compliance.erasures drop constraint erasures_two_people;
-- Two people, whatever the code does: for a yes and for a no.
alter table compliance.erasures add constraint erasures_two_people check (
  case when state in ('approved', 'done') then approved_by is not null and approved_by <> requested_by
       when state = 'declined' then declined_by is not null and declined_by <> requested_by and declined_at is not null and decline_reason is not null
       else true end);

create or replace function compliance.guard_erasure() returns trigger language plpgsql as $$
begin
  if old.state in ('done', 'withdrawn', 'declined') or (old.state = 'approved' and new.state <> 'done')
    or (new.steps_done, new.emptied) is distinct from (old.steps_done, old.emptied)
    or (old.state = 'approved' and (new.cluster_ids, new.party_ids, new.account_ids, new.approved_by) is distinct from
                                   (old.cluster_ids, old.party_ids, old.account_ids, old.approved_by))
    or (new.cluster_id, new.basis, new.reason, new.requested_by) is distinct from (old.cluster_id, old.basis, old.reason, old.requested_by) then
    raise exception 'Erasure % is % and cannot be changed so.', old.id, old.state using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create or replace view compliance.erasures_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, basis, reason, state, requested_by, requested_at, approved_by, approved_at, steps_done, done_at, emptied, declined_by,
         declined_at, decline_reason
  from compliance.erasures;

-- What is emptied, in order. $1 tenant, $2 parties, $3 clusters, $4 accounts, $5 erasure, $6 its approval. Rows found by what they say come
-- first, while it is still known what to look for. A table that is not installed is passed over; a word after its name tells two steps on
-- one table apart. Each statement may be repeated.
create or replace function compliance.erasure_steps() returns table (place int, target text, statement text) language sql immutable as $steps$
  select (row_number() over ())::int, s.target, s.statement from (values
    ('intake.rejects', $$update intake.rejects r set cells = jsonb_build_object('erased', true), reason = 'Erased' where r.tenant_id = $1 and exists (
       select 1 from compliance.erasure_words($1, $2, $4) w
       where strpos(lower(r.cells::text), case when w.whole then lower(to_jsonb(w.word)::text) else w.word end) > 0)$$),
    ('intake.imports', $$update intake.imports i set file_name = 'erased', failure = case when i.failure is null then null else 'Erased' end
       where i.tenant_id = $1 and exists (select 1 from compliance.erasure_words($1, $2, $4) w
         where not w.whole and strpos(lower(concat_ws(' ', i.file_name, i.failure)), w.word) > 0)$$),
    ('identity.idempotency_keys', $$delete from identity.idempotency_keys k where k.tenant_id = $1 and (
       k.created_at < now() - interval '1 day'
       or exists (select 1 from compliance.erasure_words($1, $2, $4) w where not w.whole and strpos(lower(k.response::text), w.word) > 0)
       or exists (select 1 from unnest($2 || $3 || $4) i where strpos(k.response::text, i::text) > 0))$$),
    ('intake.staged_rows', $$update intake.staged_rows s set row_key = 'erased:' || s.source_row_id, content_sha256 = sha256(s.source_row_id::text::bytea), party_ref = null,
       party_name = null, description = null, payer_name = null, receipt_reference = null, email = null, phone = null, postal = null, contact_name = null, debt = null
       where s.tenant_id = $1 and (s.party_id = any($2) or s.account_id = any($4)
         or exists (select 1 from compliance.erasure_words($1, $2, $4) w where not w.whole and strpos(lower(concat_ws(' ', s.party_name, s.email, s.phone, s.postal, s.payer_name, s.contact_name)), w.word) > 0))$$),
    ('intake.source_rows', $$update intake.source_rows s set row_key = 'erased:' || s.id, content_sha256 = sha256(s.id::text::bytea)
       where s.tenant_id = $1 and (s.subject_id = any($2 || $4)
         or s.subject_id in (select i.id from accounts.items i where i.tenant_id = $1 and i.account_id = any($4))
         or s.subject_id in (select c.id from parties.contact_points c where c.tenant_id = $1 and c.party_id = any($2))
         or s.subject_id in (select r.id from payments.receipts r where r.tenant_id = $1 and r.account_id = any($4)))$$),
    ('outreach.messages', $$update outreach.messages m set recipient = 'erased', recipient_key = 'erased:' || m.id, subject = 'Erased', body_text = 'Erased', body_html = 'Erased',
       state_reason = null, provider_answer = null, content_verdict = null
       where m.tenant_id = $1 and (m.party_id = any($2) or m.cluster_id = any($3) or m.account_id = any($4))$$),
    ('outreach.delivery_events', $$update outreach.delivery_events d set detail = null where d.tenant_id = $1 and d.message_id in (
       select m.id from outreach.messages m where m.tenant_id = $1 and (m.party_id = any($2) or m.cluster_id = any($3) or m.account_id = any($4)))$$),
    ('outreach.inbound', $$update outreach.inbound b set from_address = 'erased', subject = null, body_text = 'Erased'
       where b.tenant_id = $1 and (b.party_id = any($2) or b.account_id = any($4)
         or exists (select 1 from parties.contact_points c where c.tenant_id = $1 and c.party_id = any($2) and lower(c.value) = lower(b.from_address))
         or (b.account_id is null and b.party_id is null and exists (select 1 from compliance.erasure_words($1, $2, $4) w
           where not w.whole and strpos(lower(concat_ws(' ', b.from_address, b.subject, b.body_text)), w.word) > 0)))$$),
    ('desk.calls', $$update desk.calls c set phone = 'erased', note = null where c.tenant_id = $1 and (c.party_id = any($2) or c.account_id = any($4))$$),
    ('desk.notes', $$update desk.notes n set body = 'Erased' where n.tenant_id = $1 and n.account_id = any($4)$$),
    ('desk.tasks', $$update desk.tasks t set title = 'Erased', reason = 'Erased', outcome = case when t.outcome is null then null else 'Erased' end where t.tenant_id = $1 and t.account_id = any($4)$$),
    ('strategy.decisions', $$update strategy.decisions d set facts = '{}' where d.tenant_id = $1 and d.account_id = any($4)$$),
    ('strategy.plans', $$update strategy.plans p set state_reason = null where p.tenant_id = $1 and p.account_id = any($4) and p.state_reason is not null$$),
    ('payments.receipts', $$update payments.receipts r set reference = null, payer_name = null, external_key = 'erased:' || r.id,
       reversal_reason = case when r.reversal_reason is null then null else 'Erased' end where r.tenant_id = $1 and r.account_id = any($4)$$),
    -- Money that nobody has matched to an account yet.
    ('payments.receipts unmatched', $$update payments.receipts r set reference = null, payer_name = null, external_key = 'erased:' || r.id
       where r.tenant_id = $1 and r.account_id is null and exists (select 1 from compliance.erasure_words($1, $2, $4) w
         where not w.whole and strpos(lower(concat_ws(' ', r.payer_name, r.reference)), w.word) > 0)$$),
    ('payments.allocations', $$update payments.allocations a set reason = 'Erased',
       reversal_reason = case when a.reversal_reason is null then null else 'Erased' end where a.tenant_id = $1 and a.account_id = any($4)$$),
    ('payments.promises', $$update payments.promises p set judged_reason = 'Erased' where p.tenant_id = $1 and p.account_id = any($4) and p.judged_reason is not null$$),
    ('ledger.journals', $$update ledger.journals j set note = null where j.tenant_id = $1 and j.note is not null and j.id in (
       select t.journal_id from ledger.transfers t where t.tenant_id = $1 and (t.account_id = any($4) or t.item_id in (
         select i.id from accounts.items i where i.tenant_id = $1 and i.account_id = any($4))))$$),
    ('compliance.notice_documents', $$update compliance.notice_documents d set bytes = ''::bytea where d.tenant_id = $1 and d.notice_id in (
       select n.id from compliance.notices n where n.tenant_id = $1 and n.account_id = any($4))$$),
    ('compliance.notice_answers', $$update compliance.notice_answers a set evidence = 'Erased' where a.tenant_id = $1 and a.account_id = any($4)$$),
    ('compliance.notice_replies', $$update compliance.notice_replies r set explanation = case when r.explanation is null then null else 'Erased' end
       where r.tenant_id = $1 and r.account_id = any($4)$$),
    ('compliance.notices', $$update compliance.notices n set address = 'erased', address_key = 'erased', information = '{}', state_reason = null,
       dispatch_proof = case when n.dispatch_proof is null then null else 'Erased' end where n.tenant_id = $1 and n.account_id = any($4)$$),
    ('compliance.consents', $$update compliance.consents c set evidence = '{}', revocation = case when c.revocation is null then null else '{}'::jsonb end, detail = '{}',
       address_key = null where c.tenant_id = $1 and (c.giver_party_id = any($2) or c.cluster_id = any($3) or c.account_id = any($4))$$),
    ('compliance.preferences', $$update compliance.preferences p set address_key = null, detail = '{}', source_id = null
       where p.tenant_id = $1 and (p.party_id = any($2) or p.cluster_id = any($3))$$),
    ('compliance.legal_events', $$update compliance.legal_events e set address_key = null, detail = '{}', source_id = null, note = null
       where e.tenant_id = $1 and (e.party_id = any($2) or e.cluster_id = any($3) or e.about_party_id = any($2) or e.account_ids && $4)$$),
    ('compliance.overrides', $$update compliance.overrides o set reason = 'Erased', reasons = coalesce((
         select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('ruleId', r -> 'ruleId', 'effect', r -> 'effect', 'citation', r -> 'citation', 'rebuttable', r -> 'rebuttable',
           'notBefore', r -> 'notBefore', 'sentence', 'The facts have been erased.')) order by n)
         from jsonb_array_elements(o.reasons) with ordinality e (r, n)), '[]')
       where o.tenant_id = $1 and o.account_id = any($4)$$),
    ('compliance.override_steps', $$update compliance.override_steps s set note = 'Erased' where s.tenant_id = $1 and s.note is not null and s.override_id in (
       select o.id from compliance.overrides o where o.tenant_id = $1 and o.account_id = any($4))$$),
    ('compliance.legal_holds', $$update compliance.legal_holds h set reason = 'Erased', release_reason = 'Erased'
       where h.tenant_id = $1 and h.released_at is not null and (h.cluster_id = any($3) or h.account_id = any($4))$$),
    ('compliance.debts', $$update compliance.debts d set servicing_group = null, limitation = null, particulars = '{}' where d.tenant_id = $1 and d.id = any($4)$$),
    ('compliance.incidents', $$update compliance.incidents i set summary = 'Erased', detail = '{}', closing_note = case when i.closing_note is null then null else 'Erased' end
       where i.tenant_id = $1 and (i.cluster_id = any($3) or i.account_id = any($4))$$),
    ('compliance.permit_erasures', $$insert into compliance.permit_erasures (tenant_id, id, erasure_id, facts_sha256, erased_at)
       select p.tenant_id, p.id, $5, p.facts_sha256, $6 from compliance.permits p
       where p.tenant_id = $1 and (p.party_id = any($2) or p.cluster_id = any($3) or p.account_id = any($4)) on conflict (tenant_id, id) do nothing$$),
    ('compliance.permits', $$update compliance.permits p set address_key = null, proposal = '{}', facts = '{"erased": true}', reasons = coalesce((
         select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('ruleId', r -> 'ruleId', 'effect', r -> 'effect', 'citation', r -> 'citation', 'notBefore', r -> 'notBefore',
           'sentence', 'The facts have been erased.')) order by n)
         from jsonb_array_elements(p.reasons) with ordinality e (r, n)), '[]')
       where p.tenant_id = $1 and p.id in (select x.id from compliance.permit_erasures x where x.tenant_id = $1 and x.erasure_id = $5)$$),
    ('compliance.register_entries', $$update compliance.register_entries r set address_key = null, detail = '{}', reason = null
       where r.tenant_id = $1 and (r.party_id = any($2) or r.cluster_id = any($3) or r.account_id = any($4))$$),
    ('accounts.account_states', $$update accounts.account_states s set reason = 'Erased' where s.tenant_id = $1 and s.account_id = any($4)$$),
    ('accounts.case_events', $$update accounts.case_events e set reason = null where e.tenant_id = $1 and e.account_id = any($4) and e.reason is not null$$),
    ('accounts.cases', $$update accounts.cases k set close_reason = 'Erased' where k.tenant_id = $1 and k.close_reason is not null and k.id in (
       select e.case_id from accounts.case_events e where e.tenant_id = $1 and e.account_id = any($4))$$),
    ('accounts.holds', $$update accounts.holds h set note = null, release_reason = case when h.release_reason is null then null else 'Erased' end
       where h.tenant_id = $1 and (h.cluster_id = any($3) or h.account_id = any($4))$$),
    ('accounts.items', $$update accounts.items i set description = null where i.tenant_id = $1 and i.account_id = any($4)$$),
    -- Entries from before free text went under the person's key. What is said now is not here and stays as it was sealed.
    ('identity.audit_entries', $$with mine as (
         select i::text as id from unnest($2 || $3 || $4) i
         union select h.id::text from accounts.holds h where h.tenant_id = $1 and (h.cluster_id = any($3) or h.account_id = any($4))
         union select e.case_id::text from accounts.case_events e where e.tenant_id = $1 and e.account_id = any($4)
         union select l.id::text from parties.party_links l where l.tenant_id = $1 and (l.party_id = any($2) or l.other_party_id = any($2))
         union select m.into_cluster_id::text from parties.cluster_merges m where m.tenant_id = $1 and m.from_cluster_id = any($3)
         union select m.id::text from outreach.messages m where m.tenant_id = $1 and (m.cluster_id = any($3) or m.account_id = any($4))
         union select p.id::text from compliance.preferences p where p.tenant_id = $1 and p.cluster_id = any($3)),
       old as (
         select distinct e.id from identity.audit_entries e
         join (values ('people.merged', 'reason'), ('party_link.ended', 'reason'), ('party_link.resumed', 'reason'), ('override.requested', 'reason'),
             ('override.approved', 'note'), ('override.rejected', 'note'), ('preference.ended', 'reason'), ('notice.given', 'proof'), ('notice.returned', 'reason'),
             ('receipt.reversed', 'reason'), ('receipt.reallocated', 'reason'), ('allocation.reversed', 'reason'), ('promise.cancelled', 'reason'), ('case.closed', 'reason'),
             ('hold.released', 'release_reason'), ('account.changed', 'reason'), ('message.resolved', 'evidence'),
             ('task.closed', 'outcome'), ('debt.described', 'limitation')) as open_text (action, field)
           on open_text.action = e.action and jsonb_typeof(e.detail -> open_text.field) in ('string', 'object')
         where e.tenant_id = $1 and (e.account_id = any($4) or e.subject_id in (select mine.id from mine))),
       noted as (
         insert into identity.audit_erasures (tenant_id, id, erasure_id, erased_at) select $1, old.id, $5, $6 from old on conflict (tenant_id, id) do nothing)
       update identity.audit_entries e set detail = e.detail - array['release_reason', 'note', 'proof', 'evidence', 'outcome', 'reason', 'limitation']
       where e.tenant_id = $1 and e.id in (select old.id from old)$$),
    ('parties.cluster_merges', $$update parties.cluster_merges m set reason = 'Erased' where m.tenant_id = $1 and (m.from_cluster_id = any($3) or m.into_cluster_id = any($3))$$),
    ('parties.party_links', $$update parties.party_links l set note = null, end_reason = case when l.end_reason is null then null else 'Erased' end
       where l.tenant_id = $1 and (l.party_id = any($2) or l.other_party_id = any($2))$$),
    ('parties.match_candidates', $$delete from parties.match_candidates m where m.tenant_id = $1 and (m.party_id = any($2) or m.other_party_id = any($2))$$),
    ('parties.search_tokens', $$delete from parties.search_tokens t where t.tenant_id = $1 and t.party_id = any($2)$$),
    -- One statement: what the hub keeps of a person agrees at every moment.
    ('parties.parties', $$with points as (
         update parties.contact_points c set value = 'erased', value_key = 'erased:' || c.id, label = null, ended_at = coalesce(c.ended_at, $6)
         where c.tenant_id = $1 and c.party_id = any($2)),
       known as (
         update accounts.facts f set party_name = 'Erased person', has_email = false, has_phone = false where f.tenant_id = $1 and f.id = any($4))
       update parties.parties p set name = 'Erased person', external_ref = null, region = null, tax_number = null, tax_key = null
       where p.tenant_id = $1 and p.id = any($2)$$),
    ('compliance.erasures', $$update compliance.erasures e set reason = 'Erased', decline_reason = case when e.decline_reason is null then null else 'Erased' end
       where e.tenant_id = $1 and e.cluster_id = any($3)$$)
  ) s (target, statement)
$steps$;

-- What the person is called and reached by, as it may stand in rows that nobody tied to them. Long words are looked for anywhere; the others,
-- and account numbers, count only as a whole cell of a file.
drop function compliance.erasure_words(uuid, uuid[]);
create function compliance.erasure_words(p_tenant uuid, p_parties uuid[], p_accounts uuid[]) returns table (word text, whole boolean) language sql stable as $$
  select distinct lower(s.w), s.number or length(s.w) < 5 from (
    select p.name, false from parties.parties p where p.tenant_id = p_tenant and p.id = any(p_parties) and p.name <> 'Erased person'
    union all select p.tax_number, false from parties.parties p where p.tenant_id = p_tenant and p.id = any(p_parties)
    union all select p.external_ref, true from parties.parties p where p.tenant_id = p_tenant and p.id = any(p_parties)
    union all select a.number, true from accounts.accounts a where a.tenant_id = p_tenant and a.id = any(p_accounts)
    union all select c.value, false from parties.contact_points c where c.tenant_id = p_tenant and c.party_id = any(p_parties)
    union all select c.value_key, false from parties.contact_points c where c.tenant_id = p_tenant and c.party_id = any(p_parties)) s (w, number)
  where length(s.w) >= 2 and s.w not like 'erased%'
$$;

-- The door, as before, but a step is known by its name and not by its place: what was begun under an older order of steps is begun again.
create or replace function compliance.erase_next(p_erasure uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  erasure compliance.erasures;
  step record;
  touched bigint := 0;
begin
  select * into erasure from compliance.erasures e where e.tenant_id = kernel.tenant_id() and e.id = p_erasure for update;
  if erasure.id is null or erasure.state <> 'approved' then
    raise exception 'Erasure % is not an approved one of this tenant.', p_erasure using errcode = 'insufficient_privilege';
  end if;
  if exists (
    select 1 from compliance.legal_holds h where h.tenant_id = erasure.tenant_id and h.released_at is null
      and (h.scope = 'tenant' or h.cluster_id = any(erasure.cluster_ids) or h.account_id = any(erasure.account_ids))) then
    raise exception 'A legal hold covers what erasure % would erase.', p_erasure using errcode = 'insufficient_privilege';
  end if;
  select s.* into step from compliance.erasure_steps() s where not (erasure.emptied ? s.target) order by s.place limit 1;
  if step.place is null then return false; end if;
  if to_regclass(split_part(step.target, ' ', 1)) is not null then
    execute step.statement using erasure.tenant_id, erasure.party_ids, erasure.cluster_ids, erasure.account_ids, erasure.id, erasure.approved_at;
    get diagnostics touched = row_count;
  end if;
  update compliance.erasures e set steps_done = step.place, emptied = e.emptied || jsonb_build_object(step.target, touched)
  where e.tenant_id = erasure.tenant_id and e.id = p_erasure;
  return true;
end $$;
revoke all on function compliance.erasure_words(uuid, uuid[], uuid[]) from public;

-- The documents themselves, for evidence packs and a person's own copy.
create view compliance.notice_bytes_v with (security_invoker = true) as
  select d.tenant_id, d.id, d.notice_id, n.account_id, d.format, d.sha256, d.bytes, d.recorded_at
  from compliance.notice_documents d join compliance.notices n on n.tenant_id = d.tenant_id and n.id = d.notice_id;
grant select on compliance.notice_bytes_v to dunwell_app;
