import {
  addDays,
  calendarDate,
  type CalendarDate,
  daysBetween,
  instantAt,
  type TimeZone,
} from '../../../kernel/calendar.ts';

/** The days of a simulation with the instants of each: the run comes at the first, contacts go at each. */
export type Window = {
  readonly from: CalendarDate;
  /** The first day, counted from 1970: draws hang on the day itself. */
  readonly base: number;
  readonly days: readonly CalendarDate[];
  readonly stops: readonly (readonly Date[])[];
  /** When the run of each day comes, in milliseconds. */
  readonly runs: readonly number[];
  /** When contacts go for the last time on each day. */
  readonly ends: readonly number[];
};

/** `count` days from one on; `times` are the hours at which a day's work is done, in the tenant's zone. */
export function windowOf(from: CalendarDate, count: number, zone: TimeZone, times: readonly string[]): Window {
  const days = Array.from({ length: count }, (_none, at) => addDays(from, at));
  const stops = days.map((day) => times.map((time) => instantAt(day, time, zone)));
  const base = daysBetween(calendarDate('1970-01-01'), from);
  const runs = stops.map(([first]) => first?.getTime() ?? 0);
  return { from, base, days, stops, runs, ends: stops.map((all) => all.at(-1)?.getTime() ?? 0) };
}

/** The first day whose run, or whose last contact, comes at or after an instant; the length of the window when none does. */
export function dayOfInstant(window: Window, at: number, by: 'runs' | 'ends' = 'runs'): number {
  const instants = window[by];
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const dayNumber = ({ from }: Window, date: CalendarDate): number => daysBetween(from, date);
