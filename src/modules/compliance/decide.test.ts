import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { GateFacts } from './gate-facts.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { buildRuleBook, shippedPacks } from './rule-book.ts';
import { parsePack } from './rule-pack.ts';
import { anyRule } from './rules/testing.ts';
import { someContact, someFacts, someHold, someProposal, someRules, someWish } from './testing.ts';

// Wednesday, 11:00 in New York, 08:00 in Los Angeles, 05:00 in Honolulu.
const wednesday = new Date('2026-03-11T15:00:00Z');

const person = (zones: string[]): GateFacts['person'] => ({ ...someFacts().person, zones });
const account = (changes: Partial<GateFacts['accounts'][number]>): GateFacts['accounts'] =>
  someFacts().accounts.map((one) => ({ ...one, ...changes }));
type Case = {
  name: string;
  at?: string;
  facts?: Partial<GateFacts>;
  proposal?: Partial<Proposal>;
  holidays?: Record<string, string>;
  expected: 'allow' | { deny: string[] } | { defer: string[]; until: string };
};

const cases: Case[] = [
  { name: 'an ordinary notice in business hours', expected: 'allow' },
  {
    name: 'before opening',
    at: '2026-03-11T11:59:59Z',
    expected: { defer: ['B2B-HOURS'], until: '2026-03-11T12:00:00.000Z' },
  },
  { name: 'the second of opening', at: '2026-03-11T12:00:00Z', expected: 'allow' },
  {
    name: 'the second of closing',
    at: '2026-03-11T22:00:00Z',
    expected: { defer: ['B2B-HOURS'], until: '2026-03-12T12:00:00.000Z' },
  },
  {
    name: 'Friday evening waits for Monday, past the clock change',
    at: '2026-03-06T23:30:00Z',
    expected: { defer: ['B2B-HOURS'], until: '2026-03-09T12:00:00.000Z' },
  },
  {
    name: 'Saturday',
    at: '2026-03-14T15:00:00Z',
    expected: { defer: ['B2B-BUSINESS-DAY'], until: '2026-03-16T12:00:00.000Z' },
  },
  {
    name: 'a holiday where the person is',
    holidays: { 'US/2026-03-11': 'Founders Day', 'US/2026-03-12': 'Founders Day' },
    expected: { defer: ['B2B-BUSINESS-DAY'], until: '2026-03-13T12:00:00.000Z' },
  },
  {
    name: 'two zones must both be open',
    facts: { person: person(['America/New_York', 'Pacific/Honolulu']) },
    expected: { defer: ['B2B-HOURS'], until: '2026-03-11T18:00:00.000Z' },
  },
  { name: 'no zone known: fail closed', facts: { person: person([]) }, expected: { deny: ['B2B-ZONE-KNOWN'] } },
  {
    name: 'one automatic notice a day',
    facts: { events: [someContact('2026-03-11')] },
    expected: { defer: ['B2B-MAIL-DAY'], until: '2026-03-12T12:00:00.000Z' },
  },
  {
    name: 'another client has its own day',
    facts: { events: [someContact('2026-03-11', { clientId: '00000000-0000-7000-8000-0000000000ff' })] },
    expected: 'allow',
  },
  {
    name: 'a notice of yesterday does not count today',
    facts: { events: [someContact('2026-03-10')] },
    expected: 'allow',
  },
  {
    name: 'three in seven local days, the oldest six days ago',
    facts: { events: ['2026-03-05', '2026-03-06', '2026-03-10'].map((day) => someContact(day)) },
    expected: { defer: ['B2B-MAIL-WEEK'], until: '2026-03-12T12:00:00.000Z' },
  },
  {
    name: 'the oldest seven days ago has left the window',
    facts: { events: ['2026-03-04', '2026-03-06', '2026-03-10'].map((day) => someContact(day)) },
    expected: 'allow',
  },
  {
    name: 'a manual message is not counted with the automatic ones',
    facts: { events: [someContact('2026-03-11', { automatic: false })] },
    expected: 'allow',
  },
  {
    name: 'seven calls in seven days',
    proposal: { act: 'manual_call', channel: 'call', actKind: 'call', addressKey: null },
    facts: {
      events: ['05', '06', '07', '08', '09', '10', '10'].map((day) =>
        someContact(`2026-03-${day}`, { channel: 'call', automatic: false }),
      ),
    },
    expected: { defer: ['B2B-CALL-WEEK'], until: '2026-03-12T12:00:00.000Z' },
  },
  {
    name: 'no automatic mail on the day of a conversation, also one the person began',
    facts: {
      events: [{ type: 'conversation', channel: 'call', localOn: '2026-03-11', at: '2026-03-11T14:00:00Z' }],
    },
    expected: { defer: ['B2B-AFTER-TALK'], until: '2026-03-12T12:00:00.000Z' },
  },
  { name: 'opted out of everything', facts: { events: [someWish()] }, expected: { deny: ['B2B-OPT-OUT'] } },
  { name: 'opted out of another channel', facts: { events: [someWish({ channel: 'sms' })] }, expected: 'allow' },
  {
    name: 'opted out with another address',
    facts: { events: [someWish({ channel: 'email', addressKey: 'other@example.com' })] },
    expected: 'allow',
  },
  {
    name: 'a cease reaches calls too',
    proposal: { act: 'manual_call', channel: 'call', addressKey: null },
    facts: { events: [someWish({ type: 'cease' })] },
    expected: { deny: ['B2B-OPT-OUT'] },
  },
  {
    name: 'a wish for the afternoon',
    facts: {
      events: [someWish({ type: 'inconvenient_time', from: '00:00', to: '13:00', weekdays: [3] })],
    },
    expected: { defer: ['B2B-TIME-WISH'], until: '2026-03-11T17:00:00.000Z' },
  },
  {
    name: 'a dispute without end',
    facts: { holds: [someHold({})] },
    expected: { deny: ['B2B-HOLD-CONTACT', 'B2B-HOLD-AUTOMATIC'] },
  },
  {
    name: 'a promise hold stops the machine until it ends',
    facts: { holds: [someHold({ reason: 'promise', effects: ['stop_automatic'], to: '2026-03-20T04:00:00Z' })] },
    expected: { defer: ['B2B-HOLD-AUTOMATIC'], until: '2026-03-20T12:00:00.000Z' },
  },
  {
    name: 'a promise hold does not stop a person',
    proposal: { act: 'manual_call', channel: 'call', addressKey: null },
    facts: { holds: [someHold({ reason: 'promise', effects: ['stop_automatic'] })] },
    expected: 'allow',
  },
  {
    name: 'a hold on items is a matter of the content',
    facts: { holds: [someHold({ coverage: 'items' })] },
    expected: 'allow',
  },
  {
    name: 'a hold on another account',
    facts: { holds: [someHold({ accountId: '00000000-0000-7000-8000-0000000000fe' })] },
    expected: 'allow',
  },
  {
    name: 'a hold of the person reaches every account',
    facts: { holds: [someHold({ coverage: 'party', accountId: null })] },
    expected: { deny: ['B2B-HOLD-CONTACT', 'B2B-HOLD-AUTOMATIC'] },
  },
  {
    name: 'a wide stop',
    facts: { wideStops: [{ id: 'x', scope: 'client', reason: 'wrong balances', from: '2026-03-01T00:00:00Z' }] },
    expected: { deny: ['B2B-WIDE-STOP'] },
  },
  {
    name: 'a stale feed',
    facts: { client: { ...someFacts().client, feedThrough: '2026-03-09T15:00:00Z', feedMaxAgeHours: 24 } },
    expected: { deny: ['B2B-FRESH-FEED'] },
  },
  { name: 'no address', facts: { address: null }, proposal: { addressKey: null }, expected: { deny: ['B2B-ADDRESS'] } },
  {
    name: 'an address that bounced',
    facts: { address: { key: 'ap@example.com', quality: 'bounced', ended: false } },
    expected: { deny: ['B2B-ADDRESS-GOOD'] },
  },
  {
    name: 'an address that ended',
    facts: { address: { key: 'ap@example.com', quality: 'verified', ended: true } },
    expected: { deny: ['B2B-ADDRESS-GOOD'] },
  },
  {
    name: 'an account in legal',
    facts: { accounts: account({ state: 'legal' }) },
    expected: { deny: ['B2B-ACCOUNT-STATE'] },
  },
  {
    name: 'a sensitive account',
    facts: { accounts: account({ sensitive: true }) },
    expected: { deny: ['B2B-SENSITIVE'] },
  },
  {
    name: 'credit covers what is due',
    facts: { accounts: account({ dueMinor: '0' }) },
    expected: { deny: ['B2B-NOTHING-DUE'] },
  },
  {
    name: 'content without a way out',
    proposal: { content: { ...plainSpeech, has: ['identity', 'reply_path'] } },
    expected: { deny: ['B2B-MAIL-CONTENT'] },
  },
  {
    name: 'a text without consent',
    proposal: { channel: 'sms', addressKey: '+12125550100', dialMode: 'auto' },
    facts: { address: { key: '+12125550100', quality: 'verified', ended: false, lineType: 'wireless' } },
    expected: { deny: ['US-TCPA-CONSENT'] },
  },
  {
    name: 'a record of tomorrow',
    proposal: {
      act: 'recorded_after',
      channel: 'call',
      actKind: 'call',
      addressKey: null,
      effectiveAt: '2026-03-12T15:00:00Z',
    },
    expected: { deny: ['B2B-NOT-FUTURE'] },
  },
  {
    name: 'a deny and a defer together: the deny wins and both are named',
    at: '2026-03-14T15:00:00Z',
    facts: { events: [someWish()] },
    expected: { deny: ['B2B-BUSINESS-DAY', 'B2B-OPT-OUT'] },
  },
];

describe('decide', () => {
  test.each(cases)('$name', ({ at, facts, proposal, holidays, expected }) => {
    const decision = decide(
      someFacts(facts),
      someProposal(proposal),
      someRules(holidays),
      at ? new Date(at) : wednesday,
    );
    const ruleIds = decision.reasons.map((reason) => reason.ruleId);
    if (expected === 'allow') expect(decision).toMatchObject({ decision: 'allow', reasons: [], notBefore: null });
    else if ('deny' in expected) expect([decision.decision, ruleIds]).toEqual(['deny', expected.deny]);
    else
      expect([decision.decision, ruleIds, decision.notBefore?.toISOString()]).toEqual([
        'defer',
        expected.defer,
        expected.until,
      ]);
    for (const reason of decision.reasons)
      expect(reason.citation.length > 0 && reason.sentence.endsWith('.')).toBe(true);
  });

  test('names the account a reason is about, so that the others can still be spoken about', () => {
    const accountIds = [someProposal().accountIds[0], '00000000-0000-7000-8000-00000000acc2'] as const;
    const facts = someFacts({
      accounts: [
        ...account({}),
        ...account({ id: '00000000-0000-7000-8000-00000000acc2', number: 'A-2', state: 'legal' }),
      ],
    });
    const decision = decide(facts, someProposal({ accountIds }), someRules(), wednesday);
    expect(decision.reasons.map((reason) => reason.accountId)).toEqual(['00000000-0000-7000-8000-00000000acc2']);
  });

  test('a tenant can tighten and cannot loosen', () => {
    const tightened = (parameters: Record<string, unknown>) =>
      buildRuleBook(shippedPacks, [{ id: 't1', ruleId: 'B2B-HOURS', part: null, parameters }], () => null);
    const early = new Date('2026-03-11T12:30:00Z');
    expect(decide(someFacts(), someProposal(), tightened({ opens: '09:00' }), early)).toMatchObject({
      decision: 'defer',
      notBefore: new Date('2026-03-11T13:00:00Z'),
    });
    const night = new Date('2026-03-11T10:00:00Z');
    expect(decide(someFacts(), someProposal(), tightened({ opens: '05:00' }), night).decision).toBe('defer');
  });
});

// Rules made up for what is asked of all of them alike: a blocking condition is true of every act.
const always = { field: 'debtKind', is: 'commercial' } as const;
const never = { field: 'debtKind', is: 'consumer' } as const;
const untold = { field: 'proposal.initial', is: true } as const;
const objects = { kind: 'condition', parameters: { deny: always } } as const;
const bookOf = (...rules: object[]) =>
  buildRuleBook(
    [
      parsePack({
        key: 'test',
        version: '1',
        title: 'Test',
        house: false,
        rules: rules.map((rule, at) => ({ ...anyRule, id: `R-${at}`, ...rule })),
      }),
    ],
    [],
    () => null,
  );
const judge = (rules: object[], facts: Partial<GateFacts> = {}, proposal: Partial<Proposal> = {}, at = wednesday) =>
  decide(someFacts(facts), someProposal(proposal), bookOf(...rules), at);

describe('a rule', () => {
  test('is in force from its first day and before its last', () => {
    const dated = (dates: object) => judge([{ ...objects, ...dates }]).decision;
    expect(dated({ effectiveFrom: '2026-03-11' })).toBe('deny');
    expect(dated({ effectiveFrom: '2026-03-12' })).toBe('allow');
    expect(dated({ effectiveTo: '2026-03-12' })).toBe('deny');
    expect(dated({ effectiveTo: '2026-03-11' })).toBe('allow');
    // The person's day counts: in New York it is still the eleventh.
    expect(
      judge([{ ...objects, effectiveFrom: '2026-03-12' }], {}, {}, new Date('2026-03-12T03:59:59Z')).decision,
    ).toBe('allow');
    expect(
      judge([{ ...objects, effectiveFrom: '2026-03-12' }], {}, {}, new Date('2026-03-12T04:00:00Z')).decision,
    ).toBe('deny');
  });

  test('binds unless its condition is surely false, and is lifted only by an exception that is surely true', () => {
    const so = (more: object) => judge([{ ...objects, ...more }]).decision;
    const but = (...conditions: object[]) => ({
      unless: conditions.map((condition) => ({ condition, because: 'the law excepts it' })),
    });
    expect(so({ when: always })).toBe('deny');
    expect(so({ when: never })).toBe('allow');
    expect(so({ when: untold })).toBe('deny');
    expect(so(but(always))).toBe('allow');
    expect(so(but(never, always))).toBe('allow');
    expect(so(but(never))).toBe('deny');
    expect(so(but(untold))).toBe('deny');
    expect(so({ kind: 'condition', parameters: { deny: never } })).toBe('allow');
  });

  test('says of each no what a person needs to check it', () => {
    expect(judge([{ ...objects, id: 'R-1', part: 'b', rebuttable: true }]).reasons).toEqual([
      {
        ruleId: 'R-1',
        part: 'b',
        kind: 'condition',
        effect: 'deny',
        notBefore: null,
        citation: '1 Test 1',
        sentence: 'It is not allowed.',
        accountId: null,
        rebuttable: true,
      },
    ]);
    expect(judge([objects]).reasons).toMatchObject([{ part: null, rebuttable: false }]);
  });

  test('about debts is asked of each debt, and names the one it objects to', () => {
    const accountIds = [someProposal().accountIds[0], '00000000-0000-7000-8000-00000000acc2'] as const;
    const accounts = [...account({ product: 'loan' }), ...account({ id: accountIds[1], product: 'utility' })];
    const rule = {
      kind: 'condition',
      parameters: { deny: { field: 'debt.product', is: 'utility' } },
      requires: ['utility_notice'],
    };
    expect(judge([rule], { accounts }, { accountIds }).reasons.map((one) => one.accountId)).toEqual([accountIds[1]]);
    expect(
      judge([{ ...rule, when: { field: 'debt.product', is: 'loan' } }], { accounts }, { accountIds }).decision,
    ).toBe('allow');
    expect(
      judge([{ ...objects, when: { field: 'debt.product', is: 'loan' } }], { accounts }, { accountIds }).reasons,
    ).toHaveLength(1);
  });

  test('asks for content, once, while it is in force and binds some debt', () => {
    const quiet = { kind: 'condition', parameters: { deny: never } } as const;
    const parts = (...rules: object[]) => judge(rules.map((rule) => ({ ...quiet, ...rule }))).requiredContent;
    expect(parts({ id: 'A', requires: ['who', 'how'] }, { id: 'B', requires: ['how', 'why'] }, { id: 'C' })).toEqual([
      'who',
      'how',
      'why',
    ]);
    expect(parts({ requires: ['who'], effectiveFrom: '2026-03-12' })).toEqual([]);
    expect(parts({ requires: ['who'], when: never })).toEqual([]);
    const accountIds = [someProposal().accountIds[0], '00000000-0000-7000-8000-00000000acc2'] as const;
    const accounts = [...account({ product: 'loan' }), ...account({ id: accountIds[1], product: 'utility' })];
    const one = { ...quiet, requires: ['who'], when: { field: 'debt.product', is: 'utility' } };
    expect(judge([one], { accounts }, { accountIds }).requiredContent).toEqual(['who']);
    // What must be said is told also of an act that is refused or put off.
    expect(judge([{ ...objects, requires: ['who'] }])).toMatchObject({ decision: 'deny', requiredContent: ['who'] });
  });
});

describe('an opening', () => {
  const open = (opens: string, closes: string, weekdays = [1, 2, 3, 4, 5, 6, 7]) => ({
    kind: 'hours',
    parameters: { windows: [{ weekdays, opens, closes }], wishes: false, unknownZone: 'ignore' },
  });

  test('is searched until no rule objects, and is the latest of those named on the way', () => {
    const rules = [
      { id: 'A', ...open('14:00', '20:00') },
      { id: 'B', ...open('09:00', '13:00', [1, 2, 3]) },
      { id: 'C', ...open('12:00', '24:00', [1, 4]) },
    ];
    // Never open together: refused, however long one looks.
    expect(judge(rules.slice(0, 2))).toMatchObject({ decision: 'deny', notBefore: null });
    expect(judge([rules[0] ?? {}, rules[2] ?? {}])).toMatchObject({
      decision: 'defer',
      notBefore: new Date('2026-03-12T18:00:00Z'),
    });
    expect(judge([rules[1] ?? {}, rules[2] ?? {}])).toMatchObject({
      decision: 'defer',
      notBefore: new Date('2026-03-16T16:00:00Z'),
    });
  });

  test('is none when a no without end comes into force on the way to it', () => {
    const tomorrow = { ...objects, effectiveFrom: '2026-03-12' };
    const decision = judge([open('08:00', '09:00'), tomorrow]);
    expect(decision).toMatchObject({ decision: 'deny', notBefore: null });
    expect(decision.reasons.map((one) => one.effect)).toEqual(['defer']);
    expect(judge([open('08:00', '09:00')])).toMatchObject({
      decision: 'defer',
      notBefore: new Date('2026-03-12T12:00:00Z'),
    });
  });

  test('does not soften a no that holds now', () => {
    expect(judge([open('08:00', '09:00'), objects])).toMatchObject({ decision: 'deny', notBefore: null });
    expect(judge([objects, open('08:00', '09:00')])).toMatchObject({ decision: 'deny', notBefore: null });
  });
});
