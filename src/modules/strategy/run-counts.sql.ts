import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Action } from './definition.ts';
import type { Ladder } from './ladder.ts';
import { nameOfVersion } from './versions.sql.ts';

/** What a run did and what it left alone, counted. Accounts that owe nothing and are known to are in none of the figures. */
export type RunCounts = {
  /** Accounts looked at. */
  readonly accounts: number;
  readonly openItems: number;
  /** Plans by action. */
  readonly actions: Readonly<Partial<Record<Action, number>>>;
  /** Plans by step. */
  readonly steps: Readonly<Record<string, number>>;
  /** Accounts left alone, by reason. */
  readonly nonActions: Readonly<Record<string, number>>;
  /** Accounts acted on for which something due is left out all the same, by reason. */
  readonly withheld: Readonly<Record<string, number>>;
  /** Steps passed over because an item had already come to a later one. */
  readonly skippedLevels: number;
  /** The same, by step: what a catch-up left out, or an item that came late. */
  readonly skippedSteps: Readonly<Record<string, number>>;
  /** Accounts by stage, of those that owe. */
  readonly stages: Readonly<Record<string, number>>;
  /** Accounts that owe, by the version they follow; those kept out are among none. */
  readonly versions: Readonly<Record<string, number>>;
};

type Row = { readonly kind: string; readonly key: string; readonly count: bigint };

/** Counts the working tables of a run. */
export async function countRun(ctx: Ctx, ladder: Ladder): Promise<RunCounts> {
  const { tenant } = ctx;
  const { versions } = ladder;
  const { rows } = await sql<Row>`
    select 'action' as kind, p.action as key, count(*) from pg_temp.run_plans p where p.tenant_id = ${tenant} group by p.action
    union all select 'step', p.step_key, count(*) from pg_temp.run_plans p where p.tenant_id = ${tenant} group by p.step_key
    union all select 'skipped', '', coalesce(sum(p.skipped), 0) from pg_temp.run_plans p where p.tenant_id = ${tenant}
    union all select 'reason', a.reason_code, count(*) from pg_temp.run_accounts a
      where a.tenant_id = ${tenant} and a.outcome <> 'act' group by a.reason_code
    union all select 'withheld', a.withheld, count(*) from pg_temp.run_accounts a
      where a.tenant_id = ${tenant} and a.withheld is not null group by a.withheld
    union all select 'stage', a.stage, count(*) from pg_temp.run_accounts a
      where a.tenant_id = ${tenant} and a.open_items > 0 group by a.stage
    union all select 'version', a.follows::text, count(*) from pg_temp.run_accounts a
      where a.tenant_id = ${tenant} and a.open_items > 0 and a.follows is not null group by a.follows
    union all select 'accounts', '', count(*) from pg_temp.run_accounts a where a.tenant_id = ${tenant}
    union all select 'items', '', coalesce(sum(a.open_items), 0) from pg_temp.run_accounts a where a.tenant_id = ${tenant}
    order by 1, 2`.execute(ctx.db);
  const of = (kind: string) =>
    Object.fromEntries(rows.filter((row) => row.kind === kind).map((row) => [row.key, Number(row.count)]));
  const one = (kind: string) => Number(rows.find((row) => row.kind === kind)?.count ?? 0);
  const followed: Partial<Record<string, number>> = of('version');
  return {
    accounts: one('accounts'),
    openItems: one('items'),
    actions: of('action'),
    steps: of('step'),
    nonActions: of('reason'),
    withheld: of('withheld'),
    skippedLevels: one('skipped'),
    skippedSteps: one('skipped') === 0 ? {} : await countSkipped(ctx, ladder),
    stages: of('stage'),
    versions: Object.fromEntries(versions.map((version, place) => [nameOfVersion(version), followed[place] ?? 0])),
  };
}

/** The steps that items passed over on their way to the one that fires; asked only when there are any. */
async function countSkipped(ctx: Ctx, { versions, places }: Ladder): Promise<Record<string, number>> {
  const { tenant } = ctx;
  const steps = versions.flatMap(({ definition }, follows) =>
    definition.steps.map(
      (step) => sql`(${follows}::int, ${step.day}::int, ${step.key}::text, ${places.get(step) ?? null}::int)`,
    ),
  );
  const { rows } = await sql<{ key: string; count: bigint }>`
    select x.key, count(*)
    from pg_temp.run_plans n
    join pg_temp.run_items r on r.tenant_id = ${tenant} and r.account_id = n.account_id and r.action = n.action and r.fires
    join (values ${sql.join(steps)}) x (follows, day, key, condition) on x.follows = r.follows and x.day < r.due_day and x.day > coalesce(r.reached_day, x.day - 1)
      and (x.condition is null or r.allowed[x.condition])
    where n.tenant_id = ${tenant} and n.skipped > 0 group by x.key order by x.key`.execute(ctx.db);
  return Object.fromEntries(rows.map((row) => [row.key, Number(row.count)]));
}

/** How many plans a run made, and the SHA-256 over their sorted ids, for the audit. */
export async function digestOfPlans(ctx: Ctx): Promise<{ count: bigint; digest: Buffer }> {
  const { rows } = await sql<{ count: bigint; digest: Buffer }>`
    select count(*), sha256(convert_to(coalesce(string_agg(p.plan_id::text, E'\n' order by p.plan_id::text collate "C"), ''), 'UTF8')) as digest
    from pg_temp.run_plans p where p.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  return rows[0] ?? { count: 0n, digest: Buffer.alloc(32) };
}
