-- Lets lists count and sum accounts by age and by party from the index alone.
-- Breaks running code: no. Builds two indexes under a lock that writers of facts wait for.
set local lock_timeout = '5s';

drop index accounts.facts_by_oldest_due;
create index facts_by_oldest_due on accounts.facts (tenant_id, oldest_open_due_on, id) include (currency, client_id, balance_minor)
  where balance_minor <> 0;
drop index accounts.facts_by_party;
create index facts_by_party on accounts.facts (tenant_id, party_id) include (currency, client_id, balance_minor);
