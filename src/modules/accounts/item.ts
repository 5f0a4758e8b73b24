import type { Id } from '../../kernel/ids.ts';

export const itemKinds = ['invoice', 'instalment', 'loan_balance', 'charge', 'credit_note'] as const;
export type ItemKind = (typeof itemKinds)[number];

const half = 'xxxxxxxx-xxxx-xxxx'.length;

/**
 * Id of an item born of a source row: begins as its account's and ends as the row's, so that what is written of items by their ids is
 * written by account. Which item a row means that has come before, its source row says.
 */
export function importedItemId(accountId: string, sourceRowId: string): Id<'item'> {
  return (accountId.slice(0, half) + sourceRowId.slice(half)) as Id<'item'>;
}
