import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { findClient } from './client.sql.ts';

export type NewWideStop =
  | { readonly scope: 'tenant'; readonly reason: string }
  | { readonly scope: 'client' | 'feed'; readonly clientId: Id<'client'>; readonly reason: string };

/** Stops all contact for a tenant, a client or a feed with one row, read at the gate. Refuses: `client_not_found`. */
export async function placeWideStop(ctx: Ctx, input: NewWideStop): Promise<Result<{ stopId: Id<'wide_stop'> }, 'client_not_found'>> {
  const clientId = input.scope === 'tenant' ? null : input.clientId;
  if (clientId && !(await findClient(ctx, clientId))) return refuse('client_not_found', 'There is no such client.');
  const stopId = newId<'wide_stop'>();
  await sql`insert into accounts.wide_stops (tenant_id, id, scope, client_id, reason, placed_by, effective_from, recorded_at)
    values (${ctx.tenant}, ${stopId}, ${input.scope}, ${clientId}, ${input.reason}, ${ctx.actor.id}, ${ctx.at}, ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'wide_stop.placed', subjectKind: 'wide_stop', subjectId: stopId, detail: { scope: input.scope, client: clientId, reason: input.reason },
  });
  return ok({ stopId });
}

/** Ends a wide stop as of `ctx.at`. Refuses: `stop_not_found`, `already_released`. */
export async function releaseWideStop(ctx: Ctx, stopId: Id<'wide_stop'>): Promise<Result<void, 'stop_not_found' | 'already_released'>> {
  const { rows } = await sql<{ was_released: boolean }>`
    with before as (select id, released_at from accounts.wide_stops where tenant_id = ${ctx.tenant} and id = ${stopId} for update)
    update accounts.wide_stops w set released_at = coalesce(w.released_at, ${ctx.at}), released_by = coalesce(w.released_by, ${ctx.actor.id})
    from before b where w.tenant_id = ${ctx.tenant} and w.id = b.id returning b.released_at is not null as was_released`.execute(ctx.db);
  const row = rows[0];
  if (!row) return refuse('stop_not_found', 'There is no such stop.');
  if (row.was_released) return refuse('already_released', 'This stop has already been released.');
  await recordAudit(ctx, { action: 'wide_stop.released', subjectKind: 'wide_stop', subjectId: stopId });
  return ok();
}
