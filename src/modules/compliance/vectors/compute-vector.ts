import { addDays, calendarDate, type CalendarDate } from '../../../kernel/calendar.ts';
import { currency, formatAmount, type Money, money, parseAmount } from '../../../kernel/money.ts';
import {
  businessDayDeadline,
  lastDayToSue,
  moratoriumAfter,
  moratoriumFrom,
  retainThrough,
  standardMoratorium,
} from '../computations/periods.ts';
import { fixedSum, statutoryInterest } from '../computations/statutory-interest.ts';
import { electronicDelivery, electronicSubjectLine } from '../notices/electronic-delivery.ts';
import { type Itemization, sumItemization } from '../notices/itemization.ts';
import { noticeTermsOn } from '../notices/notice-terms.ts';
import { isCountedDay, validationNoticeDeadline, validationPeriod } from '../notices/validation-period.ts';
import type { RuleBook } from '../rule-book.ts';
import type { RuleOf } from '../rule-pack.ts';

type Input = Readonly<Record<string, unknown>>;
type Computation = RuleOf<'computation'>;

/** A scalar member as text; undefined when it is absent, null or anything else. */
const text = (input: Input, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
};
const day = (input: Input, member: string): CalendarDate => calendarDate(text(input, member) ?? '');
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

const forRegime = (book: RuleBook, on: string, regime: string) =>
  computation(book, on, (rule) => rule.parameters['regime'] === regime, regime);

function termsOf(on: CalendarDate) {
  const terms = noticeTermsOn(on);
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
        termsOf(today),
      );
    case 'validationNoticeDeadline':
      return validationNoticeDeadline(day(input, 'initialCommunicationOn'), termsOf(today));
    case 'itemization':
      return itemization(input);
    case 'electronicDelivery':
      return electronicDelivery({
        sentAt: text(input, 'sentAt'),
        bounceAt: text(input, 'bounceAt'),
        undeliverabilityMonitored: input['undeliverabilityMonitored'] === true,
      });
    case 'electronicSubjectLine':
      return electronicSubjectLine({ subjectContains: (input['subjectContains'] as string[] | undefined) ?? [] });
    case 'retention': {
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
        kind: String(input['kind']),
        callOn: dayIfAny(input, 'callOn'),
        lastCollectionActivityOn: dayIfAny(input, 'lastCollectionActivityOn'),
      };
      return { retainThrough: retainThrough(record, years) };
    }
    case 'businessDayDeadline': {
      const terms = termsOf(today);
      return {
        honourBy: businessDayDeadline(
          day(input, 'receivedOn'),
          Number(input['businessDays']),
          (date) => !isCountedDay(date, terms),
        ),
      };
    }
    case 'addDays':
      return { dueBy: addDays(day(input, 'from'), Number(input['days'])) };
    case 'moratoriumPeriod':
      return moratorium(input, book, on);
    case 'limitation': {
      const regime = knownRegime(String(input['regime']), computations(book, on));
      const rule = computation(book, on, (one) => regime in yearsOf(one), regime);
      return {
        lastDayToSue: lastDayToSue(
          day(input, 'accruedOn'),
          yearsOf(rule)[regime] ?? 0,
          rule.parameters['fromYearEnd'] === true,
        ),
      };
    }
    case 'statutoryInterest':
      return interest(input, book, on);
    case 'provision': {
      const member = String(input['member']);
      const rule = computations(book, on).find((one) => one.id === input['rule'] && one.part === input['part']);
      return rule === undefined ? { inForce: false } : { inForce: true, [member]: rule.parameters[member] };
    }
    case 'isLimitedContentMessage':
      return limitedContent(input, book, on);
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

/** The regime by the name a rule gives it: as it stands, or by its place and the kind of contract it speaks of. */
function knownRegime(said: string, rules: readonly Computation[]): string {
  const isKnown = (regime: string) => rules.some((rule) => regime in yearsOf(rule));
  if (isKnown(said)) return said;
  const words = said.toUpperCase().replaceAll('_', '-');
  const place = /^[A-Z]{2}-[A-Z]{2}(?=-)/.exec(words)?.[0];
  const kind = contracts.find(([pattern]) => pattern.test(words.slice(place?.length ?? 0)))?.[1];
  const regime = place === undefined || kind === undefined ? words : `${place}-${kind}`;
  return isKnown(regime) ? regime : said;
}

const yearsOf = (rule: Computation): Readonly<Record<string, number>> => {
  const { years } = rule.parameters;
  return typeof years === 'object' && !Array.isArray(years) ? years : {};
};

const dollars = currency('USD');

// Zero and "none" fill a field, a blank does not.
function amountIn(input: Input, member: string): Money | null {
  const value = text(input, member);
  if (value === undefined || value.trim() === '') return null;
  if (/^none\b/i.test(value.trim())) return money(0n, dollars);
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
  const ended = dayIfAny(input, 'treatmentEndedOn');
  if (ended !== undefined) return moratoriumAfter(ended, days);
  const starts = dayIfAny(input, 'startsOn') ?? dayIfAny(input, 'startedOn');
  const registered = dayIfAny(input, 'registeredOn') ?? dayIfAny(input, 'enteredOn') ?? dayIfAny(input, 'date');
  if (starts !== undefined) return moratoriumFrom(starts, days);
  if (registered === undefined) throw new Error('Neither the day of registration nor the first day is given.');
  return standardMoratorium(registered, days);
}

function interest(input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const rule = forRegime(book, on, String(input['regime']));
  const principal = String(input['principal']);
  const { bands, fixedSumMinor, marginPct } = rule.parameters;
  const fixed =
    typeof bands === 'object' && !Array.isArray(bands)
      ? fixedSum(principal, bands)
      : typeof fixedSumMinor === 'number'
        ? fixedSum(principal, { 0: fixedSumMinor })
        : {};
  if (marginPct === undefined) return { ...fixed };
  const worked = statutoryInterest(
    {
      principal,
      referenceRatePct: text(input, 'referenceRatePct') ?? (rule.parameters['fixedRate'] === true ? '0' : undefined),
      baseRates: input['baseRates'] as Record<string, string> | undefined,
      overdueFrom: text(input, 'overdueFrom'),
      daysLate: Number(input['daysLate']),
      rounding: /daily/.test(String(input['rounding'])) ? 'daily-first' : 'end',
    },
    {
      marginPct: numberOf(rule, 'marginPct'),
      halfYears: rule.parameters['halfYears'] === true,
      daysInYear: daysInYear(input) ?? numberOf(rule, 'daysInYear'),
    },
  );
  return { ...worked, ...fixed };
}

function daysInYear(input: Input): number | undefined {
  const found = /\/(36\d)$/.exec(text(input, 'dayCount') ?? '');
  return found ? Number(found[1]) : undefined;
}

function limitedContent(input: Input, book: RuleBook, on: string): Record<string, unknown> {
  const rule = computation(book, on, (one) => 'media' in one.parameters, 'limited content');
  const list = (member: string) => (rule.parameters[member] as string[] | undefined) ?? [];
  const given = (member: string) => (text(input, member) ?? '').trim() !== '';
  const extra = (input['extra'] as string[] | undefined) ?? [];
  return {
    isLimitedContent:
      list('media').includes(String(input['medium'])) &&
      input['forConsumer'] === true &&
      given('businessName') &&
      input['businessNameIndicatesCollection'] === false &&
      input['requestsReply'] === true &&
      given('contactPersonName') &&
      given('callbackNumber') &&
      extra.every((one) => list('optional').includes(one)),
  };
}
