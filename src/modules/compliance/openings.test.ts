import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import { openingsOf } from './openings.ts';
import type { Channel } from './proposal.ts';
import { buildRuleBook } from './rule-book.ts';
import { parsePack, type Rule } from './rule-pack.ts';
import { anyRule } from './rules/testing.ts';

const office = (changes: Partial<Rule> & { opens?: string; closes?: string; holidays?: 'person' }): Rule => {
  const { opens = '08:00', closes = '18:00', holidays, ...rest } = changes;
  return {
    ...anyRule,
    kind: 'hours',
    parameters: {
      windows: [{ weekdays: [1, 2, 3, 4, 5], opens, closes }],
      ...(holidays && { holidays }),
      wishes: true,
      unknownZone: 'deny',
    },
    ...rest,
  } as Rule;
};
const openings = (
  rules: readonly Rule[],
  zones: readonly string[] = ['America/New_York'],
  { country = 'US', channel = 'email' as Channel, from = '2026-03-11', to = '2026-03-11' } = {},
) => {
  const numbered = rules.map((rule, i) => ({ ...rule, part: `p${i}` }));
  const pack = parsePack({ key: 'test', version: '1', title: 'Test', house: false, rules: numbered });
  const book = buildRuleBook([pack], [], (where, _region, date) =>
    where === 'US' && date === '2026-03-12' ? 'Founders Day' : null,
  );
  return openingsOf(book, { zones, country }, channel, calendarDate(from), calendarDate(to)).map(
    ({ localOn, opensAt, closesAt }) =>
      [localOn, opensAt?.toISOString().slice(8, 16), closesAt?.toISOString().slice(8, 16)].join(' ').trim(),
  );
};
const day = '2026-03-11 11T12:00 11T22:00';
const whole = '2026-03-11 11T04:00 12T04:00';

describe('openings', () => {
  test('are told for each day asked about, closed ones too', () => {
    expect(openings([office({ holidays: 'person' })], undefined, { to: '2026-03-14' })).toEqual([
      day,
      '2026-03-12',
      '2026-03-13 13T12:00 13T22:00',
      '2026-03-14',
    ]);
    expect(
      openings([office({ holidays: 'person' })], undefined, { country: 'GB', from: '2026-03-12', to: '2026-03-12' }),
    ).toEqual(['2026-03-12 12T12:00 12T22:00']);
  });

  test('are what all rules and zones leave', () => {
    expect(openings([office({}), office({ opens: '09:00' }), office({ closes: '17:00' })])).toEqual([
      '2026-03-11 11T13:00 11T21:00',
    ]);
    expect(openings([office({})], ['America/New_York', 'America/Los_Angeles'])).toEqual([
      '2026-03-11 11T15:00 11T22:00',
    ]);
    expect(openings([office({})], ['America/New_York', 'Asia/Tokyo'])).toEqual(['2026-03-11']);
    expect(openings([office({ closes: '09:00' }), office({ opens: '09:00' })])).toEqual(['2026-03-11']);
    expect(openings([office({})], [])).toEqual(['2026-03-11']);
  });

  test('that only touch are none', () => {
    expect(openings([office({ opens: '08:00', closes: '09:00' })], ['America/New_York', 'America/Chicago'])).toEqual([
      '2026-03-11',
    ]);
    expect(openings([office({ opens: '08:00', closes: '09:01' })], ['America/New_York', 'America/Chicago'])).toEqual([
      '2026-03-11 11T13:00 11T13:01',
    ]);
  });

  test('are the whole local day where no rule says anything', () => {
    const rule = {
      ...anyRule,
      kind: 'cap',
      parameters: { limit: 1, windowDays: 1, counts: [{ types: ['contact'] }] },
    } satisfies Rule;
    expect(openings([rule])).toEqual([whole]);
    expect(openings([office({ confidence: 'U' })])).toEqual([whole]);
    expect(openings([office({ when: { field: 'collector', is: 'debt_buyer' } })])).toEqual([whole]);
    expect(openings([office({ channels: ['sms'] })])).toEqual([whole]);
    expect(openings([office({ debtKinds: ['consumer'] })])).toEqual([whole]);
    expect(openings([office({ jurisdiction: 'CA' })])).toEqual([whole]);
    expect(openings([office({ jurisdiction: 'US' })])).toEqual([day]);
  });

  test('are those of calls for calls, and of what the machine sends for the rest', () => {
    const call = { channel: 'call' as const };
    expect(openings([office({ acts: ['manual_call'] })], undefined, call)).toEqual([day]);
    expect(openings([office({ acts: ['automatic_message'] })], undefined, call)).toEqual([whole]);
    expect(openings([office({ acts: ['manual_call'] })])).toEqual([whole]);
    expect(openings([office({ acts: ['automatic_message'] })])).toEqual([day]);
  });
});
