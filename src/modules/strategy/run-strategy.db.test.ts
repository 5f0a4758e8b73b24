import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { placeHold, raiseStopEpochs, refreshFacts, releaseHold } from '../accounts/public.ts';
import { aClient, anAccount } from '../accounts/testing.ts';
import { explainAccount, listDuePlans, markPlans, publishDefault, runStrategy, tidyStopped } from './public.ts';

const database = await testDatabase();
const instantOn = (day: string) => new Date(`${day}T15:00:00Z`);

/** Runs `fn` on the tenant's day at 10:00 in New York. */
function on<T>(tenant: TenantId, day: string, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  return database.within(tenant, instantOn(day), fn);
}

const run = (tenant: TenantId, day: string) => on(tenant, day, async (ctx) => unwrap(await runStrategy(ctx)));

async function freshTenant(day = '2026-01-05'): Promise<TenantId> {
  const tenant = await database.freshTenant({ at: instantOn(day) });
  await on(tenant, day, publishDefault);
  return tenant;
}

type PlanRow = {
  action: string;
  step_key: string;
  level: number;
  state: string;
  item_count: number;
  amount_minor: bigint;
  planned_for: string;
};

function plansOf(tenant: TenantId, day: string): Promise<PlanRow[]> {
  return on(tenant, day, async (ctx) => {
    const { rows } = await sql<PlanRow>`
      select action, step_key, level, state, item_count, amount_minor, planned_for from strategy.plans
      where tenant_id = ${tenant} order by planned_for, created_at, action`.execute(ctx.db);
    return rows;
  });
}

const steps = (rows: readonly PlanRow[]) => rows.map((row) => `${row.planned_for} ${row.step_key} ${row.state}`);

/** Every row of the room, to prove that a repeated or dry run leaves no trace. */
function everything(tenant: TenantId, day: string): Promise<unknown> {
  return on(tenant, day, async (ctx) => {
    const tables = ['plans', 'plan_items', 'item_levels', 'positions', 'decisions', 'standings'];
    const found: string[] = [];
    for (const table of tables) {
      const { rows } = await sql<{ all: string }>`
        select coalesce(string_agg(t::text, ';' order by t::text), '') as all from strategy.${sql.raw(table)} t where t.tenant_id = ${tenant}`.execute(
        ctx.db,
      );
      found.push(rows[0]?.all ?? '');
    }
    return found;
  });
}

describe('a run', () => {
  it('plans the furthest step of each item as one notice of its account, and nothing when repeated', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, {
        items: [
          { amountMinor: 10_000n, dueOn: '2025-12-29' },
          { amountMinor: 20_000n, dueOn: '2026-01-04' },
          { amountMinor: 40_000n, dueOn: '2026-03-01' },
        ],
      }),
    );
    const report = await run(tenant, '2026-01-05');
    expect(report.actions).toEqual({ email: 1 });
    expect(report.skippedLevels).toBe(3);
    expect(report.skippedSteps).toEqual({ courtesy: 2, reminder_1: 1 });
    expect(await plansOf(tenant, '2026-01-05')).toEqual([
      {
        action: 'email',
        step_key: 'reminder_2',
        level: 2,
        state: 'planned',
        item_count: 3,
        amount_minor: 70_000n,
        planned_for: '2026-01-05',
      },
    ]);

    const before = await everything(tenant, '2026-01-05');
    const again = await run(tenant, '2026-01-05');
    expect(again.actions).toEqual({});
    expect(again.nonActions).toEqual({ already_at_level: 1 });
    expect(await everything(tenant, '2026-01-05')).toEqual(before);
  });

  it('shows in a dry run what the run then does, and leaves nothing behind', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] }));
    const before = await everything(tenant, '2026-01-05');
    const dry = await on(tenant, '2026-01-05', async (ctx) => unwrap(await runStrategy(ctx, { dryRun: true })));
    expect(dry.runId).toBeNull();
    expect(await everything(tenant, '2026-01-05')).toEqual(before);
    const { runId: _, decisions: __, ...real } = await run(tenant, '2026-01-05');
    const { runId: ___, decisions: ____, ...shown } = dry;
    expect(shown).toEqual(real);
  });

  it('looks ahead only dry, and never runs an earlier day after a later one', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2026-01-20' }] }));
    const asOf = calendarDate('2026-01-21');
    expect(await on(tenant, '2026-01-05', (ctx) => runStrategy(ctx, { asOf }))).toMatchObject({
      code: 'as_of_in_future',
    });
    const ahead = await on(tenant, '2026-01-05', async (ctx) => unwrap(await runStrategy(ctx, { asOf, dryRun: true })));
    expect(ahead.steps).toEqual({ reminder_1: 1 });
    await run(tenant, '2026-01-06');
    const late = await on(tenant, '2026-01-06', (ctx) => runStrategy(ctx, { asOf: calendarDate('2026-01-05') }));
    expect(late).toMatchObject({ code: 'as_of_before_last_run' });
  });

  it('refuses when no strategy is published', async () => {
    const tenant = await database.freshTenant();
    expect(await on(tenant, '2026-01-05', (ctx) => runStrategy(ctx))).toMatchObject({ code: 'no_strategy' });
  });

  it('sees nothing of another tenant', async () => {
    const mine = await freshTenant();
    const theirs = await freshTenant();
    await on(theirs, '2026-01-05', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] }));
    expect((await run(mine, '2026-01-05')).accounts).toBe(0);
    expect((await run(theirs, '2026-01-05')).actions).toEqual({ email: 1 });
    expect(await plansOf(mine, '2026-01-05')).toEqual([]);
  });

  it('makes up for missed days with one plan', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2026-01-10' }] }));
    await run(tenant, '2026-01-05');
    const report = await run(tenant, '2026-01-26');
    expect(report.caughtUpDays).toBe(20);
    expect(report.skippedLevels).toBe(2);
    expect(report.skippedSteps).toEqual({ reminder_1: 1, reminder_2: 1 });
    expect(steps(await plansOf(tenant, '2026-01-26'))).toEqual([
      '2026-01-05 courtesy expired',
      '2026-01-26 reminder_3 planned',
    ]);
  });

  it('goes through the whole ladder, one step a time', async () => {
    const tenant = await freshTenant('2026-01-01');
    await on(tenant, '2026-01-01', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2026-01-10' }] }));
    for (let day = 1; day <= 75; day += 1) {
      const date = new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10);
      await run(tenant, date);
      await on(tenant, date, async (ctx) => {
        const due = await listDuePlans(ctx, ctx.at, 10);
        await markPlans(
          ctx,
          due.map((plan) => plan.id),
          'sent',
          'captured',
        );
      });
    }
    expect(steps(await plansOf(tenant, '2026-03-20'))).toEqual([
      '2026-01-05 courtesy sent',
      '2026-01-11 reminder_1 sent',
      '2026-01-17 reminder_2 sent',
      '2026-01-24 reminder_3 sent',
      '2026-01-31 call planned',
      '2026-02-09 demand sent',
      '2026-02-24 final_notice sent',
      '2026-03-11 escalation planned',
    ]);
  });
});

describe('a plan', () => {
  it('is void from the moment its account is stopped, and its step is planned again while it is still due', async () => {
    const tenant = await freshTenant();
    const { accountId } = await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] }),
    );
    await run(tenant, '2026-01-05');
    await on(tenant, '2026-01-05', (ctx) => raiseStopEpochs(ctx, [accountId]));
    expect(await on(tenant, '2026-01-05', (ctx) => listDuePlans(ctx, ctx.at, 10))).toEqual([]);
    const report = await run(tenant, '2026-01-05');
    expect(report.voided).toBe(1);
    expect(report.actions).toEqual({ email: 1 });
    expect(steps(await plansOf(tenant, '2026-01-05'))).toEqual([
      '2026-01-05 reminder_2 void',
      '2026-01-05 reminder_2 planned',
    ]);
    expect(await on(tenant, '2026-01-05', (ctx) => listDuePlans(ctx, ctx.at, 10))).toHaveLength(1);
  });

  it('gives an item back the level it had before when the plan dies undone', async () => {
    const tenant = await freshTenant();
    const { itemIds } = await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2026-01-04' }] }),
    );
    const level = (day: string) =>
      on(tenant, day, async (ctx) => {
        const { rows } = await sql<{ level: number; step_key: string }>`
          select level, step_key from strategy.item_levels_v where tenant_id = ${tenant} and item_id = ${itemIds[0]}`.execute(
          ctx.db,
        );
        return rows[0] ?? null;
      });
    await run(tenant, '2026-01-05');
    await on(tenant, '2026-01-05', async (ctx) => {
      const due = await listDuePlans(ctx, ctx.at, 10);
      await markPlans(
        ctx,
        due.map((plan) => plan.id),
        'sent',
        'captured',
      );
    });
    await run(tenant, '2026-01-11');
    expect(await level('2026-01-11')).toEqual({ level: 2, step_key: 'reminder_2' });
    await on(tenant, '2026-01-11', async (ctx) => {
      const due = await listDuePlans(ctx, ctx.at, 10);
      await markPlans(
        ctx,
        due.map((plan) => plan.id),
        'failed',
        'mailbox full',
      );
    });
    expect(await level('2026-01-11')).toEqual({ level: 1, step_key: 'reminder_1' });
    await run(tenant, '2026-01-12');
    expect(await level('2026-01-12')).toEqual({ level: 2, step_key: 'reminder_2' });
  });

  it('that nobody carried out is taken over by the next, with the firmer wording', async () => {
    const tenant = await freshTenant();
    const { accountId } = await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, {
        items: [
          { amountMinor: 10_000n, dueOn: '2025-12-22' },
          { amountMinor: 500n, dueOn: '2026-01-05' },
        ],
      }),
    );
    await run(tenant, '2026-01-05');
    await run(tenant, '2026-01-06');
    expect(steps(await plansOf(tenant, '2026-01-06'))).toEqual([
      '2026-01-05 reminder_3 expired',
      '2026-01-06 reminder_3 planned',
    ]);
    await on(tenant, '2026-01-06', (ctx) => raiseStopEpochs(ctx, [accountId]));
    const report = await run(tenant, '2026-01-06');
    expect(report.steps).toEqual({ reminder_3: 1 });
  });

  it('is not repeated after a denial', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) => anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] }));
    await run(tenant, '2026-01-05');
    await on(tenant, '2026-01-05', async (ctx) => {
      const due = await listDuePlans(ctx, ctx.at, 10);
      await markPlans(
        ctx,
        due.map((plan) => plan.id),
        'denied',
        'opted out',
      );
    });
    expect((await run(tenant, '2026-01-06')).nonActions).toEqual({ already_at_level: 1 });
  });
});

it('tidies after a run with at most a few lookups an account, also where the database knows nothing of the tenant yet', async () => {
  const tenant = await freshTenant();
  // Statistics of a day on which only others had plans.
  await database.asSuperuser((client) => client.query('analyze strategy.plans, accounts.facts'));
  await on(tenant, '2026-01-05', async (ctx) => {
    for (let n = 0; n < 60; n += 1)
      await anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2025-12-29' }], email: `a${n}@example.com` });
  });
  await run(tenant, '2026-01-05');
  const lookups = await on(tenant, '2026-01-05', async (ctx) => {
    await tidyStopped(ctx);
    const { rows } = await sql<{ scans: bigint }>`
      select sum(coalesce(idx_scan, 0) + seq_scan)::bigint as scans from pg_stat_xact_all_tables where relid in ('strategy.plans'::regclass, 'accounts.facts'::regclass)`.execute(
      ctx.db,
    );
    return Number(rows[0]?.scans);
  });
  expect(lookups).toBeLessThan(4 * 60);
});

describe('reasons not to act', () => {
  it('are counted, one per account', async () => {
    const tenant = await freshTenant();
    const overdue = [{ amountMinor: 10_000n, dueOn: '2025-12-29' }] as const;
    await on(tenant, '2026-01-05', async (ctx) => {
      const { clientId } = await aClient(ctx);
      const stale = await aClient(ctx, { name: 'Stale' });
      await sql`update accounts.clients set feed_through = '2026-01-01', feed_max_age_hours = 24
        where tenant_id = ${tenant} and id = ${stale.clientId}`.execute(ctx.db);
      await anAccount(ctx, { clientId, items: [{ amountMinor: 1n, dueOn: '2026-03-01' }] });
      await anAccount(ctx, { clientId });
      await anAccount(ctx, { clientId, items: [...overdue], email: null });
      await anAccount(ctx, { clientId: stale.clientId, items: [...overdue] });
      await anAccount(ctx, { clientId, items: [...overdue, { amountMinor: -10_000n, dueOn: '2026-01-04' }] });
      const held = await anAccount(ctx, { clientId, items: [...overdue] });
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: held.accountId,
          reason: 'dispute',
          effects: ['stop_automatic'],
          source: { kind: 'test' },
        }),
      );
      const promised = await anAccount(ctx, { clientId, items: [...overdue] });
      unwrap(
        await placeHold(ctx, {
          coverage: 'items',
          accountId: promised.accountId,
          itemIds: promised.itemIds,
          reason: 'promise',
          effects: ['stop_automatic'],
          source: { kind: 'test' },
        }),
      );
      const owned = await anAccount(ctx, { clientId, items: [...overdue] });
      await sql`update accounts.accounts set assigned_to = gen_random_uuid() where tenant_id = ${tenant} and id = ${owned.accountId}`.execute(
        ctx.db,
      );
      const delicate = await anAccount(ctx, { clientId, items: [...overdue] });
      await sql`update accounts.accounts set sensitive = true where tenant_id = ${tenant} and id = ${delicate.accountId}`.execute(
        ctx.db,
      );
      await refreshFacts(ctx, { accountIds: [owned.accountId, delicate.accountId] });
    });
    const report = await run(tenant, '2026-01-05');
    expect(report.nonActions).toEqual({
      assigned_collector: 1,
      credit_covers: 1,
      hold: 1,
      no_contact_point: 1,
      not_due: 1,
      nothing_open: 1,
      promise: 1,
      sensitive: 1,
      stale_feed: 1,
    });
    expect(report.actions).toEqual({});
  });

  it('do not keep a call from an account whose notices are withheld', async () => {
    const tenant = await freshTenant();
    await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, {
        email: null,
        items: [
          { amountMinor: 10_000n, dueOn: '2025-12-15' },
          { amountMinor: 10_000n, dueOn: '2026-01-04' },
        ],
      }),
    );
    const report = await run(tenant, '2026-01-05');
    expect(report.actions).toEqual({ call_task: 1 });
    expect(report.withheld).toEqual({ no_contact_point: 1 });
  });
});

describe('the why-card', () => {
  const explain = (tenant: TenantId, day: string, accountId: string, at?: Date) =>
    on(tenant, day, async (ctx) => unwrap(await explainAccount(ctx, accountId, at)));

  it('says what holds now, and what was said at a past instant', async () => {
    const tenant = await freshTenant();
    const { accountId } = await on(tenant, '2026-01-05', (ctx) =>
      anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn: '2026-01-04' }] }),
    );
    expect(await explain(tenant, '2026-01-05', accountId)).toMatchObject({
      outcome: 'act',
      reasons: [{ code: 'reminder_1' }],
      version: 'b2b-default v1',
      nextOn: '2026-01-11',
    });
    await run(tenant, '2026-01-05');
    const held = await on(tenant, '2026-01-06', (ctx) =>
      placeHold(ctx, {
        coverage: 'account',
        accountId,
        reason: 'dispute',
        effects: ['stop_automatic'],
        source: { kind: 'test' },
      }),
    );
    await run(tenant, '2026-01-06');
    expect(await explain(tenant, '2026-01-07', accountId)).toMatchObject({
      outcome: 'stop',
      sentence: expect.stringContaining('hold'),
      nextOn: null,
    });
    const then = await explain(tenant, '2026-01-07', accountId, instantOn('2026-01-05'));
    expect(then).toMatchObject({
      outcome: 'act',
      sentence: 'First reminder was planned.',
      decidedAt: instantOn('2026-01-05'),
    });
    expect(then.facts).toContainEqual({ name: 'Open', value: 'USD 100.00' });
    await on(tenant, '2026-01-07', async (ctx) =>
      unwrap(await releaseHold(ctx, { holdId: unwrap(held).holdId, reason: 'settled', rowVersion: 1n })),
    );
    expect(await explain(tenant, '2026-01-07', accountId)).toMatchObject({ outcome: 'act' });
  });

  it('is not shown to another tenant', async () => {
    const [mine, theirs] = [await freshTenant(), await freshTenant()];
    const { accountId } = await on(theirs, '2026-01-05', (ctx) => anAccount(ctx));
    expect(await on(mine, '2026-01-05', (ctx) => explainAccount(ctx, accountId))).toMatchObject({
      code: 'unknown_account',
    });
  });
});
