import type { Word } from './reading.ts';

// The commonest words that one of these languages has and the others have not.
const telling: Readonly<Record<string, readonly string[]>> = {
  en: [
    'the',
    'and',
    'of',
    'to',
    'you',
    'your',
    'is',
    'are',
    'this',
    'with',
    'from',
    'we',
    'have',
    'been',
    'please',
    'our',
    'will',
    'if',
  ],
  es: [
    'el',
    'los',
    'las',
    'del',
    'y',
    'que',
    'para',
    'por',
    'usted',
    'su',
    'sus',
    'esta',
    'este',
    'con',
    'una',
    'si',
    'nuestro',
    'puede',
  ],
  de: [
    'der',
    'die',
    'das',
    'und',
    'ist',
    'sie',
    'wir',
    'nicht',
    'mit',
    'ein',
    'eine',
    'ihre',
    'ihrer',
    'bitte',
    'auf',
    'bei',
    'uns',
    'zu',
  ],
  fr: [
    'le',
    'les',
    'des',
    'et',
    'est',
    'vous',
    'votre',
    'nous',
    'pour',
    'une',
    'dans',
    'avec',
    'sur',
    'veuillez',
    'ce',
    'cette',
    'vos',
    'au',
  ],
};
const enough = 6;

/** The language a text is plainly written in; null when there is too little of it to say, or it could be two. */
export function languageOf(words: readonly Word[]): string | null {
  const counts = Object.entries(telling)
    .map(([language, common]) => ({ language, count: words.filter((word) => common.includes(word.text)).length }))
    .sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  return first && first.count >= enough && first.count >= 2 * (second?.count ?? 0) ? first.language : null;
}
