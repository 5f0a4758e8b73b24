import type { CalendarDate } from '../../../kernel/calendar.ts';
import { type Currency, formatAmount, money } from '../../../kernel/money.ts';
import type { ValidationInformation } from '../../compliance/public.ts';
import { qrSvg } from './qr-svg.ts';
import { noticeWording, type NoticeWording } from './wording.ts';

/** Raised with every change of wording or layout: kept with each notice sent. */
export const noticeTemplateVersion = 'us-b1-2026.11.1';

type Address = { readonly name: string; readonly lines: readonly string[] };

/** One validation notice in words, top to bottom: what HTML, PDF and plain text are laid out from. */
export type NoticeSheet = {
  readonly language: 'en' | 'es';
  readonly title: string;
  readonly pageWord: string;
  readonly collector: Address & { readonly contact: readonly string[] };
  readonly to: string;
  readonly consumer: Address;
  readonly reference: string;
  readonly opening: string;
  readonly debt: {
    readonly heading: string;
    readonly account: string;
    readonly owed: { readonly label: string; readonly amount: string };
    readonly since: string;
    readonly rows: readonly { readonly label: string; readonly amount: string }[];
    readonly total: { readonly label: string; readonly amount: string };
  };
  readonly rights: readonly {
    readonly heading: string;
    readonly points: readonly { readonly language: 'en' | 'es'; readonly text: string }[];
  }[];
  readonly reverse: string | null;
  readonly response: {
    readonly heading: string;
    readonly check: string;
    readonly dispute: string;
    readonly because: readonly string[];
    readonly originalCreditor: string;
    readonly payment: string | null;
    readonly spanish: string | null;
    readonly mailTo: string;
    readonly from: string;
    readonly online: {
      readonly text: string;
      readonly url: string;
      readonly button: string;
      readonly qr: string;
      readonly alt: string;
    } | null;
  };
  readonly back: {
    readonly describe: string;
    readonly heading: string;
    readonly disclosures: readonly { readonly heading: string | null; readonly text: string }[];
  };
  readonly optOut: { readonly text: string; readonly link: string; readonly url: string } | null;
};

export type SheetOptions = {
  readonly language: 'en' | 'es';
  /** The end of the validation period, printed in every place that names it. */
  readonly endsOn: CalendarDate;
  /** Where the reply form is; null: replies by post and telephone only. */
  readonly replyUrl: string | null;
  /** For e-mail: where its recipient opts out. */
  readonly optOutUrl: string | null;
};

/** Puts a notice into words. */
export function noticeSheet(about: ValidationInformation, options: SheetOptions): NoticeSheet {
  const words = noticeWording(options.language);
  const { collector } = about;
  const end = dateIn(options.language, options.endsOn);
  return {
    language: options.language,
    title: words.title(collector.name),
    pageWord: words.page,
    collector: { name: collector.name, lines: collector.addressLines, contact: contactOf(about, words) },
    to: words.to,
    consumer: about.consumer,
    reference: words.reference(about.reference),
    opening: words.opening(collector.name, about.currentCreditor),
    debt: debtOf(about, words),
    rights: rightsOf(about, words, end, options),
    // The reverse always has room for "please describe"; only disclosures of other law call for the pointer.
    reverse: about.disclosures.length > 0 ? words.reverse : null,
    response: responseOf(about, words, options),
    back: {
      describe: words.describe,
      heading: words.disclosures,
      disclosures: about.disclosures.map((one) => ({
        heading: (options.language === 'es' ? one.headingEs : one.heading) ?? one.heading,
        text: (options.language === 'es' ? one.textEs : one.text) ?? one.text,
      })),
    },
    optOut: options.optOutUrl === null ? null : { text: words.optOut, link: words.optOutLink, url: options.optOutUrl },
  };
}

function contactOf({ collector }: ValidationInformation, words: NoticeWording): string[] {
  const { phone, phoneHours, website, email } = collector;
  const call = phone !== null && phoneHours !== null ? words.hours(phone, phoneHours) : phone;
  return [call, website, email].filter((line) => line !== null);
}

function debtOf(about: ValidationInformation, words: NoticeWording): NoticeSheet['debt'] {
  const { itemization } = about;
  const on = dateIn(words.language, itemization.on);
  const minor = (text: string) => BigInt(text);
  const shown = (amount: bigint, sign = '') => `${sign}${amountIn(amount, itemization.currency)}`;
  const { amountOnItemizationDate, interest, fees, payments, credits, currentAmount } = itemization.minor;
  return {
    heading: words.shows,
    account: words.account({
      product: about.product,
      brand: about.brand,
      creditor: about.creditorOnItemizationDate ?? about.currentCreditor,
      ending: about.accountEnding,
    }),
    owed: { label: words.asOf(on), amount: shown(minor(amountOnItemizationDate)) },
    since: words.since(on),
    rows: [
      { label: words.interest, amount: shown(minor(interest), '+ ') },
      { label: words.fees, amount: shown(minor(fees), '+ ') },
      { label: words.paid, amount: shown(minor(payments) + minor(credits), '− ') },
    ],
    total: { label: words.total, amount: shown(minor(currentAmount)) },
  };
}

function rightsOf(
  about: ValidationInformation,
  words: NoticeWording,
  end: string,
  { replyUrl, optOutUrl, language }: SheetOptions,
): NoticeSheet['rights'] {
  const own = (text: string) => ({ language, text });
  const electronic = optOutUrl === null ? words.disputeOnline.paper : words.disputeOnline.electronic;
  return [
    {
      heading: words.howToDispute,
      points: [
        own(words.disputeBy(end)),
        own(words.disputeInWriting(end)),
        ...(replyUrl === null ? [] : [own(electronic)]),
      ],
    },
    {
      heading: words.whatElse,
      points: [
        own(words.originalCreditorBy(end)),
        ...(about.financialProduct ? [own(words.cfpb)] : []),
        own(words.paymentOptions),
        ...(about.offersSpanish && language !== 'es' ? [{ language: 'es' as const, text: words.spanishCopy }] : []),
      ],
    },
  ];
}

function responseOf(
  about: ValidationInformation,
  words: NoticeWording,
  { replyUrl, language }: SheetOptions,
): NoticeSheet['response'] {
  return {
    heading: words.respond,
    check: words.checkAll,
    dispute: words.dispute,
    because: [words.because.notMine, words.because.wrongAmount, words.because.other],
    originalCreditor: words.originalCreditor,
    payment: words.payment(about.collector.name, about.reference),
    spanish: about.offersSpanish && language !== 'es' ? words.spanish : null,
    mailTo: words.mailTo,
    from: words.from,
    online:
      replyUrl === null
        ? null
        : {
            text: words.online.text,
            url: replyUrl,
            button: words.online.button,
            qr: qrSvg(replyUrl),
            alt: words.online.alt,
          },
  };
}

const formats = {
  en: new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }),
  es: new Intl.DateTimeFormat('es-US', { dateStyle: 'long', timeZone: 'UTC' }),
};

/** A day as a person writes it. */
export const dateIn = (language: 'en' | 'es', on: string): string =>
  formats[language].format(new Date(`${on}T00:00:00Z`));

function amountIn(minor: bigint, currency: Currency): string {
  const plain = formatAmount(money(minor, currency), { group: ',' });
  return currency === 'USD' ? `$${plain}` : `${currency} ${plain}`;
}

/** What names the debt besides its creditor in a subject line, and what that is: never the amount (12 CFR 1006.42(a), comment 1.i). */
export function subjectOf(
  about: ValidationInformation,
  language: 'en' | 'es',
): { readonly subject: string; readonly contains: readonly string[] } {
  const words = noticeWording(language);
  const [item, identifier] =
    about.accountEnding !== null
      ? ['truncated_account_number', words.accountEnding(about.accountEnding)]
      : about.brand !== null
        ? ['store_brand', about.brand]
        : ['reference_number', words.reference(about.reference)];
  return {
    subject: words.subject(about.currentCreditor, identifier),
    contains: ['current_creditor', item],
  };
}
