import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDateOf, localTimeOf, timeZone } from '../../kernel/calendar.ts';
import { decide } from './decide.ts';
import type { EventFact, GateFacts } from './gate-facts.ts';
import { holidayCalendar } from './holidays.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { buildRuleBook, shippedPacks, tighten, type Tightening } from './rule-book.ts';
import { someFacts, someProposal } from './testing.ts';

const seed = 20261128;
const holidayName = await holidayCalendar();
const book = buildRuleBook(shippedPacks, [], holidayName);
const law = shippedPacks.flatMap((pack) => pack.rules);
const codes = [...new Set(law.map((rule) => rule.jurisdiction))].filter((code) => code !== '*');
// Half and quarter hours, both hemispheres, the widest and the smallest clock changes, and zones without any.
const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Australia/Eucla',
  'Pacific/Chatham',
  'Pacific/Apia',
  'UTC',
];
const channels = ['call', 'sms', 'email', 'letter', 'visit'] as const;
const parts = [
  'identity',
  'reply_path',
  'unsubscribe',
  'opt_out',
  'debt_collector',
  'attempt_to_collect',
  'required_disclosures',
  'licence_number',
  'office_statement',
  'recording_announcement',
  'plan_in_writing',
  'debt_documents',
];
const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const addressKey = 'where-they-are';

// Days on which some clock of the list changes come up often.
const instant = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        '2026-03-08',
        '2026-03-29',
        '2026-04-05',
        '2026-04-24',
        '2026-09-27',
        '2026-10-04',
        '2026-10-25',
        '2026-11-01',
      ),
      fc
        .integer({ min: 0, max: 700 })
        .map((n) => new Date(Date.UTC(2026, 0, 1) + n * dayMs).toISOString().slice(0, 10)),
    ),
    fc.integer({ min: -1440, max: 2880 }),
    fc.integer({ min: 0, max: 59_999 }),
  )
  .map(([day, minutes, ms]) => new Date(Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs + ms));

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30', '59'))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`);
const event = fc
  .tuple(
    fc.constantFrom(
      'contact',
      'contact',
      'contact',
      'contact',
      'conversation',
      'inconvenient_time',
      'time_consent',
      'call_consent',
    ),
    fc.constantFrom(...channels),
    fc.constantFrom('no_answer', 'voicemail_left', 'conversation', 'busy'),
    fc.integer({ min: 1, max: 9 * 1440 }),
    time,
    time,
    fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 4 }),
  )
  .map(([type, channel, outcome, ago, from, to, weekdays]) => ({ type, channel, outcome, ago, from, to, weekdays }));

const situation = fc.record({
  at: instant,
  zones: fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 2 }),
  code: fc.constantFrom(...codes),
  collector: fc.constantFrom('first_party', 'third_party', 'debt_buyer'),
  debtKind: fc.constantFrom('consumer', 'commercial'),
  channel: fc.constantFrom(...channels),
  automatic: fc.boolean(),
  events: fc.array(event, { maxLength: 14 }),
});
type Situation = typeof situation extends fc.Arbitrary<infer One> ? One : never;

function factsOf(one: Situation): GateFacts {
  const [wide = ''] = one.code.split('-');
  const base = someFacts();
  const old = { at: '2020-01-01T00:00:00Z', givenTo: 'this_collector' };
  const given = ['email_consent', 'electronic_consent', 'tcpa_consent', 'recorded_call_consent'].map(
    (type): EventFact => ({ ...old, type }),
  );
  const notices = [
    'on_written_notice',
    'qc_written_notice',
    'nv_medical_notification',
    'letter_of_claim',
    'written_notice',
  ].map((kind): EventFact => ({ ...old, type: 'notice_given', kind, channel: 'letter' }));
  const happened = one.events.map((event): EventFact => {
    const at = new Date(one.at.getTime() - event.ago * minuteMs).toISOString();
    if (event.type === 'contact')
      return {
        type: 'contact',
        at,
        channel: event.channel,
        direction: 'out',
        outcome: event.outcome,
        automatic: true,
        addressKey,
        clientId: base.client.id,
      };
    if (event.type === 'conversation') return { type: 'conversation', at, channel: 'call' };
    if (event.type === 'call_consent') return { type: 'call_consent', at, givenTo: 'this_collector' };
    return {
      type: event.type,
      at,
      from: event.from,
      to: event.to,
      weekdays: event.weekdays,
      givenTo: 'this_collector',
    };
  });
  const text = {
    type: 'text_consent',
    at: new Date(one.at.getTime() - dayMs).toISOString(),
    givenTo: 'this_collector',
  };
  const country = wide === 'UK' ? 'GB' : wide === 'EU' ? 'DE' : wide;
  return {
    ...base,
    jurisdictions: [...new Set([wide, one.code])],
    collector: one.collector,
    debtKind: one.debtKind,
    person: { ...base.person, zones: one.zones, country, ageYears: 40 },
    address: {
      key: addressKey,
      quality: 'verified',
      ended: false,
      place: null,
      lineType: null,
      employerProvided: false,
    },
    accounts: base.accounts.map((account) => ({
      ...account,
      product: 'credit_card',
      chargedOff: false,
      daysPastDue: 60,
      principalMinor: 12_500,
      limitationExpiredOn: null,
      securedBy: null,
    })),
    events: [...given, ...notices, ...happened, text].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
}

const proposalOf = (one: Situation): Proposal =>
  someProposal({
    act:
      one.channel === 'call' || one.channel === 'visit'
        ? 'manual_call'
        : one.automatic
          ? 'automatic_message'
          : 'manual_message',
    channel: one.channel,
    addressKey,
    dialMode: 'manual',
    initial: false,
    content: { ...plainSpeech, recorded: false, has: parts, language: 'en', disclosureLanguage: 'en' },
  });

/** The rules a tenant could tighten that might bind this act. */
const rulesOf = (one: Situation) =>
  law.filter(
    (rule) =>
      tightenable.has(rule.kind) &&
      rule.channels.includes(one.channel) &&
      rule.debtKinds.includes(one.debtKind) &&
      (rule.jurisdiction === '*' || one.code.startsWith(rule.jurisdiction)),
  );

const shown = (one: Situation, at: Date) =>
  `${at.toISOString()} ${one.zones.map((zone) => `${localDateOf(at, timeZone(zone))} ${localTimeOf(at, timeZone(zone))}`).join(' / ')}`;

test(`what is put off opens at the instant named and at none before it (seed ${seed})`, () => {
  const seen = { allow: 0, defer: 0, deny: 0 };
  fc.assert(
    fc.property(situation, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
      const [facts, proposal] = [factsOf(one), proposalOf(one)];
      const judged = (at: Date) => decide(facts, proposal, book, at).decision;
      const { decision, notBefore } = decide(facts, proposal, book, one.at);
      seen[decision] += 1;
      expect(notBefore === null).toBe(decision !== 'defer');
      if (notBefore === null) return;
      expect(notBefore.getTime()).toBeGreaterThan(one.at.getTime());
      expect([shown(one, notBefore), judged(notBefore)]).toEqual([shown(one, notBefore), 'allow']);
      const before = new Date(notBefore.getTime() - 1);
      expect([shown(one, before), judged(before)]).not.toEqual([shown(one, before), 'allow']);
      const between = new Date(one.at.getTime() + Math.floor(share * (notBefore.getTime() - one.at.getTime())));
      if (between < notBefore)
        expect([shown(one, between), judged(between)]).not.toEqual([shown(one, between), 'allow']);
    }),
    { seed, numRuns: 3000 },
  );
  // A property over acts that are all refused would show nothing.
  expect(seen.allow).toBeGreaterThan(200);
  expect(seen.defer).toBeGreaterThan(500);
});

test(`no pack loosens another: what some packs refuse, all of them refuse (seed ${seed})`, () => {
  const some = fc.subarray([...shippedPacks], { minLength: 1 });
  let refused = 0;
  fc.assert(
    fc.property(situation, some, (one, packs) => {
      const [facts, proposal] = [factsOf(one), proposalOf(one)];
      const before = decide(facts, proposal, buildRuleBook(packs, [], holidayName), one.at);
      const after = decide(facts, proposal, book, one.at);
      if (before.decision === 'allow') return;
      refused += 1;
      expect(after.decision).not.toBe('allow');
      if (before.decision === 'deny') expect(after.decision).toBe('deny');
      // Every no that was said is said again, word for word.
      for (const reason of before.reasons) expect(after.reasons).toContainEqual(reason);
      if (before.notBefore && after.notBefore)
        expect(after.notBefore.getTime()).toBeGreaterThanOrEqual(before.notBefore.getTime());
    }),
    { seed, numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(200);
});

const tightenable = new Set(['hours', 'cap', 'cool_down', 'stop']);
const wanted = fc.record(
  {
    opens: fc.oneof(time, fc.constant(8)),
    closes: fc.oneof(time, fc.constant(null)),
    weekdays: fc.oneof(fc.subarray([1, 2, 3, 4, 5, 6, 7]), fc.constant('Monday')),
    publicHolidays: fc.boolean(),
    limit: fc.integer({ min: -1, max: 12 }),
    windowDays: fc.integer({ min: -1, max: 60 }),
    days: fc.integer({ min: -1, max: 60 }),
    lastsDays: fc.integer({ min: -1, max: 60 }),
    deny: fc.constant({}),
  },
  { requiredKeys: [] },
);

test(`a tightening never opens what was closed, whatever it asks for (seed ${seed})`, () => {
  const wish = fc.record({ pick: fc.nat(), parameters: wanted });
  let stricter = 0;
  fc.assert(
    fc.property(situation, fc.array(wish, { minLength: 1, maxLength: 3 }), (one, wishes) => {
      const rules = rulesOf(one);
      const tightenings = wishes.map(
        ({ pick, parameters }, i): Tightening => ({
          id: String(i),
          ruleId: rules[pick % rules.length]?.id ?? 'NONE',
          part: rules[pick % rules.length]?.part ?? null,
          parameters,
        }),
      );
      const [facts, proposal] = [factsOf(one), proposalOf(one)];
      const before = decide(facts, proposal, book, one.at);
      const after = decide(facts, proposal, buildRuleBook(shippedPacks, tightenings, holidayName), one.at);
      if (before.decision !== 'allow') expect(after.decision).not.toBe('allow');
      if (before.decision === 'deny') expect(after.decision).toBe('deny');
      if (before.notBefore && after.notBefore)
        expect(after.notBefore.getTime()).toBeGreaterThanOrEqual(before.notBefore.getTime());
      for (const reason of before.reasons)
        expect(after.reasons.map((found) => `${found.ruleId}/${found.part}`)).toContain(
          `${reason.ruleId}/${reason.part}`,
        );
      if (JSON.stringify(after.reasons) !== JSON.stringify(before.reasons)) stricter += 1;
    }),
    { seed, numRuns: 150 },
  );
  expect(stricter).toBeGreaterThan(0);
  // What loosens is left as it was, rule by rule.
  for (const rule of law) {
    const loose = {
      opens: '00:00',
      closes: '24:00',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      limit: 10_000,
      windowDays: 1,
      lastsDays: 1,
      days: rule.kind === 'clock' ? 10_000 : 1,
    };
    expect(tighten(rule, loose)).toEqual(rule);
  }
});
