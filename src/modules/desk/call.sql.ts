import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { CallOutcome } from './call-outcomes.ts';

export type NewCall = {
  readonly id: Id<'call'>;
  readonly accountId: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly clusterId: Id<'cluster'>;
  readonly partyId: Id<'party'>;
  readonly taskId: Id<'task'> | null;
  readonly direction: 'out' | 'in';
  readonly phone: string | null;
  readonly outcome: CallOutcome;
  readonly effectiveAt: Date;
  readonly permitId: string | null;
  readonly incidentId: string | null;
  readonly promiseId: string | null;
  readonly note: string | null;
};

/** Writes a call down; calls are never changed. */
export async function recordCall(ctx: Ctx, call: NewCall): Promise<void> {
  await sql`
    insert into desk.calls (tenant_id, id, account_id, client_id, cluster_id, party_id, task_id, direction, phone, outcome, effective_at, permit_id,
      incident_id, promise_id, note, actor_id, recorded_at)
    values (${ctx.tenant}, ${call.id}, ${call.accountId}, ${call.clientId}, ${call.clusterId}, ${call.partyId}, ${call.taskId}, ${call.direction},
      ${call.phone}, ${call.outcome}, ${call.effectiveAt}, ${call.permitId}, ${call.incidentId}, ${call.promiseId}, ${call.note}, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
}

/** Adds a note; notes are never changed. */
export async function insertNote(
  ctx: Ctx,
  note: { id: Id<'note'>; accountId: Id<'account'>; body: string },
): Promise<void> {
  await sql`
    insert into desk.notes (tenant_id, id, account_id, body, actor_id, actor_name, effective_at, recorded_at)
    values (${ctx.tenant}, ${note.id}, ${note.accountId}, ${note.body}, ${ctx.actor.id}, ${ctx.actor.name}, ${ctx.at}, ${ctx.at})`.execute(
    ctx.db,
  );
}
