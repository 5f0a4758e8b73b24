import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import type { Action } from '../definition.ts';

/** What may be limited: a hold takes nobody's time. */
export type BudgetedAction = Exclude<Action, 'hold'>;

/** At most `perDay` plans of an action a day, of all clients together or of one. */
export type Budget = {
  readonly action: BudgetedAction;
  readonly clientId: Id<'client'> | null;
  readonly perDay: number;
};

/** All budgets as they stand from a day. */
export type BudgetsRow = {
  readonly id: Id<'budgets'>;
  readonly revision: number;
  readonly lines: readonly Budget[];
  readonly effectiveFrom: CalendarDate;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

const columns = sql`b.id, b.revision, b.lines, b.effective_from as "effectiveFrom", b.recorded_by as "recordedBy", b.recorded_at as "recordedAt"`;

/** The budgets in effect on `asOf`; null while none were ever set. */
export async function findBudgets(ctx: Ctx, asOf: CalendarDate): Promise<BudgetsRow | null> {
  const { rows } = await sql<BudgetsRow>`
    select ${columns} from strategy.budgets b where b.tenant_id = ${ctx.tenant} and b.effective_from <= ${asOf}
    order by b.effective_from desc, b.revision desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The budgets there were and those to come, newest first. */
export async function listBudgets(ctx: Ctx, limit: number): Promise<BudgetsRow[]> {
  const { rows } = await sql<BudgetsRow>`
    select ${columns} from strategy.budgets b where b.tenant_id = ${ctx.tenant} order by b.revision desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

export async function insertBudgets(ctx: Ctx, row: Omit<BudgetsRow, 'recordedBy' | 'recordedAt'>): Promise<void> {
  await sql`insert into strategy.budgets (tenant_id, id, revision, lines, effective_from, recorded_by, recorded_at)
    values (${ctx.tenant}, ${row.id}, ${row.revision}, ${JSON.stringify(row.lines)}::jsonb, ${row.effectiveFrom}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}
