import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Currency, type Money, money } from '../../kernel/money.ts';
import type { AllocationTarget, PayableItem, ProposedAllocation } from './allocate-cash.ts';
import type { Allocation } from './receipt.ts';

/**
 * Items of an account that can take money, with what the host already took off them and open promises on them. `givenBack`:
 * allocations about to be reversed, counted as if they already were.
 */
export async function listPayableItems(
  ctx: Ctx,
  accountId: string,
  givenBack: readonly Allocation[] = [],
): Promise<PayableItem[]> {
  const { rows } = await sql<{
    id: Id<'item'>;
    account_id: Id<'account'>;
    number: string | null;
    issued_on: CalendarDate;
    due_on: CalendarDate;
    open_minor: bigint;
    clearing_minor: bigint;
    promised: boolean;
  }>`
    with cleared as (
      select t.item_id, sum(case when t.debit_kind = 'clearing' then t.amount_minor else -t.amount_minor end)::bigint as minor
      from ledger.transfers_v t
      where t.tenant_id = ${ctx.tenant} and t.account_id = ${accountId} and t.item_id is not null
        and 'clearing' in (t.debit_kind, t.credit_kind)
      group by t.item_id)
    select i.id, i.account_id, i.number, i.issued_on, i.due_on, i.open_minor, coalesce(c.minor, 0) as clearing_minor,
      exists (
        select 1 from payments.promise_items pi join payments.promises p on p.tenant_id = pi.tenant_id and p.id = pi.promise_id
        where pi.tenant_id = ${ctx.tenant} and p.tenant_id = ${ctx.tenant} and pi.item_id = i.id and p.state = 'open') as promised
    from accounts.items_v i left join cleared c on c.item_id = i.id
    where i.tenant_id = ${ctx.tenant} and i.account_id = ${accountId} and (i.open_minor > 0 or c.minor > 0 or i.id = any(${givenBack.map((a) => a.itemId)}::uuid[]))`.execute(
    ctx.db,
  );
  return rows.map((row) => ({
    itemId: row.id,
    accountId: row.account_id,
    number: row.number,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    // An overpaid item stands below zero, and what is given back to it first makes up for that.
    openMinor: notBelowZero(row.open_minor + totalBack(givenBack, row.id, 'receivable')),
    clearingMinor: notBelowZero(row.clearing_minor + totalBack(givenBack, row.id, 'clearing')),
    promised: row.promised,
  }));
}

const notBelowZero = (minor: bigint): bigint => (minor > 0n ? minor : 0n);

function totalBack(givenBack: readonly Allocation[], itemId: string, against: AllocationTarget): bigint {
  return givenBack
    .filter((a) => a.itemId === itemId && a.against === against)
    .reduce((total, a) => total + a.amount.amountMinor, 0n);
}

type NewAllocation = ProposedAllocation & { readonly id: string };

export async function insertAllocations(
  ctx: Ctx,
  receiptId: string,
  allocations: readonly NewAllocation[],
): Promise<void> {
  if (allocations.length === 0) return;
  const values = allocations.map(
    (
      a,
    ) => sql`(${ctx.tenant}::uuid, ${a.id}::uuid, ${receiptId}::uuid, ${a.accountId}::uuid, ${a.itemId}::uuid, ${a.amount.amountMinor}::bigint,
      ${a.amount.currency}, ${a.against}, ${a.method}, ${a.reason}, ${a.effectiveOn}::date, ${ctx.at}::timestamptz)`,
  );
  await sql`insert into payments.allocations (tenant_id, id, receipt_id, account_id, item_id, amount_minor, currency, against, method, reason,
    effective_on, recorded_at) values ${sql.join(values)}`.execute(ctx.db);
}

/** The allocations of a receipt that stand; `allocationId` narrows to one. */
export async function listStandingAllocations(
  ctx: Ctx,
  receiptId: string,
  allocationId?: string,
): Promise<Allocation[]> {
  const { rows } = await sql<{
    id: Id<'transfer'>;
    receipt_id: Id<'receipt'>;
    account_id: Id<'account'>;
    item_id: Id<'item'>;
    amount_minor: bigint;
    currency: Currency;
    against: AllocationTarget;
    effective_on: CalendarDate;
  }>`
    select * from payments.allocations
    where tenant_id = ${ctx.tenant} and receipt_id = ${receiptId} and reversed_at is null
      and (${allocationId ?? null}::uuid is null or id = ${allocationId ?? null}::uuid)
    order by recorded_at, id`.execute(ctx.db);
  return rows.map((row) => ({
    id: row.id,
    receiptId: row.receipt_id,
    accountId: row.account_id,
    itemId: row.item_id,
    amount: money(row.amount_minor, row.currency),
    against: row.against,
    effectiveOn: row.effective_on,
  }));
}

export async function markAllocationsReversed(ctx: Ctx, ids: readonly string[], reason: string): Promise<void> {
  await sql`
    update payments.allocations
    set reversed_at = ${ctx.at}, reversed_by = ${ctx.actor.id}, reversal_reason = ${reason}
    where tenant_id = ${ctx.tenant} and id = any(${ids}::uuid[]) and reversed_at is null`.execute(ctx.db);
}

export async function markAllocationsReviewed(ctx: Ctx, receiptId: string): Promise<number> {
  const done = await sql`
    update payments.allocations set reviewed_by = ${ctx.actor.id}
    where tenant_id = ${ctx.tenant} and receipt_id = ${receiptId} and reversed_at is null and reviewed_by is null`.execute(
    ctx.db,
  );
  return Number(done.numAffectedRows ?? 0n);
}

export async function findAllocationReceipt(ctx: Ctx, allocationId: string): Promise<Id<'receipt'> | null> {
  const { rows } = await sql<{ receipt_id: Id<'receipt'> }>`
    select receipt_id from payments.allocations where tenant_id = ${ctx.tenant} and id = ${allocationId}`.execute(
    ctx.db,
  );
  return rows[0]?.receipt_id ?? null;
}

export type OpenDelta = { readonly itemId: string; readonly delta: Money; readonly on: CalendarDate };

/** Deltas of a few items as the fragment `accounts.adjustOpen` takes. */
export function deltasFragment(ctx: Ctx, deltas: readonly OpenDelta[]): RawBuilder<unknown> {
  const values = deltas.map(
    (d) => sql`(${ctx.tenant}::uuid, ${d.itemId}::uuid, ${d.delta.amountMinor}::bigint, ${d.on}::date)`,
  );
  return sql`select v.tenant_id, v.item_id, sum(v.delta_minor)::bigint as delta_minor, max(v.on_date) as on_date
    from (values ${sql.join(values)}) as v (tenant_id, item_id, delta_minor, on_date) group by v.tenant_id, v.item_id`;
}
