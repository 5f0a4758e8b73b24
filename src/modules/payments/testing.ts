import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { makePromise } from './make-promise.ts';
import { type RecordedReceipt, type ReceiptInput, recordReceipt } from './record-receipt.ts';

let serial = 0;

/** Money of an account in USD by bank transfer; allocated by the rules unless told otherwise. */
export async function aReceipt(
  ctx: Ctx,
  options: Partial<ReceiptInput> & {
    readonly clientId: Id<'client'>;
    readonly amountMinor: bigint;
    readonly on: string;
  },
): Promise<RecordedReceipt> {
  serial += 1;
  const { amountMinor, on, ...rest } = options;
  return unwrap(
    await recordReceipt(ctx, {
      amount: money(amountMinor, currency('USD')),
      receivedOn: calendarDate(on),
      method: 'bank_transfer',
      source: 'hand',
      externalKey: `test-${serial}`,
      ...rest,
    }),
  );
}

/** A promise in USD with three days of grace. */
export async function aPromise(
  ctx: Ctx,
  options: {
    readonly accountId: Id<'account'>;
    readonly itemIds: readonly Id<'item'>[];
    readonly amountMinor: bigint;
    readonly dueOn: string;
    readonly graceDays?: number;
  },
): Promise<{ promiseId: Id<'promise'>; holdId: Id<'hold'> }> {
  return unwrap(
    await makePromise(ctx, {
      accountId: options.accountId,
      itemIds: options.itemIds,
      amount: money(options.amountMinor, currency('USD')),
      dueOn: calendarDate(options.dueOn),
      graceDays: options.graceDays ?? 3,
      channel: 'call',
    }),
  );
}
