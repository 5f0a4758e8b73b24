import { sql } from 'kysely';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Amount } from './portfolio.ts';

export type ItemAmounts = {
  readonly id: string;
  readonly dueOn: CalendarDate;
  readonly issuedOn: CalendarDate;
  readonly amounts: readonly Amount[];
};

/** What accounts owe and have to their credit, by account. */
export type Amounts = {
  readonly items: ReadonlyMap<string, readonly ItemAmounts[]>;
  readonly credits: ReadonlyMap<string, readonly Amount[]>;
};

const always = Number.NEGATIVE_INFINITY;

/** What is open now, and stays so until somebody pays. */
export async function amountsNow(ctx: Ctx, ids: readonly string[]): Promise<Amounts> {
  const { rows: items } = await sql<{
    id: string;
    accountId: string;
    dueOn: CalendarDate;
    issuedOn: CalendarDate;
    minor: bigint;
  }>`
    select i.id, i.account_id as "accountId", i.due_on as "dueOn", i.issued_on as "issuedOn", i.open_minor as minor
    from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.account_id = any(${[...ids]}::uuid[]) and i.open_minor <> 0 order by i.due_on, i.id`.execute(
    ctx.db,
  );
  const { rows: credits } = await sql<{ accountId: string; minor: bigint }>`
    select r.account_id as "accountId", sum(r.unapplied_minor)::bigint as minor from payments.receipts_v r
    where r.tenant_id = ${ctx.tenant} and r.account_id = any(${[...ids]}::uuid[]) and r.unapplied_minor > 0 and r.state <> 'reversed'
    group by r.account_id`.execute(ctx.db);
  return {
    items: Map.groupBy(
      items.map(({ minor, ...item }) => ({ ...item, amounts: [{ from: always, minor }] })),
      (item) => item.accountId,
    ),
    credits: new Map(credits.map((row) => [row.accountId, [{ from: always, minor: row.minor }]])),
  };
}

/**
 * What was open from `knownAt` on, as it came to be known: by the transfers of each item, and by receipts less what was allocated of them. A
 * receipt that was taken back is left out of it altogether.
 */
export async function amountsSince(ctx: Ctx, ids: readonly string[], knownAt: Date): Promise<Amounts> {
  const { tenant } = ctx;
  const { rows: items } = await sql<{
    id: string;
    accountId: string;
    dueOn: CalendarDate;
    issuedOn: CalendarDate;
    at: Date;
    minor: bigint;
  }>`
    select x.id, x.account_id as "accountId", x.due_on as "dueOn", x.issued_on as "issuedOn", x.at, sum(x.signed_minor)::bigint as minor
    from (
      select i.id, i.account_id, i.due_on, i.issued_on, greatest(p.recorded_at, ${knownAt}::timestamptz) as at, p.signed_minor
      from accounts.items_v i
      join ledger.item_postings_v p on p.tenant_id = ${tenant} and p.item_id = i.id
      where i.tenant_id = ${tenant} and i.account_id = any(${[...ids]}::uuid[])) x
    group by x.id, x.account_id, x.due_on, x.issued_on, x.at order by x.due_on, x.id, x.at`.execute(ctx.db);
  const { rows: credits } = await sql<{ accountId: string; at: Date; minor: bigint }>`
    select y.account_id as "accountId", y.at, sum(y.minor)::bigint as minor
    from (select x.account_id, greatest(x.at, ${knownAt}::timestamptz) as at, x.minor from (
      select r.account_id, r.recorded_at as at, r.amount_minor as minor from payments.receipts_v r
      where r.tenant_id = ${tenant} and r.account_id = any(${[...ids]}::uuid[]) and r.state <> 'reversed'
      union all
      select r.account_id, a.recorded_at, -a.amount_minor from payments.receipts_v r
      join payments.allocations_v a on a.tenant_id = ${tenant} and a.receipt_id = r.id
      where r.tenant_id = ${tenant} and r.account_id = any(${[...ids]}::uuid[]) and r.state <> 'reversed'
      union all
      select r.account_id, a.reversed_at, a.amount_minor from payments.receipts_v r
      join payments.allocations_v a on a.tenant_id = ${tenant} and a.receipt_id = r.id
      where r.tenant_id = ${tenant} and r.account_id = any(${[...ids]}::uuid[]) and r.state <> 'reversed' and a.reversed_at is not null) x) y
    group by y.account_id, y.at order by 1, 2`.execute(ctx.db);
  const first = knownAt.getTime();
  const summed = (rows: readonly { readonly at: Date; readonly minor: bigint }[]): Amount[] => {
    let minor = 0n;
    return rows.map((row) => {
      minor += row.minor;
      return { from: row.at.getTime() <= first ? always : row.at.getTime(), minor };
    });
  };
  const byItem = [...Map.groupBy(items, (row) => row.id).values()].flatMap((rows) => {
    const [one] = rows;
    return one
      ? [{ id: one.id, accountId: one.accountId, dueOn: one.dueOn, issuedOn: one.issuedOn, amounts: summed(rows) }]
      : [];
  });
  return {
    items: Map.groupBy(byItem, (item) => item.accountId),
    credits: new Map([...Map.groupBy(credits, (row) => row.accountId)].map(([id, rows]) => [id, summed(rows)])),
  };
}
