import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { stoppedClock } from '../kernel/clock.ts';
import { calendarDate } from '../kernel/calendar.ts';
import { currency } from '../kernel/currency.ts';
import type { Ctx } from '../kernel/ctx.ts';
import type { Id, TenantId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { unwrap } from '../kernel/result.ts';
import { timeZone } from '../kernel/time-zone.ts';
import { type AnAccount, aClient, anAccount } from '../modules/accounts/testing.ts';
import { actIn, sealAudit, systemActor } from '../modules/identity/public.ts';
import { testInstallation } from '../modules/identity/testing.ts';
import { getTimeline, todayFigures } from '../modules/insights/public.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { makePromise, recordReceipt } from '../modules/payments/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import { moveTenantClock, stopsBetween } from './move-clock.ts';
import { verify } from './verify.ts';

const database = await testDatabase();
const start = new Date('2026-03-02T15:00:00Z');
const actor = systemActor('test');
const mailing = { ...testInstallation(database, stoppedClock(start)), config: { publicUrl: 'http://localhost:4400' } };
const usd = currency('USD');
let tenant: TenantId;
const run = <T>(fn: (ctx: Ctx) => Promise<T>) => actIn(mailing, tenant, actor, fn);
const move = (to: string, live = true) => moveTenantClock(mailing, tenant, actor, { to, run: live });

test('a moving clock stops three times a day, and on the last day in the morning', () => {
  const stops = stopsBetween(
    new Date('2026-03-02T20:00:00Z'),
    calendarDate('2026-03-04'),
    timeZone('America/New_York'),
  );
  expect(stops.map((stop) => [stop.at.toISOString(), stop.first])).toEqual([
    ['2026-03-02T23:00:00.000Z', false],
    ['2026-03-03T15:00:00.000Z', true],
    ['2026-03-03T19:00:00.000Z', false],
    ['2026-03-03T23:00:00.000Z', false],
    ['2026-03-04T15:00:00.000Z', true],
  ]);
});

describe('living through days', () => {
  let account: AnAccount;
  beforeAll(async () => {
    tenant = await database.freshTenant({ kind: 'sandbox', at: start });
    await run(async (ctx) => {
      await publishDefault(ctx);
      const { clientId } = await aClient(ctx);
      await ensureSender(ctx, clientId);
      account = await anAccount(ctx, {
        clientId,
        name: 'Slow Payer',
        items: [
          { amountMinor: 12_300n, dueOn: '2026-03-02', number: 'S-1' },
          { amountMinor: 4_500n, dueOn: '2026-04-30', issuedOn: '2026-03-01', number: 'S-2' },
        ],
      });
    });
  });

  test('refuses the day it is, a day gone by, one too far, and a live clock', async () => {
    expect(await move('2026-03-02')).toMatchObject({ code: 'clock_backwards' });
    expect(await move('2026-03-01')).toMatchObject({ code: 'clock_backwards' });
    expect(await move('2028-03-01')).toMatchObject({ code: 'refused' });
    expect(await move('2026-02-30')).toMatchObject({ code: 'unreadable_date' });
    const live = await database.freshTenant({ kind: 'live' });
    expect(await moveTenantClock(mailing, live, actor, { to: '2030-01-01', run: true })).toMatchObject({
      code: 'live_clock',
    });
  });

  test('notices go out on their days, a promise stops them, money keeps it, and the timeline tells it all', async () => {
    const week = unwrap(await move('2026-03-10'));
    expect(week).toMatchObject({ days: 8 });
    expect(week.counts['sent']).toBe(2);

    await run(async (ctx) => {
      unwrap(
        await makePromise(ctx, {
          accountId: account.accountId,
          itemIds: [account.itemIds[0] as Id<'item'>],
          amount: money(12_300n, usd),
          dueOn: calendarDate('2026-03-20'),
          graceDays: 3,
          channel: 'call',
        }),
      );
    });
    const fortnight = unwrap(await move('2026-03-19'));
    expect(fortnight.counts['sent']).toBe(0);
    await run(async (ctx) => {
      unwrap(
        await recordReceipt(ctx, {
          clientId: account.clientId,
          accountId: account.accountId,
          amount: money(12_300n, usd),
          receivedOn: calendarDate('2026-03-19'),
          method: 'bank_transfer',
          source: 'hand',
          externalKey: 'one',
          reference: 'S-1',
        }),
      );
    });

    await run(async (ctx) => {
      const { rows } = unwrap(await getTimeline(ctx, { accountId: account.accountId, limit: 100, scope: {} }));
      const titles = rows.map((row) => row.title);
      expect(titles.filter((title) => title.startsWith('Notice sent: '))).toHaveLength(2);
      expect(titles).toEqual(
        expect.arrayContaining([
          'Promised USD 123.00 for 2026-03-20',
          'Promise kept',
          'Received USD 123.00',
          'Applied USD 123.00 to S-1',
        ]),
      );
      for (const row of rows.filter((one) => one.kind === 'message')) {
        expect(row.why).toMatchObject({ outcome: 'allow' });
        expect(row.why?.facts.length).toBeGreaterThan(0);
      }
      const decisions = rows.filter((row) => row.kind === 'decision');
      expect(decisions.length).toBeGreaterThan(2);
      expect(decisions.map((row) => row.title)).toContain(
        'The items that would be due are covered by a promise to pay.',
      );
      for (const row of decisions) expect(row.why?.version).toMatch(/ v1$/);
      const today = await todayFigures(ctx, { scope: {} });
      expect(today.promises).toMatchObject({ open: 0, keptLast30: 1 });
      expect(today.receivedToday).toEqual([{ currency: 'USD', amountMinor: 12_300n }]);
      expect(today.lastRun).toMatchObject({ asOf: '2026-03-19', state: 'done' });
    });
  });

  test('the clock may move without the strategy running', async () => {
    const moved = unwrap(await move('2026-03-21', false));
    expect(moved.now.toISOString()).toBe('2026-03-21T14:00:00.000Z');
    const { rows } = await run((ctx) =>
      sql<{
        n: bigint;
      }>`select count(*) as n from strategy.runs_v where tenant_id = ${ctx.tenant} and as_of > '2026-03-19'`.execute(
        ctx.db,
      ),
    );
    expect(rows[0]?.n).toBe(0n);
  });

  test('afterwards everything agrees, and each kind of damage is named', async () => {
    await run((ctx) => sealAudit(ctx));
    expect((await run((ctx) => verify(ctx))).findings).toEqual([]);
    const damage = async (statement: string, undo: string) => {
      await database.asSuperuser((client) => client.query(`set session_replication_role = replica; ${statement}`));
      const { findings } = await run((ctx) => verify(ctx));
      await database.asSuperuser((client) => client.query(`set session_replication_role = replica; ${undo}`));
      return [...new Set(findings.map((found) => `${found.room}/${found.check}`))].sort();
    };
    const item = account.itemIds[1];
    expect(
      await damage(
        `update accounts.items set open_minor = open_minor - 1 where id = '${item}'`,
        `update accounts.items set open_minor = open_minor + 1 where id = '${item}'`,
      ),
    ).toEqual(['accounts/facts_equal_sources', 'accounts/item_open_equals_transfers', 'insights/tally_equals_sources']);
    expect(
      await damage(
        `update accounts.facts set balance_minor = balance_minor + 1 where id = '${account.accountId}'`,
        `update accounts.facts set balance_minor = balance_minor - 1 where id = '${account.accountId}'`,
      ),
    ).toEqual(['accounts/facts_equal_sources']);
    expect(
      await damage(
        `update ledger.transfers set amount_minor = amount_minor + 1 where item_id = '${item}'`,
        `update ledger.transfers set amount_minor = amount_minor - 1 where item_id = '${item}'`,
      ),
    ).toEqual(['accounts/item_open_equals_transfers', 'insights/tally_equals_sources']);
    expect(
      await damage(
        `update payments.receipts set unapplied_minor = 1, state = 'open'`,
        `update payments.receipts set unapplied_minor = 0, state = 'applied'`,
      ),
    ).toEqual([
      'accounts/facts_equal_sources',
      'insights/tally_equals_sources',
      'payments/receipt_rest',
      'payments/receipt_unapplied_in_ledger',
    ]);
    expect(
      await damage(
        `update kernel.tallies set minor = minor + 1 where measure = 'item_open'`,
        `update kernel.tallies set minor = minor - 1 where measure = 'item_open'`,
      ),
    ).toEqual(['insights/tally_equals_sources']);
    expect(
      await damage(
        `update identity.audit_entries set action = action || '!' where action = 'receipt.recorded'`,
        `update identity.audit_entries set action = rtrim(action, '!')`,
      ),
    ).toEqual(['identity/altered_entry']);
    expect((await run((ctx) => verify(ctx))).findings).toEqual([]);
  });
});
