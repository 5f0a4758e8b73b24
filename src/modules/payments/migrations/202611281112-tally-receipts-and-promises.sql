-- Keeps the sums of receipts and promises in kernel.tallies, by trigger: whoever changes a row cannot forget it.
-- Breaks running code: no.
set local lock_timeout = '5s';

create function payments.receipt_tallies(r payments.receipts)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select v.measure, r.client_id, r.currency::text, '-infinity'::date, v.slot, 1::bigint, v.minor
    from (values
      ('receipt_received', kernel.day_slot(r.received_on), r.amount_minor, true),
      ('receipt_unapplied', '-infinity'::timestamptz, r.unapplied_minor, r.unapplied_minor > 0 and r.account_id is not null),
      ('receipt_unmatched', '-infinity'::timestamptz, r.unapplied_minor, r.unapplied_minor > 0 and r.account_id is null)) as v (measure, slot, minor, counts)
    where v.counts and r.state <> 'reversed'
  $$;

-- The client is the account's, which never changes.
create function payments.promise_tallies(p payments.promises)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select 'promise_' || p.state, a.client_id, p.currency::text, case when p.state = 'open' then p.due_on else '-infinity'::date end,
           case when p.state = 'open' then '-infinity'::timestamptz else kernel.day_slot(p.judged_on) end, 1::bigint, p.amount_minor
    from accounts.accounts_v a
    where a.tenant_id = p.tenant_id and a.id = p.account_id and (p.state = 'open' or p.judged_on is not null)
  $$;

create function payments.tally_receipt() returns trigger language plpgsql as $$
begin
  if current_setting('app.tallied_in_sets', true) = 'on' then return null; end if;
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select coalesce(new.tenant_id, old.tenant_id), gen_random_uuid(), d.measure, d.client_id, d.currency, d.day, d.slot, sum(d.sign * d.n), sum(d.sign * d.minor)
  from (select 1 as sign, t.* from payments.receipt_tallies(new) t union all select -1, t.* from payments.receipt_tallies(old) t) d
  group by d.measure, d.client_id, d.currency, d.day, d.slot
  having sum(d.sign * d.n) <> 0 or sum(d.sign * d.minor) <> 0;
  return null;
end $$;
create trigger tally after insert or update or delete on payments.receipts for each row execute function payments.tally_receipt();

create function payments.tally_promise() returns trigger language plpgsql as $$
begin
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select coalesce(new.tenant_id, old.tenant_id), gen_random_uuid(), d.measure, d.client_id, d.currency, d.day, d.slot, sum(d.sign * d.n), sum(d.sign * d.minor)
  from (select 1 as sign, t.* from payments.promise_tallies(new) t union all select -1, t.* from payments.promise_tallies(old) t) d
  group by d.measure, d.client_id, d.currency, d.day, d.slot
  having sum(d.sign * d.n) <> 0 or sum(d.sign * d.minor) <> 0;
  return null;
end $$;
create trigger tally after insert or update or delete on payments.promises for each row execute function payments.tally_promise();
