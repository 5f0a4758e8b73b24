import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { lockRootsOf } from '../parties/public.ts';
import type { Facts } from './facts.ts';

const columns: RawBuilder<unknown> = sql`id, client_id as "clientId", party_id as "partyId", cluster_id as "clusterId", currency, state,
  party_name as "partyName", account_number as "accountNumber", balance_minor as "balanceMinor", credit_minor as "creditMinor",
  open_items as "openItems", oldest_open_due_on as "oldestOpenDueOn", oldest_open_issued_on as "oldestOpenIssuedOn",
  newest_open_due_on as "newestOpenDueOn", promise_due_on as "promiseDueOn", promises_kept as "promisesKept",
  promises_broken as "promisesBroken", last_contact_at as "lastContactAt", last_conversation_at as "lastConversationAt",
  last_paid_on as "lastPaidOn", paid_minor as "paidMinor", settled_items as "settledItems", settled_days_late as "settledDaysLate",
  has_email as "hasEmail", has_phone as "hasPhone", contact_hold_until as "contactHoldUntil", assigned_to as "assignedTo", sensitive,
  stop_epoch as "stopEpoch", updated_at as "updatedAt"`;

/**
 * Locks accounts (their facts rows) in id order until the transaction ends, and returns their facts; unknown ids are left out.
 * Second of three lock levels: take the cluster's lock before, never after (`lockWithPersons` does both).
 */
export async function lockAccounts(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<Facts[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<Facts>`select ${columns} from accounts.facts
    where tenant_id = ${ctx.tenant} and id = any(${[...accountIds]}::uuid[]) order by id for update`.execute(ctx.db);
  return rows;
}

/** Locks the accounts a fragment selects (one column, the id; null and unknown ones are passed over), in id order like `lockAccounts`. */
export async function lockSelectedAccounts(ctx: Ctx, selected: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`with locked as (
      select f.id from accounts.facts f where f.tenant_id = ${ctx.tenant} and f.id in (${selected}) order by f.id for update)
    select count(*) as n from locked`.execute(ctx.db);
  return Number(rows[0]?.n ?? 0n);
}

/** Locks the persons behind accounts, then the accounts, in the order every sender uses; returns the accounts' facts. */
export async function lockWithPersons(ctx: Ctx, accountIds: readonly Id<'account'>[]): Promise<Facts[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ cluster_id: Id<'cluster'> }>`select distinct cluster_id from accounts.facts
    where tenant_id = ${ctx.tenant} and id = any(${[...accountIds]}::uuid[])`.execute(ctx.db);
  await lockRootsOf(
    ctx,
    rows.map((row) => row.cluster_id),
  );
  return lockAccounts(ctx, accountIds);
}

/** The facts of an account, unlocked; null when there is no such account. */
export async function findFacts(ctx: Ctx, accountId: Id<'account'>): Promise<Facts | null> {
  const { rows } =
    await sql<Facts>`select ${columns} from accounts.facts where tenant_id = ${ctx.tenant} and id = ${accountId}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}

/** The facts of an account, unlocked; throws when there is no such account. */
export async function loadFacts(ctx: Ctx, accountId: Id<'account'>): Promise<Facts> {
  const facts = await findFacts(ctx, accountId);
  if (!facts) throw new Error(`There is no account ${accountId}`);
  return facts;
}
