import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import {
  findCase,
  findCaseOf,
  joinPeople,
  listAccountsOfCase,
  loadFacts,
  partPeople,
} from '../modules/accounts/public.ts';
import { type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import { listTasks } from '../modules/desk/public.ts';
import { getTimeline } from '../modules/insights/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import { logCall } from './log-call.ts';
import { nextAccount } from './next-account.ts';
import { runDay } from './run-day.ts';
import {
  addWorkedAccounts,
  closeWorkedCase,
  giveCase,
  openWorkedCase,
  removeWorkedAccount,
  reopenWorkedCase,
} from './work-case.ts';

const database = await testDatabase();
const monday = new Date('2026-01-05T15:00:00Z');
const tuesday = new Date('2026-01-06T15:00:00Z');
const [ann, bob] = [newId<'user'>(), newId<'user'>()];

function as<T>(tenant: TenantId, worker: string, fn: (ctx: Ctx) => Promise<T>, at = monday): Promise<T> {
  return database.within(tenant, at, (ctx) =>
    fn({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: worker, name: worker === ann ? 'Ann' : 'Bob' } }),
  );
}

type Person = { readonly tenant: TenantId; readonly accounts: readonly [AnAccount, AnAccount, AnAccount] };

/** Two accounts of one business and one of another, each with a call due today. */
async function threeCalls(): Promise<Person> {
  const tenant = await database.freshTenant({ at: monday });
  const accounts = await as(tenant, ann, async (ctx) => {
    await publishDefault(ctx);
    const due = (amountMinor: bigint) => [{ amountMinor, dueOn: '2025-12-14' }];
    const first = await anAccount(ctx, { phone: '+1 212 555 0142', items: due(90_000n) });
    const second = await anAccount(ctx, { partyId: first.partyId, items: due(20_000n) });
    const other = await anAccount(ctx, { phone: '+1 212 555 0143', items: due(50_000n) });
    unwrap(await runDay(ctx));
    return [first, second, other] as const;
  });
  return { tenant, accounts };
}

const open = (tenant: TenantId, accounts: readonly AnAccount[], assignedTo: Id<'user'> | null = null) =>
  as(
    tenant,
    ann,
    async (ctx) =>
      unwrap(await openWorkedCase(ctx, { accountIds: accounts.map((one) => one.accountId), assignedTo })).caseId,
  );
const next = (tenant: TenantId, worker: string, skip: Id<'task'> | null = null) =>
  as(tenant, worker, async (ctx) => unwrap(await nextAccount(ctx, { queue: 'collector', skip })));

describe('the worklist', () => {
  it('gives a case to one collector together, once', async () => {
    const { tenant, accounts } = await threeCalls();
    const [first, second, other] = accounts;
    await open(tenant, [first, second]);
    const mine = await next(tenant, ann);
    expect(mine.task).toMatchObject({ accountId: first.accountId });
    expect(mine.caseTasks).toMatchObject([{ accountId: second.accountId }]);
    expect((await next(tenant, bob)).task).toMatchObject({ accountId: other.accountId });
    const logged = await as(tenant, ann, (ctx) =>
      logCall(ctx, {
        accountId: first.accountId,
        direction: 'out',
        outcome: 'conversation',
        taskId: mine.task?.id ?? null,
        alsoTaskIds: mine.caseTasks.map((task) => task.id),
      }),
    );
    expect(logged).toMatchObject({ ok: true });
    const done = await as(tenant, ann, (ctx) => listTasks(ctx, { queue: 'collector', state: 'done' }));
    expect(done.rows.map((task) => task.accountId).toSorted()).toEqual([first.accountId, second.accountId].toSorted());
    expect((await next(tenant, ann)).task).toBeNull();
  });

  it('skips a case whole, and does not split it among collectors who ask at once', async () => {
    const { tenant, accounts } = await threeCalls();
    const [first, second, other] = accounts;
    await open(tenant, [first, second]);
    const mine = await next(tenant, ann);
    expect((await next(tenant, ann, mine.task?.id ?? null)).task).toMatchObject({ accountId: other.accountId });
    await next(tenant, ann, null);
    const tenants = await threeCalls();
    await open(tenants.tenant, tenants.accounts.slice(0, 2));
    const workers = Array.from({ length: 5 }, () => newId());
    const taken = await Promise.all(workers.map((worker) => next(tenants.tenant, worker)));
    const ofCase = taken.filter((each) => each.task && each.task.accountId !== tenants.accounts[2].accountId);
    expect(ofCase).toHaveLength(1);
  });

  it('refuses to close with a call what is not of the same case', async () => {
    const { tenant, accounts } = await threeCalls();
    const foreign = (await next(tenant, ann)).task;
    const refused = await as(tenant, ann, (ctx) =>
      logCall(ctx, {
        accountId: accounts[2].accountId,
        direction: 'out',
        outcome: 'no_answer',
        alsoTaskIds: foreign ? [foreign.id] : [],
      }),
    );
    expect(refused).toMatchObject({ ok: false, code: 'task_not_found' });
  });
});

describe('a case', () => {
  it('given to a collector takes the calls along, voids the rest, and goes back on closing', async () => {
    const { tenant, accounts } = await threeCalls();
    const [first, second, other] = accounts;
    const before = await as(tenant, ann, (ctx) => loadFacts(ctx, first.accountId));
    const caseId = await open(tenant, [first, second], bob);
    const after = await as(tenant, ann, (ctx) => loadFacts(ctx, first.accountId));
    expect(after).toMatchObject({ assignedTo: bob });
    expect(after.stopEpoch).toBeGreaterThan(before.stopEpoch);
    expect((await next(tenant, ann)).task).toMatchObject({ accountId: other.accountId });
    const his = await next(tenant, bob);
    expect([his.task, ...his.caseTasks].map((task) => task?.accountId).toSorted()).toEqual(
      [first.accountId, second.accountId].toSorted(),
    );
    // The strategy does not ask for the same calls again the day after.
    await as(tenant, ann, async (ctx) => unwrap(await runDay(ctx)), tuesday);
    const tasks = await as(tenant, ann, (ctx) => listTasks(ctx, { queue: 'collector', state: 'open' }), tuesday);
    expect(tasks.rows).toHaveLength(3);
    const version = async () => (await as(tenant, ann, (ctx) => findCase(ctx, caseId)))?.rowVersion ?? 0n;
    await as(tenant, ann, async (ctx) =>
      unwrap(await closeWorkedCase(ctx, { caseId, reason: 'done', rowVersion: await version() })),
    );
    expect(await as(tenant, ann, (ctx) => loadFacts(ctx, first.accountId))).toMatchObject({ assignedTo: null });
    await as(tenant, ann, async (ctx) => unwrap(await reopenWorkedCase(ctx, { caseId, rowVersion: await version() })));
    expect(await as(tenant, ann, (ctx) => loadFacts(ctx, second.accountId))).toMatchObject({ assignedTo: bob });
    expect(await as(tenant, ann, (ctx) => giveCase(ctx, { caseId, assignedTo: null, rowVersion: 1n }))).toMatchObject({
      code: 'version_conflict',
    });
    const timeline = await as(tenant, ann, async (ctx) =>
      unwrap(await getTimeline(ctx, { accountId: first.accountId, limit: 100, scope: {} })),
    );
    expect(
      timeline.rows
        .filter((row) => row.kind === 'case')
        .map((row) => row.title)
        .toSorted(),
    ).toEqual(['Case closed', 'Case given back to everyone', 'Case opened', 'Case opened again'].toSorted());
  });

  it('is of one person, holds an account once, and is not emptied', async () => {
    const { tenant, accounts } = await threeCalls();
    const [first, second, other] = accounts;
    const strangers = [first.accountId, other.accountId];
    expect(
      await as(tenant, ann, (ctx) => openWorkedCase(ctx, { accountIds: strangers, assignedTo: null })),
    ).toMatchObject({
      code: 'other_person',
    });
    const caseId = await open(tenant, [first]);
    expect(
      await as(tenant, ann, (ctx) =>
        openWorkedCase(ctx, { accountIds: [second.accountId, first.accountId], assignedTo: null }),
      ),
    ).toMatchObject({ code: 'already_in_case' });
    expect(await as(tenant, ann, (ctx) => addWorkedAccounts(ctx, caseId, [other.accountId]))).toMatchObject({
      code: 'other_person',
    });
    expect(await as(tenant, ann, (ctx) => removeWorkedAccount(ctx, caseId, first.accountId))).toMatchObject({
      code: 'last_in_case',
    });
    const stranger = await database.freshTenant({ at: monday });
    expect(await as(stranger, ann, (ctx) => addWorkedAccounts(ctx, caseId, [second.accountId]))).toMatchObject({
      code: 'case_not_found',
    });
  });

  it('over two people who were merged loses the accounts of the one when they are parted', async () => {
    const { tenant, accounts } = await threeCalls();
    const [first, , other] = accounts;
    const mergeId = await as(
      tenant,
      ann,
      async (ctx) =>
        unwrap(await joinPeople(ctx, { from: other.clusterId, into: first.clusterId, reason: 'same' })).mergeId,
    );
    const caseId = await open(tenant, [first, other]);
    await as(tenant, ann, async (ctx) => unwrap(await partPeople(ctx, mergeId)));
    expect(await as(tenant, ann, (ctx) => listAccountsOfCase(ctx, caseId))).toEqual([first.accountId]);
    expect(await as(tenant, ann, (ctx) => findCaseOf(ctx, other.accountId))).toBeNull();
  });
});
