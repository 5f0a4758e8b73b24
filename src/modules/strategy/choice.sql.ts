import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Choice, ChoiceLine, Course } from './choice.ts';
import { armInSql, drawInSql } from './experiments/draw.ts';
import { stageIn } from './ladder.sql.ts';
import { among, type Only } from './run-tables.sql.ts';
import { compileRules, type RuleDay } from './segments/rule.sql.ts';

/**
 * Whether who follows what must be asked of each account: not when everybody follows one version without conditions, which is
 * what most tenants have.
 */
export function isUniform({ ladder, lines }: Choice): boolean {
  const [only, ...others] = lines;
  return (
    others.length === 0 && only?.course?.earlier.length === 0 && only.split === null && ladder.conditions.length === 0
  );
}

/** Whether people are split by lot, so that accounts must be asked for their arms. */
export const splitsAnybody = ({ lines }: Choice): boolean => lines.some((line) => line.split !== null);

/**
 * For each account (or some) the line of the selection that is the first to match it, the place of the version it follows (null: kept out), and which
 * conditions of steps hold; on the line of an experiment also its arm (null: not let in), whether that is a hold-out, the person as it is now, and
 * whether the arm is new to its cluster or to the whole person: `(tenant_id, account_id, line, follows, allowed, experiment_id, arm, held_out,
 * cluster_id, root_id, is_new, joins)`.
 */
export function choicesOf(ctx: Ctx, choice: Choice, day: RuleDay, only: Only): RawBuilder<unknown> {
  const { lines } = choice;
  const courses = lines.map((line, at) => sql`when ${at}::int then ${followsIn(line, day)}`);
  const heldOut = lines.flatMap(({ split }, at) => {
    const arms = split?.courses.flatMap((course, arm) => (course === null ? [arm] : [])) ?? [];
    return arms.length === 0 ? [] : [sql`c.line = ${at}::int and c.arm = any(${arms}::int[])`];
  });
  const split = splitsAnybody(choice)
    ? sql`c.experiment_id, c.arm, c.cluster_id, c.root_id, c.is_new, c.joins`
    : sql`null::uuid as experiment_id, null::int as arm, null::uuid as cluster_id, null::uuid as root_id, false as is_new, false as joins`;
  return sql`
    select c.tenant_id, c.account_id, c.line, case c.line ${sql.join(courses, sql` `)} end as follows, c.allowed, ${split},
      ${heldOut.length === 0 ? sql`false` : sql`coalesce(${sql.join(heldOut, sql` or `)}, false)`} as held_out
    from (${splitsAnybody(choice) ? withArms(ctx, choice, day, only) : linesOf(ctx, choice, day, only)}) c`;
}

/** Each account with the first line that matches it. */
function linesOf(ctx: Ctx, { ladder, lines }: Choice, day: RuleDay, only: Only): RawBuilder<unknown> {
  const rules = lines.flatMap((line) => (line.rule ? [line.rule] : []));
  const { joins, conditions } = compileRules(ctx, [...rules, ...ladder.conditions], day);
  const whens = rules.map((_, at) => sql`when ${conditions[at]} then ${at}::int`);
  const line = whens.length === 0 ? sql`0` : sql`case ${sql.join(whens, sql` `)} else ${rules.length}::int end`;
  const allowed = conditions.slice(rules.length).map((holds) => sql`coalesce(${holds}, false)`);
  return sql`
      select f.tenant_id, f.id as account_id, f.cluster_id, ${line} as line, f.state, f.oldest_open_due_on, held.version_id, held.stage,
        ${allowed.length === 0 ? sql`null` : sql`array[${sql.join(allowed)}]`}::boolean[] as allowed
      from accounts.facts_v f
      left join strategy.positions held on held.tenant_id = ${ctx.tenant} and held.id = f.id
      ${joins}
      where f.tenant_id = ${ctx.tenant} ${among(only, 'f.id')}`;
}

/**
 * The arm of each account on the line of an experiment: that of its cluster; else that of the person its cluster belongs to by now, the
 * first where a merge has brought several together; else by lot.
 */
function withArms(ctx: Ctx, choice: Choice, day: RuleDay, only: Only): RawBuilder<unknown> {
  const { tenant } = ctx;
  const splits = choice.lines.flatMap(({ split }, line) => (split === null ? [] : [{ line, ...split }]));
  const draw = drawInSql(sql`l.experiment_id`, sql`l.root_id`);
  const experimentId = sql.join(
    splits.map(({ line, experiment }) => sql`when ${line}::int then ${experiment.id}::uuid`),
    sql` `,
  );
  const byLot = sql.join(
    splits.map(
      ({ line, experiment }) => sql`when ${line}::int then ${armInSql(experiment.arms, experiment.share, draw)}`,
    ),
    sql` `,
  );
  const running = splits.map(({ experiment }) => experiment.id);
  const theirPersons =
    only === null
      ? sql``
      : sql`and k.root_id in (select k.root_id from accounts.facts_v f
          join parties.clusters_v k on k.tenant_id = ${tenant} and k.id = f.cluster_id where f.tenant_id = ${tenant} ${among(only, 'f.id')})`;
  return sql`
      with lined as (
        select l.*, k.root_id, case l.line ${experimentId} end as experiment_id
        from (${linesOf(ctx, choice, day, only)}) l
        join parties.clusters_v k on k.tenant_id = ${tenant} and k.id = l.cluster_id),
      given as (
        select a.experiment_id, a.cluster_id, a.arm, k.root_id, a.entered_on, a.id
        from strategy.assignments a
        join parties.clusters_v k on k.tenant_id = ${tenant} and k.id = a.cluster_id
        where a.tenant_id = ${tenant} and a.experiment_id = any(${running}::uuid[]) ${theirPersons}),
      persons as (
        select distinct on (g.experiment_id, g.root_id) g.experiment_id, g.root_id, g.arm
        from given g order by g.experiment_id, g.root_id, g.entered_on, g.id)
      select l.*, coalesce(own.arm, p.arm, case when l.experiment_id is not null then case l.line ${byLot} end end) as arm,
        l.experiment_id is not null and own.arm is null as is_new, p.arm is not null as joins
      from lined l
      left join given own on own.experiment_id = l.experiment_id and own.cluster_id = l.cluster_id
      left join persons p on p.experiment_id = l.experiment_id and p.root_id = l.root_id`;
}

/** What an account on that line follows. */
function followsIn({ course, split }: ChoiceLine, day: RuleDay): RawBuilder<unknown> {
  const followed = (one: Course | null) => (one === null ? sql`null::int` : placeIn(one, day));
  if (split === null) return followed(course);
  const arms = split.courses.map((one, arm) => sql`when ${arm}::int then ${followed(one)}`);
  return sql`case c.arm ${sql.join(arms, sql` `)} else ${followed(course)} end`;
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
export async function fillRunChoices(ctx: Ctx, choice: Choice, day: RuleDay, only: Only): Promise<void> {
  await sql`insert into pg_temp.run_choices (tenant_id, account_id, line, follows, allowed, experiment_id, arm, cluster_id, root_id, is_new, joins, held_out)
    select c.tenant_id, c.account_id, c.line, c.follows, c.allowed, c.experiment_id, c.arm, c.cluster_id, c.root_id, c.is_new, c.joins, c.held_out
    from (${choicesOf(ctx, choice, day, only)}) c`.execute(ctx.db);
}

/** What one account follows, and where it stands in the experiment of its line. */
export type AccountChoice = {
  readonly line: number;
  readonly follows: number | null;
  readonly allowed: readonly boolean[];
  readonly arm: number | null;
  readonly heldOut: boolean;
  readonly rootId: string | null;
};

export async function findChoice(ctx: Ctx, choice: Choice, day: RuleDay, accountId: string): Promise<AccountChoice> {
  const { rows } = await sql<Omit<AccountChoice, 'allowed'> & { allowed: boolean[] | null }>`
    select c.line, c.follows, c.allowed, c.arm, c.held_out as "heldOut", c.root_id as "rootId"
    from (${choicesOf(ctx, choice, day, [accountId])}) c`.execute(ctx.db);
  const [row] = rows;
  if (!row) return { line: 0, follows: null, allowed: [], arm: null, heldOut: false, rootId: null };
  return { ...row, allowed: row.allowed ?? [] };
}

/** How many persons with an account on that line owe something, and how many of them came in the last `days`: all their accounts were opened then. */
export async function countPersonsOn(
  ctx: Ctx,
  choice: Choice,
  day: RuleDay,
  line: number,
  days: number,
): Promise<{ readonly people: number; readonly newcomers: number }> {
  const { rows } = await sql<{ people: bigint; newcomers: bigint }>`
    select count(*) as people, count(*) filter (where x.since > ${day.asOf}::date - ${days}::int) as newcomers
    from (
      select k.root_id, min(a.opened_on) as since
      from (${linesOf(ctx, choice, day, null)}) l
      join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = l.account_id
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = l.account_id
      join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = l.cluster_id
      where l.line = ${line}::int and f.balance_minor > 0
      group by k.root_id) x`.execute(ctx.db);
  return { people: Number(rows[0]?.people ?? 0n), newcomers: Number(rows[0]?.newcomers ?? 0n) };
}
