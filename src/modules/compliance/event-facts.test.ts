import { describe, expect, test } from 'vitest';
import {
  consentEventTypes,
  consentScopes,
  eventOfLaw,
  eventOfNotice,
  eventOfPreference,
  eventsOfConsent,
  eventsOfContact,
} from './event-facts.ts';
import type { ConsentRow, ContactRow, LegalEventRow, NoticeEventRow, PreferenceRow } from './gate-facts.sql.ts';

const at = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-05T10:00:00Z');
const latest = new Date('2026-03-09T10:00:00Z');
const detail = (says: object) => says as ConsentRow['detail'];

describe('a consent', () => {
  const row = (changes: Partial<ConsentRow> = {}): ConsentRow => ({
    id: 'c',
    root_id: 'r',
    recipient_kind: 'tenant',
    client_id: null,
    account_id: null,
    channel: 'call',
    address_key: null,
    scope: 'call',
    detail: detail({}),
    effective_from: at,
    expires_at: null,
    revoked_at: null,
    ...changes,
  });

  test('is an event of its giving', () => {
    expect(eventsOfConsent(row(), false)).toEqual([
      { type: 'call_consent', at: '2026-03-01T10:00:00.000Z', channel: 'call', givenTo: 'this_collector' },
    ]);
  });

  test('says what it is about, and what it says never changes that', () => {
    const said = detail({ validOn: '2026-03-02', type: 'x', channel: 'sms', givenTo: 'y' });
    expect(
      eventsOfConsent(row({ account_id: 'a', address_key: '+1', detail: said, revoked_at: later }), false),
    ).toEqual([
      {
        type: 'call_consent',
        at: '2026-03-01T10:00:00.000Z',
        channel: 'call',
        addressKey: '+1',
        debtIds: ['a'],
        givenTo: 'this_collector',
        validOn: '2026-03-02',
      },
      {
        type: 'call_consent_revoked',
        at: '2026-03-05T10:00:00.000Z',
        channel: 'call',
        addressKey: '+1',
        debtIds: ['a'],
      },
    ]);
  });

  test.each<[Date | null, Date | null, string | undefined]>([
    [null, null, undefined],
    [later, null, '2026-03-05T10:00:00.000Z'],
    [null, later, '2026-03-05T10:00:00.000Z'],
    [later, latest, '2026-03-05T10:00:00.000Z'],
    [latest, later, '2026-03-05T10:00:00.000Z'],
  ])('revoked %s, expiring %s, ends %s', (revoked_at, expires_at, end) => {
    expect(eventsOfConsent(row({ revoked_at, expires_at }), false)[1]?.at).toBe(end);
  });

  test.each<[ConsentRow['recipient_kind'], boolean, string]>([
    ['tenant', false, 'this_collector'],
    ['tenant', true, 'this_collector'],
    ['client', false, 'client'],
    ['client', true, 'this_collector'],
    ['prior_collector', false, 'prior_collector'],
    ['prior_collector', true, 'prior_collector'],
  ])('given to the %s, first party %s, is of %s', (recipient_kind, firstParty, givenTo) => {
    expect(eventsOfConsent(row({ recipient_kind }), firstParty)[0]?.['givenTo']).toBe(givenTo);
  });

  test.each([
    ['call', 'call_consent', 'call_consent_revoked'],
    ['time', 'time_consent', 'time_consent_revoked'],
    ['email', 'email_consent', 'email_consent_revoked'],
    ['text', 'text_consent', 'text_consent_revoked'],
    ['tcpa', 'tcpa_consent', 'tcpa_revocation'],
    ['esign', 'esign_consent', 'esign_consent_withdrawn'],
    ['electronic', 'electronic_consent', 'electronic_consent_revoked'],
    ['third_party', 'third_party_consent', 'third_party_consent_revoked'],
    ['collection', 'contact_consent', 'contact_consent_revoked'],
    ['recorded_call', 'recorded_call_consent', 'recorded_call_consent_revoked'],
    ['automated_call', 'automated_call_consent', 'automated_call_consent_revoked'],
    ['marketing', 'marketing_consent', 'marketing_consent_revoked'],
    ['processing', 'processing_consent', 'processing_consent_withdrawn'],
    ['of_another_kind', 'of_another_kind_consent', 'of_another_kind_consent_revoked'],
  ])('of scope %s is %s and ends as %s', (scope, given, ended) => {
    expect(eventsOfConsent(row({ scope, revoked_at: later }), false).map((event) => event.type)).toEqual([
      given,
      ended,
    ]);
    if (scope === 'of_another_kind') return;
    expect(consentScopes).toContain(scope);
    expect(consentEventTypes).toEqual(expect.arrayContaining([given, ended]));
  });
});

describe('a wish', () => {
  const row = (changes: Partial<PreferenceRow>): PreferenceRow => ({
    id: 'p',
    root_id: 'r',
    kind: 'opt_out',
    channel: null,
    address_key: null,
    detail: {},
    effective_from: at,
    ...changes,
  });
  const when = { at: '2026-03-01T10:00:00.000Z' };
  test.each<[Partial<PreferenceRow>, object]>([
    [{}, { type: 'opt_out', ...when }],
    [
      { channel: 'email', address_key: 'a@x' },
      { type: 'opt_out', channel: 'email', addressKey: 'a@x', ...when },
    ],
    [
      { kind: 'inconvenient_time', detail: { from: '08:00', type: 'x' } },
      { type: 'inconvenient_time', from: '08:00', ...when },
    ],
    [{ kind: 'cease' }, { type: 'cease', form: 'written', ...when }],
    [
      { kind: 'cease', detail: { form: 'oral', at: 'x' } },
      { type: 'cease', form: 'oral', ...when },
    ],
  ])('%j', (changes, event) => {
    expect(eventOfPreference(row(changes))).toEqual(event);
  });
});

describe('a contact', () => {
  const row = (changes: Partial<ContactRow> = {}): ContactRow =>
    ({
      id: 'e',
      root_id: 'r',
      channel: 'call',
      direction: 'out',
      automatic: false,
      client_id: 'cl',
      account_id: 'a',
      address_key: null,
      party_id: 'pa',
      conversation: false,
      detail: detail({ outcome: 'busy', type: 'x' }),
      local_on: '2026-02-28',
      effective_at: at,
      ...changes,
    }) as ContactRow;
  const contact = {
    type: 'contact',
    at: '2026-03-01T10:00:00.000Z',
    localOn: '2026-02-28',
    channel: 'call',
    direction: 'out',
    automatic: false,
    clientId: 'cl',
    debtIds: ['a'],
    outcome: 'busy',
  };

  test('is an event of its day, about its debt', () => {
    expect(eventsOfContact(row(), false)).toEqual([contact]);
    expect(eventsOfContact(row({ address_key: '+1' }), true)).toEqual([
      { ...contact, addressKey: '+1', personId: 'pa' },
    ]);
  });

  test('that was a conversation is one too, about what was talked of', () => {
    const talk = { type: 'conversation', at: contact.at, localOn: '2026-02-28', channel: 'call', debtIds: ['a'] };
    expect(eventsOfContact(row({ conversation: true }), false)).toEqual([contact, talk]);
    const discussed = detail({ outcome: 'busy', discussedIds: ['b', 'c'] });
    expect(eventsOfContact(row({ conversation: true, detail: discussed }), true)[1]).toEqual({
      ...talk,
      personId: 'pa',
      debtIds: ['b', 'c'],
    });
  });
});

describe('a notice', () => {
  const row = (changes: Partial<NoticeEventRow>): NoticeEventRow => ({
    account_id: 'a',
    type: 'validation_notice',
    at,
    period_ends_on: '2026-04-10',
    timely: null,
    written: null,
    partial: null,
    ...changes,
  });
  const base = { at: '2026-03-01T10:00:00.000Z', debtIds: ['a'] };
  test.each<[Partial<NoticeEventRow>, object]>([
    [{}, { ...base, type: 'validation_notice', periodEnd: '2026-04-10' }],
    [{ type: 'returned' }, { ...base, type: 'undeliverable' }],
    [{ type: 'verification_sent' }, { ...base, type: 'verification_sent' }],
    [{ type: 'original_creditor_info_sent' }, { ...base, type: 'original_creditor_info_sent' }],
    [
      { type: 'dispute', written: true, timely: true },
      { ...base, type: 'dispute', form: 'written', timely: true },
    ],
    [
      { type: 'dispute', written: false, timely: false, partial: true },
      { ...base, type: 'dispute', form: 'oral', timely: false, partial: true },
    ],
    [
      { type: 'original_creditor_request', written: true, timely: true, partial: false },
      { ...base, type: 'original_creditor_request', form: 'written', timely: true },
    ],
  ])('%j', (changes, event) => {
    expect(eventOfNotice(row(changes))).toEqual(event);
  });
});

test('something else that bears on the law says what it is about', () => {
  const row: LegalEventRow = {
    root_id: 'r',
    type: 'bankruptcy',
    account_ids: null,
    about_party_id: null,
    channel: null,
    address_key: null,
    detail: { chapter: '7', type: 'x' } as unknown as LegalEventRow['detail'],
    effective_at: at,
  };
  const plain = { type: 'bankruptcy', at: '2026-03-01T10:00:00.000Z', chapter: '7' };
  expect(eventOfLaw(row)).toEqual(plain);
  expect(eventOfLaw({ ...row, account_ids: ['a'], about_party_id: 'p', channel: 'call', address_key: '+1' })).toEqual({
    ...plain,
    debtIds: ['a'],
    personId: 'p',
    channel: 'call',
    addressKey: '+1',
  });
});
