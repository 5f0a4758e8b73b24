import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { hashId, newId } from '../src/kernel/ids.ts';
import { clientAs, prepareRoles } from '../src/kernel/postgres-roles.ts';
import { asAdmin, createDatabase, dropDatabase, TEST_SECRET } from '../test/support/server.ts';
import { collectMigrations, migrate } from './migrate.ts';

const server = inject('testServer');
const made: string[] = [];

afterEach(async () => {
  for (const name of made.splice(0)) await dropDatabase(server, name);
});

async function emptyDatabase(): Promise<{ name: string; run: (before?: string) => Promise<string[]> }> {
  const name = `dunwell_migrate_${randomBytes(5).toString('hex')}`;
  await createDatabase(server, name);
  made.push(name);
  const address = { ...server.address, database: name };
  await prepareRoles(address, server.admin, TEST_SECRET);
  return { name, run: (before) => migrate(address, TEST_SECRET, before) };
}

test('two processes that start together apply every migration once, and a second run applies none', async () => {
  const { run } = await emptyDatabase();
  const names = collectMigrations().map((migration) => migration.name);
  const [first, second] = await Promise.all([run(), run()]);
  expect([...first, ...second].toSorted()).toEqual(names);
  expect(await run()).toEqual([]);
});

test('a migration that was changed after it ran is refused by name', async () => {
  const { name, run } = await emptyDatabase();
  const [first] = await run();
  await asAdmin(
    server,
    (client) => client.query("update public.dunwell_migrations set sha256 = 'x' where name = $1", [first]),
    name,
  );
  await expect(run()).rejects.toThrow(`The migration ${first} was changed after it had been applied`);
});

test('a database of a newer version is refused', async () => {
  const { name, run } = await emptyDatabase();
  await run();
  const insert = "insert into public.dunwell_migrations (name, sha256) values ('299901010000-add-future.sql', '')";
  await asAdmin(server, (client) => client.query(insert), name);
  await expect(run()).rejects.toThrow(
    'made by a newer version of Dunwell: it has the migration 299901010000-add-future.sql',
  );
});

test('permits given before rules were listed beside them are found by rule afterwards, each tenant its own', async () => {
  const { name, run } = await emptyDatabase();
  const listing = '202611281221-two-people-for-rules.sql';
  const earlier = await run(listing);
  expect(earlier.every((one) => one < listing)).toBe(true);
  const tenants = [newId<'tenant'>(), newId<'tenant'>()] as const;
  // As the gate wrote them: one that allowed, one denied by a rule about two debts and by another, one with two parts of a rule.
  const reason = (ruleId: string, more: Record<string, unknown> = {}) => ({
    ruleId,
    effect: 'deny',
    sentence: 'No.',
    ...more,
  });
  const permits = [
    { id: newId(), tenant: tenants[0], decision: 'allow', act: 'automatic_message', channel: 'email', reasons: [] },
    {
      id: newId(),
      tenant: tenants[0],
      decision: 'deny',
      act: 'manual_call',
      channel: 'call',
      reasons: [
        reason('US-REGF-14B-7IN7', { debtId: newId() }),
        reason('US-REGF-14B-7IN7', { debtId: newId() }),
        reason('US-REGF-6C-CEASE'),
      ],
    },
    {
      id: newId(),
      tenant: tenants[1],
      decision: 'defer',
      act: 'manual_message',
      channel: 'sms',
      reasons: [reason('US-REGF-6B1-TIME', { effect: 'defer', notBefore: '2026-11-28T13:00:00.000Z' })],
    },
    {
      id: newId(),
      tenant: tenants[1],
      decision: 'deny',
      act: 'recorded_after',
      channel: 'call',
      reasons: [reason('HOLD')],
    },
  ];
  const clientId = newId();
  const decidedAt = new Date('2026-11-27T15:00:00Z');
  await asAdmin(
    server,
    async (client) => {
      for (const one of permits)
        await client.query(
          `insert into compliance.permits (tenant_id, id, decision, act, channel, cluster_id, party_id, account_id, client_id, proposal, facts_sha256, facts,
             reasons, pack_versions, decided_at, valid_until)
           values ($1, $2, $3, $4, $5, $6, $6, $6, $6, '{}', '\\x00', '{}', $7, '[]', $8, $8)`,
          [one.tenant, one.id, one.decision, one.act, one.channel, clientId, JSON.stringify(one.reasons), decidedAt],
        );
      await client.query(
        `insert into compliance.tightenings (tenant_id, id, rule_id, parameters, effective_from, reason, created_by, approved_by, recorded_at)
         values ($1, $2, 'US-REGF-14B-7IN7', '{"max": 3}', '2026-01-01', 'house', 'ann', 'bob', $3)`,
        [tenants[0], newId(), decidedAt],
      );
    },
    name,
  );
  const later = await run();
  expect(later[0]).toBe(listing);
  const expected = permits
    .flatMap(({ id, tenant, decision, act, channel, reasons }) =>
      [...new Set(reasons.map(({ ruleId }) => ruleId))].map((rule_id) => ({
        tenant_id: tenant,
        id: hashId(id, rule_id),
        permit_id: id,
        rule_id,
        decision,
        act,
        channel,
        client_id: clientId,
        decided_at: decidedAt,
      })),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(expected).toHaveLength(4);
  const app = clientAs({ ...server.address, database: name }, 'dunwell_app', TEST_SECRET);
  await app.connect();
  try {
    for (const tenant of tenants) {
      await app.query('begin');
      await app.query(`set local app.tenant_id = '${tenant}'`);
      const { rows } = await app.query(
        'select tenant_id, id, permit_id, rule_id, decision, act, channel, client_id, decided_at from compliance.permit_reasons_v order by id',
      );
      expect(rows).toEqual(expected.filter((row) => row.tenant_id === tenant));
      // Row security binds again, the owner too: the list of the other tenant is not there.
      const { rows: seen } = await app.query('select id from compliance.permits');
      expect(seen).toHaveLength(2);
      await app.query('commit');
    }
  } finally {
    await app.end();
  }
  const { rows } = await asAdmin(
    server,
    (client) =>
      client.query(
        `select c.relforcerowsecurity as forced, t.state from pg_class c, compliance.rule_changes t where c.oid = 'compliance.permits'::regclass`,
      ),
    name,
  );
  // A limit that was in force stays in force.
  expect(rows).toEqual([{ forced: true, state: 'approved' }]);
});

test('the order is global over rooms, and names are checked', () => {
  const root = mkdtempSync(join(tmpdir(), 'dunwell-migrations-'));
  const put = (room: string, file: string): void => {
    const folder = join(root, 'src', 'modules', room, 'migrations');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), 'select 1');
  };
  try {
    put('zebra', '202601010000-create-a.sql');
    put('alpha', '202601020000-create-b.sql');
    put('zebra', '202601030000-alter-a.sql');
    expect(collectMigrations(root).map(({ name }) => name)).toEqual([
      '202601010000-create-a.sql',
      '202601020000-create-b.sql',
      '202601030000-alter-a.sql',
    ]);
    put('alpha', 'later.sql');
    expect(() => collectMigrations(root)).toThrow('must be named <yyyymmddhhmm>');
    rmSync(join(root, 'src', 'modules', 'alpha', 'migrations', 'later.sql'));
    put('alpha', '202601030000-alter-a.sql');
    expect(() => collectMigrations(root)).toThrow('Two migrations are named 202601030000-alter-a.sql');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
