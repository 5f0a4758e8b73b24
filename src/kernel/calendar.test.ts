import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  calendarDate,
  dateFormatsFitting,
  daysBetween,
  instantAt,
  lastOfMonth,
  localDateOf,
  localTimeOf,
  parseCalendarDate,
  parseDate,
  parseTimeZone,
  startOfDay,
  timeZone,
  weekday,
} from './calendar.ts';

const anyDate = fc
  .integer({ min: 0, max: 60_000 })
  .map((days) => calendarDate(Temporal.PlainDate.from('1950-01-01').add({ days }).toString()));
const zones = [
  'UTC',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Atlantic/Azores',
].map(timeZone);

describe('days', () => {
  it('agrees with Temporal', () => {
    fc.assert(
      fc.property(
        anyDate,
        fc.integer({ min: -15_000, max: 15_000 }),
        fc.integer({ min: -500, max: 500 }),
        (date, n, m) => {
          const plain = Temporal.PlainDate.from(date);
          expect(addDays(date, n)).toBe(plain.add({ days: n }).toString());
          expect(daysBetween(date, addDays(date, n))).toBe(n);
          expect(weekday(date)).toBe(plain.dayOfWeek);
          expect(lastOfMonth(date)).toBe(plain.with({ day: 31 }).toString());
          expect(addMonths(date, m)).toBe(plain.add({ months: m }).toString());
        },
      ),
    );
  });

  it.each(['2023-02-29', '2023-13-01', '2023-00-10', '1899-12-31', '2023-1-1', '2023-01-01 ', '', '20230101'])(
    'refuses %j',
    (text) => {
      expect(parseCalendarDate(text)).toMatchObject({ ok: false, code: 'unreadable_date' });
      expect(() => calendarDate(text)).toThrow();
    },
  );

  it('does not leave the calendar', () => {
    expect(() => addDays(calendarDate('9999-12-31'), 1)).toThrow('outside the calendar');
    expect(() => addMonths(calendarDate('1900-01-01'), -1)).toThrow('outside the calendar');
  });
});

describe('parseDate', () => {
  it.each([
    ['1/31/2013', 'M/D/YYYY', '2013-01-31'],
    ['31/1/2013', 'D/M/YYYY', '2013-01-31'],
    ['05-09-2012 14:33', 'DD-MM-YYYY', '2012-09-05'],
    ['09-05-2012', 'MM-DD-YYYY', '2012-09-05'],
    ['05-Sep-12', 'DD-Mon-YY', '2012-09-05'],
    ['5 september 2012', 'DD-Mon-YY', '2012-09-05'],
    ['05-Sep-69', 'DD-Mon-YY', '2069-09-05'],
    ['05-Sep-70', 'DD-Mon-YY', '1970-09-05'],
    ['2020/3/1', 'YYYY/M/D', '2020-03-01'],
    ['29.02.2024', 'DD.MM.YYYY', '2024-02-29'],
    ['29.02.24', 'DD.MM.YY', '2024-02-29'],
    ['2024-02-29T23:59:59.123Z', 'YYYY-MM-DD', '2024-02-29'],
    ['2024-2-9 1:05 PM', 'YYYY-MM-DD', '2024-02-09'],
    ['20240229', 'YYYYMMDD', '2024-02-29'],
    ['45351', 'excel-serial', '2024-02-29'],
    ['45351.75', 'excel-serial', '2024-02-29'],
    ['61', 'excel-serial', '1900-03-01'],
    [' 1/2/2013 ', 'M/D/YYYY', '2013-01-02'],
  ] as const)('%s as %s is %s', (text, format, want) => {
    expect(parseDate(text, format)).toEqual({ ok: true, value: want });
  });

  it.each([
    ['31/1/2013', 'M/D/YYYY', 'no_such_day'],
    ['2/29/2013', 'M/D/YYYY', 'no_such_day'],
    ['1/31/13', 'M/D/YYYY', 'unreadable_date'],
    ['05-Foo-12', 'DD-Mon-YY', 'unreadable_date'],
    ['60', 'excel-serial', 'unreadable_date'],
    ['-1', 'excel-serial', 'unreadable_date'],
    ['9999999', 'excel-serial', 'no_such_day'],
    ['', 'YYYY-MM-DD', 'unreadable_date'],
    ['2024-02-29 garbage', 'YYYY-MM-DD', 'unreadable_date'],
  ] as const)('refuses %s as %s: %s', (text, format, code) => {
    const read = parseDate(text, format);
    expect(read).toMatchObject({ ok: false, code });
    expect(read.ok ? '' : read.detail).toContain(text);
  });

  it('puts the pivot where it is told', () => {
    expect(parseDate('01-Jan-30', 'DD-Mon-YY', { lastYear: 2029 })).toMatchObject({ value: '1930-01-01' });
    expect(parseDate('01-Jan-29', 'DD-Mon-YY', { lastYear: 2029 })).toMatchObject({ value: '2029-01-01' });
  });

  it.each([
    [
      ['1/2/2013', '3/4/2013'],
      ['M/D/YYYY', 'D/M/YYYY'],
    ],
    [['1/2/2013', '', '1/31/2013'], ['M/D/YYYY']],
    [['1/31/2013', '31/1/2013'], []],
    [['', ' '], []],
    [['20240229', '20240301'], ['YYYYMMDD']],
    [['2024-01-02', '2024-01-03'], ['YYYY-MM-DD']],
  ])('%j could be %j', (samples, want) => {
    expect(dateFormatsFitting(samples)).toEqual(want);
  });
});

describe('zones', () => {
  it.each(['', 'EST', 'Mars/Olympus', '+01:00', 'America/New_York; drop', 'GMT+2'])('refuses %j', (text) => {
    expect(parseTimeZone(text)).toMatchObject({ ok: false, code: 'unknown_zone' });
    expect(() => timeZone(text)).toThrow();
  });

  it.each([
    ['2026-03-08', '02:30', 'America/New_York', 'earlier', '2026-03-08T07:00:00.000Z'],
    ['2026-03-08', '03:00', 'America/New_York', 'earlier', '2026-03-08T07:00:00.000Z'],
    ['2026-03-08', '01:59', 'America/New_York', 'earlier', '2026-03-08T06:59:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', 'earlier', '2026-11-01T05:30:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', 'later', '2026-11-01T06:30:00.000Z'],
    ['2026-07-01', '08:00', 'America/New_York', 'later', '2026-07-01T12:00:00.000Z'],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', 'earlier', '2026-10-03T15:30:00.000Z'],
    ['2011-12-30', '12:00', 'Pacific/Apia', 'earlier', '2011-12-30T10:00:00.000Z'],
  ] as const)('%s %s in %s (%s) is %s', (date, time, zone, whenTwice, want) => {
    expect(instantAt(calendarDate(date), time, timeZone(zone), whenTwice).toISOString()).toBe(want);
  });

  it.each(['24:00', '8:00', '08:60', ''])('throws on time %j', (time) => {
    expect(() => instantAt(calendarDate('2026-01-01'), time, timeZone('UTC'))).toThrow('Not a time of day');
  });

  it('starts the day as Temporal does', () => {
    fc.assert(
      fc.property(anyDate, fc.constantFrom(...zones), (date, zone) => {
        const start = startOfDay(date, zone);
        const theirs = Temporal.PlainDate.from(date).toZonedDateTime(zone);
        expect(start.getTime()).toBe(Math.ceil(theirs.epochMilliseconds / 1000) * 1000);
      }),
      { numRuns: 400 },
    );
  });

  it('finds the wall time again, except where it never was', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(anyDate, minute, fc.constantFrom(...zones), fc.boolean(), (date, m, zone, late) => {
        const time = `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
        const instant = instantAt(date, time, zone, late ? 'later' : 'earlier');
        const plain = Temporal.PlainDateTime.from(`${date}T${time}`);
        const theirs = plain.toZonedDateTime(zone, { disambiguation: late ? 'later' : 'earlier' });
        if (theirs.toPlainDateTime().equals(plain)) {
          expect(instant.getTime()).toBe(theirs.epochMilliseconds);
          expect(localDateOf(instant, zone)).toBe(date);
          expect(localTimeOf(instant, zone)).toBe(time);
        } else {
          const wallAt = (ms: number) => `${localDateOf(new Date(ms), zone)} ${localTimeOf(new Date(ms), zone)}`;
          expect(wallAt(instant.getTime() - 1000) < `${date} ${time}`).toBe(true);
          expect(wallAt(instant.getTime()) > `${date} ${time}`).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
