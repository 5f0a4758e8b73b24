import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { judgeTemplate, sampleClient } from './check-template.ts';
import { judgeNotice } from './judge-notice.ts';
import type { Notice, NoticeLevel, NoticeSetting } from './notice.ts';
import { findShippedText, noticeLanguages } from './render-notice.ts';
import { purposeOf } from './template.ts';

// What comes with the program is judged by the same code as what tenants write.
const levels: readonly NoticeLevel[] = [0, 1, 2, 3, 4, 5];
const jurisdictions: readonly (readonly string[])[] = [['US', 'US-NV'], ['UK'], ['EU', 'FR'], ['AU'], []];
const collectors = ['first_party', 'third_party', 'debt_buyer'] as const;
const settings: readonly NoticeSetting[] = (['commercial', 'consumer'] as const).flatMap((debtKind) =>
  collectors.flatMap((collectorType) =>
    (['initial', 'subsequent'] as const).flatMap((stage) =>
      jurisdictions.map((laws) => ({ debtKind, collectorType, stage, jurisdictions: laws })),
    ),
  ),
);

const notice = (level: NoticeLevel, language: string, setting: NoticeSetting): Notice => ({
  client: sampleClient,
  party: { id: 'p', name: 'Jo Ford', language },
  accounts: [{ id: 'a', number: 'AB-99887766', currency: currency('USD'), unappliedMinor: 0n }],
  items: [
    {
      itemId: 'i',
      accountId: 'a',
      // A lender's item often bears the account's own number.
      number: 'AB-99887766',
      issuedOn: calendarDate('2026-01-02'),
      dueOn: calendarDate('2026-02-01'),
      openMinor: 123_450n,
      currency: currency('USD'),
      level,
    },
  ],
  level,
  today: calendarDate('2026-03-11'),
  comment: null,
  setting,
});
const url = 'https://dunwell.example/u/token';

describe.each(noticeLanguages)('the shipped letters in %s', (language) => {
  test.each(levels)('of level %i keep every rule, for everybody', (level) => {
    for (const setting of settings) {
      const { words, verdict } = judgeNotice(notice(level, language, setting), 'NSG Services', url);
      expect(verdict.findings, JSON.stringify([setting, words.text])).toEqual([]);
      expect(words.language).toBe(language);
    }
  });

  test.each(levels)('of level %i can be published as a tenant’s own', (level) => {
    for (const setting of settings) {
      const text = findShippedText(setting.debtKind, level, language);
      expect(text).not.toBeNull();
      const draft = {
        channel: 'email',
        purpose: purposeOf(level),
        language,
        audience: setting,
        ...setting,
        subject: '',
        body: '',
        ...text,
      } as const;
      const judged = judgeTemplate(draft, sampleClient, new Date('2026-11-28T12:00:00Z'));
      expect(judged.findings.filter((finding) => finding.effect === 'refuse')).toEqual([]);
    }
  });
});

const consumer: NoticeSetting = {
  debtKind: 'consumer',
  collectorType: 'third_party',
  stage: 'initial',
  jurisdictions: ['US', 'US-NV'],
};

test('the law’s sentences are added in the language of the letter, and only where they lack', () => {
  const first = judgeNotice(notice(1, 'en', consumer), 'NSG Services', url).words;
  expect(first.text).toContain('This is an attempt to collect a debt.');
  expect(first.html).toContain('This is an attempt to collect a debt.');
  expect(judgeNotice(notice(1, 'es', consumer), 'NSG Services', url).words.text).toContain(
    'Este es un intento de cobrar una deuda.',
  );
  const later = judgeNotice(notice(1, 'en', { ...consumer, stage: 'subsequent' }), 'NSG Services', url).words;
  expect(later.text).toContain('This communication is from a debt collector.');
  expect(later.text).not.toContain('attempt to collect');
  const own = {
    id: null,
    subject: 'Hello',
    body: 'This is an attempt to collect a debt; any information you give us will be used for that purpose.',
  };
  expect(
    judgeNotice(notice(1, 'en', consumer), 'NSG', url, own).words.text.match(/attempt to collect a debt/g),
  ).toHaveLength(1);
  expect(
    judgeNotice(notice(1, 'en', { ...consumer, collectorType: 'first_party' }), 'NSG', url).words.text,
  ).not.toContain('debt collector');
});

test('a consumer’s letter names the account by its ending', () => {
  const { subject, text, html } = judgeNotice(notice(1, 'en', consumer), 'NSG', url).words;
  expect(subject).toBe('Harbor Supply: about your account …7766');
  for (const part of [text, html]) expect(part).not.toContain('99887766');
});

test('what the program cannot add is asked for', () => {
  const { verdict } = judgeNotice(notice(1, 'en', { ...consumer, jurisdictions: ['US', 'US-CA'] }), 'NSG', url);
  expect(verdict).toMatchObject({ refused: true, findings: [{ ruleId: 'US-CA-ROSENTHAL.licence' }] });
});

test.each<[string, string, string, RegExp]>([
  ['a variable that is none', 'Hello', '{{ no.such }}', /undefined variable: no/],
  ['Liquid that does not end', 'Hello', '{% if x %}', /not closed/],
  ['a value the database cannot keep', 'Hello', '{{ "%00" | url_decode }}', /U\+0000/],
  ['an empty subject', '{% if false %}x{% endif %}', 'Body', /subject is empty/],
  ['endless work', 'Hello', '{% for i in (1..100000000) %}x{% endfor %}', /limit/],
  ['endless text', 'Hello', '{% for i in (1..90000) %}xxxxxxxxxx{% endfor %}', /longer than|limit/],
])('%s is refused as a value', (_what, subject, body, words) => {
  const { words: written, verdict } = judgeNotice(notice(1, 'en', consumer), 'NSG', url, { id: null, subject, body });
  expect(verdict.refused).toBe(true);
  expect(verdict.findings[0]?.sentence).toMatch(words);
  expect(written.subject).toBe('The letter could not be written');
});
