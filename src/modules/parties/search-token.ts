import { createHash } from 'node:crypto';

export type TokenSubject = 'party' | 'contact_point' | 'account' | 'item';

/** Id of a search token: the same token of the same subject is the same row. Equal to `tokenIdSql`. */
export function tokenId(subjectId: string, token: string): string {
  const hex = createHash('sha256')
    .update(subjectId + token)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** First string after every string that begins with `prefix`, in "C" order of UTF-8. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
