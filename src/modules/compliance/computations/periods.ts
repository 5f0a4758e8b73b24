import { addDays, addMonths, type CalendarDate, weekday } from '../../../kernel/calendar.ts';

/** The last day for something due so many business days after a day; Saturdays, Sundays and the holidays given do not count. */
export function businessDayDeadline(
  receivedOn: CalendarDate,
  businessDays: number,
  isHoliday: (date: CalendarDate) => boolean,
): CalendarDate {
  let on = receivedOn;
  for (let counted = 0; counted < businessDays; ) {
    on = addDays(on, 1);
    if (weekday(on) <= 5 && !isHoliday(on)) counted += 1;
  }
  return on;
}

/** The last day a record must be kept: years after a call for its recording, years after the last collection activity for all else. */
export function retainThrough(
  record: {
    readonly kind: string;
    readonly callOn?: CalendarDate | undefined;
    readonly lastCollectionActivityOn?: CalendarDate | undefined;
  },
  years: { readonly yearsAfterLastActivity: number; readonly yearsAfterCall: number },
): CalendarDate {
  if (record.kind === 'call_recording') {
    if (record.callOn === undefined)
      throw new RangeError('A call recording is kept from the day of its call, which is not given.');
    return addMonths(record.callOn, 12 * years.yearsAfterCall);
  }
  if (record.lastCollectionActivityOn === undefined)
    throw new RangeError('A record is kept from the last collection activity, whose day is not given.');
  return addMonths(record.lastCollectionActivityOn, 12 * years.yearsAfterLastActivity);
}

/** A standard moratorium: it begins the day after entry on the register and lasts so many days, the first included. */
export function standardMoratorium(
  registeredOn: CalendarDate,
  days: number,
): { readonly startsOn: CalendarDate; readonly lastDay: CalendarDate } {
  return moratoriumFrom(addDays(registeredOn, 1), days);
}

/** A moratorium of so many days from its first day. */
export function moratoriumFrom(
  startsOn: CalendarDate,
  days: number,
): { readonly startsOn: CalendarDate; readonly lastDay: CalendarDate } {
  return { startsOn, lastDay: addDays(startsOn, days - 1) };
}

/** The last day of a moratorium that runs so many days beyond the end of a treatment. */
export function moratoriumAfter(treatmentEndedOn: CalendarDate, days: number): { readonly lastDay: CalendarDate } {
  return { lastDay: addDays(treatmentEndedOn, days) };
}

/**
 * The last day to sue: so many years after accrual, its own day not counted; or after the end of the year of accrual. What begins the
 * period anew, such as part payment, does so from its own day, and only while the period still runs.
 */
export function lastDayToSue(
  accruedOn: CalendarDate,
  years: number,
  fromYearEnd: boolean,
  restarts: readonly CalendarDate[] = [],
): CalendarDate {
  const from = fromYearEnd ? (`${accruedOn.slice(0, 4)}-12-31` as CalendarDate) : accruedOn;
  let last = addMonths(from, 12 * years);
  for (const on of [...restarts].sort()) {
    const anew = addMonths(on, 12 * years);
    if (on >= accruedOn && on <= last && anew > last) last = anew;
  }
  return last;
}

/** The last day a record is kept under several duties, the longest of which wins. */
export function retainForLongest(from: CalendarDate, years: readonly number[]): CalendarDate {
  return addMonths(from, 12 * Math.max(...years));
}
