import { addDays, type CalendarDate, type DateFormat, parseDate, parseTimeZone } from '../../kernel/calendar.ts';
import { type Currency, parseAmount, parseCurrency } from '../../kernel/money.ts';
import { normaliseEmail, normalisePhone } from '../parties/public.ts';
import { readCountry } from './country.ts';
import type { Field } from './fields.ts';
import { type AmountFormat, type FieldSource, isAmountFormat, isDateFormat } from './mapping.ts';

/** What is wrong with one cell, in a sentence that names it and the remedy. */
export type Problem = { readonly field: string; readonly code: string; readonly sentence: string };

/** Reads one field of a record; null when blank or when a problem was noted. */
export type CellReader<T> = (cells: readonly string[], problems: Problem[]) => T | null;

const blanks = new Set(['', 'NULL', 'null', 'N/A', 'n/a', '#N/A', 'NaN']);

/** The cell as text. An apostrophe that guards a spreadsheet from a formula is not part of the value. */
function cellText(cells: readonly string[], index: number): string {
  const text = (cells[index] ?? '').trim();
  if (blanks.has(text)) return '';
  return text.charCodeAt(0) === 39 && /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

/** A source as a function from cells to text. */
function textSource(from: FieldSource, at: ReadonlyMap<string, number>): (cells: readonly string[]) => string {
  const index = (name: string) => at.get(name) ?? -1;
  switch (from.kind) {
    case 'column': {
      const position = index(from.column);
      return (cells) => cellText(cells, position);
    }
    case 'constant':
      return () => from.value.trim();
    case 'concat': {
      const positions = from.columns.map(index);
      return (cells) =>
        positions
          .map((position) => cellText(cells, position))
          .filter((part) => part !== '')
          .join(from.separator);
    }
    case 'first_of': {
      const positions = from.columns.map(index);
      return (cells) => positions.map((position) => cellText(cells, position)).find((part) => part !== '') ?? '';
    }
    case 'add_days':
      throw new TypeError('A date computation is read by dateReader');
  }
}

const quoted = (text: string) => `"${text.slice(0, 60)}${text.length > 60 ? '…' : ''}"`;

/** Text up to the field's length, without characters that cannot be stored or were not readable in the file's encoding. */
export function textReader(field: Field, from: FieldSource, at: ReadonlyMap<string, number>): CellReader<string> {
  const read = textSource(from, at);
  const longest = field.maxLength ?? 300;
  return (cells, problems) => {
    const text = read(cells);
    if (text === '') return null;
    if (text.length > longest) {
      const sentence = `${field.label} is ${text.length.toLocaleString('en')} characters long; at most ${longest} fit. Shorten it.`;
      problems.push({ field: field.name, code: 'too_long', sentence });
      return null;
    }
    if (text.includes('\ufffd') || text.includes('\u0000')) {
      const sentence = `${field.label} ${quoted(text.replaceAll('\u0000', '␀'))} has characters that cannot be read: the file may be written in another encoding.`;
      problems.push({ field: field.name, code: 'unreadable_text', sentence });
      return null;
    }
    return text;
  };
}

const cached = 20_000;

/** A function that remembers what it said for a text: dates and zones repeat a lot within a file. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      if (known.size >= cached) known.clear();
      found = read(text);
      known.set(text, found);
    }
    return found;
  };
}

/** Dates in the format the mapping states; never guessed per row. */
export function dateReader(field: Field, from: FieldSource, at: ReadonlyMap<string, number>): CellReader<CalendarDate> {
  if (from.kind === 'add_days') return computedDate(field, from, at);
  const read = textSource(from, at);
  const format: DateFormat =
    from.kind === 'column' && from.format !== null && isDateFormat(from.format) ? from.format : 'YYYY-MM-DD';
  const parse = remembering((text) => parseDate(text, format));
  return (cells, problems) => {
    const text = read(cells);
    if (text === '') return null;
    const date = parse(text);
    if (date.ok) return date.value;
    problems.push({ field: field.name, code: date.code, sentence: `${field.label}: ${date.detail} Correct it.` });
    return null;
  };
}

function computedDate(
  field: Field,
  from: FieldSource & { kind: 'add_days' },
  at: ReadonlyMap<string, number>,
): CellReader<CalendarDate> {
  const start = dateReader(field, { kind: 'column', column: from.date, format: from.dateFormat }, at);
  const days = textSource({ kind: 'column', column: from.days, format: null }, at);
  return (cells, problems) => {
    const text = days(cells);
    if (text === '') return null;
    const date = start(cells, problems);
    if (date === null) return null;
    if (!/^[-+]?\d{1,5}(\.0+)?$/.test(text)) {
      const sentence = `${field.label} is computed from "${from.days}", but ${quoted(text)} is not a whole number of days.`;
      problems.push({ field: field.name, code: 'unreadable_days', sentence });
      return null;
    }
    return addDays(date, Number(text));
  };
}

/** Amounts need the row's currency first: it decides how many decimals there may be. */
export type AmountReader = (cells: readonly string[], currency: Currency, problems: Problem[]) => bigint | null;

/** Amounts in exact minor units, written as the mapping states. */
export function amountReader(field: Field, from: FieldSource, at: ReadonlyMap<string, number>): AmountReader {
  const read = textSource(from, at);
  const format: AmountFormat =
    from.kind === 'column' && from.format !== null && isAmountFormat(from.format) ? from.format : '1,234.56';
  const decimal = format === '1,234.56' ? '.' : ',';
  return (cells, currency, problems) => {
    const text = read(cells);
    if (text === '') return null;
    const amount = parseAmount(text, currency, { decimal, excess: 'float-noise' });
    if (
      amount.ok &&
      amount.value.amountMinor <= 999_999_999_999_999n &&
      amount.value.amountMinor >= -999_999_999_999_999n
    ) {
      return amount.value.amountMinor;
    }
    const why = amount.ok ? `${quoted(text)} is larger than any amount we keep.` : amount.detail;
    problems.push({
      field: field.name,
      code: amount.ok ? 'amount_too_large' : amount.code,
      sentence: `${field.label}: ${why} Correct it.`,
    });
    return null;
  };
}

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly detail: string };

const readers: Readonly<
  Record<'currency' | 'country' | 'zone' | 'language' | 'email', (text: string) => Parsed<string>>
> = {
  currency: parseCurrency,
  country: readCountry,
  zone: parseTimeZone,
  language(text) {
    if (/^[a-z]{2,3}([-_][a-z0-9]{2,4})?$/i.test(text))
      return { ok: true, value: text.slice(0, text.search(/[-_]|$/)).toLowerCase() };
    return {
      ok: false,
      code: 'unknown_language',
      detail: `${quoted(text)} is not a language code; use one such as en or de.`,
    };
  },
  email(text) {
    const read = normaliseEmail(text);
    if (read.ok) return { ok: true, value: read.value.value };
    if (text.includes('@'))
      return {
        ok: false,
        code: 'bad_email',
        detail: `${quoted(text)} is not one e-mail address; write one address, such as name@example.com.`,
      };
    return {
      ok: false,
      code: 'bad_email',
      detail: `${quoted(text)} has no @, so it is not an e-mail address. Correct it.`,
    };
  },
};

/** Codes, zones, languages and addresses, parsed into their one form. */
export function codeReader(field: Field, from: FieldSource, at: ReadonlyMap<string, number>): CellReader<string> {
  const { type } = field;
  if (type === 'text' || type === 'date' || type === 'amount') throw new TypeError(`${field.name} is not a code`);
  const read = textSource(from, at);
  const parse = remembering(readers[type]);
  return (cells, problems) => {
    const text = read(cells);
    if (text === '') return null;
    const value = parse(text);
    if (value.ok) return value.value;
    problems.push({ field: field.name, code: value.code, sentence: `${field.label}: ${value.detail}` });
    return null;
  };
}

/** A telephone number in international form; national ones are numbers of the row's country. */
export function phoneOf(text: string | null, country: string | null, problems: Problem[]): string | null {
  if (text === null) return null;
  const read = normalisePhone(text, country);
  if (read.ok) return read.value.value;
  problems.push({ field: 'phone', code: read.code, sentence: `Telephone: ${read.detail}` });
  return null;
}
