import { type CalendarDate, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { compare, formatMoney, type Money, money, sum } from '../../kernel/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../kernel/result.ts';
import { lockWithPersons, placeHold, refreshFacts } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { lastDayOf } from './promise-to-pay.ts';
import { insertPromise, listPromisableItems, type PromisedItem } from './promises.sql.ts';
import { findClientZone } from './receipts.sql.ts';

export type PromiseInput = {
  readonly accountId: Id<'account'>;
  readonly itemIds: readonly Id<'item'>[];
  readonly amount: Money;
  readonly dueOn: CalendarDate;
  readonly graceDays: number;
  readonly channel: string;
};

export type PromiseRefusal =
  | 'account_not_found'
  | 'item_not_found'
  | 'nothing_owed'
  | 'already_promised'
  | 'currency_mismatch'
  | 'more_than_owed'
  | 'amount_not_positive'
  | 'due_in_past'
  | 'grace_out_of_range';

/**
 * Records a promise to pay for stated items and holds automatic contact about them until due date and grace (calendar days of the
 * client) have passed. Refuses: unknown account or items, items that owe nothing or are promised already, another currency, an
 * amount of nothing or above what the items owe, a day gone by, grace outside 0-60.
 */
export async function makePromise(
  ctx: Ctx,
  input: PromiseInput,
): Promise<Result<{ promiseId: Id<'promise'>; holdId: Id<'hold'> }, PromiseRefusal>> {
  const [facts] = await lockWithPersons(ctx, [input.accountId]);
  if (!facts) return refuse('account_not_found', 'There is no such account.');
  const zone = timeZone((await findClientZone(ctx, facts.clientId)) ?? 'UTC');
  const items = await listPromisableItems(ctx, input.accountId, input.itemIds);
  const fault = findFault(input, items, { currency: facts.currency, today: localDateOf(ctx.at, zone) });
  if (fault) return fault;

  const promiseId = newId<'promise'>();
  const lastDay = lastDayOf(input);
  const placed = await placeHold(ctx, {
    coverage: 'items',
    accountId: input.accountId,
    itemIds: items.map((item) => item.itemId),
    reason: 'promise',
    effects: ['stop_automatic'],
    note: `${formatMoney(input.amount)} promised for ${input.dueOn}, waited for until ${lastDay}.`,
    source: { kind: 'promise', id: promiseId },
  });
  if (!placed.ok) throw new Error(`The hold of a promise was refused: ${placed.detail}`);
  const holdId = placed.value.holdId;
  await insertPromise(ctx, { ...input, id: promiseId, clusterId: facts.clusterId, holdId, items });
  await refreshFacts(ctx, { accountIds: [input.accountId] });
  await recordAudit(ctx, {
    action: 'promise.made',
    subjectKind: 'promise',
    subjectId: promiseId,
    accountId: input.accountId,
    detail: {
      amountMinor: String(input.amount.amountMinor),
      currency: input.amount.currency,
      dueOn: input.dueOn,
      graceDays: input.graceDays,
      items: items.length,
    },
  });
  return ok({ promiseId, holdId });
}

function findFault(
  input: PromiseInput,
  items: readonly PromisedItem[],
  account: { readonly currency: string; readonly today: CalendarDate },
): Refusal<PromiseRefusal> | null {
  if (input.amount.currency !== account.currency) {
    return refuse('currency_mismatch', `The account is kept in ${account.currency}; promise in that currency.`);
  }
  if (input.amount.amountMinor <= 0n) return refuse('amount_not_positive', 'A promise must be of more than zero.');
  if (!Number.isInteger(input.graceDays) || input.graceDays < 0 || input.graceDays > 60) {
    return refuse('grace_out_of_range', 'Grace must be 0 to 60 days.');
  }
  if (input.dueOn < account.today) {
    return refuse(
      'due_in_past',
      `${input.dueOn} has gone by (it is ${account.today} for the client); promise a day to come.`,
    );
  }
  if (items.length === 0 || items.length < new Set(input.itemIds).size) {
    return refuse('item_not_found', 'Name the items that will be paid; all must belong to this account.');
  }
  const promised = items.find((item) => item.promised);
  if (promised) {
    return refuse(
      'already_promised',
      `Item ${promised.number ?? promised.itemId} is under another open promise; cancel that one first.`,
    );
  }
  const settled = items.find((item) => item.open.amountMinor <= 0n);
  if (settled) return refuse('nothing_owed', `Item ${settled.number ?? settled.itemId} owes nothing.`);
  const owed = sum(
    items.map((item) => item.open),
    input.amount.currency,
  );
  if (compare(input.amount, money(owed.amountMinor, owed.currency)) > 0) {
    return refuse('more_than_owed', `The items owe ${formatMoney(owed)} in all; a promise cannot be of more.`);
  }
  return null;
}
