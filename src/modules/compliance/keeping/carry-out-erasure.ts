import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { erasePerson, recordAudit } from '../../identity/public.ts';
import { lockErasure, type Stored } from './erasures.ts';

/**
 * The next step of an approved erasure; false when none is left. Each step is a transaction of its own: what a crash interrupts goes on
 * where it stopped. Throws when it was not approved or a legal hold came in between.
 */
export async function eraseNext(ctx: Ctx, erasureId: string): Promise<boolean> {
  const { rows } = await sql<{ more: boolean }>`select compliance.erase_next(${erasureId}::uuid) as more`.execute(
    ctx.db,
  );
  return rows[0]?.more ?? false;
}

/** Ends an erasure whose steps are done: destroys the keys of the person's values in the audit trail. Repeating it changes nothing. */
export async function finishErasure(ctx: Ctx, erasureId: string): Promise<void> {
  const erasure = await lockErasure(ctx, erasureId);
  if (erasure?.state !== 'approved') return;
  for (const keyId of await keysOf(ctx, erasure)) await erasePerson(ctx, keyId);
  await sql`update compliance.erasures set state = 'done', done_at = ${ctx.at} where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'erasure.done',
    subjectKind: 'erasure',
    subjectId: erasureId,
    set: erasure.party_ids,
  });
}

/** Whatever values of the person stand sealed under in the audit trail: they themselves, their accounts, and what ties them to others. */
async function keysOf(ctx: Ctx, erasure: Stored): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id from parties.cluster_merges_v m
    where m.tenant_id = ${ctx.tenant} and (m.from_cluster_id = any(${erasure.cluster_ids}::uuid[]) or m.into_cluster_id = any(${erasure.cluster_ids}::uuid[]))
    union select l.id from parties.party_links_v l
    where l.tenant_id = ${ctx.tenant} and (l.party_id = any(${erasure.party_ids}::uuid[]) or l.other_party_id = any(${erasure.party_ids}::uuid[]))`.execute(
    ctx.db,
  );
  return [...erasure.party_ids, ...erasure.cluster_ids, ...erasure.account_ids, ...rows.map((row) => row.id)];
}

/** Erasures that are approved, not yet carried out and covered by no legal hold, oldest first. */
export async function listApprovedErasures(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from compliance.erasures e
    where e.tenant_id = ${ctx.tenant} and e.state = 'approved' and not exists (
      select 1 from compliance.legal_holds h where h.tenant_id = ${ctx.tenant} and h.released_at is null
        and (h.scope = 'tenant' or h.cluster_id = any(e.cluster_ids) or h.account_id = any(e.account_ids)))
    order by e.approved_at, e.id limit 100`.execute(ctx.db);
  return rows.map((row) => row.id);
}
