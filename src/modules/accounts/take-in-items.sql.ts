import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { addTallies } from '../../kernel/tallies.ts';
import { ofChangedItems, ofNewItems } from './item-tallies.sql.ts';
import type { ImportScope } from './take-in-accounts.sql.ts';

/**
 * Item rows of an import with the account they belong to. Intake has set aside what belongs to another currency or customer than we
 * know; should such a row come through all the same, it matches nothing here and moves nothing. Accounts `born` in this very import
 * have the customer and the currency of their rows, whose clashes are set aside too: they are not looked up.
 */
const stagedItems = (ctx: Ctx, scope: ImportScope, born = false): RawBuilder<unknown> => sql`
  select s.*, ${born ? sql`${scope.clientId}::uuid as client_id` : sql`a.client_id`}, case when s.amount_minor < 0 then 'credit_note' when s.item_kind = 'credit_note' then 'invoice' else coalesce(s.item_kind, 'invoice') end as kind,
    coalesce(s.number_key, kernel.number_key(s.item_number)) as item_key
  from intake.staged_rows_v s
  ${born ? sql`` : joinAccount(ctx, scope)}
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${scope.importId} and s.item_id is not null`;

const joinAccount = (ctx: Ctx, scope: ImportScope): RawBuilder<unknown> => sql`
  join accounts.accounts a on a.tenant_id = ${ctx.tenant} and a.id = s.account_id and a.client_id = ${scope.clientId} and a.currency = s.currency`;

/** What `postSelected` reads, for a signed amount that raises (positive) or lowers what is owed against another ledger account. */
const receivableAgainst = (other: 'opening' | 'clearing', signed: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  case when ${signed} > 0 then 'receivable' else ${other} end as debit_kind, case when ${signed} > 0 then 'principal' else 'none' end as debit_component,
  case when ${signed} > 0 then ${other} else 'receivable' end as credit_kind, case when ${signed} > 0 then 'none' else 'principal' end as credit_component,
  abs(${signed}) as amount_minor, 'principal' as component, null::uuid as receipt_id`;

/** New items of an import; `fresh`: none of its accounts was known before, so hardly any of its items can be. */
export async function insertStagedItems(ctx: Ctx, scope: ImportScope, fresh: boolean): Promise<bigint> {
  const known = sql`select 1 from accounts.items i where i.tenant_id = ${ctx.tenant} and i.id = s.item_id`;
  const { rows } = await sql<{ n: bigint }>`with born as (insert into accounts.items
      (tenant_id, id, account_id, client_id, kind, number, number_key, description, issued_on, due_on, amount_minor, open_minor, currency, closed_on, recorded_at)
    select s.tenant_id, s.item_id, s.account_id, s.client_id, s.kind, s.item_number, s.item_key, s.description, s.issued_on, s.due_on, s.amount_minor, s.amount_minor,
           s.currency, case when s.amount_minor = 0 then s.issued_on end, ${ctx.at}::timestamptz
    from (${stagedItems(ctx, scope, fresh)}) s
    ${fresh ? sql`where not exists (${known})` : sql``}
    order by s.item_id
    ${fresh ? sql`` : sql`on conflict (tenant_id, id) do nothing`}
    returning client_id, currency::text as currency, issued_on, due_on, amount_minor, open_minor),
    tallied as (${addTallies(ctx, ofNewItems)})
    select count(*) as n from born`.execute(ctx.db);
  return rows[0]?.n ?? 0n;
}

/** The opening of every staged item. Its id is the item's, so that of a known item conflicts and is left alone. */
export const openingTransfers = (ctx: Ctx, scope: ImportScope, fresh: boolean): RawBuilder<unknown> => sql`
  select s.item_id as transfer_id, s.client_id, s.currency, s.account_id, s.item_id, s.issued_on as effective_on,
         ${receivableAgainst('opening', sql`s.amount_minor`)}
  from (${stagedItems(ctx, scope, fresh)}) s where s.amount_minor <> 0`;

/** Known items whose staged amount is another: the difference, from the day the file says so. */
export const amountChanges = (ctx: Ctx, scope: ImportScope): RawBuilder<unknown> => sql`
  select kernel.hash_id('item_change', s.import_id::text, s.item_id::text) as transfer_id, s.client_id, s.currency, s.account_id, s.item_id,
         greatest(${scope.on}::date, i.issued_on) as effective_on, ${receivableAgainst('opening', sql`(s.amount_minor - i.amount_minor)`)}
  from (${stagedItems(ctx, scope)}) s
  join accounts.items i on i.tenant_id = ${ctx.tenant} and i.id = s.item_id and i.account_id = s.account_id
  where s.amount_minor <> i.amount_minor`;

/**
 * Known items take what the file says of them; `open_minor` follows from the transfers, not from here. What transfers moved so far is by the
 * item's due day and goes with it: adjust what was posted before.
 */
export async function updateStagedItems(ctx: Ctx, scope: ImportScope): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`
    with said as materialized (${stagedItems(ctx, scope)}),
    before as materialized (
      select i.id, i.client_id, i.currency::text as currency, i.issued_on, i.due_on, i.amount_minor, i.open_minor
      from said s join accounts.items i on i.tenant_id = ${ctx.tenant} and i.id = s.item_id and i.account_id = s.account_id),
    changed as (
      update accounts.items i
      set amount_minor = s.amount_minor, kind = s.kind, number = s.item_number, number_key = s.item_key, description = s.description, issued_on = s.issued_on, due_on = s.due_on,
          row_version = i.row_version + 1
      from said s
      where i.tenant_id = ${ctx.tenant} and i.id = s.item_id and i.account_id = s.account_id
        and (i.amount_minor, i.kind, i.number, i.description, i.issued_on, i.due_on)
          is distinct from (s.amount_minor, s.kind, s.item_number, s.description, s.issued_on, s.due_on)
      returning i.id, i.client_id, i.currency::text as currency, i.issued_on, i.due_on, i.amount_minor, i.open_minor),
    tallied as (${addTallies(ctx, ofChangedItems(ctx))})
    select count(*) as n from changed`.execute(ctx.db);
  return rows[0]?.n ?? 0n;
}

/**
 * Where the host says what is still open: the difference to ours, as host reductions waiting in clearing for the receipt that
 * explains them. Not reduced is what a settlement of the same row is about to bring as a receipt (of which clearing takes its part
 * first). Where the host has more open than we do, only earlier host reductions are taken back: our own receipts are ahead of it.
 */
export const hostReductions = (ctx: Ctx, scope: ImportScope, anyClearing: boolean): RawBuilder<unknown> => sql`
  select kernel.hash_id('host_reduction', r.import_id::text, r.item_id::text) as transfer_id, r.client_id, r.currency, r.account_id, r.item_id,
         r.effective_on, ${receivableAgainst('clearing', sql`r.signed_minor`)}
  from (
    select d.*, case when d.amount_minor >= 0
        then case when d.gap_minor >= 0 then -d.gap_minor else least(-d.gap_minor, greatest(d.cleared_minor, 0)) end
        else case when d.gap_minor <= 0 then -d.gap_minor else -least(d.gap_minor, greatest(-d.cleared_minor, 0)) end end as signed_minor
    from (
      select s.import_id, s.client_id, s.currency, s.account_id, s.item_id, s.amount_minor, cl.cleared_minor,
             greatest(coalesce(s.settled_on, ${scope.on}::date), i.issued_on) as effective_on,
             i.open_minor - greatest(coalesce(s.settled_minor, 0) - coalesce(e.already_minor, 0) - greatest(cl.cleared_minor, 0), 0)
               - case when s.amount_minor >= 0 then s.open_minor else greatest(-abs(s.open_minor), s.amount_minor) end as gap_minor
      from (${stagedItems(ctx, scope)}) s
      join accounts.items i on i.tenant_id = ${ctx.tenant} and i.id = s.item_id and i.account_id = s.account_id
      left join (
        select x.source_row_id, sum(x.amount_minor)::bigint as already_minor from payments.receipts_v x
        where x.tenant_id = ${ctx.tenant} and x.source_row_id is not null group by x.source_row_id) e on e.source_row_id = s.source_row_id
      cross join lateral (${anyClearing ? clearedOf(ctx) : sql`select 0::bigint as cleared_minor`}) cl
      where s.open_minor is not null) d) r
  where r.signed_minor <> 0`;

const clearedOf = (ctx: Ctx): RawBuilder<unknown> => sql`
  select coalesce(sum(case when t.debit_kind = 'clearing' then t.amount_minor else -t.amount_minor end), 0)::bigint as cleared_minor
  from ledger.transfers_v t where t.tenant_id = ${ctx.tenant} and t.account_id = s.account_id and t.item_id = s.item_id
    and 'clearing' in (t.debit_kind, t.credit_kind)`;

/** Whether the client ever had a host reduction: while it had none, clearing need not be looked up row by row. */
export async function hasClearing(ctx: Ctx, clientId: Id<'client'>): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`select exists (select 1 from ledger.ledger_accounts_v l
    where l.tenant_id = ${ctx.tenant} and l.client_id = ${clientId} and l.kind = 'clearing') as yes`.execute(ctx.db);
  return rows[0]?.yes ?? false;
}

/** How far a journal's transfers move each item, for `adjustOpen`. */
export const journalDeltas = (ctx: Ctx, journalId: Id<'journal'>): RawBuilder<unknown> => sql`
  select t.item_id, case when t.debit_kind = 'receivable' then t.amount_minor else -t.amount_minor end as delta_minor, t.effective_on as on_date
  from ledger.transfers_v t
  where t.tenant_id = ${ctx.tenant} and t.journal_id = ${journalId} and t.id is distinct from t.item_id and t.item_id is not null and 'receivable' in (t.debit_kind, t.credit_kind)`;

/** Accounts of which the import lowered some item, by journals of changes, or to which it brought a credit note, by that of openings. */
export const accountsLowered = (
  ctx: Ctx,
  importId: Id<'import'>,
  journals: { readonly opened: Id<'journal'> | null; readonly changes: readonly Id<'journal'>[] },
): RawBuilder<unknown> => sql`
  select t.account_id from ledger.transfers_v t
  where t.tenant_id = ${ctx.tenant} and t.journal_id = any(${[...journals.changes]}::uuid[]) and t.id is distinct from t.item_id and t.credit_kind = 'receivable'
  union
  select s.account_id from intake.staged_rows_v s
  join ledger.transfers_v t on t.tenant_id = ${ctx.tenant} and t.id = s.item_id and t.journal_id = ${journals.opened}::uuid
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.amount_minor < 0`;

/** Items a journal moved that are now closed. */
export async function countClosedBy(ctx: Ctx, journalId: Id<'journal'>): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from accounts.items i
    where i.tenant_id = ${ctx.tenant} and i.open_minor = 0 and i.id in (
      select t.item_id from ledger.transfers_v t where t.tenant_id = ${ctx.tenant} and t.journal_id = ${journalId} and t.id is distinct from t.item_id)`.execute(
    ctx.db,
  );
  return rows[0]?.n ?? 0n;
}
