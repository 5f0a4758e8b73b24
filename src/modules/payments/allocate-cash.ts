import type { CalendarDate } from '../../kernel/calendar.ts';
import { compare, formatMoney, least, type Money, money, subtract, zero } from '../../kernel/money.ts';
import { referenceTokens } from './payment-reference.ts';

export type AllocationMethod = 'reference' | 'oldest_first' | 'manual' | 'promise';

/** What an allocation settles: the open item, or a reduction the host had already made for the same money. */
export type AllocationTarget = 'receivable' | 'clearing';

/** An item as cash application sees it. `clearingMinor` is what the host took off without saying which money paid it. */
export type PayableItem = {
  readonly itemId: string;
  readonly accountId: string;
  readonly number: string | null;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly openMinor: bigint;
  readonly clearingMinor: bigint;
  readonly promised: boolean;
};

export type ProposedAllocation = {
  readonly itemId: string;
  readonly accountId: string;
  readonly amount: Money;
  readonly against: AllocationTarget;
  readonly method: AllocationMethod;
  readonly reason: string;
  readonly effectiveOn: CalendarDate;
};

type Share = {
  readonly item: PayableItem;
  readonly capacityMinor: bigint;
  readonly against: AllocationTarget;
  readonly method: AllocationMethod;
  readonly reason: string;
};

/**
 * Where received money goes: to the items its reference names, then to reductions the host reported without a receipt,
 * then to items under an open promise, then to the oldest due. Never more than an item holds; what is left stays unapplied.
 */
export function allocateCash(
  receipt: { readonly amount: Money; readonly receivedOn: CalendarDate; readonly reference: string | null },
  items: readonly PayableItem[],
): { readonly allocations: ProposedAllocation[]; readonly unapplied: Money } {
  const allocations: ProposedAllocation[] = [];
  let left = receipt.amount;
  for (const share of sharesInOrder(receipt.reference, items)) {
    if (left.amountMinor === 0n) break;
    const amount = least(left, money(share.capacityMinor, left.currency));
    left = subtract(left, amount);
    allocations.push({
      itemId: share.item.itemId,
      accountId: share.item.accountId,
      amount,
      against: share.against,
      method: share.method,
      reason: share.reason,
      effectiveOn: allocationDate(receipt.receivedOn, share.item.issuedOn),
    });
  }
  return { allocations, unapplied: left };
}

/** Money that came before its invoice settles it on the day the invoice exists, so that no item was ever below zero. */
export function allocationDate(receivedOn: CalendarDate, issuedOn: CalendarDate): CalendarDate {
  return receivedOn > issuedOn ? receivedOn : issuedOn;
}

function sharesInOrder(reference: string | null, items: readonly PayableItem[]): Share[] {
  const tokens = referenceTokens(reference);
  const byAge = items.toSorted((a, b) => byDueThenId(a, b));
  const named = byAge.filter((item) => item.number !== null && tokens.has(item.number));
  const rest = byAge.filter((item) => !named.includes(item));
  return [
    ...named.flatMap((item) => [clearing(item, 'reference'), open(item, 'reference')]),
    ...rest.map((item) => clearing(item, 'oldest_first')),
    ...rest.filter((item) => item.promised).map((item) => open(item, 'promise')),
    ...rest.filter((item) => !item.promised).map((item) => open(item, 'oldest_first')),
  ].filter((share) => share.capacityMinor > 0n);
}

function byDueThenId(a: PayableItem, b: PayableItem): number {
  if (a.dueOn !== b.dueOn) return a.dueOn < b.dueOn ? -1 : 1;
  return a.itemId < b.itemId ? -1 : 1;
}

function clearing(item: PayableItem, method: AllocationMethod): Share {
  return { item, capacityMinor: item.clearingMinor, against: 'clearing', method, reason: reasons.clearing };
}

function open(item: PayableItem, method: keyof typeof reasons & AllocationMethod): Share {
  return { item, capacityMinor: item.openMinor, against: 'receivable', method, reason: reasons[method] };
}

/** The words a reviewer reads; the set-based take-in writes the same. */
export const reasons = {
  reference: 'The payment reference names this item.',
  settled: 'The source row says this item was settled.',
  clearing: 'The host had already taken this money off the item.',
  promise: 'An open promise covers this item.',
  oldest_first: 'No reference named another item; oldest due first.',
} as const;

/** Why a person's allocation cannot stand, or null. Refuses more than the item holds and more than was received. */
export function whyNotAllocatable(
  amount: Money,
  wanted: readonly { readonly itemId: string; readonly amount: Money }[],
  items: ReadonlyMap<string, PayableItem>,
): string | null {
  let left = amount;
  const seen = new Set<string>();
  for (const part of wanted) {
    const item = items.get(part.itemId);
    if (!item) return `Item ${part.itemId} is not an open item of this client in ${amount.currency}.`;
    if (seen.has(part.itemId)) return `Item ${item.number ?? item.itemId} is named twice; give one amount for it.`;
    seen.add(part.itemId);
    if (part.amount.currency !== amount.currency)
      return `The receipt is in ${amount.currency}; allocate in that currency.`;
    if (part.amount.amountMinor <= 0n) return 'Each allocated amount must be above zero.';
    const capacity = money(item.openMinor + item.clearingMinor, amount.currency);
    if (compare(part.amount, capacity) > 0) {
      return `Item ${item.number ?? item.itemId} has ${formatMoney(capacity)} left to settle; ${formatMoney(part.amount)} was asked.`;
    }
    left = subtract(left, part.amount);
  }
  if (compare(left, zero(left.currency)) >= 0) return null;
  return `The allocations come to more than the ${formatMoney(amount)} received.`;
}

/** A person's allocation as transfers: a reduction the host already made for the item is matched before its open rest. */
export function manualAllocations(
  receivedOn: CalendarDate,
  wanted: readonly { readonly itemId: string; readonly amount: Money }[],
  items: ReadonlyMap<string, PayableItem>,
  reason: string,
): ProposedAllocation[] {
  return wanted.flatMap(({ itemId, amount }) => {
    const item = items.get(itemId);
    if (!item) throw new Error(`whyNotAllocatable was not asked about item ${itemId}`);
    const matched = least(amount, money(item.clearingMinor, amount.currency));
    const parts = [
      { amount: matched, against: 'clearing' as const },
      { amount: subtract(amount, matched), against: 'receivable' as const },
    ];
    return parts
      .filter((part) => part.amount.amountMinor > 0n)
      .map((part) => ({
        ...part,
        itemId,
        accountId: item.accountId,
        method: 'manual' as const,
        reason,
        effectiveOn: allocationDate(receivedOn, item.issuedOn),
      }));
  });
}
