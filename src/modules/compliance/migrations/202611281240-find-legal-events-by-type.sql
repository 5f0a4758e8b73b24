-- Finds events by type, oldest first: the list of clocks looks for what started them.
-- Breaks running code: no (new index).
set local lock_timeout = '5s';
create index legal_events_by_type on compliance.legal_events (tenant_id, type, effective_at);
