-- Keeps the counts of messages sent and uncertain in kernel.tallies, by trigger.
-- Breaks running code: no.
set local lock_timeout = '5s';

create function outreach.message_tallies(m outreach.messages)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select v.measure, m.client_id, ''::text, '-infinity'::date, v.slot, 1::bigint, 0::bigint
    from (values
      ('message_sent', kernel.quarter_slot(m.finished_at), m.state = 'sent' and m.finished_at is not null),
      ('message_uncertain', '-infinity'::timestamptz, m.state = 'uncertain')) as v (measure, slot, counts)
    where v.counts
  $$;

create function outreach.tally_message() returns trigger language plpgsql as $$
begin
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select coalesce(new.tenant_id, old.tenant_id), gen_random_uuid(), d.measure, d.client_id, d.currency, d.day, d.slot, sum(d.sign * d.n), sum(d.sign * d.minor)
  from (select 1 as sign, t.* from outreach.message_tallies(new) t union all select -1, t.* from outreach.message_tallies(old) t) d
  group by d.measure, d.client_id, d.currency, d.day, d.slot
  having sum(d.sign * d.n) <> 0;
  return null;
end $$;
create trigger tally_insert after insert or delete on outreach.messages for each row execute function outreach.tally_message();
create trigger tally_update after update on outreach.messages for each row
  when ((old.state, old.finished_at, old.client_id) is distinct from (new.state, new.finished_at, new.client_id))
  execute function outreach.tally_message();
