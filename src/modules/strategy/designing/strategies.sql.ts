import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import { DEFAULT_STRATEGY } from '../default-b2b.ts';
import type { Takeover } from '../versions.sql.ts';

/** A strategy on the list, with what holds on a day and what is to come. */
export type StrategyRow = {
  readonly id: Id<'strategy'>;
  readonly name: string;
  readonly version: number | null;
  readonly effectiveFrom: CalendarDate | null;
  readonly nextVersion: number | null;
  readonly nextFrom: CalendarDate | null;
  readonly versions: number;
  /** Accounts that owe and follow any version of it. */
  readonly followers: number;
  readonly editedBy: string | null;
  readonly editedAt: Date | null;
};

export async function listStrategies(ctx: Ctx, asOf: CalendarDate): Promise<StrategyRow[]> {
  const { tenant } = ctx;
  const { rows } = await sql<StrategyRow>`
    with followed as (
      select p.version_id, count(*) as n from strategy.positions p where p.tenant_id = ${tenant} group by p.version_id)
    select s.id, s.name, held.version, held.effective_from as "effectiveFrom", next.version as "nextVersion", next.effective_from as "nextFrom",
      coalesce(told.versions, 0)::int as versions, coalesce(told.followers, 0)::int as followers, d.edited_by as "editedBy", d.edited_at as "editedAt"
    from strategy.strategies s
    left join lateral (
      select v.version, v.effective_from from strategy.versions v
      where v.tenant_id = ${tenant} and v.strategy_id = s.id and v.effective_from <= ${asOf} order by v.effective_from desc, v.version desc limit 1) held on true
    left join lateral (
      select v.version, v.effective_from from strategy.versions v
      where v.tenant_id = ${tenant} and v.strategy_id = s.id and v.effective_from > ${asOf} order by v.effective_from, v.version desc limit 1) next on true
    left join lateral (
      select count(*) as versions, sum(f.n) as followers from strategy.versions v left join followed f on f.version_id = v.id
      where v.tenant_id = ${tenant} and v.strategy_id = s.id) told on true
    left join strategy.drafts d on d.tenant_id = ${tenant} and d.id = s.id
    where s.tenant_id = ${tenant} order by (s.name = ${DEFAULT_STRATEGY}) desc, lower(s.name), s.id`.execute(ctx.db);
  return rows;
}

/** A strategy by its id; null when it is not there. */
export async function findStrategy(
  ctx: Ctx,
  id: string,
): Promise<{ readonly id: Id<'strategy'>; readonly name: string } | null> {
  const { rows } = await sql<{ id: Id<'strategy'>; name: string }>`
    select s.id, s.name from strategy.strategies s where s.tenant_id = ${ctx.tenant} and s.id = ${id}::uuid`.execute(
    ctx.db,
  );
  return rows[0] ?? null;
}

/** Whether a strategy bears the name, however it is written. */
export async function isStrategyName(ctx: Ctx, name: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from strategy.strategies s where s.tenant_id = ${ctx.tenant} and lower(s.name) = lower(${name})`.execute(
      ctx.db,
    );
  return rows.length > 0;
}

/** A version on the history of its strategy. */
export type VersionRow = {
  readonly id: Id<'strategy-version'>;
  readonly version: number;
  readonly definition: unknown;
  readonly effectiveFrom: CalendarDate;
  readonly takesOver: Takeover;
  readonly publishedBy: string;
  readonly publishedAt: Date;
  readonly followers: number;
};

/** All versions of a strategy, newest first. */
export async function listVersions(ctx: Ctx, strategyId: string): Promise<VersionRow[]> {
  const { tenant } = ctx;
  const { rows } = await sql<VersionRow>`
    select v.id, v.version, v.definition, v.effective_from as "effectiveFrom", v.takes_over as "takesOver", v.published_by as "publishedBy",
      v.recorded_at as "publishedAt",
      (select count(*) from strategy.positions p where p.tenant_id = ${tenant} and p.version_id = v.id)::int as followers
    from strategy.versions v where v.tenant_id = ${tenant} and v.strategy_id = ${strategyId}::uuid order by v.version desc`.execute(
    ctx.db,
  );
  return rows;
}

/** The languages people are written to in, most frequent first; null for those of whom none is known. */
export async function countLanguages(
  ctx: Ctx,
): Promise<{ readonly language: string | null; readonly people: number }[]> {
  const { rows } = await sql<{ language: string | null; people: number }>`
    select lower(left(p.language, 2)) as language, count(*)::int as people from parties.parties_v p
    where p.tenant_id = ${ctx.tenant} group by 1 order by 2 desc, 1`.execute(ctx.db);
  return rows;
}
