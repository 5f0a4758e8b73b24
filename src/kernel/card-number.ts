/** A number in a text that could be a payment card's, with where it stands. `digits` has no separators. */
export type CardNumber = { readonly start: number; readonly end: number; readonly digits: string };

const isDigit = (code: number) => code >= 48 && code <= 57;
const letterBefore = /[\p{L}]$/u;

/**
 * Finds what looks like a card number (ISO/IEC 7812: 13 to 19 digits that pass the Luhn check, in groups parted by single blanks,
 * dots or dashes). A run that is an IBAN by its check digits is none. One pass, whatever the text.
 */
export function findCardNumbers(text: string): CardNumber[] {
  const found: CardNumber[] = [];
  let at = 0;
  while (at < text.length) {
    if (!isDigit(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const run = digitRun(text, at);
    if (run.digits.length >= 13 && !belongsToIban(text, run)) found.push(...cardsIn(run));
    at = run.end;
  }
  return found;
}

type Run = {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly places: readonly number[];
};

/** Digits from `start` on, with at most one separator between two of them. */
function digitRun(text: string, start: number): Run {
  const places: number[] = [];
  let digits = '';
  let at = start;
  for (;;) {
    if (isDigit(text.charCodeAt(at))) {
      places.push(at);
      digits += text[at];
      at += 1;
    } else if (/[ .\-\u00a0\u2010-\u2015]/.test(text[at] ?? '') && isDigit(text.charCodeAt(at + 1))) at += 1;
    else return { start, end: at, digits, places };
  }
}

/** The whole run when it is one card; else the first card-like groups in it, so that a card after a date is still seen. */
function cardsIn(run: Run): CardNumber[] {
  if (run.digits.length <= 19) {
    return luhn(run.digits) && !/^(\d)\1+$/.test(run.digits)
      ? [{ start: run.start, end: run.end, digits: run.digits }]
      : groupsIn(run);
  }
  return groupsIn(run);
}

/** Cards that begin and end where groups do: four numbers in a row are not searched at every digit, which would find chance. */
function groupsIn({ digits, places, end }: Run): CardNumber[] {
  const begins = new Set(
    places.flatMap((place, index) => (index === 0 || (places[index - 1] ?? 0) + 1 < place ? [index] : [])),
  );
  const found: CardNumber[] = [];
  let from = 0;
  for (const begin of begins) {
    if (begin < from) continue;
    const length = [16, 15, 14, 13, 17, 18, 19].find((many) => {
      const stop = begin + many;
      return (
        (stop === digits.length || begins.has(stop)) &&
        luhn(digits.slice(begin, stop)) &&
        !/^(\d)\1+$/.test(digits.slice(begin, stop))
      );
    });
    if (length === undefined) continue;
    from = begin + length;
    found.push({
      start: places[begin] ?? 0,
      end: from === digits.length ? end : (places[from - 1] ?? 0) + 1,
      digits: digits.slice(begin, from),
    });
  }
  return found;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let back = 0; back < digits.length; back += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - back) - 48;
    const doubled = back % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

// ISO 13616: two letters before the digits, and 97 as the modulus. Those with letters inside break the run by themselves.
function belongsToIban(text: string, run: Run): boolean {
  const country = /[A-Za-z]{2}$/.exec(text.slice(Math.max(0, run.start - 2), run.start))?.[0]?.toUpperCase();
  if (country === undefined || letterBefore.test(text.slice(0, run.start - 2).slice(-1))) return false;
  const moved = `${run.digits.slice(2)}${[...country].map((letter) => letter.charCodeAt(0) - 55).join('')}${run.digits.slice(0, 2)}`;
  let rest = 0;
  for (const digit of moved) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

const codeNames =
  'cvv2?|cvc2?|cvn2?|card (?:security|verification) (?:code|value|number)|security code|kartenprüfnummer|kartenprüfziffer|código de seguridad|cryptogramme';
// The name, at most a word such as "is" or "of card", and three or four digits by themselves.
const securityCode = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${codeNames})(?![\p{L}\p{N}])[ :=#.-]{0,3}(?:(?:is|was|ist|lautet|es|est|number|no|code)[ :=#.-]{1,3})?(?<code>\d{3,4})(?!\d)`,
  'giu',
);

/** Where the security code of a card stands beside its name. No such code may be kept, not even the last of its digits (PCI DSS 3.3.1). */
export function findSecurityCodes(text: string): { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(securityCode)].map((match) => {
    const end = match.index + match[0].length;
    return { start: end - (match.groups?.['code'] ?? '').length, end };
  });
}

/** The text with its cards' security codes starred, and all but the last four digits of each card number; it keeps its length. `known` numbers are left as they are. */
export function maskCardNumbers(text: string, known: ReadonlySet<string> = new Set()): string {
  return maskCodes(maskNumbers(text, known));
}

const maskCodes = (text: string): string =>
  findSecurityCodes(text).reduce(
    (masked, { start, end }) => masked.slice(0, start) + '*'.repeat(end - start) + masked.slice(end),
    text,
  );

function maskNumbers(text: string, known: ReadonlySet<string>): string {
  let masked = '';
  let from = 0;
  for (const card of findCardNumbers(text)) {
    if (known.has(card.digits)) continue;
    let seen = 0;
    const stars = text
      .slice(card.start, card.end)
      .replace(/\d/g, (digit) => ((seen += 1) <= card.digits.length - 4 ? '*' : digit));
    masked += text.slice(from, card.start) + stars;
    from = card.end;
  }
  return from === 0 ? text : masked + text.slice(from);
}
