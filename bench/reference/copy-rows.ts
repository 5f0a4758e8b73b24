import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** The least that keeps a file's rows: one table, a primary key, two indexes. */
export const rawRows = `
  create schema raw;
  create table raw.rows (
    customer_id text not null, customer_name text not null, invoice_number text primary key, type text not null, description text, invoice_date date not null,
    due_date date not null, amount numeric(18, 2) not null, currency char(3) not null, country text, state text, time_zone text, language text);
  create index rows_by_customer on raw.rows (customer_id);
  create index rows_by_due_date on raw.rows (due_date);
  grant usage on schema raw to dunwell_import;
  grant insert on raw.rows to dunwell_import`;

/** COPY of the file as it is; committed when it resolves. Nothing is checked that the column types do not check. */
export async function copyRows(client: pg.ClientBase, path: string): Promise<number> {
  const sink = client.query(copyFrom('copy raw.rows from stdin (format csv, header)'));
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), sink);
  return sink.rowCount ?? 0;
}
