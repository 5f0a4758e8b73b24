-- Legal holds, erasures of persons, what of their wishes survives, and the one door through which rows that only grow are emptied.
-- Breaks running code: no (new tables and a view with one more column).
set local lock_timeout = '5s';

-- While one is in force nothing it covers is erased: a person's records, an account's (and so its person's), or everybody's.
create table compliance.legal_holds (
  tenant_id uuid not null,
  id uuid not null,
  scope text not null check (scope in ('person', 'account', 'tenant')),
  cluster_id uuid,
  account_id uuid,
  reason text not null check (length(reason) between 3 and 1000),
  placed_by text not null,
  placed_at timestamptz not null,
  released_by text,
  release_reason text,
  released_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint legal_holds_covers check ((scope = 'tenant') = (cluster_id is null) and (scope = 'account') = (account_id is not null)),
  constraint legal_holds_released check ((released_at is null) = (released_by is null) and (released_at is null) = (release_reason is null))
);
select kernel.protect('compliance.legal_holds');
revoke delete on compliance.legal_holds from dunwell_app;
create index legal_holds_live on compliance.legal_holds (tenant_id, scope) where released_at is null;

create table compliance.erasures (
  tenant_id uuid not null,
  id uuid not null,
  cluster_id uuid not null,
  -- Whose rows are emptied, settled when it is approved.
  cluster_ids uuid[] not null default '{}',
  party_ids uuid[] not null default '{}',
  account_ids uuid[] not null default '{}',
  basis text not null check (basis in ('request', 'retention')),
  reason text not null check (length(reason) between 3 and 1000),
  state text not null check (state in ('requested', 'approved', 'done', 'withdrawn')),
  requested_by text not null,
  requested_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  steps_done int not null default 0,
  done_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  -- Two people, whatever the code does.
  constraint erasures_two_people check (state in ('requested', 'withdrawn') or (approved_by is not null and approved_by <> requested_by)),
  constraint erasures_done check ((state = 'done') = (done_at is not null))
);
select kernel.protect('compliance.erasures');
revoke delete on compliance.erasures from dunwell_app;
create unique index erasures_one_open on compliance.erasures (tenant_id, cluster_id) where state in ('requested', 'approved');
create index erasures_listed on compliance.erasures (tenant_id, requested_at desc, id desc);

-- What was approved stays what was approved; only the door below counts its steps.
create function compliance.guard_erasure() returns trigger language plpgsql as $$
begin
  if old.state in ('done', 'withdrawn') or (old.state = 'approved' and new.state <> 'done') or new.steps_done <> old.steps_done
    or (old.state = 'approved' and (new.cluster_ids, new.party_ids, new.account_ids, new.approved_by) is distinct from
                                   (old.cluster_ids, old.party_ids, old.account_ids, old.approved_by))
    or (new.cluster_id, new.basis, new.reason, new.requested_by) is distinct from (old.cluster_id, old.basis, old.reason, old.requested_by) then
    raise exception 'Erasure % is % and cannot be changed so.', old.id, old.state using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger guard_erasure before update on compliance.erasures for each row
  when (current_user <> 'dunwell_owner') execute function compliance.guard_erasure();

-- Wishes of people who are forgotten, by a keyed hash of each of their addresses: whoever comes back with one of them is still not contacted.
create table compliance.suppressions (
  tenant_id uuid not null,
  id uuid not null,
  address_hash bytea not null check (length(address_hash) = 32),
  wish text not null check (wish in ('opt_out', 'cease')),
  channel text,
  -- True: only this address was closed, and not the person.
  address_only boolean not null,
  effective_from timestamptz not null,
  erasure_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint suppressions_once unique nulls not distinct (tenant_id, address_hash, wish, channel, address_only)
);
select kernel.protect_append_only('compliance.suppressions');

-- A permit whose facts were erased keeps their digest; this row is what says so, and what verification knows it by.
create table compliance.permit_erasures (
  tenant_id uuid not null,
  -- The permit's.
  id uuid not null,
  erasure_id uuid not null,
  facts_sha256 bytea not null,
  erased_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint permit_erasures_permit_fk foreign key (tenant_id, id) references compliance.permits (tenant_id, id),
  constraint permit_erasures_erasure_fk foreign key (tenant_id, erasure_id) references compliance.erasures (tenant_id, id)
);
select kernel.protect_append_only('compliance.permit_erasures');
revoke insert on compliance.permit_erasures from dunwell_app;

create or replace view compliance.permit_evidence_v with (security_invoker = true) as
  select p.tenant_id, p.id, p.account_id, p.decision, p.act, p.channel, p.proposal, encode(p.facts_sha256, 'hex') as facts_sha256, p.facts, p.reasons,
         p.pack_versions, p.not_before, p.decided_at, p.valid_until, x.erased_at
  from compliance.permits p left join compliance.permit_erasures x on x.tenant_id = p.tenant_id and x.id = p.id;
create view compliance.legal_holds_v with (security_invoker = true) as
  select tenant_id, id, scope, cluster_id, account_id, reason, placed_by, placed_at, released_by, release_reason, released_at from compliance.legal_holds;
create view compliance.erasures_v with (security_invoker = true) as
  select tenant_id, id, cluster_id, basis, reason, state, requested_by, requested_at, approved_by, approved_at, steps_done, done_at from compliance.erasures;
grant select on compliance.permit_evidence_v, compliance.legal_holds_v, compliance.erasures_v to dunwell_app;

-- What is emptied, in order. $1 tenant, $2 parties, $3 clusters, $4 accounts, $5 erasure, $6 its approval. Rows found by what they say come
-- first, while it is still known what to look for. A room that is not installed is passed over. Each statement may be repeated.
create function compliance.erasure_steps() returns table (place int, target text, statement text) language sql immutable as $steps$
  select (row_number() over ())::int, s.target, s.statement from (values
    ('intake.rejects', $$update intake.rejects r set cells = jsonb_build_object('erased', true) where r.tenant_id = $1 and exists (
       select 1 from compliance.erasure_words($1, $2) w where strpos(lower(r.cells::text), w.word) > 0)$$),
    ('identity.idempotency_keys', $$delete from identity.idempotency_keys k where k.tenant_id = $1 and (
       exists (select 1 from compliance.erasure_words($1, $2) w where strpos(lower(k.response::text), w.word) > 0)
       or exists (select 1 from unnest($2 || $3 || $4) i where strpos(k.response::text, i::text) > 0))$$),
    ('intake.staged_rows', $$update intake.staged_rows s set row_key = 'erased:' || s.source_row_id, content_sha256 = sha256(s.source_row_id::text::bytea), party_ref = null,
       party_name = null, description = null, payer_name = null, receipt_reference = null, email = null, phone = null, postal = null, contact_name = null
       where s.tenant_id = $1 and (s.party_id = any($2) or s.account_id = any($4)
         or exists (select 1 from compliance.erasure_words($1, $2) w where strpos(lower(concat_ws(' ', s.party_name, s.email, s.phone, s.postal, s.payer_name, s.contact_name)), w.word) > 0))$$),
    ('intake.source_rows', $$update intake.source_rows s set row_key = 'erased:' || s.id, content_sha256 = sha256(s.id::text::bytea)
       where s.tenant_id = $1 and (s.subject_id = any($2 || $4)
         or s.subject_id in (select i.id from accounts.items i where i.tenant_id = $1 and i.account_id = any($4))
         or s.subject_id in (select c.id from parties.contact_points c where c.tenant_id = $1 and c.party_id = any($2))
         or s.subject_id in (select r.id from payments.receipts r where r.tenant_id = $1 and r.account_id = any($4)))$$),
    ('outreach.messages', $$update outreach.messages m set recipient = 'erased', recipient_key = 'erased:' || m.id, subject = 'Erased', body_text = 'Erased', body_html = 'Erased',
       state_reason = null, provider_answer = null where m.tenant_id = $1 and (m.party_id = any($2) or m.account_id = any($4))$$),
    ('outreach.delivery_events', $$update outreach.delivery_events d set detail = null where d.tenant_id = $1 and d.message_id in (
       select m.id from outreach.messages m where m.tenant_id = $1 and (m.party_id = any($2) or m.account_id = any($4)))$$),
    ('outreach.inbound', $$update outreach.inbound b set from_address = 'erased', subject = null, body_text = 'Erased'
       where b.tenant_id = $1 and (b.party_id = any($2) or b.account_id = any($4)
         or exists (select 1 from parties.contact_points c where c.tenant_id = $1 and c.party_id = any($2) and lower(c.value) = lower(b.from_address)))$$),
    ('desk.calls', $$update desk.calls c set phone = 'erased', note = null where c.tenant_id = $1 and (c.party_id = any($2) or c.account_id = any($4))$$),
    ('desk.notes', $$update desk.notes n set body = 'Erased' where n.tenant_id = $1 and n.account_id = any($4)$$),
    ('desk.tasks', $$update desk.tasks t set title = 'Erased', reason = 'Erased' where t.tenant_id = $1 and t.account_id = any($4)$$),
    ('strategy.decisions', $$update strategy.decisions d set facts = '{}' where d.tenant_id = $1 and d.account_id = any($4)$$),
    ('payments.receipts', $$update payments.receipts r set reference = null, payer_name = null, external_key = 'erased:' || r.id,
       reversal_reason = case when r.reversal_reason is null then null else 'Erased' end where r.tenant_id = $1 and r.account_id = any($4)$$),
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
       address_key = null where c.tenant_id = $1 and (c.giver_party_id = any($2) or c.cluster_id = any($3))$$),
    ('compliance.preferences', $$update compliance.preferences p set address_key = null, detail = '{}', source_id = null
       where p.tenant_id = $1 and (p.party_id = any($2) or p.cluster_id = any($3))$$),
    ('compliance.legal_events', $$update compliance.legal_events e set address_key = null, detail = '{}', source_id = null, note = null
       where e.tenant_id = $1 and (e.party_id = any($2) or e.cluster_id = any($3) or e.about_party_id = any($2))$$),
    ('compliance.debts', $$update compliance.debts d set servicing_group = null where d.tenant_id = $1 and d.id = any($4)$$),
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
       where p.tenant_id = $1 and p.id = any($2)$$)
  ) s (target, statement)
$steps$;

-- What the person is called and reached by, as it may stand in a file's rows that were never taken in.
create function compliance.erasure_words(p_tenant uuid, p_parties uuid[]) returns table (word text) language sql stable as $$
  select distinct lower(w) from (
    select p.name from parties.parties p where p.tenant_id = p_tenant and p.id = any(p_parties) and p.name <> 'Erased person'
    union all select p.tax_number from parties.parties p where p.tenant_id = p_tenant and p.id = any(p_parties)
    union all select c.value from parties.contact_points c where c.tenant_id = p_tenant and c.party_id = any(p_parties)
    union all select c.value_key from parties.contact_points c where c.tenant_id = p_tenant and c.party_id = any(p_parties)) s (w)
  where length(w) >= 5 and w not like 'erased%'
$$;

-- The door. Carries out the next step of an approved erasure of the current tenant and says whether one is left. It runs as the owner, which
-- the guards of tables that only grow let pass; row security still holds it to the tenant. Each call is one step: what is interrupted goes on.
create function compliance.erase_next(p_erasure uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  erasure compliance.erasures;
  step record;
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
  select s.* into step from compliance.erasure_steps() s where s.place > erasure.steps_done order by s.place limit 1;
  if step.place is null then return false; end if;
  if to_regclass(step.target) is not null then
    execute step.statement using erasure.tenant_id, erasure.party_ids, erasure.cluster_ids, erasure.account_ids, erasure.id, erasure.approved_at;
  end if;
  update compliance.erasures e set steps_done = step.place where e.tenant_id = erasure.tenant_id and e.id = p_erasure;
  return true;
end $$;
revoke all on function compliance.erase_next(uuid), compliance.erasure_words(uuid, uuid[]) from public;
grant execute on function compliance.erase_next(uuid) to dunwell_app;
