import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFirstTenant } from '../src/flows/create-tenant.ts';
import { timeZone } from '../src/kernel/calendar.ts';
import { currency } from '../src/kernel/currency.ts';
import { unwrap } from '../src/kernel/result.ts';
import { actIn, createAuth } from '../src/modules/identity/public.ts';
import { tryRule } from '../src/modules/strategy/public.ts';
import type { BenchServer } from './bench-server.ts';
import { interleavedPairs, median, percentile, round } from './measure.ts';
import { benchActor, benchClient, benchTenant } from './portfolio.ts';

const tenant = benchTenant(1);
const fill = readFileSync(join(import.meta.dirname, 'reference', 'fill-facts.sql'), 'utf8');

export type SegmentBench = { readonly accounts: number; readonly pairs: number; readonly say: (line: string) => void };

const all = (...rules: unknown[]) => ({ combinator: 'and', rules });
const any = (...rules: unknown[]) => ({ combinator: 'or', rules });
const is = (field: string, operator: string, value: unknown = null) => ({ field, operator, value });

/** Rules as people write them, each beside the condition that somebody would write by hand. */
const cases = [
  { name: 'everybody', rule: all(), where: 'true' },
  {
    name: 'late and large',
    rule: all(is('days_past_due', '>', 30), is('balance', '>=', '1000')),
    where: "oldest_open_due_on < date '2026-03-02' - 30 and balance_minor >= 100000",
  },
  {
    name: 'late and not spoken with for a week',
    rule: all(
      is('days_past_due', 'between', [1, 60]),
      any(is('days_since_conversation', '>', 7), is('days_since_conversation', 'null')),
    ),
    where:
      "oldest_open_due_on between date '2026-03-02' - 60 and date '2026-03-02' - 1 and (last_conversation_at < timestamptz '2026-02-23 05:00Z' or last_conversation_at is null)",
  },
  {
    name: 'broken promises, reachable',
    rule: all(
      is('promises_broken', '>=', 2),
      any(is('has_email', '=', true), is('has_phone', '=', true)),
      is('held', '=', false),
    ),
    where: 'promises_broken >= 2 and (has_email or has_phone) and contact_hold_until is null',
  },
  {
    name: 'slow payers by name',
    rule: all(is('average_days_late', '>', '12.5'), is('party_name', 'contains', 'marine')),
    where: "settled_days_late > 12.5 * settled_items and settled_items > 0 and party_name ilike '%marine%'",
  },
] as const;

/** What stands beside a rule being written (sentence, count, sample), for a tenant of that many accounts, against the count written by hand. */
export async function benchSegment(server: BenchServer, { accounts, pairs, say }: SegmentBench) {
  const name = await factsDatabase(server, accounts);
  const installation = server.open(name);
  const ours: number[] = [];
  const reference: number[] = [];
  for (const one of cases) {
    const times = await interleavedPairs(pairs, {
      ours: () =>
        actIn(installation, tenant, benchActor, async (ctx) => {
          const start = performance.now();
          const { count } = unwrap(await tryRule(ctx, one.rule, null));
          return { ms: performance.now() - start, count };
        }),
      reference: () =>
        server.asAdmin(name, async (client) => {
          const start = performance.now();
          const { rows } = await client.query<{ n: string }>(
            `select count(*) as n from accounts.facts where tenant_id = '${tenant}' and ${one.where}`,
          );
          return { ms: performance.now() - start, count: Number(rows[0]?.n) };
        }),
    });
    for (const pair of times)
      if (pair.ours.count !== pair.reference.count)
        throw new Error(`${one.name}: ${pair.ours.count} accounts, and ${pair.reference.count} by the reference.`);
    const mine = times.map((pair) => pair.ours.ms);
    const theirs = times.map((pair) => pair.reference.ms);
    ours.push(...mine);
    reference.push(...theirs);
    say(
      `${one.name}: ${times[0]?.ours.count} accounts, ${median(mine).toFixed(0)} ms, reference ${median(theirs).toFixed(0)} ms`,
    );
  }
  return {
    bench: 'segment',
    n: accounts,
    pairs,
    ours_s: round(median(ours) / 1000),
    reference_s: round(median(reference) / 1000),
    ratio: round(median(ours) / median(reference), 2),
    p95_ms: Math.round(percentile(ours, 0.95)),
    worst_ms: Math.round(Math.max(...ours)),
    equal_rows: true,
  };
}

/** A database of that many accounts with facts and nothing else. */
export async function factsDatabase(server: BenchServer, accounts: number): Promise<string> {
  const name = `bench_facts_${accounts}`;
  if (await server.has(name)) return name;
  const draft = `${name}_draft`;
  await server.copy(draft);
  const installation = server.open(draft);
  const { database, secret, config } = installation;
  unwrap(
    await createFirstTenant(installation, createAuth({ database, secret, baseUrl: config.publicUrl }), {
      tenantName: 'Segments',
      kind: 'sandbox',
      timeZone: timeZone('America/New_York'),
      country: 'US',
      currency: currency('USD'),
      ownerName: 'Bench',
      email: 'segments@dunwell.example',
      password: 'only-for-benchmarks',
      clockAt: new Date('2026-03-02T14:00:00Z'),
      id: tenant,
      clientId: benchClient(1),
    }),
  );
  await server.asAdmin(draft, async (client) => {
    await client.query('set session_replication_role = replica');
    // A million rows at random places of nine indexes would take longer than the measurement: they are made again afterwards.
    const { rows } = await client.query<{ name: string; definition: string }>(`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = 'accounts.facts'::regclass and not i.indisprimary`);
    for (const index of rows) await client.query(`drop index ${index.name}`);
    await client.query(fill, [tenant, benchClient(1), accounts]);
    for (const index of rows) await client.query(index.definition);
    await client.query('vacuum analyze accounts.facts');
  });
  await server.rename(draft, name);
  return name;
}
