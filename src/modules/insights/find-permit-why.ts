import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type PermitRecord, type Why, whyOfPermit } from './why.ts';

/** The why-card of a stored permit, or null when there is no such permit. */
export async function findPermitWhy(ctx: Ctx, permitId: string): Promise<Why | null> {
  const { rows } = await sql<PermitRecord>`
    select p.decision, p.act, p.channel, p.reasons, p.pack_versions, p.facts, p.not_before, p.decided_at
    from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and p.id = ${permitId}`.execute(ctx.db);
  return rows[0] ? whyOfPermit(rows[0]) : null;
}
