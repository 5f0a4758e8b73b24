import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import { currency } from '../kernel/currency.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { unwrap } from '../kernel/result.ts';
import { anAccount } from '../modules/accounts/testing.ts';
import { createTask, listTasks } from '../modules/desk/public.ts';
import { loadRates, unitsInSql } from '../modules/ledger/public.ts';
import { loadWorth } from '../modules/strategy/public.ts';
import { changeRate } from './change-rate.ts';

const database = await testDatabase();
const at = new Date('2026-03-31T15:00:00Z');
const asOf = calendarDate('2026-03-30');

test('a rate puts a thousand yen behind a hundred dollars, and taking it back before them again', async () => {
  const tenant = await database.freshTenant({ at });
  const run = <T>(fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, at, fn);
  const numbers = (ctx: Ctx) =>
    listTasks(ctx, { queue: 'collector', state: 'open' }).then((page) => page.rows.map((row) => row.accountNumber));
  await run(async (ctx) => {
    const worth = await loadWorth(ctx);
    for (const [number, code, minor] of [
      ['YEN', 'JPY', 1_000n],
      ['DOLLAR', 'USD', 10_000n],
    ] as const) {
      const { accountId } = await anAccount(ctx, {
        number,
        currency: currency(code),
        items: [{ amountMinor: minor, dueOn: '2026-03-21' }],
      });
      unwrap(
        await createTask(
          ctx,
          {
            accountId,
            kind: 'call',
            queue: 'collector',
            title: number,
            reason: '',
            dueOn: calendarDate('2026-03-31'),
            byPerson: false,
          },
          worth,
        ),
      );
    }
    expect(await numbers(ctx)).toEqual(['YEN', 'DOLLAR']);
    expect(await loadRates(ctx)).toMatchObject({ reportingCurrency: 'USD', rows: [], missing: ['JPY'] });
    const set = (rate: string | null) => changeRate(ctx, { currency: 'JPY', rate, asOf, source: 'ECB' });
    expect(unwrap(await set('0.0066'))).toMatchObject({
      rows: [{ currency: 'JPY', rate: '0.0066', asOf }],
      missing: [],
    });
    expect(await numbers(ctx)).toEqual(['DOLLAR', 'YEN']);
    const [, yen] = (await listTasks(ctx, { queue: 'collector', state: 'open' })).rows;
    // 6 dollars × 14 % × 110 % (never contacted) × the reach of a party with or without a number, for 4 dollars.
    expect(yen?.priority).toBeLessThan(6_000n);
    expect(yen?.priority).toBeGreaterThan(0n);
    expect(unwrap(await set(null)).missing).toEqual(['JPY']);
    expect(await numbers(ctx)).toEqual(['YEN', 'DOLLAR']);
  });
});

test('says why a rate cannot be', async () => {
  const tenant = await database.freshTenant({ at });
  const refusal = (input: Partial<Parameters<typeof changeRate>[1]>) =>
    database.within(tenant, at, async (ctx) => {
      const answer = await changeRate(ctx, { currency: 'JPY', rate: '1', asOf, source: 'ECB', ...input });
      return answer.ok ? 'ok' : answer.code;
    });
  expect(await refusal({ currency: 'USD' })).toBe('own_rate');
  expect(await refusal({ currency: 'XXX' })).toBe('unknown_currency');
  expect(await refusal({ rate: '0' })).toBe('bad_rate');
  expect(await refusal({ asOf: calendarDate('2026-04-02') })).toBe('rate_in_future');
});

test('another tenant has its own rates', async () => {
  const [one, other] = [await database.freshTenant({ at }), await database.freshTenant({ at })];
  await database.within(one, at, (ctx) => changeRate(ctx, { currency: 'JPY', rate: '0.0066', asOf, source: 'ECB' }));
  expect(await database.within(other, at, async (ctx) => (await loadRates(ctx)).rows)).toEqual([]);
});

test('SQL reckons as the rule does, to the last digit', async () => {
  const tenant = await database.freshTenant({ at });
  for (const [minor, code, rate] of [
    [999_999_999_999_999_999n, 'KWD', '9999999999.9999999999'],
    [1_999n, 'USD', '0.0500250125'],
    [7n, 'JPY', '0.1428571429'],
  ] as const) {
    const { rows } = await database.within(tenant, at, (ctx) =>
      sql<{
        units: string;
      }>`select ${unitsInSql(sql`${minor}::bigint`, sql`${code}::text`, sql`${rate}::numeric`)}::text as units`.execute(
        ctx.db,
      ),
    );
    expect(BigInt(rows[0]?.units ?? 0) * 100n).toBe(priorityOfAny(minor, code, rate));
  }
});

function priorityOfAny(minor: bigint, code: string, rate: string): bigint {
  const [whole = '', part = ''] = rate.split('.');
  const scaled = BigInt(`${whole}${part}`) * minor;
  return (scaled / 10n ** BigInt(part.length + (code === 'KWD' ? 3 : code === 'JPY' ? 0 : 2))) * 100n;
}
