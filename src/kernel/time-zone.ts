import type { CalendarDate } from './calendar-date.ts';
import { type Result, ok, refuse } from './result.ts';

declare const zoneBrand: unique symbol;

/** An IANA zone name this runtime knows, such as `America/New_York`, or `UTC`. */
export type TimeZone = string & { readonly [zoneBrand]: true };

// One formatter costs tens of microseconds to build and under one to use: contact windows ask for millions.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(zone, found);
  }
  return found;
}

/** Refuses (`unknown_zone`) anything that is not `UTC` or an Area/Place name: abbreviations such as EST hide the DST rule. */
export function parseTimeZone(text: string): Result<TimeZone, 'unknown_zone'> {
  if (text === 'UTC') return ok(text as TimeZone);
  const detail = `"${text.slice(0, 40)}" is not a time zone; use a name such as America/New_York.`;
  if (!/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2}$/.test(text)) return refuse('unknown_zone', detail);
  try {
    formatter(text);
    return ok(text as TimeZone);
  } catch {
    return refuse('unknown_zone', detail);
  }
}

/** For text already known to be a zone (our own rows, constants); throws otherwise. */
export function timeZone(text: string): TimeZone {
  const read = parseTimeZone(text);
  if (!read.ok) throw new RangeError(read.detail);
  return read.value;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const asUtc = (wall: string) => Date.parse(`${wall.slice(0, 10)}T${wall.slice(11)}Z`);

/** What Intl shows, to the second: exact and slow. */
const shownOffset = (epochMs: number, zone: TimeZone) =>
  asUtc(formatter(zone).format(new Date(epochMs))) - Math.floor(epochMs / 1000) * 1000;

// Offsets of whole hours that begin and end with the same one: no zone changes its clock twice within an hour. NaN: it changes in this one.
const offsets = new Map<string, Map<number, number>>();
const mostHours = 20_000;

/** Milliseconds the zone's wall is ahead of UTC, to the second. The gate asks about the same few hours again and again. */
function offsetMs(epochMs: number, zone: TimeZone): number {
  const hour = Math.floor(epochMs / hourMs);
  let hours = offsets.get(zone);
  if (hours === undefined) {
    hours = new Map();
    offsets.set(zone, hours);
  }
  let offset = hours.get(hour);
  if (offset === undefined) {
    const first = shownOffset(hour * hourMs, zone);
    offset = first === shownOffset((hour + 1) * hourMs - 1000, zone) ? first : Number.NaN;
    if (hours.size >= mostHours) hours.clear();
    hours.set(hour, offset);
  }
  return Number.isNaN(offset) ? shownOffset(epochMs, zone) : offset;
}

const dates = new Map<number, CalendarDate>();
const mostDates = 20_000;

function dateOfDay(dayNumber: number): CalendarDate {
  let date = dates.get(dayNumber);
  if (date === undefined) {
    date = new Date(dayNumber * dayMs).toISOString().slice(0, 10) as CalendarDate;
    if (dates.size >= mostDates) dates.clear();
    dates.set(dayNumber, date);
  }
  return date;
}

/** What a UTC clock would have to read for the wall of the zone to be right. */
const wallMs = (instant: Date, zone: TimeZone) => instant.getTime() + offsetMs(instant.getTime(), zone);

const twoDigits = (value: number) => (value < 10 ? `0${value}` : String(value));

/** The calendar date in the zone at that instant. */
export function localDateOf(instant: Date, zone: TimeZone): CalendarDate {
  return dateOfDay(Math.floor(wallMs(instant, zone) / dayMs));
}

/** Date and time (`HH:MM`) on the wall of the zone at that instant, for half the price of asking twice. */
export function wallOf(instant: Date, zone: TimeZone): { readonly date: CalendarDate; readonly time: string } {
  const wall = wallMs(instant, zone);
  const day = Math.floor(wall / dayMs);
  const minutes = Math.floor((wall - day * dayMs) / 60_000);
  return { date: dateOfDay(day), time: `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}` };
}

/** The wall time in the zone at that instant, `HH:MM`. */
export function localTimeOf(instant: Date, zone: TimeZone): string {
  return wallOf(instant, zone).time;
}

/**
 * The instant at which the zone's wall shows `date` and `time` (`HH:MM`). A time skipped by a clock change gives the
 * instant of the change; a time that happens twice gives the earlier, or the later when told so.
 */
export function instantAt(
  date: CalendarDate,
  time: string,
  zone: TimeZone,
  whenTwice: 'earlier' | 'later' = 'earlier',
): Date {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new RangeError(`Not a time of day: "${time}"`);
  const wall = asUtc(`${date} ${time}:00`);
  // A day either side brackets every transition, also those that skip or repeat a whole day.
  const before = offsetMs(wall - dayMs, zone);
  const after = offsetMs(wall + dayMs, zone);
  const candidates = [wall - before, wall - after].filter((instant) => instant + offsetMs(instant, zone) === wall);
  if (candidates.length > 0) {
    return new Date(whenTwice === 'earlier' ? Math.min(...candidates) : Math.max(...candidates));
  }
  return new Date(firstWithOffset(after, wall - after, wall - before, zone));
}

/** First instant, to the second, in (low, high] at which the zone has that offset; it must have it at `high`. */
function firstWithOffset(offset: number, low: number, high: number, zone: TimeZone): number {
  let lower = low;
  let upper = high;
  while (upper - lower > 1000) {
    const middle = lower + Math.floor((upper - lower) / 2000) * 1000;
    if (offsetMs(middle, zone) === offset) upper = middle;
    else lower = middle;
  }
  return upper;
}

/** First instant of the date in the zone: usually midnight, later where a clock change skips midnight. */
export function startOfDay(date: CalendarDate, zone: TimeZone): Date {
  return instantAt(date, '00:00', zone);
}
