import { addDays, addMonths, calendarDate, type CalendarDate, daysBetween } from '../../../kernel/calendar.ts';
import { currency, formatAmount, type Money, money, parseAmount } from '../../../kernel/money.ts';
import {
  businessDayDeadline,
  lastDayToSue,
  moratoriumAfter,
  moratoriumFrom,
  retainForLongest,
  retainThrough,
  standardMoratorium,
} from '../computations/periods.ts';
import { fixedSum, type InterestTerms, statutoryInterest } from '../computations/statutory-interest.ts';
import { isLimitedContentMessage } from '../content/limited-content.ts';
import { shippedContentPacks } from '../content/shipped-content.ts';
import { electronicDelivery, electronicSubjectLine } from '../notices/electronic-delivery.ts';
import { type Itemization, sumItemization } from '../notices/itemization.ts';
import { noticeTermsOn } from '../notices/notice-terms.ts';
import { isCountedDay, validationNoticeDeadline, validationPeriod } from '../notices/validation-period.ts';
import type { RuleBook } from '../rule-book.ts';
import type { RuleOf } from '../rule-pack.ts';
import { regimeMeant } from './regimes.ts';
import { asText } from './vector.ts';

type Input = Readonly<Record<string, unknown>>;
type Computation = RuleOf<'computation'>;

/** A scalar member as text; undefined when it is absent, null or anything else. */
const text = (input: Input, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
};
/** A day; of an instant, the day it says. */
const day = (input: Input, member: string): CalendarDate =>
  calendarDate((text(input, member) ?? '').replace(/^(\d{4}-\d{2}-\d{2})T.*$/, '$1'));
const dayIfAny = (input: Input, member: string): CalendarDate | undefined =>
  input[member] === undefined || input[member] === null ? undefined : day(input, member);

function numberOf(rule: Computation, member: string): number {
  const value = rule.parameters[member];
  if (typeof value !== 'number') throw new Error(`The rule ${rule.id} gives no ${member}.`);
  return value;
}

/** The computation rules of the book in force on a day, first those of the jurisdictions named. */
const computations = (book: RuleBook, on: string): Computation[] =>
  book.packs
    .flatMap((pack) => pack.rules)
    .filter(
      (rule): rule is Computation =>
        rule.kind === 'computation' &&
        rule.confidence !== 'U' &&
        rule.effectiveFrom <= on &&
        (rule.effectiveTo === undefined || on < rule.effectiveTo),
    );

function computation(book: RuleBook, on: string, has: (rule: Computation) => boolean, sought: string): Computation {
  const rule = computations(book, on).find(has);
  if (rule === undefined) throw new Error(`No rule in force says how to compute ${sought}.`);
  return rule;
}

function forRegime(book: RuleBook, on: string, named: string): Computation {
  const known = computations(book, on).map((rule) => rule.parameters['regime']);
  const regime = regimeMeant(
    named,
    known.filter((one) => typeof one === 'string'),
  );
  return computation(book, on, (rule) => rule.parameters['regime'] === regime, named);
}

function termsOf(book: RuleBook, on: CalendarDate) {
  const terms = noticeTermsOn(book, on);
  if (terms === null) throw new Error(`No terms of validation notices are in force on ${on}.`);
  return terms.validation;
}

/** Works out one computed example by the rules of the book; `on` is the day whose law is asked for. Throws for a function or regime it does not know. */
export function computeVector(fn: string, input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const today = calendarDate(on);
  switch (fn) {
    case 'validationPeriod':
      return validationPeriod(
        { providedOn: day(input, 'providedOn'), receivedOn: dayIfAny(input, 'receivedOn') },
        termsOf(book, today),
      );
    case 'validationNoticeDeadline':
      return validationNoticeDeadline(day(input, 'initialCommunicationOn'), termsOf(book, today));
    case 'itemization':
      return itemization(input);
    case 'electronicDelivery':
      return electronicDelivery({
        sentAt: text(input, 'sentAt'),
        bounceAt: text(input, 'bounceAt'),
        // As ever in these examples: what is not mentioned is compliant.
        undeliverabilityMonitored: !Object.values(input).includes(false),
      });
    case 'electronicSubjectLine':
      return electronicSubjectLine({ subjectContains: (input['subjectContains'] as string[] | undefined) ?? [] });
    case 'retention': {
      if (Array.isArray(input['duties'])) return retentionUnder(input['duties'].map(String), input, book, on);
      const rule = computation(
        book,
        on,
        (one) => 'yearsAfterLastActivity' in one.parameters,
        'how long records are kept',
      );
      const years = {
        yearsAfterLastActivity: numberOf(rule, 'yearsAfterLastActivity'),
        yearsAfterCall: numberOf(rule, 'yearsAfterCall'),
      };
      const record = {
        kind: /recording|recorded/i.test(String(input['kind'])) ? 'call_recording' : String(input['kind']),
        callOn: firstDay(input, ['callOn', 'recordedOn', 'calledOn']),
        lastCollectionActivityOn: firstDay(input, ['lastCollectionActivityOn', 'lastActivityOn']),
      };
      return { retainThrough: retainThrough(record, years) };
    }
    case 'businessDayDeadline': {
      const terms = termsOf(book, today);
      return {
        honourBy: businessDayDeadline(
          day(input, 'receivedOn'),
          Number(input['businessDays']),
          (date) => !isCountedDay(date, terms),
        ),
      };
    }
    case 'addDays': {
      const from =
        input['months'] === undefined ? day(input, 'from') : addMonths(day(input, 'from'), Number(input['months']));
      return { dueBy: addDays(from, Number(input['days'] ?? 0)) };
    }
    case 'moratoriumPeriod':
      return moratorium(input, book, on);
    case 'limitation':
      return limitation(input, book, on);
    case 'statutoryInterest':
      return interest(input, book, on);
    case 'provision': {
      const member = String(input['member']);
      const rule = computations(book, on).find((one) => one.id === input['rule'] && one.part === input['part']);
      return rule === undefined ? { inForce: false } : { inForce: true, [member]: rule.parameters[member] };
    }
    case 'isLimitedContentMessage':
      return limitedContent(input, on);
    default:
      throw new Error(`There is no computation "${fn}".`);
  }
}

// What an example may call the kinds of contract that the tables of limitation periods tell apart.
const contracts: readonly (readonly [RegExp, string])[] = [
  [/(OPEN|CARD|REVOLV|ACCOUNT)/, 'OPEN-ENDED'],
  [/(PROMISSORY|NOTE)/, 'PROMISSORY'],
  [/(ORAL|VERBAL|UNWRITTEN)/, 'ORAL'],
  [/CONSUMER/, 'CONSUMER-CREDIT'],
  [/(WRITTEN|WRITING|CONTRACT)/, 'WRITTEN'],
];

/**
 * The regime by the name a rule gives it: as it stands, or by its place and the kind of contract it speaks of. Where the kind is not
 * said it is the one of that place that ends first.
 */
function knownRegime(said: string, input: Input, rules: readonly Computation[]): string {
  const isKnown = (regime: string) => rules.some((rule) => regime in yearsOf(rule));
  if (isKnown(said)) return said;
  const words = said.toUpperCase().replaceAll('_', '-');
  const place = /^[A-Z]{2}-[A-Z]{2}(?=-|$)/.exec(words)?.[0];
  if (place === undefined) return isKnown(words) ? words : said;
  const told = ['contractType', 'contract', 'obligation', 'kind', 'debtType', 'product'].map((one) =>
    asText(input[one]),
  );
  const kinds = [words.slice(place.length), told.join(' ').toUpperCase()].join(' ');
  const kind = contracts.find(([pattern]) => pattern.test(kinds))?.[1];
  if (kind !== undefined) return isKnown(`${place}-${kind}`) ? `${place}-${kind}` : said;
  const [shortest] = rules
    .flatMap((rule) => Object.entries(yearsOf(rule)))
    .filter(([regime]) => regime.startsWith(`${place}-`))
    .sort(([, one], [, other]) => one - other);
  return shortest?.[0] ?? said;
}

const yearsOf = (rule: Computation): Readonly<Record<string, number>> => {
  const { years } = rule.parameters;
  return typeof years === 'object' && !Array.isArray(years) ? years : {};
};

/** The first of the members that holds a date. */
const firstDay = (input: Input, members: readonly string[]): CalendarDate | undefined =>
  members.map((member) => dayIfAny(input, member)).find((one) => one !== undefined);

/** The first member of such a name that holds a date. */
function dayLike(input: Input, words: RegExp): CalendarDate | undefined {
  const found = Object.entries(input).find(
    ([member, value]) => words.test(member) && /^\d{4}-\d{2}-\d{2}/.test(String(value)),
  );
  return found === undefined ? undefined : calendarDate(String(found[1]).slice(0, 10));
}

function limitation(input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const named = String(input['regime']);
  const rules = computations(book, on);
  const regime = knownRegime(
    regimeMeant(
      named,
      rules.flatMap((rule) => Object.keys(yearsOf(rule))),
    ),
    input,
    rules,
  );
  const rule = computation(book, on, (one) => regime in yearsOf(one), named);
  const accrued = firstDay(input, [
    'accruedOn',
    'accrualOn',
    'causeOfActionOn',
    'dueOn',
    'defaultOn',
    'titleOn',
    'judgmentOn',
  ]);
  if (accrued === undefined) throw new Error('The day of accrual is not given.');
  const known = firstDay(input, ['knownOn', 'knowledgeOn']);
  const restarts = rule.parameters['restarts'] === true ? restartsIn(input) : [];
  const from = known !== undefined && known > accrued && rule.parameters['fromYearEnd'] === true ? known : accrued;
  return {
    lastDayToSue: lastDayToSue(from, yearsOf(rule)[regime] ?? 0, rule.parameters['fromYearEnd'] === true, restarts),
  };
}

/** The days of part payments, and of acknowledgments that bind: an unsigned one begins nothing anew. */
function restartsIn(input: Input): CalendarDate[] {
  const unsigned =
    input['acknowledgmentSigned'] === false ||
    input['signed'] === false ||
    /oral|spoken/.test(asText(input['acknowledgmentForm'] ?? input['form']));
  return Object.entries(input)
    .filter(
      ([member]) =>
        /payment|restart|^events$/i.test(member) || (!unsigned && /acknowledge?ment|acknowledged/i.test(member)),
    )
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((one: unknown) => (typeof one === 'object' && one !== null ? restartsOf(one as Input) : [one]))
    .filter((one): one is string => typeof one === 'string' && /^\d{4}-\d{2}-\d{2}/.test(one))
    .map((one) => calendarDate(one.slice(0, 10)));
}

const restartsOf = (one: Input): unknown[] =>
  one['signed'] === false || /oral|unsigned/.test(`${asText(one['form'])} ${asText(one['type'])}`)
    ? []
    : [one['on'] ?? one['date'] ?? one['at']];

function retentionUnder(duties: readonly string[], input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const rule = computation(
    book,
    on,
    (one) => 'yearsByDuty' in one.parameters,
    'how long records are kept under several duties',
  );
  const known = rule.parameters['yearsByDuty'] as Readonly<Record<string, number>>;
  const years = duties.map((duty) => {
    const found = known[duty];
    if (found === undefined) throw new Error(`There is no duty to keep records "${duty}".`);
    return found;
  });
  if (input['legalHold'] === true) return { retainThrough: null };
  return { retainThrough: retainForLongest(day(input, 'from'), years) };
}

const dollars = currency('USD');

// Zero and "none" fill a field, a blank does not.
function amountIn(input: Input, member: string): Money | null {
  const value = text(input, member);
  if (value === undefined || value.trim() === '') return null;
  // Zero, "none" or a sentence that nothing was added are all values (12 CFR 1006.34(c)(2)(viii), comment 1).
  if (/^(none|no|nothing|nil)\b/i.test(value.trim())) return money(0n, dollars);
  const read = parseAmount(value, dollars, { decimal: '.' });
  if (!read.ok) throw new Error(`${member}: ${read.detail}`);
  return read.value;
}

function itemization(input: Input): Record<string, unknown> {
  const parts: Itemization = {
    amountOnItemizationDate: amountIn(input, 'amountOnItemizationDate'),
    interest: amountIn(input, 'interest'),
    fees: amountIn(input, 'fees'),
    payments: amountIn(input, 'payments'),
    credits: amountIn(input, 'credits'),
  };
  const sum = sumItemization(parts);
  return sum.complete
    ? { complete: true, missing: [], currentAmount: formatAmount(sum.currentAmount) }
    : { complete: false, missing: sum.missing };
}

function moratorium(input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const rule = forRegime(book, on, String(input['regime']));
  const days = numberOf(rule, 'days');
  const ended = dayLike(input, /treatment|crisisEnd/i);
  const starts = dayLike(input, /^start/i);
  if (ended !== undefined)
    return { ...(starts !== undefined && { startsOn: starts }), ...moratoriumAfter(ended, days) };
  const registered = dayLike(input, /^(regist|ent(er|ry))|^(date|on)$/i);
  if (starts === undefined && registered === undefined)
    throw new Error('Neither the day of registration nor the first day is given.');
  const period =
    starts === undefined ? standardMoratorium(registered as CalendarDate, days) : moratoriumFrom(starts, days);
  // How long a treatment lasts is not known before it ends.
  if (rule.parameters['afterTreatment'] === true) return { startsOn: period.startsOn, lastDay: null };
  const cancelled = dayLike(input, /^cancel/i);
  const lastDay = cancelled !== undefined && cancelled < period.lastDay ? cancelled : period.lastDay;
  const again = rule.parameters['againAfterMonths'];
  return {
    startsOn: period.startsOn,
    lastDay,
    ...(typeof again === 'number' && { againFrom: addDays(addMonths(lastDay, again), 1) }),
  };
}

const sumOf = (rule: Computation, principal: string): { fixedSum?: string } => {
  const { bands, fixedSumMinor } = rule.parameters;
  if (typeof bands === 'object' && !Array.isArray(bands)) return fixedSum(principal, bands);
  return typeof fixedSumMinor === 'number' ? fixedSum(principal, { 0: fixedSumMinor }) : {};
};

function interest(input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const rule = forRegime(book, on, String(input['regime']));
  const { marginPct, fixedSumOf, referenceRateOf } = rule.parameters;
  const principal = String(input['principal']);
  const fixed = sumOf(typeof fixedSumOf === 'string' ? forRegime(book, on, fixedSumOf) : rule, principal);
  if (marginPct === undefined) return { ...fixed };
  const first = firstDayLate(input, rule);
  const worked = statutoryInterest(
    {
      principal,
      referenceRatePct: text(input, 'referenceRatePct') ?? text(input, 'baseRatePct'),
      baseRates: input['baseRates'] as Record<string, string> | undefined,
      firstDay: first,
      daysLate: daysLate(input, first),
      rounding: /daily/.test(String(input['rounding'])) ? 'daily-first' : 'end',
    },
    {
      marginPct: numberOf(rule, 'marginPct'),
      referenceRateOf: referenceRateOf as InterestTerms['referenceRateOf'],
      daysInYear: daysInYear(input) ?? numberOf(rule, 'daysInYear'),
    },
  );
  return { ...worked, annualInterest: worked.annualAmount, dailyInterest: worked.dailyAmount, ...fixed };
}

/** The first day that bears interest: as given, the day after the debt was due, or after the days the law gives from the later of invoice and delivery. */
function firstDayLate(input: Input, rule: Computation): CalendarDate | undefined {
  const from = dayLike(input, /^(overdue|interest|late)(From|Since|Start)/);
  if (from !== undefined) return from;
  const due = dayLike(input, /^((agreed|payment)Due|due)(On|Date)?$/);
  if (due !== undefined) return addDays(due, 1);
  const begun = Object.keys(input)
    .filter((member) => /^(goods|services)?(invoic|deliver|accept)/i.test(member))
    .map((member) => dayLike({ [member]: input[member] }, /./))
    .filter((one) => one !== undefined)
    .sort()
    .at(-1);
  return begun === undefined ? undefined : addDays(begun, numberOf(rule, 'dueDaysWithoutAgreement') + 1);
}

function daysLate(input: Input, first: CalendarDate | undefined): number {
  if (input['daysLate'] !== undefined) return Number(input['daysLate']);
  const until = dayLike(input, /^(paid|until|through|asOf|calculat|to$|payment(On|Date)$)/);
  if (until === undefined || first === undefined)
    throw new Error('Neither the number of days late nor the days it is reckoned from are given.');
  return Math.max(0, daysBetween(first, until) + 1);
}

function daysInYear(input: Input): InterestTerms['daysInYear'] | undefined {
  if (/\/(ACT|actual)$/i.test(asText(input['dayCount']))) return 'actual';
  const found = /\/(36\d)$/.exec(asText(input['dayCount']));
  return found ? Number(found[1]) : undefined;
}

/** What a limited-content message may say besides, by the rule's names (12 CFR 1006.2(j)(2)). */
const optionalParts: readonly (readonly [RegExp, string])[] = [
  [/^(salutation|greeting)/, 'greeting'],
  [/^(date|time)(_and_time|_time|s)?(_of_(the_)?(message|call))?$/, 'date_time_of_message'],
  [/^suggested_\w*(repl|call|dates?|times?)/, 'suggested_reply_times'],
  [/representative/, 'any_representative'],
];
const optionalPart = (said: string): string =>
  /debt|collect|account|creditor|amount|balance/.test(said)
    ? said
    : (optionalParts.find(([words]) => words.test(said))?.[1] ?? said);

function limitedContent(input: Input, on: string): Record<string, unknown> {
  const { extra } = input;
  return isLimitedContentMessage(
    {
      medium: text(input, 'medium') ?? '',
      forConsumer: input['forConsumer'] === true,
      businessName: text(input, 'businessName') ?? null,
      ...(typeof input['businessNameIndicatesCollection'] === 'boolean' && {
        businessNameIndicatesCollection: input['businessNameIndicatesCollection'],
      }),
      requestsReply: input['requestsReply'] === true,
      contactPersonName: text(input, 'contactPersonName') ?? null,
      callbackNumber: text(input, 'callbackNumber') ?? null,
      extra: Array.isArray(extra) ? extra.map((one) => optionalPart(String(one))) : [],
    },
    shippedContentPacks,
    new Date(`${on}T12:00:00Z`),
  );
}
