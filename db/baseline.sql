-- What every migration builds on. Runs as dunwell_owner before the migrations whenever its text has changed, so every
-- statement here can be repeated.

create schema if not exists kernel;
grant usage on schema kernel to dunwell_app, dunwell_import, dunwell_auth;

-- The tenant of the current transaction, or null. A pooled connection leaves '' behind after SET LOCAL, hence nullif.
create or replace function kernel.tenant_id() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- Reached only through a trigger whose WHEN clause found a row of another tenant.
create or replace function kernel.guard_tenant() returns trigger language plpgsql as $$
begin
  raise exception 'A row of another tenant was about to be written to %.', tg_argv[0]
    using errcode = 'insufficient_privilege';
end $$;

create or replace function kernel.guard_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% only grows: a row can be neither changed nor removed. Write a correcting row.', tg_argv[0]
    using errcode = 'insufficient_privilege';
end $$;

-- Row security, the second net (policy) and the third (guard: COPY and pulled INSERT…SELECT can skip a policy on a
-- distributed database). The guard is a WHEN clause because that is evaluated without a function call per row; it asks who writes only
-- where the tenant is another. What is written is checked against a subquery, which is evaluated once in a statement and not per row:
-- reading the setting and the role took a fifth of the time of inserting a row.
create or replace function kernel.isolate(target regclass) returns void language plpgsql as $$
declare
  mine constant text := $x$nullif(current_setting('app.tenant_id', true), '')::uuid$x$;
  workers constant text := $x$current_user in ('dunwell_app', 'dunwell_import')$x$;
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('drop policy if exists tenant_isolation on %s', target);
  execute format(
    'create policy tenant_isolation on %s using (tenant_id = %s) with check (tenant_id = (select %s))', target, mine, mine);
  execute format(
    'create or replace trigger guard_tenant_insert before insert on %s for each row
       when (new.tenant_id is distinct from %s and %s) execute function kernel.guard_tenant(%L)',
    target, mine, workers, target::text);
  execute format(
    'create or replace trigger guard_tenant_update before update on %s for each row
       when (new.tenant_id is distinct from old.tenant_id or new.tenant_id is distinct from %s and %s)
       execute function kernel.guard_tenant(%L)',
    target, mine, workers, target::text);
end $$;

-- Tables isolated before this file said so.
do $$
declare
  isolated regclass;
begin
  for isolated in
    select polrelid::regclass from pg_policy
    where polname = 'tenant_isolation' and pg_get_expr(polwithcheck, polrelid) !~* 'select'
  loop
    perform kernel.isolate(isolated);
  end loop;
end $$;

-- A tenant table the application may read and write.
create or replace function kernel.protect(target regclass) returns void language plpgsql as $$
begin
  perform kernel.isolate(target);
  execute format('grant select, insert, update, delete on %s to dunwell_app', target);
end $$;

-- A tenant table the application may read and add to. Only the owner's migrations can change what is there.
create or replace function kernel.protect_append_only(target regclass) returns void language plpgsql as $$
begin
  perform kernel.isolate(target);
  execute format('grant select, insert on %s to dunwell_app', target);
  execute format(
    'create trigger guard_append_only before update or delete on %s for each row
       when (current_user <> ''dunwell_owner'') execute function kernel.guard_append_only(%L)',
    target, target::text);
end $$;

-- A staging table: the import role may COPY into it, and can read nothing.
create or replace function kernel.allow_import(target regclass) returns void language plpgsql as $$
declare
  room constant text := (select relnamespace::regnamespace::text from pg_class where oid = target);
begin
  execute format('grant usage on schema %s to dunwell_import', room);
  execute format('grant insert on %s to dunwell_import', target);
end $$;

-- The id of a business key, for rows born in SQL sets: SHA-256 over each part as octets:part, shaped as UUID version 8.
-- Equal to hashId() of the TypeScript kernel. A null part gives null, which no id column accepts.
-- plpgsql because it is called per row: a SQL function over unnest took more than twice the time.
create or replace function kernel.hash_id(variadic parts text[]) returns uuid
  language plpgsql immutable strict parallel safe
  as $$
declare
  keyed text := '';
  part text;
begin
  foreach part in array parts loop
    keyed := keyed || octet_length(part) || ':' || part;
  end loop;
  return overlay(overlay(left(encode(sha256(convert_to(keyed, 'UTF8')), 'hex'), 32)
    placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid;
end $$;

-- The same for two and three parts, which is what imports ask for by the hundred thousand: plain expressions, written into the statement
-- that calls them. Stable because convert_to() is: what is declared stricter than it is would be called and not written in.
create or replace function kernel.hash_id(kind text, a text) returns uuid
  language sql stable strict parallel safe
  as $$
    select overlay(overlay(left(encode(sha256(convert_to(
      octet_length(kind)::text || ':' || kind || octet_length(a)::text || ':' || a, 'UTF8')), 'hex'), 32)
      placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid $$;

create or replace function kernel.hash_id(kind text, a text, b text) returns uuid
  language sql stable strict parallel safe
  as $$
    select overlay(overlay(left(encode(sha256(convert_to(
      octet_length(kind)::text || ':' || kind || octet_length(a)::text || ':' || a || octet_length(b)::text || ':' || b, 'UTF8')), 'hex'), 32)
      placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid $$;

-- Equal to numberKey() of the TypeScript kernel, which imports use: here it takes 4 µs a row.
-- What an invoice number is found by: lower case, without separators, from its first digit on, so that INV-2024/17, 2024-17 and
-- "inv 202417" name the same. A number without any digit is kept whole. Searched by equality and range, because neither
-- pattern operators nor lower() may use an index under row security.
create or replace function kernel.number_key(number text) returns text
  language sql immutable strict parallel safe
  as $$ select coalesce(nullif(ltrim(translate(lower(number collate "C"), ' -_./\:,#', ''), 'abcdefghijklmnopqrstuvwxyz'), ''),
               translate(lower(number collate "C"), ' -_./\:,#', '')) $$;
