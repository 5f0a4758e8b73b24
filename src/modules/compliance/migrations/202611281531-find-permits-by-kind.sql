-- Permits are found by what was asked and answered, whatever is filtered by, and what was prevented is counted from tallies.
-- Breaks running code: yes, older code reads compliance.permits_refused_v.
set local lock_timeout = '5s';

-- The kinds of permit there are: few. A list goes kind by kind, each of which has its own run in an index, in order of time; so what
-- matches nothing is known at once.
create table compliance.permit_kinds (
  tenant_id uuid not null,
  -- A hash of the rest.
  id uuid not null,
  client_id uuid not null,
  decision text not null,
  act text not null,
  channel text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint permit_kinds_once unique (tenant_id, client_id, decision, act, channel)
);
select kernel.protect_append_only('compliance.permit_kinds');

create function compliance.note_permit_kind() returns trigger language plpgsql as $$
begin
  if not exists (
    select 1 from compliance.permit_kinds k
    where k.tenant_id = new.tenant_id and k.client_id = new.client_id and k.decision = new.decision and k.act = new.act and k.channel = new.channel) then
    insert into compliance.permit_kinds (tenant_id, id, client_id, decision, act, channel)
    values (new.tenant_id, kernel.hash_id('permit_kind', new.client_id::text, new.decision, new.act, new.channel), new.client_id, new.decision, new.act,
      new.channel)
    on conflict do nothing;
  end if;
  return null;
end $$;
create trigger note_kind after insert on compliance.permits for each row execute function compliance.note_permit_kind();

-- The owner is held to row security like everybody; what is there already is carried over for all tenants in one go.
alter table compliance.permits no force row level security;
alter table compliance.permit_kinds no force row level security;
alter table compliance.permit_reasons no force row level security;
alter table kernel.tallies no force row level security;
alter table identity.tenants no force row level security;
insert into compliance.permit_kinds (tenant_id, id, client_id, decision, act, channel)
  select distinct p.tenant_id, kernel.hash_id('permit_kind', p.client_id::text, p.decision, p.act, p.channel), p.client_id, p.decision, p.act, p.channel
  from compliance.permits p;
alter table compliance.permit_kinds force row level security;

alter table compliance.permit_reasons add column account_id uuid;
update compliance.permit_reasons r set account_id = p.account_id
  from compliance.permits p where p.tenant_id = r.tenant_id and p.id = r.permit_id;
alter table compliance.permit_reasons alter column account_id set not null;

-- By the tenant's own day, which never moves: a tenant keeps its time zone. What was prevented is added up from these.
create function compliance.tenant_day(tenant uuid, at timestamptz) returns date language sql stable parallel safe
  as $$ select (at at time zone t.time_zone)::date from identity.tenants_v t where t.tenant_id = tenant $$;
create function compliance.reason_tallies(r compliance.permit_reasons)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select 'prevented_' || r.decision || ':' || r.rule_id, r.client_id, ''::text, '-infinity'::date,
      kernel.day_slot(compliance.tenant_day(r.tenant_id, r.decided_at)), 1::bigint, 0::bigint
    from (values (r.decision in ('deny', 'defer') and r.act <> 'recorded_after')) as v (counts)
    where v.counts
  $$;
create or replace function compliance.permit_tallies(p compliance.permits)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select m.measure, p.client_id, ''::text, '-infinity'::date, m.slot, 1::bigint, 0::bigint
    from (values ('permit_' || p.decision, kernel.quarter_slot(p.decided_at)),
        ('prevented', kernel.day_slot(compliance.tenant_day(p.tenant_id, p.decided_at)))) as m (measure, slot)
    where p.decision in ('deny', 'defer') and p.act <> 'recorded_after'
  $$;
create function compliance.tally_reason() returns trigger language plpgsql as $$
begin
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select new.tenant_id, gen_random_uuid(), t.measure, t.client_id, t.currency, t.day, t.slot, t.n, t.minor from compliance.reason_tallies(new) t;
  return null;
end $$;
create trigger tally after insert on compliance.permit_reasons for each row
  when (new.decision in ('deny', 'defer') and new.act <> 'recorded_after') execute function compliance.tally_reason();
-- A tenant that has no tallies yet is given all of them by the worker.
insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select r.tenant_id, kernel.hash_id('tally', t.measure, t.client_id::text, t.slot::text), t.measure, t.client_id, t.currency, t.day, t.slot, sum(t.n), 0
  from compliance.permit_reasons r cross join lateral compliance.reason_tallies(r) t
  where exists (select 1 from kernel.tallies made where made.tenant_id = r.tenant_id and made.measure = 'made')
  group by r.tenant_id, t.measure, t.client_id, t.currency, t.day, t.slot;
insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select p.tenant_id, kernel.hash_id('tally', t.measure, t.client_id::text, t.slot::text), t.measure, t.client_id, t.currency, t.day, t.slot, sum(t.n), 0
  from compliance.permits p cross join lateral compliance.permit_tallies(p) t
  where t.measure = 'prevented' and exists (select 1 from kernel.tallies made where made.tenant_id = p.tenant_id and made.measure = 'made')
  group by p.tenant_id, t.measure, t.client_id, t.currency, t.day, t.slot;
alter table identity.tenants force row level security;
alter table kernel.tallies force row level security;
alter table compliance.permit_reasons force row level security;
alter table compliance.permits force row level security;

drop view compliance.permits_refused_v;
drop index compliance.permits_refused;
drop index compliance.permit_reasons_by_rule;
drop index compliance.permit_reasons_by_time;
-- For all clients, for those asked for, and for one account; the same by rule.
create index permits_by_kind on compliance.permits (tenant_id, decision, act, channel, decided_at desc, id desc);
create index permits_by_client on compliance.permits (tenant_id, client_id, decision, act, channel, decided_at desc, id desc);
create index permits_by_account_kind on compliance.permits (tenant_id, account_id, decision, act, channel, decided_at desc, id desc);
create index permit_reasons_by_rule on compliance.permit_reasons (tenant_id, rule_id, decision, act, channel, decided_at desc, permit_id desc);
create index permit_reasons_by_client on compliance.permit_reasons (tenant_id, rule_id, client_id, decision, act, channel, decided_at desc, permit_id desc);
create index permit_reasons_by_account on compliance.permit_reasons (tenant_id, account_id, rule_id, decision, act, channel, decided_at desc, permit_id desc);

create or replace view compliance.permit_reasons_v with (security_invoker = true) as
  select tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, decided_at, account_id from compliance.permit_reasons;
create view compliance.permit_kinds_v with (security_invoker = true) as
  select tenant_id, id, client_id, decision, act, channel from compliance.permit_kinds;
grant select on compliance.permit_kinds_v to dunwell_app;
