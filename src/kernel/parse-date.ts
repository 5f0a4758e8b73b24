import { type CalendarDate, dateOf } from './calendar-date.ts';
import { type Result, ok, refuse } from './result.ts';

type Parts = { year: number; month: number; day: number };
type Reader = (text: string) => Parts | null;

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const clockTime = String.raw`(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?`;

function numbers(pattern: string, order: readonly (keyof Parts)[]): Reader {
  const compiled = new RegExp(`^${pattern}${clockTime}$`);
  return (text) => {
    const found = compiled.exec(text);
    if (!found) return null;
    const parts: Parts = { year: 0, month: 0, day: 0 };
    order.forEach((part, index) => {
      parts[part] = Number(found[index + 1]);
    });
    return parts;
  };
}

const named = /^(\d{1,2})[-/ .]([A-Za-z]{3,9})\.?[-/ .,]*(\d{2}|\d{4})$/;

function readNamed(text: string): Parts | null {
  const found = named.exec(text);
  const name = found?.[2]?.toLowerCase() ?? '';
  const month = monthNames.findIndex((short) => name.startsWith(short)) + 1;
  return found && month > 0 ? { day: Number(found[1]), month, year: Number(found[3]) } : null;
}

/** Days since 1899-12-30, as Excel's 1900 system counts them from 1900-03-01 on; a fraction is the time of day. */
function readExcelSerial(text: string): Parts | null {
  if (!/^\d{1,7}(\.\d+)?$/.test(text)) return null;
  const serial = Math.floor(Number(text));
  // Serials up to 60 lie before 1900-03-01, where Excel counts a 29 February 1900 that never was.
  if (serial < 61) return null;
  const date = new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const slash = String.raw`(\d{1,2})/(\d{1,2})/(\d{4})`;
const readers = {
  'YYYY-MM-DD': numbers(String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`, ['year', 'month', 'day']),
  'M/D/YYYY': numbers(slash, ['month', 'day', 'year']),
  'D/M/YYYY': numbers(slash, ['day', 'month', 'year']),
  'M/D/YY': numbers(String.raw`(\d{1,2})/(\d{1,2})/(\d{2})`, ['month', 'day', 'year']),
  'D/M/YY': numbers(String.raw`(\d{1,2})/(\d{1,2})/(\d{2})`, ['day', 'month', 'year']),
  'YYYY/M/D': numbers(String.raw`(\d{4})/(\d{1,2})/(\d{1,2})`, ['year', 'month', 'day']),
  'DD-MM-YYYY': numbers(String.raw`(\d{1,2})-(\d{1,2})-(\d{4})`, ['day', 'month', 'year']),
  'MM-DD-YYYY': numbers(String.raw`(\d{1,2})-(\d{1,2})-(\d{4})`, ['month', 'day', 'year']),
  'DD.MM.YYYY': numbers(String.raw`(\d{1,2})\.(\d{1,2})\.(\d{4})`, ['day', 'month', 'year']),
  'DD.MM.YY': numbers(String.raw`(\d{1,2})\.(\d{1,2})\.(\d{2})`, ['day', 'month', 'year']),
  'DD-Mon-YY': readNamed,
  YYYYMMDD: numbers(String.raw`(\d{4})(\d{2})(\d{2})`, ['year', 'month', 'day']),
  'excel-serial': readExcelSerial,
} as const satisfies Readonly<Record<string, Reader>>;

/** How a column writes its dates. A time of day after the date is allowed and ignored. */
export type DateFormat = keyof typeof readers;

/** Every format we read. */
export const dateFormats = Object.keys(readers) as readonly DateFormat[];

/**
 * Reads a date in one stated format. Two-digit years fall in the hundred years that end at `lastYear` (default 2069,
 * as POSIX and Excel-like tools do: 69 → 2069, 70 → 1970). Refuses: `unreadable_date`, `no_such_day`.
 */
export function parseDate(
  text: string,
  format: DateFormat,
  options: { lastYear?: number } = {},
): Result<CalendarDate, 'unreadable_date' | 'no_such_day'> {
  const parts = readers[format](text.trim());
  const shown = `"${text.slice(0, 40)}"`;
  if (!parts) return refuse('unreadable_date', `${shown} is not a date written as ${format}.`);
  const lastYear = options.lastYear ?? 2069;
  const year = parts.year >= 100 ? parts.year : lastYear - ((((lastYear - parts.year) % 100) + 100) % 100);
  const date = dateOf(year, parts.month, parts.day);
  return date ? ok(date) : refuse('no_such_day', `${shown} read as ${format} is not a day of the calendar.`);
}

/**
 * The formats in which every sample is a real day; blank samples are skipped, and nothing fits when all are blank.
 * More than one answer means ambiguous: the person is asked, we never guess.
 */
export function dateFormatsFitting(samples: readonly string[]): DateFormat[] {
  const written = samples.filter((sample) => sample.trim() !== '');
  if (written.length === 0) return [];
  return dateFormats.filter((format) => written.every((sample) => parseDate(sample, format).ok));
}
