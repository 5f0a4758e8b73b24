import type pg from 'pg';
import type { TestDatabase } from '../support/database.ts';

type Table = { readonly schema: string; readonly name: string; readonly hasId: boolean };

async function tenantTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select n.nspname as schema, c.relname as name,
      exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and not a.attisdropped) as "hasId"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by 1, 2`);
  return rows;
}

/** A checksum per table over all rows of a tenant, read past row security. */
export function checksums(database: TestDatabase, tenantId: string): Promise<Record<string, string>> {
  return database.asSuperuser(async (client) => {
    const sums: Record<string, string> = {};
    for (const { schema, name } of await tenantTables(client)) {
      const { rows } = await client.query<{ sum: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(md5(x::text), '' order by md5(x::text))), '') as sum from ${schema}.${name} x where x.tenant_id = $1`,
        [tenantId],
      );
      sums[`${schema}.${name}`] = rows[0]?.sum ?? '';
    }
    return sums;
  });
}

/** One id per table and all ids of a tenant. */
export function idsOf(
  database: TestDatabase,
  tenantId: string,
): Promise<{ samples: Map<string, string>; all: Set<string> }> {
  return database.asSuperuser(async (client) => {
    const samples = new Map<string, string>();
    const all = new Set<string>();
    for (const { schema, name, hasId } of await tenantTables(client)) {
      if (!hasId) continue;
      const { rows } = await client.query<{ id: string }>(`select id from ${schema}.${name} where tenant_id = $1`, [
        tenantId,
      ]);
      for (const row of rows) all.add(row.id);
      if (rows[0]) samples.set(`${schema}.${name}`, rows[0].id);
    }
    return { samples, all };
  });
}

/** Tables in which rows of one tenant name any of these ids or texts. */
export function tablesNaming(database: TestDatabase, tenantId: string, needles: readonly string[]): Promise<string[]> {
  return database.asSuperuser(async (client) => {
    const found: string[] = [];
    for (const { schema, name } of await tenantTables(client)) {
      const { rows } = await client.query<{ text: string }>(
        `select x::text as text from ${schema}.${name} x, unnest($2::text[]) as needle where x.tenant_id = $1 and strpos(lower(x::text), lower(needle)) > 0 limit 1`,
        [tenantId, [...needles]],
      );
      if (rows[0]) found.push(`${schema}.${name}: ${rows[0].text.slice(0, 200)}`);
    }
    return found;
  });
}
