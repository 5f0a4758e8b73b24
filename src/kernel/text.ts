// Letters that Unicode does not decompose, though people search for them without the stroke or ligature.
const undecomposed: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'ng',
};

/** Name as compared and searched: NFKD, lower case, no diacritics, runs of anything else than letters and digits to one blank. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðłþħıŧŋ]/g, (letter) => undecomposed[letter] ?? letter)
    .replace(/['’ʼ]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Distinct words of a name in sorted order, for search by equality and prefix. At most 24 words of 40 characters. */
export function searchTokens(...texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => normaliseName(text.slice(0, 2000)).split(' '));
  return [...new Set(words.filter((word) => word !== '').map((word) => [...word].slice(0, 40).join('')))]
    .sort()
    .slice(0, 24);
}

const separators = /[ \-_./\\:,#]+/g;
const ascii = /^[\x00-\x7f]*$/;

/**
 * What an invoice number is found by: ASCII letters lower, no separators, from its first digit on (`INV-2024/17` → `202417`); a number
 * of letters alone is kept whole. Equal to SQL `kernel.number_key(text)`.
 */
export function numberKey(number: string): string {
  const bare = number.replace(separators, '');
  const squeezed = ascii.test(bare) ? bare.toLowerCase() : bare.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return squeezed.replace(/^[a-z]+/, '') || squeezed;
}

const plainNumber = /^[-+]?\d+([.,]\d+)*%?$/;

/**
 * One CSV cell that a spreadsheet will not run: text that could start a formula gets a leading apostrophe
 * (OWASP "CSV injection"); plain numbers, also negative ones, stay numbers.
 */
export function csvCell(value: string | number | bigint | boolean | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const risky = /^[\s\u0000\ufeff]*[=+\-@\t\r|＝＋－＠]/.test(text) && !plainNumber.test(text);
  const safe = risky ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One CSV record, ended by CRLF (RFC 4180). */
export function csvLine(values: readonly (string | number | bigint | boolean | null | undefined)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
