import type { RawBuilder } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type ChartRow, componentOf } from './ledger-account.ts';
import { insertLedgerAccounts } from './ledger-account.sql.ts';
import { checkDraft, type JournalHead, type TransferDraft } from './transfer.ts';
import { insertJournal, insertSelectedTransfers, insertTransfers, listChartOf } from './transfer.sql.ts';

/**
 * Writes one journal with its transfers, opening ledger accounts as needed. Throws on an amount that is not positive, on two
 * equal sides, and on a component where there is none: those are bugs of the caller, never states of the world.
 */
export async function postJournal(
  ctx: Ctx,
  input: JournalHead & { readonly transfers: readonly TransferDraft[] },
): Promise<{ journalId: Id<'journal'>; transferIds: Id<'transfer'>[] }> {
  input.transfers.forEach(checkDraft);
  const sides = input.transfers.flatMap((draft): ChartRow[] =>
    [draft.debit, draft.credit].map((side) => ({
      clientId: draft.clientId,
      kind: side.kind,
      component: componentOf(side),
      currency: draft.amount.currency,
    })),
  );
  await insertLedgerAccounts(ctx, sides);
  const journalId = await insertJournal(ctx, input);
  const transferIds = await insertTransfers(ctx, journalId, input.transfers);
  return { journalId, transferIds };
}

/**
 * Writes one journal whose transfers a fragment selects, and returns how many were new. Columns of the fragment: transfer_id uuid
 * (deterministic: a transfer already written is left alone), client_id, debit_kind, debit_component, credit_kind,
 * credit_component, currency, amount_minor, component, account_id, item_id, receipt_id, effective_on. An empty fragment writes
 * nothing. `chart` names the ledger accounts it touches when the caller knows them, which saves evaluating the fragment twice; with
 * `head.fresh` a transfer that exists all the same breaks the statement.
 */
export async function postSelected(
  ctx: Ctx,
  head: JournalHead,
  fragment: RawBuilder<unknown>,
  chart?: readonly ChartRow[],
): Promise<number> {
  const rows = chart ?? (await listChartOf(ctx, fragment));
  if (rows.length === 0) return 0;
  await insertLedgerAccounts(ctx, rows);
  const journalId = await insertJournal(ctx, head);
  return insertSelectedTransfers(ctx, journalId, fragment, head.fresh ?? false);
}
