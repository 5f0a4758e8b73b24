-- Keeps the counts of tasks in kernel.tallies, by trigger; a run adds its own as a set.
-- Breaks running code: no.
set local lock_timeout = '5s';

create function desk.task_tallies(t desk.tasks)
  returns table (measure text, client_id uuid, currency text, day date, slot timestamptz, n bigint, minor bigint)
  language sql stable parallel safe
  as $$
    select v.measure, t.client_id, ''::text, v.day, v.slot, 1::bigint, 0::bigint
    from (values
      ('task_open', t.due_on, '-infinity'::timestamptz, t.state = 'open'),
      ('task_escalation', '-infinity'::date, '-infinity'::timestamptz, t.state = 'open' and t.kind = 'escalation'),
      ('task_done', '-infinity'::date, kernel.quarter_slot(t.closed_at), t.state = 'done' and t.closed_at is not null)) as v (measure, day, slot, counts)
    where v.counts
  $$;

create function desk.tally_task() returns trigger language plpgsql as $$
begin
  if current_setting('app.tallied_in_sets', true) = 'on' then return null; end if;
  insert into kernel.tallies (tenant_id, id, measure, client_id, currency, day, slot, n, minor)
  select coalesce(new.tenant_id, old.tenant_id), gen_random_uuid(), d.measure, d.client_id, d.currency, d.day, d.slot, sum(d.sign * d.n), sum(d.sign * d.minor)
  from (select 1 as sign, t.* from desk.task_tallies(new) t union all select -1, t.* from desk.task_tallies(old) t) d
  group by d.measure, d.client_id, d.currency, d.day, d.slot
  having sum(d.sign * d.n) <> 0;
  return null;
end $$;
create trigger tally_insert after insert or delete on desk.tasks for each row execute function desk.tally_task();
-- Claims come and go without changing any count.
create trigger tally_update after update on desk.tasks for each row
  when ((old.state, old.kind, old.due_on, old.closed_at, old.client_id) is distinct from (new.state, new.kind, new.due_on, new.closed_at, new.client_id))
  execute function desk.tally_task();
