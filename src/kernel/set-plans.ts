import { sql } from 'kysely';
import type { Db } from './db.ts';

const LARGE = 20n;

/** Transactions inside an outer call, which is the one to end it. */
const nested = new WeakSet<Db>();

/**
 * Runs statements over a set of `rows` rows. Rows copied in moments ago have no statistics yet, nor has a tenant born today, so the
 * planner takes half a million of them for one and loops where it should hash; for large sets loops are therefore discouraged until
 * `fn` is done. Large begins early: on a fresh tenant 1,188 rows were seen to take 100 s instead of one and 100 rows 5 s, while hashing all of a
 * large tenant costs seconds at most. Small sets are left to the planner: hashing a million accounts for ten rows would be as wrong.
 */
export async function withSetPlans<T>(db: Db, rows: bigint, fn: () => Promise<T>): Promise<T> {
  if (rows < LARGE || nested.has(db)) return fn();
  nested.add(db);
  // Foreign-key checks keep their plan for the life of a session. One made while the referenced table was tiny may read all of a
  // tenant's rows through some other index that begins with tenant_id, once per row inserted here: 2,000 rows took 9 s.
  await sql`discard plans`.execute(db);
  await sql`set local enable_nestloop = off`.execute(db);
  await sql`set local jit = off`.execute(db);
  await sql`set local work_mem = '128MB'`.execute(db);
  const value = await fn();
  // Not in a finally block: after an error the transaction is over, and its settings with it.
  await sql`set local enable_nestloop = on`.execute(db);
  nested.delete(db);
  return value;
}
