import type Holidays from 'date-holidays';
import type { CalendarDate } from '../../kernel/calendar.ts';
import type { HolidayLookup } from './judged-case.ts';

let loading: Promise<HolidayLookup> | undefined;

/**
 * Public holidays by country and region. Loaded once per process and on first use: the data takes a fifth of a second to
 * load, which a command that never contacts anybody should not pay. An unknown country has no holidays.
 */
export function holidayCalendar(): Promise<HolidayLookup> {
  loading ??= import('date-holidays').then((loaded) => lookupIn(loaded.default));
  return loading;
}

function lookupIn(Calendar: typeof Holidays): HolidayLookup {
  const years = new Map<string, ReadonlyMap<string, string>>();
  return (country, region, date) => {
    const year = date.slice(0, 4);
    const key = `${country}/${region ?? ''}/${year}`;
    let days = years.get(key);
    if (days === undefined) {
      days = publicHolidays(Calendar, country, region, Number(year));
      years.set(key, days);
    }
    return days.get(date) ?? null;
  };
}

function publicHolidays(
  Calendar: typeof Holidays,
  country: string,
  region: string | null,
  year: number,
): ReadonlyMap<string, string> {
  const calendar = new Calendar();
  // `init` throws nothing for a region it does not know but then knows no country either: fall back to the country alone.
  if (region !== null && calendar.getStates(country)?.[region] !== undefined) calendar.init(country, region);
  else if (calendar.getCountries()[country] !== undefined) calendar.init(country);
  else return new Map();
  const days = new Map<string, string>();
  for (const holiday of calendar.getHolidays(year)) {
    if (holiday.type !== 'public') continue;
    const length = Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / 86_400_000));
    const first = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`);
    for (let day = 0; day < length; day += 1) {
      days.set(new Date(first + day * 86_400_000).toISOString().slice(0, 10) as CalendarDate, holiday.name);
    }
  }
  return days;
}
