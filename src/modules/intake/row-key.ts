import { hash } from 'node:crypto';
import { hashId } from '../../kernel/ids.ts';

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
