import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpSchema } from '../../db/dump-schema.ts';
import { testDatabase } from '../support/database.ts';
import { root } from './sources.ts';

const database = await testDatabase();

/** Tables of rooms and the tallies they share; `auth` is the sign-in library's own and the one exception to tenant ids. */
const TENANT_TABLES = `select c.oid::regclass::text as name, c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'public', 'auth')
    and (n.nspname <> 'kernel' or c.relname = 'tallies') and n.nspname not like 'pg\\_%'`;

async function offenders(condition: string): Promise<string[]> {
  return listed(`with t as (${TENANT_TABLES}) select t.name as line from t where ${condition} order by 1`);
}

async function listed(query: string): Promise<string[]> {
  return database.asSuperuser(async (client) => {
    const { rows } = await client.query<{ line: string }>(query);
    return rows.map((row) => row.line);
  });
}

test('there are tenant tables to look at', async () => {
  expect((await offenders('true')).length).toBeGreaterThan(10);
});

test('every tenant table has tenant_id uuid not null and a primary key that begins with it', async () => {
  const noColumn = await offenders(`not exists (select from pg_attribute a where a.attrelid = t.oid
    and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and a.attnotnull)`);
  expect(noColumn).toEqual([]);
  const noKey =
    await offenders(`not exists (select from pg_index i join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
    where i.indrelid = t.oid and i.indisprimary and a.attname = 'tenant_id')`);
  expect(noKey).toEqual([]);
});

test('every unique or exclusion index contains tenant_id', async () => {
  const lines = await listed(`with t as (${TENANT_TABLES}) select i.indexrelid::regclass::text as line
    from t join pg_index i on i.indrelid = t.oid
    where (i.indisunique or i.indisexclusion) and not exists (select from pg_attribute a where a.attrelid = t.oid
      and a.attname = 'tenant_id' and a.attnum = any (i.indkey::int2[]))`);
  expect(lines).toEqual([]);
});

test('foreign keys between tenant tables carry the tenant on both sides and never set null', async () => {
  const lines = await listed(`with t as (${TENANT_TABLES}) select format('%s on %s', k.conname, t.name) as line
    from t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
    where k.confdeltype not in ('a', 'r', 'c') or k.confupdtype <> 'a'
       or k.confrelid in (select oid from t) and not exists (
         select from unnest(k.conkey, k.confkey) as pair(here, there)
         join pg_attribute h on h.attrelid = k.conrelid and h.attnum = pair.here
         join pg_attribute r on r.attrelid = k.confrelid and r.attnum = pair.there
         where h.attname = 'tenant_id' and r.attname = 'tenant_id')`);
  expect(lines).toEqual([]);
});

test('one role owns schemas, tables and views; nothing is unlogged or inherits', async () => {
  expect(await offenders(`pg_get_userbyid(t.relowner) <> 'dunwell_owner' or t.relpersistence <> 'p'`)).toEqual([]);
  expect(
    await offenders(`not t.relispartition and exists (select from pg_inherits h where h.inhrelid = t.oid)`),
  ).toEqual([]);
  const others = await listed(`select format('%s.%s', n.nspname, c.relname) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and (pg_get_userbyid(c.relowner) <> 'dunwell_owner' or c.relkind in ('m', 'S', 'f'))`);
  expect(others).toEqual([]);
});

test('row security is forced, isolates by tenant and is guarded by triggers', async () => {
  expect(await offenders('not (t.relrowsecurity and t.relforcerowsecurity)')).toEqual([]);
  const setting = "(NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid";
  const mine = `(tenant_id = ${setting})`;
  const written = `(tenant_id = ( SELECT ${setting} AS "nullif"))`;
  // Rows that COPY writes a page at a time are asked no question one by one: nobody can name their tenant.
  const batched = `t.name = 'intake.staged_rows'
    and not has_column_privilege('dunwell_import', t.oid, 'tenant_id', 'insert')
    and exists (select from pg_attrdef d where d.adrelid = t.oid and pg_get_expr(d.adbin, t.oid) = '${setting}')`;
  expect(
    await offenders(`not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'tenant_isolation'
      and p.polcmd = '*' and pg_get_expr(p.polqual, t.oid) = case when ${batched} then '${written}' else '${mine}' end and pg_get_expr(p.polwithcheck, t.oid) = '${written}')`),
  ).toEqual([]);
  for (const trigger of ['guard_tenant_insert', 'guard_tenant_update']) {
    expect(
      await offenders(
        `not exists (select from pg_trigger g where g.tgrelid = t.oid and g.tgname = '${trigger}' and g.tgenabled = 'O')
          and not (${trigger === 'guard_tenant_insert'} and ${batched})`,
      ),
    ).toEqual([]);
  }
});

test('no policy but the tenant directory opens a table further', async () => {
  const lines = await listed(`select format('%s on %s', polname, polrelid::regclass) as line from pg_policy
    where polname <> 'tenant_isolation' and polpermissive order by 1`);
  expect(lines).toEqual(['directory on identity.memberships', 'directory on identity.tenants']);
});

test('the roles can do no more than they need', async () => {
  const roles =
    await listed(`select format('%s super=%s bypass=%s createrole=%s createdb=%s', rolname, rolsuper, rolbypassrls,
    rolcreaterole, rolcreatedb) as line from pg_roles where rolname like 'dunwell\\_%' order by 1`);
  expect(roles).toEqual([
    'dunwell_app super=f bypass=f createrole=f createdb=f',
    'dunwell_auth super=f bypass=f createrole=f createdb=f',
    'dunwell_import super=f bypass=t createrole=f createdb=f',
    'dunwell_owner super=f bypass=f createrole=f createdb=f',
  ]);
  const memberships = await listed(`select m.roleid::regrole::text as line from pg_auth_members m
    where m.member::regrole::text like 'dunwell\\_%'`);
  expect(memberships).toEqual([]);
  const imports = await listed(`select distinct format('%s on %s', lower(g.privilege_type), c.oid::regclass) as line
    from pg_class c cross join lateral aclexplode(c.relacl) g
    where g.grantee = 'dunwell_import'::regrole and not (g.privilege_type = 'INSERT' and c.relnamespace = 'intake'::regnamespace)`);
  expect(imports).toEqual([]);
});

test('the application cannot enter the sign-in library’s schema, and sign-in can change no room', async () => {
  const lines =
    await listed(`select format('%s may %s %s.%s', g.grantee::regrole, lower(g.privilege_type), n.nspname, c.relname) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) g
    where (n.nspname = 'auth' and g.grantee in ('dunwell_app'::regrole, 'dunwell_import'::regrole))
       or (n.nspname not in ('auth', 'pg_catalog') and g.grantee = 'dunwell_auth'::regrole and g.privilege_type <> 'SELECT')
       or (g.grantee = 0 and n.nspname not in ('pg_catalog', 'information_schema'))`);
  expect(lines).toEqual([]);
});

test('published views end in _v and see with the eyes of who asks', async () => {
  const lines = await listed(`select format('%s.%s', n.nspname, c.relname) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and n.nspname not in ('pg_catalog', 'information_schema')
      and (c.relname not like '%\\_v' or not coalesce(c.reloptions @> array['security_invoker=true'], false))`);
  expect(lines).toEqual([]);
});

test('db/schema.sql is what the migrations make (npm run schema writes it)', async () => {
  if (process.env['DUNWELL_TEST_PG_BIN']) return;
  const committed = readFileSync(join(root, 'db', 'schema.sql'), 'utf8');
  expect(await database.asSuperuser(dumpSchema)).toBe(committed);
});
