import { sql } from 'kysely';
import { type CalendarDate, localDateOf, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { type Money, money } from '../../kernel/money.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { lockAccounts, raiseStopEpochs, refreshFacts } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { allocateCash, manualAllocations, type PayableItem, whyNotAllocatable } from './allocate-cash.ts';
import { listPayableItems } from './allocations.sql.ts';
import { judgePromises } from './judge-promises.ts';
import { referenceTokens, shortestIdentifyingToken } from './payment-reference.ts';
import { postAllocations, postReceived } from './post-cash.ts';
import { type ReceiptMethod, type ReceiptSource, receiptIdOf, tellsTheSame } from './receipt.ts';
import {
  findAccountByTokens,
  findAccountHead,
  findClientZone,
  findReceipt,
  insertReceipt,
  reportPayments,
  updateReceiptRest,
} from './receipts.sql.ts';

export type ReceiptInput = {
  readonly clientId: Id<'client'>;
  readonly accountId?: Id<'account'> | null;
  readonly amount: Money;
  readonly receivedOn: CalendarDate;
  readonly method: ReceiptMethod;
  readonly reference?: string | null;
  readonly payerName?: string | null;
  readonly source: ReceiptSource;
  readonly externalKey: string;
  readonly allocations?: readonly { readonly itemId: Id<'item'>; readonly amount: Money }[];
};

export type ReceiptRefusal =
  | 'client_not_found'
  | 'account_not_found'
  | 'currency_mismatch'
  | 'amount_not_positive'
  | 'received_in_future'
  | 'receipt_key_reused'
  | 'cannot_allocate';

/** What became of the money; `repeated` when the same receipt had been told before and nothing was written. */
export type RecordedReceipt = {
  readonly receiptId: Id<'receipt'>;
  readonly unapplied: Money;
  readonly repeated: boolean;
};

/**
 * Takes money in: posts it, allocates it (as given, else by reference, then oldest first), voids what was planned for the account,
 * judges its promises; all in the caller's transaction. Money nobody can place stays unapplied and stops nobody. The same client
 * and key again change nothing. Refuses: client or account not found, wrong currency, a day that has not come, a key already
 * used for other money, allocations that do not fit.
 */
export async function recordReceipt(ctx: Ctx, input: ReceiptInput): Promise<Result<RecordedReceipt, ReceiptRefusal>> {
  const receiptId = receiptIdOf(input.clientId, input.externalKey);
  const placed = await placeMoney(ctx, input);
  if (!placed.ok) return placed;
  const accountId = placed.value;
  if (accountId !== null) await lockAccounts(ctx, [accountId]);

  const known = await findReceipt(ctx, receiptId);
  if (known) return repeated(known, input);
  const items = accountId === null ? [] : await listPayableItems(ctx, accountId);
  const byId = new Map<string, PayableItem>(items.map((item) => [item.itemId, item]));
  const problem = input.allocations && whyNotAllocatable(input.amount, input.allocations, byId);
  if (problem) return refuse('cannot_allocate', problem);

  const receipt = {
    id: receiptId,
    clientId: input.clientId,
    accountId,
    amount: input.amount,
    receivedOn: input.receivedOn,
    method: input.method,
    reference: input.reference ?? null,
    payerName: input.payerName ?? null,
    source: input.source,
    externalKey: input.externalKey,
  };
  if (!(await insertReceipt(ctx, receipt))) {
    const rival = await findReceipt(ctx, receiptId);
    if (!rival) throw new Error(`Receipt ${receiptId} exists and cannot be read`);
    return repeated(rival, input);
  }
  const allocations = input.allocations
    ? manualAllocations(input.receivedOn, input.allocations, byId, `Allocated by ${ctx.actor.name}.`)
    : allocateCash(receipt, items).allocations;
  const allocatedMinor = allocations.reduce((total, part) => total + part.amount.amountMinor, 0n);
  const unapplied = money(input.amount.amountMinor - allocatedMinor, input.amount.currency);

  await postReceived(ctx, receipt);
  await postAllocations(ctx, receipt, allocations);
  if (allocations.length > 0) await updateReceiptRest(ctx, receiptId, { unapplied, accountId });
  if (accountId !== null) {
    await raiseStopEpochs(ctx, [accountId]);
    await judgePromises(ctx, { accountIds: [accountId] });
    await refreshFacts(ctx, { accountIds: [accountId] });
    await reportPayments(ctx, sql`r.id = ${receiptId}`);
  }
  await recordAudit(ctx, {
    action: 'receipt.recorded',
    subjectKind: 'receipt',
    subjectId: receiptId,
    ...(accountId && { accountId }),
    detail: {
      amountMinor: String(input.amount.amountMinor),
      currency: input.amount.currency,
      receivedOn: input.receivedOn,
      unappliedMinor: String(unapplied.amountMinor),
    },
  });
  return ok({ receiptId, unapplied, repeated: false });
}

function repeated(
  known: NonNullable<Awaited<ReturnType<typeof findReceipt>>>,
  input: ReceiptInput,
): Result<RecordedReceipt, ReceiptRefusal> {
  if (tellsTheSame(known, { accountId: input.accountId ?? null, amount: input.amount, receivedOn: input.receivedOn })) {
    return ok({ receiptId: known.id, unapplied: known.unapplied, repeated: true });
  }
  return refuse(
    'receipt_key_reused',
    `The key "${input.externalKey.slice(0, 80)}" already stands for another receipt of ${known.receivedOn}; give this money a key of its own.`,
  );
}

async function placeMoney(ctx: Ctx, input: ReceiptInput): Promise<Result<Id<'account'> | null, ReceiptRefusal>> {
  if (input.amount.amountMinor <= 0n)
    return refuse('amount_not_positive', 'A receipt must be of more than zero; a refund is not a receipt.');
  const zone = await findClientZone(ctx, input.clientId);
  if (zone === null) return refuse('client_not_found', 'There is no such client.');
  const today = localDateOf(ctx.at, timeZone(zone));
  if (input.receivedOn > today) {
    return refuse(
      'received_in_future',
      `${input.receivedOn} has not come yet (it is ${today} for the client); record the money when it is there.`,
    );
  }
  if (!input.accountId) return ok(await accountNamedBy(ctx, input));
  const account = await findAccountHead(ctx, input.accountId);
  if (!account || account.clientId !== input.clientId)
    return refuse('account_not_found', 'There is no such account with this client.');
  if (account.currency !== input.amount.currency) {
    return refuse(
      'currency_mismatch',
      `Account ${account.number} is kept in ${account.currency}; this money is ${input.amount.currency}.`,
    );
  }
  return ok(account.id);
}

function accountNamedBy(ctx: Ctx, input: ReceiptInput): Promise<Id<'account'> | null> {
  const tokens = [...referenceTokens(input.reference)].filter((token) => token.length >= shortestIdentifyingToken);
  return findAccountByTokens(ctx, input.clientId, input.amount.currency, tokens);
}
