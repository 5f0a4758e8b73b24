import { sql } from 'kysely';
import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { streamQuery } from '../../kernel/db.ts';
import { decide } from './decide.ts';
import type { GateFacts } from './gate-facts.ts';
import { loadRuleBook } from './load-gate-facts.ts';
import { isLifted } from './overrides.ts';
import type { Proposal } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';

/** One thing that is not as it must be. */
export type PermitFinding = { readonly code: string; readonly subjectId: string; readonly sentence: string };

/**
 * Compares permits with what was done: every message past its gate has its own spent allow permit and a register entry that
 * counts (or is released, when it surely failed or was given up); every use has its act; stored facts are those that were decided on, and give the same decision again.
 */
export async function verifyPermits(ctx: Ctx): Promise<PermitFinding[]> {
  return [
    ...(await sendsWithoutPermit(ctx)),
    ...(await sendsNotCounted(ctx)),
    ...(await usesWithoutAct(ctx)),
    ...(await notRepeatable(ctx)),
  ];
}

const passed = sql`('sending', 'handed_over', 'sent', 'failed', 'uncertain')`;

async function sendsWithoutPermit(ctx: Ctx): Promise<PermitFinding[]> {
  const { rows } = await sql<{ id: string; state: string }>`
    select m.id, m.state from outreach.messages_v m
    left join compliance.permits p on p.tenant_id = ${ctx.tenant} and p.id = m.permit_id and p.decision = 'allow'
    left join compliance.permit_uses u on u.tenant_id = ${ctx.tenant} and u.permit_id = p.id and u.act_kind = 'message' and u.act_id = m.id
    where m.tenant_id = ${ctx.tenant} and m.state in ${passed} and u.id is null`.execute(ctx.db);
  return rows.map((row) => ({
    code: 'send_without_permit',
    subjectId: row.id,
    sentence: `Message ${row.id} is ${row.state} without an allow permit of its own.`,
  }));
}

async function sendsNotCounted(ctx: Ctx): Promise<PermitFinding[]> {
  const { rows } = await sql<{ id: string; state: string; status: string | null }>`
    select m.id, m.state, r.status from outreach.messages_v m
    left join compliance.register_v r on r.tenant_id = ${ctx.tenant} and r.act_id = m.id
    where m.tenant_id = ${ctx.tenant}
      and case m.state when 'sent' then r.status is distinct from 'counted'
                       when 'sending' then r.status is distinct from 'reserved'
                       when 'handed_over' then r.status is distinct from 'reserved'
                       when 'uncertain' then r.status is null or r.status = 'released'
                       when 'failed' then r.status is distinct from 'released'
                       when 'void' then r.status in ('reserved', 'counted')
                       else false end`.execute(ctx.db);
  return rows.map((row) => ({
    code: 'send_not_in_register',
    subjectId: row.id,
    sentence: `Message ${row.id} is ${row.state} but the contact register says ${row.status ?? 'nothing'}.`,
  }));
}

async function usesWithoutAct(ctx: Ctx): Promise<PermitFinding[]> {
  const { rows } = await sql<{ id: string; act_kind: string; act_id: string }>`
    select u.permit_id as id, u.act_kind, u.act_id from compliance.permit_uses u
    left join outreach.messages_v m on m.tenant_id = ${ctx.tenant} and m.id = u.act_id
    left join desk.calls_v c on c.tenant_id = ${ctx.tenant} and c.id = u.act_id
    where u.tenant_id = ${ctx.tenant} and case u.act_kind when 'message' then m.id else c.id end is null`.execute(
    ctx.db,
  );
  return rows.map((row) => ({
    code: 'use_without_act',
    subjectId: row.id,
    sentence: `Permit ${row.id} was spent on ${row.act_kind} ${row.act_id}, which does not exist.`,
  }));
}

const erasedFacts = canonicalJson({ erased: true });

type StoredPermit = {
  readonly id: string;
  readonly decision: string;
  readonly proposal: Proposal;
  readonly facts: GateFacts;
  readonly facts_sha256: Buffer;
  readonly pack_versions: unknown;
  readonly decided_at: Date;
  /** The rules lifted by the override it was spent on, approved by two people; null without one. */
  readonly rules: readonly string[] | null;
  readonly erased_sha256: Buffer | null;
};

/** Facts that are not those of the digest; and decisions that today's program, under the same rules, would take differently. */
async function notRepeatable(ctx: Ctx): Promise<PermitFinding[]> {
  const findings: PermitFinding[] = [];
  const book = await loadRuleBook(ctx);
  const versions = canonicalJson(book.versions);
  const stored = sql<StoredPermit>`
    select p.id, p.decision, p.proposal, p.facts, p.facts_sha256, p.pack_versions, p.decided_at, o.rules, x.facts_sha256 as erased_sha256
    from compliance.permits p
    left join compliance.permit_erasures x on x.tenant_id = ${ctx.tenant} and x.id = p.id
    left join compliance.override_steps u on u.tenant_id = ${ctx.tenant} and u.override_id = p.override_id and u.step = 'used' and u.permit_id = p.id
    left join compliance.overrides o on o.tenant_id = ${ctx.tenant} and o.id = u.override_id and o.account_id = p.account_id
      and exists (select 1 from compliance.override_steps d where d.tenant_id = ${ctx.tenant} and d.override_id = o.id and d.step = 'approved'
        and d.by_id <> o.requested_by_id)
    where p.tenant_id = ${ctx.tenant} order by p.id`;
  for await (const rows of streamQuery(ctx.db, stored, 500)) {
    for (const row of rows) {
      // What was erased cannot be judged again; that it is still the same permit shows by the digest kept in the erasure.
      if (row.erased_sha256 !== null && canonicalJson(row.facts) === erasedFacts) {
        if (!row.erased_sha256.equals(row.facts_sha256)) {
          findings.push({
            code: 'permit_digest_altered',
            subjectId: row.id,
            sentence: `Permit ${row.id} no longer has the digest it had when its facts were erased.`,
          });
        }
      } else if (sha256Hex(canonicalJson(row.facts)) !== row.facts_sha256.toString('hex')) {
        findings.push({
          code: 'permit_facts_altered',
          subjectId: row.id,
          sentence: `The facts stored with permit ${row.id} are not those it was decided on.`,
        });
      } else if (canonicalJson(row.pack_versions) === versions && repeated(row, book) !== row.decision) {
        findings.push({
          code: 'decision_not_repeatable',
          subjectId: row.id,
          sentence: `Permit ${row.id} says ${row.decision}; its facts and rules say ${repeated(row, book)}.`,
        });
      }
    }
  }
  return findings;
}

function repeated(row: StoredPermit, book: RuleBook): string {
  const at =
    row.proposal.act === 'recorded_after' && row.proposal.effectiveAt
      ? new Date(row.proposal.effectiveAt)
      : row.decided_at;
  const decision = decide(row.facts, row.proposal, book, at);
  return row.rules !== null && isLifted({ rules: row.rules }, decision) ? 'allow' : decision.decision;
}
