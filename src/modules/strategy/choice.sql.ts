import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Choice, Course } from './choice.ts';
import { stageIn } from './ladder.sql.ts';
import { compileRules, type RuleDay } from './segments/rule.sql.ts';

/**
 * Whether who follows what must be asked of each account: not when everybody follows one version without conditions, which is
 * what most tenants have.
 */
export function isUniform({ ladder, lines }: Choice): boolean {
  const [only, ...others] = lines;
  return others.length === 0 && only?.course?.earlier.length === 0 && ladder.conditions.length === 0;
}

/**
 * For each account (or one) the line of the selection that is the first to match it, the place of the version it follows (null: kept out), and which
 * conditions of steps hold: `(tenant_id, account_id, line, follows, allowed)`.
 */
export function choicesOf(ctx: Ctx, choice: Choice, day: RuleDay, accountId?: string): RawBuilder<unknown> {
  const { ladder, lines } = choice;
  const rules = lines.flatMap((line) => (line.rule ? [line.rule] : []));
  const { joins, conditions } = compileRules(ctx, [...rules, ...ladder.conditions], day);
  const whens = rules.map((_, at) => sql`when ${conditions[at]} then ${at}::int`);
  const line = whens.length === 0 ? sql`0` : sql`case ${sql.join(whens, sql` `)} else ${rules.length}::int end`;
  const allowed = conditions.slice(rules.length).map((holds) => sql`coalesce(${holds}, false)`);
  const courses = lines.map(
    ({ course }, at) => sql`when ${at}::int then ${course === null ? sql`null::int` : placeIn(course, day)}`,
  );
  return sql`
    select c.tenant_id, c.account_id, c.line, case c.line ${sql.join(courses, sql` `)} end as follows, c.allowed
    from (
      select f.tenant_id, f.id as account_id, ${line} as line, f.state, f.oldest_open_due_on, held.version_id, held.stage,
        ${allowed.length === 0 ? sql`null` : sql`array[${sql.join(allowed)}]`}::boolean[] as allowed
      from accounts.facts_v f
      left join strategy.positions held on held.tenant_id = ${ctx.tenant} and held.id = f.id
      ${joins}
      where f.tenant_id = ${ctx.tenant} ${accountId === undefined ? sql`` : sql`and f.id = ${accountId}::uuid`}) c`;
}

/** The version of a strategy that an account follows: the newest, or the one it began with. */
function placeIn(course: Course, day: RuleDay): RawBuilder<unknown> {
  const { version, newest, earlier } = course;
  if (earlier.length === 0) return sql`${newest}::int`;
  const stay = sql`case c.version_id ${sql.join(
    earlier.map((one) => sql`when ${one.id}::uuid then ${one.place}::int`),
    sql` `,
  )} else ${newest}::int end`;
  if (version.takesOver === 'new_accounts') return stay;
  const stage = sql`case when c.state = 'legal' then 'legal' else ${stageIn(version, sql`(${day.asOf}::date - c.oldest_open_due_on)`)} end`;
  return sql`case when c.stage is distinct from ${stage} then ${newest}::int else ${stay} end`;
}

/** Fills the working table of a run with what every account follows. */
export async function fillRunChoices(ctx: Ctx, choice: Choice, day: RuleDay): Promise<void> {
  await sql`insert into pg_temp.run_choices (tenant_id, account_id, line, follows, allowed)
    select c.tenant_id, c.account_id, c.line, c.follows, c.allowed from (${choicesOf(ctx, choice, day)}) c`.execute(
    ctx.db,
  );
}

/** What one account follows. */
export async function findChoice(
  ctx: Ctx,
  choice: Choice,
  day: RuleDay,
  accountId: string,
): Promise<{ readonly line: number; readonly follows: number | null; readonly allowed: readonly boolean[] }> {
  const { rows } = await sql<{
    line: number;
    follows: number | null;
    allowed: boolean[] | null;
  }>`${choicesOf(ctx, choice, day, accountId)}`.execute(ctx.db);
  const [row] = rows;
  return { line: row?.line ?? 0, follows: row?.follows ?? null, allowed: row?.allowed ?? [] };
}
