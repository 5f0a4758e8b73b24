-- Open items are looked for as a whole or by account; what ageing adds up is in kernel.tallies. In this order an import appends to the index.
-- Breaks running code: no. Builds an index under a lock that writers of items wait for.
set local lock_timeout = '5s';

drop index accounts.items_open;
create index items_open on accounts.items (tenant_id, account_id) where open_minor <> 0;
