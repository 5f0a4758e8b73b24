import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type RowScope, withinScope } from './row-scope.ts';

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

export type Population = { readonly scope: RowScope; readonly clientId?: string | undefined };

/** Now: from items and facts, which `verify` holds equal to the ledger. Grouped by day in the index, so few rows leave the database. */
export async function loadOpenNow(ctx: Ctx, { scope, clientId }: Population): Promise<OpenPicture> {
  const open = await sql<OpenByDueDay>`
    select i.currency, i.due_on as "dueOn", coalesce(sum(i.open_minor) filter (where i.open_minor > 0), 0)::bigint as "openMinor",
      count(*) filter (where i.open_minor > 0) as items, coalesce(-sum(i.open_minor) filter (where i.open_minor < 0), 0)::bigint as "creditMinor"
    from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.open_minor <> 0 and ${withinScope('i.client_id', scope, clientId)}
    group by i.currency, i.due_on`.execute(ctx.db);
  const accounts = await sql<AccountsByDueDay>`
    select f.currency, f.oldest_open_due_on as "dueOn", count(*) as accounts
    from accounts.facts_v f
    where f.tenant_id = ${ctx.tenant} and f.balance_minor <> 0 and f.oldest_open_due_on is not null and ${withinScope('f.client_id', scope, clientId)}
    group by f.currency, f.oldest_open_due_on`.execute(ctx.db);
  const unapplied = await sql<{ currency: string; minor: bigint }>`
    select r.currency, sum(r.unapplied_minor)::bigint as minor from payments.receipts_v r
    where r.tenant_id = ${ctx.tenant} and r.unapplied_minor > 0 and r.state <> 'reversed' and ${withinScope('r.client_id', scope, clientId)}
    group by r.currency`.execute(ctx.db);
  return { open: open.rows, accounts: accounts.rows, unapplied: unapplied.rows };
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
