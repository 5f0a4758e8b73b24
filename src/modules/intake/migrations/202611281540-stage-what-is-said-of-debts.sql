-- Rows of consumer files may describe their debt and the person's standing.
-- Breaks running code: no, it writes and reads no such column.
set local lock_timeout = '5s';

alter table intake.staged_rows add column debt jsonb;
create or replace view intake.staged_rows_v with (security_invoker = true) as select * from intake.staged_rows;

-- The import role names the columns it may fill (202611281510).
grant insert (debt) on intake.staged_rows to dunwell_import;
