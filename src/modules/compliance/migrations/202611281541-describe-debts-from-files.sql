-- What the creditor's file says of a debt, beside what a person has judged of it. Does not break running code: both columns have defaults.
set local lock_timeout = '5s';

-- Original creditor, itemization, days of payment, default, contract and judgment, governing law: what notices and the last day to sue are reckoned from.
alter table compliance.debts add column particulars jsonb not null default '{}';
-- Who described it: what a person has written is not overwritten by a file.
alter table compliance.debts add column source text not null default 'staff' check (source in ('staff', 'import'));
