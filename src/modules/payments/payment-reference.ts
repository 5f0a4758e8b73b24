const separators = /[\s,;:|]+/;
const edges = /^[.#()[\]"']+|[.#()[\]"']+$/g;

/**
 * The pieces of a remittance text that could be item numbers, each as written and in capitals, plus the whole text:
 * an item number may itself contain blanks. The set-based take-in splits the same way in SQL.
 */
export function referenceTokens(reference: string | null | undefined): Set<string> {
  const whole = (reference ?? '').trim();
  const pieces = whole.split(separators).map((piece) => piece.replace(edges, ''));
  const tokens = [whole, ...pieces].filter((token) => token !== '');
  return new Set(tokens.flatMap((token) => [token, token.toUpperCase()]));
}

/** Shorter pieces ("1", "May") name an item only within an account that is already known. */
export const shortestIdentifyingToken = 4;
