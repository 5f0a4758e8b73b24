import type { EventFact } from './gate-facts.ts';
import type { ConsentRow, ContactRow, LegalEventRow, NoticeEventRow, PreferenceRow } from './gate-facts.sql.ts';

/** What a consent is called as an event, by its scope, and what ends it. */
const consentEvents: Readonly<Record<string, readonly [given: string, ended: string]>> = {
  call: ['call_consent', 'call_consent_revoked'],
  time: ['time_consent', 'time_consent_revoked'],
  email: ['email_consent', 'email_consent_revoked'],
  text: ['text_consent', 'text_consent_revoked'],
  tcpa: ['tcpa_consent', 'tcpa_revocation'],
  esign: ['esign_consent', 'esign_consent_withdrawn'],
  electronic: ['electronic_consent', 'electronic_consent_revoked'],
  third_party: ['third_party_consent', 'third_party_consent_revoked'],
  collection: ['contact_consent', 'contact_consent_revoked'],
  recorded_call: ['recorded_call_consent', 'recorded_call_consent_revoked'],
  automated_call: ['automated_call_consent', 'automated_call_consent_revoked'],
  marketing: ['marketing_consent', 'marketing_consent_revoked'],
  processing: ['processing_consent', 'processing_consent_withdrawn'],
};

/** Scopes a consent can have. */
export const consentScopes: readonly string[] = Object.keys(consentEvents);

/** What consents and their ends are called as events. */
export const consentEventTypes: readonly string[] = Object.values(consentEvents).flat();

/**
 * A consent as the events of its giving and its end, the end by expiry included even when it lies ahead. What the client was given is
 * the collector's own only where the client collects for itself: consents do not travel.
 */
export function eventsOfConsent(row: ConsentRow, firstParty: boolean): EventFact[] {
  const ours = row.recipient_kind === 'tenant' || (firstParty && row.recipient_kind === 'client');
  const [given, ended] = consentEvents[row.scope] ?? [`${row.scope}_consent`, `${row.scope}_consent_revoked`];
  const about = {
    ...(row.account_id !== null && { debtIds: [row.account_id] }),
    ...(row.address_key !== null && { addressKey: row.address_key }),
    channel: row.channel,
  };
  const end = [row.revoked_at, row.expires_at]
    .filter((one) => one !== null)
    .sort((a, b) => a.getTime() - b.getTime())[0];
  return [
    {
      ...row.detail,
      ...about,
      type: given,
      at: row.effective_from.toISOString(),
      givenTo: ours ? 'this_collector' : row.recipient_kind,
    },
    ...(end === undefined ? [] : [{ ...about, type: ended, at: end.toISOString() }]),
  ];
}

/** A wish as an event; null for one no rule looks at. `cease` without a stated form was written. */
export function eventOfPreference(row: PreferenceRow): EventFact {
  const base = {
    at: row.effective_from.toISOString(),
    ...(row.channel !== null && { channel: row.channel }),
    ...(row.address_key !== null && { addressKey: row.address_key }),
  };
  const detail = row.detail as EventFact;
  return row.kind === 'cease'
    ? { form: 'written', ...detail, ...base, type: 'cease' }
    : { ...detail, ...base, type: row.kind };
}

/** A contact of the register: a contact, and a conversation about what was talked of when there was one. `other`: it was with somebody else. */
export function eventsOfContact(row: ContactRow, other: boolean): EventFact[] {
  const base = {
    at: row.effective_at.toISOString(),
    localOn: row.local_on,
    channel: row.channel,
    ...(other && { personId: row.party_id }),
  };
  const contact: EventFact = {
    ...row.detail,
    ...base,
    type: 'contact',
    direction: row.direction,
    automatic: row.automatic,
    clientId: row.client_id,
    debtIds: [row.account_id],
    ...(row.address_key !== null && { addressKey: row.address_key }),
  };
  const discussed = row.detail['discussedIds'];
  const talk = {
    ...base,
    type: 'conversation',
    debtIds: Array.isArray(discussed) ? (discussed as string[]) : [row.account_id],
  };
  return row.conversation ? [contact, talk] : [contact];
}

/** A validation notice, its return, an answer to it or what was sent in answer. */
export function eventOfNotice(row: NoticeEventRow): EventFact {
  const base = { at: row.at.toISOString(), debtIds: [row.account_id] };
  if (row.type === 'validation_notice') return { ...base, type: row.type, periodEnd: row.period_ends_on };
  if (row.type === 'returned') return { ...base, type: 'undeliverable' };
  if (row.type !== 'dispute' && row.type !== 'original_creditor_request') return { ...base, type: row.type };
  const form = row.written ? 'written' : 'oral';
  return { ...base, type: row.type, form, timely: row.timely, ...(row.partial && { partial: true }) };
}

/** Something else that bears on the law. */
export function eventOfLaw(row: LegalEventRow): EventFact {
  return {
    ...row.detail,
    type: row.type,
    at: row.effective_at.toISOString(),
    ...(row.account_ids !== null && { debtIds: row.account_ids }),
    ...(row.about_party_id !== null && { personId: row.about_party_id }),
    ...(row.channel !== null && { channel: row.channel }),
    ...(row.address_key !== null && { addressKey: row.address_key }),
  };
}
