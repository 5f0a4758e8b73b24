import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../../test/support/pdf-text.ts';
import { calendarDate } from '../../../kernel/calendar.ts';
import { currency } from '../../../kernel/currency.ts';
import { newId, type TenantId } from '../../../kernel/ids.ts';
import { createVault } from '../../../kernel/vault.ts';
import { electronicSubjectLine, findOvershadowing, type ValidationInformation } from '../../compliance/public.ts';
import { typeset } from '../letters/typeset.ts';
import { noticeHtml, noticeText } from './notice-html.ts';
import { noticePdf } from './notice-pdf.ts';
import { noticeReplyUrl, readNoticeReplyToken } from './notice-reply-token.ts';
import { noticeSheet, type SheetOptions, subjectOf } from './sheet.ts';

/** The published form's own example. */
const about: ValidationInformation = {
  collector: {
    name: 'North South Group',
    addressLines: ['P.O. Box 123456', 'Pasadena, CA 91111-2222'],
    phone: '(800) 123-4567',
    phoneHours: '8am to 8pm ET, Monday to Saturday',
    website: 'www.example.com',
    email: null,
  },
  consumer: { name: 'Person <A>', lines: ['2323 Park Street', 'Apartment 342', 'Bethesda, MD 20815'] },
  reference: '584-345',
  currentCreditor: 'Bank of Rockville',
  creditorOnItemizationDate: 'Bank of Rockland',
  product: 'credit card',
  brand: 'Main Street Department Store',
  accountEnding: '6789',
  financialProduct: true,
  itemization: {
    on: '2017-01-02',
    kind: 'last_statement',
    currency: currency('USD'),
    minor: {
      amountOnItemizationDate: '223456',
      interest: '7500',
      fees: '2500',
      payments: '3000',
      credits: '2000',
      currentAmount: '228456',
    },
  },
  offersSpanish: true,
  offersOnlineReplies: true,
  disclosures: [{ heading: 'Maryland', text: 'Licensed there.', headingEs: 'Maryland', textEs: 'Con licencia allí.' }],
};
const options: SheetOptions = {
  language: 'en',
  endsOn: calendarDate('2020-08-28'),
  replyUrl: 'https://dunwell.example/n/token',
  optOutUrl: null,
};

// The rows of the form from top to bottom; what stands twice is asked for twice.
const inOrder = {
  en: [
    'North South Group',
    'P.O. Box 123456',
    'Pasadena, CA 91111-2222',
    '(800) 123-4567, 8am to 8pm ET, Monday to Saturday',
    'www.example.com',
    'Person <A>',
    'Bethesda, MD 20815',
    'Reference: 584-345',
    'North South Group is a debt collector. We are trying to collect a debt that you owe to Bank of Rockville.',
    'We will use any information you give us to help collect the debt.',
    'Our information shows:',
    'Main Street Department Store credit card from Bank of Rockland with account number ending in 6789.',
    'As of January 2, 2017, you owed:',
    '$2,234.56',
    'Between January 2, 2017 and today:',
    'You were charged this amount in interest:',
    '+ $75.00',
    'You were charged this amount in fees:',
    '+ $25.00',
    'You paid or were credited this amount toward the debt:',
    '− $50.00',
    'Total amount of the debt now:',
    '$2,284.56',
    'How can you dispute the debt?',
    'Call or write to us by August 28, 2020, to dispute all or part of the debt.',
    'If you write to us by August 28, 2020, we must stop collection on any amount you dispute',
    'We accept disputes electronically',
    'What else can you do?',
    'If you write by August 28, 2020, we must stop collection until we send you that information.',
    'www.cfpb.gov/debt-collection',
    'Contact us about your payment options.',
    'Póngase en contacto con nosotros',
    'Notice: See reverse side for important information.',
    'How do you want to respond?',
    'Check all that apply:',
    'I want to dispute the debt because I think:',
    'This is not my debt.',
    'The amount is wrong.',
    'Other (please describe on reverse or attach additional information).',
    'I want you to send me the name and address of the original creditor.',
    'I enclosed this amount:',
    'Make your check payable to North South Group.',
    'Quiero este formulario en español.',
    'Mail this form to:',
    'North South Group',
    'From:',
    'Person <A>',
    'https://dunwell.example/n/token',
    'Maryland',
    'Licensed there.',
  ],
  es: [
    'North South Group',
    'Person <A>',
    'Referencia: 584-345',
    'North South Group es un cobrador de deudas.',
    'Nuestra información muestra:',
    'Al 2 de enero de 2017, usted debía:',
    '$2,234.56',
    'intereses:',
    '+ $75.00',
    'cargos:',
    '+ $25.00',
    'se le acreditó esta cantidad para la deuda:',
    '− $50.00',
    'Cantidad total de la deuda ahora:',
    '$2,284.56',
    '¿Cómo puede disputar la deuda?',
    'a más tardar el 28 de agosto de 2020 para disputar',
    'Si nos escribe a más tardar el 28 de agosto de 2020, debemos detener el cobro',
    '¿Qué más puede hacer?',
    'el nombre y la dirección del acreedor original',
    'www.cfpb.gov/debt-collection',
    'Aviso: Vea el reverso',
    '¿Cómo quiere responder?',
    'Marque todo lo que corresponda:',
    'Quiero disputar la deuda porque creo que:',
    'Esta no es mi deuda.',
    'La cantidad es incorrecta.',
    'Otro (describa en el reverso',
    'Quiero que me envíen el nombre y la dirección del acreedor original.',
    'Adjunto esta cantidad:',
    'Con licencia allí.',
  ],
} as const;

/** Fails at the first piece that does not come after the one before it. Line ends and blanks do not matter. */
function expectInOrder(text: string, pieces: readonly string[]): void {
  const squeezed = (part: string) => part.replaceAll(/\s+/g, '');
  const whole = squeezed(text);
  let from = 0;
  for (const piece of pieces) {
    const at = whole.indexOf(squeezed(piece), from);
    expect(at, `"${piece}" after "${whole.slice(Math.max(0, from - 60), from)}"`).toBeGreaterThanOrEqual(from);
    from = at + squeezed(piece).length;
  }
}

const textOfHtml = (html: string) =>
  html
    .replaceAll(/<(style|title)>[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe.each(['en', 'es'] as const)('the notice in %s', (language) => {
  const sheet = noticeSheet(about, { ...options, language });

  test('as HTML has every field of the form in its order, and escapes what people typed', () => {
    const html = noticeHtml(sheet);
    expectInOrder(
      textOfHtml(html),
      inOrder[language].filter((piece) => !piece.startsWith('Reference:')),
    );
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).not.toContain('<A>');
    expect(html).not.toMatch(/<script/i);
  });

  test('as plain text has them too', () => {
    const late = new Set(['https://dunwell.example/n/token', 'Mail this form to:', 'From:']);
    expectInOrder(
      noticeText(sheet),
      inOrder[language].filter((piece, n) => !late.has(piece) && n < 44),
    );
  });

  test('as PDF is tagged, PDF/UA-1, titled, in its language, front and reverse, with every field in order', async () => {
    const pdf = readPdf(await noticePdf(sheet));
    expect(pdf.catalog).toMatch(new RegExp(`/Lang \\(${language}`));
    expect(pdf.catalog).toMatch(/\/MarkInfo <<\s+\/Marked true/);
    expect(pdf.catalog).toContain('/StructTreeRoot');
    expect(pdf.catalog).toMatch(/\/DisplayDocTitle true/);
    expect(pdf.metadata).toMatch(/pdfuaid:part>1</);
    expect(pdf.metadata).toContain(sheet.title);
    expect(pdf.tags.filter((tag) => tag === 'H1')).toHaveLength(1);
    expect(pdf.tags.filter((tag) => tag === 'H2').length).toBeGreaterThanOrEqual(5);
    for (const tag of ['Table', 'TR', 'TD', 'L', 'LI', 'P', 'Link', 'Figure']) expect(pdf.tags).toContain(tag);
    expect(pdf.pages).toBe(2);
    expectInOrder(pdf.text.join(' '), inOrder[language]);
  });

  test('itself does not overshadow', () => {
    const own = [sheet.opening, sheet.debt.account, ...sheet.response.because, sheet.response.payment ?? ''];
    expect(own.flatMap((words) => findOvershadowing(words))).toEqual([]);
  });

  test('has a subject line that names creditor and account, not the amount', () => {
    const { subject, contains } = subjectOf(about, language);
    expect(electronicSubjectLine({ subjectContains: contains }).supportsActualNotice).toBe(true);
    expect(subject).toContain('Bank of Rockville');
    expect(subject).toContain('6789');
    expect(subject).not.toMatch(/2,?284/);
  });
});

test('long addresses and Spanish still fit on the front', async () => {
  const lines = Array.from({ length: 6 }, (_, n) => `A rather long line of an address, number ${n}`);
  const wide = {
    ...about,
    consumer: { name: 'A person of many names', lines },
    collector: { ...about.collector, addressLines: lines },
  };
  const pdf = readPdf(await noticePdf(noticeSheet(wide, { ...options, language: 'es' })));
  expect(pdf.pages).toBe(2);
});

test('optional lines that are not offered are not there', async () => {
  const bare = { ...about, offersSpanish: false, financialProduct: false, disclosures: [], accountEnding: null };
  const sheet = noticeSheet(bare, { ...options, replyUrl: null });
  for (const text of [noticeHtml(sheet), readPdf(await noticePdf(sheet)).text.join(' ')])
    for (const gone of ['español', 'cfpb.gov', 'See reverse', 'electronically', 'ending in', 'dunwell.example'])
      expect(text).not.toContain(gone);
});

test('words that look like the typesetter’s language are only words', async () => {
  const sly = { ...about, consumer: { name: '#panic("x") = *a* $x$ @b', lines: ['#read("/etc/passwd")'] } };
  const { text } = readPdf(await noticePdf(noticeSheet(sly, options)));
  expectInOrder(text.join(' '), ['#panic("x") = *a* $x$ @b', '#read("/etc/passwd")']);
});

test('a letter that takes too long is given up, and the next one is set all the same', async () => {
  const sheet = noticeSheet(about, options);
  await expect(typeset('validation-notice', sheet, 0)).rejects.toThrow(/not set within/);
  expect((await noticePdf(sheet)).subarray(0, 5).toString()).toBe('%PDF-');
});

test('data that does not fit the layout is a fault with its reason', async () => {
  await expect(typeset('validation-notice', { title: 'x' })).rejects.toThrow(/could not be set/);
});

test('a reply address reads back, and no other does', () => {
  const vault = createVault('a secret of an installation, long');
  const tenant = newId<'tenant'>() as TenantId;
  const noticeId = newId();
  const url = noticeReplyUrl(vault, 'https://dunwell.example', tenant, noticeId);
  const token = url.slice(url.lastIndexOf('/') + 1);
  expect(readNoticeReplyToken(vault, token)).toEqual({ ok: true, value: { tenant, noticeId } });
  for (const bad of ['', token.slice(1), `${token}A`, 'x'.repeat(90)])
    expect(readNoticeReplyToken(vault, bad)).toMatchObject({ code: 'bad_token' });
});
