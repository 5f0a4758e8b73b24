import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, newId } from '../../kernel/ids.ts';
import type { Act, Channel } from './proposal.ts';

export type NewPermit = {
  id: string;
  decision: 'allow' | 'deny' | 'defer';
  act: Act;
  channel: Channel;
  clusterId: string;
  partyId: string;
  accountId: string;
  clientId: string;
  addressKey: string | null;
  proposal: string;
  factsSha256: Buffer;
  facts: string;
  reasons: string;
  /** The rules of the reasons, each once. */
  ruleIds: readonly string[];
  packVersions: string;
  notBefore: Date | null;
  validUntil: Date;
  overrideId: string | null;
};

export async function insertPermits(ctx: Ctx, permits: readonly NewPermit[]): Promise<void> {
  if (permits.length === 0) return;
  const rows = permits.map(
    (
      p,
    ) => sql`(${ctx.tenant}, ${p.id}, ${p.decision}, ${p.act}, ${p.channel}, ${p.clusterId}, ${p.partyId}, ${p.accountId}, ${p.clientId},
      ${p.addressKey}, ${p.proposal}::jsonb, ${p.factsSha256}, ${p.facts}::jsonb, ${p.reasons}::jsonb, ${p.packVersions}::jsonb,
      ${p.notBefore}, ${ctx.at}, ${p.validUntil}, ${p.overrideId})`,
  );
  await sql`insert into compliance.permits (tenant_id, id, decision, act, channel, cluster_id, party_id, account_id, client_id, address_key,
      proposal, facts_sha256, facts, reasons, pack_versions, not_before, decided_at, valid_until,
      override_id)
    values ${sql.join(rows)}`.execute(ctx.db);
  await insertPermitReasons(ctx, permits);
}

// By rule, so that a permit is found by what spoke in it without opening any.
async function insertPermitReasons(ctx: Ctx, permits: readonly NewPermit[]): Promise<void> {
  const rows = permits.flatMap((p) =>
    p.ruleIds.map(
      (
        ruleId,
      ) => sql`(${ctx.tenant}, ${hashId(p.id, ruleId)}, ${p.id}, ${ruleId}, ${p.decision}, ${p.act}, ${p.channel}, ${p.clientId},
        ${p.accountId}, ${ctx.at})`,
    ),
  );
  if (rows.length === 0) return;
  await sql`insert into compliance.permit_reasons (tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, account_id, decided_at)
    values ${sql.join(rows)}`.execute(ctx.db);
}

export type NewUse = { permitId: string; actKind: 'message' | 'call'; actId: string };

export async function insertUses(ctx: Ctx, uses: readonly NewUse[]): Promise<void> {
  if (uses.length === 0) return;
  const rows = uses.map((u) => sql`(${ctx.tenant}, ${newId()}, ${u.permitId}, ${u.actKind}, ${u.actId}, ${ctx.at})`);
  await sql`insert into compliance.permit_uses (tenant_id, id, permit_id, act_kind, act_id, used_at)
    values ${sql.join(rows)}`.execute(ctx.db);
}

/** What all permits of the tenant come to, and what the rules in them did, from the rows themselves. */
export const permitTallies = (ctx: Ctx): RawBuilder<unknown> => sql`
  select t.* from compliance.permits p cross join lateral compliance.permit_tallies(p) t where p.tenant_id = ${ctx.tenant}
  union all
  select t.* from compliance.permit_reasons r cross join lateral compliance.reason_tallies(r) t where r.tenant_id = ${ctx.tenant}`;
