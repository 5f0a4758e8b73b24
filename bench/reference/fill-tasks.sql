-- $1 tenant, $2 client, $3 the collectors: accounts and open tasks of the accounts that owe, and a bare queue of the same tasks. Of the tasks
-- one in five belongs to a collector, one in ten waits for another day, one in fifty was stopped; one account in twenty shares a case.
insert into accounts.cases (tenant_id, id, cluster_id, opened_at)
select $1::uuid, ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(), timestamptz '2026-03-01 15:00Z'
from generate_series(0, (select count(*) / 40 from accounts.facts f where f.tenant_id = $1::uuid)) n;
insert into accounts.accounts (tenant_id, id, client_id, party_id, cluster_id, case_id, number, debt_kind, currency, balance_source, state, assigned_to, opened_on, recorded_at)
select f.tenant_id, f.id, f.client_id, f.party_id, f.cluster_id,
  case when x.n % 40 < 2 then ('00000000-0000-4000-8000-' || lpad(to_hex(x.n / 40), 12, '0'))::uuid end,
  f.account_number, 'commercial', f.currency, 'host', f.state, null, date '2025-01-01', timestamptz '2026-03-01 15:00Z'
from accounts.facts f cross join lateral (select substr(f.account_number, 2)::int as n) x where f.tenant_id = $1::uuid;
insert into desk.tasks (tenant_id, id, account_id, client_id, cluster_id, kind, queue, title, reason, stop_epoch, priority, due_on, ready_at, asleep, assigned_to,
  state, recorded_at)
select f.tenant_id, gen_random_uuid(), f.id, f.client_id, f.cluster_id, 'call', 'collector', 'Call about ' || f.account_number, 'as the strategy says',
  f.stop_epoch - case when h.c % 50 = 0 then 1 else 0 end, f.balance_minor * (1 + h.c % 200), date '2026-03-02' + case when h.c % 10 = 0 then 3 else 0 end,
  timestamptz '2026-03-02 05:00Z' + case when h.c % 10 = 0 then interval '3 days' else interval '0' end, h.c % 10 = 0,
  case when h.c % 5 = 0 then ($3::uuid[])[1 + (h.c / 5) % cardinality($3::uuid[])] end, 'open', timestamptz '2026-03-02 14:00Z'
from accounts.facts f cross join lateral (select ('x' || substr(md5('c' || f.account_number), 1, 7))::bit(28)::int as c) h
where f.tenant_id = $1::uuid and f.open_items > 0;
create schema bench;
grant usage on schema bench to dunwell_app;
create table bench.queue (
  tenant_id uuid not null, id uuid not null, priority bigint not null, due_on date not null, state text not null, claimed_by uuid, claimed_until timestamptz,
  title text not null, reason text not null, primary key (tenant_id, id)) with (fillfactor = 85);
insert into bench.queue (tenant_id, id, priority, due_on, state, title, reason)
select t.tenant_id, t.id, t.priority, t.due_on, t.state, t.title, t.reason from desk.tasks t where t.tenant_id = $1::uuid;
create index queue_next on bench.queue (tenant_id, priority desc, due_on, id) where state = 'open' and claimed_by is null;
alter table bench.queue enable row level security;
create policy tenant_isolation on bench.queue using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, update on bench.queue to dunwell_app;
