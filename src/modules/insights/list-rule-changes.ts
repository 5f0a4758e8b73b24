import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

type Seen = {
  readonly judged: number;
  readonly changed: number;
  readonly whole: boolean;
  readonly before?: Readonly<Record<'allow' | 'defer' | 'deny', number>>;
  readonly after?: Readonly<Record<'allow' | 'defer' | 'deny', number>>;
};

export type RuleChangeRow = {
  readonly id: string;
  readonly ruleId: string;
  readonly part: string | null;
  readonly mode: 'on' | 'off' | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly from: string;
  readonly to: string | null;
  readonly reason: string;
  readonly state: 'proposed' | 'approved' | 'rejected' | 'withdrawal_asked' | 'withdrawn' | 'superseded';
  readonly proposedBy: string;
  readonly proposedById: string | null;
  readonly proposedEffect: Seen | null;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly effect: Seen | null;
  readonly note: string | null;
  readonly withdrawalBy: string | null;
  readonly withdrawalById: string | null;
  readonly withdrawalReason: string | null;
  readonly withdrawnBy: string | null;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
  readonly evidenceId: string | null;
  readonly evidenceName: string | null;
  readonly evidenceType: string | null;
  readonly evidenceSize: number | null;
  readonly evidenceSha256: string | null;
};

const most = 200;

/** Changes of rules of one kind, newest first: there are few, and no more than 200 are read. */
export async function listRuleChanges(
  ctx: Ctx,
  kind: 'tightening' | 'replacement',
  id?: string,
): Promise<RuleChangeRow[]> {
  const one = id === undefined ? sql`true` : sql`c.id = ${id}`;
  const { rows } = await sql<RuleChangeRow>`
    select c.id, c.rule_id as "ruleId", c.rule_part as part, c.mode, c.parameters, c.effective_from::text as from, c.effective_to::text as to, c.reason,
      c.state, c.proposed_by as "proposedBy", c.proposed_by_id as "proposedById", c.proposed_effect as "proposedEffect", c.approved_by as "approvedBy",
      c.approved_at as "approvedAt", c.effect, c.decision_note as note, c.withdrawal_by as "withdrawalBy", c.withdrawal_by_id as "withdrawalById",
      c.withdrawal_reason as "withdrawalReason", c.withdrawn_by as "withdrawnBy", c.recorded_at as "recordedAt", c.row_version as "rowVersion",
      c.evidence_id as "evidenceId", c.evidence_name as "evidenceName", c.evidence_type as "evidenceType", c.evidence_size as "evidenceSize",
      c.evidence_sha256 as "evidenceSha256"
    from compliance.rule_changes_v c where c.tenant_id = ${ctx.tenant} and c.kind = ${kind} and ${one}
    order by c.recorded_at desc, c.id desc limit ${most}`.execute(ctx.db);
  return rows;
}
