import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import { formatMoney, money } from '../../kernel/money.ts';
import { htmlOf } from './html-notice.ts';
import { fill } from './liquid.ts';
import {
  type Notice,
  type NoticeItem,
  type NoticeLevel,
  type NoticeSection,
  type NoticeSetting,
  sectionsOf,
} from './notice.ts';
import { german } from './wording/de.ts';
import { english } from './wording/en.ts';
import { spanish } from './wording/es.ts';
import type { Wording } from './wording/wording.ts';

/** A tenant's own subject and letter for one level and language; tables, amounts and footer stay ours. */
export type NoticeTemplate = { readonly id: string | null; readonly subject: string; readonly body: string };

export type RenderedNotice = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly language: string;
};

/** A notice in words, ready to be laid out. */
export type NoticeText = {
  readonly language: string;
  readonly label: string;
  readonly level: number;
  readonly subject: string;
  readonly senderName: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly comment: readonly string[];
  /** What the law wants said, in its own paragraph. */
  readonly disclosures: readonly string[];
  readonly sections: readonly SectionText[];
  readonly headings: Wording['table'];
  readonly howToPay: { readonly heading: string; readonly lines: readonly string[] } | null;
  readonly questions: string;
  readonly signOff: string;
  readonly footer: readonly string[];
  readonly unsubscribe: { readonly label: string; readonly url: string };
};

export type SectionText = {
  readonly currency: string;
  readonly rows: readonly {
    readonly number: string;
    readonly issued: string;
    readonly due: string;
    readonly age: string;
    readonly late: boolean;
    readonly open: string;
  }[];
  readonly unapplied: string | null;
  readonly overdue: string | null;
  readonly total: string;
};

const wordings: Readonly<Record<string, Wording>> = { en: english, de: german, es: spanish };

/** The languages a notice can be framed in. */
export const noticeLanguages: readonly string[] = Object.keys(wordings);

/** The words of a language as in `de-AT`; English where we have none. */
export function wordingOf(language: string | null): Wording {
  return wordings[(language ?? 'en').slice(0, 2).toLowerCase()] ?? english;
}

/** What a notice says where a tenant has written nothing of its own; null in a language we have no words in. */
export function findShippedText(
  debtKind: NoticeSetting['debtKind'],
  level: NoticeLevel,
  language: string,
): { readonly subject: string; readonly body: string } | null {
  const wording = wordings[language];
  if (wording === undefined) return null;
  const { subject, body } = wording.levels[level];
  return { subject: debtKind === 'consumer' ? wording.consumerSubject : subject, body };
}

/** Puts a notice into words: pure, so that the preview is the message. Throws what its template or values cannot be filled with. */
export function renderNotice(
  notice: Notice,
  unsubscribeUrl: string,
  template?: NoticeTemplate,
  disclosures: readonly string[] = [],
): RenderedNotice {
  const text = { ...wordNotice(notice, unsubscribeUrl, template), disclosures };
  return { subject: text.subject, text: plainOf(text), html: htmlOf(text), language: text.language };
}

function wordNotice(
  notice: Notice,
  unsubscribeUrl: string,
  template?: NoticeTemplate,
): Omit<NoticeText, 'disclosures'> {
  const wording = wordingOf(notice.party.language);
  const level = wording.levels[notice.level];
  const sections = sectionsOf(notice);
  const values = templateValues(notice, sections);
  const say = (liquid: string) => fill(liquid, values);
  const { client } = notice;
  return {
    language: wording.language,
    label: level.label,
    level: notice.level,
    // A line break in a subject would begin a new header line.
    subject: say(template?.subject ?? (isConsumer(notice) ? wording.consumerSubject : level.subject))
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 250),
    senderName: client.name,
    greeting: say(wording.greeting),
    paragraphs: paragraphs(say(template?.body ?? level.body)),
    comment: notice.comment === null ? [] : paragraphs(notice.comment),
    sections: sections.map((section) => sectionText(section, notice, wording)),
    headings: wording.table,
    howToPay:
      client.paymentInstructions === null
        ? null
        : { heading: wording.howToPay, lines: lines(client.paymentInstructions) },
    questions: say(wording.questions),
    signOff: wording.signOff,
    footer: [say(wording.about), [client.name, ...lines(client.postalAddress ?? '')].join(', ')],
    unsubscribe: { label: wording.unsubscribe, url: unsubscribeUrl },
  };
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const paragraphs = (text: string) =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '');

/** What a template may use. */
export function templateValues(notice: Notice, sections: readonly NoticeSection[]): Readonly<Record<string, unknown>> {
  // Before the due date nothing is overdue: there the whole amount is what the notice is about.
  const amounts = sections.map((section) =>
    formatMoney(money(section.overdueMinor > 0n ? section.overdueMinor : section.totalMinor, section.currency)),
  );
  return {
    client: { ...notice.client },
    party: { ...notice.party },
    // A consumer's account is named by its ending: a letter may be seen by others.
    accounts: notice.accounts.map(({ number }) => (isConsumer(notice) ? endingOf(number) : number)).join(', '),
    summary: amounts.join(' + '),
    total: sections.map((section) => formatMoney(money(section.totalMinor, section.currency))).join(' + '),
    oldestDays: Math.max(0, ...sections.map((section) => section.oldestOverdueDays)),
    level: notice.level,
    today: notice.today,
  };
}

const isConsumer = (notice: Notice): boolean => notice.setting.debtKind === 'consumer';
const endingOf = (number: string): string => (number.length <= 4 ? number : `…${number.slice(-4)}`);

function sectionText(section: NoticeSection, notice: Notice, wording: Wording): SectionText {
  const { today } = notice;
  // What a lender calls an item is often the account's own number.
  const whole = new Set(isConsumer(notice) ? notice.accounts.map((account) => account.number) : []);
  const amount = (minor: bigint) => formatMoney(money(minor, section.currency));
  return {
    currency: section.currency,
    rows: section.items.map((item) => ({
      number:
        item.number !== null && whole.has(item.number)
          ? endingOf(item.number)
          : (item.number ?? (item.openMinor < 0n ? wording.table.credit : '–')),
      issued: item.issuedOn,
      due: item.openMinor < 0n ? '' : item.dueOn,
      age: ageOf(item, today, wording),
      late: item.openMinor > 0n && item.dueOn < today,
      open: amount(item.openMinor),
    })),
    unapplied: section.unappliedMinor > 0n ? amount(-section.unappliedMinor) : null,
    overdue:
      section.overdueMinor > 0n && section.overdueMinor !== section.totalMinor ? amount(section.overdueMinor) : null,
    total: amount(section.totalMinor),
  };
}

function ageOf(item: NoticeItem, today: CalendarDate, wording: Wording): string {
  if (item.openMinor < 0n) return wording.table.credit;
  const days = daysBetween(item.dueOn, today);
  return days > 0 ? `${days} ${wording.table.daysLate}` : wording.table.notDue;
}

/** The text part, for those who read mail as text: the same words, the table as aligned columns. */
function plainOf(text: NoticeText): string {
  const blocks = [
    text.greeting,
    ...text.comment,
    ...text.paragraphs,
    ...text.sections.map((section) => plainTable(section, text.headings)),
  ];
  if (text.howToPay) blocks.push([`${text.howToPay.heading}:`, ...text.howToPay.lines].join('\n'));
  blocks.push(
    ...text.disclosures,
    text.questions,
    `${text.signOff}\n${text.senderName}`,
    ['--', ...text.footer, `${text.unsubscribe.label}: ${text.unsubscribe.url}`].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

function plainTable(section: SectionText, headings: Wording['table']): string {
  const rows = [
    [headings.invoice, headings.due, headings.age, headings.open],
    ...section.rows.map((row) => [row.number, row.due, row.age, row.open]),
  ];
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const table = rows.map((row) =>
    row.map((cell, column) => (column === 3 ? cell.padStart(width(3)) : cell.padEnd(width(column)))).join('  '),
  );
  const sums = [
    ...(section.unapplied === null ? [] : [`${headings.unapplied}: ${section.unapplied}`]),
    ...(section.overdue === null ? [] : [`${headings.overdueTotal}: ${section.overdue}`]),
    `${headings.total}: ${section.total}`,
  ];
  return [...table, '', ...sums].join('\n');
}
