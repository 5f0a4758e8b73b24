import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf, newId } from '../../../kernel/ids.ts';
import { type Currency, currency, money, parseCurrency } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { findReceiptRow, listReceipts, type ReceiptRow } from '../../../modules/insights/public.ts';
import { reallocate, recordReceipt, reverseReceipt, reviewAllocation } from '../../../modules/payments/public.ts';
import * as contract from '../contract/payments.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';

type ReceiptBody = ResponseOf<typeof contract.getReceipt>;

/** Money received: recorded, allocated, reviewed, taken back. */
export function paymentHandlers(): Implementation[] {
  return [
    implement(contract.listReceipts, async (ctx, { query, caller }) => {
      const page = await listReceipts(ctx, caller.clientIds, query, query);
      return page.ok ? ok({ rows: page.value.rows.map(receiptBody), nextCursor: page.value.nextCursor }) : page;
    }),
    implement(contract.getReceipt, async (ctx, { params }) => findBody(ctx, params.receiptId)),
    implement(contract.recordReceipt, async (ctx, { body, caller }) => {
      const code = parseCurrency(body.amount.currency);
      if (!code.ok) return code;
      const recorded = await recordReceipt(ctx, {
        clientId: idOf('client', body.clientId),
        accountId: body.accountId === null ? null : idOf('account', body.accountId),
        receivedOn: calendarDate(body.receivedOn),
        amount: money(BigInt(body.amount.amountMinor), code.value),
        method: body.method,
        reference: body.reference,
        payerName: body.payerName,
        source: caller.actor.kind === 'key' ? 'api' : 'hand',
        externalKey: body.externalKey ?? newId(),
        ...(body.allocations && { allocations: partsIn(body.allocations, code.value) }),
      });
      return recorded.ok ? findBody(ctx, recorded.value.receiptId) : recorded;
    }),
    implement(contract.reallocate, async (ctx, { params, body, version }) => {
      const receipt = await findReceiptRow(ctx, params.receiptId);
      if (!receipt) return refuse('receipt_not_found', 'There is no such receipt.');
      const done = await reallocate(ctx, {
        receiptId: idOf('receipt', params.receiptId),
        accountId: idOf('account', body.accountId),
        allocations: partsIn(body.parts, currency(receipt.currency)),
        reason: body.reason,
        rowVersion: version,
      });
      return done.ok ? findBody(ctx, params.receiptId) : done;
    }),
    implement(contract.reviewReceipt, async (ctx, { params }) => {
      const reviewed = await reviewAllocation(ctx, idOf('receipt', params.receiptId));
      return reviewed.ok ? findBody(ctx, params.receiptId) : reviewed;
    }),
    implement(contract.reverseReceipt, async (ctx, { params, body, version }) => {
      const reversed = await reverseReceipt(ctx, {
        receiptId: idOf('receipt', params.receiptId),
        on: calendarDate(body.on),
        reason: body.reason,
        rowVersion: version,
      });
      return reversed.ok ? findBody(ctx, params.receiptId) : reversed;
    }),
  ];
}

type Part = { readonly itemId: string; readonly amountMinor: string };
const partsIn = (parts: readonly Part[], of: Currency) =>
  parts.map((part) => ({ itemId: idOf('item', part.itemId), amount: money(BigInt(part.amountMinor), of) }));

async function findBody(ctx: Ctx, receiptId: string): Promise<Result<ReceiptBody, 'receipt_not_found'>> {
  const row = await findReceiptRow(ctx, receiptId);
  return row ? ok(receiptBody(row)) : refuse('receipt_not_found', 'There is no such receipt.');
}

function receiptBody(row: ReceiptRow): ReceiptBody {
  const { clientId, clientName, accountId, accountNumber, partyId, partyName, ...receipt } = row;
  const known = accountId !== null && partyId !== null;
  return {
    ...receipt,
    client: { id: clientId, name: clientName },
    amountMinor: row.amountMinor.toString(),
    unappliedMinor: row.unappliedMinor.toString(),
    account: known
      ? { id: accountId, number: accountNumber ?? '', party: { id: partyId, name: partyName ?? '' } }
      : null,
    recordedAt: row.recordedAt.toISOString(),
    rowVersion: row.rowVersion.toString(),
    allocations: row.allocations.map((part) => ({
      ...part,
      reversedAt: part.reversedAt === null ? null : new Date(part.reversedAt).toISOString(),
    })),
  };
}
