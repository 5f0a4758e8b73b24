import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { inScope, type Scope } from './scope.ts';

/** A receipt as a list shows it. Amounts in minor units; `jsonb` gives the allocations' amounts as text, exact. */
export type ReceiptRow = {
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly accountId: string | null;
  readonly accountNumber: string | null;
  readonly partyId: string | null;
  readonly partyName: string | null;
  readonly amountMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly currency: string;
  readonly receivedOn: string;
  readonly method: 'bank_transfer' | 'cheque' | 'card' | 'cash' | 'direct_debit' | 'other';
  readonly reference: string | null;
  readonly payerName: string | null;
  readonly source: 'file' | 'hand' | 'api';
  readonly state: 'open' | 'applied' | 'reversed';
  readonly reversalReason: string | null;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
  readonly allocations: readonly AllocationRow[];
};

export type AllocationRow = {
  readonly id: string;
  readonly accountId: string;
  readonly itemId: string;
  readonly itemNumber: string | null;
  readonly amountMinor: string;
  readonly currency: string;
  readonly method: 'reference' | 'oldest_first' | 'manual' | 'promise';
  readonly reason: string;
  readonly effectiveOn: string;
  readonly reviewedBy: string | null;
  readonly reversedAt: string | null;
  readonly reversalReason: string | null;
};

export type ReceiptFilter = {
  readonly accountId?: string | undefined;
  readonly unapplied?: 'yes' | 'all' | undefined;
  /** Text in the reference or the payer's name. */
  readonly q?: string | undefined;
};

const allocations = (tenant: string): RawBuilder<unknown> => sql`
  coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'accountId', x.account_id, 'itemId', x.item_id, 'itemNumber', i.number, 'amountMinor', x.amount_minor::text,
      'currency', x.currency, 'method', x.method, 'reason', x.reason, 'effectiveOn', x.effective_on, 'reviewedBy', x.reviewed_by, 'reversedAt', x.reversed_at,
      'reversalReason', x.reversal_reason) order by x.recorded_at, x.id)
    from payments.allocations_v x
    join accounts.items_v i on i.tenant_id = ${tenant} and i.id = x.item_id
    where x.tenant_id = ${tenant} and x.receipt_id = r.id), '[]')`;

const selected = (tenant: string): RawBuilder<unknown> => sql`
  select r.id, r.client_id as "clientId", c.name as "clientName", r.account_id as "accountId", f.account_number as "accountNumber", f.party_id as "partyId",
    f.party_name as "partyName", r.amount_minor as "amountMinor", r.unapplied_minor as "unappliedMinor", r.currency, r.received_on as "receivedOn", r.method,
    r.reference, r.payer_name as "payerName", r.source, r.state, r.reversal_reason as "reversalReason", r.recorded_at as "recordedAt", r.row_version as "rowVersion",
    ${allocations(tenant)} as allocations
  from payments.receipts_v r
  join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = r.client_id
  left join accounts.facts_v f on f.tenant_id = ${tenant} and f.id = r.account_id`;

/** Receipts, newest first, each with its allocations. Refuses: `bad_cursor`. */
export async function listReceipts(
  ctx: Ctx,
  scope: Scope,
  filter: ReceiptFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: ReceiptRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  const wanted = [sql`r.tenant_id = ${tenant}`, inScope(scope, sql`r.client_id`)];
  if (filter.accountId !== undefined) wanted.push(sql`r.account_id = ${filter.accountId}`);
  if (filter.unapplied === 'yes') wanted.push(sql`r.unapplied_minor > 0 and r.state <> 'reversed'`);
  if (filter.q !== undefined && filter.q.trim() !== '') {
    const q = filter.q.trim().toLowerCase();
    wanted.push(
      sql`(strpos(lower(coalesce(r.reference, '')), ${q}) > 0 or strpos(lower(coalesce(r.payer_name, '')), ${q}) > 0)`,
    );
  }
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['date', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(r.received_on, r.id) < (${cursor.value[0]}::date, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<ReceiptRow>`${selected(tenant)}
    where ${sql.join(wanted, sql` and `)} order by r.received_on desc, r.id desc limit ${page.limit + 1}`.execute(
    ctx.db,
  );
  return ok(pageOf(rows, page.limit, (row) => [row.receivedOn, row.id]));
}

/** One receipt, or null. */
export async function findReceiptRow(ctx: Ctx, receiptId: string): Promise<ReceiptRow | null> {
  const { rows } =
    await sql<ReceiptRow>`${selected(ctx.tenant)} where r.tenant_id = ${ctx.tenant} and r.id = ${receiptId}`.execute(
      ctx.db,
    );
  return rows[0] ?? null;
}
