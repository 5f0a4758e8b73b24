import { sql } from 'kysely';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { formatMoney, type Money, money } from '../../kernel/money.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { addTallies } from '../../kernel/tallies.ts';
import { recordAudit } from '../identity/public.ts';
import { postJournal } from '../ledger/public.ts';
import type { Account } from './account.ts';
import { findAccount } from './account.sql.ts';
import type { ItemKind } from './item.ts';
import { ofNewItems } from './item-tallies.sql.ts';
import { lockAccounts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';

export type NewItem = {
  readonly accountId: Id<'account'>;
  readonly kind: ItemKind;
  readonly number?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  /** Negative for a credit note, and only for one. */
  readonly amount: Money;
};

type AddItemRefusal =
  | 'account_not_found'
  | 'currency_mismatch'
  | 'due_before_issue'
  | 'wrong_sign'
  | 'duplicate_number';

/**
 * Adds an item and books it (debit receivable, credit opening; a credit note the other way round). Refuses: `account_not_found`,
 * `currency_mismatch`, `due_before_issue`, `wrong_sign`, `duplicate_number` within the account.
 */
export async function addItem(ctx: Ctx, input: NewItem): Promise<Result<{ itemId: Id<'item'> }, AddItemRefusal>> {
  await lockAccounts(ctx, [input.accountId]);
  const account = await findAccount(ctx, input.accountId);
  if (!account) return refuse('account_not_found', 'There is no such account.');
  const fault = await findFault(ctx, account, input);
  if (fault) return fault;
  const itemId = newId<'item'>();
  const amount = input.amount.amountMinor;
  await sql`with born as (insert into accounts.items
      (tenant_id, id, account_id, client_id, kind, number, number_key, description, issued_on, due_on, amount_minor, open_minor, currency, closed_on, recorded_at)
    values (${ctx.tenant}, ${itemId}, ${account.id}, ${account.clientId}, ${input.kind}, ${input.number ?? null},
            kernel.number_key(${input.number ?? null}::text), ${input.description ?? null},
            ${input.issuedOn}, ${input.dueOn}, ${amount}, ${amount}, ${account.currency}, ${amount === 0n ? input.issuedOn : null}, ${ctx.at})
    returning client_id, currency::text as currency, issued_on, due_on, amount_minor, open_minor)
    ${addTallies(ctx, ofNewItems)}`.execute(ctx.db);
  if (amount !== 0n) await postItem(ctx, account, itemId, input);
  await refreshFacts(ctx, { accountIds: [account.id] }, { raiseWhenFallen: true });
  await recordAudit(ctx, {
    action: 'item.added',
    subjectKind: 'item',
    subjectId: itemId,
    accountId: account.id,
    detail: { kind: input.kind, number: input.number ?? null, amount: formatMoney(input.amount), dueOn: input.dueOn },
  });
  return ok({ itemId });
}

async function postItem(ctx: Ctx, account: Account, itemId: Id<'item'>, input: NewItem): Promise<void> {
  const receivable = { kind: 'receivable', component: 'principal' } as const;
  const opening = { kind: 'opening' } as const;
  const credit = input.amount.amountMinor < 0n;
  await postJournal(ctx, {
    kind: credit ? 'credit_note' : 'item',
    sourceKind: 'item',
    sourceId: itemId,
    transfers: [
      {
        debit: credit ? opening : receivable,
        credit: credit ? receivable : opening,
        clientId: account.clientId,
        amount: money(credit ? -input.amount.amountMinor : input.amount.amountMinor, account.currency),
        accountId: account.id,
        itemId,
        effectiveOn: input.issuedOn,
      },
    ],
  });
}

async function findFault(ctx: Ctx, account: Account, input: NewItem): Promise<Result<never, AddItemRefusal> | null> {
  if (input.amount.currency !== account.currency) {
    return refuse(
      'currency_mismatch',
      `Account ${account.number} is kept in ${account.currency}; this item is in ${input.amount.currency}.`,
    );
  }
  if (input.dueOn < input.issuedOn) {
    return refuse('due_before_issue', `The item is due on ${input.dueOn}, before it was issued on ${input.issuedOn}.`);
  }
  if ((input.kind === 'credit_note') !== input.amount.amountMinor < 0n) {
    return refuse('wrong_sign', 'A credit note has a negative amount, and nothing else has.');
  }
  if (input.number) {
    const { rows } = await sql`select 1 from accounts.items
      where tenant_id = ${ctx.tenant} and account_id = ${account.id} and number = ${input.number} limit 1`.execute(
      ctx.db,
    );
    if (rows.length > 0)
      return refuse('duplicate_number', `Account ${account.number} already has an item numbered ${input.number}.`);
  }
  return null;
}
