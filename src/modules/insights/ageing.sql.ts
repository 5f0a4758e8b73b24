import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { withinScope } from './row-scope.ts';
import { type Population, type Reading, sumTallies, type Tally } from './tallies.sql.ts';

/** What is open by currency and due day, and how many accounts have that day as their oldest. Credits are open amounts below zero. */
export type OpenByDueDay = {
  readonly currency: string;
  readonly dueOn: CalendarDate;
  readonly openMinor: bigint;
  readonly items: bigint;
  readonly creditMinor: bigint;
};
export type AccountsByDueDay = { readonly currency: string; readonly dueOn: CalendarDate; readonly accounts: bigint };
export type OpenPicture = {
  readonly open: OpenByDueDay[];
  readonly accounts: AccountsByDueDay[];
  readonly unapplied: { currency: string; minor: bigint }[];
};

export type { Population } from './tallies.sql.ts';

/** What an open picture is made of. */
export const openReadings: readonly Reading[] = [
  { measures: ['item_open', 'item_credit', 'account_oldest'], by: ['day'] },
  { measures: ['receipt_unapplied', 'receipt_unmatched'] },
];

/** Now: from the tallies, which `verify` holds equal to items, facts and receipts, and these to the ledger. */
export const loadOpenNow = async (ctx: Ctx, population: Population): Promise<OpenPicture> =>
  openOf(await sumTallies(ctx, population, openReadings));

/** The open picture among tallies read. Pure. */
export function openOf(tallies: readonly Tally[]): OpenPicture {
  const open = new Map<string, OpenByDueDay>();
  const unapplied = new Map<string, bigint>();
  const accounts: AccountsByDueDay[] = [];
  for (const { measure, currency, day, n, minor } of tallies) {
    if (measure === 'receipt_unapplied' || measure === 'receipt_unmatched')
      unapplied.set(currency, (unapplied.get(currency) ?? 0n) + minor);
    if (day === null) continue;
    const key = `${currency} ${day}`;
    const { openMinor, items, creditMinor } = open.get(key) ?? { openMinor: 0n, items: 0n, creditMinor: 0n };
    if (measure === 'item_open') open.set(key, { currency, dueOn: day, openMinor: minor, items: n, creditMinor });
    if (measure === 'item_credit') open.set(key, { currency, dueOn: day, openMinor, items, creditMinor: minor });
    if (measure === 'account_oldest') accounts.push({ currency, dueOn: day, accounts: n });
  }
  return {
    open: [...open.values()],
    accounts,
    unapplied: [...unapplied].map(([currency, minor]) => ({ currency, minor })),
  };
}

/** Each item's balance from transfers effective by the day and known at `ctx.at`; what a past report is made of. */
export const balancesOn = (ctx: Ctx, on: CalendarDate, { scope, clientId }: Population): RawBuilder<unknown> => sql`
  select i.account_id, i.currency, i.due_on, b.balance_minor
  from (
    select p.item_id, sum(p.signed_minor)::bigint as balance_minor from ledger.item_postings_v p
    where p.tenant_id = ${ctx.tenant} and p.effective_on <= ${on}::date and p.recorded_at <= ${ctx.at}
    group by p.item_id having sum(p.signed_minor) <> 0) b
  join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = b.item_id
  where ${withinScope('i.client_id', scope, clientId)}`;

/** At a past day: from the ledger. */
export async function loadOpenOn(ctx: Ctx, on: CalendarDate, population: Population): Promise<OpenPicture> {
  const open = await sql<OpenByDueDay>`
    select b.currency, b.due_on as "dueOn", coalesce(sum(b.balance_minor) filter (where b.balance_minor > 0), 0)::bigint as "openMinor",
      count(*) filter (where b.balance_minor > 0) as items, coalesce(-sum(b.balance_minor) filter (where b.balance_minor < 0), 0)::bigint as "creditMinor"
    from (${balancesOn(ctx, on, population)}) b group by b.currency, b.due_on`.execute(ctx.db);
  const accounts = await sql<AccountsByDueDay>`
    select a.currency, a.due_on as "dueOn", count(*) as accounts
    from (select b.account_id, b.currency, min(b.due_on) as due_on from (${balancesOn(ctx, on, population)}) b where b.balance_minor > 0
      group by b.account_id, b.currency) a
    group by a.currency, a.due_on`.execute(ctx.db);
  const unapplied = await sql<{ currency: string; minor: bigint }>`
    select t.currency, sum(case when t.credit_kind = 'unapplied' then t.amount_minor else -t.amount_minor end)::bigint as minor
    from ledger.transfers_v t
    where t.tenant_id = ${ctx.tenant} and 'unapplied' in (t.credit_kind, t.debit_kind) and t.effective_on <= ${on}::date and t.recorded_at <= ${ctx.at}
      and ${withinScope('t.client_id', population.scope, population.clientId)}
    group by t.currency`.execute(ctx.db);
  return { open: open.rows, accounts: accounts.rows, unapplied: unapplied.rows };
}
