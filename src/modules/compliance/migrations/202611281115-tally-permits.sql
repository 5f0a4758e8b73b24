-- Keeps the counts of refused and deferred contact in kernel.tallies, by trigger.
-- Breaks running code: no.
set local lock_timeout = '5s';

create function compliance.permit_tallies(p compliance.permits)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select 'permit_' || p.decision, p.client_id, ''::text, '-infinity'::date, kernel.quarter_slot(p.decided_at), 1::bigint, 0::bigint
    from (values (p.decision in ('deny', 'defer') and p.act <> 'recorded_after')) as v (counts)
    where v.counts
  $$;

create function compliance.tally_permit() returns trigger language plpgsql as $$
begin
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select new.tenant_id, gen_random_uuid(), t.measure, t.client_id, t.currency, t.day, t.slot, t.n, t.minor from compliance.permit_tallies(new) t;
  return null;
end $$;
-- Permits are never changed.
create trigger tally after insert on compliance.permits for each row
  when (new.decision in ('deny', 'defer') and new.act <> 'recorded_after') execute function compliance.tally_permit();
