import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { type Database, inImport } from './db.ts';

/**
 * Loads a stream of COPY text into a staging table as the import role, in one transaction, and returns the rows loaded.
 * `statement` is a literal of ours (`copy intake.staged_rows (…) from stdin`), never built from input. The role may insert
 * into staging tables only, and every row must carry the tenant named here.
 */
export function copyInto(
  database: Database,
  tenantId: string,
  statement: string,
  rows: Readable | AsyncIterable<string | Buffer>,
): Promise<number> {
  return inImport(database, tenantId, async (client) => {
    const sink = client.query(copyFrom(statement));
    await pipeline(rows, sink);
    return sink.rowCount ?? 0;
  });
}
