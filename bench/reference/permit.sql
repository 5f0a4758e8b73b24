-- What a batch at the gate leaves, written by someone who knows the answers already. One statement each, in one transaction.
select c.id from parties.clusters c
  where c.tenant_id = :tenant and c.id in (select f.cluster_id from accounts.facts f where f.tenant_id = :tenant and f.id = any(:accounts))
  order by c.id for update;
select f.id from accounts.facts f where f.tenant_id = :tenant and f.id = any(:accounts) order by f.id for update;
insert into compliance.permits select * from jsonb_populate_recordset(null::compliance.permits, :permits);
insert into compliance.permit_uses select * from jsonb_populate_recordset(null::compliance.permit_uses, :uses);
insert into compliance.register_entries select * from jsonb_populate_recordset(null::compliance.register_entries, :entries);
