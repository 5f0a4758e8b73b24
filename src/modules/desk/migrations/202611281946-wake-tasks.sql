-- Lets tasks sleep until they may be worked, so that the next one is found at the top of an index whatever lies ahead.
-- Breaks running code: no; what code of before this release adds is awake at once, and the claim looks at its day as it always did.
set local lock_timeout = '5s';

-- Not before this instant: the beginning of its day, or its opening.
alter table desk.tasks add column ready_at timestamptz not null default '-infinity';
alter table desk.tasks add column asleep boolean not null default false;

-- Tasks of one collector and those of nobody are looked at apart: what others own lies elsewhere in the index.
create index tasks_ready on desk.tasks (tenant_id, queue, assigned_to, priority desc, due_on, id) include (kind, client_id)
  where state = 'open' and not asleep;
create index tasks_ready_of_client on desk.tasks (tenant_id, queue, client_id, assigned_to, priority desc, due_on, id)
  where state = 'open' and not asleep;
create index tasks_asleep on desk.tasks (tenant_id, ready_at) where state = 'open' and asleep;

-- Gives `p_worker` the next task of a queue: the one they hold, renewed, else the best of what is theirs and of what is nobody's, each the first
-- of a range of an index (of each client in p_clients, when they are limited to some); locked ones are passed over, and those of a case that
-- somebody else is at. A function, because its plans are kept: planning this anew each time took twice as long as finding the task.
-- p_after_*: only what comes after that task. p_not_case: that case is passed over.
create function desk.claim_next(p_tenant_id uuid, p_worker uuid, p_queue text, p_today date, p_at timestamptz, p_lease interval, p_renew boolean,
    p_clients uuid[], p_after_priority bigint, p_after_due date, p_after_id uuid, p_not_case uuid)
  returns table (id uuid, case_id uuid) language plpgsql as $$
declare
  v_mine record;
  v_free record;
  v_best record;
  v_case uuid;
  v_passed uuid[] := '{}';
  v_from bigint := coalesce(p_after_priority, 9223372036854775807);
begin
  -- What is to be worked from now on becomes visible to everybody, some at a time.
  if exists (select 1 from desk.tasks t where t.tenant_id = p_tenant_id and t.state = 'open' and t.asleep and t.ready_at <= p_at) then
    update desk.tasks c set asleep = false
    where c.tenant_id = p_tenant_id and c.id in (
      select t.id from desk.tasks t where t.tenant_id = p_tenant_id and t.state = 'open' and t.asleep and t.ready_at <= p_at
      order by t.ready_at limit 1000 for update skip locked);
  end if;

  if p_renew then
    select t.id, t.account_id into v_best from desk.tasks t
    join accounts.facts_v f on f.tenant_id = p_tenant_id and f.id = t.account_id
    where t.tenant_id = p_tenant_id and t.state = 'open' and t.claimed_by = p_worker and t.claimed_until > now() and t.queue = p_queue and not t.asleep
      and (t.assigned_to is null or t.assigned_to = p_worker) and (p_clients is null or t.client_id = any(p_clients))
      and (t.by_person or t.kind = 'review' or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')
    order by t.claimed_until desc, t.priority desc, t.due_on, t.id limit 1 for update of t skip locked;
    if found then
      update desk.tasks c set claimed_until = now() + p_lease where c.tenant_id = p_tenant_id and c.id = v_best.id;
      return query select v_best.id, desk.open_case_of(p_tenant_id, v_best.account_id);
      return;
    end if;
  end if;

  loop
    v_best := null;
    if p_clients is null then
      select t.id, t.account_id, t.priority, t.due_on into v_mine from desk.tasks t
      join accounts.facts_v f on f.tenant_id = p_tenant_id and f.id = t.account_id
      where t.tenant_id = p_tenant_id and t.queue = p_queue and t.state = 'open' and not t.asleep and t.assigned_to = p_worker and t.priority <= v_from
        and (p_after_id is null or t.priority < p_after_priority or (t.due_on, t.id) > (p_after_due, p_after_id))
        and t.due_on <= p_today and (t.not_before is null or t.not_before <= p_at) and t.id <> all(v_passed)
        and (t.claimed_by is null or t.claimed_until <= now() or t.claimed_by = p_worker)
        and (t.by_person or t.kind = 'review' or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')
      order by t.priority desc, t.due_on, t.id limit 1 for update of t skip locked;
      select t.id, t.account_id, t.priority, t.due_on into v_free from desk.tasks t
      join accounts.facts_v f on f.tenant_id = p_tenant_id and f.id = t.account_id
      where t.tenant_id = p_tenant_id and t.queue = p_queue and t.state = 'open' and not t.asleep and t.assigned_to is null and t.priority <= v_from
        and (p_after_id is null or t.priority < p_after_priority or (t.due_on, t.id) > (p_after_due, p_after_id))
        and t.due_on <= p_today and (t.not_before is null or t.not_before <= p_at) and t.id <> all(v_passed)
        and (t.claimed_by is null or t.claimed_until <= now() or t.claimed_by = p_worker)
        and (t.by_person or t.kind = 'review' or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')
      order by t.priority desc, t.due_on, t.id limit 1 for update of t skip locked;
    else
      select o.* into v_mine from unnest(p_clients) as k (client_id) cross join lateral (
        select t.id, t.account_id, t.priority, t.due_on from desk.tasks t
        join accounts.facts_v f on f.tenant_id = p_tenant_id and f.id = t.account_id
        where t.tenant_id = p_tenant_id and t.queue = p_queue and t.client_id = k.client_id and t.state = 'open' and not t.asleep and t.assigned_to = p_worker
          and t.priority <= v_from and (p_after_id is null or t.priority < p_after_priority or (t.due_on, t.id) > (p_after_due, p_after_id))
          and t.due_on <= p_today and (t.not_before is null or t.not_before <= p_at) and t.id <> all(v_passed)
          and (t.claimed_by is null or t.claimed_until <= now() or t.claimed_by = p_worker)
          and (t.by_person or t.kind = 'review' or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')
        order by t.priority desc, t.due_on, t.id limit 1 for update of t skip locked) o
      order by o.priority desc, o.due_on, o.id limit 1;
      select o.* into v_free from unnest(p_clients) as k (client_id) cross join lateral (
        select t.id, t.account_id, t.priority, t.due_on from desk.tasks t
        join accounts.facts_v f on f.tenant_id = p_tenant_id and f.id = t.account_id
        where t.tenant_id = p_tenant_id and t.queue = p_queue and t.client_id = k.client_id and t.state = 'open' and not t.asleep and t.assigned_to is null
          and t.priority <= v_from and (p_after_id is null or t.priority < p_after_priority or (t.due_on, t.id) > (p_after_due, p_after_id))
          and t.due_on <= p_today and (t.not_before is null or t.not_before <= p_at) and t.id <> all(v_passed)
          and (t.claimed_by is null or t.claimed_until <= now() or t.claimed_by = p_worker)
          and (t.by_person or t.kind = 'review' or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review')
        order by t.priority desc, t.due_on, t.id limit 1 for update of t skip locked) o
      order by o.priority desc, o.due_on, o.id limit 1;
    end if;
    if v_free.id is null or v_mine.id is not null
       and (-v_mine.priority, v_mine.due_on, v_mine.id) < (-v_free.priority, v_free.due_on, v_free.id) then
      v_best := v_mine;
    else
      v_best := v_free;
    end if;
    if v_best.id is null then return; end if;
    v_case := desk.open_case_of(p_tenant_id, v_best.account_id);
    exit when v_case is null or v_case is distinct from p_not_case and not exists (
      select 1 from accounts.accounts_v b
      join desk.tasks o on o.tenant_id = p_tenant_id and o.account_id = b.id and o.state = 'open' and o.queue = p_queue
      where b.tenant_id = p_tenant_id and b.case_id = v_case and o.claimed_by <> p_worker and o.claimed_until > now());
    v_passed := v_passed || v_best.id;
  end loop;
  update desk.tasks c set claimed_by = p_worker, claimed_until = now() + p_lease, row_version = c.row_version + 1
  where c.tenant_id = p_tenant_id and c.id = v_best.id;
  return query select v_best.id, v_case;
end $$;

create function desk.open_case_of(p_tenant_id uuid, p_account uuid) returns uuid language plpgsql stable as $$
begin
  return (select k.id from accounts.accounts_v a join accounts.cases_v k on k.tenant_id = p_tenant_id and k.id = a.case_id and k.closed_at is null
    where a.tenant_id = p_tenant_id and a.id = p_account);
end $$;
