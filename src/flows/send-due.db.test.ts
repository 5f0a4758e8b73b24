import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { unwrap } from '../kernel/result.ts';
import { createVault } from '../kernel/vault.ts';
import { placeHold, raiseStopEpochs, updateClient, verifyHub } from '../modules/accounts/public.ts';
import { type AnAccount, aClient, anAccount, anItem } from '../modules/accounts/testing.ts';
import { plainSpeech, requestPermits, verifyPermits } from '../modules/compliance/public.ts';
import { moveClock, systemActor } from '../modules/identity/public.ts';
import {
  draftNotices,
  ensureSender,
  insertRendered,
  listSenders,
  readUnsubscribeToken,
  renderDraft,
} from '../modules/outreach/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import type { Mailing } from './hand-over.ts';
import { runDay } from './run-day.ts';
import { sendDue } from './send-due.ts';
import { sendNow } from './send-now.ts';
import { readUnsubscribe, unsubscribe } from './unsubscribe.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');
const actor = systemActor('test');
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};

type Portfolio = { tenant: TenantId; clientId: Id<'client'>; accounts: AnAccount[] };

/** A sandbox with one client and a strategy, and what `fill` puts in; the day is run. */
async function portfolio(
  fill: (ctx: Ctx, clientId: Id<'client'>) => Promise<AnAccount[]>,
  at = wednesday,
): Promise<Portfolio> {
  const tenant = await database.freshTenant({ at });
  return database.within(tenant, at, async (ctx) => {
    const { clientId } = await aClient(ctx);
    await ensureSender(ctx, clientId);
    await publishDefault(ctx);
    const accounts = await fill(ctx, clientId);
    unwrap(await runDay(ctx));
    return { tenant, clientId, accounts };
  });
}
const late = (n: number) => ({ amountMinor: 10_000n * BigInt(n), dueOn: '2026-03-03', number: `INV-${n}` });
const inTenant = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, at = wednesday) => database.within(tenant, at, fn);

type MessageRow = {
  id: string;
  state: string;
  account_id: string;
  body_text: string;
  subject: string;
  recipient: string;
  party_id: string;
};
const messages = (tenant: TenantId) =>
  inTenant(
    tenant,
    async (ctx) =>
      (
        await sql<MessageRow>`select id, state, account_id, body_text, subject, recipient, party_id from outreach.messages_v where tenant_id = ${tenant} order by recorded_at, id`.execute(
          ctx.db,
        )
      ).rows,
  );
const plans = (tenant: TenantId) =>
  inTenant(
    tenant,
    async (ctx) =>
      (
        await sql<{
          state: string;
          account_id: string;
          not_before: Date | null;
          state_reason: string | null;
          attempts: number;
        }>`
      select state, account_id, not_before, state_reason, attempts from strategy.plans_v where tenant_id = ${tenant} and action = 'email' order by id`.execute(
          ctx.db,
        )
      ).rows,
  );
const sound = async (tenant: TenantId, at = wednesday) =>
  inTenant(tenant, async (ctx) => expect([...(await verifyPermits(ctx)), ...(await verifyHub(ctx))]).toEqual([]), at);
const nothing = {
  sent: 0,
  failed: 0,
  uncertain: 0,
  denied: 0,
  deferred: 0,
  void: 0,
  overtaken: 0,
  recovered_void: 0,
  recovered_uncertain: 0,
};

describe('sending what is due', () => {
  test('one consolidated notice per party and client, counted, with its plans; a repetition sends nothing', async () => {
    const { tenant, accounts } = await portfolio(async (ctx, clientId) => {
      const one = await anAccount(ctx, {
        clientId,
        items: [late(1), { amountMinor: 4_200n, dueOn: '2026-06-01', number: 'INV-LATER' }],
      });
      return [
        one,
        await anAccount(ctx, { clientId, partyId: one.partyId, items: [late(2)] }),
        await anAccount(ctx, { clientId, items: [late(3)] }),
      ];
    });
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 2 });
    const sent = await messages(tenant);
    expect(sent.map((one) => one.state)).toEqual(['sent', 'sent']);
    const both = sent.find((one) => one.party_id === accounts[0]?.partyId);
    for (const words of ['INV-1', 'INV-2', 'INV-LATER', 'not yet due', 'USD 342.00'])
      expect(both?.body_text).toContain(words);
    expect((await plans(tenant)).map((plan) => plan.state)).toEqual(['sent', 'sent', 'sent']);
    await inTenant(tenant, async (ctx) => {
      const { rows } = await sql<{
        last_contact_at: Date | null;
      }>`select last_contact_at from accounts.facts_v where tenant_id = ${tenant}`.execute(ctx.db);
      expect(rows.filter((row) => row.last_contact_at?.getTime() === wednesday.getTime())).toHaveLength(2);
      const items = await sql<{
        n: bigint;
      }>`select count(*) as n from outreach.message_items_v where tenant_id = ${tenant}`.execute(ctx.db);
      expect(items.rows[0]?.n).toBe(4n);
    });
    await sound(tenant);
    expect(await sendDue(mailing, tenant, actor)).toEqual(nothing);
    const other = await database.freshTenant({ at: wednesday });
    expect(await sendDue(mailing, other, actor)).toEqual(nothing);
    expect(await messages(other)).toEqual([]);
  });

  test('what was stopped after it was planned is void', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => [
      await anAccount(ctx, { clientId, items: [late(1)] }),
      await anAccount(ctx, { clientId, items: [late(2)] }),
    ]);
    const [stopped] = await plans(tenant);
    await inTenant(tenant, (ctx) => raiseStopEpochs(ctx, [stopped?.account_id as Id<'account'>]));
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 1 });
    expect((await plans(tenant)).map((plan) => plan.state).sort()).toEqual(['sent', 'void']);
    await sound(tenant);
  });

  test('at night it waits for the opening, then goes', async () => {
    const night = new Date('2026-03-11T03:00:00Z');
    const { tenant } = await portfolio(
      async (ctx, clientId) => [await anAccount(ctx, { clientId, items: [late(1)] })],
      night,
    );
    // Also when planning knew of no opening: the gate decides.
    await database.asSuperuser((client) =>
      client.query('update strategy.plans set not_before = null where tenant_id = $1', [tenant]),
    );
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, deferred: 1 });
    expect(await plans(tenant)).toMatchObject([
      { state: 'planned', not_before: new Date('2026-03-11T12:00:00Z'), attempts: 0 },
    ]);
    expect(await messages(tenant)).toEqual([]);
    expect(await sendDue(mailing, tenant, actor)).toEqual(nothing);
    await inTenant(tenant, async (ctx) => unwrap(await moveClock(ctx, new Date('2026-03-11T12:00:00Z'))), night);
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 1 });
    await sound(tenant, new Date('2026-03-11T12:00:00Z'));
  });

  test('two parties behind one mailbox do not get two notices on one day', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => [
      await anAccount(ctx, { clientId, email: 'shared@books.example', items: [late(1)] }),
      await anAccount(ctx, { clientId, email: 'shared@books.example', items: [late(2)] }),
    ]);
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 1, deferred: 1 });
    const waiting = (await plans(tenant)).find((plan) => plan.state === 'planned');
    expect(waiting?.not_before).toEqual(new Date('2026-03-12T04:00:00Z'));
    await sound(tenant);
  });

  test('what the gate denies stays in the outbox with its reasons', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => [await anAccount(ctx, { clientId, items: [late(1)] })]);
    await database.asSuperuser((client) =>
      client.query(
        `insert into compliance.preferences (tenant_id, id, cluster_id, party_id, kind, source_kind, effective_from, recorded_at)
      select tenant_id, gen_random_uuid(), cluster_id, id, 'opt_out', 'import', $2, $2 from parties.parties where tenant_id = $1`,
        [tenant, wednesday],
      ),
    );
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, denied: 1 });
    expect(await messages(tenant)).toMatchObject([{ state: 'denied' }]);
    expect(await plans(tenant)).toMatchObject([{ state: 'denied', state_reason: 'The person opted out.' }]);
    await sound(tenant);
  });

  test('a hold that leaves no trace in the epochs is still seen at the gate, and frees the other account of the notice', async () => {
    const { tenant, accounts } = await portfolio(async (ctx, clientId) => {
      const one = await anAccount(ctx, { clientId, items: [late(1)] });
      return [one, await anAccount(ctx, { clientId, partyId: one.partyId, items: [late(2)] })];
    });
    const held = accounts[0]?.accountId as Id<'account'>;
    await database.asSuperuser((client) =>
      client.query(
        `insert into accounts.holds (tenant_id, id, reason, effects, coverage, cluster_id, account_id, effective_from, source_kind, placed_by, recorded_at)
      select tenant_id, gen_random_uuid(), 'dispute', '{stop_contact}', 'account', cluster_id, id, $3, 'test', 'test', $3 from accounts.facts where tenant_id = $1 and id = $2`,
        [tenant, held, wednesday],
      ),
    );
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, denied: 1, sent: 1 });
    expect((await plans(tenant)).map((plan) => [plan.account_id === held, plan.state]).sort()).toEqual([
      [false, 'sent'],
      [true, 'void'],
    ]);
    const sent = (await messages(tenant)).find((one) => one.state === 'sent');
    expect(sent?.body_text).not.toContain('INV-1');
  });

  test('an item under a hold is not mentioned', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => {
      const one = await anAccount(ctx, { clientId, items: [late(1), late(2)] });
      unwrap(
        await placeHold(ctx, {
          coverage: 'items',
          accountId: one.accountId,
          itemIds: one.itemIds.slice(0, 1),
          reason: 'dispute',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      );
      return [one];
    });
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 1 });
    const [sent] = await messages(tenant);
    expect(sent?.body_text).toContain('INV-2');
    expect(sent?.body_text).not.toContain('INV-1');
  });

  test('a captured notice is signed and answered as the client is reached today', async () => {
    const { tenant, clientId } = await portfolio(async (ctx, client) => [
      await anAccount(ctx, { clientId: client, items: [late(1)] }),
    ]);
    await inTenant(tenant, async (ctx) =>
      unwrap(await updateClient(ctx, clientId, { name: 'Harbor Ltd', contactEmail: 'new-desk@client.example' })),
    );
    expect(await inTenant(tenant, (ctx) => listSenders(ctx, [clientId]))).toMatchObject([
      { fromName: 'Harbor Ltd', fromAddress: 'new-desk@client.example', replyTo: 'new-desk@client.example' },
    ]);
    expect(await sendDue(mailing, tenant, actor)).toEqual({ ...nothing, sent: 1 });
  });

  test('two senders at once send each notice once', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => {
      const accounts: AnAccount[] = [];
      for (let n = 1; n <= 12; n += 1) accounts.push(await anAccount(ctx, { clientId, items: [late(n)] }));
      return accounts;
    });
    const counts = await Promise.all([1, 2, 3].map(() => sendDue(mailing, tenant, actor, { batchSize: 4 })));
    expect(counts.reduce((sum, one) => sum + one.sent, 0)).toBe(12);
    expect((await messages(tenant)).map((one) => one.state)).toEqual(Array(12).fill('sent'));
    await sound(tenant);
  });
});

describe('the database itself refuses', () => {
  const cheat = (tenant: TenantId, statement: ReturnType<typeof sql>) =>
    inTenant(tenant, (ctx) => statement.execute(ctx.db));
  const draft = (tenant: TenantId, source: string, changes: { state?: string; permitId?: string | null } = {}) => sql`
    insert into outreach.messages (tenant_id, id, client_id, cluster_id, party_id, account_id, sender_id, channel, automatic, contact_point_id, recipient,
      recipient_key, sender_identity, language, subject, body_text, body_html, content_sha256, message_id_header, epochs, state, permit_id, local_on, mode,
      rendered_at, sending_at, recorded_at)
    select tenant_id, ${newId()}, client_id, cluster_id, party_id, account_id, sender_id, channel, false, contact_point_id, recipient, recipient_key,
      sender_identity, language, subject, body_text, body_html, content_sha256, ${newId()}, epochs, ${changes.state ?? 'rendered'},
      ${changes.permitId ?? null}, local_on, mode, rendered_at, ${wednesday}, recorded_at
    from outreach.messages where tenant_id = ${tenant} and id = ${source}`;

  test('a message in state sending without an allow permit of its own', async () => {
    const { tenant } = await portfolio(async (ctx, clientId) => [await anAccount(ctx, { clientId, items: [late(1)] })]);
    await sendDue(mailing, tenant, actor);
    const [sent] = await messages(tenant);
    const { rows } = await inTenant(tenant, (ctx) =>
      sql<{
        id: string;
      }>`select id from compliance.permits_v where tenant_id = ${tenant} and decision = 'allow'`.execute(ctx.db),
    );
    const permitId = rows[0]?.id ?? '';
    await expect(cheat(tenant, draft(tenant, sent?.id ?? '', { state: 'sending' }))).rejects.toThrow(
      'no allow permit of its own',
    );
    await expect(cheat(tenant, draft(tenant, sent?.id ?? '', { state: 'sending', permitId: newId() }))).rejects.toThrow(
      'no allow permit of its own',
    );
    // The permit of another message, spent on that one.
    await expect(cheat(tenant, draft(tenant, sent?.id ?? '', { state: 'sending', permitId }))).rejects.toThrow(
      'no allow permit of its own',
    );
    await cheat(tenant, draft(tenant, sent?.id ?? ''));
    await expect(
      cheat(
        tenant,
        sql`update outreach.messages set state = 'sending', permit_id = ${permitId}, sending_at = ${wednesday} where tenant_id = ${tenant} and state = 'rendered'`,
      ),
    ).rejects.toThrow('no allow permit of its own');
    await expect(cheat(tenant, draft(tenant, sent?.id ?? '', { state: 'handed_over', permitId }))).rejects.toThrow(
      'cannot begin as handed_over',
    );
    const around = sql`update outreach.messages set state = 'handed_over', permit_id = ${permitId} where tenant_id = ${tenant} and state = 'rendered'`;
    await expect(cheat(tenant, around)).rejects.toThrow('cannot go from rendered to handed_over');
    await expect(
      cheat(tenant, sql`update outreach.messages set state = 'sending' where tenant_id = ${tenant} and state = 'sent'`),
    ).rejects.toThrow('is final');
    await expect(
      cheat(tenant, sql`update outreach.messages set state = 'failed' where tenant_id = ${tenant} and state = 'sent'`),
    ).rejects.toThrow('is final');
  });

  test('a sandbox sender that would reach the world', async () => {
    const { tenant } = await portfolio(async () => []);
    await expect(
      cheat(tenant, sql`update outreach.senders set mode = 'smtp' where tenant_id = ${tenant}`),
    ).rejects.toThrow('only have capture senders');
  });

  test('a sending time of a live tenant that is not the time of the database', async () => {
    const tenant = await database.freshTenant({ kind: 'live' });
    const at = wednesday;
    const { messageId, permitId } = await database.within(tenant, at, async (ctx) => {
      const { clientId } = await aClient(ctx);
      await ensureSender(ctx, clientId);
      const one = await anAccount(ctx, { clientId, items: [late(1)] });
      const id = newId();
      const [drafted] = await draftNotices(ctx, [
        { messageId: id, accountIds: [one.accountId], automatic: true, level: 1, comment: null, contactPointId: null },
      ]);
      if (!drafted?.recipient) throw new Error('nobody to write to');
      await insertRendered(ctx, [
        renderDraft({ ...drafted, recipient: drafted.recipient }, 'https://dunwell.example/u/x'),
      ]);
      const [answer] = await requestPermits(ctx, [
        {
          act: 'automatic_message',
          channel: 'email',
          partyId: one.partyId,
          clientId,
          accountIds: [one.accountId],
          contactPointId: drafted.recipient.contactPointId,
          addressKey: drafted.recipient.key,
          actKind: 'message',
          actId: id,
          purpose: 'collect',
          content: { ...plainSpeech, has: ['identity', 'reply_path', 'unsubscribe'] },
        },
      ]);
      return { messageId: id, permitId: answer?.permitId ?? '' };
    });
    await expect(
      cheat(
        tenant,
        sql`update outreach.messages set state = 'sending', permit_id = ${permitId}, sending_at = ${at} where tenant_id = ${tenant} and id = ${messageId}`,
      ),
    ).rejects.toThrow('more than 30 s');
  });
});

describe('a notice by hand', () => {
  const setUp = (at = wednesday) =>
    portfolio(
      async (ctx, clientId) => [
        await anAccount(ctx, { clientId, items: [{ amountMinor: 5_000n, dueOn: '2026-03-10', number: 'INV-9' }] }),
      ],
      at,
    );

  test('goes through the gate with the sender’s own words', async () => {
    const { tenant, accounts } = await setUp();
    const accountId = accounts[0]?.accountId as Id<'account'>;
    const sent = unwrap(
      await sendNow(mailing, tenant, actor, { accountId, contactPointId: null, comment: 'As discussed this morning.' }),
    );
    expect(sent).toMatchObject({ state: 'sent', answer: { decision: 'allow' } });
    expect(await messages(tenant)).toMatchObject([
      { id: sent.messageId, state: 'sent', body_text: expect.stringContaining('As discussed this morning.') },
    ]);
    await sound(tenant);
  });

  test('a deny and a defer are answers with reasons', async () => {
    const { tenant, accounts } = await setUp();
    const accountId = accounts[0]?.accountId as Id<'account'>;
    const send = () => sendNow(mailing, tenant, actor, { accountId, contactPointId: null, comment: null });
    await inTenant(tenant, (ctx) =>
      placeHold(ctx, {
        coverage: 'account',
        accountId,
        reason: 'legal',
        effects: ['stop_contact'],
        source: { kind: 'test' },
      }),
    );
    expect(unwrap(await send())).toMatchObject({
      state: 'denied',
      answer: { reasons: [{ ruleId: 'B2B-HOLD-CONTACT' }] },
    });
    const saturday = new Date('2026-03-14T15:00:00Z');
    const weekend = await setUp(saturday);
    const late = await sendNow(mailing, weekend.tenant, actor, {
      accountId: weekend.accounts[0]?.accountId as Id<'account'>,
      contactPointId: null,
      comment: null,
    });
    expect(unwrap(late)).toMatchObject({
      messageId: null,
      state: 'deferred',
      answer: { notBefore: new Date('2026-03-16T12:00:00Z') },
    });
    expect(await messages(weekend.tenant)).toEqual([]);
  });

  test('refuses what makes no sense', async () => {
    const { tenant, accounts } = await setUp();
    const accountId = accounts[0]?.accountId as Id<'account'>;
    expect(
      await sendNow(mailing, tenant, actor, { accountId: newId(), contactPointId: null, comment: null }),
    ).toMatchObject({ code: 'account_not_found' });
    expect(await sendNow(mailing, tenant, actor, { accountId, contactPointId: newId(), comment: null })).toMatchObject({
      code: 'no_address',
    });
    const empty = await inTenant(tenant, (ctx) => anAccount(ctx, { clientId: accounts[0]?.clientId as Id<'client'> }));
    expect(
      await sendNow(mailing, tenant, actor, { accountId: empty.accountId, contactPointId: null, comment: null }),
    ).toMatchObject({ code: 'nothing_open' });
    const other = await database.freshTenant({ at: wednesday });
    expect(await sendNow(mailing, other, actor, { accountId, contactPointId: null, comment: null })).toMatchObject({
      code: 'account_not_found',
    });
  });
});

test('one click stops what is planned, in the same transaction, and a second click changes nothing', async () => {
  const { tenant, accounts } = await portfolio(async (ctx, clientId) => [
    await anAccount(ctx, { clientId, items: [late(1)] }),
  ]);
  await sendDue(mailing, tenant, actor);
  const [sent] = await messages(tenant);
  const token = /\/u\/([A-Za-z0-9_-]+)/.exec(sent?.body_text ?? '')?.[1] ?? '';
  expect(unwrap(readUnsubscribeToken(mailing.vault, token))).toEqual({ tenant, messageId: sent?.id });
  const tomorrow = new Date('2026-03-18T15:00:00Z');
  await inTenant(tenant, async (ctx) => {
    await anItem(ctx, accounts[0]?.accountId as Id<'account'>, { amountMinor: 900n, dueOn: '2026-03-12' });
    unwrap(await moveClock(ctx, tomorrow));
  });
  await inTenant(tenant, async (ctx) => unwrap(await runDay(ctx)), tomorrow);
  expect((await plans(tenant)).map((plan) => plan.state).sort()).toEqual(['planned', 'sent']);
  expect(unwrap(await readUnsubscribe(mailing, token)).recipient).toMatch(/^p…@/);
  expect(unwrap(await unsubscribe(mailing, token))).toMatchObject({ already: false });
  expect(await sendDue(mailing, tenant, actor)).toEqual(nothing);
  expect((await plans(tenant)).map((plan) => plan.state).sort()).toEqual(['sent', 'void']);
  expect(unwrap(await unsubscribe(mailing, token))).toMatchObject({ already: true });
  expect(await unsubscribe(mailing, `${token}x`)).toMatchObject({ ok: false, code: 'bad_token' });
  const byHand = unwrap(
    await sendNow(mailing, tenant, actor, {
      accountId: accounts[0]?.accountId as Id<'account'>,
      contactPointId: null,
      comment: null,
    }),
  );
  expect(byHand).toMatchObject({
    state: 'denied',
    answer: { reasons: [{ ruleId: 'B2B-OPT-OUT' }, { ruleId: 'B2B-OPT-OUT' }] },
  });
  await sound(tenant, tomorrow);
});
