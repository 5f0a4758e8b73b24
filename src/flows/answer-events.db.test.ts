import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { stoppedClock } from '../kernel/clock.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { accountEvents, placeHold, releaseHold, reportEvent, reportEventOfParty } from '../modules/accounts/public.ts';
import { type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import { listTasks } from '../modules/desk/public.ts';
import { systemActor } from '../modules/identity/public.ts';
import { testInstallation } from '../modules/identity/testing.ts';
import { setContactQuality } from '../modules/parties/public.ts';
import { judgePromises } from '../modules/payments/public.ts';
import { aPromise, aReceipt } from '../modules/payments/testing.ts';
import { explainAccount, findLastRunDay, publishVersion } from '../modules/strategy/public.ts';
import { answerEvents } from './answer-events.ts';
import { decidePlan } from './decide-plan.ts';
import { holdPlanned } from './hold-planned.ts';
import { logCall } from './log-call.ts';
import { runDay } from './run-day.ts';

const database = await testDatabase();
// 10:00 on a Monday in New York.
const monday = new Date('2026-01-05T15:00:00Z');
const daysOn = (days: number) => new Date(monday.getTime() + days * 86_400_000);
const worker = systemActor('worker');

/** A strategy whose ladder has one reminder, a month after the due date, and these reactions. */
async function following(reactions: readonly object[], day = 30): Promise<TenantId> {
  const tenant = await database.freshTenant({ at: monday });
  await at(monday, tenant, async (ctx) =>
    unwrap(
      await publishVersion(ctx, {
        name: 'b2b-default',
        definition: {
          steps: [{ key: 'reminder', title: 'Reminder', day, action: 'email', level: 1 }],
          reactions: reactions.map((one, n) => ({
            key: `r${n}`,
            title: `Answer ${n}`,
            afterDays: 0,
            level: 2,
            ...one,
          })),
          stages: [{ stage: 'early', fromDay: 1 }],
          whenAssigned: 'send',
        },
      }),
    ),
  );
  return tenant;
}

const at = <T>(instant: Date, tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, instant, fn);
const answer = (tenant: TenantId, instant = monday) =>
  answerEvents(testInstallation(database, stoppedClock(instant)), tenant, worker);
const debtor = (ctx: Ctx, dueOn = '2026-01-01', options: Parameters<typeof anAccount>[1] = {}) =>
  anAccount(ctx, { items: [{ amountMinor: 10_000n, dueOn }], ...options });

async function plans(tenant: TenantId): Promise<{ action: string; step: string; state: string; level: number }[]> {
  const { rows } = await at(monday, tenant, (ctx) =>
    sql<{ action: string; step: string; state: string; level: number }>`
      select p.action, p.step_key as step, p.state, p.level from strategy.plans_v p where p.tenant_id = ${tenant}
      order by p.recorded_at, p.action, p.id`.execute(ctx.db),
  );
  return rows;
}

const dispute = (who: AnAccount) =>
  ({
    coverage: 'account',
    accountId: who.accountId,
    reason: 'dispute',
    effects: ['stop_contact'],
    source: { kind: 'test' },
  }) as const;

describe('events', () => {
  it('are told at every door, and each is answered once', async () => {
    const tenant = await following(accountEvents.map((on) => ({ on, action: 'specialist_task' })));
    const other = await database.freshTenant({ at: monday });
    const point = async (ctx: Ctx, who: AnAccount, kind: string) => {
      const { rows } = await sql<{ id: string }>`select id from parties.contact_points_v
        where tenant_id = ${tenant} and party_id = ${who.partyId} and kind = ${kind}`.execute(ctx.db);
      return rows[0]?.id ?? '';
    };
    await at(monday, tenant, async (ctx) => {
      const full = await debtor(ctx);
      await aReceipt(ctx, {
        clientId: full.clientId,
        accountId: full.accountId,
        amountMinor: 10_000n,
        on: '2026-01-05',
      });
      const part = await debtor(ctx);
      await aReceipt(ctx, {
        clientId: part.clientId,
        accountId: part.accountId,
        amountMinor: 4_000n,
        on: '2026-01-05',
      });
      const caller = await debtor(ctx, '2026-01-01', { phone: '+1 212 555 0142' });
      unwrap(await logCall(ctx, { accountId: caller.accountId, direction: 'in', outcome: 'conversation' }));
      const disputing = await debtor(ctx);
      unwrap(await placeHold(ctx, dispute(disputing)));
      const stranger = await debtor(ctx, '2026-01-01', { phone: '+1 212 555 0143' });
      unwrap(await logCall(ctx, { accountId: stranger.accountId, direction: 'out', outcome: 'wrong_number' }));
      const bounced = await debtor(ctx);
      const address = await point(ctx, bounced, 'email');
      await setContactQuality(ctx, address as never, 'bounced');
      await reportEventOfParty(ctx, 'bounce', bounced.partyId, address);
      const visitor = await debtor(ctx);
      await reportEvent(ctx, 'portal_visit', visitor.accountId, newId());
    });
    const broken = await at(new Date(monday.getTime() - 10 * 86_400_000), tenant, async (ctx) => {
      const who = await debtor(ctx);
      await aPromise(ctx, { ...who, amountMinor: 10_000n, dueOn: '2025-12-30', graceDays: 0 });
      return who;
    });
    const settled = await at(monday, tenant, async (ctx) => unwrap(await placeHold(ctx, dispute(await debtor(ctx)))));
    await at(monday, tenant, async (ctx) => unwrap(await releaseHold(ctx, { ...settled, reason: 'settled' })));
    await at(monday, tenant, (ctx) => judgePromises(ctx, { all: true }));
    await at(monday, tenant, async (ctx) => {
      const who = await anAccount(ctx, {
        items: [
          { amountMinor: 5_000n, dueOn: '2026-01-01' },
          { amountMinor: 7_000n, dueOn: '2026-01-02' },
        ],
      });
      await aPromise(ctx, { ...who, itemIds: who.itemIds.slice(0, 1), amountMinor: 5_000n, dueOn: '2026-01-09' });
      await aReceipt(ctx, { clientId: who.clientId, accountId: who.accountId, amountMinor: 5_000n, on: '2026-01-05' });
    });
    const told = await at(monday, tenant, (ctx) =>
      sql<{ kind: string; n: number }>`select e.kind, count(*)::int as n from accounts.events_v e
        where e.tenant_id = ${tenant} group by 1 order by 1`.execute(ctx.db),
    );
    expect(Object.fromEntries(told.rows.map((row) => [row.kind, row.n]))).toEqual({
      bounce: 1,
      dispute_closed: 1,
      dispute_opened: 2,
      part_payment: 2,
      payment: 1,
      portal_visit: 1,
      promise_broken: 1,
      promise_kept: 1,
      reply: 1,
      wrong_number: 1,
    });
    const seen = await at(monday, other, (ctx) => sql`select 1 from accounts.events_v`.execute(ctx.db));
    expect(seen.rows).toEqual([]);

    // One who has paid all is left alone; the dispute that is over is no longer open; a promise kept and its part payment are one task.
    expect(await answer(tenant)).toEqual({ accounts: 10, plans: 9, tasks: 9 });
    expect(await answer(tenant)).toEqual({ accounts: 0, plans: 0, tasks: 0 });
    const list = await at(monday, tenant, (ctx) => listTasks(ctx, { queue: 'specialist', state: 'open' }));
    expect(list.rows.find((task) => task.accountId === broken.accountId)).toMatchObject({
      kind: 'specialist',
      title: 'Look into USD 100.00',
      reason: 'USD 100.00 open in 1 item, the oldest 4 days past due; a promise was not kept',
    });
    const run = await at(monday, tenant, async (ctx) => unwrap(await runDay(ctx)));
    expect(run).toMatchObject({ actions: {}, tasksCreated: 0, tasksVoided: 0 });
  });

  it('are not written down while nobody listens', async () => {
    const tenant = await following([]);
    await at(monday, tenant, async (ctx) => unwrap(await placeHold(ctx, dispute(await debtor(ctx)))));
    const { rows } = await at(monday, tenant, (ctx) => sql`select 1 from accounts.events_v`.execute(ctx.db));
    expect(rows).toEqual([]);
    expect(await answer(tenant)).toMatchObject({ accounts: 0 });
  });

  it('bring back at once what a promise kept away, beside the answer, and say why', async () => {
    const tenant = await following(
      [
        { on: 'promise_broken', action: 'email' },
        { on: 'promise_broken', action: 'call_task' },
      ],
      1,
    );
    const who = await at(daysOn(-10), tenant, async (ctx) => {
      const one = await debtor(ctx);
      await aPromise(ctx, { ...one, amountMinor: 10_000n, dueOn: '2025-12-30', graceDays: 0 });
      return one;
    });
    await at(monday, tenant, (ctx) => judgePromises(ctx, { all: true }));
    const said = await at(monday, tenant, async (ctx) => unwrap(await explainAccount(ctx, who.accountId)));
    expect(said.sentence).toBe(
      'Answer 0 is due for 1 of 1 open items and because a promise was not kept on 2026-01-05; the next run plans it.',
    );
    expect(await answer(tenant)).toEqual({ accounts: 1, plans: 2, tasks: 1 });
    // One e-mail says both: the reminder that is due, in the firmer words of the answer.
    expect(await plans(tenant)).toEqual([
      { action: 'call_task', step: 'r1', state: 'planned', level: 2 },
      { action: 'email', step: 'r0', state: 'planned', level: 2 },
    ]);
    const told = await at(daysOn(1), tenant, async (ctx) =>
      unwrap(await explainAccount(ctx, who.accountId, daysOn(0.5))),
    );
    expect(told.sentence).toContain('was planned');
    // A run by event is not the day's run.
    expect(await at(monday, tenant, findLastRunDay)).toBeNull();
    const day = await at(monday, tenant, async (ctx) => unwrap(await runDay(ctx)));
    expect(day).toMatchObject({ actions: {}, decisions: 0 });
  });

  it('wait their days, and only while what they were about still holds', async () => {
    const tenant = await following([{ on: 'portal_visit', action: 'call_task', afterDays: 3 }]);
    const [silent, answering] = await at(monday, tenant, async (ctx) => [await debtor(ctx), await debtor(ctx)]);
    await at(monday, tenant, async (ctx) => {
      for (const one of [silent, answering]) await reportEvent(ctx, 'portal_visit', one.accountId, newId());
    });
    expect(await answer(tenant)).toMatchObject({ accounts: 2, plans: 0 });
    await at(daysOn(1), tenant, (ctx) => reportEvent(ctx, 'reply', answering.accountId, newId()));
    expect((await at(daysOn(2), tenant, async (ctx) => unwrap(await runDay(ctx)))).actions).toEqual({});
    const third = await at(daysOn(3), tenant, async (ctx) => unwrap(await runDay(ctx)));
    expect(third).toMatchObject({ actions: { call_task: 1 }, tasksCreated: 1 });
    expect((await at(daysOn(4), tenant, async (ctx) => unwrap(await runDay(ctx)))).actions).toEqual({});
  });

  it('keep to the stops, are answered when those are gone, and again when a plan died undone', async () => {
    const tenant = await following([
      { on: 'reply', action: 'email' },
      { on: 'reply', action: 'legal_review' },
    ]);
    const who = await at(monday, tenant, (ctx) => debtor(ctx));
    const { holdId } = await at(monday, tenant, async (ctx) =>
      unwrap(await placeHold(ctx, { ...dispute(who), reason: 'query' })),
    );
    await at(monday, tenant, (ctx) => reportEvent(ctx, 'reply', who.accountId, newId()));
    // A hold on contact keeps the notice back, and nobody from being asked.
    expect(await answer(tenant)).toEqual({ accounts: 1, plans: 1, tasks: 1 });
    await at(monday, tenant, async (ctx) => unwrap(await releaseHold(ctx, { holdId, reason: 'answered' })));
    await at(daysOn(1), tenant, async (ctx) => unwrap(await runDay(ctx)));
    expect(await plans(tenant)).toMatchObject([
      { action: 'legal_review', state: 'planned' },
      { action: 'email', state: 'planned' },
    ]);
    // A stop voids both; the next day plans both anew, once.
    const again = await at(daysOn(1), tenant, async (ctx) =>
      unwrap(await placeHold(ctx, { ...dispute(who), reason: 'query', to: daysOn(1.5) })),
    );
    expect(again.holdId).not.toBe(holdId);
    await at(daysOn(2), tenant, async (ctx) => unwrap(await runDay(ctx)));
    await at(daysOn(3), tenant, async (ctx) => unwrap(await runDay(ctx)));
    expect((await plans(tenant)).map((one) => [one.action, one.state])).toEqual([
      ['legal_review', 'void'],
      ['email', 'void'],
      ['email', 'planned'],
      ['legal_review', 'planned'],
    ]);
  });
});

describe('a hold by the strategy', () => {
  it('keeps automation away for its days, after which it goes on by itself', async () => {
    const tenant = await following([{ on: 'part_payment', action: 'hold', holdDays: 5 }], 1);
    const installation = testInstallation(database, stoppedClock(monday));
    const who = await at(monday, tenant, (ctx) => debtor(ctx, '2026-01-20'));
    await at(monday, tenant, (ctx) =>
      aReceipt(ctx, { clientId: who.clientId, accountId: who.accountId, amountMinor: 4_000n, on: '2026-01-05' }),
    );
    expect(await answer(tenant)).toMatchObject({ plans: 1, tasks: 0 });
    expect(await holdPlanned(installation, tenant, worker)).toBe(1);
    expect(await holdPlanned(installation, tenant, worker)).toBe(0);
    const on = (days: number) =>
      at(daysOn(days), tenant, async (ctx) => unwrap(await explainAccount(ctx, who.accountId)));
    expect(await on(4)).toMatchObject({ outcome: 'stop', reasons: [{ code: 'hold' }, { code: 'r0' }] });
    expect((await on(6)).outcome).toBe('wait');
    expect(await plans(tenant)).toMatchObject([{ action: 'hold', state: 'done' }]);
  });
});

describe('an act that needs a second person', () => {
  const asBoss = <T>(instant: Date, tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, name = 'Boss') =>
    at(instant, tenant, (ctx) => fn({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: newId(), name } }));
  const approvals = (tenant: TenantId) =>
    at(monday, tenant, (ctx) => listTasks(ctx, { queue: 'manager', state: 'open' }));

  async function proposed(): Promise<TenantId> {
    const tenant = await following([{ on: 'reply', action: 'legal_review', approval: true }]);
    const who = await at(monday, tenant, (ctx) => debtor(ctx));
    await at(monday, tenant, (ctx) => reportEvent(ctx, 'reply', who.accountId, newId()));
    expect(await answer(tenant)).toMatchObject({ plans: 1, tasks: 1 });
    return tenant;
  }

  it('waits until somebody other than the publisher agrees', async () => {
    const tenant = await proposed();
    const [task] = (await approvals(tenant)).rows;
    expect(task).toMatchObject({ kind: 'approval', title: 'Agree to a legal review of USD 100.00' });
    if (!task) return;
    const decide = (name: string, approve: boolean, note: string | null = null) =>
      asBoss(monday, tenant, (ctx) => decidePlan(ctx, { taskId: task.id, approve, note }), name);
    expect(await plans(tenant)).toMatchObject([{ state: 'proposed' }]);
    expect(await decide('test', true)).toMatchObject({ code: 'same_person' });
    expect(await decide('Boss', false)).toMatchObject({ code: 'refused' });
    expect(await decide('Boss', true)).toMatchObject({ ok: true, value: { state: 'done', outcome: 'Agreed' } });
    expect(await decide('Boss', true)).toMatchObject({ code: 'changed_meanwhile' });
    expect(await plans(tenant)).toMatchObject([{ state: 'planned' }]);
    const legal = await at(monday, tenant, (ctx) => listTasks(ctx, { queue: 'legal', state: 'open' }));
    expect(legal.rows).toMatchObject([{ kind: 'legal_review', title: 'Review for legal action: USD 100.00' }]);
  });

  it('is not done, nor planned again, when they refuse', async () => {
    const tenant = await proposed();
    const [task] = (await approvals(tenant)).rows;
    if (!task) throw new Error('no approval');
    await asBoss(monday, tenant, async (ctx) =>
      unwrap(await decidePlan(ctx, { taskId: task.id, approve: false, note: 'Too early for that.' })),
    );
    expect((await at(daysOn(1), tenant, async (ctx) => unwrap(await runDay(ctx)))).actions).toEqual({});
    expect(await plans(tenant)).toMatchObject([{ state: 'denied' }]);
  });

  it('expires with a stop of its account', async () => {
    const tenant = await proposed();
    const [task] = (await approvals(tenant)).rows;
    if (!task) throw new Error('no approval');
    await at(monday, tenant, async (ctx) =>
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: task.accountId,
          reason: 'bankruptcy',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      ),
    );
    expect(
      await asBoss(monday, tenant, (ctx) => decidePlan(ctx, { taskId: task.id, approve: true, note: null })),
    ).toMatchObject({
      code: 'changed_meanwhile',
    });
  });
});
