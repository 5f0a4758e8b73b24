import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { runDay } from '../src/flows/run-day.ts';
import type { CalendarDate } from '../src/kernel/calendar.ts';
import { type Db, inTenant } from '../src/kernel/db.ts';
import { newId, type TenantId } from '../src/kernel/ids.ts';
import { unwrap } from '../src/kernel/result.ts';
import { openingsPackKey } from '../src/modules/compliance/public.ts';
import { actIn } from '../src/modules/identity/public.ts';
import { runStrategy } from '../src/modules/strategy/public.ts';
import type { BenchServer } from './bench-server.ts';
import { interleavedPairs, median, round, secondsOf } from './measure.ts';
import { benchActor, benchDay, benchTenant, portfolioDatabase } from './portfolio.ts';
import { assertEqualEvidence, type RunEvidence, runEvidence } from './run-evidence.ts';

const tenant = benchTenant(1);
const noLimit = { statementTimeoutMs: 0 };
const reference = readFileSync(join(import.meta.dirname, 'reference', 'run.sql'), 'utf8');

export type RunBench = { readonly accounts: number; readonly pairs: number; readonly say: (line: string) => void };

/** The first run over a portfolio nobody has worked, against hand-written SQL; then the growth from a tenth of it. */
export async function benchRun(server: BenchServer, { accounts, pairs, say }: RunBench) {
  const base = await portfolioDatabase(server, accounts);
  const times = await interleavedPairs(pairs, {
    ours: () => timed(server, base, 'bench_ours', () => runOurs(server, 'bench_ours')),
    reference: () => timed(server, base, 'bench_reference', () => runReference(server, 'bench_reference')),
  });
  for (const pair of times) {
    assertEqualEvidence(pair.ours.evidence, pair.reference.evidence);
    say(`ours ${pair.ours.seconds.toFixed(2)} s, reference ${pair.reference.seconds.toFixed(2)} s`);
  }
  const tenth = await portfolioDatabase(server, Math.max(1, Math.round(accounts / 10)));
  const small: number[] = [];
  for (let n = 0; n < pairs; n += 1)
    small.push((await timed(server, tenth, 'bench_ours', () => runOurs(server, 'bench_ours'))).seconds);
  const oursS = median(times.map((pair) => pair.ours.seconds));
  const referenceS = median(times.map((pair) => pair.reference.seconds));
  const figures = await sizesOf(server, base);
  const rows = times[0]?.ours.evidence;
  return {
    bench: 'run',
    n: accounts,
    ours_s: round(oursS),
    reference_s: round(referenceS),
    ratio: round(oursS / referenceS, 2),
    pairs,
    ...figures,
    tenth_s: round(median(small)),
    growth: round(oursS / median(small), 1),
    plans: Number(rows?.plans.split(' ')[0]),
    decisions: Number(rows?.decisions.split(' ')[0]),
    equal_rows: true,
    whole_day_s: round(await wholeDay(server, base)),
  };
}

async function timed(
  server: BenchServer,
  base: string,
  copy: string,
  work: () => Promise<void>,
): Promise<{ seconds: number; evidence: RunEvidence }> {
  await server.copy(copy, base);
  await warm(server, copy);
  const seconds = await secondsOf(work);
  const evidence = await server.asAdmin(copy, (client) => runEvidence((text) => client.query(text)));
  await server.drop(copy);
  return { seconds, evidence };
}

// A copied database starts with nothing in memory; yesterday's would not.
async function warm(server: BenchServer, name: string): Promise<void> {
  await inTenant(
    server.open(name).database,
    tenant,
    (db) =>
      sql`select (select count(i.open_minor) from accounts.items i), (select count(f.state) from accounts.facts f), (select count(p.country) from parties.parties p)`.execute(
        db,
      ),
    noLimit,
  );
}

async function runOurs(server: BenchServer, name: string): Promise<void> {
  await actIn(
    server.open(name),
    tenant,
    benchActor,
    async (ctx) => unwrap(await runStrategy(ctx, { asOf: benchDay, openings: openingsPackKey })),
    noLimit,
  );
}

async function runReference(server: BenchServer, name: string): Promise<void> {
  await inTenant(server.open(name).database, tenant, (db) => runReferenceIn(db, tenant, benchDay), noLimit);
}

/** The reference in the transaction of `db`, on the tenant's clock and newest strategy. */
export async function runReferenceIn(db: Db, tenantId: TenantId, asOf: CalendarDate): Promise<void> {
  const { rows } = await sql<{
    at: Date;
    version: string;
  }>`select t.clock_at as at, v.id as version from identity.tenants t
    join strategy.versions v on v.tenant_id = t.tenant_id where t.tenant_id = ${tenantId} order by v.version desc limit 1`.execute(
    db,
  );
  const literal = (text: string, type: string) => `${pg.escapeLiteral(text)}::${type}`;
  const values: Readonly<Record<string, string>> = {
    tenant: literal(tenantId, 'uuid'),
    as_of: literal(asOf, 'date'),
    at: literal(rows[0]?.at.toISOString() ?? '', 'timestamptz'),
    run: literal(newId(), 'uuid'),
    version: literal(rows[0]?.version ?? '', 'uuid'),
    openings: literal(openingsPackKey, 'text'),
  };
  const text = reference.replaceAll(/(?<!:):([a-z_]+)/g, (whole, name: string) => values[name] ?? whole);
  await sql.raw(text).execute(db);
}

/** What `dunwell run` does besides: promises, openings, tasks. For information; the reference has no such thing. */
async function wholeDay(server: BenchServer, base: string): Promise<number> {
  await server.copy('bench_ours', base);
  await warm(server, 'bench_ours');
  const seconds = await secondsOf(() =>
    actIn(server.open('bench_ours'), tenant, benchActor, async (ctx) => unwrap(await runDay(ctx)), noLimit),
  );
  await server.drop('bench_ours');
  return seconds;
}

async function sizesOf(server: BenchServer, base: string): Promise<{ items: number; open_items: number }> {
  const { rows } = await server.asAdmin(base, (client) =>
    client.query<{ items: string; open: string }>(
      `select count(*) as items, count(*) filter (where open_minor <> 0) as open from accounts.items`,
    ),
  );
  return { items: Number(rows[0]?.items), open_items: Number(rows[0]?.open) };
}
