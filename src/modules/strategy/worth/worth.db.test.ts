import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { addDays, calendarDate, startOfDay, timeZone } from '../../../kernel/calendar.ts';
import { currency } from '../../../kernel/money.ts';
import { unwrap } from '../../../kernel/result.ts';
import { setRate } from '../../ledger/public.ts';
import { acts, parseWeights, type Weights } from './weights.ts';
import { type WorthDay, type WorthFacts, worthOf } from './worth.ts';
import { worthInSql } from './worth.sql.ts';

const database = await testDatabase();
const at = new Date('2026-10-26T09:30:00Z');
const rates = new Map([
  ['JPY', '0.0061'],
  ['KWD', '3.2512345678'],
]);

const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 1 }, { arbitrary: value, weight: 3 });

const days: WorthDay[] = (
  [
    ['2026-03-08', 'America/New_York', 'USD'],
    ['2026-10-25', 'Europe/Berlin', 'USD'],
    ['2026-04-05', 'Australia/Lord_Howe', 'JPY'],
    ['2026-06-15', 'Pacific/Kiritimati', 'KWD'],
  ] as const
).map(([today, zone, reporting]) => ({
  today: calendarDate(today),
  zone: timeZone(zone),
  reporting: currency(reporting),
}));

const percent = fc.oneof(fc.constantFrom(0, 1, 99, 100, 101, 1000), fc.integer({ min: 0, max: 1000 }));
const act = fc.record({ effect: percent, costMinor: fc.constantFrom(1, 3, 7, 400, 1_000_000_000) });
const weightsOf: fc.Arbitrary<Weights> = fc.record({
  chance: fc
    .uniqueArray(fc.integer({ min: -30, max: 200 }), { minLength: 1, maxLength: 6 })
    .chain((from) =>
      fc.tuple(
        ...from
          .toSorted((a, b) => a - b)
          .map((fromDay) => fc.record({ fromDay: fc.constant(fromDay), percent: fc.integer({ min: 1, max: 100 }) })),
      ),
    ),
  promises: fc.record({ kept: percent, broken: percent, both: percent }),
  contact: fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 5, max: 40 }), percent, percent, percent, percent)
    .map(([recentDays, spokenDays, never, recent, spoken, tried]) => ({
      never,
      recent,
      recentDays,
      spoken,
      spokenDays,
      tried,
    })),
  reach: fc.record({ spoken: percent, phone: percent, none: percent }),
  acts: fc.record({ call: act, call_back: act, escalation: act, review: act, email: act }),
});

const minor = fc.oneof(
  fc.constantFrom(0n, 1n, 99n, 100n, 1000n, 12_345n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n),
  fc.bigInt({ min: 0n, max: 50_000_000n }),
);
const factsOn = ({ today, zone }: WorthDay, { contact, chance }: Weights): fc.Arbitrary<WorthFacts> => {
  const age = fc.oneof(
    fc.constantFrom(...chance.flatMap(({ fromDay }) => [fromDay - 1, fromDay])),
    fc.integer({ min: -40, max: 220 }),
  );
  const instant = fc
    .tuple(fc.constantFrom(contact.recentDays, contact.spokenDays, 0, 90), fc.constantFrom(-1, 0, 1, 3_600_000))
    .map(([back, off]) => new Date(startOfDay(addDays(today, -back), zone).getTime() + off));
  return fc.record({
    balanceMinor: minor,
    creditMinor: fc.oneof(fc.constant(0n), minor),
    currency: fc.constantFrom('USD', 'JPY', 'KWD', 'EUR').map(currency),
    oldestOpenDueOn: maybe(age.map((n) => addDays(today, -n))),
    promisesKept: fc.integer({ min: 0, max: 2 }),
    promisesBroken: fc.integer({ min: 0, max: 2 }),
    lastContactAt: maybe(instant),
    lastConversationAt: maybe(instant),
    hasPhone: fc.boolean(),
    hasEmail: fc.boolean(),
  });
};

it('SQL and the pure rule agree on random facts, weights, acts and currencies', { timeout: 60_000 }, async () => {
  const tenant = await database.freshTenant({ at });
  let compared = 0;
  await database.within(tenant, at, async (ctx) => {
    for (const [code, rate] of rates)
      unwrap(await setRate(ctx, { currency: code, rate, asOf: calendarDate('2026-01-01'), source: 'test' }));
    const rounds = fc.sample(
      fc.constantFrom(...days).chain((day) =>
        weightsOf.chain((weights) =>
          fc.record({
            day: fc.constant(day),
            weights: fc.constant(weights),
            facts: fc.array(factsOn(day, weights), { minLength: 60, maxLength: 60 }),
          }),
        ),
      ),
      { numRuns: 80, seed: 20_261_128 },
    );
    for (const { day, weights, facts } of rounds) {
      expect(parseWeights(weights)).toMatchObject({ ok: true });
      const { joins, worth } = worthInSql(ctx, weights, day);
      const rows = facts.map((one, n) => ({
        n,
        balance_minor: String(one.balanceMinor),
        credit_minor: String(one.creditMinor),
        currency: one.currency,
        oldest_open_due_on: one.oldestOpenDueOn,
        promises_kept: one.promisesKept,
        promises_broken: one.promisesBroken,
        last_contact_at: one.lastContactAt,
        last_conversation_at: one.lastConversationAt,
        has_phone: one.hasPhone,
        has_email: one.hasEmail,
      }));
      const { rows: reckoned } = await sql<{ n: number; act: (typeof acts)[number]; worth: bigint }>`
        select f.n, k.act, ${worth(sql`k.act`)} as worth
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f (n int, balance_minor bigint, credit_minor bigint, currency char(3),
          oldest_open_due_on date, promises_kept int, promises_broken int, last_contact_at timestamptz, last_conversation_at timestamptz,
          has_phone boolean, has_email boolean)
        ${joins}
        cross join unnest(${[...acts]}::text[]) as k (act)`.execute(ctx.db);
      // Rates are into dollars; for another reporting currency none is known.
      const rateOf = (code: string) => (day.reporting === 'USD' ? (rates.get(code) ?? null) : null);
      for (const row of reckoned) {
        const one = facts[row.n];
        if (!one) throw new Error('A row came back that was never sent.');
        const { priority } = worthOf(one, row.act, weights, day, rateOf(one.currency));
        if (priority !== row.worth) expect({ one, act: row.act, weights, day, worth: row.worth }).toEqual({ priority });
        compared += 1;
      }
    }
  });
  expect(compared).toBe(80 * 60 * acts.length);
});
