import { describe, expect, test } from 'vitest';
import type { ContentRuleOf } from './content-pack.ts';
import { isLimitedContentMessage, judgeLimited, type VoicemailFacts } from './limited-content.ts';
import { readParts } from './part-read.ts';
import { shippedContentPacks } from './shipped-content.ts';
import { message, names } from './testing.ts';

const least: VoicemailFacts = {
  medium: 'voicemail',
  forConsumer: true,
  businessName: 'NSG Services',
  businessNameIndicatesCollection: false,
  requestsReply: true,
  contactPersonName: 'Robin Smith',
  callbackNumber: '800-555-0100',
  extra: [],
};
const limited = (changes: Partial<VoicemailFacts>) =>
  isLimitedContentMessage({ ...least, ...changes }, shippedContentPacks, new Date('2026-05-05')).isLimitedContent;

test.each<[string, Partial<VoicemailFacts>, boolean]>([
  ['the least', {}, true],
  [
    'with a greeting, the date and times to reply',
    { extra: ['salutation', 'date_time_of_message', 'suggested_reply_times'] },
    true,
  ],
  ['any representative can help', { extra: ['any_representative'] }, true],
  ['by text message', { medium: 'sms' }, false],
  ['by e-mail', { medium: 'email' }, false],
  ['for somebody else', { forConsumer: false }, false],
  ['no business name', { businessName: null }, false],
  [
    'no business name, and nothing said of it',
    { businessName: null, businessNameIndicatesCollection: undefined },
    false,
  ],
  ['an empty business name', { businessName: ' ' }, false],
  ['a name that tells', { businessNameIndicatesCollection: true }, false],
  [
    'a name that tells, read from itself',
    { businessName: 'Ace Debt Recovery', businessNameIndicatesCollection: undefined },
    false,
  ],
  ['a neutral name, read from itself', { businessNameIndicatesCollection: undefined }, true],
  ['no request', { requestsReply: false }, false],
  ['nobody to ask for', { contactPersonName: null }, false],
  ['an empty name', { contactPersonName: ' ' }, false],
  ['no number', { callbackNumber: null }, false],
  ['an account', { extra: ['account_number'] }, false],
  ['an important matter', { extra: ['salutation', 'important_matter'] }, false],
])('%s', (_what, changes, expected) => {
  expect(limited(changes)).toBe(expected);
});

test('before the rule held there is no such thing', () => {
  expect(() => isLimitedContentMessage(least, shippedContentPacks, new Date('2020-01-01'))).toThrow(
    /No rule about limited content/,
  );
});

const shipped = shippedContentPacks
  .flatMap((pack) => pack.rules)
  .find((rule): rule is ContentRuleOf<'limited_content'> => rule.kind === 'limited_content');
if (shipped === undefined) throw new Error('There is a rule about limited content.');
const rule = shipped;

test('it holds from the first day of the rule to the day before its last', () => {
  const [pack] = shippedContentPacks;
  if (pack === undefined) throw new Error('There is a pack.');
  const packs = [{ ...pack, rules: [{ ...rule, effectiveFrom: '2026-01-01', effectiveTo: '2027-01-01' }] }];
  const on = (day: string) => () =>
    isLimitedContentMessage(least, packs, new Date(`${day}T12:00:00Z`)).isLimitedContent;
  expect(on('2025-12-31')).toThrow('No rule about limited content holds on 2025-12-31.');
  expect([on('2026-01-01')(), on('2026-12-31')()]).toEqual([true, true]);
  expect(on('2027-01-01')).toThrow('No rule about limited content holds on 2027-01-01.');
});

describe('a voicemail that is spoken', () => {
  const ask = 'this is Robin Smith from NSG Services. Please call us back at 800-555-0100.';
  const said = (transcript: string, changes: Parameters<typeof message>[0] = {}) => {
    const one = message({ channel: 'voicemail', parts: { transcript }, ...changes });
    return readParts(one).flatMap((text) => judgeLimited(rule, one, text));
  };
  test('is limited when it says what it must and nothing more', () => {
    expect(said(`Hello, ${ask}`)).toEqual([]);
  });

  test('lacks what it does not say', () => {
    const missing = said('Hello, this is Robin Smith from NSG Services.');
    expect(missing.length).toBeGreaterThan(0);
    for (const one of missing)
      expect(one).toEqual({
        part: 'transcript',
        place: null,
        excerpt: null,
        sentence: expect.stringMatching(/^The voicemail does not hold .+\.$/) as string,
      });
  });

  test('says too much by each word that is not on the list, where it stands', () => {
    expect(said(`Hello, ${ask} About a loan.`).map((one) => [one.sentence, one.place])).toEqual([
      ['The voicemail says “About”.', { start: 83, end: 88 }],
      ['The voicemail says “loan”.', { start: 91, end: 95 }],
    ]);
  });

  test('says too much by a name that tells, and by an amount', () => {
    const telling = said(ask.replace('NSG Services', 'Ace Recovery'), {
      names: { ...names, business: 'Ace Recovery' },
    });
    expect(telling).toEqual([
      {
        part: 'transcript',
        place: null,
        excerpt: null,
        sentence: 'The name “Ace Recovery” shows that the business collects debts.',
      },
    ]);
    expect(said(`Hello, ${ask} Thank you. $5`).map((one) => one.sentence)).toEqual(['The voicemail says “$5”.']);
  });

  test('in a language without a list cannot be judged', () => {
    expect(said(ask, { language: 'it' })).toEqual([
      {
        part: 'transcript',
        place: null,
        excerpt: null,
        sentence: 'There is no list of what such a message may say in the language it.',
      },
    ]);
  });

  test.each<[string, string[]]>([
    ['at 9', []],
    ['at 10 am', []],
    ['on March 9th 2026 at 10', []],
    ['between 9 and 12 30', []],
    ['at 9 10 11', []],
    ['at 9 10 11 12', ['12']],
    ['at 9 10 11 12 13', ['12', '13']],
    ['at 9th 10 11 12', []],
    ['at 9 10 11 12th', []],
    ['at 9 10x 11 12', ['10x']],
    ['at 884213', ['884213']],
    ['at 1926', ['1926']],
    ['at 2026', []],
    ['at 123', ['123']],
    ['at x9', ['x9']],
    ['at 9x', ['9x']],
    ['at 12pm', []],
    ['at 123rd', ['123rd']],
  ])('may give dates and times, not numbers: %s', (text, words) => {
    expect(said(`Hello, ${ask} ${text}.`).map((one) => one.excerpt)).toEqual(words);
  });

  test('may begin with a time', () => {
    expect(said(`10 am, ${ask}`)).toEqual([]);
    expect(said(`9 10 11 12 ${ask}`).map((one) => one.excerpt)).toEqual(['12']);
  });
});
