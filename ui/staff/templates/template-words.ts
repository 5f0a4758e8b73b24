import type { Input, Output } from '../../kit/operations.ts';

export type Version = Output<'listTemplates'>['rows'][number];
export type Draft = NonNullable<Input<'checkTemplate'>['body']>;
export type Use = Pick<Draft, 'channel' | 'debtKind' | 'language' | 'purpose'>;
export type Audience = Draft['audience'];

export const channelWords = {
  email: 'E-mail',
  sms: 'Text message',
  letter: 'Letter',
  voicemail: 'Voicemail script',
} as const;

const all = { en: 'English', es: 'Spanish', de: 'German', fr: 'French' } as const;
const framed = { en: all.en, es: all.es, de: all.de } as const;

/** The languages of a channel: an e-mail is framed by a greeting and a table, which are there in three. */
export const languageWords = (channel: string): Partial<typeof all> & { readonly en: string } =>
  channel === 'email' ? framed : all;

const notices = {
  notice_0: 'Before it is due',
  notice_1: 'First reminder',
  notice_2: 'Second reminder',
  notice_3: 'Third reminder',
  notice_4: 'Demand for payment',
  notice_5: 'Final notice',
} as const;

export function purposeWords(channel: string, debtKind: string): Readonly<Record<Use['purpose'], string>> {
  // The wider type is for callers that look up by what an address says; texts that do not belong here are left out.
  const words: Partial<Record<Use['purpose'], string>> =
    channel === 'voicemail' && debtKind === 'consumer'
      ? { limited_content: 'Limited content', ...notices }
      : { ...notices };
  return words as Readonly<Record<Use['purpose'], string>>;
}

export const collectorWords = {
  first_party: 'As the creditor itself',
  third_party: 'As an agency for a creditor',
  debt_buyer: 'As a debt buyer',
} as const;

/** Countries and states with rules about wording of their own. */
export const lawWords: Readonly<Record<string, string>> = {
  US: 'United States',
  'US-CA': 'California',
  'US-NC': 'North Carolina',
  UK: 'United Kingdom',
  EU: 'European Union',
  DE: 'Germany',
};
