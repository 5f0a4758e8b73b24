import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Currency, type Money, money } from '../../kernel/money.ts';
import { reportEvents } from '../accounts/public.ts';
import type { Receipt, ReceiptMethod, ReceiptSource, ReceiptState } from './receipt.ts';

type ReceiptRow = {
  id: Id<'receipt'>;
  client_id: Id<'client'>;
  account_id: Id<'account'> | null;
  amount_minor: bigint;
  unapplied_minor: bigint;
  currency: Currency;
  received_on: CalendarDate;
  method: ReceiptMethod;
  reference: string | null;
  payer_name: string | null;
  source: ReceiptSource;
  external_key: string;
  state: ReceiptState;
  row_version: bigint;
};

const toReceipt = (row: ReceiptRow): Receipt => ({
  id: row.id,
  clientId: row.client_id,
  accountId: row.account_id,
  amount: money(row.amount_minor, row.currency),
  unapplied: money(row.unapplied_minor, row.currency),
  receivedOn: row.received_on,
  method: row.method,
  reference: row.reference,
  payerName: row.payer_name,
  source: row.source,
  externalKey: row.external_key,
  state: row.state,
  rowVersion: row.row_version,
});

/**
 * Tells every account that these receipts (SQL over a row r) settle items of: a payment when nothing is open any more, else a part payment.
 * Facts must have been refreshed.
 */
export async function reportPayments(ctx: Ctx, which: RawBuilder<unknown>): Promise<void> {
  await reportEvents(
    ctx,
    sql`select distinct a.tenant_id, a.account_id, case when f.open_items = 0 then 'payment' else 'part_payment' end as kind, a.receipt_id as subject_id
      from payments.receipts r
      join payments.allocations a on a.tenant_id = ${ctx.tenant} and a.receipt_id = r.id and a.reversed_at is null
      join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.account_id
      where r.tenant_id = ${ctx.tenant} and r.state <> 'reversed' and ${which}`,
  );
}

/** A receipt, locked against a second correction at the same time; null when there is none. Lock its accounts first. */
export async function lockReceipt(ctx: Ctx, receiptId: Id<'receipt'>): Promise<Receipt | null> {
  const { rows } = await sql<ReceiptRow>`
    select * from payments.receipts where tenant_id = ${ctx.tenant} and id = ${receiptId} for update`.execute(ctx.db);
  return rows[0] ? toReceipt(rows[0]) : null;
}

export async function findReceipt(ctx: Ctx, receiptId: Id<'receipt'>): Promise<Receipt | null> {
  const { rows } = await sql<ReceiptRow>`
    select * from payments.receipts where tenant_id = ${ctx.tenant} and id = ${receiptId}`.execute(ctx.db);
  return rows[0] ? toReceipt(rows[0]) : null;
}

export type NewReceipt = Omit<Receipt, 'unapplied' | 'state' | 'rowVersion'>;

/** False when the same client and key are already there; waits for whoever is writing them. */
export async function insertReceipt(ctx: Ctx, receipt: NewReceipt): Promise<boolean> {
  const inserted = await sql`
    insert into payments.receipts (tenant_id, id, client_id, account_id, amount_minor, unapplied_minor, currency, received_on, method,
      reference, payer_name, source, external_key, state, recorded_by, recorded_at)
    values (${ctx.tenant}, ${receipt.id}, ${receipt.clientId}, ${receipt.accountId}, ${receipt.amount.amountMinor},
      ${receipt.amount.amountMinor}, ${receipt.amount.currency}, ${receipt.receivedOn}, ${receipt.method}, ${receipt.reference},
      ${receipt.payerName}, ${receipt.source}, ${receipt.externalKey}, 'open', ${ctx.actor.id}, ${ctx.at})
    on conflict do nothing`.execute(ctx.db);
  return inserted.numAffectedRows === 1n;
}

/** What a receipt still has to give, and from then on whose it is. */
export async function updateReceiptRest(
  ctx: Ctx,
  receiptId: Id<'receipt'>,
  rest: { readonly unapplied: Money; readonly accountId: Id<'account'> | null },
): Promise<void> {
  await sql`
    update payments.receipts
    set unapplied_minor = ${rest.unapplied.amountMinor}, account_id = ${rest.accountId}, row_version = row_version + 1,
      state = case when ${rest.unapplied.amountMinor}::bigint = 0 then 'applied' else 'open' end
    where tenant_id = ${ctx.tenant} and id = ${receiptId}`.execute(ctx.db);
}

export async function markReceiptReversed(
  ctx: Ctx,
  receiptId: Id<'receipt'>,
  reversal: { readonly on: CalendarDate; readonly reason: string },
): Promise<void> {
  await sql`
    update payments.receipts
    set state = 'reversed', unapplied_minor = 0, reversed_on = ${reversal.on}, reversal_reason = ${reversal.reason},
      row_version = row_version + 1
    where tenant_id = ${ctx.tenant} and id = ${receiptId}`.execute(ctx.db);
}

/** The client's zone (its calendar dates receipts and promises), or null when there is no such client. */
export async function findClientZone(ctx: Ctx, clientId: string): Promise<string | null> {
  const { rows } = await sql<{ time_zone: string }>`
    select c.time_zone from accounts.clients_v c where c.tenant_id = ${ctx.tenant} and c.id = ${clientId}`.execute(
    ctx.db,
  );
  return rows[0]?.time_zone ?? null;
}

export type AccountHead = {
  readonly id: Id<'account'>;
  readonly clientId: Id<'client'>;
  readonly currency: Currency;
  readonly number: string;
};

export async function findAccountHead(ctx: Ctx, accountId: string): Promise<AccountHead | null> {
  const { rows } = await sql<{ id: Id<'account'>; client_id: Id<'client'>; currency: Currency; number: string }>`
    select a.id, a.client_id, a.currency, a.number from accounts.accounts_v a
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  const row = rows[0];
  return row ? { id: row.id, clientId: row.client_id, currency: row.currency, number: row.number } : null;
}

/** The one account of the client that owns an item with one of these numbers, or is itself so numbered; null when none or several. */
export async function findAccountByTokens(
  ctx: Ctx,
  clientId: string,
  currency: Currency,
  tokens: readonly string[],
): Promise<Id<'account'> | null> {
  if (tokens.length === 0) return null;
  const { rows } = await sql<{ id: Id<'account'> }>`
    select i.account_id as id from accounts.items_v i
    where i.tenant_id = ${ctx.tenant} and i.client_id = ${clientId} and i.currency = ${currency} and i.number = any(${tokens}::text[])
      and i.number_key in (select kernel.number_key(t.token) from unnest(${tokens}::text[]) as t (token))
    union
    select a.id from accounts.accounts_v a
    where a.tenant_id = ${ctx.tenant} and a.client_id = ${clientId} and a.currency = ${currency} and a.number = any(${tokens}::text[])
    limit 2`.execute(ctx.db);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}
