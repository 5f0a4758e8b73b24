import { addDays, calendarDate, startOfDay, type TimeZone } from '../../kernel/calendar.ts';
import type { Caller } from './caller.ts';

// The calendar ends with the year 9999: its last day has no next one.
const lastWithNext = '9999-12-30';

/** The first instant of a day in the tenant's zone, or of one `plus` days later. */
export const dayBegins = (day: string, caller: Caller, plus = 0): Date =>
  startOfDay(addDays(calendarDate(day > lastWithNext ? lastWithNext : day), plus), caller.timeZone as TimeZone);
