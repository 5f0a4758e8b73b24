import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import {
  type ChartRow,
  type Component,
  componentOf,
  type LedgerAccountKind,
  ledgerAccountId,
} from './ledger-account.ts';
import { type JournalHead, type TransferDraft, transferComponent } from './transfer.ts';

const BATCH = 500;

export async function insertJournal(ctx: Ctx, head: JournalHead): Promise<Id<'journal'>> {
  const id = head.journalId ?? newId<'journal'>();
  await sql`insert into ledger.journals (tenant_id, id, kind, source_kind, source_id, actor_id, note, recorded_at)
    values (${ctx.tenant}, ${id}, ${head.kind}, ${head.sourceKind}, ${head.sourceId}, ${ctx.actor.id}, ${head.note ?? null}, ${ctx.at})
    on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  return id;
}

export async function insertTransfers(
  ctx: Ctx,
  journalId: Id<'journal'>,
  drafts: readonly TransferDraft[],
): Promise<Id<'transfer'>[]> {
  const ids: Id<'transfer'>[] = [];
  for (let start = 0; start < drafts.length; start += BATCH) {
    const values = drafts.slice(start, start + BATCH).map((draft) => {
      const id = draft.transferId ?? newId<'transfer'>();
      ids.push(id);
      return transferValues(ctx, journalId, id, draft);
    });
    await sql`insert into ledger.transfers (tenant_id, id, journal_id, debit_id, credit_id, amount_minor, currency, component,
        account_id, item_id, receipt_id, reverses_id, effective_on, recorded_at)
      values ${sql.join(values)} on conflict (tenant_id, id) do nothing`.execute(ctx.db);
  }
  return ids;
}

function transferValues(
  ctx: Ctx,
  journalId: Id<'journal'>,
  id: Id<'transfer'>,
  draft: TransferDraft,
): RawBuilder<unknown> {
  const { clientId, amount } = draft;
  const sideId = (side: TransferDraft['debit']) =>
    ledgerAccountId({ clientId, kind: side.kind, component: componentOf(side), currency: amount.currency });
  return sql`(${ctx.tenant}::uuid, ${id}::uuid, ${journalId}::uuid, ${sideId(draft.debit)}::uuid, ${sideId(draft.credit)}::uuid,
    ${amount.amountMinor}::bigint, ${amount.currency}, ${transferComponent(draft)}, ${draft.accountId ?? null}::uuid,
    ${draft.itemId ?? null}::uuid, ${draft.receiptId ?? null}::uuid, ${draft.reversesId ?? null}::uuid, ${draft.effectiveOn}::date,
    ${ctx.at}::timestamptz)`;
}

/** The ledger accounts a fragment of transfers will touch. */
export async function listChartOf(ctx: Ctx, fragment: RawBuilder<unknown>): Promise<ChartRow[]> {
  const { rows } = await sql<{ client_id: string; kind: string; component: string; currency: string }>`
    select distinct f.client_id, s.kind, s.component, f.currency
    from (${fragment}) f
    cross join lateral (values (f.debit_kind, f.debit_component), (f.credit_kind, f.credit_component)) as s (kind, component)`.execute(
    ctx.db,
  );
  return rows.map((row) => ({
    clientId: row.client_id as Id<'client'>,
    kind: row.kind as LedgerAccountKind,
    component: row.component as Component,
    currency: row.currency as ChartRow['currency'],
  }));
}

/**
 * Writes a fragment's transfers under one journal. Left joins on purpose: a ledger account that is missing breaks the
 * statement (debit_id is not null), where an inner join would lose the money silently.
 */
export async function insertSelectedTransfers(
  ctx: Ctx,
  journalId: Id<'journal'>,
  fragment: RawBuilder<unknown>,
  fresh: boolean,
): Promise<number> {
  // The journal as a materialised row: joined as a table it is looked up again for every transfer.
  const result = await sql`
    with j as materialized (
      select x.tenant_id, x.id, x.recorded_at from ledger.journals x where x.tenant_id = ${ctx.tenant} and x.id = ${journalId})
    insert into ledger.transfers (tenant_id, id, journal_id, debit_id, credit_id, amount_minor, currency, component,
      account_id, item_id, receipt_id, effective_on, recorded_at)
    select j.tenant_id, f.transfer_id, j.id, d.id, c.id, f.amount_minor, f.currency, f.component, f.account_id, f.item_id, f.receipt_id,
           f.effective_on, j.recorded_at
    from (${fragment}) f
    cross join j
    left join ledger.ledger_accounts d on d.tenant_id = ${ctx.tenant} and d.client_id = f.client_id and d.kind = f.debit_kind
      and d.component = f.debit_component and d.currency = f.currency
    left join ledger.ledger_accounts c on c.tenant_id = ${ctx.tenant} and c.client_id = f.client_id and c.kind = f.credit_kind
      and c.component = f.credit_component and c.currency = f.currency
    order by f.transfer_id
    ${fresh ? sql`` : sql`on conflict (tenant_id, id) do nothing`}`.execute(ctx.db);
  return Number(result.numAffectedRows ?? 0n);
}
