import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Currency } from '../../kernel/currency.ts';
import type { Id } from '../../kernel/ids.ts';

export type ItemBalance = { readonly itemId: Id<'item'>; readonly currency: Currency; readonly balanceMinor: bigint };

/**
 * What each item of an account owed on a day (`on`, effective date included) as far as it was known at an instant (`knownAt`,
 * included; default: `ctx.at`), from transfers alone, in minor units. Items with no transfer yet are absent.
 */
export async function itemBalancesAt(
  ctx: Ctx,
  accountId: Id<'account'>,
  input: { readonly on: CalendarDate; readonly knownAt?: Date | undefined },
): Promise<ItemBalance[]> {
  const { rows } = await sql<{ item_id: Id<'item'>; currency: Currency; balance: bigint }>`
    select p.item_id, p.currency, sum(p.signed_minor)::bigint as balance
    from ledger.item_postings_v p
    where p.tenant_id = ${ctx.tenant} and p.account_id = ${accountId} and p.effective_on <= ${input.on}::date
      and p.recorded_at <= ${input.knownAt ?? ctx.at}
    group by p.item_id, p.currency
    order by p.item_id`.execute(ctx.db);
  return rows.map((row) => ({ itemId: row.item_id, currency: row.currency, balanceMinor: row.balance }));
}
