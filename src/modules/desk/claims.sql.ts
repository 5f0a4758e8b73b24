import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Task, TaskQueue } from './task.ts';
import { outlivesStops, taskColumns } from './tasks.sql.ts';

export type ClaimInput = {
  readonly queue: TaskQueue;
  readonly today: CalendarDate;
  readonly worker: string;
  readonly after: Task | null;
  /** The case of a skipped task: all of it is passed over. */
  readonly notOfCase: Id<'case'> | null;
  readonly clientIds: readonly string[] | null;
};

/** How long a claim lasts. By the database's own clock, because a sandbox's stands still and would never give a task back. */
const LEASE = sql`interval '15 minutes'`;

const isTheirs = (input: ClaimInput, at: Date): RawBuilder<boolean> => sql<boolean>`
  t.state = 'open' and not t.asleep and t.queue = ${input.queue} and t.due_on <= ${input.today} and (t.not_before is null or t.not_before <= ${at})
  and (t.assigned_to is null or t.assigned_to = ${input.worker}::uuid)
  and (${input.clientIds}::uuid[] is null or t.client_id = any(${input.clientIds}::uuid[]))`;

/** Whose tasks a worker may take, each a range of the index of its own: what belongs to others is not looked at. */
const hands = (worker: string): RawBuilder<boolean>[] => [
  sql<boolean>`t.assigned_to = ${worker}::uuid`,
  sql<boolean>`t.assigned_to is null`,
];

/** Its account has neither been stopped since nor been paid. */
const isAlive = sql<boolean>`((${outlivesStops} or f.stop_epoch = t.stop_epoch) and (f.open_items > 0 or t.kind = 'review'))`;

const mayTake = (input: ClaimInput, at: Date): RawBuilder<boolean> => sql<boolean>`
  ${isTheirs(input, at)} and ${isAlive}`;

/** The open case of the task's account. */
const caseOf = (tenant: string): RawBuilder<unknown> => sql`(
  select k.id from accounts.accounts_v a join accounts.cases_v k on k.tenant_id = ${tenant} and k.id = a.case_id and k.closed_at is null
  where a.tenant_id = ${tenant} and a.id = t.account_id)`;

/** Open tasks of this queue, by the case of their account. */
const ofCase = (tenant: string, queue: TaskQueue, caseId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select o.id, o.claimed_by, o.claimed_until from accounts.accounts_v b
  join desk.tasks o on o.tenant_id = ${tenant} and o.account_id = b.id and o.state = 'open' and o.queue = ${queue}
  where b.tenant_id = ${tenant} and b.case_id = ${caseId}`;

export type Claimed = { readonly id: Id<'task'>; readonly caseId: Id<'case'> | null };

/**
 * Claims the best task that this worker may take and nobody holds, locked ones passed over, so that no two collectors get one task; with
 * `renew` the one they hold already, if any. After `after` in the order of the list when given. Null when there is none.
 */
export async function claimTask(ctx: Ctx, input: ClaimInput, renew: boolean): Promise<Claimed | null> {
  const { after } = input;
  const { rows } = await sql<Claimed>`
    select x.id, x.case_id as "caseId" from desk.claim_next(p_tenant_id => ${ctx.tenant}, p_worker => ${input.worker}, p_queue => ${input.queue}, p_today => ${input.today},
      p_at => ${ctx.at}, p_lease => ${LEASE}, p_renew => ${renew}, p_clients => ${input.clientIds}::uuid[],
      p_after_priority => ${after?.priority ?? null}::bigint, p_after_due => ${after?.dueOn ?? null}::date, p_after_id => ${after?.id ?? null}::uuid,
      p_not_case => ${input.notOfCase}::uuid) x`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The open case that a task's account is in, or null. */
export async function findCaseOfTask(ctx: Ctx, taskId: Id<'task'>): Promise<Id<'case'> | null> {
  const { rows } = await sql<{ id: Id<'case'> | null }>`
    select ${caseOf(ctx.tenant)} as id from desk.tasks t where t.tenant_id = ${ctx.tenant} and t.id = ${taskId}`.execute(
    ctx.db,
  );
  return rows[0]?.id ?? null;
}

/** Whether somebody else is at a task of the case now. */
export async function isCaseTaken(ctx: Ctx, input: ClaimInput, caseId: Id<'case'>): Promise<boolean> {
  const { rows } = await sql`select 1 from (${ofCase(ctx.tenant, input.queue, sql`${caseId}::uuid`)}) o
    where o.claimed_by <> ${input.worker}::uuid and o.claimed_until > now() limit 1`.execute(ctx.db);
  return rows.length > 0;
}

/** Claims the other tasks of the case that this worker may take; a case goes to one collector together. */
export async function claimCase(ctx: Ctx, input: ClaimInput, caseId: Id<'case'>): Promise<void> {
  await sql`
    update desk.tasks c set claimed_by = ${input.worker}, claimed_until = now() + ${LEASE}, row_version = c.row_version + 1
    where c.tenant_id = ${ctx.tenant} and c.id in (
      select t.id from desk.tasks t
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
      where t.tenant_id = ${ctx.tenant} and t.id in (select o.id from (${ofCase(ctx.tenant, input.queue, sql`${caseId}::uuid`)}) o)
        and ${mayTake(input, ctx.at)}
      order by t.id for update of t skip locked)`.execute(ctx.db);
}

/** Tasks of a case that this worker holds, in the order of the list. */
export async function selectCaseTasks(ctx: Ctx, input: ClaimInput, caseId: Id<'case'>): Promise<Task[]> {
  const { rows } = await sql<Task>`
    select ${taskColumns(ctx.tenant)} from desk.tasks t
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = t.account_id
    where t.tenant_id = ${ctx.tenant} and t.id in (select o.id from (${ofCase(ctx.tenant, input.queue, sql`${caseId}::uuid`)}) o)
      and t.claimed_by = ${input.worker}::uuid and t.claimed_until > now()
    order by t.priority desc, t.due_on, t.id`.execute(ctx.db);
  return rows;
}

/** Gives one task back. */
export async function releaseTask(ctx: Ctx, taskId: Id<'task'>): Promise<void> {
  await sql`update desk.tasks set claimed_by = null, claimed_until = null where tenant_id = ${ctx.tenant} and id = ${taskId}`.execute(
    ctx.db,
  );
}

/** Gives back what this worker holds of the queue. */
export async function releaseClaims(ctx: Ctx, queue: TaskQueue, worker: string): Promise<void> {
  await sql`
    update desk.tasks t set claimed_by = null, claimed_until = null
    where t.tenant_id = ${ctx.tenant} and t.queue = ${queue} and t.state = 'open' and t.claimed_by = ${worker}::uuid`.execute(
    ctx.db,
  );
}

/** What is left is counted up to here, each task's account looked at: enough for a collector, and cheap enough for every "next". */
const countedLeft = 100;

/** How many tasks this worker could take now, claimed by others or not; 100 when there are that many or more. */
export async function countTasks(ctx: Ctx, input: ClaimInput): Promise<number> {
  const { tenant } = ctx;
  const scoped = input.clientIds === null ? sql`` : sql`and t.client_id = any(${[...input.clientIds]}::uuid[])`;
  const counted = async (join: RawBuilder<unknown>, condition: RawBuilder<boolean>): Promise<number> => {
    const ranges = hands(input.worker).map(
      (hand) => sql`(select 1 from desk.tasks t ${join}
        where t.tenant_id = ${tenant} and t.state = 'open' and not t.asleep and t.queue = ${input.queue} and ${hand} ${scoped} and ${condition} limit ${countedLeft + 1})`,
    );
    const { rows } = await sql<{
      count: bigint;
    }>`select count(*) from (${sql.join(ranges, sql` union all `)}) counted`.execute(ctx.db);
    return Number(rows[0]?.count ?? 0n);
  };
  const awake = await counted(sql``, sql<boolean>`true`);
  if (awake > countedLeft) return countedLeft;
  const facts = sql`join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = t.account_id`;
  return counted(facts, mayTake(input, ctx.at));
}
