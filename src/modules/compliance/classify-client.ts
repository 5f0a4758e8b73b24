import { sql } from 'kysely';
import { type CalendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { findClient } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import type { CollectorType } from './gate-facts.ts';

/** What the tenant is for a client where nobody has signed anything else: the kind of client says it. */
export const collectorByKind = {
  own_entity: 'first_party',
  agency_customer: 'third_party',
  portfolio_owner: 'debt_buyer',
} as const satisfies Record<string, CollectorType>;

export type ClassificationRow = {
  readonly id: string;
  readonly clientId: string;
  readonly collector: CollectorType;
  readonly evidence: string;
  /** Ids of who signed and approved. */
  readonly signedBy: string;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly effectiveFrom: string;
  readonly recordedAt: Date;
};

/** The classifications of clients, newest first. */
export async function listClassifications(ctx: Ctx, clientId: string): Promise<ClassificationRow[]> {
  return select(ctx, sql`client_id = ${clientId}`);
}

async function select(ctx: Ctx, where: ReturnType<typeof sql>): Promise<ClassificationRow[]> {
  const { rows } = await sql<ClassificationRow>`
    select id, client_id as "clientId", collector, evidence, signed_by as "signedBy", approved_by as "approvedBy", approved_at as "approvedAt",
      effective_from as "effectiveFrom", recorded_at as "recordedAt"
    from compliance.classifications where tenant_id = ${ctx.tenant} and ${where} order by effective_from desc, id desc`.execute(
    ctx.db,
  );
  return rows;
}

/**
 * A named person signs which kind of collector the tenant is for a client, with evidence. It binds once somebody else has approved it.
 * Refuses: `client_not_found`, `needs_person` for a key, `needs_evidence`.
 */
export async function classifyClient(
  ctx: Ctx,
  input: {
    readonly clientId: string;
    readonly collector: CollectorType;
    readonly evidence: string;
    readonly effectiveFrom: CalendarDate;
  },
): Promise<Result<{ classificationId: string }, 'client_not_found' | 'needs_person' | 'needs_evidence'>> {
  const unnamed = needsPerson(ctx);
  if (unnamed) return unnamed;
  if (input.evidence.trim() === '')
    return refuse('needs_evidence', 'Say what this rests on: the contract, counsel’s opinion.', {
      evidence: 'Evidence is needed.',
    });
  const client = await findClient(ctx, input.clientId as never);
  if (!client) return refuse('client_not_found', 'There is no such client.');
  const classificationId = newId<'classification'>();
  await sql`insert into compliance.classifications (tenant_id, id, client_id, collector, evidence, signed_by, effective_from, recorded_at)
    values (${ctx.tenant}, ${classificationId}, ${input.clientId}, ${input.collector}, ${input.evidence.trim()}, ${ctx.actor.id},
      ${input.effectiveFrom}, ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'classification.signed',
    subjectKind: 'client',
    subjectId: input.clientId,
    detail: { classificationId, collector: input.collector, effectiveFrom: input.effectiveFrom },
  });
  return ok({ classificationId });
}

/**
 * A second person approves a classification; from then on, and not before its first day, it binds. Refuses: `not_found`,
 * `needs_person` for a key, `needs_second_person` for who signed it, `already_done` when it is approved.
 */
export async function approveClassification(
  ctx: Ctx,
  classificationId: string,
): Promise<Result<void, 'not_found' | 'needs_person' | 'needs_second_person' | 'already_done'>> {
  const unnamed = needsPerson(ctx);
  if (unnamed) return unnamed;
  await sql`select id from compliance.classifications where tenant_id = ${ctx.tenant} and id = ${classificationId} for update`.execute(
    ctx.db,
  );
  const [found] = await select(ctx, sql`id = ${classificationId}`);
  if (found === undefined) return refuse('not_found', 'There is no such classification.');
  if (found.approvedBy !== null) return refuse('already_done', 'This classification is approved already.');
  if (found.signedBy === ctx.actor.id)
    return refuse('needs_second_person', 'You signed this yourself; somebody else has to approve it.');
  // What is approved later than its first day binds from the approval on: yesterday's contacts were judged on what was known then.
  const { rows } = await sql<{ time_zone: TimeZone }>`select time_zone from accounts.clients_v
    where tenant_id = ${ctx.tenant} and id = ${found.clientId}`.execute(ctx.db);
  const today = localDateOf(ctx.at, rows[0]?.time_zone ?? ('UTC' as TimeZone));
  const from = found.effectiveFrom < today ? today : found.effectiveFrom;
  await sql`update compliance.classifications set approved_by = ${ctx.actor.id}, approved_at = ${ctx.at}, effective_from = ${from}
    where tenant_id = ${ctx.tenant} and id = ${classificationId}`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'classification.approved',
    subjectKind: 'client',
    subjectId: found.clientId,
    detail: { classificationId, collector: found.collector },
  });
  return ok();
}

const needsPerson = (ctx: Ctx) =>
  ctx.actor.kind === 'key' ? refuse('needs_person', 'A named person signs and approves this; a key cannot.') : null;
