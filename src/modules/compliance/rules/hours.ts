import {
  addDays,
  type CalendarDate,
  instantAt,
  localDateOf,
  startOfDay,
  type TimeZone,
  wallOf,
  weekday,
} from '../../../kernel/calendar.ts';
import { dateIn, type EventPattern, matching } from '../condition.ts';
import { eventsOf, type HolidayLookup, type JudgedCase, type JudgedEvent } from '../judged-case.ts';
import type { RuleOf } from '../rule-pack.ts';
import { type Block, defer, deny } from './block.ts';

type HoursRule = RuleOf<'hours'>;

/** A stretch of the day, on some weekdays, up to some date. `from` later than `to` runs past midnight. */
type Stretch = {
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly first: CalendarDate | null;
  readonly through: CalendarDate | null;
};

const everyDay = [1, 2, 3, 4, 5, 6, 7];

function stretchOf(event: JudgedEvent): Stretch {
  const text = (member: string, otherwise: string) => {
    const value = event.fact[member];
    return typeof value === 'string' && /^\d{2}:\d{2}$/.test(value) ? value : otherwise;
  };
  const days = event.fact['weekdays'];
  const weekdays = Array.isArray(days) ? days.filter((one): one is number => typeof one === 'number') : [];
  return {
    weekdays: weekdays.length > 0 ? weekdays : everyDay,
    from: text('from', '00:00'),
    to: text('to', '24:00'),
    first: dateIn(event, 'first'),
    through: dateIn(event, 'through'),
  };
}

function covers(stretch: Stretch, date: CalendarDate, time: string): boolean {
  const on = (day: CalendarDate) =>
    stretch.weekdays.includes(weekday(day)) &&
    (stretch.first === null || day >= stretch.first) &&
    (stretch.through === null || day <= stretch.through);
  if (stretch.from < stretch.to) return on(date) && time >= stretch.from && time < stretch.to;
  return (on(date) && time >= stretch.from) || (on(addDays(date, -1)) && time < stretch.to);
}

/** What opens and closes the day for one person: windows, holidays, wishes and agreements. */
type Timetable = {
  readonly closed: readonly Stretch[];
  readonly agreed: readonly Stretch[];
  /** What is known of the person's own hours, in place of the rule's windows; empty: nothing. */
  readonly own: readonly Stretch[];
  readonly holiday: (date: CalendarDate) => string | null;
};

const inconvenient: EventPattern = {
  types: ['inconvenient_time'],
  about: ['recipient', 'channel'],
  endedBy: { types: ['inconvenient_time_withdrawn'], about: ['recipient'] },
};
// What a person agreed with somebody else binds nobody here: consent does not travel.
const agreed: EventPattern = {
  types: ['time_consent'],
  where: { givenTo: 'this_collector' },
  about: ['recipient', 'channel'],
  endedBy: { types: ['time_consent_revoked'], about: ['recipient'] },
};

function timetable(rule: HoursRule, judged: JudgedCase): Timetable {
  const { wishes, ownHours } = rule.parameters;
  return {
    closed: wishes ? matching(inconvenient, judged).map(stretchOf) : [],
    agreed: wishes ? agreements(rule, judged) : [],
    own: ownHours === undefined ? [] : matching(ownHours, judged).slice(-1).map(stretchOf),
    holiday: holidaysOf(rule, judged.facts, judged.holidayName),
  };
}

// How long before an agreement the call can have begun in which it was come to.
const callLastsMs = 2 * 3_600_000;

/** The call of ours in which an agreement was come to, if there was one. */
function callOf(event: JudgedEvent, judged: JudgedCase): JudgedEvent | undefined {
  const call = eventsOf(judged, ['contact']).findLast(
    (one) => one.ms <= event.ms && event.ms - one.ms <= callLastsMs && one.fact.channel === 'call',
  );
  return call?.fact['direction'] === 'out' ? call : undefined;
}

function wasOpenAt(rule: HoursRule, at: Date, agreedBefore: readonly Stretch[], judged: JudgedCase): boolean {
  const closed = matching(inconvenient, { ...judged, at }).map(stretchOf);
  const table: Timetable = { closed, agreed: agreedBefore, own: [], holiday: () => null };
  return judged.zones.every((zone) => stateAt(rule, table, at, zone).open);
}

/** The times agreed with this collector. What was agreed in a call that should not have been made is worth nothing. */
function agreements(rule: HoursRule, judged: JudgedCase): Stretch[] {
  const valid: Stretch[] = [];
  for (const event of matching(agreed, judged)) {
    const call = callOf(event, judged);
    if (call === undefined || wasOpenAt(rule, new Date(call.ms), valid, judged)) valid.push(stretchOf(event));
  }
  return valid;
}

/** The holidays a rule closes on; nothing for one that knows none. */
export function holidaysOf(
  rule: HoursRule,
  facts: {
    readonly person: { readonly country: string | null; readonly region: string | null };
    readonly client: { readonly country: string };
  },
  holidayName: HolidayLookup,
): (date: CalendarDate) => string | null {
  const { holidays } = rule.parameters;
  if (holidays === undefined) return () => null;
  if (holidays === 'person') {
    // Someone whose country is unknown is taken to keep the client's holidays: one more signal, never fewer.
    const country = facts.person.country ?? facts.client.country;
    return (date) => holidayName(country, facts.person.region, date);
  }
  const { country, region = null, also = [] } = holidays;
  const further = (date: CalendarDate) =>
    also.find(
      (one) =>
        (one.weekday === undefined || one.weekday === weekday(date)) &&
        holidayName(country, region, addDays(date, -one.days)) === one.after,
    );
  return (date) => holidayName(country, region, date) ?? further(date)?.name ?? null;
}

type State = { readonly open: true } | { readonly open: false; readonly why: string };

function stateAt(rule: HoursRule, table: Timetable, at: Date, zone: TimeZone): State {
  const { date, time } = wallOf(at, zone);
  const wish = table.closed.find((one) => covers(one, date, time));
  if (wish) return { open: false, why: `The person asked not to be contacted from ${wish.from} to ${wish.to}.` };
  if (table.agreed.some((one) => covers(one, date, time))) return { open: true };
  const holiday = table.holiday(date);
  if (holiday !== null) return { open: false, why: `${date} is a public holiday (${holiday}) in ${zone}.` };
  if (table.own.length > 0) {
    return table.own.some((one) => covers(one, date, time))
      ? { open: true }
      : { open: false, why: `It is ${time} in ${zone}, outside the hours known of this person there.` };
  }
  const windows = rule.parameters.windows.filter((one) => one.weekdays.includes(weekday(date)));
  if (windows.some((one) => time >= one.opens && time < one.closes)) return { open: true };
  const hours = windows.map((one) => `${one.opens} to ${one.closes}`).join(' and ');
  return {
    open: false,
    why:
      hours === ''
        ? `${date} is not a working day in ${zone}.`
        : `It is ${time} in ${zone}; contact is open from ${hours} there.`,
  };
}

// A year holds an open day under any timetable that can be configured; the bound only keeps a mistake from looping for ever.
const furthestDays = 400;

const isShut = (rule: HoursRule, table: Timetable, date: CalendarDate) =>
  !rule.parameters.windows.some((one) => one.weekdays.includes(weekday(date))) || table.holiday(date) !== null;

// The first showings of a day's times come before the second ones of an hour that is repeated, but for that hour itself.
function firstOpen(
  rule: HoursRule,
  table: Timetable,
  day: { readonly date: CalendarDate; readonly times: readonly string[]; readonly at: Date; readonly zone: TimeZone },
): Date | null {
  const { date, times, at, zone } = day;
  let best: Date | null = null;
  for (const time of times) {
    const first = instantAt(date, time, zone);
    if (best !== null && first >= best) break;
    for (const instant of [first, instantAt(date, time, zone, 'later')]) {
      if (instant > at && (best === null || instant < best) && stateAt(rule, table, instant, zone).open) best = instant;
    }
  }
  return best;
}

/** The first instant after `at` that is open in the zone: every boundary of the coming days is tried, both showings of a repeated hour. */
function nextOpening(rule: HoursRule, table: Timetable, at: Date, zone: TimeZone): Date | null {
  const found = new Set(['00:00']);
  for (const window of rule.parameters.windows) found.add(window.opens);
  for (const stretch of table.closed) found.add(stretch.to);
  for (const stretch of [...table.agreed, ...table.own]) found.add(stretch.from);
  found.delete('24:00');
  const times = [...found].sort();
  const today = localDateOf(at, zone);
  for (let ahead = 0; ahead < furthestDays; ahead += 1) {
    const date = addDays(today, ahead);
    if (table.agreed.length === 0 && table.own.length === 0 && isShut(rule, table, date)) continue;
    const opening = firstOpen(rule, table, { date, times, at, zone });
    if (opening) return opening;
  }
  return null;
}

/** Open inside the windows on the wall of every zone the person may be in; wishes and agreements of the person come first. */
export function hours(rule: HoursRule, judged: JudgedCase): Block[] {
  if (judged.zones.length === 0) {
    return rule.parameters.unknownZone === 'deny'
      ? [deny('The time zone of this person is unknown. Set a country, a region or a time zone.')]
      : [];
  }
  const table = timetable(rule, judged);
  const closed = judged.zones.map((zone) => stateAt(rule, table, judged.at, zone)).find((state) => !state.open);
  if (closed === undefined || closed.open) return [];
  const opening = openEverywhere(rule, table, judged);
  return [opening === null ? deny(`${closed.why} There is no open hour within a year.`) : defer(opening, closed.why)];
}

/** The first instant at which every zone is open: the latest opening is tried again until none is closed. */
function openEverywhere(rule: HoursRule, table: Timetable, judged: JudgedCase): Date | null {
  let at = judged.at;
  for (let tried = 0; tried < furthestDays; tried += 1) {
    const closed = judged.zones.filter((zone) => !stateAt(rule, table, at, zone).open);
    if (closed.length === 0) return at;
    const openings = closed.map((zone) => nextOpening(rule, table, at, zone));
    if (openings.includes(null)) return null;
    at = new Date(Math.max(...openings.map((one) => one?.getTime() ?? 0)));
  }
  return null;
}

/** The rule's own window of one day in one zone, wishes apart; null when the day is closed. */
export function windowOfDay(
  rule: HoursRule,
  date: CalendarDate,
  zone: TimeZone,
  holiday: (date: CalendarDate) => string | null,
): { readonly opens: Date; readonly closes: Date } | null {
  const windows = rule.parameters.windows.filter((one) => one.weekdays.includes(weekday(date)));
  if (windows.length === 0 || holiday(date) !== null) return null;
  const opens = windows.map((one) => instantAt(date, one.opens, zone).getTime());
  const closes = windows.map((one) =>
    (one.closes === '24:00'
      ? startOfDay(addDays(date, 1), zone)
      : instantAt(date, one.closes, zone, 'later')
    ).getTime(),
  );
  return { opens: new Date(Math.min(...opens)), closes: new Date(Math.max(...closes)) };
}
