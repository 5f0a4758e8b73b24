import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { Page } from './page.ts';
import { type RowScope, withinScope } from './row-scope.ts';

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
  readonly effectiveOn: CalendarDate;
  readonly recordedAt: Date;
  /** Receivable balance of the account after this transfer, in effective order. */
  readonly runningMinor: bigint;
};

/** The ledger of an account, newest effective day first. Refuses: `bad_cursor`. Unknown accounts have none. */
export async function listTransfers(
  ctx: Ctx,
  asked: {
    readonly accountId: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly scope: RowScope;
  },
): Promise<Result<Page<TransferRow>, 'bad_cursor'>> {
  const after = asked.cursor === undefined ? ok(null) : readCursor(asked.cursor, ['date', 'instant', 'uuid']);
  if (!after.ok) return after;
  const [on, at, id] = after.value ?? [];
  const { rows } = await sql<TransferRow>`
    with running as (
      select t.*, sum(case when t.debit_kind = 'receivable' then t.amount_minor when t.credit_kind = 'receivable' then -t.amount_minor else 0 end)
        over (order by t.effective_on, t.recorded_at, t.id rows unbounded preceding)::bigint as running_minor
      from ledger.transfers_v t
      where t.tenant_id = ${ctx.tenant} and t.account_id = ${asked.accountId} and ${withinScope('t.client_id', asked.scope)})
    select r.id, r.journal_id as "journalId", r.journal_kind as "journalKind", r.note, r.debit_kind as debit, r.credit_kind as credit,
      r.amount_minor as "amountMinor", r.currency, r.component, r.item_id as "itemId", i.number as "itemNumber", r.receipt_id as "receiptId",
      r.reverses_id as "reversesId", r.effective_on as "effectiveOn", r.recorded_at as "recordedAt", r.running_minor as "runningMinor"
    from running r left join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = r.item_id
    where ${after.value === null ? sql`true` : sql`(r.effective_on, r.recorded_at, r.id) < (${on}::date, ${at}::timestamptz, ${id}::uuid)`}
    order by r.effective_on desc, r.recorded_at desc, r.id desc
    limit ${asked.limit + 1}`.execute(ctx.db);
  return ok(pageOf(rows, asked.limit, (row) => [row.effectiveOn, row.recordedAt.toISOString(), row.id]));
}
