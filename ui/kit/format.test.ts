import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  clock,
  day,
  daysBetween,
  decimalText,
  exponentOf,
  instant,
  moneyFigure,
  parseMinor,
} from './format.ts';

describe('amounts as text', () => {
  it.each([
    ['1234.5', 'EUR', '123450'],
    ['1,234.50', 'USD', '123450'],
    ['1.234,50', 'EUR', '123450'],
    ['1 234,50', 'EUR', '123450'],
    ['1,234', 'USD', '123400'],
    ['-12', 'USD', '-1200'],
    ['1234', 'JPY', '1234'],
    ['1.234', 'KWD', '1234000'],
    ['12.3456', 'KWD', null],
    ['12.5', 'JPY', null],
    ['1234.567', 'USD', null],
    ['1,23,456', 'USD', null],
    ['1.234,567.00', 'USD', null],
    ['12,4x', 'USD', null],
    ['', 'USD', null],
  ])('reads %j in %s as %j', (text, currency, minor) => expect(parseMinor(text, currency)).toBe(minor));

  it('reads back every amount it writes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
        fc.constantFrom('USD', 'JPY', 'EUR'),
        (minor, currency) => {
          expect(parseMinor(decimalText(minor, currency), currency)).toBe(minor.toString());
        },
      ),
    );
  });

  it('keeps every digit of an amount too large for a float', () => {
    expect(moneyFigure('en-US', '900719925474099301', 'USD')).toBe('9,007,199,254,740,993.01');
  });

  it('knows currencies without and with three decimals', () => {
    expect([exponentOf('JPY'), exponentOf('USD'), exponentOf('KWD')]).toEqual([0, 2, 3]);
    expect(decimalText('-5', 'USD')).toBe('-0.05');
    expect(decimalText('-5', 'JPY')).toBe('-5');
  });
});

describe('dates', () => {
  it('prints a calendar date as the day it names, whatever the zone of the machine', () => {
    expect(day('en-US', '2026-03-01')).toBe('Mar 1, 2026');
  });

  it('counts days over a change of clocks', () => {
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2);
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
  });

  it('prints times as the locale writes them, in every place alike', () => {
    const morning = '2026-03-17T12:30:00Z';
    expect(instant('en-US', 'America/New_York', morning, 'time')).toBe('8:30 AM');
    expect(instant('en-US', 'America/New_York', morning)).toBe('Mar 17, 2026, 8:30 AM');
    expect(instant('de-DE', 'Europe/Berlin', '2026-03-17T07:30:00Z', 'time')).toBe('08:30');
    expect(clock('en-US', '14:05')).toBe('2:05 PM');
    expect(clock('de-DE', '08:05')).toBe('08:05');
  });

  it('prints an instant in the zone of the tenant', () => {
    expect(instant('en-US', 'America/New_York', '2026-03-17T03:30:00Z', 'day')).toBe('Mar 16, 2026');
  });
});
