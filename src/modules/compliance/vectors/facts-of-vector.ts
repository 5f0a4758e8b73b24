import type { AccountFact, AddressFact, EventFact, EventValue, GateFacts, RecipientRole } from '../gate-facts.ts';
import type { Channel, Proposal, Purpose } from '../proposal.ts';
import { calendarDate, daysBetween } from '../../../kernel/calendar.ts';
import { purposes } from '../proposal.ts';
import { contentOf, deniesLike, saysLike } from './content-of-vector.ts';
import { dialModeOf } from './dial-mode.ts';
import { eventsOf } from './events-of-vector.ts';
import { asText, type Vector, type VectorFacts, type VectorProposal } from './vector.ts';

const clientId = 'client';

// What the schema calls compliant by default lies far enough back to have run its course under every rule.
const longAgo = '2001-01-01T12:00:00Z';

const roles: Readonly<Record<string, RecipientRole>> = {
  consumer: 'consumer',
  customer: 'consumer',
  borrower: 'consumer',
  debtor: 'consumer',
  company: 'consumer',
  limited_company: 'consumer',
  business: 'consumer',
  sole_trader: 'consumer',
  spouse: 'spouse',
  parent: 'parent',
  guardian: 'guardian',
  legal_guardian: 'guardian',
  executor: 'executor',
  executrix: 'executor',
  administrator: 'executor',
  estate_administrator: 'executor',
  estate_representative: 'executor',
  personal_representative: 'executor',
  successor: 'successor',
  successor_in_interest: 'successor',
  confirmed_successor_in_interest: 'successor',
  consumers_attorney: 'consumers_attorney',
  attorney: 'consumers_attorney',
  lawyer: 'consumers_attorney',
  solicitor: 'consumers_attorney',
  representative: 'consumers_attorney',
  authorised_representative: 'consumers_attorney',
  authorized_representative: 'consumers_attorney',
  financial_counsellor: 'consumers_attorney',
  debt_adviser: 'consumers_attorney',
  debt_advisor: 'consumers_attorney',
  adviser: 'consumers_attorney',
  joint_debtor: 'consumer',
  co_debtor: 'consumer',
  codebtor: 'consumer',
  co_borrower: 'consumer',
  cosigner: 'consumer',
  co_signer: 'consumer',
  guarantor: 'consumer',
  consumer_reporting_agency: 'consumer_reporting_agency',
  bureau: 'consumer_reporting_agency',
  credit_bureau: 'consumer_reporting_agency',
  credit_reporting_agency: 'consumer_reporting_agency',
  creditor: 'creditor',
  original_creditor: 'creditor',
  creditors_attorney: 'creditors_attorney',
  creditor_attorney: 'creditors_attorney',
  attorney_of_creditor: 'creditors_attorney',
  collectors_attorney: 'collectors_attorney',
  collector_attorney: 'collectors_attorney',
  attorney_of_collector: 'collectors_attorney',
  trustee: 'trustee',
  bankruptcy_trustee: 'trustee',
  relative: 'relative',
  employer: 'employer',
};

/** The schema's own words for what an act is for, as the rules' words. */
const purposeWords: readonly (readonly [RegExp, Purpose])[] = [
  [/post_?judge?ment|garnish|levy|judicial_remedy/, 'judicial_remedy'],
  [/foreclos/, 'foreclosure'],
  [/^(?!.*request).*substantiat|identity_theft_\w*(doc|record)/, 'answer_request'],
  [/proof_of_claim/, 'bankruptcy_proof_of_claim'],
  [/1024_39|early_intervention/, 'mortgage_early_intervention'],
  [/1026_41|periodic_statement|legally_required|required_by|other_law/, 'required_by_other_law'],
  [
    /statutory_|annual_statement|arrears_notice|notice_of_sums|default_notice|required_statement/,
    'required_by_other_law',
  ],
  [/written_notice|first_notice|initial_notice|transfer_notice|servicer_notice|assignment_notice/, 'written_notice'],
  [
    /remedy|letter_(of_claim|before_(action|claim))|legal_(step|action)_?(notice|warning)|notice_of_legal/,
    'advise_remedy',
  ],
  [/terminat|efforts|end_of_collection|advise_end|cease_notice|notify_end|closing/, 'advise_efforts_end'],
  [/confirm.*opt|opt_?out_conf/, 'opt_out_confirmation'],
  [/consent_request|request_\w*consent|ask_.*consent/, 'consent_request'],
  [/estate|representative/, 'locate_estate_representative'],
  [/location|locate|skip_?trac/, 'location_information'],
  [/validation/, 'validation_notice'],
  [/verification/, 'verification'],
  [/original_creditor|oc_info/, 'original_creditor_information'],
  [/duplicative|dispute_(response|answer|reply)|answer|respon(d|se)|reply/, 'answer_request'],
  [/default_judg|enforcement_order|vollstreckungsbescheid/, 'default_judgment'],
  [/repossess/, 'repossession'],
  [/sue|suit|claim_form|issue_claim|court_claim|county_court|proceedings|payment_order|mahnbescheid/, 'file_suit'],
  [/furnish|report/, 'furnish'],
  [/securiti[sz]|pledge/, 'securitize_or_pledge'],
  [/merger|acquisition/, 'merger'],
  [/return.*previous|previous_owner/, 'return_to_previous_owner'],
  [/return|recall/, 'return_to_owner'],
  [/place/, 'place_debt'],
  [/sell|sale|transfer/, 'sell_debt'],
  [/payment_plan|set_?up_plan/, 'payment_plan'],
  [/upsell|marketing|promot|solicit|telemark/, 'upsell'],
  [/notification|written_notice|first_notice|initial_(written_)?notice/, 'written_notice'],
  [/court/, 'court_permitted'],
  [/judicial/, 'judicial_remedy'],
];

function purposeOf(text: string | undefined): Purpose {
  if (text === undefined) return 'collect';
  const exact = purposes.find((one) => one === text);
  if (exact) return exact;
  return purposeWords.find(([pattern]) => pattern.test(text))?.[1] ?? 'collect';
}

/** The facts and proposal of one example, with everything it leaves unsaid filled in as the schema's defaults say: compliant. */
export function factsOfVector(vector: Vector): {
  readonly facts: GateFacts;
  readonly proposal: Proposal;
  readonly at: Date;
} {
  const { facts, proposed } = vector;
  if (proposed === undefined) throw new Error(`Example ${vector.id} proposes nothing.`);
  const persons = facts.persons ?? [{ id: 'P1', role: 'consumer' }];
  const consumer = persons.find((one) => one.role === 'consumer') ??
    persons.find((one) => roles[one.role] === 'consumer') ?? { id: 'P1', role: 'consumer' };
  const recipientId = proposed.personId ?? consumer.id;
  const recipient = persons.find((one) => one.id === recipientId);
  const role = roles[recipient?.role ?? 'third_party'] ?? 'third_party';
  // Where several people owe, the rules look from the one the act reaches.
  const person = role === 'consumer' && recipient ? recipient : consumer;
  const address = addressOf(facts, proposed);
  const others = Object.fromEntries(persons.map((one) => [one.id, roles[one.role] ?? 'third_party']));
  const said = [
    ...eventsOf(facts, { personId: person.id, proposed, roles: others }),
    ...contactsOfDebts(facts),
    ...endsOfDebts(facts),
    ...saidOfPerson(person),
    ...saidOfAct(proposed, facts),
  ].map((event) => forCreditor(event, facts));
  return {
    at: new Date(proposed.at),
    facts: {
      jurisdictions: jurisdictionsOf(facts),
      collector: facts.collectorType ?? 'third_party',
      debtKind: facts.debtType ?? 'consumer',
      person: {
        clusterId: person.id,
        zones: zonesOf(facts),
        country: countryOf(facts),
        region: null,
        ageYears: ageOf(person, proposed.at),
        ...incorporated(facts, person),
      },
      recipient: { id: recipientId, role },
      client: {
        id: creditorOf(facts, proposed.debtIds) ?? clientId,
        country: countryOf(facts) ?? 'US',
        timeZone: zonesOf(facts)[0] ?? 'UTC',
        feedThrough: null,
        feedMaxAgeHours: null,
      },
      address,
      accounts: (facts.debts ?? [{ id: 'D1' }]).map((debt) => accountOf(debt, proposed.at)),
      holds: [],
      wideStops: [],
      events: [...assumed(said, facts, proposed, address), ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    },
    proposal: proposalOf(vector.id, facts, proposed, recipientId),
  };
}

/** How old a person is, by what the example says of them; an adult where it says nothing. */
function ageOf(person: Said, at: string): number {
  const age = [person['ageYears'], person['age']].find((one) => typeof one === 'number');
  if (age !== undefined) return age;
  const born = textOf(person, 'dateOfBirth', 'birthDate', 'bornOn');
  if (born !== null) {
    const years = Number(at.slice(0, 4)) - Number(born.slice(0, 4));
    return at.slice(5, 10) < born.slice(5, 10) ? years - 1 : years;
  }
  return person['minor'] === true || person['isMinor'] === true ? 17 : 40;
}

/** What an example says of the person and not as an event. */
function saidOfPerson(person: Said): EventFact[] {
  const on = textOf(person, 'deceasedOn', 'dateOfDeath', 'diedOn');
  if (on !== null) return [{ type: 'deceased', at: `${on.slice(0, 10)}T12:00:00Z` }];
  return person['deceased'] === true ? [{ type: 'deceased', at: longAgo }] : [];
}

/** What an example says of the act and not as an event: that another may be asked again, and when no such thing was sent. */
function saidOfAct(proposed: VectorProposal, facts: VectorFacts): EventFact[] {
  const again = [proposed, proposed.content ?? {}].some((said) => saysLike(said, askedAgain));
  return [
    ...(again && proposed.personId !== undefined
      ? [{ type: 'location_recontact_allowed', at: longAgo, personId: proposed.personId }]
      : []),
    ...proceduresBegun(facts),
  ];
}

const askedAgain =
  /believ|belief|re_?contact|requestedBy(The)?Person|askedToBeCalled|askedToCallBack|betterInformation|(answer|response)\w*(Wrong|Incomplete|Erroneous)/i;

const proceduresBegun = (facts: VectorFacts): EventFact[] =>
  saysLike(facts, /^(accelerated|inDebtCollectionProcedures|debtCollectionProcedures\w*|statementsStopped|suitFiled)$/)
    ? [{ type: 'collection_procedures_begun', at: longAgo }]
    : [];

type Said = { readonly [member: string]: unknown };

/** The first of the members that holds a text. */
function textOf(said: Said, ...members: string[]): string | null {
  const found = members.map((member) => said[member]).find((one) => typeof one === 'string');
  return typeof found === 'string' ? found : null;
}

function zonesOf(facts: VectorFacts): string[] {
  if (typeof facts.consumerTimezone === 'string') return [facts.consumerTimezone];
  const signals = (facts.locationSignals ?? []).filter((one) => one.superseded !== true);
  // What the person said, or an address confirmed as current, outdates what was known before (cmt. 6(b)(1)(i)-2).
  const settled = signals
    .filter((one) => /statement|confirmed|consumer_said/.test(asText(one['source'])) || one['confirmed'] === true)
    .map(dayOfSignal)
    .sort()
    .at(-1);
  const standing = signals.filter((one) => {
    const on = dayOfSignal(one);
    return settled === undefined || on === '' || on >= settled;
  });
  return [...new Set(standing.map((one) => one.timezone))];
}

const dayOfSignal = (signal: Said): string => textOf(signal, 'at', 'on', 'observedAt', 'asOf', 'date') ?? '';

/** The jurisdictions of the example, with Scotland where a debt or the person is said to be of there. */
function jurisdictionsOf(facts: VectorFacts): string[] {
  const said = [
    facts['region'],
    ...(facts.debts ?? []).flatMap((debt) => [debt['governingLaw'], debt['law'], debt['region']]),
  ];
  const scottish = facts.jurisdictions.includes('UK') && said.some((one) => /scot|UK-SCT/i.test(asText(one)));
  return scottish ? [...new Set([...facts.jurisdictions, 'UK-SCT'])] : facts.jurisdictions;
}

/** For whom these debts are collected, when the example says so and it is one creditor. */
function creditorOf(facts: VectorFacts, debtIds: readonly string[] | null | undefined): string | null {
  const debts = (facts.debts ?? []).filter((debt) => !debtIds || debtIds.includes(debt.id));
  const creditors = new Set(debts.map((debt) => debt['creditorId'] ?? debt['creditor'] ?? debt['clientId']));
  const [creditor] = creditors;
  return creditors.size === 1 && typeof creditor === 'string' ? creditor : null;
}

function forCreditor(event: EventFact, facts: VectorFacts): EventFact {
  const creditor = event.debtIds ? creditorOf(facts, event.debtIds) : null;
  return creditor === null || event['clientId'] !== undefined ? event : { ...event, clientId: creditor };
}

/** How a debt ended, where the example says it of the debt and not as an event. */
function endsOfDebts(facts: VectorFacts): EventFact[] {
  const ends = { paidOn: 'paid_in_full', settledOn: 'settled', dischargedOn: 'bankruptcy_discharged' } as const;
  const states: Readonly<Record<string, string>> = {
    paid: 'paid_in_full',
    paid_in_full: 'paid_in_full',
    settled: 'settled',
    discharged: 'bankruptcy_discharged',
    discharged_in_bankruptcy: 'bankruptcy_discharged',
  };
  return (facts.debts ?? []).flatMap((debt) => {
    const state = states[asText(debt['status'] ?? debt['state'])];
    return [
      ...(state === undefined ? [] : [{ type: state, at: longAgo, debtIds: [debt.id] }]),
      ...Object.entries(ends).flatMap(([member, type]) => {
        const on = debt[member];
        return typeof on === 'string' ? [{ type, at: `${on.slice(0, 10)}T12:00:00Z`, debtIds: [debt.id] }] : [];
      }),
    ];
  });
}

/** Contact in the limitation period that a debt speaks of and no event does. */
function contactsOfDebts(facts: VectorFacts): EventFact[] {
  return (facts.debts ?? []).flatMap((debt) => {
    const flag = saysLike(debt, /contact/i);
    const on = flag ? debt['limitationExpiredOn'] : (debt['lastContactOn'] ?? debt['lastCreditorContactOn']);
    return typeof on === 'string'
      ? [{ type: 'contact_in_limitation_period', at: `${on.slice(0, 10)}T12:00:00Z`, debtIds: [debt.id] }]
      : [];
  });
}

const body = /compan|corporat|limited|llc|llp|plc|gmbh|incorporated/i;

function incorporated(facts: VectorFacts, person: { readonly [member: string]: unknown }): { incorporated?: boolean } {
  const said = [
    person['kind'],
    person['entityType'],
    person['legalForm'],
    facts['debtorType'],
    facts['debtorKind'],
    ...(facts.debts ?? []).flatMap((debt) => [debt['debtorType'], debt['debtorKind']]),
    body.test(asText(person['role'])) ? person['role'] : undefined,
  ].find((one) => typeof one === 'string');
  if (typeof said !== 'string') return facts.debtType === 'commercial' ? {} : { incorporated: false };
  return { incorporated: body.test(said) };
}

function countryOf(facts: VectorFacts): string | null {
  const code = facts.jurisdictions.find((one) => /^[A-Z]{2}$/.test(one) && one !== 'EU');
  return code === 'UK' ? 'GB' : (code ?? null);
}

// What the rules call a kind of debt, where an example says it more closely.
function productOf(said: string | null): string | null {
  if (said === null) return null;
  if (/^micro/.test(said)) return 'microfinance';
  return /medical|hospital|health|physician|dental/.test(said) ? 'medical' : said;
}

/** How late a debt is; later than any law asks where the example does not say. */
function daysPastDue(debt: Said, now: string): number {
  const members = ['daysPastDue', 'daysLate', 'daysOverdue', 'daysDelinquent', 'daysInDefault'];
  const days = members.map((member) => debt[member]).find((one) => typeof one === 'number');
  if (days !== undefined) return days;
  const due = textOf(debt, 'dueOn', 'dueDate', 'pastDueSince', 'delinquentSince', 'defaultedOn');
  return due === null ? 60 : daysBetween(calendarDate(due.slice(0, 10)), calendarDate(now.slice(0, 10)));
}

function accountOf(debt: Said & { readonly id: string }, now: string): AccountFact {
  const text = (member: string) => (typeof debt[member] === 'string' ? (debt[member] as string) : null);
  const serviced = text('servicingAccountAtPlacement');
  return {
    id: debt.id,
    number: debt.id,
    state: 'active',
    sensitive: false,
    dueMinor: '10000',
    product: debt['microfinance'] === true ? 'microfinance' : productOf(text('product')),
    // Only student loans are joined by their servicing number; nothing else is (cmt. 14(b)(2)(i)-4).
    group: serviced !== null && /student/.test(text('product') ?? '') ? `servicing:${serviced}` : null,
    ...chargeOffOf(debt),
    securedBy: securityOf(debt),
    daysPastDue: daysPastDue(debt, now),
    limitationExpiredOn: text('limitationExpiredOn') ?? text('statuteBarredOn') ?? barredBefore(debt),
    ...agreedOn(text),
    ...amountOf(debt),
  };
}

// A debt said to be barred is so since a day before any act of the examples.
const barredBefore = (debt: { readonly [member: string]: unknown }): string | null =>
  debt['statuteBarred'] === true || debt['timeBarred'] === true ? '2020-01-01' : null;

// Whether it is charged off is unknown unless the example says so.
function chargeOffOf(debt: { readonly [member: string]: unknown }): { chargedOff?: boolean } {
  if (typeof debt['chargedOff'] === 'boolean') return { chargedOff: debt['chargedOff'] };
  const dated = ['chargedOffOn', 'chargeOffDate', 'chargeOffOn'].some((member) => typeof debt[member] === 'string');
  return dated ? { chargedOff: true } : {};
}

function agreedOn(text: (member: string) => string | null): { agreedOn?: string } {
  const on =
    text('agreedOn') ??
    text('agreementOn') ??
    text('contractOn') ??
    text('concludedOn') ??
    text('originatedOn') ??
    text('openedOn');
  return on === null ? {} : { agreedOn: on };
}

function securityOf(debt: { readonly [member: string]: unknown }): AccountFact['securedBy'] {
  const said = [debt['securedBy'], debt['collateral'], debt['product']]
    .filter((one) => typeof one === 'string')
    .join(' ');
  if (/mortgage|home_equity|heloc|real_estate|deed_of_trust/.test(said) || saysLike(debt, /realEstate/i))
    return 'real_estate';
  return /(^|[ _])(auto|car|motor|vehicle)([ _]|$)/.test(said) && !/indirect/.test(said) ? 'motor_vehicle' : null;
}

// Principal in minor units, where the example states one: some rules bind only below a sum.
function amountOf(debt: { readonly [member: string]: unknown }): { principalMinor?: number } {
  const stated =
    debt['amount'] ??
    debt['principal'] ??
    debt['balance'] ??
    debt['originalAmount'] ??
    debt['amountUsd'] ??
    debt['amountOwed'];
  const value =
    typeof stated === 'string' || typeof stated === 'number' ? Math.round(Number(stated) * 100) : Number.NaN;
  return Number.isFinite(value) ? { principalMinor: value } : {};
}

function addressOf(facts: VectorFacts, proposed: VectorProposal): AddressFact | null {
  const listed = (facts.addresses ?? []).find((one) => one.id === proposed.addressId);
  // Who is known to be at a place is reached there by whatever they carry.
  const present = Object.entries(proposed).find(([member]) =>
    /[Kk]nown\w*(At|Location)|^(consumer|person)?[Pp]resent/.test(member),
  );
  const place = [
    present === undefined ? undefined : present[1] === true ? placeNamed(present[0]) : present[1],
    proposed['addressType'],
    proposed['place'],
    proposed['location'],
    listed?.['place'],
    listed?.['type'],
  ].find((one) => typeof one === 'string');
  const where =
    typeof place === 'string' && /work|office|employer/.test(place)
      ? 'work'
      : place === 'home' || place === 'landline'
        ? 'home'
        : typeof place === 'string' && /prison|jail/.test(place)
          ? 'prison'
          : null;
  const tied = proposed.channel === 'letter' || proposed.channel === 'postcard' || proposed.channel === 'visit';
  return {
    key: proposed.addressId ?? 'address',
    quality: 'verified',
    ended: false,
    // Mail and visits reach people at home unless the example says otherwise.
    place: where ?? (tied ? 'home' : null),
    lineType: lineTypeOf(proposed, listed),
    employerProvided:
      proposed['knownEmployerAddress'] === true ||
      proposed['employerProvided'] === true ||
      listed?.['employerProvided'] === true ||
      (proposed.channel === 'email' && where === 'work'),
  };
}

const placeNamed = (member: string) => /home|work/i.exec(member)?.[0].toLowerCase();

function lineTypeOf(
  proposed: VectorProposal,
  listed: { readonly [member: string]: unknown } | undefined,
): AddressFact['lineType'] {
  const stated = [proposed['lineType'], listed?.['lineType'], proposed['addressType']].find(
    (one) => typeof one === 'string',
  );
  if (typeof stated !== 'string') return proposed.channel === 'sms' ? 'wireless' : null;
  if (/wireless|mobile|cell/.test(stated)) return 'wireless';
  return /residential|landline|home/.test(stated) ? 'residential' : null;
}

function proposalOf(actId: string, facts: VectorFacts, proposed: VectorProposal, recipientId: string): Proposal {
  const debts = proposed.debtIds ?? (facts.debts ?? [{ id: 'D1' }]).map((one) => one.id);
  const [first = 'D1', ...others] = debts;
  const dial = dialModeOf(proposed['dialMode']);
  const byVoice = proposed.channel === 'call';
  return {
    act: byVoice && dial !== 'prerecorded' ? 'manual_call' : 'manual_message',
    channel: proposed.channel as Channel,
    partyId: recipientId,
    clientId: creditorOf(facts, proposed.debtIds) ?? clientId,
    accountIds: [first, ...others],
    contactPointId: null,
    addressKey: proposed.addressId ?? 'address',
    actKind: byVoice ? 'call' : 'message',
    actId,
    purpose: (facts.events ?? []).some((one) => /^court_(permission|order_permitting|allows)/.test(one.type))
      ? 'court_permitted'
      : purposeOf(proposed.purpose),
    inReplyTo: proposed['inReplyTo'] === 'consumer' ? 'consumer' : null,
    dialMode: dial,
    initial: proposed['isInitialCommunication'] === true,
    content: contentOf(proposed, facts),
  };
}

const inOneWord = (kind: string) => kind.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What else an example may call a notice it says was never given. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  on_written_notice: ['writtenNotice', 'writtenNoticeSent', 'firstNoticeSent', 'noticeSent'],
  qc_written_notice: ['writtenNotice', 'writtenNoticeSent', 'firstNoticeSent', 'noticeSent'],
  transfer_notice: ['borrowerNotified', 'borrowerNotice', 'assignmentNotice', 'assignmentNoticeSent'],
  letter_of_claim: ['letterBeforeAction', 'letterBeforeClaim', 'letterBeforeActionSent', 'letterBeforeClaimSent'],
};

/**
 * Consents, procedures and notices the schema takes as given. What the example speaks of itself is left as it says: a procedure it
 * names is judged on its own events, and machine calls need their consent shown.
 */
function assumed(
  said: readonly EventFact[],
  facts: VectorFacts,
  proposed: VectorProposal,
  address: AddressFact | null,
): EventFact[] {
  const events: EventFact[] = [];
  const speaks = (test: (event: EventFact) => boolean) => said.some(test);
  const add = (type: string, attributes: Record<string, EventValue> = {}) =>
    events.push({ type, at: longAgo, ...attributes });
  const denied = (...members: readonly string[]) =>
    members.some((member) =>
      [false, null].includes((member in proposed ? proposed[member] : (proposed.content ?? {})[member]) as never),
    );
  const deniedLike = (words: RegExp) => [proposed, proposed.content ?? {}].some((told) => deniesLike(told, words));
  const consents = denied('consumerConsent', 'consent', 'consentOnFile');
  if (
    !('emailProcedure' in proposed) &&
    !speaks((event) => event.type === 'email_consent') &&
    !consents &&
    !deniedLike(/^(?!marketing).*consent.*e-?mail|^e?_?mail.*consent|^(has|with)?email.*consent/i) &&
    address?.employerProvided !== true
  )
    add('email_consent', {
      givenTo: 'this_collector',
      ...(denied('volunteered', 'addressVolunteered') && { volunteered: false }),
    });
  if (!denied('recordedCallConsent', 'liveOperatorConsent', 'liveOperator', 'operatorConsent'))
    add('recorded_call_consent');
  if (!('textProcedure' in proposed)) {
    add('text_consent', { givenTo: 'this_collector' });
    events.push({
      type: 'reassigned_number_check',
      at: new Date(Date.parse(proposed.at) - 1000).toISOString(),
      result: 'not_reassigned',
    });
  }
  if (!('dialMode' in proposed) && !speaks((event) => event.type === 'tcpa_consent'))
    add('tcpa_consent', { scope: 'informational' });
  if (!('esignConsent' in proposed) && !speaks((event) => event.type === 'esign_consent')) add('esign_consent');
  if (proposed['esignConsent'] === true && !speaks((event) => event.type === 'esign_consent')) add('esign_consent');
  // Asking for consent to electronic messages shows that there is none.
  if (
    !speaks((event) => event['kind'] === 'consent_request') &&
    !consents &&
    !deniedLike(/electronic/i) &&
    !speaks((event) => event.type === 'electronic_consent') &&
    purposeOf(proposed.purpose) !== 'consent_request'
  )
    add('electronic_consent', { givenTo: 'this_collector' });
  if (!speaks((event) => event.type === 'forbearance_considered') && !deniedLike(/^forbearance/i))
    add('forbearance_considered');
  const saidNotSent = Object.entries(facts).some(([member, value]) => value === false && /Noti\w*Sent$/.test(member));
  const noticed = said.some((event) => event.type === 'notice_given');
  for (const kind of [
    'transfer_notice',
    'on_written_notice',
    'nv_medical_notification',
    'qc_written_notice',
    'letter_of_claim',
    'written_notice',
  ]) {
    // Nothing can have been written before the first communication, nor is a transfer told of that the example only reports.
    if (proposed['isInitialCommunication'] === true && /^(on|qc)_/.test(kind)) continue;
    if (
      kind === 'transfer_notice' &&
      speaks((event) => /^((debt|credit|loan|account)_)?(transfer(red)?|assign(ed|ment)|sold)$/.test(event.type))
    )
      continue;
    const spoken =
      (kind === 'written_notice' && saidNotSent) ||
      speaks((event) => event['kind'] === kind || event['kind'] === 'written_notice') ||
      (noticed && kind === 'written_notice');
    const denials = [kind, inOneWord(kind), `${inOneWord(kind)}Sent`, ...(otherNames[kind] ?? [])];
    if (!spoken && !denied(...denials) && facts[`${inOneWord(kind)}Sent`] !== false)
      add('notice_given', { kind, channel: 'letter' });
  }
  return events;
}
