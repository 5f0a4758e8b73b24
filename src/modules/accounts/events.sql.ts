import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { AccountEvent } from './event.ts';

/** From now on what happens to accounts is written down, for whoever takes it. */
export async function listenForEvents(ctx: Ctx): Promise<void> {
  await sql`insert into accounts.event_listeners (tenant_id, id) values (${ctx.tenant}, ${ctx.tenant}) on conflict do nothing`.execute(
    ctx.db,
  );
}

/**
 * Writes down what happened, in the transaction in which it did: `happened` selects `tenant_id`, `account_id`, `kind` and `subject_id` of any
 * number of accounts. What was told before is no news, and nothing is read while nobody listens.
 */
export async function reportEvents(ctx: Ctx, happened: RawBuilder<unknown>, occurredAt: Date = ctx.at): Promise<void> {
  const { rows } = await sql<{ listening: boolean }>`
    select exists (select 1 from accounts.event_listeners l where l.tenant_id = ${ctx.tenant}) as listening`.execute(
    ctx.db,
  );
  if (rows[0]?.listening !== true) return;
  await sql`
    insert into accounts.events (tenant_id, id, account_id, kind, subject_id, occurred_at, recorded_at)
    select h.tenant_id, kernel.hash_id('event', h.kind, h.account_id::text, h.subject_id::text), h.account_id, h.kind, h.subject_id,
      ${occurredAt}::timestamptz, ${ctx.at}::timestamptz
    from (${happened}) h
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
}

/** Writes down what happened to one account. */
export async function reportEvent(
  ctx: Ctx,
  kind: AccountEvent,
  accountId: Id<'account'>,
  subjectId: string,
  occurredAt?: Date,
): Promise<void> {
  await reportEvents(ctx, happenedTo(ctx, kind, subjectId, sql`a.id = ${accountId}::uuid`), occurredAt);
}

/** Writes down what happened to every account of a party. */
export async function reportEventOfParty(
  ctx: Ctx,
  kind: AccountEvent,
  partyId: Id<'party'>,
  subjectId: string,
): Promise<void> {
  await reportEvents(ctx, happenedTo(ctx, kind, subjectId, sql`a.party_id = ${partyId}::uuid`));
}

const happenedTo = (ctx: Ctx, kind: AccountEvent, subjectId: string, which: RawBuilder<unknown>) => sql`
  select a.tenant_id, a.id as account_id, ${kind}::text as kind, ${subjectId}::uuid as subject_id
  from accounts.accounts a where a.tenant_id = ${ctx.tenant} and ${which}`;

/**
 * Takes the oldest events that nobody has taken, and returns their accounts; nobody else gets the same. Given back when the transaction
 * fails.
 */
export async function takeEvents(ctx: Ctx, most: number): Promise<Id<'account'>[]> {
  const { rows } = await sql<{ account_id: Id<'account'> }>`
    update accounts.events e set taken_at = ${ctx.at}
    from (
      select o.id from accounts.events o where o.tenant_id = ${ctx.tenant} and o.taken_at is null
      order by o.recorded_at, o.id limit ${most} for update skip locked) next
    where e.tenant_id = ${ctx.tenant} and e.id = next.id
    returning e.account_id`.execute(ctx.db);
  return [...new Set(rows.map((row) => row.account_id))].sort();
}

/** Says that all events so far have been looked at, as a run over all accounts does. */
export async function settleEvents(ctx: Ctx): Promise<void> {
  await sql`
    update accounts.events e set taken_at = ${ctx.at}
    from (
      select o.id from accounts.events o where o.tenant_id = ${ctx.tenant} and o.taken_at is null for update skip locked) seen
    where e.tenant_id = ${ctx.tenant} and e.id = seen.id`.execute(ctx.db);
}
