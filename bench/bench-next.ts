import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { inTenant, openDatabase } from '../src/kernel/db.ts';
import { hashId } from '../src/kernel/ids.ts';
import { unwrap } from '../src/kernel/result.ts';
import type { Installation } from '../src/installation.ts';
import { nextTask, type Task } from '../src/modules/desk/public.ts';
import { actIn } from '../src/modules/identity/public.ts';
import { factsDatabase } from './bench-segment.ts';
import type { BenchServer } from './bench-server.ts';
import { interleavedPairs, median, percentile, round } from './measure.ts';
import { benchActor, benchClient, benchTenant } from './portfolio.ts';

const tenant = benchTenant(1);
const fill = readFileSync(join(import.meta.dirname, 'reference', 'fill-tasks.sql'), 'utf8');
const collectors = Array.from({ length: 50 }, (_, n) => hashId<'user'>('user', 'bench', String(n)));
const ROUNDS = 20;

export type NextBench = { readonly accounts: number; readonly pairs: number; readonly say: (line: string) => void };
type Taken = { readonly ids: string[]; readonly ms: number[] };

/**
 * Fifty collectors at once ask for the next task, work it off and ask again, against the bare locked query on a table of the same tasks. No
 * task and no case may be given twice.
 */
export async function benchNext(server: BenchServer, { accounts, pairs, say }: NextBench) {
  const base = await tasksDatabase(server, accounts);
  const times = await interleavedPairs(pairs, {
    ours: () =>
      inCopy(server, base, 'bench_next_ours', async (installation) => {
        const taken = await everybody((worker) => takeOurs(installation, worker));
        if (new Set(taken.ids).size !== taken.ids.length) throw new Error('A task was given twice.');
        return taken;
      }),
    reference: () =>
      inCopy(server, base, 'bench_next_reference', (installation) =>
        everybody((worker) => takeBare(installation, worker)),
      ),
  });
  for (const { ours, reference } of times) {
    if (new Set(reference.ids).size !== reference.ids.length) throw new Error('The bare query gave a task twice.');
    say(
      `p99 ${percentile(ours.ms, 0.99).toFixed(1)} ms of ${ours.ms.length}, bare ${percentile(reference.ms, 0.99).toFixed(1)} ms; p50 ${median(ours.ms).toFixed(1)} and ${median(reference.ms).toFixed(1)}`,
    );
  }
  const alone = await inCopy(server, base, 'bench_next_ours', (installation) => oneAlone(installation));
  const p99 = (side: 'ours' | 'reference') => median(times.map((pair) => percentile(pair[side].ms, 0.99)));
  return {
    bench: 'next',
    n: accounts,
    pairs,
    collectors: collectors.length,
    p99_ms: round(p99('ours'), 1),
    reference_p99_ms: round(p99('reference'), 1),
    ratio: round(p99('ours') / p99('reference'), 2),
    p50_ms: round(median(times.map((pair) => median(pair.ours.ms))), 1),
    reference_p50_ms: round(median(times.map((pair) => median(pair.reference.ms))), 1),
    given: times.reduce((sum, pair) => sum + pair.ours.ids.length, 0),
    given_twice: 0,
    ...alone,
  };
}

/** Every collector in turn and all at the same time: ask, work off, ask again. */
async function everybody(take: (worker: string) => Promise<{ ids: readonly string[]; ms: number }>): Promise<Taken> {
  const ids: string[] = [];
  const ms: number[] = [];
  await Promise.all(
    collectors.map(async (worker) => {
      for (let n = 0; n < ROUNDS; n += 1) {
        const taken = await take(worker);
        ids.push(...taken.ids);
        ms.push(taken.ms);
      }
    }),
  );
  return { ids, ms };
}

async function takeOurs(installation: Installation, worker: string): Promise<{ ids: string[]; ms: number }> {
  const actor = { ...benchActor, id: worker };
  const start = performance.now();
  const { task, caseTasks } = await actIn(installation, tenant, actor, async (ctx) =>
    unwrap(await nextTask(ctx, { queue: 'collector' })),
  );
  const ms = performance.now() - start;
  if (!task) throw new Error('There was nothing left to do.');
  const ids = [task, ...caseTasks].map((one: Task) => one.id as string);
  await assertMine(installation, worker, ids);
  await inTenant(installation.database, tenant, (db) =>
    sql`update desk.tasks set state = 'done', closed_at = now() where tenant_id = ${tenant} and id = any(${ids}::uuid[])`.execute(
      db,
    ),
  );
  return { ids, ms };
}

async function takeBare({ database }: Installation, worker: string): Promise<{ ids: string[]; ms: number }> {
  const start = performance.now();
  const id = await inTenant(database, tenant, async (db) => {
    const { rows } = await sql<{ id: string }>`
      select id from bench.queue where tenant_id = ${tenant} and state = 'open' and claimed_by is null
      order by priority desc, due_on, id limit 1 for update skip locked`.execute(db);
    await sql`update bench.queue set claimed_by = ${worker}, claimed_until = now() + interval '15 minutes' where tenant_id = ${tenant} and id = ${rows[0]?.id}`.execute(
      db,
    );
    return rows[0]?.id;
  });
  const ms = performance.now() - start;
  if (id === undefined) throw new Error('The bare queue is empty.');
  await inTenant(database, tenant, (db) =>
    sql`update bench.queue set state = 'done' where tenant_id = ${tenant} and id = ${id}`.execute(db),
  );
  return { ids: [id], ms };
}

/** While they are held, nobody else holds any task of the cases of these tasks. */
async function assertMine({ database }: Installation, worker: string, ids: readonly string[]): Promise<void> {
  const { rows } = await inTenant(database, tenant, (db) =>
    sql`
      select 1 from accounts.accounts a
      join accounts.accounts b on b.tenant_id = ${tenant} and b.case_id = a.case_id
      join desk.tasks o on o.tenant_id = ${tenant} and o.account_id = b.id and o.state = 'open'
      where a.tenant_id = ${tenant} and a.id in (select t.account_id from desk.tasks t where t.tenant_id = ${tenant} and t.id = any(${[...ids]}::uuid[]))
        and o.claimed_by <> ${worker} and o.claimed_until > now()`.execute(db),
  );
  if (rows.length > 0) throw new Error('A case was given to two collectors.');
}

/** One collector on a queue nobody works: the order is that of a query written by hand. */
async function oneAlone(installation: Installation): Promise<{ alone_ms: number; in_order: number }> {
  const [worker = ''] = collectors;
  const expected = await inTenant(installation.database, tenant, (db) =>
    sql<{ id: string }>`
      select t.id from desk.tasks t join accounts.facts f on f.tenant_id = ${tenant} and f.id = t.account_id join accounts.accounts a on a.tenant_id = ${tenant} and a.id = t.account_id
      where t.tenant_id = ${tenant} and t.state = 'open' and t.due_on <= '2026-03-02' and t.stop_epoch = f.stop_epoch and (t.assigned_to is null or t.assigned_to = ${worker}) and a.case_id is null
      order by t.priority desc, t.due_on, t.id limit ${ROUNDS}`.execute(db),
  );
  const times: number[] = [];
  const given: string[] = [];
  while (given.length < ROUNDS) {
    const { ids, ms } = await takeOurs(installation, worker);
    times.push(ms);
    // A case comes whole, so that its tasks are out of the order.
    const cased = await inTenant(installation.database, tenant, (db) =>
      sql`select 1 from desk.tasks t join accounts.accounts a on a.tenant_id = ${tenant} and a.id = t.account_id and a.case_id is not null where t.tenant_id = ${tenant} and t.id = ${ids[0]}`.execute(
        db,
      ),
    );
    if (cased.rows.length === 0) given.push(...ids);
  }
  const wrong = given.findIndex((id, n) => id !== expected.rows[n]?.id);
  if (wrong >= 0) throw new Error(`Task ${wrong + 1} given is not the one a query by hand gives.`);
  return { alone_ms: round(median(times), 1), in_order: ROUNDS };
}

async function inCopy<T>(
  server: BenchServer,
  base: string,
  name: string,
  work: (installation: Installation, name: string) => Promise<T>,
): Promise<T> {
  await server.copy(name, base);
  const database = openDatabase({
    address: server.addressOf(name),
    secret: server.secret,
    poolSize: collectors.length,
  });
  const installation = { ...server.open(name), database };
  try {
    // Connections are opened before anything is measured.
    await Promise.all(
      collectors.map(() =>
        inTenant(database, tenant, (db) =>
          sql`select count(*) from (select 1 from desk.tasks limit 100) x`.execute(db),
        ),
      ),
    );
    return await work(installation, name);
  } finally {
    await database.close();
    await server.drop(name);
  }
}

async function tasksDatabase(server: BenchServer, accounts: number): Promise<string> {
  const name = `bench_tasks_${accounts}`;
  if (await server.has(name)) return name;
  const facts = await factsDatabase(server, accounts);
  const draft = `${name}_draft`;
  await server.copy(draft, facts);
  await server.asAdmin(draft, async (client) => {
    await client.query('set session_replication_role = replica');
    const values = [tenant, benchClient(1), collectors];
    const literals = values.map((value) =>
      Array.isArray(value) ? `array['${value.join("','")}']` : `'${String(value)}'`,
    );
    await client.query(fill.replaceAll(/\$(\d)/g, (_, n: string) => literals[Number(n) - 1] ?? ''));
    await client.query('vacuum analyze');
  });
  await server.rename(draft, name);
  return name;
}
