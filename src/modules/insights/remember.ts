import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

const kept = new Map<string, { readonly mark: string; readonly value: unknown }>();
const mostKept = 200;

/**
 * Gives the value computed last for `key` as long as nothing has happened in the tenant since, else computes it anew. For sums over a
 * whole portfolio that every visitor of Today would otherwise repeat.
 *
 * What marks "nothing has happened" is the audit trail: whatever moves money or items writes its entry in its own transaction. The mark
 * is read before the value, so that a change in between makes the value newer than its mark, never older. It counts entries of the
 * last hours instead of looking at the newest alone, because a transaction may commit after a later one. Each process keeps its own.
 */
export async function remember<T>(ctx: Ctx, key: readonly unknown[], compute: () => Promise<T>): Promise<T> {
  const name = JSON.stringify([ctx.tenant, ...key]);
  const mark = await loadMark(ctx);
  const known = kept.get(name);
  if (known?.mark === mark) return known.value as T;
  const value = await compute();
  kept.delete(name);
  kept.set(name, { mark, value });
  const oldest = kept.keys().next().value;
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return value;
}

async function loadMark(ctx: Ctx): Promise<string> {
  const { rows } = await sql<{ n: bigint; newest: string | null }>`
    select count(*) as n, (
      select e.id from identity.audit_v e where e.tenant_id = ${ctx.tenant} order by e.recorded_at desc, e.id desc limit 1) as newest
    from identity.audit_v e where e.tenant_id = ${ctx.tenant} and e.recorded_at >= ${ctx.at}::timestamptz - interval '6 hours'`.execute(
    ctx.db,
  );
  return `${rows[0]?.n} ${rows[0]?.newest}`;
}
