import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';

/** Something that is not as it must be: which check, about what, and both values in words. */
export type PaymentsFinding = {
  readonly check: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly expected: string;
  readonly actual: string;
};

const most = 100;

/**
 * Compares receipts and allocations with the ledger and with each other, and promises with their holds; at most 100 findings.
 * A receipt's unapplied rest is its amount less standing allocations and equals what the ledger holds unapplied for it.
 */
export async function verifyPayments(ctx: Ctx): Promise<PaymentsFinding[]> {
  const { rows } = await sql<{
    check: string;
    subject_kind: string;
    subject_id: string;
    expected: string;
    actual: string;
  }>`
    with standing as (
      select a.receipt_id, sum(a.amount_minor)::bigint as minor from payments.allocations a
      where a.tenant_id = ${ctx.tenant} and a.reversed_at is null group by a.receipt_id),
    held as (
      select t.receipt_id, sum(case when t.credit_kind = 'unapplied' then t.amount_minor else 0 end
        - case when t.debit_kind = 'unapplied' then t.amount_minor else 0 end)::bigint as minor,
        sum(case when t.debit_kind = 'bank' then t.amount_minor when t.credit_kind = 'bank' then -t.amount_minor else 0 end)::bigint as bank_minor
      from ledger.transfers_v t where t.tenant_id = ${ctx.tenant} and t.receipt_id is not null group by t.receipt_id)
    select 'receipt_rest' as check, 'receipt' as subject_kind, r.id::text as subject_id,
      (case when r.state = 'reversed' then 0 else r.amount_minor - coalesce(s.minor, 0) end)::text as expected, r.unapplied_minor::text as actual
    from payments.receipts r left join standing s on s.receipt_id = r.id
    where r.tenant_id = ${ctx.tenant}
      and r.unapplied_minor <> case when r.state = 'reversed' then 0 else r.amount_minor - coalesce(s.minor, 0) end
    union all
    select 'receipt_unapplied_in_ledger', 'receipt', r.id::text, r.unapplied_minor::text, coalesce(h.minor, 0)::text
    from payments.receipts r left join held h on h.receipt_id = r.id
    where r.tenant_id = ${ctx.tenant} and r.unapplied_minor <> coalesce(h.minor, 0)
    union all
    select 'receipt_bank_in_ledger', 'receipt', r.id::text, (case when r.state = 'reversed' then 0 else r.amount_minor end)::text,
      coalesce(h.bank_minor, 0)::text
    from payments.receipts r left join held h on h.receipt_id = r.id
    where r.tenant_id = ${ctx.tenant} and coalesce(h.bank_minor, 0) <> case when r.state = 'reversed' then 0 else r.amount_minor end
    union all
    select 'receipt_state', 'receipt', r.id::text, case when r.unapplied_minor = 0 then 'applied' else 'open' end, r.state
    from payments.receipts r
    where r.tenant_id = ${ctx.tenant} and r.state <> 'reversed' and r.state <> case when r.unapplied_minor = 0 then 'applied' else 'open' end
    union all
    select 'allocation_transfer', 'allocation', a.id::text,
      a.amount_minor || ' ' || a.currency || ' on item ' || a.item_id || case when a.reversed_at is null then '' else ', reversed' end,
      coalesce(t.amount_minor || ' ' || t.currency || ' on item ' || t.item_id || case when v.id is null then '' else ', reversed' end, 'no transfer')
    from payments.allocations a
    left join ledger.transfers_v t on t.tenant_id = ${ctx.tenant} and t.id = a.id and t.credit_kind = a.against and t.debit_kind = 'unapplied'
    left join ledger.transfers_v v on v.tenant_id = ${ctx.tenant} and v.reverses_id = a.id
    where a.tenant_id = ${ctx.tenant} and (t.id is null or t.amount_minor <> a.amount_minor or t.currency <> a.currency
      or t.item_id is distinct from a.item_id or t.receipt_id is distinct from a.receipt_id or (v.id is null) <> (a.reversed_at is null))
    union all
    select 'promise_hold', 'promise', p.id::text, case when p.state = 'open' then 'a hold for it' else 'no live hold' end,
      case when h.id is null then 'no hold' when h.released_at is null then 'a live hold' else 'a released hold' end
    from payments.promises p left join accounts.holds_v h on h.tenant_id = ${ctx.tenant} and h.id = p.hold_id
    where p.tenant_id = ${ctx.tenant} and (h.id is null or (p.state <> 'open' and h.released_at is null))
    limit ${most}`.execute(ctx.db);
  return rows.map((row) => ({
    check: row.check,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    expected: row.expected,
    actual: row.actual,
  }));
}
