import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { inTenant } from '../src/kernel/db.ts';
import type { Ctx } from '../src/kernel/ctx.ts';
import { type Id, newId } from '../src/kernel/ids.ts';
import { lockWithPersons } from '../src/modules/accounts/public.ts';
import {
  decide,
  loadRuleBook,
  plainSpeech,
  type Proposal,
  requestPermits,
  type RuleBook,
} from '../src/modules/compliance/public.ts';
import { actIn } from '../src/modules/identity/public.ts';
import type { BenchServer } from './bench-server.ts';
import { interleavedPairs, median, round, secondsOf } from './measure.ts';
import { disagreement, type MixQuestion, permitMix } from './permit-mix.ts';
import { benchActor, benchTenant, portfolioDatabase } from './portfolio.ts';
import { decideMix } from './reference/decide-mix.ts';

const tenant = benchTenant(1);
const noLimit = { statementTimeoutMs: 0 };
const historyEvents = 60;
const entriesPerPerson = 20;
const reference = readFileSync(join(import.meta.dirname, 'reference', 'permit.sql'), 'utf8');

export type PermitBench = { readonly proposals: number; readonly pairs: number; readonly say: (line: string) => void };

/** Decisions of a stated mix against an evaluator written for it; then a batch at the gate against the SQL that writes its rows. */
export async function benchPermit(server: BenchServer, { proposals, pairs, say }: PermitBench) {
  const base = await gateDatabase(server, proposals);
  const book = await inBench(server, base, (ctx) => loadRuleBook(ctx));
  const pure = await decisions(book, { pairs, say });
  const gate = await gates(server, base, { proposals, pairs, say });
  return { bench: 'permit', pairs, ...pure, ...gate };
}

type Pure = { readonly pairs: number; readonly say: (line: string) => void };

/** Decisions of the mix a second, ours and the reference's. */
export async function decisions(book: RuleBook, { pairs, say }: Pure) {
  const mix = permitMix(2000, historyEvents);
  const answers = mix.map((one) => decide(one.facts, one.proposal, book, one.at));
  const fault = disagreement(mix, answers);
  if (fault !== null) throw new Error(fault);
  // An act that is put off has its opening searched, which asks all rules again at every step.
  const at = (decision: string) => mix.filter((_, i) => (answers[i]?.decision === 'defer') === (decision === 'defer'));
  const answered = await perSecond(at('answered'), book, pairs);
  const openings = await perSecond(at('defer'), book, pairs);
  say(
    `decisions: ${answered.ours} a second, reference ${answered.reference}; with an opening ${openings.ours}, ${openings.reference}`,
  );
  return {
    history_events: historyEvents,
    decisions: mix.length,
    decisions_per_s: answered.ours,
    reference_decisions_per_s: answered.reference,
    decision_ratio: round(answered.reference / answered.ours, 2),
    openings: at('defer').length,
    openings_per_s: openings.ours,
    reference_openings_per_s: openings.reference,
    opening_ratio: round(openings.reference / openings.ours, 2),
    equal_decisions: true,
  };
}

async function perSecond(mix: readonly MixQuestion[], book: RuleBook, pairs: number) {
  const ours = () =>
    secondsOf(async () => {
      for (const one of mix) decide(one.facts, one.proposal, book, one.at);
    });
  const theirs = () =>
    secondsOf(async () => {
      for (const one of mix) decideMix(one.mix);
    });
  // Once unmeasured, so that both sides are compiled.
  await ours();
  await theirs();
  const times = await interleavedPairs(pairs, { ours, reference: theirs });
  return {
    ours: Math.round(mix.length / median(times.map((pair) => pair.ours))),
    reference: Math.round(mix.length / median(times.map((pair) => pair.reference))),
  };
}

const inBench = <T>(server: BenchServer, name: string, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  actIn(server.open(name), tenant, benchActor, fn, noLimit);

/** A portfolio whose people have a history in the register. */
async function gateDatabase(server: BenchServer, proposals: number): Promise<string> {
  const name = `bench_gate_${proposals}`;
  if (await server.has(name)) return name;
  const portfolio = await portfolioDatabase(server, Math.max(1000, proposals * 2));
  const draft = `${name}_draft`;
  await server.copy(draft, portfolio);
  await inBench(server, draft, (ctx) =>
    sql`insert into compliance.register_entries (tenant_id, id, status, direction, channel, cluster_id, party_id, account_id, client_id,
        address_key, conversation, act_kind, act_id, local_on, effective_at, recorded_at)
      select a.tenant_id, kernel.hash_id('entry', a.id::text, n::text), 'counted', 'out', case when n % 3 = 0 then 'call' else 'email' end, a.cluster_id,
        a.party_id, a.id, a.client_id, a.id::text || '@example.com', false, 'message', kernel.hash_id('act', a.id::text, n::text),
        (${ctx.at}::timestamptz - make_interval(days => n * 3))::date, ${ctx.at}::timestamptz - make_interval(days => n * 3), ${ctx.at}
      from accounts.accounts a cross join generate_series(1, ${entriesPerPerson}::int) as n where a.tenant_id = ${tenant}`.execute(
      ctx.db,
    ),
  );
  await server.asAdmin(draft, (client) => client.query('vacuum analyze'));
  await server.rename(draft, name);
  return name;
}

type Written = { readonly permits: unknown[]; readonly uses: unknown[]; readonly entries: unknown[] };
type Side = { readonly seconds: number; readonly written: Written };

async function gates(server: BenchServer, base: string, { proposals, pairs, say }: PermitBench) {
  const asked = await inBench(server, base, (ctx) => proposalsOf(ctx, proposals));
  const accounts = asked.flatMap((one) => one.accountIds);
  const ours = () =>
    gateSide(server, base, 'bench_ours', async (name) => {
      await inBench(server, name, async (ctx) => {
        await lockWithPersons(ctx, accounts as Id<'account'>[]);
        await requestPermits(ctx, asked);
      });
    });
  const known = (await ours()).written;
  const text = bareText(accounts, known);
  const bare = () =>
    gateSide(server, base, 'bench_reference', async (name) => {
      await inTenant(server.open(name).database, tenant, (db) => sql.raw(text).execute(db), noLimit);
    });
  const times = await interleavedPairs(pairs, { ours, reference: bare });
  for (const pair of times) {
    assertEqualRows(pair.ours.written, pair.reference.written);
    say(`gate: ours ${pair.ours.seconds.toFixed(3)} s, reference ${pair.reference.seconds.toFixed(3)} s`);
  }
  const oursS = median(times.map((pair) => pair.ours.seconds));
  const referenceS = median(times.map((pair) => pair.reference.seconds));
  return {
    proposals: asked.length,
    register_entries_per_person: entriesPerPerson,
    gate_s: round(oursS),
    gate_reference_s: round(referenceS),
    gate_ratio: round(oursS / referenceS, 2),
    permits: known.permits.length,
    uses: known.uses.length,
    equal_rows: true,
  };
}

async function proposalsOf(ctx: Ctx, count: number): Promise<Proposal[]> {
  const { rows } = await sql<{ id: string; party_id: string; client_id: string; point_id: string; value_key: string }>`
    select distinct on (a.party_id) a.id, a.party_id, a.client_id, p.id as point_id, p.value_key
    from accounts.accounts_v a
    join parties.contact_points_v p on p.tenant_id = ${tenant} and p.party_id = a.party_id and p.kind = 'email' and p.ended_at is null
    where a.tenant_id = ${tenant} order by a.party_id, a.id limit ${count}`.execute(ctx.db);
  return rows.map((row) => ({
    act: 'automatic_message',
    channel: 'email',
    partyId: row.party_id,
    clientId: row.client_id,
    accountIds: [row.id],
    contactPointId: row.point_id,
    addressKey: row.value_key,
    actKind: 'message',
    actId: newId(),
    purpose: 'collect',
    content: {
      ...plainSpeech,
      has: ['identity', 'reply_path', 'unsubscribe', 'opt_out', 'debt_collector', 'attempt_to_collect'],
      language: 'en',
      disclosureLanguage: 'en',
    },
  }));
}

async function gateSide(
  server: BenchServer,
  base: string,
  copy: string,
  work: (name: string) => Promise<void>,
): Promise<Side> {
  await server.copy(copy, base);
  // A copied database starts with nothing in memory; the one a day is run on would not.
  await inBench(server, copy, (ctx) =>
    sql`select (select count(r.channel) from compliance.register_entries r), (select count(f.state) from accounts.facts f), (select count(p.country) from parties.parties p)`.execute(
      ctx.db,
    ),
  );
  const seconds = await secondsOf(() => work(copy));
  const written = await server.asAdmin(copy, async (client) => ({
    permits: await rowsOf(client, 'permits'),
    uses: await rowsOf(client, 'permit_uses'),
    entries: await rowsOf(client, 'register_entries', 'where permit_id is not null'),
  }));
  await server.drop(copy);
  return { seconds, written };
}

async function rowsOf(client: pg.Client, table: string, where = ''): Promise<unknown[]> {
  const { rows } = await client.query<{ row: unknown }>(
    `select to_jsonb(t) as row from compliance.${table} t ${where} order by t.id`,
  );
  return rows.map((one) => one.row);
}

/** The reference with what it is to write filled in; made before the clock starts. */
function bareText(accounts: readonly string[], known: Written): string {
  const json = (rows: unknown[]) => `${pg.escapeLiteral(JSON.stringify(rows))}::jsonb`;
  const values: Readonly<Record<string, string>> = {
    tenant: `${pg.escapeLiteral(tenant)}::uuid`,
    accounts: `${pg.escapeLiteral(`{${accounts.join()}}`)}::uuid[]`,
    permits: json(known.permits),
    uses: json(known.uses),
    entries: json(known.entries),
  };
  return reference.replaceAll(/(?<!:):([a-z_]+)/g, (whole, part: string) => values[part] ?? whole);
}

// Ids and the moment of insertion are each side's own.
const own = new Set(['id', 'permit_id', 'created_at']);

function assertEqualRows(ours: Written, theirs: Written): void {
  const plain = (rows: readonly unknown[]) =>
    rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row as object)
            .filter(([member]) => !own.has(member))
            .sort(),
        ),
      )
      .sort();
  for (const table of ['permits', 'uses', 'entries'] as const)
    if (JSON.stringify(plain(ours[table])) !== JSON.stringify(plain(theirs[table])))
      throw new Error(`The two sides wrote different ${table}.`);
}
