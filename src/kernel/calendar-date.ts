declare const dateBrand: unique symbol;

/** A day of the civil calendar without zone or time, `YYYY-MM-DD`, 1900 to 9999. Compares with `<` as text. */
export type CalendarDate = string & { readonly [dateBrand]: true };

const pad = (n: number, width: number) => String(n).padStart(width, '0');

/** The date of these numbers, or null when there is no such day (31 April, 29 February 2023, year 1899). */
export function dateOf(year: number, month: number, day: number): CalendarDate | null {
  if (!(year >= 1900 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as CalendarDate;
}
