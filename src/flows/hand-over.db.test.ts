import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { currency, money } from '../kernel/money.ts';
import { unwrap } from '../kernel/result.ts';
import { createVault } from '../kernel/vault.ts';
import { loadFacts, placeWideStop, verifyHub } from '../modules/accounts/public.ts';
import { aClient, type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import { verifyPermits } from '../modules/compliance/public.ts';
import { systemActor } from '../modules/identity/public.ts';
import { draftNotices, ensureSender } from '../modules/outreach/public.ts';
import { smtpSender } from '../modules/outreach/testing.ts';
import { recordReceipt } from '../modules/payments/public.ts';
import { listDuePlans, publishDefault } from '../modules/strategy/public.ts';
import { handOver, type Mailing } from './hand-over.ts';
import { type Cleared, passGate } from './pass-gate.ts';
import { runDay } from './run-day.ts';
import { sendDue, write } from './send-due.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const at = new Date('2026-03-11T15:00:00Z');
const actor = systemActor('test');
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};

/** A mail server that takes everything but what is addressed to `unknown`. */
const taken: string[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: ({ address }, _session, done) =>
    done(address.startsWith('unknown') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
  onData: (stream, session, done) => {
    taken.push(session.envelope.rcptTo[0]?.address ?? '');
    stream.resume().on('end', () => done());
  },
});
server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
afterAll(() => server.close());

let tenant: TenantId;
let clientId: Id<'client'>;
const within = <T>(fn: (ctx: Ctx) => Promise<T>, of = tenant) => database.within(of, at, fn);
const late = { amountMinor: 10_000n, dueOn: '2026-03-03' };

beforeEach(async () => {
  taken.length = 0;
  tenant = await database.freshTenant({ at });
  clientId = await within(async (ctx) => {
    await publishDefault(ctx);
    const client = await aClient(ctx);
    await ensureSender(ctx, client.clientId);
    return client.clientId;
  });
});

/** Past what a sandbox may do, so that a real conversation can be had with the test's own mail server. */
async function overSmtp(): Promise<void> {
  const { port } = server.server.address() as AddressInfo;
  const sender = await within((ctx) => smtpSender(ctx, clientId, { host: '127.0.0.1', port, security: 'none' }));
  await database.asSuperuser(async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(`update outreach.senders set mode = 'smtp', settings = $2 where id = $1`, [
      sender.senderId,
      sender.settings,
    ]);
  });
}

/** The account's notice with its permit in hand: the next thing that happens to it is being handed over. */
async function atTheDoor(account: AnAccount): Promise<readonly Cleared[]> {
  await within(async (ctx) => unwrap(await runDay(ctx)));
  const letters = await within(async (ctx) => {
    const plans = (await listDuePlans(ctx, at, 10)).filter((plan) => plan.accountId === account.accountId);
    const order = { messageId: newId(), accountIds: [account.accountId] as const, automatic: true, level: 2 as const };
    const [draft] = await draftNotices(ctx, [{ ...order, comment: null, contactPointId: null }]);
    if (!draft) throw new Error('no draft');
    return [{ draft, rendered: write(mailing, tenant, draft), plans }];
  });
  return (await within((ctx) => passGate(ctx, letters))).cleared;
}

const states = () =>
  within(async (ctx) => {
    const { rows } = await sql<{ message: string; register: string; plan: string }>`
      select m.state as message, r.status as register, p.state as plan from outreach.messages_v m
      join compliance.register_v r on r.tenant_id = ${ctx.tenant} and r.act_id = m.id
      join outreach.message_plans_v mp on mp.tenant_id = ${ctx.tenant} and mp.message_id = m.id
      join strategy.plans_v p on p.tenant_id = ${ctx.tenant} and p.id = mp.plan_id
      where m.tenant_id = ${ctx.tenant} order by m.recorded_at, m.id`.execute(ctx.db);
    return rows;
  });

describe.each(['capture', 'smtp'])('between the gate and the provider (%s)', (mode) => {
  const stops: Readonly<Record<string, (ctx: Ctx, account: AnAccount) => Promise<unknown>>> = {
    'money that came in': async (ctx, { accountId }) =>
      unwrap(
        await recordReceipt(ctx, {
          clientId,
          accountId,
          amount: money(10_000n, currency('USD')),
          receivedOn: calendarDate('2026-03-11'),
          method: 'bank_transfer',
          source: 'api',
          externalKey: 'R-1',
        }),
      ),
    'a stop for the whole client': async (ctx) =>
      unwrap(await placeWideStop(ctx, { scope: 'client', clientId, reason: 'wrong invoices' })),
  };

  test.each(Object.keys(stops))('%s stops the message', async (name) => {
    if (mode === 'smtp') await overSmtp();
    const account = await within((ctx) => anAccount(ctx, { clientId, items: [late] }));
    const cleared = await atTheDoor(account);
    expect(cleared).toHaveLength(1);
    await within((ctx) => stops[name]?.(ctx, account) ?? Promise.resolve());
    expect(await handOver(mailing, tenant, actor, cleared)).toMatchObject([{ state: 'void' }]);
    expect(taken).toEqual([]);
    expect(await states()).toMatchObject([{ message: 'void', register: 'released', plan: 'planned' }]);
    await sendDue(mailing, tenant, actor);
    expect(taken).toEqual([]);
    expect((await states()).map((one) => one.plan)).toEqual(['void']);
    await within(async (ctx) => expect([...(await verifyPermits(ctx)), ...(await verifyHub(ctx))]).toEqual([]));
  });

  test('what another account was told does not stop it', async () => {
    if (mode === 'smtp') await overSmtp();
    const account = await within((ctx) => anAccount(ctx, { clientId, items: [late] }));
    const cleared = await atTheDoor(account);
    const other = await database.freshTenant({ at });
    await within((ctx) => placeWideStop(ctx, { scope: 'tenant', reason: 'another tenant' }), other);
    expect(await handOver(mailing, tenant, actor, cleared)).toMatchObject([{ state: 'sent' }]);
    expect(taken).toHaveLength(mode === 'smtp' ? 1 : 0);
  });
});

test('verify finds a message that was given up and still counts', async () => {
  const account = await within((ctx) => anAccount(ctx, { clientId, items: [late] }));
  const cleared = await atTheDoor(account);
  await within((ctx) => placeWideStop(ctx, { scope: 'client', clientId, reason: 'wrong invoices' }));
  await handOver(mailing, tenant, actor, cleared);
  await database.asSuperuser(async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query('delete from compliance.register_entries where tenant_id = $1 and adjusts_id is not null', [
      tenant,
    ]);
  });
  expect(await within(verifyPermits)).toMatchObject([{ code: 'send_not_in_register' }]);
});

test('a mailbox that does not exist voids what was planned for it about other accounts of the party', async () => {
  await overSmtp();
  const [first, second] = await within(async (ctx) => {
    const one = await anAccount(ctx, { clientId, email: 'unknown@debtor.example', items: [late] });
    const elsewhere = await aClient(ctx);
    await ensureSender(ctx, elsewhere.clientId);
    return [one, await anAccount(ctx, { clientId: elsewhere.clientId, partyId: one.partyId, items: [late] })] as const;
  });
  const cleared = await atTheDoor(first);
  const before = await within((ctx) => loadFacts(ctx, second.accountId));
  await handOver(mailing, tenant, actor, cleared);
  const after = await within((ctx) => loadFacts(ctx, second.accountId));
  expect(after.stopEpoch).toBeGreaterThan(before.stopEpoch);
  expect(after.hasEmail).toBe(false);
  expect(await states()).toMatchObject([{ message: 'failed', register: 'released', plan: 'failed' }]);
  await within(async (ctx) => expect([...(await verifyPermits(ctx)), ...(await verifyHub(ctx))]).toEqual([]));
});
