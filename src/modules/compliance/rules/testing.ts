import type { AccountFact, EventFact, GateFacts, HoldFact } from '../gate-facts.ts';
import { type JudgedCase, prepareCase } from '../judged-case.ts';
import { plainSpeech, type Proposal } from '../proposal.ts';
import type { Rule } from '../rule-pack.ts';
import type { Block } from './block.ts';

// Builders that load no packs, for tests of single interpreters.

/** Facts of somebody in New York about whom nothing objects, with the given parts changed. */
export function someFacts(changes: Partial<GateFacts> = {}): GateFacts {
  return {
    jurisdictions: ['US'],
    collector: 'first_party',
    debtKind: 'commercial',
    person: {
      clusterId: '00000000-0000-7000-8000-00000000c001',
      zones: ['America/New_York'],
      country: 'US',
      region: null,
      ageYears: null,
    },
    recipient: { id: '00000000-0000-7000-8000-0000000000aa', role: 'consumer' },
    client: {
      id: '00000000-0000-7000-8000-00000000c11e',
      country: 'US',
      timeZone: 'America/New_York',
      feedThrough: null,
      feedMaxAgeHours: null,
    },
    address: { key: 'ap@example.com', quality: 'unverified', ended: false },
    accounts: [
      {
        id: '00000000-0000-7000-8000-00000000acc1',
        number: 'A-1',
        state: 'active',
        sensitive: false,
        dueMinor: '12500',
      },
    ],
    holds: [],
    wideStops: [],
    events: [],
    ...changes,
  };
}

/** An automatic e-mail about the account of `someFacts`, with the given parts changed. */
export function someProposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    act: 'automatic_message',
    channel: 'email',
    partyId: '00000000-0000-7000-8000-0000000000aa',
    clientId: '00000000-0000-7000-8000-00000000c11e',
    accountIds: ['00000000-0000-7000-8000-00000000acc1'],
    contactPointId: '00000000-0000-7000-8000-0000000000cc',
    addressKey: 'ap@example.com',
    actKind: 'message',
    actId: '00000000-0000-7000-8000-0000000000ac',
    purpose: 'collect',
    content: { ...plainSpeech, has: ['identity', 'reply_path', 'unsubscribe'] },
    ...changes,
  };
}

/** An automatic e-mail of that day about the account of `someFacts`, with the given parts changed. */
export function someContact(localOn: string, changes: Partial<EventFact> = {}): EventFact {
  return {
    type: 'contact',
    direction: 'out',
    channel: 'email',
    automatic: true,
    clientId: someFacts().client.id,
    debtIds: [someProposal().accountIds[0]],
    addressKey: 'ap@example.com',
    localOn,
    at: `${localOn}T15:00:00Z`,
    ...changes,
  };
}

/** A wish to be left alone by e-mail, with the given parts changed. */
export function someWish(changes: Partial<EventFact> = {}): EventFact {
  return { type: 'opt_out', at: '2026-03-01T00:00:00Z', ...changes };
}

/** A hold without end on the account of `someFacts`, with the given parts changed. */
export function someHold(changes: Partial<HoldFact> = {}): HoldFact {
  return {
    id: '00000000-0000-7000-8000-000000000401',
    reason: 'dispute',
    effects: ['stop_automatic', 'stop_contact'],
    coverage: 'account',
    accountId: someProposal().accountIds[0],
    from: '2026-03-01T00:00:00Z',
    to: null,
    ...changes,
  };
}

/** An event of that instant, with what else it says. */
export function someEvent(type: string, at: string, says: Partial<EventFact> = {}): EventFact {
  return { type, at, ...says };
}

/** `someFacts` and `someProposal` made ready for the rules at noon in New York on 11 March 2026, with the given parts changed. */
export function someCase({
  facts = {},
  proposal = {},
  at = '2026-03-11T16:00:00Z',
  debt = null,
  holidays = {},
}: {
  readonly facts?: Partial<GateFacts>;
  readonly proposal?: Partial<Proposal>;
  readonly at?: string;
  readonly debt?: AccountFact | null;
  /** `country/date` → name. */
  readonly holidays?: Readonly<Record<string, string>>;
} = {}): JudgedCase {
  const holidayName = (country: string, _region: string | null, date: string) => holidays[`${country}/${date}`] ?? null;
  return { ...prepareCase(someFacts(facts), someProposal(proposal), holidayName, new Date(at)), debt };
}

/** What every rule has beside its kind and parameters. */
export const anyRule = {
  id: 'TEST-RULE',
  title: 'Test',
  sentence: 'It is not allowed.',
  citation: '1 Test 1',
  confidence: 'V',
  jurisdiction: '*',
  collectors: ['first_party', 'third_party', 'debt_buyer'],
  debtKinds: ['commercial', 'consumer'],
  channels: ['email', 'call', 'letter', 'sms', 'visit'],
  effectiveFrom: '2020-01-01',
} satisfies Partial<Rule>;

/** What blocks say, as text: the effect, when it opens, which debt it is about, why. */
export const said = (blocks: readonly Block[]): string[] =>
  blocks.map(({ effect, notBefore, accountId, sentence }) =>
    [
      effect,
      ...(notBefore === null ? [] : [notBefore.toISOString()]),
      ...(accountId === null ? [] : [accountId]),
      sentence,
    ].join(' '),
  );
