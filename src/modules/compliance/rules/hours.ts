import {
  addDays,
  type CalendarDate,
  instantAt,
  localDateOf,
  localTimeOf,
  startOfDay,
  type TimeZone,
  weekday,
} from '../../../kernel/calendar.ts';
import type { RuleOf } from '../rule-pack.ts';
import { type Block, defer, type Question } from './block.ts';

const zonesOf = (question: Question) => question.facts.person.zones as readonly TimeZone[];

/** The first instant after `at` whose wall shows that time on that date; the second showing when the first is over. */
function upcoming(date: CalendarDate, time: string, zone: TimeZone, at: Date): Date {
  const first = instantAt(date, time, zone);
  return first > at ? first : instantAt(date, time, zone, 'later');
}

/** Open from `opens` up to and not including `closes`, on the wall of every zone the person may be in. */
export function quietHours(rule: RuleOf<'quiet_hours'>, question: Question): Block[] {
  const { opens, closes } = rule.parameters;
  return zonesOf(question).flatMap((zone) => {
    const time = localTimeOf(question.at, zone);
    if (time >= opens && time < closes) return [];
    const today = localDateOf(question.at, zone);
    const date = time < opens ? today : addDays(today, 1);
    return [
      defer(
        upcoming(date, opens, zone, question.at),
        `It is ${time} in ${zone}; contact is open from ${opens} to ${closes} there.`,
      ),
    ];
  });
}

/** Why that date is no working day, or null. */
export function closedDay(
  rule: RuleOf<'business_day'>,
  date: CalendarDate,
  country: string,
  question: Pick<Question, 'holidayName'> & { region: string | null },
): string | null {
  if (!rule.parameters.weekdays.includes(weekday(date))) return 'not a working day';
  return rule.parameters.publicHolidays ? question.holidayName(country, question.region, date) : null;
}

// A year holds an open day under any calendar that can be configured; the bound only keeps a mistake from looping for ever.
const longestClosure = 366;

export function businessDay(rule: RuleOf<'business_day'>, question: Question): Block[] {
  const { person, client } = question.facts;
  // Someone whose country is unknown is taken to keep the client's holidays: one more signal, never fewer.
  const country = person.country ?? client.country;
  const calendar = { holidayName: question.holidayName, region: person.region };
  return zonesOf(question).flatMap((zone) => {
    const today = localDateOf(question.at, zone);
    const why = closedDay(rule, today, country, calendar);
    if (why === null) return [];
    let date = addDays(today, 1);
    for (let tried = 0; tried < longestClosure && closedDay(rule, date, country, calendar) !== null; tried += 1)
      date = addDays(date, 1);
    return [
      defer(
        startOfDay(date, zone),
        `${today} is ${why === 'not a working day' ? why : `a public holiday (${why})`} in ${zone}.`,
      ),
    ];
  });
}

type TimeWish = { weekdays: readonly number[]; from: string; to: string };

function readWish(detail: Readonly<Record<string, unknown>>): TimeWish {
  const text = (value: unknown, otherwise: string) =>
    typeof value === 'string' && /^\d{2}:\d{2}$/.test(value) ? value : otherwise;
  const weekdays = Array.isArray(detail['weekdays']) ? detail['weekdays'].filter((day) => typeof day === 'number') : [];
  return {
    weekdays: weekdays.length > 0 ? weekdays : [1, 2, 3, 4, 5, 6, 7],
    from: text(detail['from'], '00:00'),
    to: text(detail['to'], '24:00'),
  };
}

/** Times the person called inconvenient: `{weekdays?, from?, to?}`; a wish whose `from` is later than its `to` runs past midnight. */
export function timeWish(_rule: RuleOf<'time_wish'>, question: Question): Block[] {
  const wishes = question.facts.preferences.filter(
    (wish) =>
      wish.kind === 'inconvenient_time' &&
      (wish.channel === null || wish.channel === question.proposal.channel) &&
      Date.parse(wish.from) <= question.at.getTime(),
  );
  return wishes.flatMap((preference) => {
    const wish = readWish(preference.detail);
    return zonesOf(question).flatMap((zone) => {
      const end = endOfWish(wish, question.at, zone);
      return end === null ? [] : [defer(end, `The person asked not to be contacted from ${wish.from} to ${wish.to}.`)];
    });
  });
}

/** When the wish that covers this instant ends, or null when it does not cover it. */
function endOfWish(wish: TimeWish, at: Date, zone: TimeZone): Date | null {
  const time = localTimeOf(at, zone);
  const today = localDateOf(at, zone);
  const on = (date: CalendarDate) => wish.weekdays.includes(weekday(date));
  const ends = (date: CalendarDate) =>
    wish.to === '24:00' ? startOfDay(addDays(date, 1), zone) : upcoming(date, wish.to, zone, at);
  if (wish.from < wish.to) return on(today) && time >= wish.from && time < wish.to ? ends(today) : null;
  if (on(today) && time >= wish.from) return ends(addDays(today, 1));
  return on(addDays(today, -1)) && time < wish.to ? ends(today) : null;
}
