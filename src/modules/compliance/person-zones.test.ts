import { expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import { holidayCalendar } from './holidays.ts';
import { personZones } from './person-zones.ts';

const where = (timeZone: string | null, country: string | null = null, region: string | null = null) =>
  personZones({ timeZone, country, region });

test('the best signal wins', () => {
  expect(where('Europe/Paris', 'US', 'TX')).toEqual(['Europe/Paris']);
  expect(where(null, 'US', 'TX').sort()).toEqual(['America/Chicago', 'America/Denver']);
  expect(where(null, 'US')).toContain('Pacific/Honolulu');
  expect(where(null, 'US', 'nowhere')).toEqual(where(null, 'US'));
  expect(where('EST', 'DE')).toEqual(where(null, 'DE'));
});

test('a country with one clock has one zone, one with many has each once', () => {
  expect(where(null, 'DE')).toHaveLength(1);
  expect(where(null, 'IN')).toHaveLength(1);
  expect(where(null, 'BR').length).toBeGreaterThan(1);
});

test('nothing known gives nothing', () => {
  expect(where(null)).toEqual([]);
  expect(where(null, '??')).toEqual([]);
  expect(where('not a zone')).toEqual([]);
});

test('public holidays by country and region', async () => {
  const name = await holidayCalendar();
  expect(name('US', null, calendarDate('2026-11-26'))).toBe('Thanksgiving Day');
  expect(name('US', null, calendarDate('2026-11-25'))).toBeNull();
  expect(name('DE', 'BY', calendarDate('2026-01-06'))).not.toBeNull();
  expect(name('DE', 'HH', calendarDate('2026-01-06'))).toBeNull();
  expect(name('US', 'ZZ', calendarDate('2026-12-25'))).toBe('Christmas Day');
  expect(name('ZZ', null, calendarDate('2026-12-25'))).toBeNull();
});
