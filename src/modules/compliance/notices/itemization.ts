import type { CalendarDate } from '../../../kernel/calendar.ts';
import { add, type Money, subtract } from '../../../kernel/money.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';

/** The five reference dates a debt may be itemized from (12 CFR 1006.34(b)(3)). */
export const itemizationDateKinds = [
  'last_statement',
  'charge_off',
  'last_payment',
  'transaction',
  'judgment',
] as const;
export type ItemizationDateKind = (typeof itemizationDateKinds)[number];

export const itemizationFields = ['amountOnItemizationDate', 'interest', 'fees', 'payments', 'credits'] as const;
export type ItemizationField = (typeof itemizationFields)[number];

/** What was owed on the itemization date and what happened since; null is a blank, which only zero or "none" can fill. */
export type Itemization = { readonly [Field in ItemizationField]: Money | null };
export type CompleteItemization = { readonly [Field in ItemizationField]: Money };

export type ItemizationSum =
  | {
      readonly complete: true;
      readonly missing: readonly [];
      readonly currentAmount: Money;
      readonly of: CompleteItemization;
    }
  | { readonly complete: false; readonly missing: readonly ItemizationField[] };

/**
 * Adds an itemization up: amount + interest + fees − payments − credits, exactly. A blank leaves it incomplete: 12 CFR
 * 1006.34(c)(2)(viii), comment 1. Throws when the currencies differ.
 */
export function sumItemization(parts: Itemization): ItemizationSum {
  const missing = itemizationFields.filter((field) => parts[field] === null);
  if (!isComplete(parts)) return { complete: false, missing };
  const charged = add(add(parts.amountOnItemizationDate, parts.interest), parts.fees);
  return {
    complete: true,
    missing: [],
    currentAmount: subtract(subtract(charged, parts.payments), parts.credits),
    of: parts,
  };
}

const isComplete = (parts: Itemization): parts is CompleteItemization =>
  itemizationFields.every((field) => parts[field] !== null);

export type ItemizationRefusal = 'itemization_incomplete' | 'itemization_negative' | 'itemization_in_the_future';

const named: Readonly<Record<ItemizationField, string>> = {
  amountOnItemizationDate: 'the amount on the itemization date',
  interest: 'interest',
  fees: 'fees',
  payments: 'payments',
  credits: 'credits',
};

/**
 * An itemization fit to be printed. Refuses: `itemization_incomplete`; `itemization_negative` for an amount below zero or nothing left
 * to collect; `itemization_in_the_future`.
 */
export function checkItemization(
  input: { readonly on: CalendarDate; readonly parts: Itemization },
  today: CalendarDate,
): Result<{ readonly currentAmount: Money; readonly of: CompleteItemization }, ItemizationRefusal> {
  if (input.on > today)
    return refuse('itemization_in_the_future', `The itemization date ${input.on} has not come yet; choose a past one.`);
  const sum = sumItemization(input.parts);
  if (!sum.complete) {
    const blanks = Object.fromEntries(sum.missing.map((field) => [field, 'Enter an amount; 0 when there was none.']));
    return refuse(
      'itemization_incomplete',
      `The itemization leaves ${sum.missing.map((field) => named[field]).join(', ')} blank. Enter 0 where there was none.`,
      blanks,
    );
  }
  const below = itemizationFields.filter((field) => sum.of[field].amountMinor < 0n);
  if (below.length > 0)
    return refuse(
      'itemization_negative',
      `Enter ${below.map((field) => named[field]).join(', ')} without a minus sign: payments and credits are taken off by themselves.`,
      Object.fromEntries(below.map((field) => [field, 'Enter it without a minus sign.'])),
    );
  if (sum.currentAmount.amountMinor <= 0n)
    return refuse(
      'itemization_negative',
      'By this itemization nothing is owed any more, so there is nothing to notify of.',
    );
  return ok({ currentAmount: sum.currentAmount, of: sum.of });
}
