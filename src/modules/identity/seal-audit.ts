import type { Ctx } from '../../kernel/ctx.ts';
import { sealHash } from './audit-entry.ts';
import { insertSeals, lockHead, type Seal, selectPending, updateHead } from './audit.sql.ts';

const batch = 1000;

/**
 * Links every entry that waits into the tenant's hash chain, at most `limit` of them; returns how many. A background step
 * calls it every few seconds: business transactions only queue, so that they never wait for each other at the head.
 */
export async function sealAudit(ctx: Ctx, limit = 20_000): Promise<number> {
  let { seq, hash } = await lockHead(ctx.db, ctx.tenant);
  let sealed = 0;
  while (sealed < limit) {
    const entries = await selectPending(ctx.db, ctx.tenant, Math.min(batch, limit - sealed));
    if (entries.length === 0) break;
    const seals: Seal[] = [];
    for (const entry of entries) {
      seq += 1n;
      const next = sealHash(hash, seq, entry);
      seals.push({ entryId: entry.id, seq, previousHash: hash, hash: next });
      hash = next;
    }
    await insertSeals(ctx.db, ctx.tenant, seals);
    sealed += entries.length;
  }
  if (sealed > 0) await updateHead(ctx.db, ctx.tenant, seq, hash);
  return sealed;
}
