import { expect, test } from 'vitest';
import { isLimitedContentMessage, type VoicemailFacts } from './limited-content.ts';
import { shippedContentPacks } from './shipped-content.ts';

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
