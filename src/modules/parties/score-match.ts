import { normaliseName } from '../../kernel/text.ts';
import type { PartyKind } from './party.ts';

/** What two parties are compared by. Keys are as contact points and tax numbers are compared. */
export type Likeness = {
  readonly kind: PartyKind;
  readonly name: string;
  readonly country: string | null;
  readonly taxKey: string | null;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly addresses: readonly string[];
};

/** One thing that speaks for two parties being one (points above zero) or against it. */
export type Signal = {
  readonly kind: 'tax_number' | 'email' | 'phone' | 'address' | 'name' | 'kind' | 'country';
  readonly points: number;
  readonly sentence: string;
};
export type MatchScore = { readonly score: number; readonly signals: readonly Signal[] };

/** From this score on a pair is worth a person's look; below it is not kept. Nothing is ever merged by itself. */
export const reviewFrom = 50;
/** From here on hardly anything speaks against it. */
export const veryLikelyFrom = 85;

// Words that say what a business is and not which one.
const legalForms = new Set(
  'ltd limited inc incorporated llc llp plc corp corporation co company gmbh ag kg ohg ug se mbh sa sarl sas srl spa bv nv oy ab as aps pty the and und et'.split(
    ' ',
  ),
);
const points = { tax_number: 60, email: 35, phone: 25, address: 20, name: 45 } as const;

/**
 * How likely two parties are one, from 0 to 100, and why. Same tax number, mailbox, telephone number, address and name add up; different
 * tax numbers, a person beside a business and different countries take off. Symmetric.
 */
export function scoreMatch(one: Likeness, other: Likeness): MatchScore {
  const signals = [
    taxSignal(one, other),
    shared('email', one.emails, other.emails, 'The same e-mail address'),
    shared('phone', one.phones, other.phones, 'The same telephone number'),
    shared('address', one.addresses, other.addresses, 'The same postal address'),
    nameSignal(one, other),
    one.kind === other.kind
      ? null
      : { kind: 'kind' as const, points: -40, sentence: 'One is a person, the other a business' },
    one.country === null || other.country === null || one.country === other.country
      ? null
      : {
          kind: 'country' as const,
          points: -15,
          sentence: `In different countries: ${[one.country, other.country].toSorted().join(' and ')}`,
        },
  ].filter((signal) => signal !== null);
  const sum = signals.reduce((total, signal) => total + signal.points, 0);
  return { score: Math.max(0, Math.min(100, sum)), signals: signals.toSorted((a, b) => b.points - a.points) };
}

function taxSignal(one: Likeness, other: Likeness): Signal | null {
  if (one.taxKey === null || other.taxKey === null) return null;
  return one.taxKey === other.taxKey
    ? { kind: 'tax_number', points: points.tax_number, sentence: 'The same tax number' }
    : { kind: 'tax_number', points: -50, sentence: 'Different tax numbers' };
}

function shared(
  kind: 'email' | 'phone' | 'address',
  ones: readonly string[],
  others: readonly string[],
  words: string,
): Signal | null {
  const common = ones.filter((key) => others.includes(key)).toSorted();
  return common[0] === undefined ? null : { kind, points: points[kind], sentence: `${words}: ${common[0]}` };
}

function nameSignal(one: Likeness, other: Likeness): Signal | null {
  const [mine, theirs] = [wordsOf(one.name), wordsOf(other.name)];
  const likeness = likenessOf(mine, theirs);
  if (likeness < 0.5) return null;
  const sentence =
    likeness === 1
      ? 'The same name, apart from legal form, order and spelling of letters'
      : `Similar names: ${Math.round(likeness * 100)} % of the words agree`;
  // A name of several words that agrees whole is worth a look by itself; one word, or most of several, is not.
  const whole = likeness === 1 && mine.length > 1;
  return { kind: 'name', points: whole ? reviewFrom : Math.round(points.name * likeness * 0.9), sentence };
}

/** Words of a name without legal forms, unless it consists of nothing else. */
function wordsOf(name: string): string[] {
  const words = [...new Set(normaliseName(name).split(' ').filter(Boolean))];
  const telling = words.filter((word) => !legalForms.has(word));
  return telling.length > 0 ? telling : words;
}

/** Words that agree, of all words of both; a slip of one letter in a word of five letters or more counts nearly whole. */
function likenessOf(ones: readonly string[], others: readonly string[]): number {
  const same = ones.filter((word) => others.includes(word)).length;
  const left = ones.filter((word) => !others.includes(word));
  const right = others.filter((word) => !ones.includes(word));
  // Pairing goes word by word, so it may find more from one side than from the other.
  const agreeing = same + 0.9 * Math.max(slipsBetween(left, right), slipsBetween(right, left));
  return agreeing / (ones.length + others.length - agreeing);
}

function slipsBetween(ones: readonly string[], others: readonly string[]): number {
  const left = [...others];
  for (const word of ones) {
    const at = left.findIndex((candidate) => isSlip(word, candidate));
    if (at >= 0) left.splice(at, 1);
  }
  return others.length - left.length;
}

/** One letter more, less, other, or two neighbours swapped. */
function isSlip(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < 5 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  return (
    short.slice(at + 1) === long.slice(at + 1) ||
    (short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2))
  );
}

/** A tax number as compared: letters and digits only, in capitals; null when nothing is left. */
export function taxKeyOf(taxNumber: string): string | null {
  const key = taxNumber
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key === '' ? null : key;
}
