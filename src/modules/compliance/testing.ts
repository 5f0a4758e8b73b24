import type { GateFacts } from './gate-facts.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { buildRuleBook, type RuleBook, shippedPacks } from './rule-book.ts';

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

/** The shipped rules with the given holidays, `country/date` → name. */
export function someRules(holidays: Readonly<Record<string, string>> = {}): RuleBook {
  return buildRuleBook(shippedPacks, [], (country, _region, date) => holidays[`${country}/${date}`] ?? null);
}
