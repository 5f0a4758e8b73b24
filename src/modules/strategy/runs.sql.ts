import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

/** Day of the newest finished run over all accounts, null before the first. */
export async function findLastRunDay(ctx: Ctx): Promise<CalendarDate | null> {
  const { rows } = await sql<{ as_of: CalendarDate }>`
    select r.as_of from strategy.runs r where r.tenant_id = ${ctx.tenant} and r.state = 'done' and r.kind = 'daily'
    order by r.as_of desc, r.id desc limit 1`.execute(ctx.db);
  return rows[0]?.as_of ?? null;
}

/** Opens the row of a run; plans point at it. */
export async function insertRun(
  ctx: Ctx,
  run: { id: Id<'run'>; versionId: string; asOf: CalendarDate; caughtUpDays: number; kind: 'daily' | 'event' },
): Promise<void> {
  await sql`
    insert into strategy.runs (tenant_id, id, version_id, as_of, at, state, caught_up_days, started_by, kind)
    values (${ctx.tenant}, ${run.id}, ${run.versionId}, ${run.asOf}, ${ctx.at}, 'running', ${run.caughtUpDays}, ${ctx.actor.name}, ${run.kind})`.execute(
    ctx.db,
  );
}

/** Closes it with what it did. */
export async function finishRun(ctx: Ctx, id: Id<'run'>, counts: unknown): Promise<void> {
  await sql`
    update strategy.runs set state = 'done', finished_at = ${ctx.at}, counts = ${JSON.stringify(counts)}::jsonb
    where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
}

/** How many accounts a run looks over, which decides how its statements are planned. */
export async function countAccounts(ctx: Ctx): Promise<bigint> {
  const { rows } = await sql<{
    count: bigint;
  }>`select count(*) from accounts.facts_v f where f.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  return rows[0]?.count ?? 0n;
}
