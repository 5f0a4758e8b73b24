import { type RawBuilder, sql } from 'kysely';
import { type CalendarDate, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id } from '../../kernel/ids.ts';
import { type Currency, type Money, money } from '../../kernel/money.ts';
import { reportEvents } from '../accounts/public.ts';
import type { PromiseFacts, PromiseJudgement, PromiseState } from './promise-to-pay.ts';

/** A promise with what it is judged on now, and the client's calendar day. */
export type StandingPromise = {
  readonly id: Id<'promise'>;
  readonly accountId: Id<'account'>;
  readonly clusterId: Id<'cluster'>;
  readonly state: PromiseState;
  readonly holdId: Id<'hold'>;
  readonly receivedThen: Money;
  readonly facts: PromiseFacts;
  readonly today: CalendarDate;
  readonly rowVersion: bigint;
};

/** Which promises: those of accounts, those of accounts a fragment selects (one column, the id), one, or all. */
export type PromiseSelection =
  | { readonly accountIds: readonly string[] }
  | { readonly selected: RawBuilder<unknown> }
  | { readonly promiseId: string }
  | { readonly all: true };

/**
 * Money that has reached an item, dated and with reversed money left out altogether: receipts applied to it, and reductions the
 * host reported (which a later receipt only explains, so nothing counts twice). Corrections of the item itself are not money.
 */
export const paidOn = (ctx: Ctx, items: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select t.item_id, t.effective_on, t.amount_minor
  from ledger.transfers_v t
  where t.tenant_id = ${ctx.tenant} and t.item_id in (${items}) and t.credit_kind = 'receivable' and t.debit_kind in ('unapplied', 'clearing')
    and not exists (select 1 from ledger.transfers_v r where r.tenant_id = ${ctx.tenant} and r.reverses_id = t.id)`;

const matching = (selection: PromiseSelection): RawBuilder<unknown> => {
  if ('all' in selection) return sql`true`;
  if ('promiseId' in selection) return sql`p.id = ${selection.promiseId}::uuid`;
  if ('selected' in selection) return sql`p.account_id in (${selection.selected})`;
  return sql`p.account_id = any(${[...selection.accountIds]}::uuid[])`;
};

/** Promises in one of the states with what came for them until their last day, oldest due first. */
export async function listPromisesWithFacts(
  ctx: Ctx,
  selection: PromiseSelection,
  states: readonly PromiseState[],
): Promise<StandingPromise[]> {
  const { rows } = await sql<{
    id: Id<'promise'>;
    account_id: Id<'account'>;
    cluster_id: Id<'cluster'>;
    state: PromiseState;
    hold_id: Id<'hold'>;
    amount_minor: bigint;
    received_then: bigint;
    received_minor: bigint;
    open_minor: bigint;
    currency: Currency;
    due_on: CalendarDate;
    grace_days: number;
    time_zone: string;
    row_version: bigint;
  }>`
    with chosen as (
      select p.* from payments.promises p where p.tenant_id = ${ctx.tenant} and p.state = any(${[...states]}::text[]) and ${matching(selection)}),
    covered as (
      select c.id as promise_id, c.due_on + c.grace_days as last_day, pi.item_id, pi.paid_minor_at_promise
      from chosen c join payments.promise_items pi on pi.tenant_id = ${ctx.tenant} and pi.promise_id = c.id),
    paid as (${paidOn(ctx, sql`select v.item_id from covered v`)}),
    arrived as (
      select v.promise_id, v.item_id, greatest(coalesce(sum(paid.amount_minor), 0) - v.paid_minor_at_promise, 0)::bigint as minor
      from covered v left join paid on paid.item_id = v.item_id and paid.effective_on <= v.last_day
      group by v.promise_id, v.item_id, v.paid_minor_at_promise),
    totals as (
      select v.promise_id, sum(v.minor)::bigint as received_minor, sum(greatest(i.open_minor, 0))::bigint as open_minor
      from arrived v join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = v.item_id
      group by v.promise_id)
    select c.id, c.account_id, c.cluster_id, c.state, c.hold_id, c.amount_minor, c.received_minor as received_then, t.received_minor, t.open_minor,
      c.currency, c.due_on, c.grace_days, cl.time_zone, c.row_version
    from chosen c
    join totals t on t.promise_id = c.id
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = c.account_id
    join accounts.clients_v cl on cl.tenant_id = ${ctx.tenant} and cl.id = a.client_id
    order by c.due_on, c.id`.execute(ctx.db);
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    clusterId: row.cluster_id,
    state: row.state,
    holdId: row.hold_id,
    receivedThen: money(row.received_then, row.currency),
    facts: {
      promised: money(row.amount_minor, row.currency),
      received: money(row.received_minor, row.currency),
      stillOpen: money(row.open_minor, row.currency),
      dueOn: row.due_on,
      graceDays: row.grace_days,
    },
    today: localDateOf(ctx.at, timeZone(row.time_zone)),
    rowVersion: row.row_version,
  }));
}

/** Tells what has become of these promises. One kept in part was not kept. */
export async function reportPromises(ctx: Ctx, promiseIds: readonly Id<'promise'>[]): Promise<void> {
  if (promiseIds.length === 0) return;
  await reportEvents(
    ctx,
    sql`select p.tenant_id, p.account_id, case p.state when 'kept' then 'promise_kept' else 'promise_broken' end as kind, p.id as subject_id
      from payments.promises p
      where p.tenant_id = ${ctx.tenant} and p.id = any(${[...promiseIds]}::uuid[]) and p.state in ('kept', 'part_kept', 'broken')`,
  );
}

/** Writes what a promise has come to. `holdId` is the hold that stands for it from now on. */
export async function updatePromise(
  ctx: Ctx,
  promise: StandingPromise,
  judgement: PromiseJudgement,
  holdId: Id<'hold'>,
): Promise<void> {
  const judged = judgement.state !== 'open';
  await sql`
    update payments.promises
    set state = ${judgement.state}, received_minor = ${promise.facts.received.amountMinor}, hold_id = ${holdId},
      judged_on = ${judged ? promise.today : null}, judged_reason = ${judged ? judgement.reason : null}, row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${promise.id}`.execute(ctx.db);
}

export type PromisedItem = {
  readonly itemId: Id<'item'>;
  readonly number: string | null;
  readonly open: Money;
  readonly paidMinor: bigint;
  readonly promised: boolean;
};

/** The items of an account among these ids, with what is open, what was ever paid on them, and whether a promise already covers them. */
export async function listPromisableItems(
  ctx: Ctx,
  accountId: string,
  itemIds: readonly string[],
): Promise<PromisedItem[]> {
  const { rows } = await sql<{
    id: Id<'item'>;
    number: string | null;
    open_minor: bigint;
    currency: Currency;
    paid_minor: bigint;
    promised: boolean;
  }>`
    with paid as (${paidOn(ctx, sql`select unnest(${[...itemIds]}::uuid[])`)})
    select i.id, i.number, i.open_minor, i.currency, coalesce((select sum(p.amount_minor) from paid p where p.item_id = i.id), 0)::bigint as paid_minor,
      exists (
        select 1 from payments.promise_items pi join payments.promises p on p.tenant_id = pi.tenant_id and p.id = pi.promise_id
        where pi.tenant_id = ${ctx.tenant} and p.tenant_id = ${ctx.tenant} and pi.item_id = i.id and p.state = 'open') as promised
    from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.account_id = ${accountId} and i.id = any(${[...itemIds]}::uuid[])`.execute(
    ctx.db,
  );
  return rows.map((row) => ({
    itemId: row.id,
    number: row.number,
    open: money(row.open_minor, row.currency),
    paidMinor: row.paid_minor,
    promised: row.promised,
  }));
}

export type NewPromise = {
  readonly id: Id<'promise'>;
  readonly accountId: Id<'account'>;
  readonly clusterId: Id<'cluster'>;
  readonly amount: Money;
  readonly dueOn: CalendarDate;
  readonly graceDays: number;
  readonly channel: string;
  readonly holdId: Id<'hold'>;
  readonly items: readonly PromisedItem[];
};

export async function insertPromise(ctx: Ctx, promise: NewPromise): Promise<void> {
  await sql`
    insert into payments.promises (tenant_id, id, account_id, cluster_id, amount_minor, currency, due_on, grace_days, state, made_at, made_by,
      channel, hold_id, recorded_at)
    values (${ctx.tenant}, ${promise.id}, ${promise.accountId}, ${promise.clusterId}, ${promise.amount.amountMinor}, ${promise.amount.currency},
      ${promise.dueOn}, ${promise.graceDays}, 'open', ${ctx.at}, ${ctx.actor.name}, ${promise.channel}, ${promise.holdId}, ${ctx.at})`.execute(
    ctx.db,
  );
  const values = promise.items.map(
    (
      item,
    ) => sql`(${ctx.tenant}::uuid, ${hashId('promise-item', promise.id, item.itemId)}::uuid, ${promise.id}::uuid, ${item.itemId}::uuid,
      ${item.open.amountMinor}::bigint, ${item.paidMinor}::bigint)`,
  );
  await sql`insert into payments.promise_items (tenant_id, id, promise_id, item_id, open_minor_at_promise, paid_minor_at_promise)
    values ${sql.join(values)}`.execute(ctx.db);
}

export async function listPromiseItems(ctx: Ctx, promiseId: string): Promise<Id<'item'>[]> {
  const { rows } = await sql<{ item_id: Id<'item'> }>`
    select item_id from payments.promise_items where tenant_id = ${ctx.tenant} and promise_id = ${promiseId} order by item_id`.execute(
    ctx.db,
  );
  return rows.map((row) => row.item_id);
}
