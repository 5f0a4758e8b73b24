import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/money.ts';
import { checkTemplate } from './liquid.ts';
import { type Notice, noticeDigest, type NoticeItem, type NoticeLevel, sectionsOf, suggestedLevel } from './notice.ts';
import { renderNotice, templateValues } from './render-notice.ts';

const item = (changes: Partial<NoticeItem> = {}): NoticeItem => ({
  itemId: 'i1',
  accountId: 'a1',
  number: 'INV-1001',
  issuedOn: calendarDate('2026-01-02'),
  dueOn: calendarDate('2026-02-01'),
  openMinor: 123_450n,
  currency: currency('USD'),
  level: 1,
  ...changes,
});

const notice = (changes: Partial<Notice> = {}): Notice => ({
  client: {
    id: 'c1',
    name: 'Harbor & Sons <Supply>',
    contactEmail: 'ar@harbor.example',
    contactPhone: '+1 212 555 0100',
    postalAddress: '1 Pier Street\nNew York',
    paymentInstructions: 'Bank: First\nIBAN: US00 1234',
  },
  party: { id: 'p1', name: 'Debtor "Quotes" Ltd', language: null },
  accounts: [{ id: 'a1', number: 'A-77', currency: currency('USD'), unappliedMinor: 0n }],
  items: [item()],
  level: 1,
  today: calendarDate('2026-03-11'),
  comment: null,
  setting: {
    collectorType: 'first_party',
    debtKind: 'commercial',
    jurisdictions: ['US', 'US-NY'],
    stage: 'subsequent',
  },
  ...changes,
});
const url = 'https://dunwell.example/u/token';

describe('renderNotice', () => {
  test('lists every open item with its age, and sums it', () => {
    const items = [
      item({ itemId: 'i3', number: 'INV-1003', dueOn: calendarDate('2026-04-01'), openMinor: 50_000n }),
      item(),
      item({ itemId: 'i2', number: 'CN-9', openMinor: -10_000n, dueOn: calendarDate('2026-02-20') }),
    ];
    const { subject, text, html } = renderNotice(
      notice({ items, accounts: [{ id: 'a1', number: 'A-77', currency: currency('USD'), unappliedMinor: 3_450n }] }),
      url,
    );
    expect(subject).toBe('Harbor & Sons <Supply>: USD 1,234.50 past due');
    expect(text).toContain('INV-1001  2026-02-01  38 days overdue  USD 1,234.50');
    expect(text).toMatch(/INV-1003 +2026-04-01 +not yet due +USD 500\.00/);
    expect(text).toMatch(/CN-9 +Credit note +USD -100\.00/);
    expect(text).toContain('Payment received, not yet matched: USD -34.50');
    expect(text).toContain('Overdue: USD 1,234.50');
    expect(text).toContain('Total open: USD 1,600.00');
    expect(text).toContain(`Stop e-mails about this account: ${url}`);
    for (const words of ['INV-1001', '38 days overdue', 'USD 1,600.00', url, 'IBAN: US00 1234', '+1 212 555 0100'])
      expect(html).toContain(words);
  });

  test('nothing of the data becomes markup, and no line break reaches the subject', () => {
    const { html, subject } = renderNotice(
      notice({
        party: { id: 'p1', name: '<script>x</script>', language: 'en' },
        comment: 'first <b>line</b>\n\nsecond',
      }),
      url,
      {
        id: null,
        subject: 'Hello\r\nBcc: x@example.com',
        body: 'A {{ party.name }}',
      },
    );
    expect(html).not.toMatch(/<script>|<b>line|<Supply>/);
    expect(html).toContain('Harbor &amp; Sons &lt;Supply&gt;');
    expect(subject).toBe('Hello Bcc: x@example.com');
  });

  test('currencies have their own table and are never summed', () => {
    const two = notice({
      items: [item(), item({ itemId: 'i2', number: 'Y-1', currency: currency('JPY'), openMinor: 9_900n })],
    });
    expect(sectionsOf(two).map((section) => [section.currency, section.totalMinor])).toEqual([
      ['JPY', 9_900n],
      ['USD', 123_450n],
    ]);
    const { text, subject } = renderNotice(two, url);
    expect(text).toContain('Total open: JPY 9,900');
    expect(text).toContain('Total open: USD 1,234.50');
    expect(subject).toContain('JPY 9,900 + USD 1,234.50');
  });

  test.each([0, 1, 2, 3, 4, 5] as const)('level %i has its own wording in each language', (level: NoticeLevel) => {
    const english = renderNotice(notice({ level }), url);
    const german = renderNotice(notice({ level, party: { id: 'p1', name: 'X', language: 'de-AT' } }), url);
    expect(german.language).toBe('de');
    expect(english.subject).not.toBe(german.subject);
    const others = ([0, 1, 2, 3, 4, 5] as const)
      .filter((one) => one !== level)
      .map((one) => renderNotice(notice({ level: one }), url).text);
    expect(others).not.toContain(english.text);
    expect(english.html).toContain('lang="en"');
    expect(english.html).not.toMatch(/undefined|NaN|\{\{|\{%/);
  });

  test('an unknown language falls back to English', () => {
    expect(renderNotice(notice({ party: { id: 'p', name: 'X', language: 'xx' } }), url).language).toBe('en');
  });
});

test('the digest changes with what is owed and with nothing else', () => {
  expect(noticeDigest(notice())).toBe(noticeDigest(notice()));
  expect(noticeDigest(notice({ items: [item({ openMinor: 123_449n })] }))).not.toBe(noticeDigest(notice()));
});

test('the wording a person starts from', () => {
  const today = calendarDate('2026-03-11');
  expect(suggestedLevel([item({ level: 3 }), item({ level: null })], today)).toBe(3);
  expect(suggestedLevel([item({ level: null })], today)).toBe(1);
  expect(suggestedLevel([item({ level: null, dueOn: calendarDate('2026-05-01') })], today)).toBe(0);
});

test('a template that reaches for what it may not have is refused in words', () => {
  const values = templateValues(notice(), sectionsOf(notice()));
  expect(checkTemplate('{{ party.name }} owes {{ summary }}', values).ok).toBe(true);
  for (const bad of [
    '{{ secrets }}',
    '{{ party.constructor }}',
    '{% include "/etc/passwd" %}',
    '{{ x | nosuch }}',
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{{',
  ]) {
    expect(checkTemplate(bad, values), bad).toMatchObject({ ok: false, code: 'bad_template' });
  }
});
