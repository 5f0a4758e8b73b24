import { describe, expect, it } from 'vitest';
import usFederal from './packs/us-federal.json' with { type: 'json' };
import { decide } from './decide.ts';
import type { EventFact } from './gate-facts.ts';
import { plainSpeech } from './proposal.ts';
import { parsePack } from './rule-pack.ts';
import { someFacts, someProposal, someRules } from './testing.ts';

const cap = {
  id: 'TEST-CAP',
  kind: 'cap',
  title: 'A cap',
  sentence: 'Not more often.',
  citation: 'A law',
  confidence: 'V',
  jurisdiction: 'US',
  collectors: ['third_party'],
  debtKinds: ['consumer'],
  channels: ['call'],
  effectiveFrom: '2020-01-01',
  parameters: { limit: 7, windowDays: 7, counts: [{ types: ['contact'] }] },
};
const pack = (...rules: readonly Record<string, unknown>[]) => ({
  key: 'test',
  version: '1',
  title: 'A pack',
  house: false,
  rules,
});

describe('a pack is refused at load with the reason', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing at all', null, /cannot be used/],
    ['no rules', pack(), /cannot be used[^]*rules/],
    ['a kind nobody knows', pack({ ...cap, kind: 'curse' }), /TEST-CAP \(rules\[0\]\)/],
    [
      'a parameter that is no number',
      pack({ ...cap, parameters: { ...cap.parameters, limit: 'seven' } }),
      /TEST-CAP[^]*limit/,
    ],
    ['a limit of nothing', pack({ ...cap, parameters: { ...cap.parameters, limit: 0 } }), /TEST-CAP[^]*limit/],
    ['a member nobody knows', pack({ ...cap, loosens: 'US-REGF-14B-7IN7' }), /TEST-CAP[^]*loosens/],
    ['an unknown jurisdiction', pack({ ...cap, jurisdiction: 'US-ZZ' }), /is not a known jurisdiction/],
    ['an unknown channel', pack({ ...cap, channels: ['pigeon'] }), /TEST-CAP[^]*channels/],
    ['a fact no rule may ask about', pack({ ...cap, when: { field: 'person.income', below: 5 } }), /TEST-CAP/],
    ['a date that is none', pack({ ...cap, effectiveFrom: '2020-02-30' }), /TEST-CAP[^]*effectiveFrom/],
    [
      'an end before the beginning',
      pack({ ...cap, effectiveTo: '2020-01-01' }),
      /TEST-CAP ends on 2020-01-01, before it begins/,
    ],
    [
      'a cap without a window',
      pack({ ...cap, parameters: { limit: 7, counts: cap.parameters.counts } }),
      /TEST-CAP needs either windowDays or calendarWeek/,
    ],
    [
      'a cap with two windows',
      pack({ ...cap, parameters: { ...cap.parameters, calendarWeek: true } }),
      /TEST-CAP needs either/,
    ],
    [
      'two texts on one day',
      pack({ ...cap, effectiveTo: '2026-01-02' }, { ...cap, effectiveFrom: '2026-01-01' }),
      /Two texts of TEST-CAP are in force on 2026-01-01/,
    ],
    [
      'a first text that never ends',
      pack(cap, { ...cap, effectiveFrom: '2026-01-01' }),
      /Two texts of TEST-CAP are in force on 2026-01-01/,
    ],
    [
      'a term it does not define',
      pack({ ...cap, channels: { term: 'every way' } }),
      /names the term "every way" and does not define it/,
    ],
  ])('%s', (_, text, reason) => {
    expect(() => parsePack(text)).toThrow(reason);
  });

  it('and used when one text follows the other, or they are parts of one rule', () => {
    const follows = pack({ ...cap, effectiveTo: '2026-01-01' }, { ...cap, effectiveFrom: '2026-01-01' });
    expect(parsePack(follows).rules).toHaveLength(2);
    expect(parsePack(pack({ ...cap, part: 'one' }, { ...cap, part: 'two' })).rules).toHaveLength(2);
    expect(parsePack(usFederal).key).toBe('us-federal');
  });

  it('has no member by which one rule could switch off, replace or widen another', () => {
    for (const member of ['overrides', 'replaces', 'except', 'preempts', 'allow', 'priority'])
      expect(() => parsePack(pack({ ...cap, [member]: ['US-REGF-14B-7IN7'] }))).toThrow(member);
  });
});

describe('facts older than their source allows count for nothing', () => {
  const at = new Date('2026-03-11T15:00:00Z');
  const addressKey = '+12125550100';
  const consent: EventFact = {
    type: 'text_consent',
    at: '2025-06-01T15:00:00Z',
    givenTo: 'this_collector',
    addressKey,
  };
  const checked = (on: string): EventFact => ({
    type: 'reassigned_number_check',
    at: `${on}T15:00:00Z`,
    result: 'not_reassigned',
    addressKey,
  });
  const text = (...events: EventFact[]) =>
    decide(
      someFacts({
        collector: 'third_party',
        debtKind: 'consumer',
        address: {
          key: addressKey,
          quality: 'verified',
          ended: false,
          place: null,
          lineType: 'wireless',
          employerProvided: false,
        },
        accounts: someFacts().accounts.map((one) => ({ ...one, limitationExpiredOn: null })),
        person: { ...someFacts().person, ageYears: 40 },
        events,
      }),
      someProposal({
        act: 'manual_message',
        channel: 'sms',
        addressKey,
        dialMode: 'manual',
        initial: false,
        content: {
          ...plainSpeech,
          has: ['opt_out', 'debt_collector', 'attempt_to_collect'],
          language: 'en',
          disclosureLanguage: 'en',
        },
      }),
      someRules(),
      at,
    );

  it('a check of the number is good for sixty days', () => {
    expect(text(consent, checked('2026-01-10'))).toMatchObject({ decision: 'allow' });
    const late = text(consent, checked('2026-01-09'));
    expect(late.decision).toBe('deny');
    expect(late.reasons).toMatchObject([
      { ruleId: 'US-REGF-6D5-SMS', effect: 'deny', sentence: expect.stringContaining('older than 60 days') },
    ]);
  });

  it('data of the client is good for as long as its feed may be old', () => {
    const mail = (feedThrough: string) =>
      decide(
        someFacts({ client: { ...someFacts().client, feedThrough, feedMaxAgeHours: 24 } }),
        someProposal(),
        someRules(),
        at,
      );
    expect(mail('2026-03-10T15:00:00Z').decision).toBe('allow');
    const stale = mail('2026-03-10T14:59:59Z');
    expect(stale.decision).toBe('deny');
    expect(stale.reasons).toMatchObject([
      { ruleId: 'B2B-FRESH-FEED', sentence: expect.stringContaining('older than 24 hours. Import a newer file.') },
    ]);
  });
});
