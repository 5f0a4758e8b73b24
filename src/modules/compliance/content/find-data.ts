import { findCardNumbers, findSecurityCodes } from '../../../kernel/card-number.ts';
import type { ContentMessage } from './content-message.ts';
import type { Reading } from './reading.ts';

/** A place in the visible text. */
type Place = { readonly start: number; readonly end: number };

const currencies = String.raw`usd|eur|gbp|cad|aud|nzd|inr|chf|jpy|cny|mxn|brl|zar|sek|nok|dkk|pln`;
const sign = String.raw`[$€£¥₹¢]`;
// Sign or code before the number, or after it. Neither has a repetition inside a repetition: one pass each.
const amountAfterSign = new RegExp(String.raw`(?:${sign}|\b(?:${currencies}|rs))\.? {0,2}\d[\d.,']{0,20}`, 'giu');
const amountBeforeSign = new RegExp(
  String.raw`(?<![\d.,])\d[\d.,']{0,20} {0,2}(?:${sign}|(?:${currencies}|dollars?|bucks|euros?|pounds?|quid|cents?|d[oó]lares|rupees|francs?|franken)\b)`,
  'giu',
);
// Areas 000, 666 and 9xx, group 00 and serial 0000 were never given out (SSA).
const socialSecurity = /(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g;

const places = (plain: string, pattern: RegExp): Place[] =>
  [...plain.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

export const findAmounts = ({ plain }: Reading): Place[] => [
  ...places(plain, amountAfterSign),
  ...places(plain, amountBeforeSign),
];

export const findSocialSecurityNumbers = ({ plain }: Reading): Place[] => places(plain, socialSecurity);

/** Card-like numbers, but for those we know to be numbers of accounts and invoices. */
export function findCards(
  { plain }: Reading,
  message: Pick<ContentMessage, 'accountNumbers' | 'knownNumbers'>,
): Place[] {
  const known = new Set(
    [...(message.accountNumbers ?? []), ...(message.knownNumbers ?? [])].map((number) => number.replace(/\D/g, '')),
  );
  return findCardNumbers(plain).filter((card) => !known.has(card.digits));
}

/** Security codes of cards, which are named where they are given. */
export const findCardCodes = ({ plain }: Reading): Place[] => findSecurityCodes(plain);

const shortest = 6;

/** Account numbers written out in full, however they are grouped; one of fewer than six characters has nothing to hide. */
export function findAccountNumbers({ words }: Reading, numbers: readonly string[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const wanted = number.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    if (wanted.length < shortest) continue;
    for (const from of words.keys()) {
      let run = '';
      for (let at = from; at < words.length; at += 1) {
        run += words[at]?.text ?? '';
        if (run === wanted) found.push({ from, to: at + 1 });
        if (!wanted.startsWith(run)) break;
      }
    }
  }
  return found;
}

/** Telephone numbers that begin in one of these ways, with their country code of 44 or without. */
export function findTelephonePrefixes({ plain }: Reading, prefixes: readonly string[]): Place[] {
  return places(plain, /(?<![\d+])(?:\+|00)?\d(?:[ ().-]{0,2}\d){8,13}(?!\d)/g).filter(({ start, end }) => {
    // The nought of `+44 (0)871` is dialled at home alone.
    const digits = plain
      .slice(start, end)
      .replace(/^((?:\+|00)\d{2} ?)\(0\)/, '$1')
      .replace(/\D/g, '');
    const national = digits.replace(/^(?:00)?44(?=\d{9,10}$)/, '0').replace(/^00/, '0');
    // A British number has nine or ten digits beside its nought; a longer one is a reference.
    return national.length <= 11 && prefixes.some((prefix) => national.startsWith(prefix));
  });
}
