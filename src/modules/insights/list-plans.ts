import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { inScope, type Scope } from './scope.ts';

type Page = { readonly cursor?: string | undefined; readonly limit: number };

export type PlanRow = {
  readonly id: string;
  readonly accountId: string;
  readonly partyId: string;
  readonly partyName: string;
  readonly action: 'email' | 'call_task' | 'escalation' | 'specialist_task' | 'legal_review' | 'hold';
  readonly stepKey: string;
  readonly level: number;
  readonly items: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly plannedFor: string;
  readonly notBefore: Date | null;
  readonly state: string;
  readonly stateReason: string | null;
};

/** Planned contacts, latest day first. A plan whose account has been stopped since shows as void, whatever its row still says. Refuses: `bad_cursor`. */
export async function listPlans(
  ctx: Ctx,
  scope: Scope,
  filter: { readonly state?: string | undefined; readonly accountId?: string | undefined },
  page: Page,
): Promise<Result<{ rows: PlanRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  const state = sql`case when p.state = 'planned' and f.stop_epoch > p.stop_epoch then 'void' else p.state end`;
  const wanted = [sql`p.tenant_id = ${tenant}`, inScope(scope, sql`p.client_id`)];
  if (filter.state !== undefined) wanted.push(sql`${state} = ${filter.state}`);
  if (filter.accountId !== undefined) wanted.push(sql`p.account_id = ${filter.accountId}`);
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['date', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(p.planned_for, p.id) < (${cursor.value[0]}::date, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<PlanRow>`
    select p.id, p.account_id as "accountId", p.party_id as "partyId", y.name as "partyName", p.action, p.step_key as "stepKey", p.level, p.item_count as items, p.amount_minor as "amountMinor",
      p.currency, p.planned_for as "plannedFor", p.not_before as "notBefore", ${state} as state,
      coalesce(p.state_reason, case when p.state = 'planned' and f.stop_epoch > p.stop_epoch then 'something that stops contact happened after it was planned' end) as "stateReason"
    from strategy.plans_v p
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = p.account_id
    join parties.parties_v y on y.tenant_id = ${tenant} and y.id = p.party_id
    where ${sql.join(wanted, sql` and `)}
    order by p.planned_for desc, p.id desc limit ${page.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, page.limit, (row) => [row.plannedFor, row.id]));
}

export type RunRow = {
  readonly id: string;
  readonly asOf: string;
  readonly at: Date;
  readonly state: string;
  /** Over all accounts on a day, or over those to which something had just happened. */
  readonly kind: 'daily' | 'event';
  readonly caughtUpDays: number;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly startedBy: string;
  readonly finishedAt: Date | null;
};

/** Runs of the strategy, latest day first. Refuses: `bad_cursor`. */
export async function listRuns(
  ctx: Ctx,
  page: Page,
): Promise<Result<{ rows: RunRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  const cursor = page.cursor === undefined ? ok(null) : readCursor(page.cursor, ['date', 'uuid']);
  if (!cursor.ok) return cursor;
  const beyond =
    cursor.value === null ? sql`true` : sql`(r.as_of, r.id) < (${cursor.value[0]}::date, ${cursor.value[1]}::uuid)`;
  const { rows } = await sql<RunRow>`
    select r.id, r.as_of as "asOf", r.at, r.kind, r.state, r.caught_up_days as "caughtUpDays", r.counts, r.started_by as "startedBy", r.finished_at as "finishedAt"
    from strategy.runs_v r where r.tenant_id = ${tenant} and ${beyond} order by r.as_of desc, r.id desc limit ${page.limit + 1}`.execute(
    ctx.db,
  );
  return ok(pageOf(rows, page.limit, (row) => [row.asOf, row.id]));
}
