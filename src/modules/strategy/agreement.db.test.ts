import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { defaultB2b } from './default-b2b.ts';
import type { Verdict } from './evaluate.ts';
import { createExperiment, startExperiment } from './experiments/change-experiment.ts';
import { type JudgedAccount, judgeAccount } from './judge-account.ts';
import { voidStopped } from './plans.sql.ts';
import { publishDefault, publishVersion } from './publish.ts';
import { runStrategy } from './run-strategy.ts';
import { createSegment } from './segments/segments.ts';
import { changeSelection } from './selection.ts';

const database = await testDatabase();
const asOf = calendarDate('2026-01-05');
const at = new Date('2026-01-05T15:00:00Z');
const ACCOUNTS = 2400;

/** Null `times` as often as a value. */
const seldom = <T>(times: number, value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: times }, { arbitrary: value, weight: 1 });

const days = defaultB2b.steps.map((step) => step.day);
const hold = fc.record({
  reason: fc.constantFrom('promise', 'dispute', 'manual'),
  effects: fc.constantFrom(['stop_automatic'], ['stop_contact'], ['stop_interest'], ['stop_fees', 'stop_automatic']),
  from: fc.constantFrom(-3, -3, -3, 1),
  to: fc.constantFrom(null, null, 2, -1),
  released: fc.constantFrom(null, null, -1),
});
const item = fc.record({
  dpd: fc.integer({ min: -12, max: 75 }),
  open: fc.constantFrom(-500, 100, 250, 1000, 1000, 0),
  reached: seldom(1, fc.constantFrom(...days)),
  hold: seldom(3, hold),
});
const plan = fc.record({
  action: fc.constantFrom('email', 'call_task', 'escalation'),
  level: fc.integer({ min: 0, max: 5 }),
  ago: fc.constantFrom(0, 0, 1, 4),
  state: fc.constantFrom('planned', 'planned', 'sent', 'void', 'denied', 'uncertain'),
  epoch: fc.constantFrom(5, 5, 5, 4),
});
const world = fc.record({
  items: fc.array(item, { maxLength: 5 }),
  state: fc.constantFrom('active', 'active', 'active', 'active', 'active', 'active', 'legal', 'on_hold'),
  client: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 2),
  assigned: fc.constantFrom(false, false, false, false, true),
  hasEmail: fc.constantFrom(true, true, true, true, false),
  sensitive: fc.constantFrom(...new Array(12).fill(false), true),
  unapplied: fc.constantFrom(0, 0, 0, 0, 300, 1000),
  accountHold: seldom(7, hold).filter((one) => one === null || one.reason !== 'promise'),
  partyHold: seldom(9, hold).filter((one) => one === null || one.reason !== 'promise'),
  wish: fc.constantFrom(
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    'opt_out',
    'opt_out_address',
    'opt_out_call',
    'opt_out_ended',
    'cease',
  ),
  mergedIntoPrevious: fc.constantFrom(...new Array(15).fill(false), true),
  plan: seldom(1, plan),
  position: seldom(
    1,
    fc.record({ version: fc.constantFrom(0, 1, 1), stage: fc.constantFrom('pre_due', 'early', 'mid') }),
  ),
  balance: fc.constantFrom(0, 500, 5000, 50_000),
  oldest: seldom(4, fc.integer({ min: -3, max: 70 })),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Inserts rows in one statement; columns are named by the first row. */
async function insertAll(ctx: Ctx, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 500) {
    const part = rows.slice(start, start + 500);
    const columns = Object.keys(part[0] ?? {});
    await sql`insert into ${sql.raw(table)} (tenant_id, ${sql.join(columns.map((one) => sql.ref(one)))}) values ${sql.join(
      part.map((row) => sql`(${ctx.tenant}, ${sql.join(columns.map((one) => sql`${row[one]}`))})`),
    )}`.execute(ctx.db);
  }
}

const later = (offset: number) => new Date(at.getTime() + offset * 86_400_000);

async function build(
  ctx: Ctx,
  worlds: readonly World[],
  versionId: string,
  followed: readonly string[] = [],
): Promise<string[]> {
  const clients = [newId(), newId(), newId()];
  await insertAll(
    ctx,
    'accounts.clients',
    clients.map((id, n) => ({
      id,
      name: `Client ${n}`,
      kind: 'own_entity',
      currency: 'USD',
      time_zone: 'America/New_York',
      country: 'US',
      recorded_at: at,
      feed_through: n === 1 ? later(-5) : at,
      feed_max_age_hours: 48,
    })),
  );
  await insertAll(ctx, 'accounts.wide_stops', [
    {
      id: newId(),
      scope: 'client',
      client_id: clients[2],
      reason: 'test',
      placed_by: 'test',
      effective_from: later(-1),
      released_at: null,
      recorded_at: at,
    },
    {
      id: newId(),
      scope: 'client',
      client_id: clients[0],
      reason: 'test',
      placed_by: 'test',
      effective_from: later(-2),
      released_at: later(-1),
      recorded_at: at,
    },
  ]);
  const runId = newId();
  await insertAll(ctx, 'strategy.runs', [
    { id: runId, version_id: versionId, as_of: addDays(asOf, -1), at: later(-1), state: 'failed', started_by: 'test' },
  ]);

  const clusterIds: string[] = [];
  const ids = worlds.map(() => ({ cluster: newId() as string, party: newId() as string, account: newId() as string }));
  const rows: Record<string, Record<string, unknown>[]> = {
    'parties.clusters': [],
    'parties.parties': [],
    'accounts.accounts': [],
    'accounts.facts': [],
    'accounts.items': [],
    'accounts.holds': [],
    'accounts.hold_items': [],
    'strategy.positions': [],
    'strategy.item_levels': [],
    'strategy.plans': [],
    'strategy.plan_items': [],
    'payments.receipts': [],
    'compliance.preferences': [],
  };
  const add = (table: string, row: Record<string, unknown>) => rows[table]?.push(row);
  for (const [n, one] of worlds.entries()) {
    const mine = ids[n];
    if (!mine) continue;
    const { cluster, party, account } = mine;
    const root = one.mergedIntoPrevious && n > 0 ? (clusterIds[n - 1] ?? cluster) : cluster;
    clusterIds.push(root);
    const clientId = clients[one.client];
    const assigned = one.assigned ? newId() : null;
    add('parties.clusters', { id: cluster, root_id: root });
    add('parties.parties', {
      id: party,
      cluster_id: cluster,
      kind: 'business',
      name: `P${n}`,
      source: 'test',
      recorded_at: at,
    });
    add('accounts.accounts', {
      id: account,
      client_id: clientId,
      party_id: party,
      cluster_id: cluster,
      number: `A${n}`,
      debt_kind: 'commercial',
      currency: 'USD',
      balance_source: 'host',
      state: one.state,
      assigned_to: assigned,
      sensitive: one.sensitive,
      opened_on: '2025-01-01',
      recorded_at: at,
    });
    add('accounts.facts', {
      id: account,
      client_id: clientId,
      party_id: party,
      cluster_id: cluster,
      currency: 'USD',
      state: one.state,
      party_name: `P${n}`,
      account_number: `A${n}`,
      has_email: one.hasEmail,
      assigned_to: assigned,
      sensitive: one.sensitive,
      stop_epoch: 5,
      balance_minor: BigInt(one.balance),
      oldest_open_due_on: one.oldest === null ? null : addDays(asOf, -one.oldest),
      updated_at: at,
    });
    const held = one.position === null ? undefined : followed[one.position.version];
    if (held !== undefined)
      add('strategy.positions', {
        id: account,
        version_id: held,
        stage: one.position?.stage,
        entered_on: addDays(asOf, -9),
      });
    const holdRow = (spec: NonNullable<World['accountHold']>, coverage: string) => {
      const id = newId();
      add('accounts.holds', {
        id,
        reason: spec.reason,
        effects: spec.effects,
        coverage,
        cluster_id: cluster,
        account_id: coverage === 'party' ? null : account,
        effective_from: later(spec.from),
        effective_to: spec.to === null ? null : later(spec.to),
        released_at: spec.released === null ? null : later(spec.released),
        source_kind: 'test',
        placed_by: 'test',
        recorded_at: at,
      });
      return id;
    };
    if (one.accountHold) holdRow(one.accountHold, 'account');
    if (one.partyHold) holdRow(one.partyHold, 'party');
    const planId = newId();
    if (one.plan) {
      add('strategy.plans', {
        id: planId,
        run_id: runId,
        version_id: versionId,
        account_id: account,
        client_id: clientId,
        cluster_id: cluster,
        party_id: party,
        action: one.plan.action,
        step_key: `old_${one.plan.level}`,
        level: one.plan.level,
        stage: 'early',
        item_count: 1,
        amount_minor: 1n,
        currency: 'USD',
        stop_epoch: one.plan.epoch,
        planned_for: addDays(asOf, -one.plan.ago),
        state: one.plan.state,
        recorded_at: later(-one.plan.ago),
      });
    }
    for (const [m, spec] of one.items.entries()) {
      const id = newId();
      const dueOn = addDays(asOf, -spec.dpd);
      add('accounts.items', {
        id,
        account_id: account,
        client_id: clientId,
        kind: spec.open < 0 ? 'credit_note' : 'invoice',
        number: `I${n}-${m}`,
        issued_on: addDays(dueOn, -30),
        due_on: dueOn,
        amount_minor: BigInt(spec.open < 0 ? spec.open : 1000),
        open_minor: BigInt(spec.open),
        currency: 'USD',
        recorded_at: at,
      });
      if (spec.reached !== null) {
        const previous = days[days.indexOf(spec.reached) - 1] ?? null;
        add('strategy.item_levels', {
          id,
          account_id: account,
          level: 1,
          step_key: 'x',
          day: spec.reached,
          reached_on: addDays(asOf, -3),
          plan_id: one.plan ? planId : newId(),
          previous_level: previous === null ? null : 1,
          previous_step_key: previous === null ? null : 'x',
          previous_day: previous,
          previous_reached_on: previous === null ? null : addDays(asOf, -9),
        });
        if (one.plan)
          add('strategy.plan_items', {
            plan_id: planId,
            item_id: id,
            level: 1,
            step_key: 'x',
            fires: true,
            open_minor: 1n,
          });
      }
      if (spec.hold) add('accounts.hold_items', { id: newId(), hold_id: holdRow(spec.hold, 'items'), item_id: id });
    }
    if (one.unapplied > 0) {
      add('payments.receipts', {
        id: newId(),
        client_id: clientId,
        account_id: account,
        amount_minor: 2000n,
        unapplied_minor: BigInt(one.unapplied),
        currency: 'USD',
        received_on: asOf,
        method: 'other',
        source: 'hand',
        external_key: `R${n}`,
        state: 'open',
        recorded_by: 'test',
        recorded_at: at,
      });
    }
    if (one.wish) {
      add('compliance.preferences', {
        id: newId(),
        cluster_id: cluster,
        kind: one.wish === 'cease' ? 'cease' : 'opt_out',
        channel: one.wish === 'opt_out_call' ? 'call' : 'email',
        address_key: one.wish === 'opt_out_address' ? 'a@b.example' : null,
        source_kind: 'test',
        effective_from: later(-2),
        ended_at: one.wish === 'opt_out_ended' ? later(-1) : null,
        recorded_at: at,
      });
    }
  }
  for (const [table, values] of Object.entries(rows)) if (values.length > 0) await insertAll(ctx, table, values);
  return ids.map((one) => one.account);
}

type SqlVerdict = {
  outcome: string;
  reasonCode: string;
  stage: string;
  daysPastDue: number | null;
  claimedMinor: bigint;
  withheld: string | null;
  skippedLevels: number;
  plans: { action: string; stepKey: string; level: number; fires: string[]; answers: string[] }[];
};

/** What the run left in its working tables, in the shape of a verdict. */
async function sqlVerdicts(ctx: Ctx): Promise<Map<string, SqlVerdict>> {
  const { rows } = await sql<SqlVerdict & { id: string }>`
    select a.account_id as id, a.outcome, a.reason_code as "reasonCode", a.stage, a.days_past_due as "daysPastDue", a.claimed_minor as "claimedMinor", a.withheld,
      coalesce((select sum(p.skipped) from pg_temp.run_plans p where p.account_id = a.account_id), 0)::int as "skippedLevels",
      coalesce((select jsonb_agg(jsonb_build_object('action', p.action, 'stepKey', p.step_key, 'level', p.level, 'fires', (
          select coalesce(jsonb_agg(i.item_id order by i.item_id), '[]') from strategy.plan_items i where i.tenant_id = ${ctx.tenant} and i.plan_id = p.plan_id and i.fires),
          'answers', (select coalesce(jsonb_agg(e.event_id order by e.event_id), '[]') from strategy.plan_events e
            join pg_temp.run_reactions x on x.event_id = e.event_id and x.key = e.reaction_key where e.tenant_id = ${ctx.tenant} and e.plan_id = p.plan_id))
          order by array_position(array['email', 'call_task', 'escalation', 'specialist_task', 'legal_review', 'hold'], p.action))
        from pg_temp.run_plans p where p.account_id = a.account_id), '[]') as plans
    from pg_temp.run_accounts a`.execute(ctx.db);
  return new Map(rows.map(({ id, ...verdict }) => [id, verdict]));
}

const comparable = (verdict: Verdict) =>
  Object.fromEntries(Object.entries(verdict).filter(([name]) => name !== 'nextStepOn'));

/** Judges each account alone and all by a run, expects the same of both, and tells what was met. */
async function agreed(
  ctx: Ctx,
  accountIds: readonly string[],
  worlds: readonly World[],
  again = false,
): Promise<Map<string, JudgedAccount[]>> {
  await sql`analyze`.execute(ctx.db);
  await voidStopped(ctx);
  const expected = new Map<string, JudgedAccount>();
  for (const id of accountIds) {
    const judged = await judgeAccount(ctx, id, asOf);
    if (typeof judged === 'string') throw new Error(judged);
    expected.set(id, judged);
  }
  unwrap(await runStrategy(ctx, { asOf }));
  const found = await sqlVerdicts(ctx);
  for (const [index, id] of accountIds.entries()) {
    const verdict = expected.get(id)?.verdict;
    // A second run does not look again at those who owed nothing.
    if (again && verdict?.reasonCode === 'nothing_open') continue;
    expect(found.get(id), JSON.stringify(worlds[index])).toEqual(verdict && comparable(verdict));
  }
  return Map.groupBy(expected.values(), ({ verdict }) => (verdict.outcome === 'act' ? 'act' : verdict.reasonCode));
}

it(`says in SQL over ${ACCOUNTS} random accounts what the rule says for each alone`, { timeout: 120_000 }, async () => {
  const tenant = await database.freshTenant({ at });
  const worlds = fc.sample(world, { numRuns: ACCOUNTS, seed: 20260105 });
  const seen = await database.within(tenant, at, async (ctx) => {
    const version = await publishDefault(ctx);
    return agreed(ctx, await build(ctx, worlds, version.id), worlds);
  });
  // Every branch was met, else agreement would say little.
  expect([...seen.keys()].toSorted()).toEqual([
    'account_state',
    'act',
    'already_at_level',
    'already_today',
    'assigned_collector',
    'cease',
    'credit_covers',
    'hold',
    'no_contact_point',
    'not_due',
    'nothing_open',
    'opt_out',
    'promise',
    'sensitive',
    'stale_feed',
    'wide_stop',
  ]);
  for (const [reason, verdicts] of seen) expect(verdicts.length, reason).toBeGreaterThan(2);
});

const rule = (...rules: unknown[]) => ({ combinator: 'and', rules });
const owes = (operator: string, value: number) => ({ field: 'balance', operator, value });

it.each(['at_once', 'next_stage', 'new_accounts'] as const)(
  'agrees also where segments choose strategies, steps have conditions, and a version takes over %s',
  { timeout: 120_000 },
  async (takesOver) => {
    const tenant = await database.freshTenant({ at });
    const worlds = fc.sample(world, { numRuns: 600, seed: 20260106 });
    await database.within(tenant, at, async (ctx) => {
      await publishDefault(ctx);
      const gentle = { ...defaultB2b, whenAssigned: 'send', stages: [{ stage: 'early', fromDay: 10 }] };
      const steps = [
        { key: 'hello', title: 'Hello', day: 2, action: 'email', level: 1, when: rule(owes('>', 1)) },
        { key: 'ring', title: 'Ring', day: 12, action: 'call_task', level: 2, when: rule(owes('>=', 50)) },
        { key: 'firm', title: 'Firm', day: 20, action: 'email', level: 3 },
        {
          key: 'boss',
          title: 'Boss',
          day: 40,
          action: 'escalation',
          level: 4,
          when: rule({ field: 'has_email', operator: '=', value: true }),
        },
      ];
      const first = unwrap(
        await publishVersion(ctx, { name: 'gentle', definition: { ...gentle, steps: steps.slice(0, 3) } }),
      );
      const second = unwrap(await publishVersion(ctx, { name: 'gentle', definition: { ...gentle, steps }, takesOver }));
      const small = unwrap(await createSegment(ctx, { name: 'Small', description: '', rule: rule(owes('<', 6)) }));
      const aged = unwrap(
        await createSegment(ctx, {
          name: 'Aged',
          description: '',
          rule: rule({ field: 'days_past_due', operator: '>', value: 20 }),
        }),
      );
      unwrap(
        await changeSelection(ctx, 0, {
          entries: [
            { segmentId: aged.id, strategyId: null },
            { segmentId: small.id, strategyId: second.strategyId },
          ],
          otherwiseId: unwrap(await publishVersion(ctx, { name: 'b2b-default', definition: defaultB2b })).strategyId,
        }),
      );
      const accountIds = await build(ctx, worlds, second.id, [second.id, first.id]);
      const seen = await agreed(ctx, accountIds, worlds);
      expect(seen.get('kept_out')?.length).toBeGreaterThan(20);
      const acted = Map.groupBy(seen.get('act') ?? [], ({ version }) => `${version.name} v${version.version}`);
      const followed = ['b2b-default v1', ...(takesOver === 'at_once' ? [] : ['gentle v1']), 'gentle v2'];
      expect([...acted.keys()].toSorted()).toEqual(followed);
      const { rows } = await sql<{ version_id: string; stage: string }>`
        select p.version_id, p.stage from strategy.positions p
        join strategy.plans n on n.tenant_id = ${tenant} and n.account_id = p.id
        join strategy.runs r on r.tenant_id = ${tenant} and r.id = n.run_id and r.state = 'done'
        where p.tenant_id = ${tenant} and n.version_id <> p.version_id`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
  },
);

it('agrees where experiments split people by lot, whose arm neither a new weight nor a merge changes', {
  timeout: 120_000,
}, async () => {
  const tenant = await database.freshTenant({ at });
  const worlds = fc.sample(world, { numRuns: 400, seed: 20260107 });
  await database.within(tenant, at, async (ctx) => {
    const champion = await publishDefault(ctx);
    const quick = { ...defaultB2b, steps: [{ key: 'quick', title: 'Quick', day: 1, action: 'email', level: 1 }] };
    const challenger = unwrap(await publishVersion(ctx, { name: 'quick', definition: quick }));
    const small = unwrap(await createSegment(ctx, { name: 'Small', description: '', rule: rule(owes('<', 6)) }));
    const terms = {
      hypothesis: 'Sooner is better',
      share: 10_000,
      recoveryDays: 30,
      complaintDays: 30,
      costs: { email: 1, call: 300, letter: 120, sms: 8 },
      complaintsAbove: null,
      recoveryBelow: null,
      endsOn: addDays(asOf, 90),
    };
    const arm = (name: string, strategyId: typeof champion.strategyId | null, weight: number) => ({
      name,
      strategyId,
      weight,
    });
    const first = unwrap(
      await createExperiment(ctx, {
        ...terms,
        name: 'Everybody',
        share: 6000,
        arms: [arm('A', champion.strategyId, 3000), arm('B', challenger.strategyId, 4000), arm('None', null, 3000)],
      }),
    );
    const second = unwrap(
      await createExperiment(ctx, {
        ...terms,
        name: 'The small',
        arms: [arm('A', champion.strategyId, 5000), arm('B', challenger.strategyId, 5000)],
      }),
    );
    const accountIds = await build(ctx, worlds, champion.id, [champion.id]);
    unwrap(await startExperiment(ctx, first.id, first.rowVersion, { segmentId: null }));
    unwrap(
      await changeSelection(ctx, 1, {
        entries: [{ segmentId: small.id, strategyId: champion.strategyId }],
        otherwiseId: null,
        otherwiseExperimentId: first.id,
      }),
    );
    unwrap(await startExperiment(ctx, second.id, second.rowVersion, { segmentId: small.id }));
    const seen = await agreed(ctx, accountIds, worlds);
    expect(seen.get('held_out')?.length).toBeGreaterThan(5);
    const acted = Map.groupBy(seen.get('act') ?? [], ({ version }) => version.name);
    expect([...acted.keys()].toSorted()).toEqual(['b2b-default', 'quick']);

    // The same people a day later, after a merge, a new weight and a wider share: nobody who was in has moved.
    const before = await armsGiven(ctx);
    expect(before.size).toBeGreaterThan(60);
    expect(new Set(before.values()).size).toBe(3);
    await sql`update parties.clusters c set root_id = o.root_id from parties.clusters o
        where c.tenant_id = ${tenant} and o.tenant_id = ${tenant} and o.id = (select min(x.id::text)::uuid from parties.clusters x
          where x.tenant_id = ${tenant} and x.id > c.id) and c.id::text < '8'`.execute(ctx.db);
    await sql`update strategy.experiments e set share = 10000, arms = jsonb_set(jsonb_set(e.arms, '{0,weight}', '9000'), '{1,weight}', '1000')
        where e.tenant_id = ${tenant} and e.id = ${second.id}`.execute(ctx.db);
    await agreed(ctx, accountIds, worlds, true);
    const after = await armsGiven(ctx);
    for (const [cluster, given] of before) expect(after.get(cluster)).toBe(given);
    expect(after.size).toBeGreaterThan(before.size - 1);
  });
});

async function armsGiven(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; arm: number }>`
    select a.experiment_id || ' ' || a.cluster_id as key, a.arm from strategy.assignments a where a.tenant_id = ${ctx.tenant}`.execute(
    ctx.db,
  );
  return new Map(rows.map(({ key, arm }) => [key, arm]));
}

/** What happened to each account, of the kinds whose subject need not be built: a hold of its own for a dispute. */
const happenings = fc.array(
  fc.record({
    kind: fc.constantFrom('reply', 'reply', 'portal_visit', 'dispute_opened', 'dispute_closed', 'bounce'),
    ago: fc.integer({ min: 0, max: 11 }),
    answered: fc.constantFrom(false, false, true),
  }),
  { maxLength: 3 },
);

it('agrees also where strategies react to events', { timeout: 240_000 }, async () => {
  const tenant = await database.freshTenant({ at });
  const worlds = fc.sample(world, { numRuns: 500, seed: 20260107 });
  const happened = fc.sample(happenings, { numRuns: worlds.length, seed: 20260108 });
  await database.within(tenant, at, async (ctx) => {
    const react = (key: string, on: string, action: string, level: number, more: object = {}) => ({
      key,
      title: key,
      on,
      action,
      level,
      afterDays: 0,
      ...more,
    });
    const reactions = [
      react('write', 'reply', 'email', 2),
      react('ring', 'reply', 'call_task', 1, { afterDays: 2 }),
      react('look', 'portal_visit', 'specialist_task', 3, { when: rule(owes('>=', 50)) }),
      react('ask', 'dispute_opened', 'escalation', 4),
      react('pause', 'dispute_closed', 'hold', 2, { holdDays: 4 }),
      react('review', 'bounce', 'legal_review', 5),
      react('firm', 'portal_visit', 'email', 5, { approval: true }),
    ];
    const first = unwrap(await publishVersion(ctx, { name: 'b2b-default', definition: { ...defaultB2b, reactions } }));
    const other = unwrap(
      await publishVersion(ctx, {
        name: 'other',
        definition: { ...defaultB2b, reactions: [react('again', 'reply', 'escalation', 1), ...reactions.slice(3)] },
      }),
    );
    const small = unwrap(await createSegment(ctx, { name: 'Small', description: '', rule: rule(owes('<', 6)) }));
    unwrap(
      await changeSelection(ctx, 0, {
        entries: [{ segmentId: small.id, strategyId: other.strategyId }],
        otherwiseId: first.strategyId,
      }),
    );
    const accountIds = await build(ctx, worlds, first.id);
    const { rows: holds } = await sql<{ id: string; account_id: string | null }>`
      select id, account_id from accounts.holds where tenant_id = ${tenant}`.execute(ctx.db);
    const holdOf = new Map(holds.map((one) => [one.account_id, one.id]));
    const { rows: known } = await sql<{ id: string; account_id: string }>`
      select id, account_id from strategy.plans where tenant_id = ${tenant}`.execute(ctx.db);
    const planOf = new Map(known.map((one) => [one.account_id, one.id]));
    const events = happened.flatMap((mine, n) =>
      mine.map((one) => ({ ...one, id: newId() as string, account: accountIds[n] ?? '' })),
    );
    await insertAll(
      ctx,
      'accounts.events',
      events.map(({ id, account, kind, ago }) => ({
        id,
        account_id: account,
        kind,
        subject_id: holdOf.get(account) ?? newId(),
        occurred_at: later(-ago),
        recorded_at: later(-ago),
      })),
    );
    for (const one of events.filter(({ account, answered }) => answered && planOf.has(account)))
      await sql`insert into strategy.plan_events (tenant_id, id, plan_id, event_id, reaction_key)
        select ${tenant}::uuid, kernel.hash_id('plan-event', ${one.id}::text, k.key), ${planOf.get(one.account)}::uuid, ${one.id}::uuid, k.key
        from unnest(${['write', 'ring', 'look', 'ask', 'again']}::text[]) k (key)`.execute(ctx.db);
    const seen = await agreed(ctx, accountIds, worlds);
    const acts = (seen.get('act') ?? []).flatMap(({ verdict }) =>
      verdict.plans.filter((one) => one.answers.length > 0),
    );
    // Every reaction spoke, alone and beside a step, else agreement would say little.
    for (const { key } of reactions.filter((one) => one.key !== 'review'))
      expect(acts.filter((one) => one.stepKey === key).length, key).toBeGreaterThan(0);
    expect(acts.filter((one) => one.fires.length > 0).length).toBeGreaterThan(5);
    expect(acts.filter((one) => one.fires.length === 0).length).toBeGreaterThan(5);
    const held = [...(seen.get('act') ?? [])].filter(({ picture }) => picture.stops.has('hold'));
    expect(held.length).toBeGreaterThan(2);
  });
});
