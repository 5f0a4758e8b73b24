import { type DateFormat, dateFormats, parseDate } from '../../kernel/calendar.ts';
import { currency, parseAmount, parseCurrency } from '../../kernel/money.ts';
import { type AmountFormat, amountFormats } from './mapping.ts';

/** What the sampled values of one column look like. */
export type ColumnProfile = {
  readonly header: string;
  /** Share of sampled rows with a value, 0-1. */
  readonly filled: number;
  readonly distinct: number;
  readonly samples: readonly string[];
  /** Date formats in which every sample is a day; more than one means the person is asked. */
  readonly dateFormats: readonly DateFormat[];
  /** Ways of writing amounts in which every sample can be read; two means it cannot be told. */
  readonly amountFormats: readonly AmountFormat[];
  readonly allWholeNumbers: boolean;
  readonly emailShare: number;
  readonly currencyShare: number;
};

const shown = 5;

/** Profiles every column over the sampled rows. */
export function profileColumns(headers: readonly string[], rows: readonly (readonly string[])[]): ColumnProfile[] {
  return headers.map((header, index) => {
    const values = rows.map((row) => (row[index] ?? '').trim()).filter((value) => value !== '');
    const distinct = [...new Set(values)];
    const share = (test: (value: string) => boolean) =>
      distinct.length === 0 ? 0 : distinct.filter(test).length / distinct.length;
    return {
      header,
      filled: rows.length === 0 ? 0 : values.length / rows.length,
      distinct: distinct.length,
      samples: distinct.slice(0, shown),
      dateFormats: plausibleDates(header, distinct),
      amountFormats: amountFormatsFitting(distinct),
      allWholeNumbers: distinct.length > 0 && distinct.every((value) => /^[-+]?\d{1,6}(\.0+)?$/.test(value)),
      emailShare: share((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)),
      currencyShare: share((value) => /^[A-Za-z]{3}$/.test(value) && parseCurrency(value).ok),
    };
  });
}

const dateWords = /date|datum|due|paid|settled|created|issued|received|on$|fällig|valuta|échéance|echeance/i;

/** A whole number is a spreadsheet's day count only where the header speaks of a date; nearly all numbers would "fit". */
function plausibleDates(header: string, values: readonly string[]): DateFormat[] {
  const fitting = mostlyFitting(dateFormats, values, (format, value) => parseDate(value, format).ok);
  return fitting.filter(
    (format) =>
      format !== 'excel-serial' ||
      (fitting.length === 1 && dateWords.test(header) && values.every((value) => Number(value) > 20_000)),
  );
}

const nearlyAll = 0.9;

/** The readings in which every value makes sense; where there is none, those in which nine of ten do: a few bad cells are normal. */
function mostlyFitting<T>(
  readings: readonly T[],
  values: readonly string[],
  fits: (reading: T, value: string) => boolean,
): T[] {
  if (values.length === 0) return [];
  const shares = readings.map((reading) => ({
    reading,
    share: values.filter((value) => fits(reading, value)).length / values.length,
  }));
  const whole = shares.filter(({ share }) => share === 1);
  return (whole.length > 0 ? whole : shares.filter(({ share }) => share >= nearlyAll)).map(({ reading }) => reading);
}

// A currency with three decimals lets "1.234" pass both as a grouped thousand and as a fraction, which is the doubt to find.
const widest = currency('KWD');

function amountFormatsFitting(values: readonly string[]): AmountFormat[] {
  const bare = values.map((value) => value.replace(/^\s*(\p{Sc}|[A-Z]{3})\s*|\s*(\p{Sc}|[A-Z]{3})\s*$/gu, ''));
  const found = mostlyFitting(
    amountFormats,
    bare,
    (format, value) =>
      parseAmount(value, widest, { decimal: format === '1,234.56' ? '.' : ',', excess: 'float-noise' }).ok,
  );
  // Without any mark in it a number reads the same both ways, and there is nothing to ask.
  return found.length === 2 && bare.every((value) => !/[.,]/.test(value)) ? ['1,234.56'] : found;
}
