-- What a permit proves later: the digest of the facts beside the facts.
-- Breaks running code: no (a new view).
set local lock_timeout = '5s';

create view compliance.permit_evidence_v with (security_invoker = true) as
  select tenant_id, id, account_id, decision, act, channel, proposal, encode(facts_sha256, 'hex') as facts_sha256, facts, reasons, pack_versions, not_before,
         decided_at, valid_until
  from compliance.permits;
grant select on compliance.permit_evidence_v to dunwell_app;
