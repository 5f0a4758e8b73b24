import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { DEFAULT_STRATEGY } from './default-b2b.ts';
import { parseDefinition, type StrategyDefinition } from './definition.ts';

/**
 * How accounts that follow an earlier version come to a newer one: at once, when they next come to another stage, or never, so that
 * only accounts which follow no version of the strategy yet begin with it.
 */
export const takeovers = ['at_once', 'next_stage', 'new_accounts'] as const;
export type Takeover = (typeof takeovers)[number];

/** A published version with its definition read. */
export type StrategyVersion = {
  readonly id: Id<'strategy-version'>;
  readonly strategyId: Id<'strategy'>;
  readonly name: string;
  readonly version: number;
  readonly definition: StrategyDefinition;
  readonly effectiveFrom: CalendarDate;
  readonly takesOver: Takeover;
};

/** Name and number, as screens and reports call a version. */
export const nameOfVersion = ({ name, version }: Pick<StrategyVersion, 'name' | 'version'>): string =>
  `${name} v${version}`;

type Row = Omit<StrategyVersion, 'definition'> & { readonly definition: unknown };

const versions = (ctx: Ctx): RawBuilder<unknown> => sql`
  select v.id, v.strategy_id as "strategyId", s.name, v.version, v.definition, v.effective_from as "effectiveFrom", v.takes_over as "takesOver"
  from strategy.versions v join strategy.strategies s on s.tenant_id = ${ctx.tenant} and s.id = v.strategy_id
  where v.tenant_id = ${ctx.tenant}`;

/** The version of the tenant's default strategy in effect on `asOf`: the newest whose day has come; null before the first. */
export async function findVersion(ctx: Ctx, asOf: CalendarDate): Promise<StrategyVersion | null> {
  const { rows } = await sql<Row>`${versions(ctx)} and s.name = ${DEFAULT_STRATEGY} and v.effective_from <= ${asOf}
    order by v.effective_from desc, v.version desc limit 1`.execute(ctx.db);
  return rows[0] ? parsed(rows[0]) : null;
}

/** The newest version of a strategy by name, whatever its date; null when it has none. */
export async function findNewestVersion(ctx: Ctx, name: string): Promise<StrategyVersion | null> {
  const { rows } = await sql<Row>`${versions(ctx)} and s.name = ${name} order by v.version desc limit 1`.execute(
    ctx.db,
  );
  return rows[0] ? parsed(rows[0]) : null;
}

/** A version of a strategy by name and number; null when there is none. */
export async function findVersionNumbered(ctx: Ctx, name: string, version: number): Promise<StrategyVersion | null> {
  const { rows } = await sql<Row>`${versions(ctx)} and s.name = ${name} and v.version = ${version}`.execute(ctx.db);
  return rows[0] ? parsed(rows[0]) : null;
}

/** Of each of these strategies the version in effect on `asOf`. */
export async function listVersionsInEffect(
  ctx: Ctx,
  strategyIds: readonly string[],
  asOf: CalendarDate,
): Promise<StrategyVersion[]> {
  const { rows } = await sql<Row>`select distinct on (x."strategyId") x.*
    from (${versions(ctx)} and v.strategy_id = any(${[...strategyIds]}::uuid[]) and v.effective_from <= ${asOf}) x
    order by x."strategyId", x."effectiveFrom" desc, x.version desc`.execute(ctx.db);
  return rows.map(parsed);
}

/** Versions by their ids. */
export async function listVersionsNamed(ctx: Ctx, ids: readonly string[]): Promise<StrategyVersion[]> {
  const { rows } = await sql<Row>`${versions(ctx)} and v.id = any(${[...ids]}::uuid[])`.execute(ctx.db);
  return rows.map(parsed);
}

/** Other versions of a strategy that accounts still follow. */
export async function listVersionsFollowed(ctx: Ctx, newest: StrategyVersion): Promise<StrategyVersion[]> {
  const { rows } = await sql<Row>`${versions(ctx)} and v.strategy_id = ${newest.strategyId} and v.id <> ${newest.id}
      and exists (select 1 from strategy.positions p where p.tenant_id = ${ctx.tenant} and p.version_id = v.id)
    order by v.version`.execute(ctx.db);
  return rows.map(parsed);
}

const parsed = (row: Row): StrategyVersion => ({ ...row, definition: unwrap(parseDefinition(row.definition)) });

/** The strategy of that name, made when there is none. */
export async function ensureStrategy(ctx: Ctx, id: Id<'strategy'>, name: string): Promise<void> {
  await sql`insert into strategy.strategies (tenant_id, id, name) values (${ctx.tenant}, ${id}, ${name})
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
}

/** The strategies of the tenant. */
export async function listStrategyIds(ctx: Ctx): Promise<Id<'strategy'>[]> {
  const { rows } = await sql<{ id: Id<'strategy'> }>`
    select s.id from strategy.strategies s where s.tenant_id = ${ctx.tenant} order by s.created_at, s.id`.execute(
    ctx.db,
  );
  return rows.map((row) => row.id);
}

/** Adds a version; they are never changed. */
export async function insertVersion(ctx: Ctx, version: StrategyVersion): Promise<void> {
  await sql`
    insert into strategy.versions (tenant_id, id, strategy_id, version, definition, effective_from, takes_over, published_by, recorded_at)
    values (${ctx.tenant}, ${version.id}, ${version.strategyId}, ${version.version}, ${JSON.stringify(version.definition)}::jsonb,
      ${version.effectiveFrom}, ${version.takesOver}, ${ctx.actor.name}, ${ctx.at})`.execute(ctx.db);
}

/** One run or publication at a time per tenant: later ones wait here until the first has committed. */
export async function lockStrategies(ctx: Ctx): Promise<void> {
  await sql`select s.id from strategy.strategies s where s.tenant_id = ${ctx.tenant} order by s.id for update`.execute(
    ctx.db,
  );
}
