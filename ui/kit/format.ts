// Everything a person reads as a number, a date or money passes through here, in the tenant's locale. Amounts are exact:
// minor units travel as text and reach Intl as decimal text, never as a float.

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let found = numberFormats.get(key);
  if (found === undefined) numberFormats.set(key, (found = new Intl.NumberFormat(locale, options)));
  return found;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = dateFormats.get(key);
  if (found === undefined) dateFormats.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

/** Decimal places of a currency, as Intl knows them (JPY 0, EUR 2, KWD 3). */
export function exponentOf(currency: string): number {
  try {
    return numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Minor units as plain decimal text: ('-1205', 'EUR') is '-12.05'. */
export function decimalText(minor: string | bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const value = BigInt(minor);
  const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(digits.length - exponent)}`;
  return value < 0n ? `-${text}` : text;
}

/** What a person typed, as minor units; null when it is not an amount of this currency. Accepts 1,234.50 and 1.234,50. */
export function parseMinor(text: string, currency: string): string | null {
  const exponent = exponentOf(currency);
  const compact = text.replaceAll(/[\s'’\u00a0\u202f]/g, '');
  const shape = /^(?<sign>-?)(?<whole>\d{1,3}(?:[.,]\d{3})*|\d+)(?:(?<mark>[.,])(?<rest>\d{1,3}))?$/.exec(compact);
  if (shape?.groups === undefined) return null;
  const { whole = '', rest = '', mark } = shape.groups;
  const marks = new Set(whole.replaceAll(/\d/g, ''));
  // One kind of mark groups thousands, and the decimal mark is the other kind.
  if (marks.size > 1 || (mark !== undefined && marks.has(mark))) return null;
  if (rest.length > exponent) return null;
  return `${shape.groups.sign ?? ''}${BigInt(whole.replaceAll(/[.,]/g, '') + rest.padEnd(exponent, '0'))}`;
}

export type MoneyShape = 'plain' | 'whole' | 'compact';

/** The figure alone, without its currency; the caller shows that beside it. */
export function moneyFigure(
  locale: string,
  minor: string | bigint,
  currency: string,
  shape: MoneyShape = 'plain',
): string {
  const exponent = exponentOf(currency);
  const text = decimalText(minor, currency) as `${number}`;
  if (shape === 'compact')
    return numberFormat(locale, { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(
      text,
    );
  const digits = shape === 'whole' ? 0 : exponent;
  return numberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(text);
}

export function count(locale: string, value: number | bigint): string {
  return numberFormat(locale, {}).format(value);
}

export function percent(locale: string, share: number, digits = 0): string {
  return numberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

export function decimal(locale: string, value: number, digits: number): string {
  return numberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// A calendar date has no zone: it is read as noon UTC and printed in UTC so that no browser shifts it by a day.
const noon = (date: string) => new Date(`${date}T12:00:00Z`);

export function day(locale: string, date: string, form: 'short' | 'long' | 'tiny' = 'short'): string {
  const shared = { timeZone: 'UTC' } as const;
  if (form === 'tiny') return dateFormat(locale, { ...shared, day: 'numeric', month: 'short' }).format(noon(date));
  if (form === 'long')
    return dateFormat(locale, { ...shared, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
      noon(date),
    );
  return dateFormat(locale, { ...shared, day: 'numeric', month: 'short', year: 'numeric' }).format(noon(date));
}

/** 8:30 AM, but 08:30 where the day has 24 hours. */
function timeOfDay(locale: string): Intl.DateTimeFormatOptions {
  const halves = dateFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 === true;
  return { hour: halves ? 'numeric' : '2-digit', minute: '2-digit' };
}

export function instant(
  locale: string,
  timeZone: string,
  at: string,
  form: 'full' | 'time' | 'day' | 'exact' = 'full',
): string {
  const when = new Date(at);
  if (form === 'time') return dateFormat(locale, { timeZone, ...timeOfDay(locale) }).format(when);
  if (form === 'day')
    return dateFormat(locale, { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).format(when);
  if (form === 'exact') return dateFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'long' }).format(when);
  return dateFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...timeOfDay(locale),
  }).format(when);
}

/** A time of day without a date, given as HH:MM. */
export function clock(locale: string, time: string): string {
  return instant(locale, 'UTC', `2000-01-01T${time}:00Z`, 'time');
}

/** The calendar date an instant falls on in a zone, as YYYY-MM-DD. */
export function dateIn(timeZone: string, at: string): string {
  return dateFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);
}

export function addDays(date: string, days: number): string {
  return new Date(noon(date).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** "in 3 days", "2 weeks ago": for hovers only, never instead of the date. */
export function relativeDays(locale: string, from: string, to: string): string {
  const days = daysBetween(from, to);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(days) >= 365) return format.format(Math.trunc(days / 365), 'year');
  if (Math.abs(days) >= 60) return format.format(Math.trunc(days / 30), 'month');
  if (Math.abs(days) >= 14) return format.format(Math.trunc(days / 7), 'week');
  return format.format(days, 'day');
}

export function fileSize(locale: string, bytes: number): string {
  if (bytes >= 1_000_000) return `${decimal(locale, bytes / 1_000_000, 1)} MB`;
  if (bytes >= 1000) return `${decimal(locale, bytes / 1000, 0)} kB`;
  return `${bytes} B`;
}
