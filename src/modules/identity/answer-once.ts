import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';

/**
 * Runs a write at most once per actor and key, inside the transaction that does the work, and gives the stored answer again
 * for a repeat. Two at the same time: the second waits for the first's commit. Answers that JSON cannot hold are not allowed.
 * Refuses: `idempotency_mismatch` when the key was used for another request.
 */
export async function answerOnce<T, Code extends string>(
  ctx: Ctx,
  request: { readonly key: string; readonly digest: Buffer },
  work: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code | 'idempotency_mismatch'>> {
  const id = hashId('idempotency', ctx.actor.kind, ctx.actor.id, request.key);
  const claimed = await sql`
    insert into identity.idempotency_keys (tenant_id, id, request_sha256) values (${ctx.tenant}, ${id}, ${request.digest})
    on conflict do nothing`.execute(ctx.db);
  if (claimed.numAffectedRows === 0n) {
    const { rows } = await sql<{ request_sha256: Buffer; response: { answer: T } }>`
      select request_sha256, response from identity.idempotency_keys where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
    const [earlier] = rows;
    if (!earlier?.request_sha256.equals(request.digest)) {
      return refuse('idempotency_mismatch', 'This Idempotency-Key was already used for another request. Use a new key for a new request.');
    }
    return ok(earlier.response.answer);
  }
  const answer = await work();
  if (answer.ok) {
    await sql`
      update identity.idempotency_keys set response = ${JSON.stringify({ answer: answer.value ?? null })}::jsonb
      where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  }
  return answer;
}
