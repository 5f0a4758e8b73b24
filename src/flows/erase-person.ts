import type { TenantId } from '../kernel/ids.ts';
import { eraseNext, finishErasure, listApprovedErasures } from '../modules/compliance/public.ts';
import { actIn, type Installation, systemActor } from '../modules/identity/public.ts';

/**
 * Carries out what has been approved, a step per transaction, and goes on where an earlier attempt was interrupted. What a legal
 * hold covers since its approval waits for the hold's release.
 */
export async function eraseApproved(installation: Installation, tenant: TenantId): Promise<number> {
  const actor = systemActor('erasure');
  const waiting = await actIn(installation, tenant, actor, listApprovedErasures);
  for (const erasureId of waiting) {
    let more = true;
    while (more) more = await actIn(installation, tenant, actor, (ctx) => eraseNext(ctx, erasureId));
    await actIn(installation, tenant, actor, (ctx) => finishErasure(ctx, erasureId));
  }
  return waiting.length;
}
