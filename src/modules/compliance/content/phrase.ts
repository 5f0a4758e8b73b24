import { imitate, read, type Word } from './reading.ts';

/**
 * A wording as rules state it, read once from text such as `attempt* to collect a|the|this debt`:
 * - words are compared as `read` sees them; `a|b` is either; `collect*` any word that begins so;
 * - `the?` may be left out; `..3` is up to three words of any kind;
 * - `<phone>`, `<business>`, `<person>`, `<creditor>`, `<party>` are what the message is known to be about, `<number>` any word with a digit.
 * There are no regular expressions in rules, so no rule can be slow: matching is one pass with a thread per element.
 */
export type Phrase = { readonly source: string; readonly elements: readonly Element[] };

type Element = {
  readonly optional: boolean;
  /** Null: any word. */
  readonly words: ReadonlySet<string> | null;
  readonly prefixes: readonly string[];
  /** The same with digits and letters that imitate each other made one. */
  readonly imitated: { readonly words: ReadonlySet<string>; readonly prefixes: readonly string[] };
  readonly known: string | null;
};

const longest = 30;
const none = { words: new Set<string>(), prefixes: [] };
const gap: Element = { optional: true, words: null, prefixes: [], imitated: none, known: null };

/** Parses a wording. Throws, quoting it, when it holds nothing to compare or is longer than any wording is. */
export function parsePhrase(source: string): Phrase {
  const elements = source
    .trim()
    .split(/\s+/)
    .flatMap((piece) => elementsOf(piece, source));
  if (elements.length > longest) throw new Error(`The wording "${source}" has more than ${longest} parts.`);
  if (elements.every((element) => element.optional)) throw new Error(`The wording "${source}" would match everything.`);
  if (elements[0]?.optional) throw new Error(`The wording "${source}" begins with what may be left out.`);
  return { source, elements };
}

function elementsOf(piece: string, source: string): Element[] {
  const wide = /^\.\.([1-9])$/.exec(piece)?.[1];
  if (wide !== undefined) return Array.from({ length: Number(wide) }, () => gap);
  const [, written = '', optional = ''] = /^(.*?)(\??)$/.exec(piece) ?? [];
  const known = /^<([a-z]+)>$/.exec(written)?.[1];
  if (known !== undefined) return [{ optional: optional !== '', ...none, imitated: none, known }];
  const words: string[] = [];
  const prefixes: string[] = [];
  for (const choice of written.split('|')) {
    const bare = choice.replace(/\*$/, '');
    const [word, ...more] = read(bare).words;
    if (!word || more.length > 0) throw new Error(`"${choice}" in the wording "${source}" is not one word.`);
    // A longer beginning than is kept of words could never be found.
    (choice.endsWith('*') ? prefixes : words).push(
      choice.endsWith('*') ? word.text.slice(0, longestBeginning) : word.text,
    );
  }
  const imitated = { words: new Set(words.map(imitate)), prefixes: prefixes.map(imitate) };
  return [{ optional: optional !== '', words: new Set(words), prefixes, imitated, known: null }];
}

const fits = (element: Element, word: Word): boolean => {
  if (element.words === null) return true;
  if (element.known !== null) return element.known === 'number' ? /\d/.test(word.text) : word.known === element.known;
  const { words, prefixes, imitated } = element;
  return (
    holds(words, prefixes, word.text) ||
    (word.imitated !== word.text && holds(imitated.words, imitated.prefixes, word.imitated))
  );
};
const holds = (words: ReadonlySet<string>, prefixes: readonly string[], text: string): boolean =>
  words.has(text) || prefixes.some((prefix) => text.startsWith(prefix));

/** Words `from` to `to` (exclusive) of a reading. */
export type Span = { readonly from: number; readonly to: number };

/** Every place where the phrase stands, shortest first and not overlapping. */
export function findPhrase({ elements }: Phrase, words: readonly Word[]): Span[] {
  const spans: Span[] = [];
  // began[n]: the latest word at which a thread began that has matched n elements; -1 where there is none.
  const began = new Array<number>(elements.length + 1).fill(-1);
  for (const [at, word] of words.entries()) {
    began[0] = at;
    for (let done = elements.length - 1; done >= 0; done -= 1) {
      const element = elements[done];
      const start = began[done] ?? -1;
      began[done + 1] = start >= 0 && element && fits(element, word) ? start : -1;
    }
    skipOptional(elements, began);
    const start = began[elements.length] ?? -1;
    if (start >= 0) {
      spans.push({ from: start, to: at + 1 });
      began.fill(-1);
    }
  }
  return spans;
}

/** Lets threads pass over what may be left out, which the first element never is. */
function skipOptional(elements: readonly Element[], began: number[]): void {
  for (let done = 1; done < elements.length; done += 1) {
    if (elements[done]?.optional) began[done + 1] = Math.max(began[done + 1] ?? -1, began[done] ?? -1);
  }
}

/** The words of a text, and how they begin: what most wordings can be ruled out by. */
export type Vocabulary = { readonly words: ReadonlySet<string>; readonly beginnings: ReadonlySet<string> };

/** Whether the phrase could stand in a text of these words at all: most cannot, and are not looked for. */
export function possible({ elements }: Phrase, vocabulary: Vocabulary): boolean {
  return elements.every(
    ({ optional, words, prefixes, imitated, known }) =>
      optional ||
      known !== null ||
      words === null ||
      some(words, vocabulary.words) ||
      some(imitated.words, vocabulary.words) ||
      some(prefixes, vocabulary.beginnings) ||
      some(imitated.prefixes, vocabulary.beginnings),
  );
}

function some(wanted: Iterable<string>, there: ReadonlySet<string>): boolean {
  for (const one of wanted) if (there.has(one)) return true;
  return false;
}

const longestBeginning = 16;

/** The words of a reading as `possible` takes them. */
export function vocabularyOf(words: readonly Word[]): Vocabulary {
  const all = new Set<string>();
  for (const { text, imitated } of words) {
    all.add(text);
    if (imitated !== text) all.add(imitated);
  }
  const beginnings = new Set<string>();
  for (const word of all) {
    for (let length = Math.min(word.length, longestBeginning); length > 0; length -= 1)
      beginnings.add(word.slice(0, length));
  }
  return { words: all, beginnings };
}
