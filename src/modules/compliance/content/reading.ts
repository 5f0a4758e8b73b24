/** One word as it is compared, and where it stands in the text it was read from. */
export type Word = {
  /** Lower case, no diacritics, look-alike letters of other alphabets read as Latin ones. */
  readonly text: string;
  /** As `text`, with digits read as the letters they imitate; equal to `text` when there is no letter in the word. */
  readonly imitated: string;
  readonly start: number;
  readonly end: number;
  /** What the word stands for when it is a name or number we know, such as `business` or `phone`. */
  readonly known?: string;
};

/** A text as a reader sees it: markup and invisible characters gone, with the way back to the source. */
export type Reading = {
  readonly source: string;
  /** The visible characters in compatibility form, so that a full-width 4 is a 4. */
  readonly plain: string;
  /** For each UTF-16 unit of `plain`, where it begins and ends in the source. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly words: readonly Word[];
};

// Letters of other alphabets that readers take for Latin ones (Unicode confusables, the part that is used to hide words).
const lookAlikes = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    е: 'e',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    ԁ: 'd',
    һ: 'h',
    ԛ: 'q',
    ԝ: 'w',
    ɡ: 'g',
    ɑ: 'a',
    α: 'a',
    β: 'b',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    η: 'n',
    ω: 'w',
    ո: 'n',
    օ: 'o',
    ց: 'g',
    һ̱: 'h',
    ı: 'i',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ð: 'd',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ʟ: 'l',
    ᴀ: 'a',
    ᴇ: 'e',
    ɪ: 'i',
    ᴏ: 'o',
    ʀ: 'r',
    ᴛ: 't',
    ᴜ: 'u',
    ɴ: 'n',
    ꜱ: 's',
    ᴅ: 'd',
    ʙ: 'b',
    ɢ: 'g',
    ʜ: 'h',
  }),
);
const imitations: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  i: 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
};

/** The word with digits read as letters; a pattern's words are read alike, so that `i`, `l` and `1` are one. */
export const imitate = (word: string): string => word.replace(/[01i3457]/g, (sign) => imitations[sign] ?? sign);

/** One character as letters and digits to compare; empty for a mark that only decorates, null for what parts words. */
function foldCharacter(character: string): string | null {
  let folded = '';
  for (const part of character.normalize('NFKD').toLowerCase()) {
    if (/\p{M}/u.test(part)) continue;
    const letter = lookAlikes.get(part) ?? part;
    if (!/[\p{L}\p{N}]/u.test(letter)) return null;
    folded += letter;
  }
  return folded;
}

const folds = new Map<string, string | null>();
function fold(character: string): string | null {
  const code = character.charCodeAt(0);
  if (code < 128) {
    if (code >= 97 || (code >= 48 && code <= 57)) return code <= 122 ? character : null;
    return code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : null;
  }
  const found = folds.get(character);
  if (found !== undefined) return found;
  const folded = foldCharacter(character);
  // Bounded by what scripts are written in practice; rubbish must not fill the memory.
  if (folds.size < 20_000) folds.set(character, folded);
  return folded;
}

/** Reads a text or HTML. Linear in its length, whatever it holds. */
export function read(source: string): Reading {
  const seen = visible(source);
  return { source, ...seen, words: joinSpelled(wordsOf(seen)) };
}

type Seen = Pick<Reading, 'plain' | 'starts' | 'ends'>;

/** Characters that nobody sees: zero-width, soft hyphen, direction marks, variation selectors, controls. */
const invisible = /[\p{Cf}\p{Variation_Selector}\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{3164}\u{ffa0}]/u;

function visible(source: string): Seen {
  const plain: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const put = (text: string, start: number, end: number) => {
    for (const unit of text.split('')) {
      plain.push(unit);
      starts.push(start);
      ends.push(end);
    }
  };
  const skip = markupSkipper(source);
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code < 128 && code !== 38 && code !== 60) {
      put(source[at] ?? '', at, at + 1);
      at += 1;
      continue;
    }
    const markup = code === 60 ? skip(at) : null;
    if (markup) {
      if (markup.parts) put('\n', at, markup.end);
      at = markup.end;
      continue;
    }
    const entity = code === 38 ? entityAt(source, at) : null;
    const character = entity?.text ?? String.fromCodePoint(source.codePointAt(at) ?? 0);
    const end = entity?.end ?? at + character.length;
    if (!invisible.test(character)) put(character.normalize('NFKC'), at, end);
    at = end;
  }
  return { plain: plain.join(''), starts, ends };
}

const inline: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
const unseen: ReadonlySet<string> = new Set(['style', 'script', 'head', 'template', 'noscript']);

/** Recognises markup at a `<`. Remembers when an ending never comes, so that a thousand openings do not search a thousand times. */
function markupSkipper(source: string): (at: number) => { end: number; parts: boolean } | null {
  const lower = source.toLowerCase();
  // Lower-casing may lengthen a character (İ); places would shift, so such a text is searched as it is written.
  const searched = lower.length === source.length ? lower : source;
  const missing = new Set<string>();
  const after = (what: string, from: number): number => {
    if (missing.has(what)) return -1;
    const place = searched.indexOf(what, from);
    if (place === -1) missing.add(what);
    return place === -1 ? -1 : place + what.length;
  };
  return (at) => {
    if (searched.startsWith('<!--', at)) {
      const end = after('-->', at + 4);
      return { end: end === -1 ? source.length : end, parts: false };
    }
    const name = /^<[/!]?([a-z][a-z0-9]{0,15})(?=[\s/>])/.exec(searched.slice(at, at + 20))?.[1];
    if (name === undefined) return null;
    const close = after('>', at);
    if (close === -1) return null;
    if (unseen.has(name) && searched[at + 1] !== '/') {
      const end = after(`</${name}`, close);
      const over = end === -1 ? -1 : after('>', end);
      return { end: over === -1 ? close : over, parts: true };
    }
    return { end: close, parts: !inline.has(name) };
  };
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '\u00ad',
  zwnj: '\u200c',
  zwj: '\u200d',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  hyphen: '-',
  dash: '-',
  ndash: '–',
  mdash: '—',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  dollar: '$',
  sol: '/',
  period: '.',
  comma: ',',
  colon: ':',
  num: '#',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  aacute: 'á',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  ccedil: 'ç',
  ecirc: 'ê',
  acirc: 'â',
  ocirc: 'ô',
  icirc: 'î',
};

function entityAt(source: string, at: number): { text: string; end: number } | null {
  const read = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/i.exec(source.slice(at, at + 12));
  if (!read) return null;
  const [all, decimal, hex, name] = read;
  const text =
    name === undefined
      ? numbered(decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16))
      : entities[name.toLowerCase()];
  return text === undefined ? null : { text, end: at + all.length };
}

const numbered = (code: number): string | undefined =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;

function wordsOf({ plain, starts, ends }: Seen): Word[] {
  const words: Word[] = [];
  let text = '';
  let first = 0;
  let last = 0;
  const close = () => {
    if (text !== '') words.push(wordOf(text, starts[first] ?? 0, ends[last] ?? 0));
    text = '';
  };
  for (let at = 0; at < plain.length; ) {
    const character = String.fromCodePoint(plain.codePointAt(at) ?? 0);
    // An apostrophe joins: "don't" is one word, also with the one that counts as a letter.
    const folded = /['’ʼ`]/.test(character) ? '' : fold(character);
    if (folded === null) close();
    else if (folded !== '') {
      if (text === '') first = at;
      text += folded;
      last = at + character.length - 1;
    }
    at += character.length;
  }
  close();
  return words;
}

const wordOf = (text: string, start: number, end: number): Word => ({
  text,
  imitated: /\d/.test(text) && /[a-z]/.test(text) ? imitate(text) : text,
  start,
  end,
});

const spelled = 4;

/** Letters with gaps between them, as in "l a w s u i t", are read as the word they spell. */
function joinSpelled(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (let at = 0; at < words.length; ) {
    let end = at;
    while (end < words.length && /^[a-z]$/.test(words[end]?.text ?? '')) end += 1;
    const first = words[at];
    const last = words[end - 1];
    if (first && last && end - at >= spelled) {
      joined.push(
        wordOf(
          words
            .slice(at, end)
            .map((word) => word.text)
            .join(''),
          first.start,
          last.end,
        ),
      );
      at = end;
    } else {
      if (first) joined.push(first);
      at += 1;
    }
  }
  return joined;
}

/**
 * Replaces every place where the words of `phrase` stand by one word that is known as `known`: names are opaque to rules about wording,
 * or are exactly what a rule asks for.
 */
export function recognise(words: readonly Word[], phrase: string, known: string): Word[] {
  const wanted = read(phrase).words.map((word) => word.text);
  if (wanted.length === 0) return [...words];
  const out: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const first = words[at];
    if (!first) break;
    const fits = wanted.every((word, index) => words[at + index]?.text === word);
    const last = words[at + wanted.length - 1];
    if (fits && last) {
      out.push({ text: '', imitated: '', start: first.start, end: last.end, known });
      at += wanted.length;
    } else {
      out.push(first);
      at += 1;
    }
  }
  return out;
}

/** As `recognise` for a telephone number, however it is grouped and with or without its country code. */
export function recogniseNumber(words: readonly Word[], number: string, known: string): Word[] {
  const digits = number.replace(/\D/g, '');
  if (digits.length < 6) return [...words];
  const national = digits.slice(-10);
  const out: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const first = words[at];
    if (!first) break;
    const length = runOf(words, at, digits, national);
    const last = words[at + length - 1];
    if (length > 0 && last) {
      out.push({ text: '', imitated: '', start: first.start, end: last.end, known });
      at += length;
    } else {
      out.push(first);
      at += 1;
    }
  }
  return out;
}

/** How many number words from `at` on spell the number out; 0 when they do not. */
function runOf(words: readonly Word[], at: number, digits: string, national: string): number {
  let run = '';
  for (let length = 0; run.length < digits.length + 2; length += 1) {
    const word = words[at + length];
    if (!word || word.known || !/^\d+$/.test(word.text)) return 0;
    run += word.text;
    if (run === digits || run === national || run === `0${national}` || run === `1${national}`) return length + 1;
  }
  return 0;
}
