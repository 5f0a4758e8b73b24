import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** Something that is not as it must be: which check, about what, and both values in words. */
export type LedgerFinding = {
  readonly check: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly expected: string;
  readonly actual: string;
};

const LIMIT = 100;

/**
 * Checks that every transfer has its journal and ledger accounts and agrees with them, and every reversal with what it reverses; at
 * most 100 findings. Balance is not checked: a transfer carries both its sides.
 */
export async function verifyLedger(ctx: Ctx): Promise<LedgerFinding[]> {
  const { rows } = await sql<{ check: string; id: string; expected: string; actual: string }>`
    select 'transfer_has_journal_and_sides' as check, t.id, 'a journal and two ledger accounts' as expected,
      concat_ws(', ', case when j.id is null then 'no journal' end, case when d.id is null then 'no debit side' end,
        case when c.id is null then 'no credit side' end) as actual
    from ledger.transfers t
    left join ledger.journals j on j.tenant_id = ${ctx.tenant} and j.id = t.journal_id
    left join ledger.ledger_accounts d on d.tenant_id = ${ctx.tenant} and d.id = t.debit_id
    left join ledger.ledger_accounts c on c.tenant_id = ${ctx.tenant} and c.id = t.credit_id
    where t.tenant_id = ${ctx.tenant} and (j.id is null or d.id is null or c.id is null)
    union all
    select 'transfer_currency', t.id, d.currency || ' and ' || c.currency, t.currency::text
    from ledger.transfers t
    join ledger.ledger_accounts d on d.tenant_id = ${ctx.tenant} and d.id = t.debit_id
    join ledger.ledger_accounts c on c.tenant_id = ${ctx.tenant} and c.id = t.credit_id
    where t.tenant_id = ${ctx.tenant} and (t.currency <> d.currency or t.currency <> c.currency)
    union all
    select 'transfer_client', t.id, d.client_id::text, c.client_id::text
    from ledger.transfers t
    join ledger.ledger_accounts d on d.tenant_id = ${ctx.tenant} and d.id = t.debit_id
    join ledger.ledger_accounts c on c.tenant_id = ${ctx.tenant} and c.id = t.credit_id
    where t.tenant_id = ${ctx.tenant} and d.client_id <> c.client_id
    union all
    select 'transfer_component', t.id, d.component || ' or ' || c.component, t.component
    from ledger.transfers t
    join ledger.ledger_accounts d on d.tenant_id = ${ctx.tenant} and d.id = t.debit_id
    join ledger.ledger_accounts c on c.tenant_id = ${ctx.tenant} and c.id = t.credit_id
    where t.tenant_id = ${ctx.tenant} and t.component <> case when d.component = 'none' then c.component else d.component end
    union all
    select 'reversal_equals_original', r.id, t.amount_minor || ' ' || t.currency, r.amount_minor || ' ' || r.currency
    from ledger.transfers r
    join ledger.transfers t on t.tenant_id = ${ctx.tenant} and t.id = r.reverses_id
    where r.tenant_id = ${ctx.tenant} and (r.debit_id <> t.credit_id or r.credit_id <> t.debit_id or r.amount_minor <> t.amount_minor
      or r.currency <> t.currency or r.item_id is distinct from t.item_id or r.receipt_id is distinct from t.receipt_id)
    limit ${LIMIT}`.execute(ctx.db);
  return rows.map((row) => ({
    check: row.check,
    subjectKind: 'transfer',
    subjectId: row.id,
    expected: row.expected,
    actual: row.actual,
  }));
}
