import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { parseDefinition, type StrategyDefinition } from './definition.ts';

/** A published version with its definition read. */
export type StrategyVersion = {
  readonly id: Id<'strategy-version'>;
  readonly strategyId: Id<'strategy'>;
  readonly name: string;
  readonly version: number;
  readonly definition: StrategyDefinition;
  readonly effectiveFrom: CalendarDate;
};

type Row = Omit<StrategyVersion, 'definition'> & { readonly definition: unknown };

/** The version in effect on `asOf`: the newest whose day has come; null before the first. */
export async function findVersion(ctx: Ctx, asOf: CalendarDate): Promise<StrategyVersion | null> {
  const { rows } = await sql<Row>`
    select v.id, v.strategy_id as "strategyId", s.name, v.version, v.definition, v.effective_from as "effectiveFrom"
    from strategy.versions v join strategy.strategies s on s.tenant_id = ${ctx.tenant} and s.id = v.strategy_id
    where v.tenant_id = ${ctx.tenant} and v.effective_from <= ${asOf}
    order by v.effective_from desc, v.version desc limit 1`.execute(ctx.db);
  return rows[0] ? parsed(rows[0]) : null;
}

/** The newest version of a strategy by name, whatever its date; null when it has none. */
export async function findNewestVersion(ctx: Ctx, name: string): Promise<StrategyVersion | null> {
  const { rows } = await sql<Row>`
    select v.id, v.strategy_id as "strategyId", s.name, v.version, v.definition, v.effective_from as "effectiveFrom"
    from strategy.versions v join strategy.strategies s on s.tenant_id = ${ctx.tenant} and s.id = v.strategy_id
    where v.tenant_id = ${ctx.tenant} and s.name = ${name} order by v.version desc limit 1`.execute(ctx.db);
  return rows[0] ? parsed(rows[0]) : null;
}

const parsed = (row: Row): StrategyVersion => ({ ...row, definition: unwrap(parseDefinition(row.definition)) });

/** The strategy of that name, made when there is none. */
export async function ensureStrategy(ctx: Ctx, id: Id<'strategy'>, name: string): Promise<void> {
  await sql`insert into strategy.strategies (tenant_id, id, name) values (${ctx.tenant}, ${id}, ${name})
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
}

/** Adds a version; they are never changed. */
export async function insertVersion(ctx: Ctx, version: StrategyVersion): Promise<void> {
  await sql`
    insert into strategy.versions (tenant_id, id, strategy_id, version, definition, effective_from, published_by, recorded_at)
    values (${ctx.tenant}, ${version.id}, ${version.strategyId}, ${version.version}, ${JSON.stringify(version.definition)}::jsonb,
      ${version.effectiveFrom}, ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
}

/** One run at a time per tenant: later ones wait here until the first has committed. */
export async function lockStrategy(ctx: Ctx, strategyId: Id<'strategy'>): Promise<void> {
  await sql`select s.id from strategy.strategies s where s.tenant_id = ${ctx.tenant} and s.id = ${strategyId} for update`.execute(
    ctx.db,
  );
}
