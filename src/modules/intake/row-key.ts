import { hash } from 'node:crypto';
import { hashId } from '../../kernel/ids.ts';
import { normaliseName } from '../../kernel/text.ts';

const separator = '\u001f';

/** SHA-256, in hex, over values in a fixed order; absent and empty differ. */
export function contentHash(values: readonly (string | bigint | null)[]): string {
  let text = '';
  for (const value of values) text += value === null ? `\u0000${separator}` : `${value}${separator}`;
  return hash('sha256', text, 'hex');
}

/** The key of a row whose file has none: what it says about itself when it was issued, so that a later settlement does not make it another row. */
export function contentKey(identity: readonly (string | bigint | null)[]): string {
  return `c:${contentHash(identity).slice(0, 32)}`;
}

/** The n-th row (from 0) that says exactly the same: two equal invoices are two invoices. */
export function nthKey(key: string, nth: number): string {
  return nth === 0 ? key : `${key}#${nth + 1}`;
}

/** The id of a row of a source, the same whenever that row comes again. */
export function sourceRowId(clientId: string, target: string, rowKey: string): string {
  return hashId('source', clientId, target, rowKey);
}

/** A party of a client: by its number, else by its name as compared. */
export function partyIdOf(clientId: string, ref: string | null, name: string | null): string | null {
  const key = ref ?? (name === null ? null : normaliseName(name) || name);
  return key === null ? null : hashId('party', clientId, key);
}

/** An account by its number, else the party's one account in that currency. */
export function accountIdOf(clientId: string, number: string | null, partyId: string | null, currency: string): string | null {
  if (number !== null) return hashId('account', clientId, number);
  return partyId === null ? null : hashId('account', clientId, partyId, currency);
}

export const itemIdOf = (rowId: string): string => hashId('item', rowId);
