import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';

/** A movement of the ledger that concerns an account. */
export type TransferRow = {
  readonly id: string;
  readonly journalId: string;
  readonly journalKind: string;
  readonly note: string | null;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly component: string;
  readonly itemId: string | null;
  readonly itemNumber: string | null;
  readonly receiptId: string | null;
  readonly reversesId: string | null;
  readonly effectiveOn: string;
  readonly recordedAt: Date;
  /** What the account's receivable came to once this transfer stood. */
  readonly runningMinor: bigint;
};

/**
 * The ledger of an account, newest first by effective day. The running balance is over all of the account's transfers, so a page
 * reads them all: an account has as many as it has items and payments. Refuses: `bad_cursor`.
 */
export async function listTransfers(
  ctx: Ctx,
  accountId: string,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: TransferRow[]; nextCursor: string | null }, 'bad_cursor'>> {
  const { tenant } = ctx;
  let beyond = sql`true`;
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['date', 'instant', 'uuid']);
    if (!cursor.ok) return cursor;
    const [on, at, id] = cursor.value;
    beyond = sql`(w."effectiveOn", w."recordedAt", w.id) < (${on}::date, ${at}::timestamptz, ${id}::uuid)`;
  }
  const { rows } = await sql<TransferRow & { cursorAt: string }>`
    select w.*, w."recordedAt"::text as "cursorAt" from (
      select t.id, t.journal_id as "journalId", t.journal_kind as "journalKind", t.note, t.debit_kind as debit, t.credit_kind as credit, t.amount_minor as "amountMinor",
        t.currency, t.component, t.item_id as "itemId", i.number as "itemNumber", t.receipt_id as "receiptId", t.reverses_id as "reversesId",
        t.effective_on as "effectiveOn", t.recorded_at as "recordedAt",
        (sum(case when t.debit_kind = 'receivable' then t.amount_minor else 0 end - case when t.credit_kind = 'receivable' then t.amount_minor else 0 end)
          over (order by t.effective_on, t.recorded_at, t.id))::bigint as "runningMinor"
      from ledger.transfers_v t
      left join accounts.items_v i on i.tenant_id = ${tenant} and i.id = t.item_id
      where t.tenant_id = ${tenant} and t.account_id = ${accountId}) w
    where ${beyond} order by w."effectiveOn" desc, w."recordedAt" desc, w.id desc limit ${page.limit + 1}`.execute(
    ctx.db,
  );
  return ok(pageOf(rows, page.limit, (row) => [row.effectiveOn, row.cursorAt, row.id]));
}
