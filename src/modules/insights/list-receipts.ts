import { type RawBuilder, sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { searchTokens } from '../../kernel/text.ts';
import { type Page, pageOf, readCursor } from './cursor.ts';
import type { Reference } from './list-accounts.ts';
import { type RowScope, withinScope } from './row-scope.ts';

export type AllocationRow = {
  readonly id: string;
  readonly accountId: string;
  readonly itemId: string;
  readonly itemNumber: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly method: 'reference' | 'oldest_first' | 'manual' | 'promise';
  readonly reason: string;
  readonly effectiveOn: CalendarDate;
  readonly reviewedBy: string | null;
  readonly reversedAt: Date | null;
  readonly reversalReason: string | null;
};

export type ReceiptRow = {
  readonly id: string;
  readonly client: Reference;
  readonly account: { readonly id: string; readonly number: string; readonly party: Reference } | null;
  readonly amountMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly currency: string;
  readonly receivedOn: CalendarDate;
  readonly method: 'bank_transfer' | 'cheque' | 'card' | 'cash' | 'direct_debit' | 'other';
  readonly reference: string | null;
  readonly payerName: string | null;
  readonly source: 'file' | 'hand' | 'api';
  readonly state: 'open' | 'applied' | 'reversed';
  readonly reversalReason: string | null;
  readonly recordedAt: Date;
  readonly allocations: readonly AllocationRow[];
  readonly rowVersion: bigint;
};

type ReceiptRecord = Omit<ReceiptRow, 'client' | 'account' | 'allocations'> & {
  clientId: string; clientName: string; accountId: string | null; accountNumber: string | null; partyId: string | null; partyName: string | null;
};

export type ReceiptFilter = {
  readonly accountId?: string | undefined;
  /** `yes`: only money that still has to find its item. */
  readonly unapplied?: 'yes' | 'all' | undefined;
  /** Begins a word of the party, or is the reference or the payer. */
  readonly q?: string | undefined;
  readonly scope: RowScope;
};

/** Receipts, newest received first, with their allocations. Refuses: `malformed` cursor. */
export async function listReceipts(
  ctx: Ctx,
  asked: ReceiptFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<Page<ReceiptRow>, 'malformed'>> {
  const after = readCursor(asked.cursor, ['date', 'uuid']);
  if (!after.ok) return after;
  const [on, id] = after.value ?? [];
  const conditions = [
    withinScope('r.client_id', asked.scope),
    after.value === null ? sql`true` : sql`(r.received_on, r.id) < (${on}::date, ${id}::uuid)`,
    asked.accountId ? sql`r.account_id = ${asked.accountId}` : sql`true`,
    asked.unapplied === 'yes' ? sql`r.unapplied_minor > 0 and r.state <> 'reversed'` : sql`true`,
    asked.q ? searched(ctx, asked.q) : sql`true`,
  ];
  const records = await selectReceipts(ctx, sql.join(conditions, sql` and `), asked.limit + 1);
  const shown = records.slice(0, asked.limit);
  const allocations = await selectAllocations(ctx, shown.map((record) => record.id));
  return ok(pageOf(records, asked.limit, (record) => [record.receivedOn, record.id], (record) => toReceipt(record, allocations)));
}

/** One receipt. Refuses: `not_found`, also outside the scope. */
export async function getReceipt(ctx: Ctx, receiptId: string, scope: RowScope): Promise<Result<ReceiptRow, 'not_found'>> {
  const [record] = await selectReceipts(ctx, sql`r.id = ${receiptId} and ${withinScope('r.client_id', scope)}`, 1);
  return record ? ok(toReceipt(record, await selectAllocations(ctx, [receiptId]))) : refuse('not_found', 'There is no such receipt.');
}

function searched(ctx: Ctx, q: string): RawBuilder<unknown> {
  const words = searchTokens(q).map(
    (word) => sql`f.party_id in (
      select t.party_id from parties.search_tokens_v t where t.tenant_id = ${ctx.tenant} and t.token >= ${word} and t.token < ${`${word}\u{10ffff}`})`,
  );
  const party = words.length > 0 ? sql.join(words, sql` and `) : sql`false`;
  const wanted = q.trim().toLowerCase();
  return sql`((${party}) or lower(r.reference) = ${wanted} or strpos(lower(coalesce(r.reference, '') || ' ' || coalesce(r.payer_name, '')), ${wanted}) > 0)`;
}

async function selectReceipts(ctx: Ctx, condition: RawBuilder<unknown>, limit: number): Promise<ReceiptRecord[]> {
  const { rows } = await sql<ReceiptRecord>`
    select r.id, r.client_id as "clientId", c.name as "clientName", r.account_id as "accountId", f.account_number as "accountNumber",
      f.party_id as "partyId", f.party_name as "partyName", r.amount_minor as "amountMinor", r.unapplied_minor as "unappliedMinor", r.currency,
      r.received_on as "receivedOn", r.method, r.reference, r.payer_name as "payerName", r.source, r.state, r.reversal_reason as "reversalReason",
      r.recorded_at as "recordedAt", r.row_version as "rowVersion"
    from payments.receipts_v r
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = r.client_id
    left join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = r.account_id
    where r.tenant_id = ${ctx.tenant} and ${condition}
    order by r.received_on desc, r.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}

async function selectAllocations(ctx: Ctx, receiptIds: readonly string[]): Promise<Map<string, AllocationRow[]>> {
  const found = new Map<string, AllocationRow[]>();
  if (receiptIds.length === 0) return found;
  const { rows } = await sql<AllocationRow & { receiptId: string }>`
    select a.receipt_id as "receiptId", a.id, a.account_id as "accountId", a.item_id as "itemId", i.number as "itemNumber", a.amount_minor as "amountMinor",
      a.currency, a.method, a.reason, a.effective_on as "effectiveOn", coalesce(m.display_name, a.reviewed_by) as "reviewedBy",
      a.reversed_at as "reversedAt", a.reversal_reason as "reversalReason"
    from payments.allocations_v a
    left join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = a.item_id
    left join identity.members_v m on m.tenant_id = ${ctx.tenant} and m.user_id::text = a.reviewed_by
    where a.tenant_id = ${ctx.tenant} and a.receipt_id = any(${[...receiptIds]}::uuid[])
    order by a.reversed_at is not null, a.recorded_at, a.id`.execute(ctx.db);
  for (const { receiptId, ...row } of rows) found.set(receiptId, [...(found.get(receiptId) ?? []), row]);
  return found;
}

function toReceipt(record: ReceiptRecord, allocations: ReadonlyMap<string, AllocationRow[]>): ReceiptRow {
  const { clientId, clientName, accountId, accountNumber, partyId, partyName, ...rest } = record;
  return {
    ...rest,
    client: { id: clientId, name: clientName },
    account: accountId === null ? null : { id: accountId, number: accountNumber ?? '', party: { id: partyId ?? '', name: partyName ?? '' } },
    allocations: allocations.get(record.id) ?? [],
  };
}
