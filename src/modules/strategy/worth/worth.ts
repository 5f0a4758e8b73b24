import { addDays, type CalendarDate, daysBetween, startOfDay, type TimeZone } from '../../../kernel/calendar.ts';
import { type Currency, exponentOf, formatAmount, formatMoney, money } from '../../../kernel/money.ts';
import type { Facts } from '../../accounts/public.ts';
import { unitsAt } from '../../ledger/public.ts';
import type { Act, Weights } from './weights.ts';

/** What of an account decides what it is worth to work it. */
export type WorthFacts = Pick<
  Facts,
  | 'balanceMinor'
  | 'creditMinor'
  | 'currency'
  | 'oldestOpenDueOn'
  | 'promisesKept'
  | 'promisesBroken'
  | 'lastContactAt'
  | 'lastConversationAt'
  | 'hasPhone'
  | 'hasEmail'
>;

/** The day on which worth is reckoned, and in whose money. */
export type WorthDay = { readonly today: CalendarDate; readonly zone: TimeZone; readonly reporting: Currency };

/** No worth is kept above this, far above any real one. */
export const mostWorth = 9_000_000_000_000_000_000n;

/** Worth is kept in thousandths, so that small accounts are still told apart. */
export const worthScale = 1_000n;

/** A weight that applied, in per cent, with what it is about. */
type Factor = { readonly percent: number; readonly words: string };

export type Worth = {
  /** Thousandths of the money expected for one unit of money spent. */
  readonly priority: bigint;
  readonly factors: readonly Factor[];
};

/**
 * What it is worth to do `act` about an account now: what is owed in whole units of the reporting currency (at `rate`, one for one
 * without one), times the chance, times the effect of a contact, divided by its cost. Equal to the SQL of worth.sql.ts.
 */
export function worthOf(facts: WorthFacts, act: Act, weights: Weights, day: WorthDay, rate: string | null): Worth {
  const owed = owedOf(facts);
  const factors = [
    chanceOf(facts, weights, day),
    promisesOf(facts, weights),
    { percent: weights.acts[act].effect, words: `effect of ${actWords[act]}` },
    contactOf(facts, weights, day),
    ...reachOf(facts, act, weights),
  ];
  const parts = factors.reduce((product, { percent }) => product * BigInt(percent), 1n);
  const whole = 100n ** BigInt(factors.length);
  const gain =
    unitsAt(money(owed, facts.currency), rate) * parts * worthScale * 10n ** BigInt(exponentOf(day.reporting));
  const priority = gain / (whole * BigInt(weights.acts[act].costMinor));
  return { priority: priority < mostWorth ? priority : mostWorth, factors };
}

const owedOf = ({ balanceMinor, creditMinor }: WorthFacts): bigint =>
  balanceMinor > creditMinor ? balanceMinor - creditMinor : 0n;

const actWords: Readonly<Record<Act, string>> = {
  call: 'a call',
  call_back: 'a call that was agreed',
  escalation: 'a decision by a manager',
  review: 'a review',
  email: 'an e-mail',
};

function chanceOf({ oldestOpenDueOn }: WorthFacts, { chance }: Weights, { today }: WorthDay): Factor {
  const age = oldestOpenDueOn === null ? null : daysBetween(oldestOpenDueOn, today);
  const bucket = (age === null ? undefined : chance.findLast((one) => one.fromDay <= age)) ?? chance[0];
  const words =
    age === null || age <= 0 ? 'nothing is past due yet' : `the oldest item is ${counted(age, 'day', 'days')} past due`;
  return { percent: bucket?.percent ?? 0, words: `chance: ${words}` };
}

function promisesOf({ promisesKept: kept, promisesBroken: broken }: WorthFacts, { promises }: Weights): Factor {
  if (kept > 0 && broken > 0)
    return { percent: promises.both, words: `${counted(kept, 'promise', 'promises')} kept and ${broken} broken` };
  if (broken > 0)
    return { percent: promises.broken, words: `${counted(broken, 'promise', 'promises')} broken, none kept` };
  if (kept > 0) return { percent: promises.kept, words: `${counted(kept, 'promise', 'promises')} kept, none broken` };
  return { percent: 100, words: 'no promise has been kept or broken' };
}

/** Since when a contact is recent and a conversation counts. */
export function contactSince({ contact }: Weights, { today, zone }: WorthDay): { recent: Date; spoken: Date } {
  const begin = (days: number) => startOfDay(addDays(today, -days), zone);
  return { recent: begin(contact.recentDays), spoken: begin(contact.spokenDays) };
}

function contactOf({ lastContactAt, lastConversationAt }: WorthFacts, weights: Weights, day: WorthDay): Factor {
  const { contact } = weights;
  const since = contactSince(weights, day);
  if (lastContactAt === null && lastConversationAt === null)
    return { percent: contact.never, words: 'nobody has been in contact yet' };
  if (lastContactAt !== null && lastContactAt >= since.recent)
    return { percent: contact.recent, words: `there was contact within ${counted(contact.recentDays, 'day', 'days')}` };
  if (lastConversationAt !== null && lastConversationAt >= since.spoken)
    return { percent: contact.spoken, words: `a conversation within ${counted(contact.spokenDays, 'day', 'days')}` };
  return { percent: contact.tried, words: `no conversation within ${counted(contact.spokenDays, 'day', 'days')}` };
}

/** Whether the right person is reached; of work that contacts nobody there is no such weight. */
function reachOf({ hasPhone, hasEmail, lastConversationAt }: WorthFacts, act: Act, { reach }: Weights): Factor[] {
  switch (act) {
    case 'escalation':
    case 'review':
      return [];
    case 'email':
      return [
        hasEmail
          ? { percent: 100, words: 'reach: there is an e-mail address' }
          : { percent: reach.none, words: 'reach: there is no e-mail address' },
      ];
    case 'call':
    case 'call_back':
      if (!hasPhone) return [{ percent: reach.none, words: 'reach: there is no phone number' }];
      return lastConversationAt === null
        ? [{ percent: reach.phone, words: 'reach: a phone number on which nobody was spoken with yet' }]
        : [{ percent: reach.spoken, words: 'reach: somebody was spoken with before' }];
  }
}

const counted = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
const asFactor = (percent: number): string => (percent / 100).toFixed(2);

/** Why work stands where it stands: each factor in plain words with its number, and what they come to. */
export function worthReasons(
  facts: WorthFacts,
  act: Act,
  weights: Weights,
  day: WorthDay,
  rate: string | null,
): string[] {
  const { priority, factors } = worthOf(facts, act, weights, day, rate);
  const { reporting } = day;
  const owed = money(owedOf(facts), facts.currency);
  const less =
    facts.creditMinor > 0n ? `, ${formatMoney(money(facts.creditMinor, facts.currency))} of credit taken off` : '';
  const converted =
    facts.currency === reporting
      ? ''
      : rate === null
        ? ` (no rate is known: counted as ${reporting}, one for one)`
        : ` (${reporting} ${unitsAt(owed, rate).toLocaleString('en-US')} at ${rate})`;
  const cost = money(BigInt(weights.acts[act].costMinor), reporting);
  const hundredths = money(priority / (worthScale / 100n), 'USD' as Currency);
  return [
    `${formatMoney(owed)} is open${less}${converted}`,
    ...factors.map(({ percent, words }) => `× ${asFactor(percent)} ${words}`),
    `÷ ${formatMoney(cost)} for ${actWords[act]}`,
    `= ${formatAmount(hundredths, { group: ',' })} expected for each ${reporting} spent`,
  ];
}
