import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import type { Weights } from './weights.ts';

/** All weights as they stand from a day. */
export type WeightsRow = {
  readonly id: Id<'weights'>;
  readonly revision: number;
  readonly weights: Weights;
  readonly effectiveFrom: CalendarDate;
  readonly recordedBy: string;
  readonly recordedAt: Date;
};

const columns = sql`w.id, w.revision, w.weights, w.effective_from as "effectiveFrom", w.recorded_by as "recordedBy", w.recorded_at as "recordedAt"`;

/** The weights in effect on `asOf`; null while none were ever written: the built-in ones hold. */
export async function findWeights(ctx: Ctx, asOf: CalendarDate): Promise<WeightsRow | null> {
  const { rows } = await sql<WeightsRow>`
    select ${columns} from strategy.weights w where w.tenant_id = ${ctx.tenant} and w.effective_from <= ${asOf}
    order by w.effective_from desc, w.revision desc limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The weights there were and those to come, newest first. */
export async function listWeights(ctx: Ctx, limit: number): Promise<WeightsRow[]> {
  const { rows } = await sql<WeightsRow>`
    select ${columns} from strategy.weights w where w.tenant_id = ${ctx.tenant} order by w.revision desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}

export async function insertWeights(ctx: Ctx, row: Omit<WeightsRow, 'recordedBy' | 'recordedAt'>): Promise<void> {
  await sql`insert into strategy.weights (tenant_id, id, revision, weights, effective_from, recorded_by, recorded_at)
    values (${ctx.tenant}, ${row.id}, ${row.revision}, ${JSON.stringify(row.weights)}::jsonb, ${row.effectiveFrom}, ${ctx.actor.name}, ${ctx.at})`.execute(
    ctx.db,
  );
}
