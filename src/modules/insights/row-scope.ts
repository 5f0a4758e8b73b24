import { type RawBuilder, sql } from 'kysely';

/** Which rows a reader may see: `{}` is everything, `clientIds` only those clients. The shape members and keys carry. */
export type RowScope = { readonly clientIds?: readonly string[] };

/** Narrows a column of client ids to the scope and, when one is asked for, to one client. */
export function withinScope(column: string, scope: RowScope, clientId?: string): RawBuilder<unknown> {
  const scoped = scope.clientIds ? sql`${sql.ref(column)} = any(${[...scope.clientIds]}::uuid[])` : sql`true`;
  return clientId ? sql`(${scoped} and ${sql.ref(column)} = ${clientId}::uuid)` : scoped;
}
