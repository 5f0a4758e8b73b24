import {
  addDays,
  type CalendarDate,
  localDateOf,
  startOfDay,
  type TimeZone,
  weekday,
} from '../../../kernel/calendar.ts';
import { type EventPattern, isMeant, matching } from '../condition.ts';
import { dayOf, eventsOf, type JudgedCase, type JudgedEvent } from '../judged-case.ts';
import type { RuleOf } from '../rule-pack.ts';
import { type Block, defer } from './block.ts';

// No window of law is longer; the bound only keeps a mistake from looping for ever.
const furthestDays = 800;

/** The block of the zone that opens last: the act must fit the days of every zone the person may be in. */
function latest(zones: readonly TimeZone[], blockIn: (zone: TimeZone) => Block | null): Block[] {
  const blocks = zones.map(blockIn).filter((block) => block !== null);
  blocks.sort((a, b) => (b.notBefore?.getTime() ?? 0) - (a.notBefore?.getTime() ?? 0));
  return blocks.slice(0, 1);
}

/** At most `limit` of the counted events in any window of local calendar days, the proposed act included. Days, never 24-hour blocks. */
export function cap(rule: RuleOf<'cap'>, judged: JudgedCase): Block[] {
  const { limit, windowDays, counts, since, consented } = rule.parameters;
  const now = judged.at.getTime();
  const first = since === undefined ? undefined : matching(since, judged)[0];
  if (since !== undefined && first === undefined) return [];
  const types = counts.flatMap((pattern) => pattern.types);
  const counted = eventsOf(judged, types).filter(
    (event) =>
      event.ms <= now &&
      !event.misdirected &&
      (first === undefined || event.ms > first.ms) &&
      counts.some((pattern) => isMeant(pattern, event, judged)),
  );
  if (counted.length < limit) return [];
  const consents = consented === undefined ? [] : callConsents(judged, consented.days);
  return latest(judged.zones, (zone) => {
    const given = consents.map((one) => windowIn(one, zone));
    const today = localDateOf(judged.at, zone);
    if (given.some((one) => covers(one, now, today))) return null;
    const days = counted
      .filter((event) => !given.some((one) => covers(one, event.ms, dayOf(event, zone))))
      .map((event) => dayOf(event, zone));
    const from = (date: CalendarDate) =>
      windowDays === undefined ? addDays(date, 1 - weekday(date)) : addDays(date, 1 - windowDays);
    const fits = (date: CalendarDate) => {
      const first = from(date);
      return days.filter((one) => one >= first && one <= date).length < limit;
    };
    if (fits(today)) return null;
    let date = addDays(today, 1);
    for (let tried = 0; tried < furthestDays && !fits(date); tried += 1) date = addDays(date, 1);
    const window = windowDays === undefined ? 'week' : windowDays === 1 ? 'day' : `${windowDays} days`;
    return defer(startOfDay(date, zone), `The limit of ${limit} per ${window} is reached.`, judged.debt?.id ?? null);
  });
}

/** After such an event nothing for `days` local days; the day of the event is day one. */
export function coolDown(rule: RuleOf<'cool_down'>, judged: JudgedCase): Block[] {
  const { days, after, consented } = rule.parameters;
  const now = judged.at.getTime();
  const events = matching(after, judged).filter((event) => !event.misdirected);
  if (events.length === 0) return [];
  const consents = consented === undefined ? [] : callConsents(judged, consented.days);
  return latest(judged.zones, (zone) => {
    const today = localDateOf(judged.at, zone);
    if (consents.some((one) => covers(windowIn(one, zone), now, today))) return null;
    const last = events
      .map((event) => dayOf(event, zone))
      .filter((day) => day <= today)
      .sort()
      .at(-1);
    if (last === undefined) return null;
    const opens = addDays(last, days);
    return today >= opens
      ? null
      : defer(startOfDay(opens, zone), `There was a conversation on ${last}.`, judged.debt?.id ?? null);
  });
}

/** Leave to be called, given to this collector, with the instant at which it ended: by a conversation or by being taken back. */
type CallConsent = { readonly event: JudgedEvent; readonly days: number; readonly endedMs: number };

const callConsent: EventPattern = {
  types: ['call_consent'],
  where: { givenTo: 'this_collector' },
  about: ['debt', 'recipient'],
};
const endOfCallConsent: EventPattern = {
  types: ['conversation', 'call_consent_revoked'],
  about: ['debt', 'recipient'],
};

function callConsents(judged: JudgedCase, days: number): CallConsent[] {
  return matching(callConsent, judged).map((event) => {
    const later = eventsOf(judged, endOfCallConsent.types).filter((one) => one.ms > event.ms);
    const end = later.find((one) => isMeant(endOfCallConsent, one, judged));
    if (end === undefined) return { event, days, endedMs: Number.POSITIVE_INFINITY };
    // The conversation that ends a consent was itself reached by a call placed under it; nothing is placed at the instant it is taken back.
    return { event, days, endedMs: end.fact.type === 'conversation' ? end.ms : end.ms - 1 };
  });
}

type ConsentWindow = {
  readonly fromMs: number;
  readonly first: string;
  readonly last: string;
  readonly endedMs: number;
};

/** The local days of a consent: those of the period the person named, never more than the law's. */
function windowIn({ event, days, endedMs }: CallConsent, zone: TimeZone): ConsentWindow {
  const received = dayOf(event, zone);
  const longest = addDays(received, days - 1);
  const named = (member: string) =>
    typeof event.fact[member] === 'string' ? (event.fact[member] as string).slice(0, 10) : null;
  const only = named('validOn');
  const through = only ?? named('through');
  return {
    fromMs: event.ms,
    first: only ?? received,
    last: through === null || through > longest ? longest : through,
    endedMs,
  };
}

const covers = (window: ConsentWindow, ms: number, day: string) =>
  ms >= window.fromMs && day >= window.first && day <= window.last && ms <= window.endedMs;
