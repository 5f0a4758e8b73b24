import { addDays, type CalendarDate, calendarDate, lastOfMonth, weekday } from '../../../kernel/calendar.ts';
import type { HolidayRule, ValidationTerms } from './notice-terms.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** The day a holiday falls on in a year: the date itself, never its substitute weekday. Null where the month has no such day. */
export function holidayDate(rule: HolidayRule, year: number): CalendarDate | null {
  const first = calendarDate(`${year}-${two(rule.month)}-01`);
  const last = lastOfMonth(first);
  if ('day' in rule) {
    const on = addDays(first, rule.day - 1);
    return on <= last ? on : null;
  }
  if (rule.nth === 0) return null;
  const on =
    rule.nth > 0
      ? addDays(first, ((rule.weekday - weekday(first) + 7) % 7) + 7 * (rule.nth - 1))
      : addDays(last, -(((weekday(last) - rule.weekday + 7) % 7) + 7 * (-rule.nth - 1)));
  return on >= first && on <= last ? on : null;
}

/** Whether a day counts towards assumed receipt. */
export function isCountedDay(on: CalendarDate, terms: ValidationTerms): boolean {
  if (terms.skippedWeekdays.includes(weekday(on))) return false;
  const year = Number(on.slice(0, 4));
  return !terms.holidays.some((rule) => holidayDate(rule, year) === on);
}

export type ValidationPeriod = { readonly receiptDate: CalendarDate; readonly endDate: CalendarDate };

/**
 * The validation period of a notice given on a day (12 CFR 1006.34(b)(5)): receipt is assumed on the fifth counted day after it
 * unless it is known, and the period ends thirty calendar days later. A notice sent again is asked about anew.
 */
export function validationPeriod(
  given: { readonly providedOn: CalendarDate; readonly receivedOn?: CalendarDate | null | undefined },
  terms: ValidationTerms,
): ValidationPeriod {
  const receiptDate = given.receivedOn ?? assumedReceipt(given.providedOn, terms);
  return { receiptDate, endDate: addDays(receiptDate, terms.periodDays) };
}

function assumedReceipt(providedOn: CalendarDate, terms: ValidationTerms): CalendarDate {
  let on = providedOn;
  for (let counted = 0; counted < terms.assumedReceiptDays; ) {
    on = addDays(on, 1);
    if (isCountedDay(on, terms)) counted += 1;
  }
  return on;
}

/** The last day on which the notice may still go out: calendar days, weekends not excluded (12 CFR 1006.34(a)(1)(i)(B)). */
export function validationNoticeDeadline(
  initialCommunicationOn: CalendarDate,
  terms: Pick<ValidationTerms, 'sendWithinDays'>,
): { readonly sendBy: CalendarDate } {
  return { sendBy: addDays(initialCommunicationOn, terms.sendWithinDays) };
}
