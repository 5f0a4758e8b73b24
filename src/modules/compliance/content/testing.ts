import type { ContentMessage } from './content-message.ts';

// Messages about a consumer's debt, with what tests need to change open.

export const at = new Date('2026-11-28T12:00:00Z');

export const names = {
  business: 'NSG Services',
  creditor: 'Mercy Supply',
  party: 'Jo Ford',
  person: 'Robin Smith',
  phone: '800-555-0100',
};
export const message = (changes: Partial<ContentMessage> = {}): ContentMessage => ({
  channel: 'email',
  language: 'en',
  recipient: 'consumer',
  stage: 'subsequent',
  jurisdictions: ['US'],
  collectorType: 'third_party',
  debtKind: 'consumer',
  names,
  parts: {},
  ...changes,
});
export const email = (body: string, changes: Partial<ContentMessage> = {}) =>
  message({ parts: { subject: 'Mercy Supply: account ending 4321', body }, ...changes });
export const good = 'This communication is from a debt collector. To stop e-mails to this address, reply with STOP.';
export const first =
  'This is an attempt to collect a debt. Any information obtained will be used for that purpose. Reply STOP to opt out.';
export const voicemail = (transcript: string, changes: Partial<ContentMessage> = {}) =>
  message({ channel: 'voicemail', stage: 'limited_content', parts: { transcript }, ...changes });
export const lcm = 'Hello, this is Robin Smith from NSG Services. Please call us back at 800-555-0100.';
