import type { AccountFact, AddressFact, EventFact, EventValue, GateFacts, RecipientRole } from '../gate-facts.ts';
import type { Channel, Content, Proposal, Purpose } from '../proposal.ts';
import { purposes } from '../proposal.ts';
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
  administrator: 'executor',
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
  guarantor: 'consumer',
  consumer_reporting_agency: 'consumer_reporting_agency',
  bureau: 'consumer_reporting_agency',
  creditor: 'creditor',
  creditors_attorney: 'creditors_attorney',
  collectors_attorney: 'collectors_attorney',
  trustee: 'trustee',
  bankruptcy_trustee: 'trustee',
  relative: 'relative',
  employer: 'employer',
};

/** The schema's own words for what an act is for, as the rules' words. */
const purposeWords: readonly (readonly [RegExp, Purpose])[] = [
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
  [/repossess|foreclos/, 'repossession'],
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
  ].map((event) => forCreditor(event, facts));
  const age = typeof person['ageYears'] === 'number' ? person['ageYears'] : 40;
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
        ageYears: age,
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
      accounts: (facts.debts ?? [{ id: 'D1' }]).map((debt) => accountOf(debt)),
      holds: [],
      wideStops: [],
      events: [...assumed(said, proposed, address), ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    },
    proposal: proposalOf(vector.id, facts, proposed, recipientId),
  };
}

function zonesOf(facts: VectorFacts): string[] {
  if (typeof facts.consumerTimezone === 'string') return [facts.consumerTimezone];
  const signals = (facts.locationSignals ?? []).filter((one) => one.superseded !== true);
  return [...new Set(signals.map((one) => one.timezone))];
}

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
  return (facts.debts ?? []).flatMap((debt) =>
    Object.entries(ends).flatMap(([member, type]) => {
      const on = debt[member];
      return typeof on === 'string' ? [{ type, at: `${on.slice(0, 10)}T12:00:00Z`, debtIds: [debt.id] }] : [];
    }),
  );
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

function accountOf(debt: { readonly id: string; readonly [member: string]: unknown }): AccountFact {
  const text = (member: string) => (typeof debt[member] === 'string' ? (debt[member] as string) : null);
  const serviced = text('servicingAccountAtPlacement');
  return {
    id: debt.id,
    number: debt.id,
    state: 'active',
    sensitive: false,
    dueMinor: '10000',
    product:
      debt['microfinance'] === true ? 'microfinance' : (text('product')?.replace(/^micro.*$/, 'microfinance') ?? null),
    // Only student loans are joined by their servicing number; nothing else is (cmt. 14(b)(2)(i)-4).
    group: serviced !== null && /student/.test(text('product') ?? '') ? `servicing:${serviced}` : null,
    ...chargeOffOf(debt),
    securedBy: securityOf(debt),
    daysPastDue:
      typeof debt['daysPastDue'] === 'number'
        ? debt['daysPastDue']
        : typeof debt['daysLate'] === 'number'
          ? debt['daysLate']
          : 60,
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
  if (/mortgage|home_equity|heloc|real_estate|deed_of_trust/.test(said) || debt['realEstateSecured'] === true)
    return 'real_estate';
  return /(^|[ _])(auto|car|motor|vehicle)([ _]|$)/.test(said) && !/indirect/.test(said) ? 'motor_vehicle' : null;
}

// Principal in minor units, where the example states one: some rules bind only below a sum.
function amountOf(debt: { readonly [member: string]: unknown }): { principalMinor?: number } {
  const stated = debt['amount'] ?? debt['principal'] ?? debt['balance'] ?? debt['originalAmount'] ?? debt['amountUsd'];
  const value =
    typeof stated === 'string' || typeof stated === 'number' ? Math.round(Number(stated) * 100) : Number.NaN;
  return Number.isFinite(value) ? { principalMinor: value } : {};
}

function addressOf(facts: VectorFacts, proposed: VectorProposal): AddressFact | null {
  const listed = (facts.addresses ?? []).find((one) => one.id === proposed.addressId);
  const place = [
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
        : place === 'prison'
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
    purpose: purposeOf(proposed.purpose),
    inReplyTo: proposed['inReplyTo'] === 'consumer' ? 'consumer' : null,
    dialMode: dial,
    initial: proposed['isInitialCommunication'] === true,
    content: contentOf(proposed, facts),
  };
}

/** A call of which it is not said that a person dialled it is a machine's, and a machine that is not a dialler speaks itself. */
function dialModeOf(said: unknown): 'manual' | 'auto' | 'prerecorded' {
  if (said === undefined || said === null || /manual|hand|click|preview/.test(asText(said))) return 'manual';
  return /^auto(_?dial\w*)?$|predictive|power/.test(asText(said)) ? 'auto' : 'prerecorded';
}

const yes = (value: unknown) => value === true;
const says = (said: Readonly<Record<string, unknown>>, ...members: string[]) =>
  members.some((member) => yes(said[member]));
const saysLike = (said: Readonly<Record<string, unknown>>, words: RegExp) =>
  Object.entries(said).some(([member, value]) => yes(value) && words.test(member));

// British numbers that begin with 09 are premium-rate, whatever an example calls them.
function premiumRate(content: Readonly<Record<string, unknown>>, facts: VectorFacts): boolean {
  const number = asText(content['callbackNumber']).replace(/[\s()-]/g, '');
  return (
    /premium|special_rate/.test(asText(content['callbackNumberType'])) ||
    saysLike(content, /premium/i) ||
    (facts.jurisdictions.includes('UK') && /^(\+44|0044|0)9\d/.test(number))
  );
}

const licence = /^(collector|servicer|agency|firm)(Licen[sc]ed|Registered|Authori[sz]ed)$|^(licen[sc]ed|registered)$/;

const deniesLicence = (said: Readonly<Record<string, unknown>>) =>
  Object.entries(said).some(([member, value]) => value === false && licence.test(member));

const asks = (value: unknown) =>
  value === true ||
  (typeof value === 'string' && Number(value) !== 0 && value !== 'none') ||
  (typeof value === 'number' && value > 0) ||
  (Array.isArray(value) && value.length > 0);

// Everything a message must carry is there, and nothing it must not, unless the example says otherwise.
function contentOf(proposed: VectorProposal, facts: VectorFacts): Content {
  const said = proposed.content ?? {};
  const content = Array.isArray(said['includes']) ? { disclosures: said['includes'], ...said } : said;
  const has = new Set([
    'opt_out',
    'identity',
    'reply_path',
    'debt_collector',
    'attempt_to_collect',
    'caller_identity',
    'callback_number',
    'postal_address',
    'dispute_notation',
    'licence_number',
    'time_barred_notice',
    'required_disclosures',
    'plan_in_writing',
    'debt_documents',
    'office_statement',
    'recording_announcement',
    'debt_advice',
    'privacy_notice',
    ...disclosures.map(([part]) => part),
  ]);
  const lacks = (part: string) => has.delete(part);
  const optOut = content['optOut'];
  if (
    proposed['hasOptOutNotice'] === false ||
    ('optOut' in content && (optOut === null || (optOut as { clear?: unknown }).clear === false))
  )
    lacks('opt_out');
  if (Array.isArray(content['disclosures'])) {
    const given = content['disclosures'].map(String);
    const initial = given.some((one) => /attempt/.test(one) && /information|use/.test(one));
    const later = given.some((one) => /debt_collector|from_debt|attempt/.test(one));
    if (!initial) lacks('attempt_to_collect');
    if (!later) lacks('debt_collector');
    for (const [part, words] of disclosures) if (!given.some((one) => words.test(one))) lacks(part);
  }
  if (content['requiredDisclosures'] === false || content['rdgDisclosures'] === false)
    for (const [part] of disclosures) lacks(part);
  for (const [member, value] of Object.entries(content))
    if (value === false || value === null)
      for (const [part, words] of [...disclosures, ...notices]) if (words.test(member)) lacks(part);
  const names = new Map(absences);
  for (const [member, value] of Object.entries({ ...proposed, ...content })) {
    const part = names.get(plainName(member));
    if (part !== undefined && (value === false || value === null)) lacks(part);
  }
  // Who lists the disclosures of a message and leaves out the one about time does not make it.
  const listed = content['disclosures'];
  if (Array.isArray(listed) && !listed.some((one) => /time|limitation|expired/.test(String(one))))
    lacks('time_barred_notice');
  const costs =
    typeof optOut === 'object' &&
    optOut !== null &&
    Object.entries(optOut).some(([member, value]) => /fee|cost|charge|requires|needs/i.test(member) && asks(value));
  const words = typeof content['language'] === 'string' ? content['language'] : 'en';
  return {
    has: [...has],
    language: words,
    disclosureLanguage: typeof content['disclosureLanguage'] === 'string' ? content['disclosureLanguage'] : words,
    optOutCosts: costs,
    statesDebt: yes(proposed['statesDebt']) || yes(content['statesDebt']),
    namesEmployer:
      yes(proposed['namesEmployer']) ||
      yes(content['namesEmployer']) ||
      yes(proposed['namesCollectorEmployer']) ||
      yes(content['identifiesEmployer']),
    employerAskedFor:
      yes(proposed['employerAskedFor']) ||
      yes(content['employerAskedFor']) ||
      yes(proposed['employerExpresslyRequested']) ||
      yes(content['employerRequested']),
    envelopeShowsDebt: envelopeShowsDebt(content),
    withholdsIdentity:
      content['identifiesCaller'] === false ||
      [content, proposed].some((said) => saysLike(said, /withh[eo]ld|anonymous/i)),
    aliasUntraceable: yes(content['aliasUntraceable']) || content['aliasTraceable'] === false,
    amountsAuthorized:
      !lacksAuthority(proposed, content) && !saysLike(content, /fees?\w*(exceed|excess|above|over|unlawful)/i),
    threatensSuit: says(
      content,
      'threatensSuit',
      'threatensLegalAction',
      'impliesSuit',
      'impliesCourtAction',
      'threatensCourtAction',
      'impliesLegalAction',
      'mentionsCourtAction',
    ),
    overshadows: overshadows(content),
    onlyConfirmsOptOut: yes(content['onlyConfirmsOptOut']),
    undisputedPartOnly:
      proposed['portion'] === 'undisputed' ||
      yes(content['undisputedPartOnly']) ||
      yes(proposed['undisputedPortionOnly']),
    venueAllowed: content['venueAllowed'] !== false,
    abusiveOrFalse:
      says(content, 'abusiveOrFalse', 'abusive', 'threatens', 'threatening', 'obscene') ||
      [content, proposed].some((said) => saysLike(said, /persistent|harass|intimidat|^false|falsely/i)),
    ignoresLanguageWish: yes(content['ignoresLanguageWish']),
    premiumRateCallback: premiumRate(content, facts),
    marketing: saysLike(
      content,
      /marketing|promo|advert|crossSell|upsell|(product|loan|credit)Offer|new(Product|Loan|Credit)/i,
    ),
    unauthorised: [content, proposed, facts].some((said) => deniesLicence(said)),
    solelyAutomated: [content, proposed].some((said) =>
      saysLike(said, /(solely|only|fully)Automated|automatedDecision/i),
    ),
    threatensReporting: yes(content['threatensReporting']) || yes(content['threatensCreditReporting']),
    exposesToThirdParties: [content, proposed].some((said) =>
      saysLike(said, /thirdPart|visibleTo|seenBy|publicly|embarrass|expos/i),
    ),
    misleading:
      saysLike(content, /misleading|impliesDelivery|parcel|disguis|hidesPurpose|resemblesCourt/i) ||
      /misleading/.test(asText(content['callingCard'])),
    recorded:
      yes(content['recorded']) ||
      yes(proposed['recorded']) ||
      yes(content['callRecorded']) ||
      yes(proposed['callRecorded']),
    demandsPayment: content['demandsPayment'] !== false,
    ...explicit(content),
  };
}

/** A member by the name of the thing alone: `includesLicenseNumber` and `licenseNumberIncluded` both speak of `licenseNumber`. */
function plainName(member: string): string {
  const bare = member
    .replace(/^(includes?|has|with|contains?|shows)(?=[A-Z])/, '')
    .replace(/(Included|Present|Given|Shown|Stated|Made)$/, '');
  return `${bare.slice(0, 1).toLowerCase()}${bare.slice(1)}`;
}

/** What a collector's first claim states, and the words an example may list it by. */
const disclosures: readonly (readonly [string, RegExp])[] = [
  ['creditor', /creditor|glaeubiger|gläubiger/i],
  ['claim_ground', /ground|reason|basis|contract/i],
  ['interest_computation', /interest/i],
  ['collection_fees', /fee|cost/i],
  ['identity_theft_advice', /identity/i],
];

/** Further parts that rules ask for by the words an example may deny them with. */
const notices: readonly (readonly [string, RegExp])[] = [
  ['debt_advice', /debtAdvice/i],
  ['privacy_notice', /privacy|art_?14|gdpr/i],
];

const absences: readonly (readonly [string, string])[] = [
  ['licenseNumber', 'licence_number'],
  ['licenceNumber', 'licence_number'],
  ['timeBarredNotice', 'time_barred_notice'],
  ['timeBarredDisclosure', 'time_barred_notice'],
  ['limitationNotice', 'time_barred_notice'],
  ['limitationDisclosure', 'time_barred_notice'],
  ['expiredDebtNotice', 'time_barred_notice'],
  ['statuteOfLimitationsNotice', 'time_barred_notice'],
  ['permitNumber', 'licence_number'],
  ['licence', 'licence_number'],
  ['license', 'licence_number'],
  ['planInWriting', 'plan_in_writing'],
  ['paymentPlanInWriting', 'plan_in_writing'],
  ['debtDocuments', 'debt_documents'],
  ['documents', 'debt_documents'],
  ['debtBuyerDocuments', 'debt_documents'],
  ['itemizedDocuments', 'debt_documents'],
  ['officeStatement', 'office_statement'],
  ['localOffice', 'office_statement'],
  ['recordingAnnounced', 'recording_announcement'],
  ['recordingAnnouncement', 'recording_announcement'],
  ['announcesRecording', 'recording_announcement'],
  ['recordingConsent', 'recording_announcement'],
  ['allPartyConsent', 'recording_announcement'],
  ['recordingDisclosure', 'recording_announcement'],
  ['disputeNotation', 'dispute_notation'],
  ['flaggedAsDisputed', 'dispute_notation'],
  ['callerIdentity', 'caller_identity'],
  ['callbackNumber', 'callback_number'],
  ['postalAddress', 'postal_address'],
  ['identifiesAsDebtCollector', 'debt_collector'],
  ['requiredDisclosures', 'required_disclosures'],
];

const harmless = new Set([
  'debtor_name_address',
  'collector_address',
  'postage',
  'forwarding_and_address_correction_requested',
  'usps_intelligent_mail_barcode',
  'return_address',
  'recipient_name_address',
]);

function envelopeShowsDebt(content: Readonly<Record<string, unknown>>): boolean {
  const { envelope } = content;
  if (Array.isArray(envelope))
    return envelope.some(
      (mark) => !harmless.has(String(mark)) && !/usps|barcode|postage|meter|business_name$/.test(String(mark)),
    );
  return yes(content['envelopeShowsDebt']) || yes(content['envelopeIndicatesDebt']);
}

function lacksAuthority(proposed: VectorProposal, content: Readonly<Record<string, unknown>>): boolean {
  const said = [...Object.entries(proposed), ...Object.entries(content)];
  return said.some(([member, value]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && member !== 'content')
      return (
        lacksAuthority({ ...proposed, content: {} }, value as Record<string, unknown>) &&
        /fee|amount|charge/i.test(member)
      );
    return /authori[sz]|permittedByLaw|permitted_by/i.test(member) && value === false;
  });
}

function overshadows(content: Readonly<Record<string, unknown>>): boolean {
  if (yes(content['overshadows'])) return true;
  const demand = content['demandsPaymentBy'] !== undefined && content['demandsPaymentBy'] !== null;
  return (
    (demand || content['reconcilesWithDisputeRights'] === false) && content['reconcilesWithDisputeRights'] !== true
  );
}

/** Plain members of the content that rules may ask about by the name the example gives them. */
function explicit(content: Readonly<Record<string, unknown>>): Record<string, string | number | boolean | null> {
  const named = Object.entries(content).filter(
    (entry): entry is [string, string | number | boolean | null] =>
      entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  const known = new Set([
    'language',
    'disclosureLanguage',
    'overshadows',
    'threatensSuit',
    'onlyConfirmsOptOut',
    'demandsPayment',
  ]);
  return Object.fromEntries(named.filter(([member]) => !known.has(member)));
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
function assumed(said: readonly EventFact[], proposed: VectorProposal, address: AddressFact | null): EventFact[] {
  const events: EventFact[] = [];
  const speaks = (test: (event: EventFact) => boolean) => said.some(test);
  const add = (type: string, attributes: Record<string, EventValue> = {}) =>
    events.push({ type, at: longAgo, ...attributes });
  const denied = (...members: readonly string[]) =>
    members.some((member) =>
      [false, null].includes((member in proposed ? proposed[member] : (proposed.content ?? {})[member]) as never),
    );
  if (
    !('emailProcedure' in proposed) &&
    !denied('emailConsent', 'consentToEmail', 'consumerConsent', 'consent', 'consentOnFile') &&
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
    !denied('electronicConsent', 'consentToElectronic', 'consumerConsent', 'consent', 'consentOnFile') &&
    purposeOf(proposed.purpose) !== 'consent_request'
  )
    add('electronic_consent', { givenTo: 'this_collector' });
  const deniedLike = (words: RegExp) =>
    Object.entries({ ...proposed, ...proposed.content }).some(
      ([member, value]) => (value === false || value === null) && words.test(member),
    );
  if (!speaks((event) => event.type === 'forbearance_considered') && !deniedLike(/^forbearance/i))
    add('forbearance_considered');
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
      speaks((event) => event['kind'] === kind || event['kind'] === 'written_notice') ||
      (noticed && kind === 'written_notice');
    const denials = [kind, inOneWord(kind), `${inOneWord(kind)}Sent`, ...(otherNames[kind] ?? [])];
    if (!spoken && !denied(...denials)) add('notice_given', { kind, channel: 'letter' });
  }
  return events;
}
