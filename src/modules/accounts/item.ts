import { hashId, type Id } from '../../kernel/ids.ts';

export const itemKinds = ['invoice', 'instalment', 'loan_balance', 'charge', 'credit_note'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** Id of the item a source row means. */
export function importedItemId(sourceRowId: string): Id<'item'> {
  return hashId('item', sourceRowId);
}
