import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { aClient, anAccount } from '../accounts/testing.ts';
import { changeBudgets, explainAccount, listUse, publishDefault, runStrategy } from './public.ts';

const database = await testDatabase();
const at = (day: string) => new Date(`${day}T15:00:00Z`);
const on = <T>(tenant: TenantId, day: string, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  database.within(tenant, at(day), fn);
const run = (tenant: TenantId, day: string) => on(tenant, day, async (ctx) => unwrap(await runStrategy(ctx)));

async function freshTenant(): Promise<TenantId> {
  const tenant = await database.freshTenant({ at: at('2026-01-05') });
  await on(tenant, '2026-01-05', publishDefault);
  return tenant;
}

const calls = (perDay: number, clientId: string | null = null) => ({ action: 'call_task', clientId, perDay }) as const;
const allow = (tenant: TenantId, ...lines: Parameters<typeof changeBudgets>[2]['lines'][number][]) =>
  on(tenant, '2026-01-05', async (ctx) => unwrap(await changeBudgets(ctx, 0, { lines })));

/** Accounts with one item, due for their call on 5 January. */
const dueForCall = (
  tenant: TenantId,
  amounts: readonly bigint[],
  clientId?: Awaited<ReturnType<typeof aClient>>['clientId'],
) =>
  on(tenant, '2026-01-05', async (ctx) => {
    const made: string[] = [];
    for (const amount of amounts) {
      const { accountId } = await anAccount(ctx, {
        ...(clientId && { clientId }),
        items: [{ amountMinor: amount * 100n, dueOn: '2025-12-14' }],
      });
      made.push(accountId);
    }
    return made;
  });

const called = (tenant: TenantId, day: string) =>
  on(tenant, day, async (ctx) => {
    const { rows } = await sql<{ id: string }>`select account_id as id from strategy.plans
      where tenant_id = ${tenant} and planned_for = ${day}::date and action = 'call_task' order by account_id`.execute(
      ctx.db,
    );
    return rows.map((row) => row.id);
  });

function trace(tenant: TenantId): Promise<string[]> {
  return on(tenant, '2026-01-05', async (ctx) => {
    const found: string[] = [];
    for (const table of ['plans', 'plan_items', 'item_levels', 'positions', 'decisions', 'standings']) {
      const { rows } = await sql<{ all: string | null }>`
        select string_agg(t::text, ';' order by t::text) as all from strategy.${sql.raw(table)} t where t.tenant_id = ${tenant}`.execute(
        ctx.db,
      );
      found.push(rows[0]?.all ?? '');
    }
    return found;
  });
}

describe('a budget of the day', () => {
  it('takes what is worth most; the rest waits, keeps its level, and is considered again with the next day', async () => {
    const tenant = await freshTenant();
    const [small, large, middle, least] = await dueForCall(tenant, [20n, 900n, 300n, 10n]);
    await allow(tenant, calls(2));
    const report = await run(tenant, '2026-01-05');
    expect(report.actions).toEqual({ call_task: 2 });
    expect(report.nonActions).toEqual({ over_budget: 2 });
    expect(await called(tenant, '2026-01-05')).toEqual([large, middle].toSorted());
    const { rows } = await on(tenant, '2026-01-05', (ctx) =>
      sql`select id from strategy.item_levels where tenant_id = ${tenant} and account_id = any(${[small, least]}::uuid[])`.execute(
        ctx.db,
      ),
    );
    expect(rows).toEqual([]);

    const left = await trace(tenant);
    const again = await run(tenant, '2026-01-05');
    expect([again.actions, again.decisions]).toEqual([{}, 0]);
    expect(await trace(tenant)).toEqual(left);

    await run(tenant, '2026-01-06');
    expect(await called(tenant, '2026-01-06')).toEqual([small, least].toSorted());
  });

  it('is told by the why-card, which alone could not know of the others', async () => {
    const tenant = await freshTenant();
    const [first, second] = await dueForCall(tenant, [20n, 10n]);
    const why = (id: string | undefined, day = '2026-01-05') =>
      on(tenant, day, async (ctx) => unwrap(await explainAccount(ctx, id ?? '')));
    await allow(tenant, calls(1));
    await run(tenant, '2026-01-05');
    expect(await why(second)).toMatchObject({
      outcome: 'wait',
      reasons: [{ code: 'over_budget' }, { code: 'call', sentence: 'Call is due for 1 of 1 open items.' }],
    });
    expect(await why(first)).toMatchObject({
      outcome: 'wait',
      reasons: [{ code: 'already_at_level' }, { code: 'call' }],
    });
    await run(tenant, '2026-01-06');
    expect((await why(second, '2026-01-06')).reasons.map((one) => one.code)).toEqual(['already_at_level', 'call']);
  });

  it('withholds a call and lets the notice of the same account go', async () => {
    const tenant = await freshTenant();
    const { accountId } = await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, {
        items: [
          { amountMinor: 10_000n, dueOn: '2025-12-14' },
          { amountMinor: 20_000n, dueOn: '2025-12-28' },
        ],
      }),
    );
    await allow(tenant, calls(0));
    const report = await run(tenant, '2026-01-05');
    expect(report).toMatchObject({ actions: { email: 1 }, nonActions: {}, withheld: { over_budget: 1 } });
    const left = await trace(tenant);
    expect((await run(tenant, '2026-01-05')).decisions).toBe(0);
    expect(await trace(tenant)).toEqual(left);
    const { rows } = await on(tenant, '2026-01-05', (ctx) =>
      sql`select outcome, reason_code, step_key, facts->>'withheld' as withheld from strategy.decisions where account_id = ${accountId} and tenant_id = ${tenant}`.execute(
        ctx.db,
      ),
    );
    expect(rows).toEqual([
      { outcome: 'act', reason_code: 'reminder_2', step_key: 'reminder_2', withheld: 'over_budget' },
    ]);
  });

  it('may be of one client, and of all; ties go by account', async () => {
    const tenant = await freshTenant();
    const [one, other] = await on(tenant, '2026-01-05', async (ctx) => [await aClient(ctx), await aClient(ctx)]);
    const rich = await dueForCall(tenant, [900n, 800n, 700n], one?.clientId);
    const poor = (await dueForCall(tenant, [50n, 50n, 50n, 50n], other?.clientId)).toSorted();
    await allow(tenant, calls(1, one?.clientId), calls(3));
    await run(tenant, '2026-01-05');
    expect(await called(tenant, '2026-01-05')).toEqual([rich[0], poor[0], poor[1]].toSorted());
    const use = await on(tenant, '2026-01-05', (ctx) =>
      listUse(ctx, [{ action: 'call_task', clientId: null, perDay: 3 }], calendarDate('2026-01-05')),
    );
    expect(use).toMatchObject([{ used: 3 }]);
  });

  it('leaves all as it is where there is none, from its day on, and for another tenant', async () => {
    const [tenant, other] = [await freshTenant(), await freshTenant()];
    await dueForCall(tenant, [20n, 10n]);
    await dueForCall(other, [20n, 10n]);
    await on(tenant, '2026-01-05', async (ctx) =>
      unwrap(await changeBudgets(ctx, 0, { lines: [calls(1)], effectiveFrom: calendarDate('2026-01-06') })),
    );
    expect((await run(tenant, '2026-01-05')).actions).toEqual({ call_task: 2 });
    expect((await run(other, '2026-01-05')).actions).toEqual({ call_task: 2 });
  });
});

describe('a change of budgets', () => {
  it('is refused by name: a client that is not there, twice the same, a number that is none, a day gone by, a revision not seen', async () => {
    const tenant = await freshTenant();
    const change = (seen: number, lines: Parameters<typeof changeBudgets>[2]['lines'], from?: string) =>
      on(tenant, '2026-01-05', (ctx) =>
        changeBudgets(ctx, seen, { lines, ...(from !== undefined && { effectiveFrom: calendarDate(from) }) }),
      );
    expect(await change(0, [calls(1, newId()), calls(1), calls(2), { ...calls(-1), action: 'email' }])).toMatchObject({
      code: 'malformed_budgets',
      fields: {
        'lines.0.clientId': 'There is no such client. Choose another.',
        'lines.2': 'There is a budget for this above already. Keep one of them.',
        'lines.3.perDay': 'Write a whole number from 0 to 10,000,000.',
      },
    });
    expect(await change(0, [], addDays(calendarDate('2026-01-05'), -1))).toMatchObject({
      fields: { effectiveFrom: 'Choose today, 2026-01-05, or a later day within a year.' },
    });
    expect(await change(0, [calls(1)])).toMatchObject({ ok: true, value: { revision: 1 } });
    expect(await change(1, [calls(1)])).toMatchObject({ ok: true, value: { revision: 1 } });
    expect(await change(0, [calls(2)])).toMatchObject({ code: 'changed_meanwhile' });
    expect(await change(1, [])).toMatchObject({ ok: true, value: { revision: 2, lines: [] } });
  });
});
