import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { raiseStopEpochs } from '../accounts/public.ts';
import { type AnAccount, anAccount } from '../accounts/testing.ts';
import { loadWorth, publishDefault, runStrategy } from '../strategy/public.ts';
import {
  addNote,
  completeTask,
  createTask,
  createTasksFromPlans,
  listTasks,
  nextTask,
  reopenTask,
  voidDeadTasks,
} from './public.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const [ann, bob] = [newId(), newId()];

function as<T>(tenant: TenantId, worker: string, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  return database.within(tenant, at, (ctx) =>
    fn({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: worker, name: worker === ann ? 'Ann' : 'Bob' } }),
  );
}

/** Accounts with one item each, `amounts` USD, 22 days past due: the call step. */
async function withCalls(amounts: readonly bigint[]): Promise<{ tenant: TenantId; accounts: AnAccount[] }> {
  const tenant = await database.freshTenant({ at });
  const accounts = await as(tenant, ann, async (ctx) => {
    await publishDefault(ctx);
    const made: AnAccount[] = [];
    for (const amount of amounts)
      made.push(await anAccount(ctx, { items: [{ amountMinor: amount * 100n, dueOn: '2025-12-14' }] }));
    const { runId } = unwrap(await runStrategy(ctx));
    if (runId) await createTasksFromPlans(ctx, { runId }, await loadWorth(ctx));
    return made;
  });
  return { tenant, accounts };
}

const take = (tenant: TenantId, worker: string, skip: Id<'task'> | null = null) =>
  as(tenant, worker, async (ctx) => unwrap(await nextTask(ctx, { queue: 'collector', skip })).task);

describe('tasks made from plans', () => {
  it('carry the priority of the pure rule, and are made once', async () => {
    const { tenant, accounts } = await withCalls([120n]);
    const page = await as(tenant, ann, (ctx) => listTasks(ctx, { queue: 'collector', state: 'open' }));
    expect(page.rows).toMatchObject([
      {
        accountId: accounts[0]?.accountId,
        kind: 'call',
        title: 'Call about USD 120.00',
        reason: 'USD 120.00 open in 1 item, the oldest 22 days past due',
        // 120 dollars × 14 % × 110 % × 5 % (no number), for 4 dollars.
        priority: 231n,
        dueOn: '2026-01-05',
      },
    ]);
    const again = await as(tenant, ann, async (ctx) => {
      const { rows } = await sql<{
        run_id: Id<'run'>;
      }>`select run_id from strategy.plans_v where tenant_id = ${tenant}`.execute(ctx.db);
      return createTasksFromPlans(ctx, { runId: rows[0]?.run_id ?? newId() }, await loadWorth(ctx));
    });
    expect(again).toBe(0);
  });

  it('go when what they were about is stopped, and a call-back agreed with the debtor stays', async () => {
    const { tenant, accounts } = await withCalls([120n]);
    const accountId = accounts[0]?.accountId ?? newId();
    await as(tenant, ann, async (ctx) => {
      unwrap(
        await createTask(
          ctx,
          {
            accountId,
            kind: 'call_back',
            queue: 'collector',
            title: 'Call back',
            byPerson: true,
            reason: 'agreed',
            dueOn: calendarDate('2026-01-05'),
          },
          await loadWorth(ctx),
        ),
      );
      await raiseStopEpochs(ctx, [accountId]);
    });
    expect(await take(tenant, ann)).toMatchObject({ kind: 'call_back' });
    expect(await as(tenant, ann, (ctx) => voidDeadTasks(ctx))).toMatchObject({ tasks: 1 });
    const { rows } = await as(tenant, ann, (ctx) => listTasks(ctx, { queue: 'collector', state: 'void' }));
    expect(rows).toMatchObject([{ kind: 'call', outcome: 'no longer called for' }]);
  });
});

describe('handing out', () => {
  it('gives the most urgent first, one task to one person, and the same again until it is done', async () => {
    const { tenant, accounts } = await withCalls([10n, 300n, 200n]);
    const [first, second] = [await take(tenant, ann), await take(tenant, bob)];
    expect([first?.accountId, second?.accountId]).toEqual([accounts[1]?.accountId, accounts[2]?.accountId]);
    expect(await take(tenant, ann)).toMatchObject({ id: first?.id });
    if (first) await as(tenant, ann, async (ctx) => unwrap(await completeTask(ctx, first.id, 'No answer')));
    expect(await take(tenant, ann)).toMatchObject({ accountId: accounts[0]?.accountId });
  });

  it('never hands one task to two people at once', async () => {
    const { tenant } = await withCalls([1n, 2n, 3n, 4n, 5n, 6n]);
    const workers = Array.from({ length: 6 }, () => newId());
    const taken = await Promise.all(workers.map((worker) => take(tenant, worker)));
    expect(new Set(taken.map((task) => task?.id)).size).toBe(6);
    expect(taken.includes(null)).toBe(false);
  });

  it('goes down the list when skipping, and from the top again', async () => {
    const { tenant, accounts } = await withCalls([10n, 300n, 200n]);
    const order = [accounts[1], accounts[2], accounts[0], accounts[1]].map((one) => one?.accountId);
    const seen: (string | undefined)[] = [];
    let held: Id<'task'> | null = null;
    for (const _ of order) {
      const task: Awaited<ReturnType<typeof take>> = await take(tenant, ann, held);
      seen.push(task?.accountId);
      held = task?.id ?? null;
    }
    expect(seen).toEqual(order);
    expect(await take(tenant, bob)).toMatchObject({ accountId: accounts[2]?.accountId });
  });

  it('gives a task back when its claim has run out', async () => {
    const { tenant } = await withCalls([10n]);
    expect(await take(tenant, ann)).not.toBeNull();
    expect(await take(tenant, bob)).toBeNull();
    await as(tenant, ann, (ctx) =>
      sql`update desk.tasks set claimed_until = now() - interval '1 second' where tenant_id = ${tenant}`.execute(
        ctx.db,
      ),
    );
    expect(await take(tenant, bob)).not.toBeNull();
  });

  it('refuses the command line, which has no hands, and shows another tenant nothing', async () => {
    const { tenant } = await withCalls([10n]);
    expect(await database.within(tenant, at, (ctx) => nextTask(ctx, { queue: 'collector' }))).toMatchObject({
      code: 'not_a_worker',
    });
    const other = await database.freshTenant({ at });
    expect(await take(other, ann)).toBeNull();
    const task = await take(tenant, ann);
    expect(await as(other, ann, (ctx) => completeTask(ctx, task?.id ?? newId(), 'x'))).toMatchObject({
      code: 'task_not_found',
    });
    expect((await as(other, ann, (ctx) => listTasks(ctx, { queue: 'collector', state: 'open' }))).open).toBe(0);
  });
});

describe('closing', () => {
  it('is refused while somebody else is at it, can be taken back, and not twice', async () => {
    const { tenant } = await withCalls([10n]);
    const task = await take(tenant, ann);
    const id = task?.id ?? newId();
    expect(await as(tenant, bob, (ctx) => completeTask(ctx, id, 'x'))).toMatchObject({ code: 'task_claimed' });
    expect(await as(tenant, ann, (ctx) => completeTask(ctx, id, 'Sent a letter'))).toMatchObject({
      ok: true,
      value: { state: 'done', outcome: 'Sent a letter' },
    });
    expect(await as(tenant, ann, (ctx) => completeTask(ctx, id, 'x'))).toMatchObject({ code: 'task_closed' });
    expect(await as(tenant, ann, (ctx) => reopenTask(ctx, id))).toMatchObject({ ok: true, value: { state: 'open' } });
    expect(await as(tenant, ann, (ctx) => reopenTask(ctx, id))).toMatchObject({ code: 'not_closed' });
  });

  it('pages through a queue without losing or doubling a task', async () => {
    const { tenant } = await withCalls([5n, 5n, 5n, 9n, 1n]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listTasks>> = await as(tenant, ann, (ctx) =>
        listTasks(ctx, { queue: 'collector', state: 'open' }, cursor, 2),
      );
      seen.push(...page.rows.map((task) => task.id));
      cursor = page.nextCursor;
      expect(page.open).toBe(5);
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });
});

describe('notes', () => {
  it('are refused when empty, too long, or about nothing', async () => {
    const { tenant, accounts } = await withCalls([10n]);
    const accountId = accounts[0]?.accountId ?? newId();
    const note = (body: string, on: Id<'account'> = accountId) =>
      as(tenant, ann, (ctx) => addNote(ctx, { accountId: on, body }));
    expect(await note('  ')).toMatchObject({ code: 'empty_note' });
    expect(await note('x'.repeat(10_001))).toMatchObject({ code: 'note_too_long' });
    expect(await note('hello', newId())).toMatchObject({ code: 'account_not_found' });
    expect(await note('hello')).toMatchObject({ ok: true });
  });
});
