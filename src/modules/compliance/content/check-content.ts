import type { ContentFinding, ContentMessage, MessagePart } from './content-message.ts';
import type { ContentPack, ContentRule, ContentRuleOf, Group } from './content-pack.ts';
import {
  findAccountNumbers,
  findAmounts,
  findCardCodes,
  findCards,
  findSocialSecurityNumbers,
  findTelephonePrefixes,
} from './find-data.ts';
import { languageOf } from './language-of.ts';
import { judgeLimited } from './limited-content.ts';
import { type Objection, objectionAt, type PartRead, readParts, saysOf, stands, visibleAt } from './part-read.ts';
import { findPhrase, type Phrase, possible, vocabularyOf } from './phrase.ts';

/**
 * Everything the rules in force at `at` have against a message: pure, and the same answer for a preview, a publication and a sending.
 * A language the rules have no wording for cannot be judged and fails.
 */
export function checkContent(message: ContentMessage, packs: readonly ContentPack[], at: Date): ContentFinding[] {
  const texts = readParts(message);
  return rulesFor(message, packs, at).flatMap((rule) => findingsOf(rule, interpret(rule, message, texts)));
}

/** What is forbidden in a text that is not a message yet, such as a template before it is filled: nothing can be missing from it. */
export function checkWording(message: ContentMessage, packs: readonly ContentPack[], at: Date): ContentFinding[] {
  const texts = readParts(message);
  return rulesFor(message, packs, at)
    .filter((rule) => rule.kind === 'forbidden_phrase' || rule.kind === 'forbidden_data')
    .flatMap((rule) => findingsOf(rule, interpret(rule, message, texts)));
}

/** Sentences the law wants in this message and it lacks, in its language, as the rules word them; to be added by whoever lays it out. */
export function missingWordings(message: ContentMessage, packs: readonly ContentPack[], at: Date): string[] {
  const rules = rulesFor(message, packs, at).filter((rule) => rule.kind === 'required_phrase');
  if (rules.length === 0) return [];
  const texts = readParts(message);
  return rules.flatMap((rule) => {
    const wording = rule.wording?.[message.language];
    return wording !== undefined && interpret(rule, message, texts).length > 0 ? [wording] : [];
  });
}

/** What the message is known to carry, in the words the rules of the gate ask for: of each required phrase that stands in it. */
export function partsCarried(message: ContentMessage, packs: readonly ContentPack[], at: Date): string[] {
  const rules = rulesFor(message, packs, at).filter(
    (rule) => rule.kind === 'required_phrase' && rule.carries !== undefined,
  );
  if (rules.length === 0) return [];
  const texts = readParts(message);
  const carried = rules.flatMap((rule) =>
    rule.kind === 'required_phrase' && interpret(rule, message, texts).length === 0 ? (rule.carries ?? []) : [],
  );
  return [...new Set(carried)];
}

/** Rules that are in force on the day and made for such a message. */
export function rulesFor(message: ContentMessage, packs: readonly ContentPack[], at: Date): ContentRule[] {
  const today = at.toISOString().slice(0, 10);
  const open = <T>(allowed: readonly T[] | undefined, value: T) => allowed === undefined || allowed.includes(value);
  return packs
    .flatMap((pack) => pack.rules)
    .filter(
      ({ effectiveFrom, effectiveTo, appliesTo }) =>
        effectiveFrom <= today &&
        (effectiveTo === undefined || today < effectiveTo) &&
        appliesTo.jurisdictions.some((one) => one === '*' || message.jurisdictions.includes(one)) &&
        appliesTo.channels.includes(message.channel) &&
        open(appliesTo.collectorTypes, message.collectorType) &&
        open(appliesTo.debtKinds, message.debtKind) &&
        open(appliesTo.recipients, message.recipient) &&
        open(appliesTo.stages, message.stage) &&
        (appliesTo.timeBarred === undefined || appliesTo.timeBarred === (message.timeBarred ?? false)) &&
        (appliesTo.prerecorded === undefined || appliesTo.prerecorded === (message.prerecorded ?? false)),
    );
}

function interpret(rule: ContentRule, message: ContentMessage, texts: readonly PartRead[]): Objection[] {
  switch (rule.kind) {
    case 'required_phrase':
      return required(rule, message, texts);
    case 'forbidden_phrase':
      return forbiddenPhrase(rule, texts);
    case 'forbidden_data':
      return forbiddenData(rule, message, texts);
    case 'limited_content':
      return texts.filter(({ part }) => part === 'transcript').flatMap((text) => judgeLimited(rule, message, text));
    case 'language_match':
      return languageMatch(rule, message, texts);
  }
}

function findingsOf(rule: ContentRule, objections: readonly Objection[]): ContentFinding[] {
  return objections.map(({ sentence, part, place, excerpt }) => ({
    ruleId: rule.id,
    kind: rule.kind,
    title: rule.title,
    citation: rule.citation,
    confidence: rule.confidence,
    effect: rule.effect,
    sentence,
    remedy: rule.remedy,
    part,
    start: place?.start ?? null,
    end: place?.end ?? null,
    excerpt,
  }));
}

/** What a reader must be told stands where they read: in every alternative of the body, or in what is spoken. */
const carriers: ReadonlySet<MessagePart> = new Set(['body', 'transcript']);

function required(
  rule: ContentRuleOf<'required_phrase'>,
  message: ContentMessage,
  texts: readonly PartRead[],
): Objection[] {
  const read = texts.filter(({ part }) => carriers.has(part));
  const missing = rule.groups.filter((group) => !said(group, message.language, read));
  return missing.map((group) => lacking(group, message.language, read[0]?.part ?? 'body', read));
}

const said = (group: Group, language: string, texts: readonly PartRead[]): boolean =>
  texts.length > 0 && texts.every((text) => (group.phrases[language] ?? []).some((phrase) => stands(phrase, text)));

function lacking(group: Group, language: string, part: MessagePart, texts: readonly PartRead[]): Objection {
  const elsewhere = Object.keys(group.phrases).find((other) => other !== language && said(group, other, texts));
  const name = nameOf(language);
  const sentence =
    group.phrases[language] === undefined
      ? `No approved wording of ${group.meaning} is known in ${name}, so it cannot be seen that the message says it.`
      : elsewhere
        ? `The message says ${group.meaning} in ${nameOf(elsewhere)}, but it is written in ${name}.`
        : `The message does not say ${group.meaning}.`;
  return { sentence, part, place: null, excerpt: null };
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });
const nameOf = (language: string): string => languageNames.of(language) ?? language;

function forbiddenPhrase(rule: ContentRuleOf<'forbidden_phrase'>, texts: readonly PartRead[]): Objection[] {
  // A threat is one in whatever language it stands.
  const phrases = Object.values(rule.phrases).flat();
  const contrary = Object.values(rule.except ?? {}).flat();
  return texts
    .filter(({ part }) => rule.parts.includes(part))
    .flatMap((text) => {
      const words = rule.inNames ? text.peopleNamed : text.named;
      const vocabulary = rule.inNames ? vocabularyOf(words) : text.vocabulary;
      const found = (sought: readonly Phrase[]) =>
        sought.filter((phrase) => possible(phrase, vocabulary)).flatMap((phrase) => findPhrase(phrase, words));
      const excused = found(contrary);
      return found(phrases)
        .filter(({ from, to }) => !excused.some((one) => one.from <= from && to <= one.to))
        .map(({ from, to }) => objectionAt(text, words, from, to));
    })
    .filter(once);
}

function forbiddenData(
  rule: ContentRuleOf<'forbidden_data'>,
  message: ContentMessage,
  texts: readonly PartRead[],
): Objection[] {
  return texts
    .filter(({ part }) => rule.parts.includes(part))
    .flatMap((text) =>
      rule.data.flatMap((data) => {
        const { reading } = text;
        switch (data) {
          case 'card_number':
            return [
              ...findCards(reading, message).map((place) => hidden(visibleAt(text, place))),
              ...findCardCodes(reading).map((place) => hidden(visibleAt(text, place), 0)),
            ];
          case 'social_security_number':
            return findSocialSecurityNumbers(reading).map((place) => hidden(visibleAt(text, place)));
          case 'account_number':
            return findAccountNumbers(reading, message.accountNumbers ?? []).map(({ from, to }) =>
              objectionAt(text, reading.words, from, to),
            );
          case 'amount':
            return findAmounts(reading).map((place) => visibleAt(text, place));
          case 'telephone_prefix':
            return findTelephonePrefixes(reading, rule.prefixes ?? []).map((place) => visibleAt(text, place));
        }
      }),
    )
    .filter(once);
}

/** A number that must not be in a message must not be in what is kept about it either. */
const hidden = (objection: Objection, shown: 0 | 4 = 4): Objection => {
  const excerpt = (objection.excerpt ?? '').replace(shown === 0 ? /\p{Nd}/gu : /\p{Nd}(?=(?:\P{Nd}*\p{Nd}){4})/gu, '*');
  return { ...objection, excerpt, sentence: saysOf(objection.part, excerpt) };
};

/** The disclosure must be in the language the message declares, and in the one it is plainly written in. */
function languageMatch(
  rule: ContentRuleOf<'language_match'>,
  message: ContentMessage,
  texts: readonly PartRead[],
): Objection[] {
  const read = texts.filter(({ part }) => carriers.has(part));
  const written = languageOf(read.flatMap(({ reading }) => reading.words));
  const languages = [...new Set([message.language, ...(written === null ? [] : [written])])];
  return rule.groups.flatMap((group) => {
    // What is said nowhere is another rule's to find.
    const spoken = Object.keys(group.phrases).filter((language) => said(group, language, read));
    const silent = languages.find((language) => !spoken.includes(language));
    return spoken.length === 0 || silent === undefined
      ? []
      : [
          {
            sentence: `The message says ${group.meaning} in ${nameOf(spoken[0] ?? '')}, but it is written in ${nameOf(silent)}.`,
            part: read[0]?.part ?? 'body',
            place: null,
            excerpt: null,
          },
        ];
  });
}

/** The text and the HTML of one e-mail say the same: it is told once. */
const once = (one: Objection, index: number, all: readonly Objection[]): boolean =>
  all.findIndex((other) => other.part === one.part && other.excerpt?.toLowerCase() === one.excerpt?.toLowerCase()) ===
  index;
