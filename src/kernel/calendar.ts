import { type CalendarDate, dateOf } from './calendar-date.ts';
import { type Result, ok, refuse } from './result.ts';

export { type CalendarDate, dateOf } from './calendar-date.ts';
export { dateFormats, type DateFormat, dateFormatsFitting, parseDate } from './parse-date.ts';
export {
  instantAt,
  localDateOf,
  localTimeOf,
  parseTimeZone,
  startOfDay,
  timeZone,
  type TimeZone,
  wallOf,
} from './time-zone.ts';

const dayMs = 86_400_000;
/** Reads `YYYY-MM-DD` only. Refuses: `unreadable_date`. */
export function parseCalendarDate(text: string): Result<CalendarDate, 'unreadable_date'> {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const date = found && dateOf(Number(found[1]), Number(found[2]), Number(found[3]));
  return date ? ok(date) : refuse('unreadable_date', `"${text.slice(0, 40)}" is not a date; write it as YYYY-MM-DD.`);
}

/** For text already known to be a date (our own rows, constants); throws otherwise. */
export function calendarDate(text: string): CalendarDate {
  const read = parseCalendarDate(text);
  if (!read.ok) throw new RangeError(read.detail);
  return read.value;
}

const toDayNumber = (date: CalendarDate) =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / dayMs;

/** The date `days` later (earlier when negative); throws outside 1900-9999. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date((toDayNumber(date) + days) * dayMs);
  const result = dateOf(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
  if (!result) throw new RangeError(`${date} plus ${days} days is outside the calendar`);
  return result;
}

/** Whole days from one date to another: positive when `to` is later. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return toDayNumber(to) - toDayNumber(from);
}

/** ISO weekday: 1 = Monday … 7 = Sunday. */
export function weekday(date: CalendarDate): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  // Day number 0 (1970-01-01) was a Thursday.
  return (((((toDayNumber(date) + 3) % 7) + 7) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

/** Last day of the date's month. */
export function lastOfMonth(date: CalendarDate): CalendarDate {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  return `${date.slice(0, 8)}${new Date(Date.UTC(year, month, 0)).getUTCDate()}` as CalendarDate;
}

/** Same day of the month `months` later, or that month's last day when it is shorter. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const ordinal = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const first = dateOf(Math.floor(ordinal / 12), (ordinal % 12) + 1, 1);
  if (!first) throw new RangeError(`${date} plus ${months} months is outside the calendar`);
  const last = lastOfMonth(first);
  const same = `${first.slice(0, 8)}${date.slice(8)}` as CalendarDate;
  return same > last ? last : same;
}
