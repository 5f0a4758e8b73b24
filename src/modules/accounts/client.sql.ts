import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Client, NewClient } from './client.ts';

const columns: Readonly<Record<string, keyof NewClient>> = {
  name: 'name',
  kind: 'kind',
  currency: 'currency',
  time_zone: 'timeZone',
  country: 'country',
  region: 'region',
  contact_email: 'contactEmail',
  contact_phone: 'contactPhone',
  postal_address: 'postalAddress',
  payment_instructions: 'paymentInstructions',
  feed_max_age_hours: 'feedMaxAgeHours',
};

const selected = sql`id, name, kind, currency, time_zone as "timeZone", country, region, contact_email as "contactEmail",
  contact_phone as "contactPhone", postal_address as "postalAddress", payment_instructions as "paymentInstructions",
  feed_through as "feedThrough", feed_max_age_hours as "feedMaxAgeHours", row_version as "rowVersion"`;

export async function insertClient(ctx: Ctx, id: Id<'client'>, input: NewClient): Promise<boolean> {
  const names = Object.keys(columns);
  const result =
    await sql`insert into accounts.clients (tenant_id, id, recorded_at, ${sql.join(names.map((name) => sql.ref(name)))})
    values (${ctx.tenant}, ${id}, ${ctx.at}, ${sql.join(Object.values(columns).map((key) => input[key] ?? null))})
    on conflict (tenant_id, name) do nothing`.execute(ctx.db);
  return result.numAffectedRows === 1n;
}

export async function updateClientRow(
  ctx: Ctx,
  id: Id<'client'>,
  changes: Partial<NewClient>,
  rowVersion: bigint | undefined,
): Promise<boolean> {
  const sets = Object.entries(columns)
    .filter(([, key]) => changes[key] !== undefined)
    .map(([column, key]) => sql`${sql.ref(column)} = ${changes[key]}`);
  const result = await sql`update accounts.clients set ${sql.join([...sets, sql`row_version = row_version + 1`])}
    where tenant_id = ${ctx.tenant} and id = ${id} and row_version = coalesce(${rowVersion ?? null}::bigint, row_version)`.execute(
    ctx.db,
  );
  return result.numAffectedRows === 1n;
}

/** The client, or null. */
export async function findClient(ctx: Ctx, id: Id<'client'>): Promise<Client | null> {
  const { rows } =
    await sql<Client>`select ${selected} from accounts.clients where tenant_id = ${ctx.tenant} and id = ${id}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}

/** Every client of the tenant, by name. */
export async function listClients(ctx: Ctx): Promise<Client[]> {
  const { rows } =
    await sql<Client>`select ${selected} from accounts.clients where tenant_id = ${ctx.tenant} order by lower(name), id`.execute(
      ctx.db,
    );
  return rows;
}

/** Moves the instant the client's feed speaks for; never back. */
export async function advanceFeed(ctx: Ctx, clientId: Id<'client'>, through: Date): Promise<void> {
  await sql`update accounts.clients set feed_through = greatest(feed_through, ${through}::timestamptz)
    where tenant_id = ${ctx.tenant} and id = ${clientId}`.execute(ctx.db);
}

/** Makes other imports of the client wait until this transaction ends, so that each can tell what is new by looking first. */
export async function lockClient(ctx: Ctx, clientId: Id<'client'>): Promise<void> {
  await sql`select 1 from accounts.clients where tenant_id = ${ctx.tenant} and id = ${clientId} for no key update`.execute(
    ctx.db,
  );
}
