import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { currency, money } from '../kernel/money.ts';
import { unwrap } from '../kernel/result.ts';
import { loadFacts, placeHold } from '../modules/accounts/public.ts';
import { type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import { legalPicture } from '../modules/compliance/public.ts';
import { createTask, findTask, listTasks } from '../modules/desk/public.ts';
import { makePromise } from '../modules/payments/public.ts';
import { loadWorth, explainAccount, publishDefault } from '../modules/strategy/public.ts';
import { type CallInput, logCall } from './log-call.ts';
import { nextAccount } from './next-account.ts';
import { runDay } from './run-day.ts';

const database = await testDatabase();
const ann = newId();
// 10:00 on a Monday in New York.
const monday = new Date('2026-01-05T15:00:00Z');

function as<T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, at = monday): Promise<T> {
  return database.within(tenant, at, (ctx) =>
    fn({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: ann, name: 'Ann' } }),
  );
}

/** One account whose call is due today: USD 120.00, 22 days past due. */
async function aCallDue(at = monday): Promise<AnAccount & { tenant: TenantId }> {
  const tenant = await database.freshTenant({ at });
  const account = await as(
    tenant,
    async (ctx) => {
      await publishDefault(ctx);
      return anAccount(ctx, { phone: '+1 212 555 0142', items: [{ amountMinor: 12_000n, dueOn: '2025-12-14' }] });
    },
    at,
  );
  await as(tenant, async (ctx) => unwrap(await runDay(ctx)), at);
  return { ...account, tenant };
}

const log = (tenant: TenantId, input: CallInput, at = monday) => as(tenant, (ctx) => logCall(ctx, input), at);

async function count(tenant: TenantId, table: string): Promise<number> {
  const { rows } = await as(tenant, (ctx) =>
    sql<{ n: bigint }>`select count(*) as n from ${sql.raw(table)} where tenant_id = ${tenant}`.execute(ctx.db),
  );
  return Number(rows[0]?.n);
}

describe('the day', () => {
  it('plans, makes tasks, times notices by the openings, and is the same when repeated', async () => {
    const tenant = await database.freshTenant({ at: new Date('2026-01-03T15:00:00Z') });
    const saturday = new Date('2026-01-03T15:00:00Z');
    await as(
      tenant,
      async (ctx) => {
        await publishDefault(ctx);
        await anAccount(ctx, { items: [{ amountMinor: 12_000n, dueOn: '2026-01-01' }] });
        await anAccount(ctx, { items: [{ amountMinor: 50_000n, dueOn: '2025-11-01' }] });
      },
      saturday,
    );
    const dry = await as(tenant, async (ctx) => unwrap(await runDay(ctx, { dryRun: true })), saturday);
    expect(dry.actions).toEqual({ email: 1, escalation: 1 });
    expect(await count(tenant, 'strategy.plans')).toBe(0);
    expect(await count(tenant, 'compliance.openings')).toBe(0);
    const report = await as(tenant, async (ctx) => unwrap(await runDay(ctx)), saturday);
    expect(report).toMatchObject({ actions: dry.actions, tasksCreated: 1, tasksVoided: 0 });
    const { rows } = await as(
      tenant,
      (ctx) =>
        sql<{
          not_before: Date;
        }>`select not_before from strategy.plans_v where tenant_id = ${tenant} and action = 'email'`.execute(ctx.db),
      saturday,
    );
    // The weekend is closed: Monday morning in New York.
    expect(rows[0]?.not_before.toISOString().slice(0, 10)).toBe('2026-01-05');
    expect(await as(tenant, async (ctx) => unwrap(await runDay(ctx)), saturday)).toMatchObject({
      actions: {},
      tasksCreated: 0,
      decisions: 0,
    });
    const managers = await as(tenant, (ctx) => listTasks(ctx, { queue: 'manager', state: 'open' }), saturday);
    expect(managers.rows).toMatchObject([{ kind: 'escalation', title: 'Decide what comes next on USD 500.00' }]);
  });
});

describe('the next account', () => {
  it('comes with the number, the answer of the gate, and the reasons of its rank', async () => {
    const { tenant, accountId } = await aCallDue();
    const next = await as(tenant, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector' })));
    expect(next).toMatchObject({
      task: { accountId, kind: 'call' },
      phone: { key: '+12125550142' },
      call: { decision: 'allow' },
      priorityReasons: expect.arrayContaining([
        'USD 120.00 is open',
        '× 0.14 chance: the oldest item is 22 days past due',
      ]),
      remaining: 1,
    });
    expect(await count(tenant, 'compliance.permits')).toBe(0);
  });

  it('says before anybody dials that it is too early', async () => {
    const early = new Date('2026-01-05T10:00:00Z');
    const { tenant, accountId } = await aCallDue(early);
    expect(
      await as(tenant, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector' })), early),
    ).toMatchObject({ task: null });
    await as(
      tenant,
      async (ctx) =>
        createTask(
          ctx,
          {
            byPerson: true,
            accountId,
            kind: 'call_back',
            queue: 'collector',
            title: 'Call back',
            reason: 'as agreed',
            dueOn: calendarDate('2026-01-05'),
          },
          await loadWorth(ctx),
        ),
      early,
    );
    const next = await as(tenant, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector' })), early);
    expect(next.call).toMatchObject({ decision: 'defer' });
    expect(next.call?.notBefore?.getTime()).toBeGreaterThan(early.getTime());
  });
});

describe('a logged call', () => {
  it('with a promise closes the task, spends its permit, stops the items and leaves no follow-up', async () => {
    const { tenant, accountId, itemIds } = await aCallDue();
    const { task } = await as(tenant, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector' })));
    const logged = unwrap(
      await log(tenant, {
        accountId,
        direction: 'out',
        outcome: 'conversation',
        taskId: task?.id ?? null,
        note: 'Will pay on Friday.',
        promise: { itemIds, amount: money(12_000n, currency('USD')), dueOn: calendarDate('2026-01-09'), graceDays: 3 },
      }),
    );
    expect(logged).toMatchObject({
      decision: { decision: 'allow' },
      incidentId: null,
      taskClosed: true,
      followUp: null,
    });
    const { rows: register } = await as(tenant, (ctx) =>
      sql`select direction, channel, status, conversation from compliance.register_v where tenant_id = ${tenant}`.execute(
        ctx.db,
      ),
    );
    expect(register).toEqual([{ direction: 'out', channel: 'call', status: 'counted', conversation: true }]);
    const { rows: plans } = await as(tenant, (ctx) =>
      sql`select state from strategy.plans_v where tenant_id = ${tenant}`.execute(ctx.db),
    );
    expect(plans).toEqual([{ state: 'done' }]);
    const { rows: calls } = await as(tenant, (ctx) =>
      sql`select outcome, phone, promise_id, task_id from desk.calls_v where tenant_id = ${tenant}`.execute(ctx.db),
    );
    expect(calls).toEqual([
      { outcome: 'conversation', phone: '+12125550142', promise_id: logged.promiseId, task_id: task?.id },
    ]);
    const later = new Date('2026-01-07T15:00:00Z');
    expect(await as(tenant, async (ctx) => unwrap(await runDay(ctx)), later)).toMatchObject({
      actions: {},
      nonActions: { promise: 1 },
    });
    // A week on the promise is broken, judged in the same run, and the next notice is due again.
    const broken = new Date('2026-01-13T15:00:00Z');
    expect(await as(tenant, async (ctx) => unwrap(await runDay(ctx)), broken)).toMatchObject({
      promises: { broken: 1 },
      steps: { demand: 1 },
    });
  });

  it('brings what its outcome says: a call-back on a working day, a wrong number out of use, a refusal to the manager', async () => {
    const busy = await aCallDue();
    const friday = new Date('2026-01-09T15:00:00Z');
    expect(
      unwrap(await log(busy.tenant, { accountId: busy.accountId, direction: 'out', outcome: 'busy' }, friday)).followUp,
    ).toEqual({ kind: 'call_back', on: '2026-01-12' });
    const { rows: register } = await as(busy.tenant, (ctx) =>
      sql`select status from compliance.register_v where tenant_id = ${busy.tenant}`.execute(ctx.db),
    );
    expect(register).toEqual([{ status: 'released' }]);

    const wrong = await aCallDue();
    expect(
      unwrap(await log(wrong.tenant, { accountId: wrong.accountId, direction: 'out', outcome: 'wrong_number' }))
        .followUp,
    ).toMatchObject({ kind: 'review' });
    const { rows: facts } = await as(wrong.tenant, (ctx) =>
      sql`select has_phone from accounts.facts_v where tenant_id = ${wrong.tenant}`.execute(ctx.db),
    );
    expect(facts).toEqual([{ has_phone: false }]);

    const refused = await aCallDue();
    unwrap(await log(refused.tenant, { accountId: refused.accountId, direction: 'out', outcome: 'refused' }));
    const managers = await as(refused.tenant, (ctx) => listTasks(ctx, { queue: 'manager', state: 'open' }));
    expect(managers.rows).toMatchObject([{ kind: 'escalation', reason: 'After a call on 2026-01-05: refuses to pay' }]);
  });

  it('that the rules did not allow is kept, counted, and opens an incident', async () => {
    const night = new Date('2026-01-06T04:00:00Z');
    const { tenant, accountId } = await aCallDue(night);
    const logged = unwrap(await log(tenant, { accountId, direction: 'out', outcome: 'no_answer' }, night));
    expect(logged.incidentId).not.toBeNull();
    expect(logged.decision?.decision).not.toBe('allow');
    expect(logged.sentence).toContain('incident');
    const { rows } = await as(tenant, (ctx) =>
      sql`select status from compliance.register_v where tenant_id = ${tenant}`.execute(ctx.db),
    );
    expect(rows).toEqual([{ status: 'counted' }]);
  });

  it('is judged by the hour at which it was made, not by the one at which it is written down', async () => {
    const open = new Date('2026-01-05T13:05:00Z');
    const beforeOpening = new Date('2026-01-05T12:52:00Z');
    const { tenant, accountId } = await aCallDue(open);
    const call = { accountId, direction: 'out', outcome: 'no_answer' } as const;
    const early = unwrap(await log(tenant, { ...call, startedAt: beforeOpening }, open));
    expect(early.incidentId).not.toBeNull();
    const fine = unwrap(await log(tenant, { ...call, startedAt: new Date('2026-01-05T13:01:00Z') }, open));
    expect(fine).toMatchObject({ incidentId: null, decision: { decision: 'allow' } });
  });

  it('to a wrong number voids what was planned for any account of the party', async () => {
    const { tenant, accountId, partyId } = await aCallDue();
    const second = await as(tenant, (ctx) =>
      anAccount(ctx, { partyId, items: [{ amountMinor: 700n, dueOn: '2025-12-14' }] }),
    );
    const epochs = () =>
      as(
        tenant,
        async (ctx) => (await loadFacts(ctx, second.accountId)).stopEpoch + (await loadFacts(ctx, accountId)).stopEpoch,
      );
    const before = await epochs();
    unwrap(await log(tenant, { accountId, direction: 'out', outcome: 'wrong_number' }));
    expect(await epochs()).toBe(before + 2n);
    expect(await as(tenant, async (ctx) => (await loadFacts(ctx, second.accountId)).hasPhone)).toBe(false);
    const told = await as(tenant, async (ctx) => (await legalPicture(ctx, accountId, null))?.events);
    expect(told).toMatchObject([
      { type: 'number_misdirected', addressKey: expect.any(String) as string, sourceKind: 'call' },
    ]);
  });

  it('that came in needs no leave and counts as contact', async () => {
    const { tenant, accountId } = await aCallDue();
    const logged = unwrap(
      await log(tenant, {
        accountId,
        direction: 'in',
        outcome: 'conversation',
        callBackOn: calendarDate('2026-01-08'),
      }),
    );
    expect(logged).toMatchObject({
      decision: null,
      incidentId: null,
      followUp: { kind: 'call_back', on: '2026-01-08' },
    });
    const { rows } = await as(tenant, (ctx) =>
      sql<{ at: Date }>`select last_conversation_at as at from accounts.facts_v where tenant_id = ${tenant}`.execute(
        ctx.db,
      ),
    );
    expect(rows[0]?.at).toEqual(monday);
  });

  it('is refused whole when its promise makes no sense, and to another tenant', async () => {
    const { tenant, accountId, itemIds } = await aCallDue();
    const promise = {
      itemIds,
      amount: money(99_000n, currency('USD')),
      dueOn: calendarDate('2026-01-09'),
      graceDays: 3,
    };
    expect(await log(tenant, { accountId, direction: 'out', outcome: 'conversation', promise })).toMatchObject({
      code: 'more_than_owed',
    });
    expect(await log(tenant, { accountId, direction: 'out', outcome: 'no_answer', promise })).toMatchObject({
      code: 'no_promise_from_this',
    });
    for (const table of ['desk.calls', 'compliance.permits', 'compliance.register_entries', 'payments.promises'])
      expect(await count(tenant, table), table).toBe(0);
    const other = await database.freshTenant({ at: monday });
    expect(
      await log(other, { accountId: accountId as Id<'account'>, direction: 'out', outcome: 'busy' }),
    ).toMatchObject({ code: 'account_not_found' });
  });
});

describe('the why-card after a call', () => {
  it('names the task and what became of it', async () => {
    const { tenant, accountId } = await aCallDue();
    const card = await as(tenant, async (ctx) => unwrap(await explainAccount(ctx, accountId)));
    expect(card).toMatchObject({ outcome: 'wait', nextOn: '2026-01-13' });
    expect(card.reasons.map((reason) => reason.sentence)).toEqual([
      'Every item has had the step that its age calls for.',
      'Call is planned (2026-01-05).',
    ]);
  });
});

describe('what follows a call', () => {
  // Thursday, when the follow-up of Monday's unanswered call is due.
  const thursday = new Date('2026-01-08T15:00:00Z');
  const tuesday = new Date('2026-01-06T15:00:00Z');
  const takeNext = (tenant: TenantId) =>
    as(tenant, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector' })), thursday);
  const promise = (tenant: TenantId, account: AnAccount, at = monday) =>
    as(
      tenant,
      async (ctx) => {
        unwrap(
          await makePromise(ctx, {
            accountId: account.accountId,
            itemIds: account.itemIds,
            amount: money(12_000n, currency('USD')),
            dueOn: calendarDate('2026-01-30'),
            graceDays: 3,
            channel: 'email',
          }),
        );
      },
      at,
    );

  it('by itself is void the moment a promise or a hold stops the account', async () => {
    for (const stop of [
      promise,
      (tenant: TenantId, { accountId }: AnAccount) =>
        as(tenant, async (ctx) => {
          unwrap(
            await placeHold(ctx, {
              coverage: 'account',
              accountId,
              reason: 'dispute',
              effects: ['stop_contact'],
              source: { kind: 'test' },
            }),
          );
        }),
    ]) {
      const { tenant, ...account } = await aCallDue();
      unwrap(await log(tenant, { accountId: account.accountId, direction: 'out', outcome: 'no_answer' }));
      const callAgain = (await as(tenant, (ctx) => listTasks(ctx, { queue: 'collector', state: 'open' }))).rows.find(
        (task) => task.kind === 'call_back',
      );
      expect(callAgain).toMatchObject({ title: 'Call again: no answer' });
      await stop(tenant, account);
      expect((await takeNext(tenant)).task).toBeNull();
      await as(tenant, async (ctx) => unwrap(await runDay(ctx)), thursday);
      expect(await as(tenant, (ctx) => findTask(ctx, callAgain?.id ?? newId()), thursday)).toMatchObject({
        state: 'void',
        outcome: 'no longer called for',
      });
    }
  });

  it('that a person chose survives, and shows what has changed since', async () => {
    const { tenant, ...account } = await aCallDue();
    unwrap(
      await log(
        tenant,
        {
          accountId: account.accountId,
          direction: 'out',
          outcome: 'conversation',
          callBackOn: calendarDate('2026-01-08'),
        },
        tuesday,
      ),
    );
    await promise(tenant, account, tuesday);
    const next = await takeNext(tenant);
    expect(next.task).toMatchObject({ kind: 'call_back', title: 'Call back as agreed', stoppedSince: true });
    expect(next.changes.map((change) => change.title)).toEqual(['Promised USD 120.00 for 2026-01-30']);
    await as(tenant, async (ctx) => unwrap(await runDay(ctx)), thursday);
    expect((await takeNext(tenant)).task).toMatchObject({ kind: 'call_back' });
  });

  it('to find a number outlives a stop: it contacts nobody', async () => {
    const { tenant, ...account } = await aCallDue();
    unwrap(await log(tenant, { accountId: account.accountId, direction: 'out', outcome: 'wrong_number' }));
    await promise(tenant, account);
    expect((await takeNext(tenant)).task).toMatchObject({ kind: 'review' });
  });
});
