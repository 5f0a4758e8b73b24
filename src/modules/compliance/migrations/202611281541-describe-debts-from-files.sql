-- What the creditor's file says of a debt, beside what a person has judged of it.
-- Breaks running code: no, both columns have defaults.
set local lock_timeout = '5s';

-- Original creditor, itemization, days of payment, default, contract and judgment, governing law: what notices and the last day to sue are reckoned from.
alter table compliance.debts add column particulars jsonb not null default '{}';
-- Who described it: what a person has written is not overwritten by a file.
alter table compliance.debts add column source text not null default 'staff' check (source in ('staff', 'import'));

create or replace view compliance.debts_v with (security_invoker = true) as
  select tenant_id, id, product, charged_off_on, servicing_group, principal_minor, last_day_to_sue, limitation, recorded_by, recorded_at, row_version, particulars,
         source
  from compliance.debts;
