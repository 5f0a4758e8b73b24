import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { stoppedClock } from '../kernel/clock.ts';
import { addDays, calendarDate, type CalendarDate, instantAt } from '../kernel/calendar.ts';
import { currency } from '../kernel/currency.ts';
import type { Ctx } from '../kernel/ctx.ts';
import type { TenantId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { unwrap } from '../kernel/result.ts';
import { timeZone } from '../kernel/time-zone.ts';
import { placeHold } from '../modules/accounts/public.ts';
import { type AnAccount, aClient, anAccount } from '../modules/accounts/testing.ts';
import { recordPreference } from '../modules/compliance/public.ts';
import { actIn, moveClock, systemActor } from '../modules/identity/public.ts';
import { testInstallation } from '../modules/identity/testing.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { makePromise, recordReceipt } from '../modules/payments/public.ts';
import {
  changeSelection,
  type Course,
  createSegment,
  parseAssumptions,
  publishDefault,
  publishVersion,
} from '../modules/strategy/public.ts';
import { moveTenantClock } from './move-clock.ts';
import { sendDue } from './send-due.ts';
import { simulate, type SimulationOrder } from './simulate.ts';
import type { SideKey, SimulationReport } from './simulation-report.ts';

const database = await testDatabase();
const zone = timeZone('America/New_York');
const first = calendarDate('2026-03-02');
const start = instantAt(first, '10:00', zone);
const actor = systemActor('test');
const mailing = { ...testInstallation(database, stoppedClock(start)), config: { publicUrl: 'http://localhost:4400' } };
const usd = currency('USD');

const run = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) =>
  actIn(mailing, tenant, actor, fn, { statementTimeoutMs: 0 });

const hold = fc.record({
  effects: fc.constantFrom('stop_automatic' as const, 'stop_contact' as const, 'stop_interest' as const),
  reason: fc.constantFrom('dispute' as const, 'manual' as const),
  days: fc.constantFrom(null, 4, 11, 20),
});
const world = fc.record({
  items: fc.array(
    fc.record({
      dpd: fc.integer({ min: -40, max: 62 }),
      minor: fc.constantFrom(9_000, 25_000, 120_000, 700_000, -5_000),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  client: fc.constantFrom(0, 0, 0, 1),
  consumer: fc.constantFrom(false, false, false, true),
  sameParty: fc.constantFrom(false, false, false, true),
  place: fc.constantFrom('America/New_York', 'America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu'),
  email: fc.constantFrom(true, true, true, true, false),
  phone: fc.constantFrom(true, true, false),
  sensitive: fc.constantFrom(false, false, false, false, false, true),
  itemHold: fc.option(hold, { freq: 5 }),
  accountHold: fc.option(hold, { freq: 7 }),
  promise: fc.constantFrom(null, null, null, 3, 9, 25),
  wish: fc.constantFrom(null, null, null, null, null, 'opt_out' as const, 'cease' as const),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

async function build(ctx: Ctx, worlds: readonly World[]): Promise<AnAccount[]> {
  const clients = [];
  for (const name of ['North', 'South']) {
    const { clientId } = await aClient(ctx, { name });
    await ensureSender(ctx, clientId);
    clients.push(clientId);
  }
  const made: AnAccount[] = [];
  for (const one of worlds) {
    const before = made.at(-1);
    const partyId = one.sameParty && before ? before.partyId : undefined;
    const account = await anAccount(ctx, {
      clientId: clients[one.client] ?? clients[0]!,
      debtKind: one.consumer ? 'consumer' : 'commercial',
      timeZone: one.place,
      ...(partyId && { partyId }),
      ...(!one.email && { email: null }),
      phone: one.phone ? `+1212555${String(1000 + made.length)}` : null,
      items: one.items.map((item) => ({ amountMinor: BigInt(item.minor), dueOn: addDays(first, -item.dpd) })),
    });
    made.push(account);
    const ends = (days: number | null) => (days === null ? {} : { to: instantAt(addDays(first, days), '13:00', zone) });
    const owed = account.itemIds.filter((_id, at) => (one.items[at]?.minor ?? 0) > 0);
    const [held, ...others] = owed;
    if (one.itemHold && held)
      unwrap(
        await placeHold(ctx, {
          coverage: 'items',
          accountId: account.accountId,
          itemIds: [held],
          ...ends(one.itemHold.days),
          reason: one.itemHold.reason,
          effects: [one.itemHold.effects],
          source: { kind: 'test' },
        }),
      );
    if (one.accountHold)
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: account.accountId,
          ...ends(one.accountHold.days),
          reason: one.accountHold.reason,
          effects: [one.accountHold.effects],
          source: { kind: 'test' },
        }),
      );
    const promised = others[0];
    if (one.promise !== null && promised)
      unwrap(
        await makePromise(ctx, {
          accountId: account.accountId,
          itemIds: [promised],
          amount: money(9_000n, usd),
          dueOn: addDays(first, one.promise),
          graceDays: 2,
          channel: 'call',
        }),
      );
    if (one.wish)
      unwrap(
        await recordPreference(ctx, {
          partyId: account.partyId,
          kind: one.wish,
          channel: one.wish === 'opt_out' ? 'email' : null,
          addressKey: null,
          sourceKind: 'staff',
          sourceId: null,
        }),
      );
    if (one.sensitive)
      await sql`update accounts.accounts set sensitive = true where tenant_id = ${ctx.tenant} and id = ${account.accountId}`.execute(
        ctx.db,
      );
    if (one.sensitive)
      await sql`update accounts.facts set sensitive = true where tenant_id = ${ctx.tenant} and id = ${account.accountId}`.execute(
        ctx.db,
      );
  }
  return made;
}

/** Everything that was planned after a day, in words. */
async function plannedAfter(tenant: TenantId, day: CalendarDate): Promise<string[]> {
  return run(tenant, async (ctx) => {
    const { rows } = await sql<{ on: CalendarDate; account: string; action: string; step: string; level: number }>`
      select p.planned_for as "on", p.account_id as account, p.action, p.step_key as step, p.level from strategy.plans p
      where p.tenant_id = ${tenant} and p.planned_for > ${day}`.execute(ctx.db);
    return rows.map((row) => `${row.on} ${row.account} ${row.action} ${row.step} ${row.level}`).sort();
  });
}

async function sentAfter(tenant: TenantId, day: CalendarDate): Promise<Record<string, number>> {
  return run(tenant, async (ctx) => {
    const { rows } = await sql<{ on: CalendarDate; n: bigint }>`
      select (m.handed_over_at at time zone 'America/New_York')::date as "on", count(*) as n from outreach.messages m
      where m.tenant_id = ${tenant} and m.state = 'sent' and m.automatic group by 1`.execute(ctx.db);
    return Object.fromEntries(rows.filter((row) => row.on > day).map((row) => [row.on, Number(row.n)]));
  });
}

const none = unwrap(parseAssumptions({ behaviour: 'none', tasks: 'left' }));
const today = { kind: 'today' } as const;

async function simulated(
  tenant: TenantId,
  order: Partial<SimulationOrder> & Pick<SimulationOrder, 'from' | 'days'>,
): Promise<{ report: SimulationReport; courses: Map<SideKey, Course[]> }> {
  const courses = new Map<SideKey, Course[]>();
  const report = await run(tenant, (ctx) =>
    simulate(
      ctx,
      mailing,
      { simulated: today, compared: null, assumptions: none, seed: 'test', ...order },
      (progress) => {
        for (const [key, some] of progress.courses) courses.set(key, [...(courses.get(key) ?? []), ...some]);
      },
    ),
  );
  return { report: unwrap(report), courses };
}

const inWords = (courses: readonly Course[], from: CalendarDate): string[] =>
  courses
    .flatMap(({ accountId, acts }) =>
      acts.map((act) => `${addDays(from, act.day)} ${accountId} ${act.action} ${act.stepKey} ${act.level}`),
    )
    .sort();

/** Lives through the rest of the day the clock stands on. */
async function endDay(tenant: TenantId, day: CalendarDate): Promise<void> {
  for (const time of ['14:00', '18:00']) {
    await run(tenant, (ctx) => moveClock(ctx, instantAt(day, time, zone)));
    await sendDue(mailing, tenant, actor);
  }
}

const ACCOUNTS = 60;
const DAYS = 28;

async function agree(tenant: TenantId, seed: number, choose: (ctx: Ctx) => Promise<unknown>): Promise<void> {
  await run(tenant, async (ctx) => {
    await choose(ctx);
    await build(ctx, fc.sample(world, { numRuns: ACCOUNTS, seed }));
  });
  // Two days of real work first, so that levels, positions and plans that wait are there to begin with.
  const before = addDays(first, 2);
  unwrap(await moveTenantClock(mailing, tenant, actor, { to: before, run: true }));
  await endDay(tenant, before);
  const from = addDays(before, 1);
  const { report, courses } = await simulated(tenant, { from, days: DAYS });
  unwrap(await moveTenantClock(mailing, tenant, actor, { to: addDays(before, DAYS), run: true }));
  await endDay(tenant, addDays(before, DAYS));

  const planned = await plannedAfter(tenant, before);
  expect(planned.length).toBeGreaterThan(ACCOUNTS / 2);
  expect(inWords(courses.get('today') ?? [], from)).toEqual(planned);
  const sent = Object.fromEntries(
    (report.sides[0]?.days ?? []).filter((day) => day.emails > 0).map((day) => [day.on, day.emails]),
  );
  expect(sent).toEqual(await sentAfter(tenant, before));
}

describe('a simulation in which nobody pays', () => {
  it('plans what the daily runs then plan, day by day and account by account', async () => {
    const tenant = await database.freshTenant({ kind: 'sandbox', at: start });
    await agree(tenant, 1, publishDefault);
  }, 300_000);

  it('does so too where a selection table and conditions choose, and a version is to come', async () => {
    const tenant = await database.freshTenant({ kind: 'sandbox', at: start });
    await agree(tenant, 2, async (ctx) => {
      const usual = await publishDefault(ctx);
      const old = await publishVersion(ctx, { name: 'gentle', definition: gentle(0) });
      const strategyId = unwrap(old).strategyId;
      unwrap(
        await publishVersion(ctx, {
          name: 'gentle',
          definition: gentle(5),
          effectiveFrom: addDays(first, 14),
          takesOver: 'next_stage',
        }),
      );
      const aged = await createSegment(ctx, { name: 'Old', description: '', rule: aging });
      const quiet = await createSegment(ctx, { name: 'Not heard of', description: '', rule: unheard });
      unwrap(
        await changeSelection(ctx, 0, {
          entries: [
            { segmentId: unwrap(quiet).id, strategyId },
            { segmentId: unwrap(aged).id, strategyId: null },
          ],
          otherwiseId: usual.strategyId,
        }),
      );
    });
  }, 300_000);
});

describe('a simulation', () => {
  /** Three weeks of real days: one account pays in the second, one is held in the third. */
  async function livedTenant(): Promise<{ tenant: TenantId; paid: AnAccount; through: CalendarDate }> {
    const tenant = await database.freshTenant({ kind: 'sandbox', at: start });
    const items = [{ amountMinor: 40_000n, dueOn: addDays(first, -3) }];
    const [paid, held] = await run(tenant, async (ctx) => {
      await publishDefault(ctx);
      const { clientId } = await aClient(ctx);
      await ensureSender(ctx, clientId);
      const made = [];
      for (let n = 0; n < 4; n += 1) made.push(await anAccount(ctx, { clientId, items }));
      return made;
    });
    if (!paid || !held) throw new Error('Accounts were made');
    const move = (day: number) => moveTenantClock(mailing, tenant, actor, { to: addDays(first, day), run: true });
    unwrap(await move(9));
    await run(tenant, async (ctx) =>
      unwrap(
        await recordReceipt(ctx, {
          clientId: paid.clientId,
          accountId: paid.accountId,
          amount: money(40_000n, usd),
          receivedOn: addDays(first, 9),
          method: 'bank_transfer',
          source: 'hand',
          externalKey: 'one',
          reference: null,
        }),
      ),
    );
    unwrap(await move(14));
    await run(tenant, async (ctx) =>
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: held.accountId,
          reason: 'dispute',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      ),
    );
    unwrap(await move(21));
    return { tenant, paid, through: addDays(first, 21) };
  }

  it('replays past days to what was planned, by the money and the holds that became known', async () => {
    const { tenant, paid, through } = await livedTenant();
    const from = addDays(first, 1);
    const { report, courses } = await simulated(tenant, { from, days: 21 });
    expect(report).toMatchObject({ replay: true, through, accounts: 4 });
    expect(inWords(courses.get('today') ?? [], from)).toEqual(await plannedAfter(tenant, first));
    const theirs = courses.get('today')?.find((course) => course.accountId === paid.accountId)?.acts ?? [];
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.every((act) => act.day < 9)).toBe(true);
    // Begun when the money was known already, it has nothing to say to who paid.
    const late = await simulated(tenant, { from: addDays(first, 11), days: 11 });
    expect(late.courses.get('today')?.find((course) => course.accountId === paid.accountId)?.acts ?? []).toEqual([]);
  }, 120_000);

  it('draws the same payments for every version and every run of a seed, and tells who is treated differently', async () => {
    const { tenant } = await livedTenant();
    await run(tenant, async (ctx) => unwrap(await publishVersion(ctx, { name: 'gentle', definition: gentle(0) })));
    const behaviour = { rows: [{ fromDay: -30, perDay: [0.002, 0.02] }] };
    const order = {
      from: addDays(first, 22),
      days: 60,
      simulated: { kind: 'version', name: 'gentle', version: null } as const,
      assumptions: unwrap(parseAssumptions({ behaviour, callsPerDay: 1 })),
    };
    const once = await simulated(tenant, order);
    const [mine, theirs] = once.report.sides;
    expect(once.report.sides.map((side) => side.key)).toEqual(['simulated', 'today']);
    expect((await simulated(tenant, order)).report).toEqual(once.report);
    const different = mine?.different ?? { more: 0, less: 0, other: 0 };
    expect(different.more + different.less + different.other).toBeGreaterThan(0);
    expect(theirs?.different).toBeNull();
    for (const { cash } of once.report.sides)
      for (const { lowMinor, highMinor } of cash) expect(lowMinor).toBeLessThanOrEqual(highMinor);
    // Both sides share the bound of what comes without contact.
    expect(mine?.cash[0]?.lowMinor).toBe(theirs?.cash[0]?.lowMinor);
  }, 120_000);

  it('fits its behaviour from the past, and says from what', async () => {
    const { tenant } = await livedTenant();
    const { report } = await simulated(tenant, {
      from: addDays(first, 22),
      days: 5,
      assumptions: unwrap(parseAssumptions({ behaviour: 'fitted' })),
    });
    expect(report.behaviour?.source).toContain('4 items');
    expect(report.behaviour?.source).toContain('1 of which were closed');
    expect(report.behaviour?.rows.some((row) => row.perDay.some((chance) => chance > 0 && chance < 1))).toBe(true);
  }, 120_000);

  it('refuses what it cannot live through, in words', async () => {
    const tenant = await database.freshTenant({ kind: 'sandbox', at: start });
    const asked = (order: Partial<SimulationOrder>) =>
      run(tenant, (ctx) =>
        simulate(ctx, mailing, {
          from: addDays(first, 1),
          days: 5,
          simulated: today,
          compared: null,
          assumptions: none,
          seed: '',
          ...order,
        }),
      );
    expect(await asked({})).toMatchObject({ code: 'no_strategy' });
    await run(tenant, publishDefault);
    expect(await asked({ days: 366 })).toMatchObject({ code: 'bad_window' });
    expect(await asked({ from: addDays(first, -3), days: 9 })).toMatchObject({ code: 'bad_window' });
    expect(await asked({ simulated: { kind: 'version', name: 'nobody', version: 3 } })).toMatchObject({
      code: 'unknown_version',
    });
    expect(await asked({})).toMatchObject({ ok: true, value: { accounts: 0 } });
  });
});

const rule = (field: string, operator: string, value: unknown) => ({
  combinator: 'and',
  rules: [{ field, operator, value }],
});
const aging = rule('days_past_due', '>', 70);
const unheard = {
  combinator: 'or',
  rules: [
    { field: 'days_since_contact', operator: '>', value: 9 },
    { field: 'stage', operator: '=', value: 'mid' },
  ],
};
const gentle = (later: number) => ({
  steps: [
    { key: 'hint', title: 'Hint', day: 2 + later, action: 'email', level: 1 },
    {
      key: 'large',
      title: 'Call large',
      day: 9 + later,
      action: 'call_task',
      level: 2,
      when: rule('balance', '>', 1000),
    },
    { key: 'ask', title: 'Ask', day: 18 + later, action: 'email', level: 2, when: rule('promises_broken', '=', 0) },
    { key: 'press', title: 'Press', day: 33, action: 'email', level: 3 },
    { key: 'decide', title: 'Decide', day: 50, action: 'escalation', level: 4 },
  ],
  stages: [
    { stage: 'early', fromDay: 1 },
    { stage: 'mid', fromDay: 20 },
    { stage: 'late', fromDay: 45 },
  ],
  whenAssigned: 'withhold_notices',
});
