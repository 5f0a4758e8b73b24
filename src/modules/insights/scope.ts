import { type RawBuilder, sql } from 'kysely';

/** Which clients' rows the asker may see; null means all of the tenant's. */
export type Scope = readonly string[] | null;

/** The condition that keeps a list inside the asker's scope. */
export function inScope(scope: Scope, clientId: RawBuilder<unknown>): RawBuilder<unknown> {
  return scope === null ? sql`true` : sql`${clientId} = any(${[...scope]}::uuid[])`;
}
