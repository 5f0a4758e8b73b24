import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';

/** A run with the decisions it wrote down, by reason. */
export type RunHead = {
  readonly id: Id<'run'>;
  readonly asOf: CalendarDate;
  readonly at: Date;
  readonly state: string;
  readonly caughtUpDays: number;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly startedBy: string;
  readonly finishedAt: Date | null;
  readonly version: string;
  readonly decided: readonly { readonly outcome: string; readonly reasonCode: string; readonly accounts: number }[];
};

/** One run; null when there is none. */
export async function findRunHead(ctx: Ctx, id: string): Promise<RunHead | null> {
  const { tenant } = ctx;
  const { rows } = await sql<Omit<RunHead, 'decided'>>`
    select r.id, r.as_of as "asOf", r.at, r.state, r.caught_up_days as "caughtUpDays", r.counts, r.started_by as "startedBy", r.finished_at as "finishedAt",
      v.name || ' v' || v.version as version
    from strategy.runs r join strategy.versions_v v on v.tenant_id = ${tenant} and v.id = r.version_id
    where r.tenant_id = ${tenant} and r.id = ${id}::uuid`.execute(ctx.db);
  const [run] = rows;
  if (!run) return null;
  const decided = await sql<RunHead['decided'][number]>`
    select d.outcome, d.reason_code as "reasonCode", count(*)::int as accounts from strategy.decisions d
    where d.tenant_id = ${tenant} and d.run_id = ${id}::uuid group by 1, 2 order by (d.outcome = 'act') desc, 3 desc, 2`.execute(
    ctx.db,
  );
  return { ...run, decided: decided.rows };
}

/** What a run wrote down about an account whose outcome or reason was new. */
export type RunDecision = {
  readonly id: Id<'decision'>;
  readonly accountId: string;
  readonly number: string;
  readonly party: string;
  readonly clientName: string;
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reasonCode: string;
  readonly stepKey: string | null;
  readonly version: string;
  readonly definition: unknown;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly planState: string | null;
};

/** Decisions of a run after the one named, of one reason or of all. */
export async function listRunDecisions(
  ctx: Ctx,
  runId: string,
  reason: string | undefined,
  page: { readonly after: readonly [string, string] | null; readonly limit: number },
): Promise<RunDecision[]> {
  const { tenant } = ctx;
  const wanted = [sql`d.tenant_id = ${tenant}`, sql`d.run_id = ${runId}::uuid`];
  if (reason !== undefined) wanted.push(sql`d.reason_code = ${reason}`);
  if (page.after !== null) wanted.push(sql`(d.reason_code, d.id) > (${page.after[0]}, ${page.after[1]}::uuid)`);
  const { rows } = await sql<RunDecision>`
    select d.id, d.account_id as "accountId", f.account_number as number, f.party_name as party, c.name as "clientName", d.outcome, d.reason_code as "reasonCode",
      d.step_key as "stepKey", v.name || ' v' || v.version as version, v.definition, d.facts, p.state as "planState"
    from strategy.decisions d
    join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = d.account_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = f.client_id
    join strategy.versions_v v on v.tenant_id = ${tenant} and v.id = d.version_id
    left join strategy.plans p on p.tenant_id = ${tenant} and p.id = d.plan_id
    where ${sql.join(wanted, sql` and `)} order by d.reason_code, d.id limit ${page.limit}`.execute(ctx.db);
  return rows;
}
