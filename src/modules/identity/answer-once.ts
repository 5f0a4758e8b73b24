import type { Ctx } from '../../kernel/ctx.ts';
import { hashId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import { claimKey, storeAnswer } from './idempotency.sql.ts';

/**
 * Runs `work` once per key and actor, in the caller's transaction: a repetition is given the stored answer, and one that
 * arrives while the first still runs waits for it. Only an `ok` answer is stored; a refusal or fault rolls the claim back
 * with the transaction, or leaves the key free. Answers come back as JSON gives them. Refuses: `idempotency_mismatch` when the
 * key was used for another request (`digest` differs).
 */
export async function answerOnce<T, Code extends string>(
  ctx: Ctx,
  request: { readonly key: string; readonly digest: Buffer },
  work: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code | 'idempotency_mismatch'>> {
  // The actor is part of the key: one client's key can neither read nor block another's answer.
  const id = hashId<'idempotency_key'>('idempotency', ctx.tenant, ctx.actor.kind, ctx.actor.id, request.key);
  const earlier = await claimKey(ctx.db, ctx.tenant, id, request.digest);
  if (earlier && !earlier.digest.equals(request.digest)) {
    return refuse('idempotency_mismatch', 'This Idempotency-Key was used for another request. Use a fresh key.');
  }
  // Stored inside an object, because a column that is null means "no answer yet".
  if (earlier?.response) return ok(earlier.response.value as T);
  const answer = await work();
  if (answer.ok) await storeAnswer(ctx.db, ctx.tenant, id, { value: answer.value ?? null });
  return answer;
}
