import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { findClient } from './client.sql.ts';

export type NewWideStop = {
  readonly scope: 'tenant' | 'client' | 'feed';
  /** Of a client or feed; a tenant's stop has none. */
  readonly clientId?: Id<'client'> | null | undefined;
  readonly reason: string;
};

export type WideStop = {
  readonly id: Id<'wide_stop'>;
  readonly scope: NewWideStop['scope'];
  readonly client: { readonly id: Id<'client'>; readonly name: string } | null;
  readonly reason: string;
  readonly effectiveFrom: Date;
  readonly releasedAt: Date | null;
};

/**
 * Stops all contact for a tenant, a client or a feed with one row, read at the gate. Refuses: `client_not_found`, also when a client's
 * or feed's stop names none.
 */
export async function placeWideStop(
  ctx: Ctx,
  input: NewWideStop,
): Promise<Result<{ stopId: Id<'wide_stop'> }, 'client_not_found'>> {
  const clientId = input.scope === 'tenant' ? null : (input.clientId ?? null);
  if (input.scope !== 'tenant' && !(clientId && (await findClient(ctx, clientId)))) {
    return refuse('client_not_found', 'There is no such client; say whose contacts are to stop.');
  }
  const stopId = newId<'wide_stop'>();
  await sql`insert into accounts.wide_stops (tenant_id, id, scope, client_id, reason, placed_by, effective_from, recorded_at)
    values (${ctx.tenant}, ${stopId}, ${input.scope}, ${clientId}, ${input.reason}, ${ctx.actor.id}, ${ctx.at}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'wide_stop.placed',
    subjectKind: 'wide_stop',
    subjectId: stopId,
    detail: { scope: input.scope, client: clientId, reason: input.reason },
  });
  return ok({ stopId });
}

/** Ends a wide stop as of `ctx.at`. Refuses: `stop_not_found`, `already_released`. */
export async function releaseWideStop(
  ctx: Ctx,
  stopId: Id<'wide_stop'>,
): Promise<Result<void, 'stop_not_found' | 'already_released'>> {
  const { rows } = await sql<{ was_released: boolean }>`
    with before as (select id, released_at from accounts.wide_stops where tenant_id = ${ctx.tenant} and id = ${stopId} for update)
    update accounts.wide_stops w set released_at = coalesce(w.released_at, ${ctx.at}), released_by = coalesce(w.released_by, ${ctx.actor.id})
    from before b where w.tenant_id = ${ctx.tenant} and w.id = b.id returning b.released_at is not null as was_released`.execute(
    ctx.db,
  );
  const row = rows[0];
  if (!row) return refuse('stop_not_found', 'There is no such stop.');
  if (row.was_released) return refuse('already_released', 'This stop has already been released.');
  await recordAudit(ctx, { action: 'wide_stop.released', subjectKind: 'wide_stop', subjectId: stopId });
  return ok();
}

/** Every wide stop of the tenant, those in force first, then the newest. */
export async function listWideStops(ctx: Ctx): Promise<WideStop[]> {
  const { rows } = await sql<Omit<WideStop, 'client'> & { client_id: Id<'client'> | null; client_name: string | null }>`
    select w.id, w.scope, w.client_id, c.name as client_name, w.reason, w.effective_from as "effectiveFrom", w.released_at as "releasedAt"
    from accounts.wide_stops w
    left join accounts.clients c on c.tenant_id = ${ctx.tenant} and c.id = w.client_id
    where w.tenant_id = ${ctx.tenant}
    order by w.released_at is not null, w.effective_from desc, w.id`.execute(ctx.db);
  return rows.map(({ client_id, client_name, ...stop }) => ({
    ...stop,
    client: client_id && client_name ? { id: client_id, name: client_name } : null,
  }));
}
