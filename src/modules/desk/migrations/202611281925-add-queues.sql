-- Adds the tasks of specialists and of the legal team, and approvals of what a strategy has planned.
-- Breaks running code: no.
set local lock_timeout = '5s';

alter table desk.tasks drop constraint tasks_kind_check;
alter table desk.tasks add constraint tasks_kind_check
  check (kind in ('call', 'call_back', 'escalation', 'review', 'specialist', 'legal_review', 'approval'));
alter table desk.tasks drop constraint tasks_queue_check;
alter table desk.tasks add constraint tasks_queue_check check (queue in ('collector', 'manager', 'specialist', 'legal'));
