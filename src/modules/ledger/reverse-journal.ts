import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { insertJournal } from './transfer.sql.ts';

/**
 * Takes a journal back by transfers with swapped sides, effective `on`; nothing is deleted. The balance of every item, account and
 * receipt it touched returns to what it was; `items.open_minor` is the caller's to adjust. The openings an import wrote are not one
 * booking: they change item by item. Refuses: `journal_not_found`,
 * `already_reversed` (some transfer of it has been reversed before), `reversed_before_effect` (`on` lies before a transfer's day).
 */
export async function reverseJournal(
  ctx: Ctx,
  journalId: Id<'journal'>,
  input: { readonly on: CalendarDate; readonly reason: string },
): Promise<
  Result<
    { journalId: Id<'journal'>; reversed: number },
    'journal_not_found' | 'already_reversed' | 'reversed_before_effect'
  >
> {
  const { rows } = await sql<{
    source_kind: string;
    source_id: string;
    transfers: bigint;
    reversed: bigint;
    newest: CalendarDate | null;
  }>`
    select j.source_kind, j.source_id, count(t.id) as transfers, count(r.id) as reversed, max(t.effective_on) as newest
    from ledger.journals j
    left join ledger.transfers t on t.tenant_id = ${ctx.tenant} and t.journal_id = j.id and t.id is distinct from t.item_id
    left join ledger.transfers r on r.tenant_id = ${ctx.tenant} and r.reverses_id = t.id
    where j.tenant_id = ${ctx.tenant} and j.id = ${journalId}
    group by j.source_kind, j.source_id`.execute(ctx.db);
  const found = rows[0];
  if (!found || found.newest === null) return refuse('journal_not_found', 'There is no such booking to take back.');
  if (found.reversed > 0n) return refuse('already_reversed', 'This booking has already been taken back.');
  if (input.on < found.newest) {
    return refuse(
      'reversed_before_effect',
      `This booking takes effect on ${found.newest}; choose that day or a later one.`,
    );
  }
  const reversalId = await insertJournal(ctx, {
    kind: 'reversal',
    sourceKind: found.source_kind,
    sourceId: found.source_id,
    note: input.reason,
    journalId: newId<'journal'>(),
  });
  const reversed = await insertReversals(ctx, { journalId, reversalId, on: input.on });
  return ok({ journalId: reversalId, reversed });
}

async function insertReversals(
  ctx: Ctx,
  input: { journalId: Id<'journal'>; reversalId: Id<'journal'>; on: CalendarDate },
): Promise<number> {
  const result =
    await sql`insert into ledger.transfers (tenant_id, id, journal_id, debit_id, credit_id, amount_minor, currency, component,
      account_id, item_id, receipt_id, reverses_id, effective_on, recorded_at)
    select t.tenant_id, kernel.hash_id('reversal', t.id::text), ${input.reversalId}::uuid, t.credit_id, t.debit_id, t.amount_minor, t.currency, t.component,
           t.account_id, t.item_id, t.receipt_id, t.id, ${input.on}::date, ${ctx.at}::timestamptz
    from ledger.transfers t
    where t.tenant_id = ${ctx.tenant} and t.journal_id = ${input.journalId} and t.id is distinct from t.item_id`.execute(
      ctx.db,
    );
  return Number(result.numAffectedRows ?? 0n);
}
