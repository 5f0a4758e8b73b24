import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { answerEvents } from '../../src/flows/answer-events.ts';
import { holdPlanned } from '../../src/flows/hold-planned.ts';
import { stoppedClock } from '../../src/kernel/clock.ts';
import type { Ctx } from '../../src/kernel/ctx.ts';
import type { Failpoint } from '../../src/kernel/failpoint.ts';
import { newId, type TenantId } from '../../src/kernel/ids.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { reportEvent, verifyHub } from '../../src/modules/accounts/public.ts';
import { aClient, anAccount } from '../../src/modules/accounts/testing.ts';
import { aPromise, aReceipt } from '../../src/modules/payments/testing.ts';
import { judgePromises } from '../../src/modules/payments/public.ts';
import { systemActor } from '../../src/modules/identity/public.ts';
import { testInstallation } from '../../src/modules/identity/testing.ts';
import { publishVersion } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';
import type { ReactChild } from '../support/react-child.ts';

const database = await testDatabase();
const AT_ONCE = 5;
const monday = new Date('2026-01-05T15:00:00Z');
const before = new Date('2025-12-22T15:00:00Z');
const compileCache = mkdtempSync(join(tmpdir(), 'dunwell-cache-'));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));
const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, at = monday) => database.within(tenant, at, fn);

const react = (on: string, action: string, more: object = {}) => ({
  key: `${on}_${action}`,
  title: 'Answer',
  on,
  action,
  afterDays: 0,
  level: 2,
  ...more,
});

/** Twelve debtors of one tenant to whom something has happened: the same in every tenant, under the same names. */
async function portfolio(): Promise<TenantId> {
  const tenant = await database.freshTenant({ at: monday });
  await within(
    tenant,
    async (ctx) => {
      unwrap(
        await publishVersion(ctx, {
          name: 'b2b-default',
          definition: {
            steps: [{ key: 'reminder', title: 'Reminder', day: 1, action: 'email', level: 1 }],
            reactions: [
              react('promise_broken', 'call_task'),
              react('reply', 'specialist_task', { approval: true }),
              react('portal_visit', 'legal_review'),
              react('part_payment', 'hold', { holdDays: 5 }),
            ],
            stages: [],
            whenAssigned: 'send',
          },
        }),
      );
      const { clientId } = await aClient(ctx);
      for (let n = 0; n < 12; n += 1) {
        const who = await anAccount(ctx, {
          clientId,
          name: `Debtor ${n}`,
          items: [{ amountMinor: 10_000n + BigInt(n), dueOn: '2025-12-20', number: `N-${n}` }],
        });
        if (n % 4 === 0) await aPromise(ctx, { ...who, amountMinor: 10_000n, dueOn: '2025-12-30', graceDays: 0 });
      }
    },
    before,
  );
  await within(tenant, async (ctx) => {
    await judgePromises(ctx, { all: true });
    const { rows } = await sql<{ id: never; client_id: never; n: number }>`
      select f.id, f.client_id, substring(f.party_name from '\\d+')::int as n from accounts.facts_v f where f.tenant_id = ${tenant}`.execute(
      ctx.db,
    );
    for (const { id, client_id: clientId, n } of rows) {
      if (n % 4 === 1) await reportEvent(ctx, 'reply', id, newId());
      if (n % 4 === 2) await reportEvent(ctx, 'portal_visit', id, newId());
      if (n % 4 === 3) await aReceipt(ctx, { clientId, accountId: id, amountMinor: 1_000n, on: '2026-01-05' });
    }
  });
  return tenant;
}

/** What a process does that nobody kills. */
async function undisturbedly(tenant: TenantId) {
  const installation = testInstallation(database, stoppedClock(monday));
  const answered = await answerEvents(installation, tenant, systemActor('child'), { atOnce: AT_ONCE });
  return { ...answered, held: await holdPlanned(installation, tenant, systemActor('child')) };
}

async function runChild(tenant: TenantId, failpoint: string): Promise<{ killed: boolean; output: string }> {
  const given: ReactChild = { address: database.address, secret: database.secret, tenant, atOnce: AT_ONCE };
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/react-child.ts')], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      NODE_COMPILE_CACHE: compileCache,
      REACT_CHILD: JSON.stringify(given),
      DUNWELL_FAILPOINT: failpoint,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal === null && code !== 0) throw new Error(`The process ended with ${code}: ${output}`);
  return { killed: signal === 'SIGKILL', output };
}

/** Everything the events led to, by names instead of ids; instants of recording left out. */
const outcomes: Readonly<Record<string, string>> = {
  events: `select f.party_name as who, e.kind, e.taken_at is not null as taken from accounts.events e
    join accounts.facts f on f.tenant_id = e.tenant_id and f.id = e.account_id where e.tenant_id = $1`,
  plans: `select f.party_name as who, p.action, p.step_key, p.level, p.state, p.state_reason, p.item_count, p.amount_minor, p.stop_epoch, p.planned_for, p.hold_days,
      (select count(*) from strategy.plan_items i where i.tenant_id = p.tenant_id and i.plan_id = p.id) as items,
      (select count(*) from strategy.plan_events e where e.tenant_id = p.tenant_id and e.plan_id = p.id) as answers
    from strategy.plans p join accounts.facts f on f.tenant_id = p.tenant_id and f.id = p.account_id where p.tenant_id = $1`,
  levels: `select f.party_name as who, l.level, l.step_key, l.day, l.reached_on, l.previous_day from strategy.item_levels l
    join accounts.facts f on f.tenant_id = l.tenant_id and f.id = l.account_id where l.tenant_id = $1`,
  standings: `select f.party_name as who, s.outcome, s.reason_code, s.from_on, f.stop_epoch from strategy.standings s
    join accounts.facts f on f.tenant_id = s.tenant_id and f.id = s.id where s.tenant_id = $1`,
  decisions: `select f.party_name as who, d.outcome, d.reason_code, d.step_key, d.facts - 'because_at' as facts from strategy.decisions d
    join accounts.facts f on f.tenant_id = d.tenant_id and f.id = d.account_id where d.tenant_id = $1`,
  positions: `select f.party_name as who, p.stage, p.entered_on from strategy.positions p
    join accounts.facts f on f.tenant_id = p.tenant_id and f.id = p.id where p.tenant_id = $1`,
  tasks: `select f.party_name as who, t.kind, t.queue, t.title, t.reason, t.state, t.due_on, t.priority, t.stop_epoch from desk.tasks t
    join accounts.facts f on f.tenant_id = t.tenant_id and f.id = t.account_id where t.tenant_id = $1`,
  holds: `select f.party_name as who, h.reason, h.effects, h.effective_from, h.effective_to, h.source_kind from accounts.holds h
    join accounts.facts f on f.tenant_id = h.tenant_id and f.id = h.account_id where h.tenant_id = $1`,
  // Which events share a batch depends on their ids, which are random.
  runs: `select r.kind, r.state, r.as_of, count(*) as runs, sum((r.counts->>'accounts')::int) as accounts, sum((r.counts->>'decisions')::int) as decisions
    from strategy.runs r where r.tenant_id = $1 group by 1, 2, 3`,
  tallies: `select t.measure, t.currency, t.day, t.slot, sum(t.n) as n, sum(t.minor) as minor from kernel.tallies t where t.tenant_id = $1
    group by 1, 2, 3, 4 having sum(t.n) <> 0`,
};

const stateOf = (tenant: TenantId) =>
  database.asSuperuser(async (client) => {
    const found: Record<string, string[]> = {};
    for (const [name, text] of Object.entries(outcomes)) {
      const { rows } = await client.query<Record<string, unknown>>(text, [tenant]);
      found[name] = rows
        .map((row) =>
          JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        )
        .sort();
    }
    return found;
  });

const failpoints: readonly (Failpoint | `${Failpoint}:${number}`)[] = [
  'after-events-taken',
  'during-run',
  'after-run',
  'before-events-commit',
  'after-events-taken:2',
  'during-run:2',
  'before-holds-commit',
];

test('events answered by processes killed at every named place end as if nobody had been killed', {
  timeout: 600_000,
}, async () => {
  const undisturbed = await portfolio();
  expect(await undisturbedly(undisturbed)).toMatchObject({ accounts: 12, held: 3 });
  const expected = await stateOf(undisturbed);
  expect(expected['events']?.every((row) => row.includes('"taken":true'))).toBe(true);
  for (const name of ['plans', 'tasks', 'holds', 'levels']) expect(expected[name]?.length, name).toBeGreaterThan(2);

  const disturbed = await portfolio();
  for (const failpoint of failpoints) expect((await runChild(disturbed, failpoint)).killed, failpoint).toBe(true);
  await undisturbedly(disturbed);
  expect(await stateOf(disturbed)).toEqual(expected);

  // Once more, and nothing changes.
  expect(await undisturbedly(disturbed)).toEqual({ accounts: 0, plans: 0, tasks: 0, held: 0 });
  expect(await stateOf(disturbed)).toEqual(expected);
  for (const tenant of [undisturbed, disturbed]) expect(await within(tenant, (ctx) => verifyHub(ctx))).toEqual([]);
});
