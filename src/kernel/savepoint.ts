import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Refusal } from './result.ts';

let savepoints = 0;

async function within<T>(db: Db, fn: () => Promise<T>, keep: (value: T) => boolean): Promise<T> {
  savepoints += 1;
  const name = sql.raw(`inner_${savepoints}`);
  await sql`savepoint ${name}`.execute(db);
  // After a throw the caller's whole transaction goes, and this savepoint with it.
  const value = await fn();
  await (keep(value) ? sql`release savepoint ${name}` : sql`rollback to savepoint ${name}`).execute(db);
  return value;
}

/** Runs `fn` and takes back what it wrote when it ends in a refusal, so that a "no" half-way leaves nothing behind. */
export function attempt<T, R extends { readonly ok: true; readonly value: T } | Refusal>(
  db: Db,
  fn: () => Promise<R>,
): Promise<R> {
  return within(db, fn, (result) => result.ok);
}

/** Runs `fn` and takes back whatever it wrote: what it returns is what it would do. */
export function rehearse<T>(db: Db, fn: () => Promise<T>): Promise<T> {
  return within(db, fn, () => false);
}
