-- Keeps the counts of planned and void contact in kernel.tallies, by trigger; a run adds its own as sets.
-- Breaks running code: no.
set local lock_timeout = '5s';

create function strategy.plan_tallies(p strategy.plans)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select v.measure, p.client_id, ''::text, '-infinity'::date, v.slot, 1::bigint, 0::bigint
    from (values
      ('plan_planned', '-infinity'::timestamptz, p.state = 'planned' and p.action = 'email'),
      ('plan_void', kernel.day_slot(p.planned_for), p.state = 'void')) as v (measure, slot, counts)
    where v.counts
  $$;

create function strategy.tally_plan() returns trigger language plpgsql as $$
begin
  if current_setting('app.tallied_in_sets', true) = 'on' then return null; end if;
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select coalesce(new.tenant_id, old.tenant_id), gen_random_uuid(), d.measure, d.client_id, d.currency, d.day, d.slot, sum(d.sign * d.n), sum(d.sign * d.minor)
  from (select 1 as sign, t.* from strategy.plan_tallies(new) t union all select -1, t.* from strategy.plan_tallies(old) t) d
  group by d.measure, d.client_id, d.currency, d.day, d.slot
  having sum(d.sign * d.n) <> 0;
  return null;
end $$;
create trigger tally_insert after insert or delete on strategy.plans for each row execute function strategy.tally_plan();
create trigger tally_update after update on strategy.plans for each row
  when (old.state is distinct from new.state) execute function strategy.tally_plan();
