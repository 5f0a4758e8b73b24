import type { ContentMessage } from './content-message.ts';
import type { ContentPack, ContentRuleOf } from './content-pack.ts';
import { findAmounts } from './find-data.ts';
import { objectionAt, type Objection, type PartRead, stands, visibleAt } from './part-read.ts';
import { findPhrase } from './phrase.ts';
import { read, type Word } from './reading.ts';

/** What a voicemail lacks or says too much of to be a limited-content message; empty when it is one. */
export function judgeLimited(
  rule: ContentRuleOf<'limited_content'>,
  message: Pick<ContentMessage, 'language' | 'names'>,
  text: PartRead,
): Objection[] {
  const { language, names } = message;
  const nothing = { part: text.part, place: null, excerpt: null };
  const vocabulary = rule.vocabulary[language];
  if (vocabulary === undefined)
    return [{ ...nothing, sentence: `There is no list of what such a message may say in the language ${language}.` }];
  const missing = rule.must
    .filter((group) => !(group.phrases[language] ?? []).some((phrase) => stands(phrase, text)))
    .map((group) => ({ ...nothing, sentence: `The voicemail does not hold ${group.meaning}.` }));
  const telling = indicatesCollection(rule, names.business)
    ? [{ ...nothing, sentence: `The name “${names.business}” shows that the business collects debts.` }]
    : [];
  const allowed = new Set(vocabulary);
  const extra = text.named.flatMap((word, at) =>
    mayStand(word, allowed, text.named, at) ? [] : [objectionAt(text, text.named, at, at + 1)],
  );
  const amounts = findAmounts(text.reading).map((place) => visibleAt(text, place));
  return [...missing, ...telling, ...extra, ...amounts];
}

/** A date or a time has at most three numbers in a row; more are an account's or somebody's number. */
const mostNumbers = 3;

function mayStand(word: Word, allowed: ReadonlySet<string>, words: readonly Word[], at: number): boolean {
  if (word.known !== undefined) return true;
  if (/^(?:\d{1,2}|20\d\d|\d{1,2}(?:st|nd|rd|th|am|pm|h))$/.test(word.text)) {
    return at < mostNumbers || !words.slice(at - mostNumbers, at + 1).every((one) => /^\d+$/.test(one.text));
  }
  return allowed.has(word.text);
}

function indicatesCollection(rule: ContentRuleOf<'limited_content'>, name: string): boolean {
  const { words } = read(name);
  return Object.values(rule.nameMustNotSay)
    .flat()
    .some((phrase) => findPhrase(phrase, words).length > 0);
}

/** A voicemail as structured facts. */
export type VoicemailFacts = {
  readonly medium: string;
  readonly forConsumer: boolean;
  readonly businessName: string | null;
  /** Unknown: the name itself is read. */
  readonly businessNameIndicatesCollection?: boolean | undefined;
  readonly requestsReply: boolean;
  readonly contactPersonName: string | null;
  readonly callbackNumber: string | null;
  /** Everything else it holds, by name. */
  readonly extra: readonly string[];
};

/**
 * Whether a message is a limited-content message: a voicemail for the consumer that holds all of what the law lists and nothing
 * that it does not (12 CFR 1006.2(j)). Throws when no pack holds the rule on that day.
 */
export function isLimitedContentMessage(
  facts: VoicemailFacts,
  packs: readonly ContentPack[],
  at: Date,
): { isLimitedContent: boolean } {
  const today = at.toISOString().slice(0, 10);
  const rule = packs
    .flatMap((pack) => pack.rules)
    .find(
      (one): one is ContentRuleOf<'limited_content'> =>
        one.kind === 'limited_content' &&
        one.effectiveFrom <= today &&
        (one.effectiveTo === undefined || today < one.effectiveTo),
    );
  if (!rule) throw new Error(`No rule about limited content holds on ${today}.`);
  const given = (text: string | null) => text !== null && text.trim() !== '';
  const { businessName, businessNameIndicatesCollection } = facts;
  return {
    isLimitedContent:
      rule.appliesTo.channels.some((channel) => channel === facts.medium) &&
      facts.forConsumer &&
      businessName !== null &&
      given(businessName) &&
      !(businessNameIndicatesCollection ?? indicatesCollection(rule, businessName)) &&
      facts.requestsReply &&
      given(facts.contactPersonName) &&
      given(facts.callbackNumber) &&
      facts.extra.every((name) => rule.mayAlso.includes(name)),
  };
}
