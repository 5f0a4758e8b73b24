import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import type { Case, CaseEventKind } from './case.ts';

const columns = sql`k.id, k.cluster_id as "clusterId", k.assigned_to as "assignedTo", k.opened_at as "openedAt", k.closed_at as "closedAt",
  k.close_reason as "closeReason", k.row_version as "rowVersion"`;

/** The case, or null. */
export async function findCase(ctx: Ctx, id: Id<'case'>): Promise<Case | null> {
  const { rows } =
    await sql<Case>`select ${columns} from accounts.cases k where k.tenant_id = ${ctx.tenant} and k.id = ${id}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}

/** The open case an account belongs to, or null. */
export async function findCaseOf(ctx: Ctx, accountId: Id<'account'>): Promise<Case | null> {
  const { rows } = await sql<Case>`select ${columns} from accounts.accounts a
    join accounts.cases k on k.tenant_id = ${ctx.tenant} and k.id = a.case_id and k.closed_at is null
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  return rows[0] ?? null;
}

/**
 * Locks the row of an open case until the transaction ends, so that its tasks are handed out to one worker only; false when it is closed.
 * Taken after a task's row, and nothing is locked after it that somebody who holds it could wait for.
 */
export async function lockOpenCase(ctx: Ctx, id: Id<'case'>): Promise<boolean> {
  const { rows } = await sql`select k.id from accounts.cases k
    where k.tenant_id = ${ctx.tenant} and k.id = ${id} and k.closed_at is null for update`.execute(ctx.db);
  return rows.length > 0;
}

export async function insertCase(ctx: Ctx, id: Id<'case'>, clusterId: Id<'cluster'>): Promise<void> {
  await sql`insert into accounts.cases (tenant_id, id, cluster_id, opened_at, opened_by)
    values (${ctx.tenant}, ${id}, ${clusterId}, ${ctx.at}, ${ctx.actor.id})`.execute(ctx.db);
}

export async function updateCase(
  ctx: Ctx,
  id: Id<'case'>,
  to: { readonly assignedTo: Id<'user'> | null; readonly closed: string | null },
): Promise<void> {
  await sql`update accounts.cases set assigned_to = ${to.assignedTo}, close_reason = ${to.closed},
      closed_at = ${to.closed === null ? null : ctx.at}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
}

/** Accounts of the case, in id order. Those that have gone into a later case are not among them. */
export async function listAccountsOfCase(ctx: Ctx, id: Id<'case'>): Promise<Id<'account'>[]> {
  const { rows } = await sql<{ id: Id<'account'> }>`select a.id from accounts.accounts a
    where a.tenant_id = ${ctx.tenant} and a.case_id = ${id} order by a.id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** Numbers of those of the accounts that already are in an open case. */
export async function listTaken(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`select a.number from accounts.accounts a
    join accounts.cases k on k.tenant_id = ${ctx.tenant} and k.id = a.case_id and k.closed_at is null
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[]) order by a.number`.execute(ctx.db);
  return rows.map((row) => row.number);
}

/** Puts accounts into a case, or with null out of the one they are in. */
export async function placeInCase(
  ctx: Ctx,
  accountIds: readonly Id<'account'>[],
  caseId: Id<'case'> | null,
): Promise<void> {
  await sql`update accounts.accounts set case_id = ${caseId}::uuid, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = any(${[...accountIds]}::uuid[])`.execute(ctx.db);
}

/** Gives accounts to a collector, or back to everyone those that `from` has. Returns the accounts that changed hands. */
export async function giveAccounts(
  ctx: Ctx,
  accountIds: readonly Id<'account'>[],
  to: { readonly collector: Id<'user'> } | { readonly backFrom: Id<'user'> },
): Promise<Id<'account'>[]> {
  const collector = 'collector' in to ? to.collector : null;
  const held =
    'backFrom' in to ? sql`a.assigned_to = ${to.backFrom}` : sql`a.assigned_to is distinct from ${collector}`;
  const { rows } = await sql<{ id: Id<'account'> }>`
    update accounts.accounts a set assigned_to = ${collector}::uuid, row_version = a.row_version + 1
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[]) and ${held}
    returning a.id`.execute(ctx.db);
  return rows.map((row) => row.id);
}

/** One event for each account, because each account's page tells its own history. */
export async function insertCaseEvents(
  ctx: Ctx,
  event: {
    readonly caseId: Id<'case'>;
    readonly accountIds: readonly Id<'account'>[];
    readonly kind: CaseEventKind;
    readonly assignedTo?: Id<'user'> | null;
    readonly reason?: string;
  },
): Promise<void> {
  if (event.accountIds.length === 0) return;
  const values = event.accountIds.map(
    (accountId) => sql`(${ctx.tenant}::uuid, ${newId()}::uuid, ${event.caseId}::uuid, ${accountId}::uuid, ${event.kind},
      ${event.assignedTo ?? null}::uuid, ${event.reason ?? null}, ${ctx.actor.id}, ${ctx.at}::timestamptz, ${ctx.at}::timestamptz)`,
  );
  await sql`insert into accounts.case_events (tenant_id, id, case_id, account_id, kind, assigned_to, reason, actor_id, effective_at, recorded_at)
    values ${sql.join(values)}`.execute(ctx.db);
}

/** Accounts that are in an open case of somebody else than their own person now is, as after a merge was undone. */
export async function listStrayAccounts(
  ctx: Ctx,
  accountIds: readonly Id<'account'>[],
): Promise<{ account_id: Id<'account'>; case_id: Id<'case'> }[]> {
  const { rows } = await sql<{ account_id: Id<'account'>; case_id: Id<'case'> }>`
    select a.id as account_id, k.id as case_id from accounts.accounts a
    join accounts.cases k on k.tenant_id = ${ctx.tenant} and k.id = a.case_id and k.closed_at is null
    join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = a.cluster_id
    join parties.clusters_v their on their.tenant_id = ${ctx.tenant} and their.id = k.cluster_id
    where a.tenant_id = ${ctx.tenant} and a.id = any(${[...accountIds]}::uuid[]) and own.root_id <> their.root_id
    order by k.id, a.id`.execute(ctx.db);
  return rows;
}
