/** The words of a header in one form: `InvoiceDate`, `invoice_date` and `Invoice Date` are the same. */
export function headerWords(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Names for the columns: blank ones numbered, repeated ones told apart, so that a mapping can name each. */
export function columnNames(cells: readonly string[]): string[] {
  const used = new Set<string>();
  return cells.map((cell, index) => {
    const name = cell.trim().slice(0, 200) || `Column ${index + 1}`;
    let unique = name;
    for (let nth = 2; used.has(unique); nth += 1) unique = `${name} (${nth})`;
    used.add(unique);
    return unique;
  });
}

/** Whether the first row names the columns: mostly filled, no two alike, and nothing in it that is a number, date or address. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (filled.length === 0 || filled.length < cells.length / 2) return false;
  const valueLike = filled.filter((cell) =>
    /^[-+(]?[\p{Sc}]?\s*[\d.,]+\)?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|@.+\./u.test(cell),
  );
  return valueLike.length === 0 && new Set(filled.map((cell) => cell.toLowerCase())).size >= filled.length - 1;
}
