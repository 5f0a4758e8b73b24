import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { unwrap } from '../../kernel/result.ts';
import { parseDefinition, type StrategyDefinition } from './definition.ts';
import type { PlanState } from './plan.ts';

/** A decision as it was written down, with what has become of its plan. */
export type RecordedDecision = {
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reasonCode: string;
  readonly fromOn: CalendarDate;
  readonly recordedAt: Date;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly definition: StrategyDefinition;
  readonly plan: {
    readonly stepKey: string;
    readonly state: PlanState;
    readonly stateReason: string | null;
    readonly notBefore: Date | null;
  } | null;
};

type Row = Omit<RecordedDecision, 'plan' | 'definition'> & {
  readonly definition: unknown;
  readonly stepKey: string | null;
  readonly state: PlanState | null;
  readonly stateReason: string | null;
  readonly notBefore: Date | null;
};

/** The decision that was in force about an account at an instant, by what was known then; null before the first. */
export async function findDecisionAt(ctx: Ctx, accountId: string, at: Date): Promise<RecordedDecision | null> {
  const { rows } = await sql<Row>`
    select d.outcome, d.reason_code as "reasonCode", d.from_on as "fromOn", d.recorded_at as "recordedAt", d.facts,
      s.name || ' v' || v.version as version, v.definition, p.step_key as "stepKey", p.state, p.state_reason as "stateReason", p.not_before as "notBefore"
    from strategy.decisions d
    join strategy.versions v on v.tenant_id = ${ctx.tenant} and v.id = d.version_id
    join strategy.strategies s on s.tenant_id = ${ctx.tenant} and s.id = v.strategy_id
    left join strategy.plans p on p.tenant_id = ${ctx.tenant} and p.id = d.plan_id
    where d.tenant_id = ${ctx.tenant} and d.account_id = ${accountId} and d.recorded_at <= ${at}
    order by d.from_on desc, d.recorded_at desc, d.created_at desc limit 1`.execute(ctx.db);
  const [row] = rows;
  if (!row) return null;
  const { stepKey, state, stateReason, notBefore, definition, ...decision } = row;
  const plan = stepKey !== null && state !== null ? { stepKey, state, stateReason, notBefore } : null;
  return { ...decision, definition: unwrap(parseDefinition(definition)), plan };
}
