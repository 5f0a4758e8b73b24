import type { Content } from '../proposal.ts';
import { asText, type VectorFacts, type VectorProposal } from './vector.ts';

const yes = (value: unknown) => value === true;
const says = (said: Readonly<Record<string, unknown>>, ...members: string[]) =>
  members.some((member) => yes(said[member]));
export const saysLike = (said: Readonly<Record<string, unknown>>, words: RegExp) =>
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

type Said = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Said) : {};

// Whoever opts out says what they want and for which address; nothing else may be asked of them (12 CFR 1006.6(e)).
const needed = /preference|opt.?out|address|number|choice/i;
const asks = (value: unknown): boolean =>
  value === true ||
  (typeof value === 'string' && Number(value) !== 0 && value !== 'none') ||
  (typeof value === 'number' && value > 0) ||
  (Array.isArray(value) && value.some((one) => !needed.test(String(one))));

/** Whether the way out that a message offers can be seen and used: clear, simple and by a means at hand. */
function offersWayOut(proposed: VectorProposal, content: Said): boolean {
  if (proposed['hasOptOutNotice'] === false) return false;
  if (!('optOut' in content)) return true;
  const { optOut } = content;
  if (optOut === null || optOut === false) return false;
  const words = membersOf(optOut);
  const unfit = Object.entries(words).some(
    ([member, value]) => value === false && !/fee|cost|charge|requires|needs|login/i.test(member),
  );
  return (
    !unfit && !('method' in words && /^(none|)$|letter|postal|in_person|visit|notar/.test(asText(words['method'])))
  );
}

// Everything a message must carry is there, and nothing it must not, unless the example says otherwise.
export function contentOf(proposed: VectorProposal, facts: VectorFacts): Content {
  const told = proposed.content ?? {};
  const content: Said = Array.isArray(told['includes']) ? { disclosures: told['includes'], ...told } : told;
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
  if (!offersWayOut(proposed, content)) lacks('opt_out');
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
  if (proposed.channel === 'credit_bureau_furnish')
    for (const said of [proposed, content]) if (deniesLike(said, /disput/i)) lacks('dispute_notation');
  const names = new Map(absences);
  for (const [member, value] of Object.entries({ ...proposed, ...content })) {
    const part = names.get(plainName(member));
    if (part !== undefined && (value === false || value === null)) lacks(part);
  }
  // Who lists the disclosures of a message and leaves out the one about time does not make it.
  const listed = content['disclosures'];
  if (Array.isArray(listed) && !listed.some((one) => /time|limitation|expired/.test(String(one))))
    lacks('time_barred_notice');
  const costs = Object.entries(membersOf(content['optOut'])).some(
    ([member, value]) => /fee|cost|charge|requires|needs/i.test(member) && asks(value),
  );
  const words = typeof content['language'] === 'string' ? content['language'] : 'en';
  return {
    has: [...has],
    language: words,
    disclosureLanguage: typeof content['disclosureLanguage'] === 'string' ? content['disclosureLanguage'] : words,
    optOutCosts: costs,
    statesDebt: yes(proposed['statesDebt']) || yes(content['statesDebt']),
    namesEmployer: [proposed, content].some((said) => saysLike(said, employerNamed)),
    employerAskedFor: [proposed, content].some((said) => saysLike(said, employerWanted)),
    envelopeShowsDebt: envelopeShowsDebt(content),
    withholdsIdentity:
      [proposed, content].some((said) => deniesLike(said, identity)) ||
      [content, proposed].some((said) => saysLike(said, /withh[eo]ld|anonymous/i)),
    omitsDisclosure: omitsDisclosure(proposed, has),
    falseHeaders:
      [proposed, content].some((said) => deniesLike(said, /header|truthfulS|honestS/i)) ||
      saysLike(content, /(false|misleading|forged|deceptive)\w*(header|sender|subject)/i),
    lacksMilitaryAffidavit: [proposed, content].some((said) => deniesLike(said, /affidavit|dmdc/i)),
    aliasUntraceable: [proposed, content].some(aliasUntraceable),
    amountsAuthorized:
      !lacksAuthority(proposed, content) && !saysLike(content, /fees?\w*(exceed|excess|above|over|unlawful)/i),
    threatensSuit:
      says(
        content,
        'threatensSuit',
        'threatensLegalAction',
        'impliesSuit',
        'impliesCourtAction',
        'threatensCourtAction',
        'impliesLegalAction',
        'mentionsCourtAction',
      ) || threatensByRemedy(proposed, content),
    overshadows: overshadows(content),
    onlyConfirmsOptOut: yes(content['onlyConfirmsOptOut']),
    undisputedPartOnly: [proposed, content].some(
      (said) => saysLike(said, /undisputed/i) || Object.values(said).includes('undisputed'),
    ),
    venueAllowed: content['venueAllowed'] !== false && venueAllowed(proposed['venue'] ?? content['venue']),
    abusiveOrFalse:
      says(content, 'abusiveOrFalse', 'threatens', 'threatening') ||
      [content, proposed].some((said) => saysLike(said, unfair)),
    ignoresLanguageWish: yes(content['ignoresLanguageWish']) || ignoresLanguage(content, facts),
    premiumRateCallback: premiumRate(content, facts),
    marketing: saysLike(
      content,
      /marketing|promo|advert|crossSell|upsell|(product|loan|credit)Offer|new(Product|Loan|Credit)/i,
    ),
    unauthorised: [content, proposed, facts].some((said) => deniesLike(said, licence)),
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
    recorded: [content, proposed].some((said) => saysLike(said, /^(is|call)?_?record(ed|ing)$/i)),
    demandsPayment: content['demandsPayment'] !== false,
    ...explicit(content),
  };
}

export const deniesLike = (said: Said, words: RegExp) =>
  Object.entries(said).some(([member, value]) => (value === false || value === null) && words.test(member));

const licence = /^(collector|servicer|agency|firm)(Licen[sc]ed|Registered|Authori[sz]ed)$|^(licen[sc]ed|registered)$/;
const employerNamed =
  /^(names|states|identifies|gives|discloses)\w*(employer|agency)|^employer\w*(named|stated|disclosed)/i;
const employerWanted = /(ask|request)/i;
const identity =
  /^(identifies|states|gives|discloses)\w*(caller|self|identity|business)|^callerIdentified|^identityDisclosed|^identif(ies|ied)$/i;
// What 15 USC 1692d to 1692f forbid, by the words an example may tell it in.
const unfair =
  /violen|arrest|jail|abus|obscen|profan|harass|persistent|intimidat|sham(e|ing)|humiliat|publish|false|falsely|untrue|fake|misrepresent|misstat|deceptive|simulat|resembles|impersonat|impl(y|ies)(an?)?(attorney|lawyer|government|affiliat)|illegalAction|threatens(Violence|Arrest|Illegal|Criminal|Harm|Garnish|Seiz|Job|Unlawful)/i;

/** In a call the disclosure is spoken; a voicemail of limited content is no communication and needs none. */
function omitsDisclosure(proposed: VectorProposal, has: ReadonlySet<string>): boolean {
  if (proposed.channel !== 'call' && proposed.channel !== 'visit') return false;
  if (/limited_content|lcm/i.test(asText(proposed['intendedContent'] ?? proposed.content?.['kind']))) return false;
  return !has.has(proposed['isInitialCommunication'] === true ? 'attempt_to_collect' : 'debt_collector');
}

/** An assumed name that several people use, or whose bearer nobody could name. */
function aliasUntraceable(said: Said): boolean {
  const told = Object.entries(said).filter(([member]) => /alias|assumedName/i.test(member));
  const about = [Object.fromEntries(told), ...told.map(([, value]) => membersOf(value))];
  return about.some((alias) => {
    const users = Object.entries(alias).find(([member]) => /employees|users|usedBy/i.test(member))?.[1];
    const several = Array.isArray(users) ? users.length > 1 : typeof users === 'number' && users > 1;
    return several || deniesLike(alias, /identif|trace|known|fixed|unique|one/i) || saysLike(alias, /shared|untrace/i);
  });
}

/** A remedy that is announced and is a suit is a threat of suit. */
function threatensByRemedy(proposed: VectorProposal, content: Said): boolean {
  const remedy = [proposed['remedy'], proposed['specifiedRemedy'], content['remedy'], content['specifiedRemedy']];
  return remedy.some((one) => /suit|lawsuit|sue|court|legal/i.test(asText(one)));
}

// Suit is brought where the contract was signed or the person lives, one about land where it lies (15 USC 1692i).
const venueAllowed = (venue: unknown) =>
  typeof venue !== 'string' || /sign|resid|consumer|lives|home|real_property|land/i.test(venue);

/** The language the person asked for, where the example tells of one. */
function ignoresLanguage(content: Said, facts: VectorFacts): boolean {
  const { language } = content;
  if (typeof language !== 'string') return false;
  const wishes = [
    ...(facts.persons ?? []).flatMap((one) => [one['languageWish'], one['preferredLanguage'], one['language']]),
    ...(facts.events ?? [])
      .filter((one) => /language|spanish/.test(one.type) && !/withdrawn/.test(one.type))
      .map((one) => one['language'] ?? one['requestedLanguage'] ?? (/spanish/.test(one.type) ? 'es' : undefined)),
  ].filter((one) => typeof one === 'string');
  const wish = wishes.at(-1);
  return wish !== undefined && wish !== language && !deniesLike(content, /translat\w*(offered|available)/i);
}

/** A member by the name of the thing alone: `includesLicenseNumber` and `licenseNumberIncluded` both speak of `licenseNumber`. */
function plainName(member: string): string {
  const bare = member
    .replace(/^(includes?|has|with|contains?|shows|states|gives|is)(?=[A-Z])/, '')
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
  ['recordingDisclosed', 'recording_announcement'],
  ['announced', 'recording_announcement'],
  ['disputeNotation', 'dispute_notation'],
  ['disputeFlag', 'dispute_notation'],
  ['disputeFlagged', 'dispute_notation'],
  ['flaggedAsDisputed', 'dispute_notation'],
  ['flaggedDisputed', 'dispute_notation'],
  ['markedDisputed', 'dispute_notation'],
  ['markedAsDisputed', 'dispute_notation'],
  ['notedAsDisputed', 'dispute_notation'],
  ['reportedAsDisputed', 'dispute_notation'],
  ['reportsAsDisputed', 'dispute_notation'],
  ['reportsDispute', 'dispute_notation'],
  ['callerIdentity', 'caller_identity'],
  ['callerIdentityAtStart', 'caller_identity'],
  ['callerIdentified', 'caller_identity'],
  ['identity', 'caller_identity'],
  ['identityAtStart', 'caller_identity'],
  ['identifiesCaller', 'caller_identity'],
  ['identifiesCallerAtStart', 'caller_identity'],
  ['identifiesBusiness', 'caller_identity'],
  ['callbackNumber', 'callback_number'],
  ['telephoneNumber', 'callback_number'],
  ['phoneNumber', 'callback_number'],
  ['postalAddress', 'postal_address'],
  ['identifiesAsDebtCollector', 'debt_collector'],
  ['requiredDisclosures', 'required_disclosures'],
];

// The harmless marks of comment 22(f)(2)-1.
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
      (mark) =>
        !harmless.has(String(mark)) &&
        !/usps|barcode|postage|meter|business_name(_neutral)?$|neutral|not_(indicat|show)|without_collection/.test(
          String(mark),
        ),
    );
  return yes(content['envelopeShowsDebt']) || yes(content['envelopeIndicatesDebt']);
}

/** Whether a fee or amount, as one part of the example tells of it, rests on neither the agreement nor the law: either is enough. */
function restsOnNothing(said: Said): boolean {
  const told = Object.entries(said).flatMap(([member, value]): { readonly by: boolean; readonly so: boolean }[] => {
    if (!/authori[sz]|authority|permitted|allowedBy|legalBasis|^basis$|supported/i.test(member)) return [];
    const by = /By|basis|authority/i.test(member);
    if (typeof value === 'boolean') return [{ by, so: /^un|not/i.test(member) ? !value : value }];
    return value === null || typeof value === 'string' ? [{ by, so: value !== null && !/^(none|)$/.test(value) }] : [];
  });
  const grounds = told.filter((one) => one.by);
  return told.some((one) => !one.by && !one.so) || (grounds.length > 0 && !grounds.some((one) => one.so));
}

function lacksAuthority(proposed: VectorProposal, content: Said): boolean {
  const inside = (said: Said) =>
    Object.values(said)
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .map(membersOf);
  const parts = inside(content);
  return [proposed, content, ...parts, ...parts.flatMap(inside)].some(restsOnNothing);
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
