import {
  checkContent,
  type ContentFinding,
  type ContentMessage,
  contentVersions,
  missingWordings,
  partsCarried,
  shippedContentPacks,
} from '../compliance/public.ts';
import type { Notice } from './notice.ts';
import { type NoticeTemplate, type RenderedNotice, renderNotice, wordingOf } from './render-notice.ts';

/** What the rules about wording said of a message, and which text of the rules it was. */
export type ContentVerdict = {
  readonly refused: boolean;
  readonly findings: readonly ContentFinding[];
  /** What it is known to carry, in the words the gate asks for. */
  readonly carries: readonly string[];
  readonly versions: readonly { readonly key: string; readonly version: string }[];
};

export function verdictOf(findings: readonly ContentFinding[], carries: readonly string[] = []): ContentVerdict {
  const refused = findings.some((finding) => finding.effect === 'refuse');
  return { refused, findings, carries, versions: contentVersions };
}

/** Why a message is refused, as one text for the person who asks. */
export const sentencesOf = ({ findings }: ContentVerdict): string =>
  findings
    .filter((finding) => finding.effect === 'refuse')
    .map((finding) => `${finding.sentence} ${finding.remedy}`)
    .join(' ');

/** Puts a notice into words, adds what the law wants said and it lacks, and judges the whole. Pure; never throws. */
export function judgeNotice(
  notice: Notice,
  business: string,
  unsubscribeUrl: string,
  template?: NoticeTemplate,
): { readonly words: RenderedNotice; readonly verdict: ContentVerdict } {
  // The person's own noon: rules change at midnight, and the answer must not hang on the hour.
  const at = new Date(`${notice.today}T12:00:00Z`);
  try {
    const first = keepable(renderNotice(notice, unsubscribeUrl, template));
    const added = missingWordings(messageOf(notice, business, first), shippedContentPacks, at);
    const words = added.length === 0 ? first : keepable(renderNotice(notice, unsubscribeUrl, template, added));
    const message = messageOf(notice, business, words);
    const carried = partsCarried(message, shippedContentPacks, at);
    return { words, verdict: verdictOf(checkContent(message, shippedContentPacks, at), carried) };
  } catch (error) {
    const finding = unwritable(error, template !== undefined);
    return {
      words: {
        language: wordingOf(notice.party.language).language,
        subject: finding.title,
        text: finding.sentence,
        html: '',
      },
      verdict: verdictOf([finding]),
    };
  }
}

const longest = 500_000;

/** What the database cannot keep or no mail program would take is no letter. */
function keepable(words: RenderedNotice): RenderedNotice {
  for (const text of [words.subject, words.text, words.html]) {
    if (text.includes('\0')) throw new Error('it holds the character U+0000, which cannot be kept');
    if (!text.isWellFormed()) throw new Error('it holds half a character');
    if (text.length > longest) throw new Error(`it is longer than ${longest} characters`);
  }
  if (words.subject === '') throw new Error('its subject is empty');
  return words;
}

export function unwritable(error: unknown, own: boolean): ContentFinding {
  const reason = (error instanceof Error ? error.message : String(error))
    .slice(0, 300)
    .replaceAll('\0', '')
    .toWellFormed();
  return {
    ruleId: 'TEMPLATE',
    kind: 'template',
    title: 'The letter could not be written',
    citation: own ? 'Your own template of this level and language' : 'The shipped letter of this level and language',
    confidence: 'policy',
    effect: 'refuse',
    sentence: `The letter could not be written: ${reason}.`,
    remedy: own
      ? 'Mend the template under Templates; the next run writes the letter again.'
      : 'Look at what the account says about its customer and creditor; the next run writes the letter again.',
    part: 'body',
    start: null,
    end: null,
    excerpt: null,
  };
}

/** A notice in words as the rules read it. */
export function messageOf(notice: Notice, business: string, words: RenderedNotice): ContentMessage {
  const { client, party, setting } = notice;
  return {
    ...setting,
    channel: 'email',
    language: words.language,
    recipient: 'consumer',
    parts: { subject: words.subject, body: [words.text, words.html] },
    names: {
      business,
      creditor: client.name,
      party: party.name,
      ...(client.contactPhone !== null && { phone: client.contactPhone }),
    },
    accountNumbers: notice.accounts.map((account) => account.number),
    knownNumbers: notice.items.flatMap((item) => item.number ?? []),
  };
}
