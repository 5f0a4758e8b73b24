import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { shippedPacks, tighten } from './rule-book.ts';

/** Makes a rule stricter for this tenant from a day on. Refuses: `unknown_rule`; `not_stricter` when nothing would become stricter. */
export async function recordTightening(
  ctx: Ctx,
  input: {
    readonly ruleId: string;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly from: CalendarDate;
    readonly reason: string;
  },
): Promise<Result<{ tighteningId: string }, 'unknown_rule' | 'not_stricter'>> {
  const rule = shippedPacks.flatMap((pack) => pack.rules).find((one) => one.id === input.ruleId);
  if (rule === undefined) return refuse('unknown_rule', `There is no rule ${input.ruleId}.`);
  if (canonicalJson(tighten(rule, input.parameters)) === canonicalJson(rule)) {
    return refuse(
      'not_stricter',
      `This would not make ${input.ruleId} stricter. A tenant can tighten rules, never loosen them.`,
    );
  }
  const tighteningId = newId<'tightening'>();
  await sql`insert into compliance.tightenings (tenant_id, id, rule_id, parameters, effective_from, reason, created_by, recorded_at)
    values (${ctx.tenant}, ${tighteningId}, ${input.ruleId}, ${JSON.stringify(input.parameters)}::jsonb, ${input.from}, ${input.reason},
      ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'rule.tightened',
    subjectKind: 'rule',
    subjectId: input.ruleId,
    detail: { tighteningId, parameters: input.parameters },
  });
  return ok({ tighteningId });
}
