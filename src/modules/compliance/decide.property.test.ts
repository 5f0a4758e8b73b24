import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type CalendarDate, instantAt, localDateOf, timeZone } from '../../kernel/calendar.ts';
import { canonicalJson } from '../../kernel/crypto.ts';
import { decide } from './decide.ts';
import type { GateFacts } from './gate-facts.ts';
import { someContact, someFacts, someHold, someProposal, someRules, someWish } from './testing.ts';

const newYork = timeZone('America/New_York');
const person = (zones: string[]): GateFacts['person'] => ({ ...someFacts().person, zones });

const zones = [
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Honolulu',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Apia',
];
const anyInstant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }).map((ms) => new Date(ms));
const minuteOfDay = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);

const anyFacts = (at: Date): fc.Arbitrary<GateFacts> =>
  fc
    .record({
      zones: fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 2 }),
      contacts: fc.array(
        fc
          .record({ days: fc.integer({ min: 0, max: 9 }), talk: fc.boolean(), call: fc.boolean() })
          .map(({ days, talk, call }) => {
            const localOn = addDays(localDateOf(at, newYork), -days);
            const when = {
              localOn,
              at: new Date(Math.min(at.getTime(), Date.parse(`${localOn}T15:00:00Z`))).toISOString(),
            };
            const out = someContact(localOn, { ...when, ...(call && { channel: 'call', automatic: false }) });
            return talk ? [out, { ...when, type: 'conversation', channel: 'call' }] : [out];
          }),
        { maxLength: 12 },
      ),
      declared: fc.option(
        fc.record({
          from: minuteOfDay,
          to: minuteOfDay,
          weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
        }),
      ),
      holdDays: fc.option(fc.integer({ min: 1, max: 20 })),
    })
    .map(({ zones: here, contacts, declared, holdDays }) =>
      someFacts({
        person: person(here),
        events: [
          ...contacts.flat(),
          ...(declared === null
            ? []
            : [someWish({ type: 'inconvenient_time', at: '2025-03-01T00:00:00Z', ...declared })]),
        ],
        holds:
          holdDays === null
            ? []
            : [
                someHold({
                  from: '2025-01-01T00:00:00Z',
                  to: new Date(at.getTime() + holdDays * 86_400_000).toISOString(),
                }),
              ],
      }),
    );

const holidays: Record<string, string> = {};
for (let date = '2026-01-01' as CalendarDate; date < '2028-03-01'; date = addDays(date, 17))
  holidays[`US/${date}`] = 'Day off';

describe('openings', () => {
  test('the opening a defer names is open, and no instant before it is', () => {
    const scenario = anyInstant.chain((at) => anyFacts(at).map((facts) => ({ at, facts })));
    let deferred = 0;
    fc.assert(
      fc.property(scenario, fc.double({ min: 0, max: 1, noNaN: true }), ({ at, facts }, fraction) => {
        const rules = someRules(holidays);
        const decision = decide(facts, someProposal(), rules, at);
        if (decision.decision === 'allow') return;
        if (decision.decision === 'deny') {
          // Two zones without a common hour, or a wish that covers the whole week, never open.
          expect(
            facts.person.zones.length === 2 || facts.events.some((event) => event.type === 'inconvenient_time'),
          ).toBe(true);
          return;
        }
        deferred += 1;
        const opening = decision.notBefore?.getTime() ?? Number.NaN;
        expect(opening).toBeGreaterThan(at.getTime());
        expect(decide(facts, someProposal(), rules, new Date(opening)).decision).toBe('allow');
        const before = Math.max(at.getTime(), opening - 60_000);
        expect(decide(facts, someProposal(), rules, new Date(before)).decision).toBe('defer');
        const between = new Date(at.getTime() + Math.floor((opening - 1 - at.getTime()) * fraction));
        expect(decide(facts, someProposal(), rules, between).decision).toBe('defer');
      }),
      { numRuns: 600 },
    );
    expect(deferred).toBeGreaterThan(200);
  });

  test('a decision repeats from its stored facts', () => {
    fc.assert(
      fc.property(
        anyInstant.chain((at) => anyFacts(at).map((facts) => ({ at, facts }))),
        ({ at, facts }) => {
          const stored = JSON.parse(canonicalJson(facts)) as GateFacts;
          expect(decide(stored, someProposal(), someRules(), at)).toEqual(
            decide(facts, someProposal(), someRules(), at),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a caller who stays inside the hours of every zone', () => {
    const at = instantAt('2026-07-06' as CalendarDate, '09:00', newYork);
    expect(
      decide(
        someFacts({ person: person(['America/New_York', 'America/Los_Angeles']) }),
        someProposal(),
        someRules(),
        at,
      ).notBefore?.toISOString(),
    ).toBe('2026-07-06T15:00:00.000Z');
  });
});
