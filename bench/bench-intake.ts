import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFirstTenant } from '../src/flows/create-tenant.ts';
import { writeSampleFiles } from '../src/flows/sample/write-files.ts';
import { currency } from '../src/kernel/currency.ts';
import { clientAs } from '../src/kernel/postgres-roles.ts';
import { unwrap } from '../src/kernel/result.ts';
import { createAuth } from '../src/modules/identity/public.ts';
import type { BenchServer } from './bench-server.ts';
import { interleavedPairs, median, round, secondsOf } from './measure.ts';
import { benchClient, benchDay, benchSeed, benchTenant } from './portfolio.ts';
import { copyRows, rawRows } from './reference/copy-rows.ts';

const BASE = 'bench_intake';
const COPY = 'bench_intake_copy';
type Taken = { readonly seconds: number; readonly peakMb: number; readonly items: number };

export type IntakeBench = { readonly rows: number; readonly pairs: number; readonly say: (line: string) => void };

/** The import of one CSV file, from upload to facts, against COPY of its raw rows into an indexed table. */
export async function benchIntake(server: BenchServer, { rows, pairs, say }: IntakeBench) {
  if (!(await server.has(BASE))) await createBase(server);
  const large = await fileOf(server, rows);
  const times = await interleavedPairs(pairs, {
    ours: () => takeIn(server, large.path),
    reference: () => copy(server, large.path),
  });
  for (const { ours, reference } of times) {
    say(`ours ${ours.seconds.toFixed(1)} s, ${ours.peakMb.toFixed(0)} MB; reference ${reference.seconds.toFixed(1)} s`);
    if (ours.evidence !== reference.evidence)
      throw new Error(`The import and COPY hold different rows: ${ours.evidence} and ${reference.evidence}`);
  }
  const fifth = await takeIn(server, (await fileOf(server, Math.round(rows / 5))).path);
  const oursS = median(times.map(({ ours }) => ours.seconds));
  const referenceS = median(times.map(({ reference }) => reference.seconds));
  return {
    bench: 'intake',
    n: large.rows,
    ours_s: round(oursS),
    reference_s: round(referenceS),
    ratio: round(oursS / referenceS, 2),
    pairs,
    rows_per_s: Math.round(large.rows / oursS),
    peak_mb: Math.round(Math.max(...times.map(({ ours }) => ours.peakMb))),
    fifth_rows: fifth.items,
    fifth_s: round(fifth.seconds),
    fifth_peak_mb: Math.round(fifth.peakMb),
    equal_rows: true,
  };
}

async function createBase(server: BenchServer): Promise<void> {
  const draft = `${BASE}_draft`;
  await server.copy(draft);
  const installation = server.open(draft);
  const auth = createAuth({
    database: installation.database,
    secret: installation.secret,
    baseUrl: installation.config.publicUrl,
  });
  unwrap(
    await createFirstTenant(installation, auth, {
      tenantName: 'Bench',
      kind: 'sandbox',
      timeZone: 'America/New_York',
      country: 'US',
      currency: 'USD',
      ownerName: 'Bench',
      email: 'bench@dunwell.example',
      password: 'only-for-benchmarks',
      clockAt: new Date(`${benchDay}T15:00:00Z`),
      id: benchTenant(1),
      clientId: benchClient(1),
    }),
  );
  await server.asAdmin(draft, (client) => client.query(rawRows));
  await server.rename(draft, BASE);
}

async function fileOf(server: BenchServer, rows: number): Promise<{ path: string; rows: number }> {
  const folder = join(server.folder, `files-${rows}`);
  await mkdir(folder, { recursive: true });
  const options = {
    seed: benchSeed,
    accounts: Math.round(rows / 3),
    on: benchDay,
    historyDays: 100,
    itemsPerAccount: 3,
  };
  const files = await writeSampleFiles(folder, options, currency('USD'));
  return { path: files.items, rows: files.itemCount };
}

async function takeIn(server: BenchServer, path: string): Promise<Taken & { evidence: string }> {
  await server.copy(COPY, BASE);
  const input = JSON.stringify({ address: server.addressOf(COPY), folder: server.folder, path });
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'intake-child.ts'), input]);
  const taken = JSON.parse(stdout) as Taken;
  const evidence = await evidenceOf(server, 'select count(*) as rows, sum(amount_minor) as total from accounts.items');
  await server.drop(COPY);
  return { ...taken, evidence };
}

async function copy(server: BenchServer, path: string): Promise<{ seconds: number; evidence: string }> {
  await server.copy(COPY, BASE);
  const client = clientAs(server.addressOf(COPY), 'dunwell_import', server.secret);
  await client.connect();
  const seconds = await secondsOf(() => copyRows(client, path));
  await client.end();
  const evidence = await evidenceOf(
    server,
    'select count(*) as rows, (sum(amount) * 100)::bigint as total from raw.rows',
  );
  await server.drop(COPY);
  return { seconds, evidence };
}

async function evidenceOf(server: BenchServer, question: string): Promise<string> {
  const { rows } = await server.asAdmin(COPY, (client) => client.query<{ rows: string; total: string }>(question));
  return `${rows[0]?.rows} rows, ${rows[0]?.total} in all`;
}
