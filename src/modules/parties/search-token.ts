/** First string after every string that begins with `prefix`, in "C" order of UTF-8. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
