-- $1 tenant, $2 client, $3 how many: facts of accounts as a worked portfolio has them, by hashes of their numbers.
insert into accounts.facts (tenant_id, id, client_id, party_id, cluster_id, currency, state, party_name, account_number, balance_minor, credit_minor,
  open_items, oldest_open_due_on, oldest_open_issued_on, newest_open_due_on, promise_due_on, promises_kept, promises_broken, last_contact_at,
  last_conversation_at, last_paid_on, paid_minor, settled_items, settled_days_late, has_email, has_phone, contact_hold_until, assigned_to, sensitive, updated_at)
select $1::uuid, gen_random_uuid(), $2::uuid, gen_random_uuid(), gen_random_uuid(), 'USD', case when h.a % 20 = 0 then 'legal' when h.a % 7 = 0 then 'settled' else 'active' end,
  (array['Copper','Maple','Slate','Harbour','Quarry','Juniper','Sienna','Lotus'])[1 + h.a % 8] || ' ' || (array['Marine','Motors','Foods','Paints','Fabrics','Tiles'])[1 + h.b % 6]
    || ' ' || n, 'C' || n,
  case when h.a % 7 = 0 then 0 else 1000 + h.b % 500000 end, case when h.b % 11 = 0 then h.a % 9000 else 0 end, case when h.a % 7 = 0 then 0 else 1 + h.b % 4 end,
  case when h.a % 7 = 0 then null else date '2026-03-20' - (h.b % 160) end, case when h.a % 7 = 0 then null else date '2026-02-20' - (h.b % 160) end,
  case when h.a % 7 = 0 then null else date '2026-03-25' - (h.b % 40) end, case when h.b % 50 = 0 then date '2026-03-10' end, h.a % 4, h.b % 5,
  case when h.b % 3 > 0 then timestamptz '2026-03-01 15:00Z' - make_interval(hours => h.a % 900) end,
  case when h.b % 4 = 0 then timestamptz '2026-03-01 15:00Z' - make_interval(hours => h.b % 1800) end,
  case when h.a % 5 > 0 then date '2026-02-28' - (h.a % 200) end, h.b % 900000, h.a % 12, (h.a % 12) * (h.b % 30), h.a % 9 > 0, h.b % 3 > 0,
  case when h.a % 60 = 0 then timestamptz '9999-12-31 00:00Z' end, case when h.a % 80 = 0 then gen_random_uuid() end, h.b % 200 = 0, timestamptz '2026-03-02 14:00Z'
from generate_series(1, $3::int) n
cross join lateral (select ('x' || substr(md5('a' || n), 1, 7))::bit(28)::int as a, ('x' || substr(md5('b' || n), 1, 7))::bit(28)::int as b) h
