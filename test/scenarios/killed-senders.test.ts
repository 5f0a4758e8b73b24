import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, test } from 'vitest';
import type { Ctx } from '../../src/kernel/ctx.ts';
import type { Failpoint } from '../../src/kernel/failpoint.ts';
import { type Id, type TenantId } from '../../src/kernel/ids.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import { unwrap } from '../../src/kernel/result.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { resolveUncertainSend } from '../../src/flows/resolve-uncertain.ts';
import { runDay } from '../../src/flows/run-day.ts';
import { sendDue } from '../../src/flows/send-due.ts';
import { verifyHub } from '../../src/modules/accounts/public.ts';
import { aClient, anAccount } from '../../src/modules/accounts/testing.ts';
import { verifyPermits } from '../../src/modules/compliance/public.ts';
import { systemActor } from '../../src/modules/identity/public.ts';
import type { SmtpSettings } from '../../src/modules/outreach/public.ts';
import { smtpSender } from '../../src/modules/outreach/testing.ts';
import { publishDefault } from '../../src/modules/strategy/public.ts';
import { testDatabase } from '../support/database.ts';
import type { SendChild } from '../support/send-child.ts';

const database = await testDatabase();
const wednesday = new Date('2026-03-11T15:00:00Z');
const actor = systemActor('test');
const mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const inTenant = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, wednesday, fn);

/** The oracle: what a mail server has really taken. */
type Sink = { port: number; taken: { messageId: string; to: string }[]; answer: (to: string) => Error | 'drop' | null };

async function sink(): Promise<Sink> {
  const state: Sink = { port: 0, taken: [], answer: () => null };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData(stream, session, done) {
      simpleParser(stream).then((mail) => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const answer = state.answer(to);
        if (answer instanceof Error) return done(answer);
        // A stream cut off in the middle is no message; a server tells by the missing end.
        if (mail.messageId && mail.html) state.taken.push({ messageId: mail.messageId, to });
        if (answer === 'drop') return hangUp(server, session.id);
        done();
      }, done);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  afterAll(() => server.close());
  state.port = (server.server.address() as AddressInfo).port;
  return state;
}

// The message is taken and the word of it is lost: what no honest server does on purpose.
function hangUp(server: SMTPServer, sessionId: string): void {
  const connections = [
    ...(server.connections as unknown as Iterable<{ session: { id: string }; _socket: { destroy(): void } }>),
  ];
  connections.find((connection) => connection.session.id === sessionId)?._socket.destroy();
}

async function portfolio(accounts: number, port: number): Promise<{ tenant: TenantId; clientId: Id<'client'> }> {
  const tenant = await database.freshTenant({ at: wednesday });
  const settings: SmtpSettings = { host: '127.0.0.1', port, security: 'none' };
  const { clientId, sender } = await inTenant(tenant, async (ctx) => {
    const client = await aClient(ctx);
    await publishDefault(ctx);
    for (let n = 0; n < accounts; n += 1)
      await anAccount(ctx, {
        clientId: client.clientId,
        items: [{ amountMinor: 10_000n, dueOn: '2026-03-03', number: `INV-${n}` }],
      });
    unwrap(await runDay(ctx));
    return { clientId: client.clientId, sender: await smtpSender(ctx, client.clientId, settings) };
  });
  await database.asSuperuser(async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(`update outreach.senders set mode = 'smtp', settings = $3 where tenant_id = $1 and id = $2`, [
      tenant,
      sender.senderId,
      sender.settings,
    ]);
  });
  return { tenant, clientId };
}

const planStates = (tenant: TenantId) =>
  inTenant(tenant, async (ctx) => {
    const { rows } = await sql<{
      state: string;
      n: bigint;
    }>`select state, count(*) as n from strategy.plans_v where tenant_id = ${tenant} group by state`.execute(ctx.db);
    return Object.fromEntries(rows.map((row) => [row.state, Number(row.n)]));
  });
const sound = (tenant: TenantId) =>
  inTenant(tenant, async (ctx) => expect([...(await verifyPermits(ctx)), ...(await verifyHub(ctx))]).toEqual([]));
const onlyOnce = ({ taken }: Sink) => {
  expect(new Set(taken.map((one) => one.messageId)).size).toBe(taken.length);
  expect(new Set(taken.map((one) => one.to)).size).toBe(taken.length);
};

test('a real SMTP conversation: accepted, refused for now, refused for good, answer lost', async () => {
  const smtp = await sink();
  const { tenant } = await portfolio(4, smtp.port);
  const { rows } = await inTenant(tenant, (ctx) =>
    sql<{
      value: string;
    }>`select value from parties.contact_points_v where tenant_id = ${tenant} order by value`.execute(ctx.db),
  );
  const [later = '', never = '', lost = '', fine = ''] = rows.map((row) => row.value);
  smtp.answer = (to) =>
    to === later
      ? Object.assign(new Error('mailbox busy'), { responseCode: 451 })
      : to === never
        ? Object.assign(new Error('content refused'), { responseCode: 554 })
        : to === lost
          ? 'drop'
          : null;
  expect(await sendDue(mailing, tenant, actor)).toMatchObject({ sent: 1, failed: 2, uncertain: 1 });
  expect(smtp.taken.map((one) => one.to).sort()).toEqual([fine, lost].sort());
  const { rows: plans } = await inTenant(tenant, (ctx) =>
    sql<{ value: string; state: string; attempts: number; not_before: Date | null }>`
    select c.value, p.state, p.attempts, p.not_before from strategy.plans_v p
    join parties.contact_points_v c on c.tenant_id = ${tenant} and c.party_id = p.party_id where p.tenant_id = ${tenant}`.execute(
      ctx.db,
    ),
  );
  const of = (address: string) => plans.find((plan) => plan.value === address);
  expect(of(later)).toMatchObject({ state: 'planned', attempts: 1, not_before: new Date('2026-03-11T15:30:00Z') });
  expect(of(never)).toMatchObject({ state: 'failed' });
  expect(of(fine)).toMatchObject({ state: 'sent' });
  expect(of(lost)).toMatchObject({ state: 'uncertain' });
  // What is uncertain is never sent again by itself, nor is anything before its time.
  expect(await sendDue(mailing, tenant, actor)).toMatchObject({ sent: 0, failed: 0, uncertain: 0 });
  onlyOnce(smtp);
  await sound(tenant);
});

const compileCache = mkdtempSync(join(tmpdir(), 'dunwell-senders-'));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

type Child = { readonly killed: boolean; readonly output: string };

async function runSender(given: SendChild, kill: { failpoint?: string; afterMs?: number }): Promise<Child> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/send-child.ts')], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      NODE_COMPILE_CACHE: compileCache,
      SEND_CHILD: JSON.stringify(given),
      ...(kill.failpoint && { DUNWELL_FAILPOINT: kill.failpoint }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const timer = kill.afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (signal === null && code !== 0) throw new Error(`The sender ended with ${code}: ${output}`);
  return { killed: signal === 'SIGKILL', output };
}

const failpoints: readonly Failpoint[] = [
  'after-claim',
  'after-render',
  'after-permit',
  'after-sending-commit',
  'after-handed-over-commit',
  'during-smtp',
  'after-smtp-before-record',
  'after-record',
];
const hits = 5;
const randomKills = 8;
const connections = 4;

test('whatever is killed wherever, no message is sent twice and none is lost', { timeout: 900_000 }, async () => {
  const smtp = await sink();
  const { tenant } = await portfolio(200, smtp.port);
  const given: SendChild = { address: database.address, secret: database.secret, tenant, batchSize: 6 };
  let kills = 0;
  for (let hit = 0; hit < hits; hit += 1) {
    for (const failpoint of failpoints) {
      // The later hits spare the first few times, so that death comes with messages in every state.
      const child = await runSender(given, { failpoint: `${failpoint}:${1 + (hit % 3)}` });
      expect(child.killed, `${failpoint} was not reached: ${child.output}`).toBe(true);
      kills += 1;
      onlyOnce(smtp);
    }
  }
  for (let kill = 0; kill < randomKills; kill += 1) {
    if ((await runSender(given, { afterMs: 300 + 110 * kill })).killed) kills += 1;
    onlyOnce(smtp);
  }
  const last = await runSender(given, {});
  expect(last.killed).toBe(false);
  const states = await planStates(tenant);
  expect(Object.keys(states).filter((state) => !['sent', 'uncertain'].includes(state))).toEqual([]);
  expect((states['sent'] ?? 0) + (states['uncertain'] ?? 0)).toBe(200);
  expect(states['uncertain'] ?? 0).toBeLessThanOrEqual(kills * connections);
  expect(smtp.taken.length).toBeGreaterThanOrEqual(states['sent'] ?? 0);
  expect(smtp.taken.length).toBeLessThanOrEqual(200);
  await sound(tenant);

  // A person settles what nobody knows, and everything adds up again.
  await inTenant(tenant, async (ctx) => {
    const { rows } = await sql<{ id: string; message_id_header: string }>`
      select id, message_id_header from outreach.messages_v where tenant_id = ${tenant} and state = 'uncertain'`.execute(
      ctx.db,
    );
    const arrived = new Set(smtp.taken.map((one) => one.messageId));
    for (const row of rows)
      unwrap(
        await resolveUncertainSend(ctx, {
          messageId: row.id,
          became: arrived.has(row.message_id_header) ? 'sent' : 'failed',
          evidence: 'looked at the mail server',
        }),
      );
    const [first] = rows;
    if (first)
      expect(await resolveUncertainSend(ctx, { messageId: first.id, became: 'sent', evidence: 'again' })).toMatchObject(
        { code: 'not_uncertain' },
      );
  });
  expect((await planStates(tenant))['sent']).toBe(smtp.taken.length);
  await sound(tenant);
});
