import { type CalendarDate, calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import {
  checkContent,
  checkWording,
  type ContentFinding,
  type ContentMessage,
  shippedContentPacks,
} from '../compliance/public.ts';
import { judgeNotice, unwritable } from './judge-notice.ts';
import { checkTemplate, fill } from './liquid.ts';
import { type Notice, type NoticeClient, type NoticeSetting, sectionsOf } from './notice.ts';
import { type RenderedNotice, templateValues } from './render-notice.ts';
import { levelOf, type TemplateDraft } from './template.ts';

/** A finding about a template; its place is in the subject or body as it was written, null where it only shows when it is filled. */
export type TemplateFinding = ContentFinding;

export type CheckedTemplate = {
  readonly refused: boolean;
  readonly findings: readonly TemplateFinding[];
  /** What the sample account would get; null while the text cannot be filled. */
  readonly preview: RenderedNotice | null;
  /** What the text may use, each with what it would be for the sample account. */
  readonly variables: readonly { readonly name: string; readonly example: string }[];
};

const stages = ['initial', 'subsequent'] as const;
const speaker = 'Robin Smith';

/** An account that exists nowhere, of a client that may: what previews and checks are filled with. */
export function sampleNotice(
  draft: TemplateDraft,
  client: NoticeClient,
  stage: NoticeSetting['stage'],
  today: CalendarDate,
): Notice {
  const usd = currency('USD');
  const item = (number: string, issuedOn: string, dueOn: string, openMinor: bigint) => ({
    itemId: number,
    accountId: 'sample',
    number,
    issuedOn: calendarDate(issuedOn),
    dueOn: calendarDate(dueOn),
    openMinor,
    currency: usd,
    level: levelOf(draft.purpose),
  });
  return {
    client,
    party: { id: 'sample', name: 'Alder & Finch Ltd', language: draft.language },
    accounts: [{ id: 'sample', number: 'CU-204417', currency: usd, unappliedMinor: 0n }],
    items: [
      item('INV-1001', '2026-01-05', '2026-02-04', 120_000n),
      item('INV-1002', '2026-01-20', '2026-02-19', 80_050n),
    ],
    level: levelOf(draft.purpose) ?? 1,
    today,
    comment: null,
    setting: { ...draft.audience, debtKind: draft.debtKind, stage },
  };
}

/** A client for a tenant that has none yet. */
export const sampleClient: NoticeClient = {
  id: 'sample',
  name: 'Harbor Supply',
  contactEmail: 'accounts@harbor.example',
  contactPhone: '+1 212 555 0100',
  postalAddress: '1 Pier Street, New York, NY 10004',
  paymentInstructions: 'By bank transfer to Harbor Supply',
};

const today = calendarDate('2026-03-11');

/**
 * Judges a template as publishing would: what it may use, whether it fills, what it must not say as it is written, and what every
 * message made of it must and must not say, for a first message and for a later one. Pure.
 */
export function judgeTemplate(draft: TemplateDraft, client: NoticeClient, at: Date): CheckedTemplate {
  const values = valuesOf(draft, sampleNotice(draft, client, 'initial', today));
  const liquid = [...liquidFindings('subject', draft.subject, values), ...liquidFindings('body', draft.body, values)];
  const variables = variablesOf(values);
  const written = checkWording(asWritten(draft), shippedContentPacks, at);
  if (liquid.length > 0) return { refused: true, findings: [...liquid, ...written], preview: null, variables };
  const filled = stages.map((stage) => fillOnce(draft, sampleNotice(draft, client, stage, today), at));
  const told = new Set(written.map(tellingOf));
  const unplaced = filled
    .flatMap(({ findings }) => findings)
    .filter((finding) => !told.has(tellingOf(finding)))
    // The place is one in the filled text, which nobody edits.
    .map((finding) => ({ ...finding, start: null, end: null }))
    .filter((one, index, all) => all.findIndex((other) => tellingOf(other) === tellingOf(one)) === index);
  const findings = [...written, ...unplaced];
  return {
    refused: findings.some((finding) => finding.effect === 'refuse'),
    findings,
    preview: filled[0]?.words ?? null,
    variables,
  };
}

const tellingOf = ({ ruleId, sentence }: ContentFinding): string => `${ruleId} ${sentence}`;

function valuesOf(draft: TemplateDraft, notice: Notice): Readonly<Record<string, unknown>> {
  const values = templateValues(notice, sectionsOf(notice));
  // Nobody in particular speaks in an e-mail that goes out by itself.
  return draft.channel === 'email' ? values : { ...values, caller: { name: speaker } };
}

function variablesOf(values: Readonly<Record<string, unknown>>): { name: string; example: string }[] {
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .filter(([part]) => part !== 'id')
          .map(([part, inner]) => ({ name: `${name}.${part}`, example: String(inner ?? '') }))
      : [{ name, example: String(value) }],
  );
}

/** The template with everything Liquid blanked out, so that what is found stands where the writer put it. */
function asWritten(draft: TemplateDraft): ContentMessage {
  const blank = (text: string) => text.replace(/\{\{[^}]*\}?\}?|\{%[^%]*%?\}?/g, (mark) => ' '.repeat(mark.length));
  const body = blank(draft.body);
  return {
    ...contextOf(draft, 'subsequent'),
    parts: {
      ...(draft.subject !== null && { subject: blank(draft.subject) }),
      ...(draft.channel === 'voicemail' ? { transcript: body } : { body }),
    },
    names: { business: '' },
  };
}

function contextOf(draft: TemplateDraft, stage: NoticeSetting['stage']) {
  return {
    channel: draft.channel,
    language: draft.language,
    recipient: 'consumer',
    stage: draft.purpose === 'limited_content' ? 'limited_content' : stage,
    debtKind: draft.debtKind,
    ...draft.audience,
  } as const;
}

function fillOnce(
  draft: TemplateDraft,
  notice: Notice,
  at: Date,
): { words: RenderedNotice; findings: readonly ContentFinding[] } {
  const { client } = notice;
  if (draft.channel === 'email') {
    const template = { id: null, subject: draft.subject ?? '', body: draft.body };
    const { words, verdict } = judgeNotice(notice, client.name, 'https://example.com/unsubscribe', template);
    return { words, findings: verdict.findings };
  }
  const text = fill(draft.body, valuesOf(draft, notice)).trim();
  const message: ContentMessage = {
    ...contextOf(draft, notice.setting.stage),
    parts: draft.channel === 'voicemail' ? { transcript: text } : { body: text },
    names: {
      business: client.name,
      creditor: client.name,
      party: notice.party.name,
      person: speaker,
      ...(client.contactPhone !== null && { phone: client.contactPhone }),
    },
    accountNumbers: notice.accounts.map((account) => account.number),
    knownNumbers: notice.items.flatMap((item) => item.number ?? []),
  };
  return {
    words: { language: draft.language, subject: '', text, html: '' },
    findings: checkContent(message, shippedContentPacks, at),
  };
}

/** What Liquid has against a text, in its own words, with the place it names. */
function liquidFindings(
  part: 'subject' | 'body',
  text: string | null,
  values: Readonly<Record<string, unknown>>,
): ContentFinding[] {
  if (text === null) return [];
  const checked = checkTemplate(text, values);
  if (checked.ok) return [];
  const unknown = /undefined variable: ([\w.\-[\]"' ]+)/.exec(checked.detail)?.[1];
  const place = placeOf(text, checked.detail);
  const base = unwritable(checked.detail, true);
  return [
    {
      ...base,
      ...(unknown === undefined
        ? {
            title: 'The template cannot be read',
            sentence: checked.detail,
            remedy: 'Mend it there; the variables are listed beside the text.',
          }
        : {
            ruleId: 'TEMPLATE.unknown-variable',
            title: 'Unknown variable',
            sentence: `There is no variable “${unknown}”.`,
            remedy: 'Use one of the variables listed beside the text.',
          }),
      part,
      ...place,
    },
  ];
}

/** Liquid says "line:2, col:7"; from there to the end of the mark. */
function placeOf(text: string, detail: string): { start: number | null; end: number | null; excerpt: string | null } {
  const [, line, column] = /line:(\d+), col:(\d+)/.exec(detail) ?? [];
  if (line === undefined || column === undefined) return { start: null, end: null, excerpt: null };
  const before = text.split('\n').slice(0, Number(line) - 1);
  const at = before.reduce((sum, one) => sum + one.length + 1, 0) + Number(column) - 1;
  const start = Math.min(Math.max(0, at), text.length);
  const close = /[%}]\}|\n|$/.exec(text.slice(start));
  const end = start + (close?.index ?? 0);
  return end > start
    ? { start, end, excerpt: text.slice(start, Math.min(end, start + 120)).trim() }
    : { start: null, end: null, excerpt: null };
}
