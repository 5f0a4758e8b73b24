import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { newId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { anAccount } from '../modules/accounts/testing.ts';
import {
  createSegment,
  findRehearsal,
  findRunHead,
  findStrategy,
  listRehearsalRows,
  listRehearsals,
  listRunDecisions,
  listStrategies,
  publishDefault,
} from '../modules/strategy/public.ts';
import { rehearseDay, trySelection } from './rehearse-day.ts';
import { runDay } from './run-day.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const today = calendarDate('2026-01-05');

async function portfolio(ctx: Ctx): Promise<void> {
  await publishDefault(ctx);
  for (const [amountMinor, dueOn] of [
    [90_000n, '2025-12-29'],
    [10_000n, '2025-12-29'],
    [5000n, '2025-12-15'],
    [70_000n, '2026-03-01'],
  ] as const)
    await anAccount(ctx, { items: [{ amountMinor, dueOn }] });
}

const left = (ctx: Ctx) =>
  sql<{ n: bigint }>`select (select count(*) from strategy.plans p where p.tenant_id = ${ctx.tenant})
    + (select count(*) from strategy.decisions d where d.tenant_id = ${ctx.tenant}) as n`.execute(ctx.db);

it('keeps what a dry run says of each account, leaves nothing else behind, and the run then does it', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    expect(await rehearseDay(ctx)).toMatchObject({ code: 'no_strategy' });
    await portfolio(ctx);
    const kept = unwrap(await rehearseDay(ctx));
    expect((await left(ctx)).rows[0]?.n).toBe(0n);
    const email = { outcome: 'act', actions: 'email' };
    expect(kept.groups).toEqual([
      { ...email, reasonCode: 'reminder_2', accounts: 2, kept: 2 },
      { outcome: 'act', actions: 'call_task', reasonCode: 'call', accounts: 1, kept: 1 },
      { outcome: 'wait', reasonCode: 'not_due', actions: '', accounts: 1, kept: 1 },
    ]);
    const all = await listRehearsalRows(ctx, kept.id, {}, { after: 0, limit: 10 });
    expect(all.map(({ rowNo, openMinor, reasonCode }) => [rowNo, openMinor, reasonCode])).toEqual([
      [1, 90_000n, 'reminder_2'],
      [2, 10_000n, 'reminder_2'],
      [3, 5000n, 'call'],
      [4, 70_000n, 'not_due'],
    ]);
    const page = await listRehearsalRows(ctx, kept.id, { actions: 'email' }, { after: 1, limit: 10 });
    expect(page.map(({ rowNo, version }) => [rowNo, version])).toEqual([[2, 'b2b-default v1']]);
    expect(
      await listRehearsalRows(ctx, kept.id, { q: all[2]?.number.toUpperCase() }, { after: 0, limit: 10 }),
    ).toHaveLength(1);

    const run = unwrap(await runDay(ctx));
    expect(run.actions).toEqual({ email: 2, call_task: 1 });
    const head = await findRunHead(ctx, run.runId ?? '');
    expect(head?.decided).toEqual([
      { outcome: 'act', reasonCode: 'reminder_2', accounts: 2 },
      { outcome: 'act', reasonCode: 'call', accounts: 1 },
      { outcome: 'wait', reasonCode: 'not_due', accounts: 1 },
    ]);
    const first = await listRunDecisions(ctx, run.runId ?? '', 'reminder_2', { after: null, limit: 1 });
    const second = await listRunDecisions(ctx, run.runId ?? '', 'reminder_2', {
      after: ['reminder_2', first[0]?.id ?? ''],
      limit: 5,
    });
    expect([...first, ...second].map((row) => row.facts['open_minor']).toSorted()).toEqual(['10000', '90000']);
    expect(await findRunHead(ctx, newId())).toBeNull();
  });
  const stranger = await database.freshTenant({ at });
  await database.within(stranger, at, async (ctx) => expect(await listRehearsals(ctx)).toEqual([]));
});

it('looks ahead, lasts for a day, and makes room for the next', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await portfolio(ctx);
    const ahead = unwrap(await rehearseDay(ctx, calendarDate('2026-02-24')));
    expect(ahead.groups.map(({ reasonCode }) => reasonCode).toSorted()).toEqual([
      'courtesy',
      'escalation',
      'final_notice',
    ]);
    expect(await findRehearsal(ctx, ahead.id)).toMatchObject({ asOf: '2026-02-24' });
  });
  const later = new Date(at.getTime() + 25 * 3_600_000);
  await database.within(tenant, later, async (ctx) => {
    expect(await listRehearsals(ctx)).toEqual([]);
    for (let n = 0; n < 6; n += 1) unwrap(await rehearseDay(ctx));
    expect(await listRehearsals(ctx)).toHaveLength(5);
    const { rows } = await sql<{ n: bigint }>`
      select count(*) as n from strategy.rehearsal_rows r where r.tenant_id = ${ctx.tenant}`.execute(ctx.db);
    expect(rows[0]?.n).toBe(20n);
  });
});

it('tries a selection table against the one in effect', async () => {
  const tenant = await database.freshTenant({ at });
  await database.within(tenant, at, async (ctx) => {
    await portfolio(ctx);
    const [standard] = await listStrategies(ctx, today);
    const large = unwrap(
      await createSegment(ctx, {
        name: 'Large',
        description: '',
        rule: { combinator: 'and', rules: [{ field: 'balance', operator: '>=', value: '500.00' }] },
      }),
    );
    const { asIs, tried } = unwrap(
      await trySelection(ctx, {
        entries: [{ segmentId: large.id, strategyId: null }],
        otherwiseId: standard?.id ?? null,
      }),
    );
    expect(asIs.actions).toEqual({ email: 2, call_task: 1 });
    expect(tried.actions).toEqual({ email: 1, call_task: 1 });
    expect(tried.nonActions).toEqual({ kept_out: 2 });
    expect(
      await trySelection(ctx, { entries: [{ segmentId: newId(), strategyId: null }], otherwiseId: null }),
    ).toMatchObject({
      code: 'malformed_selection',
    });
    expect((await left(ctx)).rows[0]?.n).toBe(0n);
    expect(await findStrategy(ctx, newId())).toBeNull();
  });
});
