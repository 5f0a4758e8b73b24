-- Creates ledger.rates: what a unit of a currency is worth in the tenant's reporting currency, by day.
-- Breaks running code: no.
set local lock_timeout = '5s';

-- Only grows: the rate that holds on a day is that of the latest day up to it, and of that day the one recorded last. A null rate says that
-- none is known from that day on. Amounts are never converted in books; rates rank and compare.
create table ledger.rates (
  tenant_id uuid not null,
  id uuid not null,
  currency char(3) not null,
  reporting_currency char(3) not null,
  rate numeric(20, 10) check (rate > 0),
  as_of date not null,
  source text not null check (length(source) between 1 and 200),
  recorded_by text not null,
  recorded_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint rates_of_others check (currency <> reporting_currency)
);
select kernel.protect_append_only('ledger.rates');
create index rates_by_currency on ledger.rates (tenant_id, reporting_currency, currency, as_of desc, id desc);
create view ledger.rates_v with (security_invoker = true) as
  select tenant_id, id, currency, reporting_currency, rate, as_of, source, recorded_by, recorded_at from ledger.rates;
grant select on ledger.rates_v to dunwell_app;
