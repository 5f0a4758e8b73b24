import type { ContentMessage, MessagePart } from './content-message.ts';
import { findPhrase, type Phrase, possible, type Vocabulary, vocabularyOf } from './phrase.ts';
import { type Reading, read, recognise, recogniseNumber, type Word } from './reading.ts';

/** One text of a part, read once for all rules. */
export type PartRead = {
  readonly part: MessagePart;
  readonly reading: Reading;
  /** The words with names and known numbers made opaque. */
  readonly named: readonly Word[];
  /** The words with the names of people alone made opaque: what a firm is called may say what it is about, what a person is called does not. */
  readonly peopleNamed: readonly Word[];
  readonly vocabulary: Vocabulary;
};

/** What a rule finds, before it is said whose finding it is. Places are words of `words`, or units of the visible text. */
export type Objection = {
  readonly sentence: string;
  readonly part: MessagePart;
  readonly place: { readonly start: number; readonly end: number } | null;
  readonly excerpt: string | null;
};

/** Reads every text of a message, with the names and the number it may speak of made out. */
export function readParts(message: ContentMessage): PartRead[] {
  const { parts, names } = message;
  const texts: [MessagePart, string][] = [
    ...(parts.subject === undefined ? [] : [['subject', parts.subject] as [MessagePart, string]]),
    ...[parts.body ?? []].flat().map((text): [MessagePart, string] => ['body', text]),
    ...(parts.transcript === undefined ? [] : [['transcript', parts.transcript] as [MessagePart, string]]),
    ...(parts.envelope === undefined ? [] : [['envelope', parts.envelope] as [MessagePart, string]]),
  ];
  return texts.map(([part, text]) => {
    const reading = read(text);
    const withNames = namesIn(reading.words, names, ['business', 'creditor', 'party', 'person']);
    const named = names.phone ? recogniseNumber(withNames, names.phone, 'phone') : withNames;
    const peopleNamed = namesIn(reading.words, names, ['party', 'person']);
    return { part, reading, named, peopleNamed, vocabulary: vocabularyOf(named) };
  });
}

const titles = ['mr', 'mrs', 'ms', 'miss', 'dr', 'herr', 'herrn', 'frau', 'señor', 'señora', 'sr', 'sra'];

/** A name as it may be written: a person is also spoken to by title and surname. */
function spellingsOf(name: string | undefined, what: string): string[] {
  if (!name) return [];
  const surname = what === 'party' || what === 'person' ? (name.trim().split(/\s+/).at(-1) ?? name) : null;
  return [name, ...(surname === null ? [] : titles.map((title) => `${title} ${surname}`))];
}

function namesIn(
  words: readonly Word[],
  names: ContentMessage['names'],
  which: readonly ('business' | 'creditor' | 'party' | 'person')[],
): readonly Word[] {
  // Longest first: a person's name may stand inside a business'.
  return which
    .flatMap((what) => spellingsOf(names[what], what).map((name) => ({ what, name })))
    .sort((a, b) => b.name.length - a.name.length)
    .reduce((read, { what, name }) => recognise(read, name, what), words);
}

/** Whether the wording stands anywhere in the text. */
export function stands(phrase: Phrase, text: PartRead): boolean {
  return possible(phrase, text.vocabulary) && findPhrase(phrase, text.named).length > 0;
}

const partNames: Readonly<Record<MessagePart, string>> = {
  subject: 'The subject line',
  body: 'The text',
  transcript: 'The voicemail',
  envelope: 'The envelope',
};
export const saysOf = (part: MessagePart, excerpt: string) => `${partNames[part]} says “${excerpt}”.`;
const longestExcerpt = 120;

/** The objection to words `from` to `to`, with where they stand in the text as it was given. */
export function objectionAt(text: PartRead, words: readonly Word[], from: number, to: number): Objection {
  const start = words[from]?.start ?? 0;
  const end = words[to - 1]?.end ?? start;
  return objection(text, start, end);
}

/** The objection to a place in the visible text. */
export function visibleAt(text: PartRead, place: { readonly start: number; readonly end: number }): Objection {
  const { starts, ends } = text.reading;
  return objection(text, starts[place.start] ?? 0, ends[place.end - 1] ?? 0);
}

function objection({ part, reading }: PartRead, start: number, end: number): Objection {
  const excerpt = reading.source.slice(start, end).replace(/\s+/g, ' ').slice(0, longestExcerpt).toWellFormed();
  return { part, place: { start, end }, excerpt, sentence: saysOf(part, excerpt) };
}
