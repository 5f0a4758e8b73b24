import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { addDays, type CalendarDate, calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import type { TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { aClient, anAccount, type AnAccount } from '../modules/accounts/testing.ts';
import { recordPreference } from '../modules/compliance/public.ts';
import { aReceipt } from '../modules/payments/testing.ts';
import { reverseReceipt } from '../modules/payments/public.ts';
import {
  createExperiment,
  decideExperiment,
  type Experiment,
  explainAccount,
  findExperiment,
  findSelection,
  listSteps,
  publishDefault,
  publishVersion,
  readResults,
  startExperiment,
  widenExperiment,
} from '../modules/strategy/public.ts';
import { runDay } from './run-day.ts';

const database = await testDatabase();
const first = calendarDate('2026-01-05');
const PEOPLE = 60;

const on = <T>(tenant: TenantId, day: CalendarDate, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  database.within(tenant, new Date(`${day}T15:00:00Z`), fn);

async function armsOf(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; arm: number }>`
    select f.id, a.arm from strategy.assignments_v a join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.cluster_id = a.cluster_id
    where a.tenant_id = ${ctx.tenant}`.execute(ctx.db);
  return new Map(rows.map(({ id, arm }) => [id, arm]));
}

type World = { readonly tenant: TenantId; readonly people: readonly AnAccount[]; readonly experiment: Experiment };

/** Sixty people a week overdue, and a running experiment on all of them with a challenger and a hold-out. */
async function begun(share = 10_000): Promise<World> {
  const tenant = await database.freshTenant({ at: new Date(`${first}T15:00:00Z`) });
  return on(tenant, first, async (ctx) => {
    const { strategyId: champion } = await publishDefault(ctx);
    const quick = unwrap(
      await publishVersion(ctx, {
        name: 'quick',
        definition: {
          steps: [{ key: 'quick', title: 'Quick', day: 3, action: 'call_task', level: 1 }],
          stages: [],
          whenAssigned: 'send',
        },
      }),
    );
    const { clientId } = await aClient(ctx);
    const people: AnAccount[] = [];
    for (let n = 0; n < PEOPLE; n++)
      people.push(await anAccount(ctx, { clientId, items: [{ amountMinor: 10_000n, dueOn: addDays(first, -7) }] }));
    const draft = unwrap(
      await createExperiment(ctx, {
        name: 'Calls first',
        hypothesis: 'A call on the third day brings more than a letter.',
        arms: [
          { name: 'Letters', strategyId: champion, weight: 4000 },
          { name: 'Calls', strategyId: quick.strategyId, weight: 4000 },
          { name: 'Left alone', strategyId: null, weight: 2000 },
        ],
        share,
        recoveryDays: 10,
        complaintDays: 5,
        costs: { email: 2, call: 250, letter: 110, sms: 7 },
        complaintsAbove: 500,
        recoveryBelow: null,
        endsOn: addDays(first, 60),
      }),
    );
    const experiment = unwrap(await startExperiment(ctx, draft.id, draft.rowVersion, { segmentId: null }));
    unwrap(await runDay(ctx, { asOf: first }));
    return { tenant, people, experiment };
  });
}

it('gives every person an arm, treats by it, and adds up to the cent what came of it', async () => {
  const { tenant, people, experiment } = await begun();
  const arms = await on(tenant, first, armsOf);
  expect(arms.size).toBe(PEOPLE);
  const inArm = (arm: number) => people.filter(({ accountId }) => arms.get(accountId) === arm);
  expect([0, 1, 2].map((arm) => inArm(arm).length > 3)).toEqual([true, true, true]);

  await on(tenant, first, async (ctx) => {
    const { rows } = await sql<{ account_id: string; step_key: string }>`
      select p.account_id, p.step_key from strategy.plans p where p.tenant_id = ${ctx.tenant}`.execute(ctx.db);
    const steps = Map.groupBy(rows, (row) => arms.get(row.account_id));
    expect(new Set(steps.get(1)?.map((row) => row.step_key))).toEqual(new Set(['quick']));
    expect(steps.get(0)?.every((row) => row.step_key !== 'quick')).toBe(true);
    expect(steps.get(2)).toBeUndefined();
    const [held] = inArm(2);
    const why = unwrap(await explainAccount(ctx, held?.accountId ?? ''));
    expect(why).toMatchObject({ outcome: 'stop', reasons: [{ code: 'held_out' }] });
    expect(why.facts).toContainEqual({ name: 'Experiment', value: '“Calls first”, arm “Left alone”' });
  });
  const paid = [inArm(0)[0], inArm(1)[0], inArm(1)[1], inArm(2)[0]];
  await on(tenant, addDays(first, 2), async (ctx) => {
    for (const [n, one] of paid.entries())
      if (one)
        await aReceipt(ctx, {
          ...one,
          amountMinor: [2_500n, 10_000n, 3_333n, 15_000n][n] ?? 0n,
          on: addDays(first, 2),
        });
    const [, , third] = inArm(1);
    const bounced = third && (await aReceipt(ctx, { ...third, amountMinor: 9_999n, on: addDays(first, 2) }));
    if (bounced)
      unwrap(await reverseReceipt(ctx, { receiptId: bounced.receiptId, on: addDays(first, 2), reason: 'bounced' }));
  });
  // Money on the eleventh day is of no concern to a window of ten.
  await on(tenant, addDays(first, 10), async (ctx) => {
    const late = inArm(0)[1];
    if (late) await aReceipt(ctx, { ...late, amountMinor: 10_000n, on: addDays(first, 10) });
    const early = await readResults(ctx, experiment, addDays(first, 9));
    expect(early.arms[0]?.measures.recovery.counted).toBe(0);
    expect(early.conclusions).toEqual([
      `The days of the first people are over on ${addDays(first, 10)}; recovery and cost are counted from then on.`,
    ]);
    const { arms: figures } = await readResults(ctx, experiment);
    const sums = (measure: 'recovery' | 'cash') => figures.map((arm) => arm.measures[measure].sum);
    expect(sums('cash')).toEqual([2_500n, 13_333n, 15_000n]);
    // In millionths of what each owed, and never more than all of it.
    expect(sums('recovery')).toEqual([250_000n, 1_333_300n, 1_000_000n]);
    expect(figures.map((arm) => arm.owedMinor)).toEqual([0, 1, 2].map((arm) => 10_000n * BigInt(inArm(arm).length)));
    expect(figures.map((arm) => arm.measures.cash.counted)).toEqual([0, 1, 2].map((arm) => inArm(arm).length));
  });
  const stranger = await database.freshTenant({ at: new Date(`${first}T15:00:00Z`) });
  await on(stranger, first, async (ctx) => expect(await findExperiment(ctx, experiment.id)).toBeNull());
});

it('lets people in by stages, and never out of their arm', async () => {
  const { tenant, experiment } = await begun(2500);
  const early = await on(tenant, first, armsOf);
  expect(early.size).toBeGreaterThan(3);
  expect(early.size).toBeLessThan(PEOPLE / 2);
  await on(tenant, addDays(first, 1), async (ctx) => {
    const less = await widenExperiment(ctx, experiment.id, experiment.rowVersion, 500);
    expect(less).toMatchObject({ ok: false, code: 'malformed_experiment' });
    unwrap(await widenExperiment(ctx, experiment.id, experiment.rowVersion, 10_000));
    unwrap(await runDay(ctx, { asOf: addDays(first, 1) }));
    const all = await armsOf(ctx);
    expect(all.size).toBe(PEOPLE);
    for (const [account, arm] of early) expect(all.get(account)).toBe(arm);
  });
});

it('stops itself when an arm surely brings more complaints, and everybody goes to the champion that very day', async () => {
  const { tenant, people, experiment } = await begun();
  const arms = await on(tenant, first, armsOf);
  await on(tenant, addDays(first, 1), async (ctx) => {
    for (const { accountId, partyId } of people)
      if (arms.get(accountId) === 1)
        unwrap(
          await recordPreference(ctx, {
            partyId,
            kind: 'opt_out',
            channel: 'call',
            addressKey: null,
            sourceKind: 'call',
            sourceId: null,
          }),
        );
    const day = unwrap(await runDay(ctx, { asOf: addDays(first, 1) }));
    expect(day.experimentsStopped).toEqual([]);
  });
  const fifth = addDays(first, 5);
  await on(tenant, fifth, async (ctx) => {
    const day = unwrap(await runDay(ctx, { asOf: fifth }));
    expect(day.experimentsStopped).toEqual([
      {
        name: 'Calls first',
        reason: expect.stringMatching(/^Stopped by itself: “Calls” brings at least .* more complaints/),
      },
    ]);
    const stopped = await findExperiment(ctx, experiment.id);
    expect(stopped).toMatchObject({ state: 'stopped', stoppedOn: fifth });
    expect(day.nonActions['held_out']).toBeUndefined();
    expect(day.versions).toMatchObject({ 'b2b-default v1': PEOPLE });
    expect((await listSteps(ctx, experiment.id)).map((step) => step.kind)).toEqual(['created', 'started', 'stopped']);
    const { rows } =
      await sql`select 1 from identity.audit_entries e where e.tenant_id = ${ctx.tenant} and e.action = 'strategy.experiment_stopped'`.execute(
        ctx.db,
      );
    expect(rows).toHaveLength(1);
    if (!stopped) throw new Error('gone');
    const decided = unwrap(await decideExperiment(ctx, stopped.id, stopped.rowVersion, 0, 'Calls annoy people.'));
    expect(decided).toMatchObject({ state: 'decided', decidedArm: 0 });
    expect(await findSelection(ctx, fifth)).toMatchObject({
      otherwiseId: experiment.arms[0]?.strategyId,
      otherwiseExperimentId: null,
    });
  });
});

it('ends a hold-out on its last day', async () => {
  const { tenant } = await begun();
  const after = addDays(first, 61);
  await on(tenant, after, async (ctx) => {
    const day = unwrap(await runDay(ctx, { asOf: after }));
    expect(day.experimentsStopped).toEqual([
      { name: 'Calls first', reason: `Its last day, ${addDays(first, 60)}, has passed.` },
    ]);
    expect(day.nonActions['held_out']).toBeUndefined();
  });
});
