import { addDays, type CalendarDate, calendarDate, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import { noticeTermsOn } from '../notices/notice-terms.ts';
import { shippedPacks } from '../rule-book.ts';
import { validationPeriod } from '../notices/validation-period.ts';
import type { EventFact, EventValue } from '../gate-facts.ts';
import { dialModeOf } from './dial-mode.ts';
import { asText, type VectorFacts, type VectorProposal } from './vector.ts';

type Said = { readonly at: string; readonly type: string; readonly [member: string]: unknown };
type About = {
  readonly personId: string;
  readonly proposed: VectorProposal;
  readonly roles: Readonly<Record<string, string>>;
  readonly facts: VectorFacts;
};

const weekdays: Readonly<Record<string, number>> = { MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6, SUN: 7 };

/** What the schema's event types are called by the rules, where that differs; more than one word may mean the same thing. */
const words: readonly (readonly [RegExp, string])[] = [
  [/^(night|late|evening|hours?|contact_time|inconvenient_time)(_(call|contact))?_consent$/, 'time_consent'],
  [/waking_hours/, 'waking_hours'],
  [/substantiat\w*_instructions|instructions\w*_substantiat/, 'substantiation_instructions_sent'],
  [/request\w*substantiat|substantiat\w*request/, 'substantiation_request'],
  [/substantiat\w*(sent|provided|supplied|mailed|delivered|answered)/, 'substantiation_sent'],
  [/^consent_(to_|for_)?electronic|^electronic_communications?_consent$/, 'electronic_consent'],
  [
    /^(work|workplace|employment)_\w*(request|opt_out)_?\w*confirm|^written_confirmation_of_work/,
    'work_request_confirmed',
  ],
  [/^(work|workplace|employment)_\w*(request|opt_out)\w*_(withdrawn|revoked)/, 'work_request_withdrawn'],
  [
    /^(?!employer)\w*(request|ask|object|refus|stop|opt_out|(^|_)no|not)\w*_(work|workplace|employment)(_|$)|^(work|workplace|employment)_\w*(request|objection|refus|stop|opt_out)/,
    'work_contact_request',
  ],
  [
    /^(acceler|debt_acceler|statements?_(stopped|ceased|ended)|stopped_statements|(law)?suit_(filed|threatened|begun)|threat_of_suit|(debt_)?collection_procedures)/,
    'collection_procedures_begun',
  ],
  [/^(payment_agreement|settlement_agreement|payment_plan_agreed|payment_schedule_agreed)/, 'payment_agreement'],
  [/^(documents?|debt_documents)_(request|asked)|^(debtor_)?requests?(ed)?_documents/, 'documents_request'],
  [/^(documents?|debt_documents)_(sent|provided|supplied|delivered)/, 'documents_sent'],
  [/^electronic_\w*consent_(revoked|withdrawn)/, 'electronic_consent_revoked'],
  [
    /^inconvenien\w*_place_(withdrawn|lifted|ended|revoked)|^inconvenient_place_withdrawn/,
    'inconvenient_place_withdrawn',
  ],
  [/^inconvenient_place/, 'inconvenient_place'],
  [/^inconvenien\w*_(withdrawn|lifted|ended|revoked)/, 'inconvenient_time_withdrawn'],
  [/^inconvenien/, 'inconvenient_time'],
  [/^(time_consent|agreed_time|preferred_time)_(withdrawn|revoked)/, 'time_consent_revoked'],
  [
    /^convenien(ce|t(_hours)?)$|^(preferred|agreed|convenient|requested)_(contact_)?time|^time_(preference|agreed|agreement|request|wish)|^contact_time/,
    'time_consent',
  ],
  [/^(known_)?work(ing|place)?_hours/, 'working_hours'],
  [/^attorney_(unresponsive|no_response|not_responsive|did_not_respond)/, 'attorney_unresponsive'],
  [/^attorney_(consent|agrees|permits)/, 'attorney_consent'],
  [/^(attorney|representation)\w*_(ended|withdrawn|withdrew|terminated|over)/, 'representation_ended'],
  [
    /^((authori[sz]ed_)?representative|financial_counsellor)\w*_(unresponsive|no_response|did_not_respond)/,
    'attorney_unresponsive',
  ],
  [
    /^((authori[sz]ed_)?representative|financial_counsellor)\w*_(ended|withdrawn|withdrew|terminated|over|revoked)/,
    'representation_ended',
  ],
  [
    /^(attorney_(represents|representation|retained|notice|letter)|represented|(authori[sz]ed_)?representative|financial_counsellor)/,
    'attorney_notice',
  ],
  [/^employer_(allows|permits|no_longer)/, 'employer_allows'],
  [/^employer_(prohibits|forbids)/, 'employer_prohibits'],
  [/^cease\w*_(withdrawn|revoked|lifted)|^cease_withdrawn/, 'cease_withdrawn'],
  [/^(cease|stop_contact|stop_all)/, 'cease'],
  [
    /^(barred_debt_refus|statute_barred|limitation_(defen[cs]e|raised|asserted|invoked)|\w*(refus|will_not_pay|says|states)\w*_barred)/,
    'barred_debt_refused',
  ],
  [/^refus\w*_to_pay/, 'refusal_to_pay'],
  [/^opt_(out_)?(in|withdrawn|revoked|lifted)|^opt_out_(withdrawn|revoked|lifted)|^resubscri/, 'opt_in'],
  [/^opt_out/, 'opt_out'],
  [/^(automated|auto|prerecorded|robo|machine)\w*_consent_(revoked|withdrawn)/, 'automated_call_consent_revoked'],
  [
    /^(automated|auto|prerecorded|robo|machine)\w*_consent|^(consent_(to_)?automated|pecr_(automated_)?consent)/,
    'automated_call_consent',
  ],
  [/^marketing_(consent_)?(revoked|withdrawn)/, 'marketing_consent_revoked'],
  [/^(marketing_(consent|opt_in)|consent_(to_)?marketing)/, 'marketing_consent'],
  [/^call_consent_(revoked|withdrawn)|^consent_(revoked|withdrawn)/, 'call_consent_revoked'],
  [/^(email|e_mail)_(direct_|prior_)?consent_(revoked|withdrawn)/, 'email_consent_revoked'],
  [/^(email|e_mail)_(direct_|prior_)?consent|^direct_consent_email|^consent_email/, 'email_consent'],
  [/^(text|sms)_(direct_|prior_)?consent_(revoked|withdrawn)/, 'text_consent_revoked'],
  [/^(text|sms)_(direct_|prior_)?consent|^direct_consent_(text|sms)|^consent_(text|sms)/, 'text_consent'],
  [/^electronic_(contact_|communications?_|messages?_)?consent|^dc_(electronic_)?consent/, 'electronic_consent'],
  [/^tcpa_(revo|withdraw)/, 'tcpa_revocation'],
  [/^(tcpa_consent|prior_express_consent)/, 'tcpa_consent'],
  [/^e_?sign_consent_(withdrawn|revoked)/, 'esign_consent_withdrawn'],
  [/^e_?sign_consent/, 'esign_consent'],
  [/^third_party_consent_(withdrawn|revoked)/, 'third_party_consent_revoked'],
  [
    /^(third_party_(contact_)?consent|consent_to_(contact_)?third|consumer_consent_third|consent_third_party)/,
    'third_party_consent',
  ],
  [/^bankruptcy_(discharge|discharged)/, 'bankruptcy_discharged'],
  [/^bankruptcy_(dismiss|dismissed|dismissal|closed|ended|case_closed|withdrawn)/, 'bankruptcy_dismissed'],
  [/^(stay_(relief|lifted|ended|terminated)|relief_from_stay|bankruptcy_(stay_)?(relief|lifted))/, 'stay_relief'],
  [/^(bankruptcy|bankruptcy_petition|bankruptcy_filed)/, 'bankruptcy_petition'],
  [/^identity_theft_(notice_605b|block|605b)/i, 'identity_theft_block'],
  [/^identity_theft_(resolved|cleared|rejected|unfounded)/, 'identity_theft_resolved'],
  [/^identity_theft/, 'identity_theft_report'],
  [/^deceased_(wrong|error)/, 'deceased_report_wrong'],
  [/^(deceased|death)/, 'deceased'],
  [/^(scra|active_duty|military|servicemember)\w*_(ended|discharge|released)/, 'scra_service_ended'],
  [/^(scra|active_duty|military|servicemember)/, 'scra_active_duty'],
  [/^dispute_(withdrawn|retracted)/, 'dispute_withdrawn'],
  [/^dispute_(resolved|answered|closed|rejected)/, 'dispute_resolved'],
  [/^direct_dispute_answered/, 'direct_dispute_answered'],
  [/^direct_dispute/, 'direct_dispute'],
  [/^duplicative_dispute/, 'duplicative_dispute_notice_sent'],
  [/^dispute/, 'dispute'],
  [/^(verification_sent|verification_provided|verification_mailed)/, 'verification_sent'],
  [/^judge?ment_copy|^copy_of_judge?ment/, 'judgment_copy_sent'],
  [
    /^original_creditor_(info|answer|response|name|same|is_current|alternative)\w*(?<!request)(?<!requested)$/,
    'original_creditor_info_sent',
  ],
  [/^original_creditor_request/, 'original_creditor_request'],
  [/^substantiation_instructions/, 'substantiation_instructions_sent'],
  [/^(debt_)?substantiat\w*_(sent|provided|supplied|answered)/, 'substantiation_sent'],
  [
    /^(substantiation_request|ny_substantiation_request|debt_substantiation_request|request_substantiation)/,
    'substantiation_request',
  ],
  [/^(paid_in_full|debt_paid|paid|paid_off|payment_in_full|full_payment)$/, 'paid_in_full'],
  [/^(settled|debt_settled|settlement_completed|settlement_paid)/, 'settled'],
  [/^(undeliverable|bounce|returned_mail|returned|mail_returned)/, 'undeliverable'],
  [/^furnished/, 'furnished'],
  [
    /^(breathing_space_(crisis_)?treatment_ended|crisis_treatment_ended|treatment_ended|mental_health_crisis\w*_ended)/,
    'crisis_treatment_ended',
  ],
  [
    /^(\w*breathing_space|\w*moratorium)\w*_(cancelled|canceled|cancellation|ended|revoked|removed)/,
    'breathing_space_cancelled',
  ],
  [
    /^(breathing_space_crisis|breathing_space_mental|mental_health_crisis|crisis_breathing_space|crisis_moratorium)/,
    'crisis_breathing_space',
  ],
  [/^((standard_)?breathing_space|moratorium)/, 'breathing_space'],
  [/^debt_advice_(signposted|information)/, 'debt_advice_signposted'],
  [
    /^(debt_advis[eo]r|advis[eo]r|debt_advice|debt_management_plan|dmp)\w*_(ended|withdrawn|closed)/,
    'debt_adviser_ended',
  ],
  [/^(debt_advis[eo]r|advis[eo]r|debt_advice|working_with|debt_management_plan|dmp_)/, 'debt_adviser'],
  [/^(notice_not_received|letter_not_received|never_received|\w*says_not_received)/, 'notice_not_received'],
  [/^(mental_)?capacity_(assessed|resolved|confirmed|regained)/, 'capacity_assessed'],
  [/^(mental_capacity|capacity_(limit|concern|doubt)|lacks?_(mental_)?capacity)/, 'capacity_limited'],
  [/^identity_confirmed/, 'identity_confirmed'],
  [/^(wrong_person|mistaken_identity|not_the_(debtor|customer)|denies_being)/, 'wrong_person'],
  [/^(reply_form|claim_reply|letter_of_claim_reply|pap_reply|reply_to_letter_of_claim|debtor_reply)/, 'claim_reply'],
  [/^(mahnbescheid|payment_order)_(objection_withdrawn)/, 'payment_order_objection_withdrawn'],
  [/^(mahnbescheid|payment_order)_(objection|objected|widerspruch)|^widerspruch/, 'payment_order_objection'],
  [/^(mahnbescheid|payment_order)/, 'payment_order_served'],
  [
    /^(accuracy_(verified|settled|confirmed|corrected)|(processing_)?restriction_lifted|data_(corrected|verified))/,
    'accuracy_settled',
  ],
  [/^((data_)?accuracy|(processing_)?restriction|gdpr_(accuracy|restriction|art_?18))/, 'accuracy_contested'],
  [/^forbearance/, 'forbearance_considered'],
  [
    /^(location_recontact|recontact_request|third_party_requests|third_party_asks|location_answer_(wrong|incomplete)|reason(able)?_(to_)?believ|earlier_answer|believes_earlier|location_information_(believed_)?(wrong|erroneous|incomplete))/,
    'location_recontact_allowed',
  ],
  [/^(location_(answer|response|information|obtained|given)|third_party_(answered|response))/, 'location_answer'],
  [/^(number_misdirected|wrong_number|misdirected)/, 'number_misdirected'],
  [/^court_permission/, 'court_permission'],
  [
    /^(more_contacts?|additional_contacts?|frequency_consent|contact_consent)\w*_(withdrawn|revoked)/,
    'more_contact_withdrawn',
  ],
  [
    /^(contact_consent|frequency_consent|(more|additional)_contacts?|\w*agree(d|s|ment)?_(to_)?(more|additional)|\w*consents?_(to_)?(more|additional))/,
    'more_contact_agreed',
  ],
];

const typeOf = (said: string) => words.find(([pattern]) => pattern.test(said))?.[1] ?? said;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const firstText = (event: Said, ...members: string[]): string | null =>
  members.map((member) => text(event[member])).find((one) => one !== null) ?? null;

/** A channel by the rules' name. */
function channelOf(said: unknown): string | null {
  const name = text(said);
  if (name === null) return null;
  if (/^(phone|telephone|voice|calls|phone_calls?|telephone_calls?)$/.test(name)) return 'call';
  if (/^(text|texts|text_messages?)$/.test(name)) return 'sms';
  if (/^(mail|post|postal|letters|paper)$/.test(name)) return 'letter';
  return /^e_?mails?$/.test(name) ? 'email' : name;
}

const media = ['call', 'sms', 'email', 'letter', 'visit'];

/** The channels an event is limited to; `null`: none is named, so it is about all. */
function channelsOf(event: Said): (string | null)[] {
  for (const member of ['channels', 'media', 'narrowedTo', 'onlyChannels', 'limitedTo']) {
    const said = event[member];
    const named = (Array.isArray(said) ? said : [said]).map(channelOf);
    if (named.some((one) => one !== null && media.includes(one))) return named;
  }
  const except = [event['exceptChannels'], event['except'], event['allowedChannels']].find(Array.isArray);
  if (except !== undefined) {
    const left = new Set(except.map(channelOf));
    return media.filter((one) => !left.has(one));
  }
  return [channelOf(event['channel'] ?? event['medium'])];
}

/** In what form something was said: what a collector takes by machine is written (15 USC 7001(a)), if it takes that. */
function formOf(event: Said): 'written' | 'electronic' | 'oral' {
  const form = text(event['form']) ?? 'written';
  if (/electronic|e-?mail|portal|web|online|website|app|sms|text|chat/.test(form))
    return event['collectorAcceptsChannel'] === false ? 'oral' : 'electronic';
  return /oral|spoken|verbal|phone|call|in_person/.test(form) ? 'oral' : 'written';
}

/** The events of one example as the rules know them. A call is a contact and, when it was answered, a conversation about what was talked of. */
export function eventsOf(facts: VectorFacts, asked: Omit<About, 'facts'>): EventFact[] {
  const about = { ...asked, facts };
  const periodEnd = (facts.events ?? [])
    .filter((event) => !cameBack(event, facts))
    .map((event) => periodEndOf(event, facts))
    .filter((one) => one !== null)
    .sort()
    .at(-1);
  const places = new Map((facts.addresses ?? []).map((one) => [one.id, one['place'] ?? one['type'] ?? one['kind']]));
  const standing = (facts.debts ?? []).filter((debt) =>
    ['accelerated', 'inDebtCollectionProcedures', 'debtCollectionProcedures', 'statementsStopped', 'suitFiled'].some(
      (member) => debt[member] === true,
    ),
  );
  return [
    ...standing.map(
      (debt): EventFact => ({ type: 'collection_procedures_begun', at: '2001-01-01T12:00:00Z', debtIds: [debt.id] }),
    ),
    ...(facts.events ?? []).flatMap((event) => {
      const place = typeof event['addressId'] === 'string' ? places.get(event['addressId']) : undefined;
      const said = { ...(place !== undefined && { place }), ...event } as Said;
      return channelsOf(said).flatMap((channel) =>
        factsOf({ ...said, ...(channel !== null && { channel }) }, about, periodEnd ?? null),
      );
    }),
  ];
}

// A notice that came back was not given: its period does not run.
const cameBack = (notice: Said, facts: VectorFacts): boolean =>
  (facts.events ?? []).some((event) => {
    const sent = text(event['ref']);
    return (
      typeOf(event.type) === 'undeliverable' &&
      Date.parse(event.at) >= Date.parse(notice.at) &&
      (sent === null ||
        !/^\d{4}-\d{2}-\d{2}/.test(sent) ||
        localDay(notice.at, facts) === calendarDate(sent.slice(0, 10)))
    );
  });

const tellsOfNotice = (event: Said): boolean =>
  /^validation(?!\w*(request|returned))/.test(event.type) || /validation/.test(text(event['kind']) ?? '');

/** The last day of the validation period of the notice an event tells of: as said, or as the law reckons it. */
function periodEndOf(event: Said, facts: VectorFacts): string | null {
  if (!tellsOfNotice(event)) return null;
  const said = firstText(
    event,
    'validationPeriodEnd',
    'periodEnd',
    'validationPeriodEndsOn',
    'periodEndsOn',
    'endDate',
  );
  if (said !== null) return said.slice(0, 10);
  const on = localDay(event.at, facts);
  const terms = noticeTermsOn({ packs: shippedPacks }, on);
  return terms === null ? null : validationPeriod({ providedOn: on }, terms.validation).endDate;
}

/** The day of an instant where the person is; the day it names where that is not known. */
function localDay(at: string, facts: VectorFacts): CalendarDate {
  const zone = facts.consumerTimezone;
  return typeof zone === 'string' && at.length > 10
    ? localDateOf(new Date(at), zone as TimeZone)
    : calendarDate(at.slice(0, 10));
}

function factsOf(event: Said, about: About, periodEnd: string | null): EventFact[] {
  // What language is wanted is read with the content, and leave of a court with the purpose.
  if (/language|spanish|^court_permission/.test(event.type)) return [];
  // What was sent and has not been received has not been said yet.
  if (event['receivedAt'] === null || event['received'] === false) return [];
  const on = text(event['receivedOn']);
  const base = {
    at: text(event['receivedAt']) ?? (on === null ? event.at : `${on.slice(0, 10)}T12:00:00Z`),
    // The person who owes is not named in the rules' facts: only others are.
    ...(text(event['personId']) !== null &&
      event['personId'] !== about.personId && {
        personId: text(event['personId']),
        personRole: about.roles[text(event['personId']) ?? ''] ?? null,
      }),
    ...(Array.isArray(event['debtIds']) && { debtIds: event['debtIds'] as string[] }),
    ...(text(event['addressId']) !== null && { addressKey: text(event['addressId']) }),
  };
  const channel = text(event['channel']);
  switch (event.type) {
    case 'call_attempt':
    case 'call':
    case 'ringless_voicemail':
      return callOf(event, base);
    case 'conversation':
      return conversationOf(event, base, channel ?? 'call');
    case 'email':
    case 'sms':
    case 'letter':
    case 'visit':
    case 'postcard':
    case 'social_private':
      return messageOf(event, base, event.type, about);
    case 'message':
      return messageOf(event, base, channel ?? 'email', about);
    case 'validation_notice':
    case 'validation_notice_sent':
    case 'validation_notice_provided':
    case 'validation_notice_mailed':
      return messageOf(
        { ...event, kind: 'validation_notice', direction: 'outbound' },
        base,
        channel ?? 'letter',
        about,
      );
    case 'opt_out':
      // Not to be contacted at work is a wish about a place, not about a medium.
      if (event['addressId'] === undefined && placeOf(event) === 'work')
        return factsOf({ ...event, type: 'inconvenient_place', place: 'work' }, about, periodEnd);
      return otherOf(event, base, about, periodEnd);
    default: {
      const asks =
        /^(consumer|customer|debtor|inbound)_(message|question|enquiry|inquiry|request|contact|email|sms|letter|call)$/.exec(
          event.type,
        );
      if (asks) {
        const by =
          asks[2] === 'email' || asks[2] === 'sms' || asks[2] === 'letter' || asks[2] === 'call'
            ? asks[2]
            : about.proposed.channel;
        return messageOf({ ...event, direction: 'inbound' }, base, channel ?? by, about);
      }
      const sent = noticeKind(event.type, about);
      if (sent !== null)
        return messageOf(
          { ...event, kind: event.type.replace(/_(sent|mailed|given)$/, ''), direction: 'outbound' },
          base,
          channel ?? 'letter',
          about,
        );
      return otherOf(event, base, about, periodEnd);
    }
  }
}

function otherOf(event: Said, base: Base, about: About, periodEnd: string | null): EventFact[] {
  // A notice may be told of by its own name instead of as the letter it was.
  if (kindOf(event.type) === 'nv_medical_notification')
    return messageOf({ ...event, kind: event.type }, base, text(event['channel']) ?? 'letter', about);
  const type = meant(event);
  const attributes = attributesOf(event, about, periodEnd);
  // What was said aloud was said on the telephone, unless the example says where.
  const channel = text(event['channel']) ?? (type === 'cease' && attributes['form'] === 'oral' ? 'call' : null);
  const fact: EventFact = {
    ...aboutWhom(type, base, about, event),
    ...(channel !== null && { channel }),
    type,
    ...attributes,
  };
  // Whoever names the only times that suit them calls all others inconvenient.
  if (type === 'time_consent' && (event['only'] === true || event['exclusive'] === true))
    return [fact, ...othersThan(fact).map((stretch) => ({ ...base, type: 'inconvenient_time', ...stretch }))];
  // Leave to write by e-mail or text is leave to write electronically, for the law that asks for that.
  const electronic = /^(email|text)(_consent(_revoked)?)$/.exec(type);
  if (electronic?.[2] !== undefined && about.facts.jurisdictions.includes('US-DC'))
    return [fact, ...(reaches(electronic[1], about) ? [{ ...fact, type: `electronic${electronic[2]}` }] : [])];
  if (type !== 'work_contact_request' && type !== 'inconvenient_place') return [fact];
  const confirmed =
    text(event['confirmedOn']) ??
    text(event['confirmedInWritingOn']) ??
    text(event['confirmedInWritingAt']) ??
    (event['confirmedInWriting'] === true ? base.at : null);
  const at = confirmed !== null && confirmed.length === 10 ? `${confirmed}T23:59:00Z` : confirmed;
  return at === null ? [fact] : [fact, { ...base, type: 'work_request_confirmed', at }];
}

/** The times that a stretch leaves out: the rest of its days, and the other days. */
function othersThan({ from, to, weekdays: days }: EventFact): Record<string, EventValue>[] {
  const week = [1, 2, 3, 4, 5, 6, 7];
  const named = Array.isArray(days) ? week.filter((day) => (days as readonly unknown[]).includes(day)) : week;
  const rest = week.filter((day) => !named.includes(day));
  return [
    ...(typeof from === 'string' ? [{ weekdays: named, from: '00:00', to: from }] : []),
    ...(typeof to === 'string' && to < '24:00' ? [{ weekdays: named, from: to, to: '24:00' }] : []),
    ...(rest.length > 0 ? [{ weekdays: rest }] : []),
  ];
}

const reaches = (medium: string | undefined, { proposed }: About): boolean =>
  medium === 'email' ? proposed.channel === 'email' : proposed.channel === 'sms';

// 12 CFR 1006.6(a) widens who is the consumer for contacts; the rights of 1006.38 pass to fewer.
const standIns = new Set(['guardian', 'executor', 'successor']);
const saidForAnother = /^(dispute|original_creditor_request|cease|refusal_to_pay)$/;
const widened = new Set(['spouse', 'parent']);
const endsContact = /^(cease|refusal_to_pay)$/;

/**
 * Whom an event concerns. Who stands for the person disputes and refuses for them; leave to speak to others, and what others answered,
 * concerns the one it names or else the one the act would reach.
 */
function aboutWhom(type: string, base: Base, about: About, event: Said): Base {
  const { personId, personRole, ...rest } = base as Base & { personId?: string; personRole?: string };
  if (/^(third_party_consent|location_)/.test(type)) {
    const named = firstText(
      event,
      'thirdPartyId',
      'toPersonId',
      'recipientId',
      'recipientPersonId',
      'thirdPartyPersonId',
      'aboutPersonId',
    );
    const reached = named ?? personId ?? about.proposed.personId;
    return reached === undefined || reached === about.personId ? rest : ({ ...rest, personId: reached } as Base);
  }
  if (personId === undefined) return base;
  const federal = about.facts.jurisdictions.includes('US');
  const stands =
    (standIns.has(personRole ?? '') && saidForAnother.test(type)) ||
    (federal && widened.has(personRole ?? '') && endsContact.test(type));
  return stands ? rest : base;
}

/** The type of an event, where what it says of itself tells more than its name. */
function meant(event: Said): string {
  const type = typeOf(event.type);
  const words = [event['kind'], event['spaceType'], event['moratoriumType'], event['regime']].map(String).join(' ');
  if (type === 'breathing_space' && /crisis|mental/i.test(words)) return 'crisis_breathing_space';
  return /^(direct_)?(prior_)?(express_)?consent(_given)?$/.test(type)
    ? consentTo([words, event['scope'], event['to'], event['channel']].map(String).join(' '), type)
    : type;
}

/** What a consent is to, by what an example says of it. */
function consentTo(words: string, otherwise: string): string {
  if (/marketing/i.test(words)) return 'marketing_consent';
  if (/night|hours|late|evening/i.test(words)) return 'time_consent';
  if (/automat|record|robo|call/i.test(words)) return 'automated_call_consent';
  if (/more|additional|frequen/i.test(words)) return 'more_contact_agreed';
  return /e-?mail/i.test(words) ? 'email_consent' : /sms|text/i.test(words) ? 'text_consent' : otherwise;
}

/** Which notice of the law a letter is, by the name an example gives it; null for any other. */
function noticeKind(name: string, { facts: { jurisdictions } }: About): string | null {
  if (/letter_(of_claim|before_(action|claim))(?!_reply)/.test(name)) return 'letter_of_claim';
  if (
    /(14|fourteen)_?days?_notice|notice_(14|fourteen)_?days?|intention_to|intended_claim|notice_(before|of)_(issu|proceedings|inten|claim)/.test(
      name,
    )
  )
    return 'notice_of_intended_claim';
  if (/privacy_notice|art_?14|gdpr_notice/.test(name)) return 'privacy_notice';
  if (/(transfer|assignment|servicer|purchaser)_notice/.test(name)) return 'transfer_notice';
  if (/written_notice|first_notice|initial_notice|collection_notice|notice_of_(debt|collection|placement)/.test(name)) {
    if (jurisdictions.includes('CA-ON')) return 'on_written_notice';
    if (jurisdictions.includes('CA-QC')) return 'qc_written_notice';
  }
  return null;
}

type Base = { readonly at: string };

const counted = [
  'no_answer',
  'voicemail_left',
  'voicemail_lcm',
  'voicemail_not_left',
  'answered_dropped',
  'conversation',
];

/** How a call ended, in the schema's words. One that connected in some other way was an attempt; one that never did was none. */
function outcomeOf(said: string | null): string {
  if (said === null) return 'no_answer';
  if (counted.includes(said) || said === 'busy' || said === 'not_in_service') return said;
  return /busy|not_in_service|disconnect|invalid|never_connect|not_connect|did_not_connect|fail/.test(said)
    ? 'not_in_service'
    : 'answered_dropped';
}

// A talk in which no debt came up counts to the one it is counted to (cmt. 14(b)(4)-1).
function discussedIn(event: Said): unknown {
  const { discussedDebtIds: discussed, debtIds: counted } = event as { discussedDebtIds?: unknown; debtIds?: unknown };
  return Array.isArray(discussed) && discussed.length === 0 && Array.isArray(counted)
    ? counted
    : (discussed ?? counted);
}

function callOf(event: Said, base: Base): EventFact[] {
  const outcome = event.type === 'ringless_voicemail' ? 'voicemail_left' : outcomeOf(text(event['outcome']));
  const contact: EventFact = {
    ...base,
    type: 'contact',
    channel: 'call',
    direction: event['direction'] === 'inbound' ? 'in' : 'out',
    outcome,
    dialMode: dialModeOf(event['dialMode']),
    lineType: text(event['lineType']),
    place: placeOf(event),
    kind: text(event['kind']),
    purpose: text(event['purpose']),
    inReplyTo: text(event['inReplyTo']),
    messagePossible: event['messagePossible'] !== false && event['mailboxFull'] !== true,
  };
  if (outcome !== 'conversation') return [contact];
  const discussed = discussedIn(event);
  return [
    contact,
    {
      ...base,
      ...(Array.isArray(discussed) && { debtIds: discussed as string[] }),
      type: 'conversation',
      channel: 'call',
    },
  ];
}

function conversationOf(event: Said, base: Base, channel: string): EventFact[] {
  const direction = event['direction'] === 'outbound' ? 'out' : 'in';
  const discussed = discussedIn(event);
  return [
    {
      ...base,
      type: 'contact',
      channel,
      direction,
      outcome: 'conversation',
      dialMode: 'manual',
      lineType: null,
      place: placeOf(event),
    },
    { ...base, ...(Array.isArray(discussed) && { debtIds: discussed as string[] }), type: 'conversation', channel },
  ];
}

// What a person writes to end robocalls and robotexts per se (47 CFR 64.1200(a)(10)).
const stopWords = /^\W*(stop|stop ?all|quit|end|revoke|opt[ -]?out|cancel|unsubscribe)\W*$/i;

function messageOf(event: Said, base: Base, channel: string, about: About): EventFact[] {
  const named = kindOf(text(event['kind']) ?? text(event['purpose']));
  const kind = named === null ? null : (noticeKind(named, about) ?? named);
  let contact: EventFact = {
    ...base,
    type: 'contact',
    channel,
    direction: event['direction'] === 'inbound' ? 'in' : 'out',
    kind,
    place: placeOf(event),
    ...(channel === 'visit' && { outcome: visitOutcome(event) }),
    dated: text(event['dated']),
    inReplyTo: text(event['inReplyTo']),
  };
  const further: EventFact[] = [];
  if (contact['direction'] === 'in' && (event['aboutDebt'] === false || event['aboutTheDebt'] === false))
    contact = { ...contact, debtIds: [] };
  if (contact['direction'] === 'in' && stopWords.test(firstText(event, 'text', 'body', 'subject') ?? ''))
    further.push({ ...base, type: 'opt_out', channel });
  if (channel === 'visit' && contact['outcome'] === 'conversation')
    further.push({ ...base, type: 'conversation', channel });
  if (kind !== null && /validation/.test(kind))
    further.push({
      ...base,
      type: 'validation_notice',
      channel,
      periodEnd: periodEndOf({ ...event, kind }, about.facts),
    });
  if (kind !== null && contact['direction'] === 'out')
    further.push({
      ...base,
      type: 'notice_given',
      channel,
      kind,
      dated: text(event['dated']),
      ...(event['complete'] !== undefined && { complete: event['complete'] === true }),
    });
  if (kind !== null && contact['direction'] === 'in' && /reply/.test(kind))
    further.push({ ...base, type: 'claim_reply', seeksAdvice: seeksAdvice(event) });
  if (kind !== null && /document/.test(kind))
    further.push({ ...base, type: contact['direction'] === 'in' ? 'documents_request' : 'documents_sent' });
  if (kind !== null && contact['direction'] === 'out' && /substantiat/.test(kind) && !/request|instruction/.test(kind))
    further.push({ ...base, type: 'substantiation_sent' });
  if (kind !== null && /verification/.test(kind)) further.push({ ...base, type: 'verification_sent' });
  return [contact, ...further];
}

const seeksAdvice = (event: Said): boolean =>
  [event['seeksAdvice'], event['seekingAdvice'], event['seekingDebtAdvice'], event['seeksDebtAdvice']].includes(true);

// A visit that met nobody made no contact.
function visitOutcome(event: Said): string | null {
  const outcome = text(event['outcome']);
  if (outcome === null) return null;
  return /^no|not_|absent|nobody|unanswered/.test(outcome) ? 'no_answer' : 'conversation';
}

/** The names of notices the rules wait for, where an example may call them otherwise. */
function kindOf(said: string | null): string | null {
  if (said === null) return null;
  if (/^(nv|nevada)_|medical\w*_noti/.test(said)) return 'nv_medical_notification';
  if (/ask\w*_consent|request\w*_consent|consent_request/.test(said)) return 'consent_request';
  return said === 'written_notification' ? 'written_notice' : said;
}

function placeOf(event: Said): string | null {
  const place = text(event['addressType']) ?? text(event['place']);
  return place !== null && /work|office|employer/.test(place) ? 'work' : place === 'home' ? 'home' : null;
}

// The members the rules look at, from the names the schema gives them.
function attributesOf(event: Said, about: About, periodEnd: string | null): Record<string, EventValue> {
  const out: Record<string, EventValue> = {};
  for (const [member, value] of Object.entries(event)) {
    if (['at', 'type', 'personId', 'debtIds', 'addressId', 'channel', 'receivedAt', 'rule'].includes(member)) continue;
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) out[member] = value as EventValue;
  }
  const type = typeOf(event.type);
  // Consent that names no receiver is taken to have been given to who now collects.
  if (type.endsWith('_consent') && out['givenTo'] === undefined) out['givenTo'] = 'this_collector';
  if (/^(work_contact_request|inconvenient_place)$/.test(type))
    out['place'] = placeOf(event) ?? (type === 'work_contact_request' ? 'work' : (out['place'] ?? null));
  const rule = event['rule'];
  if (typeof rule === 'object' && rule !== null) Object.assign(out, stretchOf(rule as Record<string, unknown>));
  else Object.assign(out, stretchOf(event));
  if (typeOf(event.type) === 'time_consent' && out['givenTo'] === undefined && event.type !== 'time_consent')
    out['givenTo'] = 'this_collector';
  if (typeOf(event.type) === 'claim_reply') out['seeksAdvice'] = seeksAdvice(event);
  if (/breathing_space$/.test(meant(event))) out['startsOn'] = startOfSpace(event);
  if (typeOf(event.type) === 'crisis_treatment_ended')
    out['treatmentEndedOn'] = text(event['treatmentEndedOn']) ?? text(event['endedOn']) ?? event.at.slice(0, 10);
  if (event['attorney'] !== undefined) out['ascertainable'] = isKnown(event['attorney']);
  if (/^(cease|refusal_to_pay)$/.test(type)) out['form'] = formOf(event) === 'oral' ? 'oral' : 'written';
  if (type === 'dispute' || type === 'original_creditor_request') {
    out['form'] = formOf(event);
    if (periodEnd !== null && out['timely'] === undefined) out['timely'] = localDay(event.at, about.facts) <= periodEnd;
    if (event['sameAsEarlier'] !== undefined)
      out['duplicative'] = event['sameAsEarlier'] === true && event['newMaterialInformation'] !== true;
    if (event['frivolous'] === true || event['valid'] === false || event['hasGrounds'] === false)
      out['reasonable'] = false;
  }
  if (type === 'call_consent') out['through'] = lastDayNamed(event) ?? out['through'] ?? null;
  // Leave to call at other times that was had in a contact that should not have been made is worth nothing.
  if (type === 'time_consent' && wronglyHad(event)) out['givenTo'] = 'nobody';
  if (typeOf(event.type) === 'prior_collector_history' && typeof event['obtainedUnder'] === 'string')
    out['obtainedUnder'] = /\(d\)\(4\)\(ii\)$/.test(event['obtainedUnder'])
      ? 'ii'
      : /\(d\)\(4\)\(i\)$/.test(event['obtainedUnder'])
        ? 'i'
        : 'iii';
  if (typeOf(event.type) === 'reassigned_number_check' && typeof event['result'] === 'string') {
    out['result'] = /^not_|no_reassign|clear/.test(event['result']) ? 'not_reassigned' : 'reassigned';
  }
  if (typeOf(event.type) === 'creditor_email_notice' && event['employerProvided'] === undefined)
    out['employerProvided'] = about.proposed['knownEmployerAddress'] === true;
  // A notice that lacks any of what it must say is none.
  if (type === 'creditor_email_notice')
    out['complete'] = !Object.entries(out).some(([member, value]) =>
      /objected|optedOut/i.test(member)
        ? value === true
        : value === false && !/employer|domainPublic|creditorUsed/.test(member),
    );
  return out;
}

/** The last day a consent names. */
const lastDayNamed = (event: Said): string | null =>
  firstText(event, 'through', 'validThrough', 'validUntil', 'until', 'expiresOn', 'endsOn', 'periodEndsOn');

const wronglyHad = (event: Said): boolean =>
  Object.entries(event).some(
    ([member, value]) =>
      (/during|obtained|givenIn|solicit|asked/i.test(member) &&
        (value === true
          ? /inconvenient|solicit|asked/i.test(member)
          : /inconvenient|unusual|not_permitted/.test(asText(value)))) ||
      (value === false && /permitted|convenient|valid/i.test(member)),
  );

/** The first day of a breathing space: as said, or the day after registration; the day of an event that tells of the start itself. */
function startOfSpace(event: Said): string | null {
  const said = ['startsOn', 'startedOn', 'startOn', 'startDate', 'startDay', 'moratoriumStartsOn']
    .map((member) => text(event[member]))
    .find((one) => one !== null);
  if (said !== undefined) return said;
  const registered = text(event['registeredOn']) ?? text(event['enteredOn']);
  if (registered !== null) return addDays(calendarDate(registered.slice(0, 10)), 1);
  return /start|begin|began/.test(event.type) ? event.at.slice(0, 10) : null;
}

// Known, or to be found without trouble, which is as good.
function isKnown(attorney: unknown): boolean {
  if (typeof attorney !== 'object' || attorney === null) return true;
  const found = Object.entries(attorney).find(([member]) => /ascertain|find|locat/i.test(member));
  if (typeof found?.[1] === 'boolean') return found[1];
  return !Object.values(attorney).some((value) => value === 'unknown' || value === null || value === false);
}

// A wish for one day.
function onlyOn(rule: Record<string, unknown>): Record<string, EventValue> {
  const on = [rule['on'], rule['date'], rule['onDate']].find((one) => typeof one === 'string');
  return typeof on === 'string' ? { first: on.slice(0, 10), through: on.slice(0, 10) } : {};
}

function stretchOf(rule: Record<string, unknown>): Record<string, EventValue> {
  const days = Array.isArray(rule['daysOfWeek'])
    ? rule['daysOfWeek'].map((day) => weekdays[String(day).slice(0, 3).toUpperCase()] ?? 0).filter((day) => day > 0)
    : [];
  return {
    ...(days.length > 0 && { weekdays: days }),
    ...(typeof rule['from'] === 'string' && { from: rule['from'] }),
    ...(typeof rule['to'] === 'string' && { to: rule['to'] }),
    ...(typeof rule['through'] === 'string' && { through: rule['through'] }),
    ...onlyOn(rule),
  };
}
