import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';

export type NewIncident = {
  readonly kind: string;
  readonly accountId: string | null;
  readonly clusterId: string | null;
  readonly permitId: string | null;
  readonly actId: string | null;
  readonly summary: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly effectiveAt: Date;
};

/** Opens a breach incident and returns its id. */
export async function openIncident(ctx: Ctx, incident: NewIncident): Promise<string> {
  const id = newId<'incident'>();
  await sql`insert into compliance.incidents (tenant_id, id, kind, account_id, cluster_id, permit_id, act_id, summary, detail, effective_at,
      recorded_at)
    values (${ctx.tenant}, ${id}, ${incident.kind}, ${incident.accountId}, ${incident.clusterId}, ${incident.permitId}, ${incident.actId},
      ${incident.summary}, ${JSON.stringify(incident.detail)}::jsonb, ${incident.effectiveAt}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'incident.opened',
    subjectKind: 'incident',
    subjectId: id,
    detail: { kind: incident.kind },
  });
  return id;
}

/**
 * Closes an incident with a note. Refuses: `not_found`; `needs_note` without a note; `already_closed`; `changed_meanwhile` when
 * `rowVersion` is not the stored one.
 */
export async function closeIncident(
  ctx: Ctx,
  input: { readonly incidentId: string; readonly note: string; readonly rowVersion: bigint },
): Promise<Result<void, 'not_found' | 'needs_note' | 'already_closed' | 'changed_meanwhile'>> {
  if (input.note.trim() === '')
    return refuse('needs_note', 'Say what was found and done.', { note: 'A note is needed.' });
  const { rows } = await sql<{ state: string; row_version: bigint }>`
    select state, row_version from compliance.incidents where tenant_id = ${ctx.tenant} and id = ${input.incidentId} for update`.execute(
    ctx.db,
  );
  const found = rows[0];
  if (found === undefined) return refuse('not_found', `There is no incident ${input.incidentId}.`);
  if (found.state === 'closed') return refuse('already_closed', 'This incident is already closed.');
  if (found.row_version !== input.rowVersion)
    return refuse('changed_meanwhile', 'Somebody changed this incident meanwhile; look again.');
  await sql`update compliance.incidents set state = 'closed', closed_by = ${ctx.actor.name}, closing_note = ${input.note}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${input.incidentId}`.execute(ctx.db);
  await recordAudit(ctx, { action: 'incident.closed', subjectKind: 'incident', subjectId: input.incidentId });
  return ok();
}

/** Says that somebody is looking into an open incident, and what they know already. Refuses: `not_found`; `wrong_state` unless it is open; `changed_meanwhile`. */
export async function acknowledgeIncident(
  ctx: Ctx,
  input: { readonly incidentId: string; readonly note: string | null; readonly rowVersion: bigint },
): Promise<Result<void, 'not_found' | 'wrong_state' | 'changed_meanwhile'>> {
  const { rows } = await sql<{ state: string; row_version: bigint }>`
    select state, row_version from compliance.incidents where tenant_id = ${ctx.tenant} and id = ${input.incidentId} for update`.execute(
    ctx.db,
  );
  const found = rows[0];
  if (found === undefined) return refuse('not_found', `There is no incident ${input.incidentId}.`);
  if (found.row_version !== input.rowVersion)
    return refuse('changed_meanwhile', 'Somebody changed this incident meanwhile; look again.');
  if (found.state !== 'open') return refuse('wrong_state', 'Somebody has taken this incident up already.');
  await sql`update compliance.incidents set state = 'acknowledged', acknowledged_by = ${ctx.actor.name}, acknowledged_at = ${ctx.at},
      detail = detail || jsonb_strip_nulls(jsonb_build_object('acknowledgingNote', ${input.note}::text)), row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${input.incidentId}`.execute(ctx.db);
  await recordAudit(ctx, { action: 'incident.acknowledged', subjectKind: 'incident', subjectId: input.incidentId });
  return ok();
}
