import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { Target } from './fields.ts';

/** A staged row that cannot stand beside another row, or beside what we have. */
export type Conflict = {
  readonly rowNo: bigint;
  readonly code: string;
  readonly field: string;
  readonly sentence: string;
};

type Where = { readonly importId: Id<'import'>; readonly clientId: Id<'client'> };

/** Second and later rows with a key another row of the file has, and other contents. */
async function selectDuplicates(ctx: Ctx, { importId }: Where): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    select d.row_no as "rowNo", 'duplicate_number' as code, case when d.item_number is null then 'receipt_key' else 'item_number' end as field,
      format('%s also stands in row %s with other contents. If a number may come twice, choose the columns that tell the rows apart as key; otherwise correct one.',
        coalesce('Invoice number ' || d.item_number, 'Payment id ' || d.receipt_key, 'The key of this row'), d.first_row) as sentence
    from (
      select s.row_no, s.item_number, s.receipt_key, first_value(s.row_no) over w as first_row, row_number() over w as nth
      from intake.staged_rows s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and not starts_with(s.row_key, 'c:')
      window w as (partition by s.row_key order by s.row_no)) d
    where d.nth > 1 order by d.row_no`.execute(ctx.db);
  return rows;
}

/** Rows whose account number already belongs to another party or is kept in another currency, in the file or in our books. */
async function selectAccountClashes(ctx: Ctx, { importId }: Where): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    with numbered as (
      select s.row_no, s.account_id, s.account_number, s.party_id, s.currency,
        first_value(s.party_id) over w as first_party, first_value(s.currency) over w as first_currency
      from intake.staged_rows s
      where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.account_number is not null
      window w as (partition by s.account_id order by s.row_no))
    select n.row_no as "rowNo", 'account_clash' as code, 'account_number' as field,
      case when coalesce(a.party_id, n.first_party) <> n.party_id
        then format('Account %s belongs to another customer. Correct the account number or the customer.', n.account_number)
        else format('Account %s is kept in %s, this row is in %s. Use an account number per currency.', n.account_number, coalesce(a.currency, n.first_currency), n.currency)
      end as sentence
    from numbered n
    left join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = n.account_id
    where coalesce(a.party_id, n.first_party) <> n.party_id or coalesce(a.currency, n.first_currency) <> n.currency
    order by n.row_no`.execute(ctx.db);
  return rows;
}

/** Rows of items we know that suddenly belong to another account: another customer or currency under an old number. */
async function selectMovedItems(ctx: Ctx, { importId }: Where): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    select s.row_no as "rowNo", 'item_moved' as code, 'item_number' as field,
      format('%s was taken in before for %s in %s; this row says %s in %s. Give the new one another number, or correct the row.',
        coalesce('Invoice ' || s.item_number, 'This item'), p.name, i.currency, s.party_name, s.currency) as sentence
    from intake.staged_rows s
    join accounts.items_v i on i.tenant_id = ${ctx.tenant} and i.id = s.item_id
    join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = i.account_id
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and i.account_id <> s.account_id
    order by s.row_no`.execute(ctx.db);
  return rows;
}

/** Rows that describe their debt otherwise than an earlier row of the same account: a consumer account is one debt. Consents may differ. */
async function selectDescribedTwice(ctx: Ctx, { importId }: Where): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    select d.row_no as "rowNo", 'described_differently' as code, 'account_number' as field,
      format('Row %s describes the same debt differently. Say the same in both, or give the debts account numbers of their own.', d.first_row) as sentence
    from (
      select s.row_no, s.debt - 'consent' as debt, first_value(s.debt - 'consent') over w as first_debt, first_value(s.row_no) over w as first_row
      from intake.staged_rows s
      where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.debt is not null and s.debt - 'consent' <> '{}'
      window w as (partition by s.account_id order by s.row_no)) d
    where d.debt <> d.first_debt order by d.row_no`.execute(ctx.db);
  return rows;
}

/** Contact rows of parties nobody knows. */
async function selectUnknownParties(ctx: Ctx, { importId }: Where): Promise<Conflict[]> {
  const { rows } = await sql<Conflict>`
    select s.row_no as "rowNo", 'unknown_party' as code, case when s.party_ref is null then 'party_name' else 'party_ref' end as field,
      format('No customer "%s" is known with this client. Import the invoices first, or correct the row.', coalesce(s.party_ref, s.party_name)) as sentence
    from intake.staged_rows s
    left join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = s.party_id
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and p.id is null
    order by s.row_no`.execute(ctx.db);
  return rows;
}

/**
 * Every conflict of a staged import, by row; `twice`: whether any key comes twice, `known`: whether any row has come before, `described`:
 * whether rows describe debts.
 */
export async function selectConflicts(
  ctx: Ctx,
  target: Target,
  where: Where,
  { twice, known, described }: { readonly twice: boolean; readonly known: boolean; readonly described: boolean },
): Promise<Conflict[]> {
  if (target === 'contacts') return selectUnknownParties(ctx, where);
  const duplicates = twice ? await selectDuplicates(ctx, where) : [];
  if (target === 'receipts') return duplicates;
  return [
    ...duplicates,
    ...(await selectAccountClashes(ctx, where)),
    ...(known ? await selectMovedItems(ctx, where) : []),
    ...(described ? await selectDescribedTwice(ctx, where) : []),
  ];
}

export async function deleteStagedRowNos(ctx: Ctx, importId: Id<'import'>, rowNos: readonly bigint[]): Promise<void> {
  await sql`delete from intake.staged_rows
    where tenant_id = ${ctx.tenant} and import_id = ${importId} and row_no = any(${rowNos.map(String)}::bigint[])`.execute(
    ctx.db,
  );
}
