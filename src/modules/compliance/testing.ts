import { calendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import { currency, money } from '../../kernel/money.ts';
import type { EventFact, GateFacts, HoldFact } from './gate-facts.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import type { ValidationOrder } from './notices/prepare-notice.ts';
import type { CollectorProfile } from './notices/validation-information.ts';
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

/** The shipped rules with the given holidays, `country/date` → name. */
export function someRules(holidays: Readonly<Record<string, string>> = {}): RuleBook {
  return buildRuleBook(shippedPacks, [], (country, _region, date) => holidays[`${country}/${date}`] ?? null);
}

/** Who a tenant of the tests is on its notices. */
export function someCollector(changes: Partial<CollectorProfile> = {}): CollectorProfile {
  return {
    name: 'North South Group',
    addressLines: ['P.O. Box 123456', 'Pasadena, CA 91111-2222'],
    phone: '(800) 123-4567',
    phoneHours: '8am to 8pm ET, Monday to Saturday',
    website: 'www.example.com',
    email: null,
    offersSpanish: true,
    offersOnlineReplies: true,
    disclosures: [
      {
        regions: ['MD'],
        heading: 'Maryland residents',
        text: 'This collector is licensed in Maryland.',
        headingEs: 'Residentes de Maryland',
        textEs: 'Este cobrador tiene licencia en Maryland.',
      },
      { regions: ['CA'], heading: 'California residents', text: 'Other.', headingEs: null, textEs: null },
    ],
    ...changes,
  };
}

/** An order for a notice about an account that owes `owedMinor`, itemized as on the published form when that is 2,284.56. */
export function someValidationOrder(
  accountId: Id<'account'>,
  owedMinor: bigint,
  changes: Partial<ValidationOrder> = {},
): ValidationOrder {
  const usd = (minor: bigint) => money(minor, currency('USD'));
  return {
    accountId,
    addressee: 'consumer',
    channel: 'letter',
    language: 'en',
    itemization: {
      on: calendarDate('2025-01-02'),
      kind: 'last_statement',
      parts: {
        amountOnItemizationDate: usd(owedMinor - 7_500n - 2_500n + 5_000n),
        interest: usd(7_500n),
        fees: usd(2_500n),
        payments: usd(5_000n),
        credits: usd(0n),
      },
    },
    corrects: false,
    creditorOnItemizationDate: null,
    product: 'credit card',
    brand: 'Main Street Department Store',
    financialProduct: true,
    supersedesId: null,
    ...changes,
  };
}
