import { sql } from 'kysely';
import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { streamQuery } from '../../kernel/db.ts';

/** One thing that is not as it must be. */
export type PermitFinding = { readonly code: string; readonly subjectId: string; readonly sentence: string };

/**
 * Compares permits with what was done: every message past its gate has its own spent allow permit and a register entry that
 * counts (or is released, when it surely failed); every use has its act; stored facts are those that were decided on.
 */
export async function verifyPermits(ctx: Ctx): Promise<PermitFinding[]> {
  return [
    ...(await sendsWithoutPermit(ctx)),
    ...(await sendsNotCounted(ctx)),
    ...(await usesWithoutAct(ctx)),
    ...(await alteredFacts(ctx)),
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
                       else false end`.execute(ctx.db);
  return rows.map((row) => ({
    code: 'send_not_in_register',
    subjectId: row.id,
    sentence: `Message ${row.id} is ${row.state} but the contact register says ${row.status ?? 'nothing'}.`,
  }));
}

async function usesWithoutAct(ctx: Ctx): Promise<PermitFinding[]> {
  const { rows } = await sql<{ id: string; act_id: string }>`
    select u.permit_id as id, u.act_id from compliance.permit_uses u
    left join outreach.messages_v m on m.tenant_id = ${ctx.tenant} and m.id = u.act_id
    where u.tenant_id = ${ctx.tenant} and u.act_kind = 'message' and m.id is null`.execute(ctx.db);
  return rows.map((row) => ({
    code: 'use_without_act',
    subjectId: row.id,
    sentence: `Permit ${row.id} was spent on message ${row.act_id}, which does not exist.`,
  }));
}

async function alteredFacts(ctx: Ctx): Promise<PermitFinding[]> {
  const findings: PermitFinding[] = [];
  const stored = sql<{ id: string; facts: unknown; facts_sha256: Buffer }>`
    select id, facts, facts_sha256 from compliance.permits where tenant_id = ${ctx.tenant} order by id`;
  for await (const rows of streamQuery(ctx.db, stored, 500)) {
    for (const row of rows) {
      if (sha256Hex(canonicalJson(row.facts)) === row.facts_sha256.toString('hex')) continue;
      findings.push({
        code: 'permit_facts_altered',
        subjectId: row.id,
        sentence: `The facts stored with permit ${row.id} are not those it was decided on.`,
      });
    }
  }
  return findings;
}
