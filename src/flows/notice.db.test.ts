import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { calendarDate } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { currency, money } from '../kernel/money.ts';
import { unwrap } from '../kernel/result.ts';
import { createVault } from '../kernel/vault.ts';
import { liveHolds, loadFacts, placeHold, verifyHub } from '../modules/accounts/public.ts';
import { aClient, type AnAccount, anAccount, anItem } from '../modules/accounts/testing.ts';
import {
  describeDebt,
  findDocument,
  findNotice,
  listNotices,
  listReplies,
  prepareNotice,
  recordConsent,
  recordLegalEvent,
  recordReply,
  saveCollectorProfile,
  type ValidationOrder,
  verifyPermits,
} from '../modules/compliance/public.ts';
import { someCollector, someValidationOrder } from '../modules/compliance/testing.ts';
import { systemActor } from '../modules/identity/public.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { addContactPoint, addRepresentative } from '../modules/parties/public.ts';
import { aParty } from '../modules/parties/testing.ts';
import { answerReply, takeReply, takeReturn } from './answer-notice.ts';
import type { Mailing } from './hand-over.ts';
import { recoverSends } from './recover-sends.ts';
import { previewNotice, sendNotice } from './send-notice.ts';
import { settleNotices } from './settle-notices.ts';

const database = await testDatabase();
// Thursday, 11:00 in New York.
const at = new Date('2026-01-15T16:00:00Z');
const later = (days: number) => new Date(at.getTime() + days * 86_400_000);
const actor = systemActor('test');
let clock = at;
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const owed = 228_456n;

let tenant: TenantId;
let debtor: AnAccount;
const within = <T>(fn: (ctx: Ctx) => Promise<T>, of = tenant) => database.within(of, clock, fn);

/** Moves the sandbox's clock, which the flows read. */
async function moveTo(instant: Date): Promise<void> {
  clock = instant;
  await within(async (ctx) => {
    await sql`update identity.tenants set clock_at = ${instant} where tenant_id = ${ctx.tenant}`.execute(ctx.db);
  });
}

async function aDebtor(
  ctx: Ctx,
  address: string | null = '2323 Park Street\nApartment 342\nBethesda, MD 20815',
): Promise<AnAccount> {
  const { clientId } = await aClient(ctx, { name: `Bank of Rockville ${newId().slice(-6)}`, kind: 'agency_customer' });
  await ensureSender(ctx, clientId);
  const party = await aParty(ctx, { kind: 'person', name: 'Person A', region: 'MD' });
  if (address !== null)
    unwrap(await addContactPoint(ctx, { partyId: party.partyId, kind: 'postal', value: address, source: 'test' }));
  const account = await anAccount(ctx, {
    clientId,
    partyId: party.partyId,
    debtKind: 'consumer',
    number: '4111 1111 1111 6789',
    items: [{ amountMinor: owed, dueOn: '2025-12-01' }],
  });
  return { ...account, email: party.email };
}

beforeEach(async () => {
  clock = at;
  tenant = await database.freshTenant({ at });
  debtor = await within(async (ctx) => {
    await saveCollectorProfile(ctx, someCollector());
    return aDebtor(ctx);
  });
});

const prepare = (changes: Partial<ValidationOrder> = {}) =>
  within((ctx) => prepareNotice(ctx, someValidationOrder(debtor.accountId, owed, changes)));
const prepared = async (changes: Partial<ValidationOrder> = {}) => unwrap(await prepare(changes)).notice.id;
const send = async (noticeId: string) => unwrap(await sendNotice(mailing, tenant, actor, noticeId));
const notice = (id: string) => within(async (ctx) => findNotice(ctx, id));
const clocks = () =>
  within(async (ctx) => {
    const { rows } = await sql<Record<string, unknown>>`
      select provided_on, period_ends_on, returned, dispute_open_since is not null as disputed,
             original_creditor_open_since is not null as asked, verification_sent_on, spanish_wanted_since is not null as spanish
      from compliance.notices_v where tenant_id = ${ctx.tenant} and account_id = ${debtor.accountId}`.execute(ctx.db);
    return rows[0];
  });
const reply = (noticeId: string, changes: Partial<Parameters<typeof takeReply>[1]> = {}) =>
  within((ctx) =>
    takeReply(ctx, {
      noticeId,
      receivedAt: clock,
      medium: 'letter',
      disputes: null,
      reasons: [],
      disputedItemIds: [],
      originalCreditor: false,
      spanish: false,
      paymentMinor: null,
      explanation: null,
      ...changes,
    }),
  );

describe('who it goes to and what it must carry', () => {
  test('an attorney of record is written to, and nobody writes to the person', async () => {
    await within(async (ctx) =>
      unwrap(
        await recordLegalEvent(ctx, {
          type: 'attorney_notice',
          partyId: debtor.partyId,
          accountIds: [debtor.accountId],
          detail: { name: 'Dana Reyes', ascertainable: true },
          sourceKind: 'import',
        }),
      ),
    );
    expect(await prepare()).toMatchObject({ ok: false, code: 'send_to_attorney' });
    await within(async (ctx) =>
      unwrap(
        await addRepresentative(ctx, {
          partyId: debtor.partyId,
          role: 'attorney',
          name: 'Dana Reyes',
          postalAddress: '1 Court Square, Bethesda, MD 20814',
          email: null,
        }),
      ),
    );
    expect(await send(await prepared({ addressee: 'attorney' }))).toMatchObject({ state: 'sent' });
  });

  test('a Californian is written to only with the licence number, which the reverse of the form can carry', async () => {
    const limitation = { kind: 'stated', lastDay: '2029-01-01', basis: 'counsel' } as const;
    const description = { product: null, chargedOffOn: null, servicingGroup: null, principalMinor: null, limitation };
    await within(async (ctx) =>
      unwrap(await describeDebt(ctx, { accountId: debtor.accountId, rowVersion: 0n, description })),
    );
    await within(async (ctx) =>
      sql`update parties.parties set region = 'CA' where tenant_id = ${ctx.tenant} and id = ${debtor.partyId}`.execute(
        ctx.db,
      ),
    );
    const without = await send(await prepared());
    expect(without.state).toBe('denied');
    expect(without.answer.reasons.map((reason) => reason.sentence)).toContain(
      'Every written and digital communication carries the licence number.',
    );
    const text = 'California license number 10440-99.';
    const disclosures = [{ regions: ['CA'], heading: null, text, headingEs: null, textEs: text }];
    await within((ctx) => saveCollectorProfile(ctx, someCollector({ disclosures })));
    expect((await send(await prepared())).answer).toMatchObject({ decision: 'allow', reasons: [] });
  });
});

describe('a notice by letter', () => {
  test('is captured in the outbox, dated by the day it left, and kept byte for byte', async () => {
    const id = await prepared();
    expect(await clocks()).toMatchObject({ provided_on: null, period_ends_on: null, returned: null });
    expect((await send(id)).state).toBe('sent');
    expect(await notice(id)).toMatchObject({
      state: 'given',
      providedOn: '2026-01-15',
      assumedReceiptOn: '2026-01-23',
      periodEndsOn: '2026-02-22',
      printedEndOn: '2026-02-22',
      insideInitial: true,
    });
    expect(await clocks()).toMatchObject({ provided_on: '2026-01-15', period_ends_on: '2026-02-22', returned: false });
    const kept = await within(async (ctx) => ({
      html: await findDocument(ctx, id, 'html'),
      pdf: await findDocument(ctx, id, 'pdf'),
    }));
    for (const document of [kept.html, kept.pdf])
      expect(
        createHash('sha256')
          .update(document?.bytes ?? '')
          .digest('hex'),
      ).toBe(document?.sha256.toString('hex'));
    expect(kept.pdf?.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const html = kept.html?.bytes.toString('utf8') ?? '';
    expect(html.match(/February 22, 2026/g)).toHaveLength(3);
    expect(html).toContain('Maryland residents');
    expect(html).not.toContain('California residents');
    const { rows } = await within((ctx) =>
      sql<{ channel: string; state: string; recipient: string; subject: string; mode: string }>`
        select channel, state, recipient, subject, mode from outreach.messages_v where tenant_id = ${ctx.tenant}`.execute(
        ctx.db,
      ),
    );
    expect(rows).toEqual([
      {
        channel: 'letter',
        state: 'sent',
        mode: 'capture',
        recipient: 'Person A, 2323 Park Street, Apartment 342, Bethesda, MD 20815',
        subject: expect.stringMatching(/Bank of Rockville .*account ending in 6789/),
      },
    ]);
    expect(await within((ctx) => verifyPermits(ctx))).toEqual([]);
    expect(await within((ctx) => verifyHub(ctx))).toEqual([]);
  });

  test('written just before midnight is dated so that the period is never cut short', async () => {
    // 23:55 in New York on Friday 16 January: leaving after midnight, it would be Saturday's.
    await moveTo(new Date('2026-01-17T04:55:00Z'));
    const id = await prepared();
    await send(id);
    expect(await notice(id)).toMatchObject({ providedOn: '2026-01-16', periodEndsOn: '2026-02-25' });
    await moveTo(new Date('2026-01-15T04:55:00Z'));
  });

  test('sent when something was paid meanwhile is refused and stays a draft', async () => {
    const id = await prepared();
    await within((ctx) => anItem(ctx, debtor.accountId, { amountMinor: 500n, dueOn: '2026-01-10' }));
    expect(await sendNotice(mailing, tenant, actor, id)).toMatchObject({
      ok: false,
      code: 'itemization_does_not_match',
    });
    expect(await notice(id)).toMatchObject({ state: 'prepared', messageId: null });
  });

  test('is refused by the gate while all contact is stopped, with its reasons', async () => {
    const id = await prepared();
    await within(async (ctx) =>
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: debtor.accountId,
          reason: 'legal',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      ),
    );
    const sent = await send(id);
    expect(sent.state).toBe('denied');
    expect(sent.answer.reasons.length).toBeGreaterThan(0);
    expect(await notice(id)).toMatchObject({ state: 'prepared', providedOn: null });
  });

  test('cannot be sent twice', async () => {
    const id = await prepared();
    await send(id);
    expect(await sendNotice(mailing, tenant, actor, id)).toMatchObject({ code: 'notice_wrong_state' });
  });

  test('two people send at once: one letter leaves', async () => {
    const id = await prepared();
    const both = await Promise.all([sendNotice(mailing, tenant, actor, id), sendNotice(mailing, tenant, actor, id)]);
    expect(both.map((one) => (one.ok ? one.value.state : one.code)).toSorted()).toEqual(['notice_wrong_state', 'sent']);
    const { rows } = await within((ctx) =>
      sql`select 1 from outreach.messages_v where tenant_id = ${ctx.tenant}`.execute(ctx.db),
    );
    expect(rows).toHaveLength(1);
  });

  test('whose sender was killed after the hand-over is given as of then', async () => {
    const id = await prepared();
    await send(id);
    await database.asSuperuser(async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query(
        `update compliance.notices set state = 'sending', dispatched_at = null, provided_on = null, assumed_receipt_on = null, period_ends_on = null where id = $1`,
        [id],
      );
    });
    await moveTo(later(2));
    await recoverSends(mailing, tenant, actor);
    expect(await notice(id)).toMatchObject({ state: 'given', providedOn: '2026-01-15', periodEndsOn: '2026-02-22' });
    expect(await within((ctx) => settleNotices(ctx))).toBe(0);
  });
});

describe('a notice that came back', () => {
  test('was not given; its address is not used again; one sent anew starts a period of its own', async () => {
    await moveTo(new Date('2026-01-02T16:00:00Z'));
    const first = await prepared();
    await send(first);
    await moveTo(new Date('2026-01-15T16:00:00Z'));
    const on = calendarDate('2026-01-14');
    unwrap(await within((ctx) => takeReturn(ctx, { noticeId: first, on, reason: 'moved away' })));
    expect(await clocks()).toMatchObject({ provided_on: null, period_ends_on: null, returned: true });
    expect(await prepare()).toMatchObject({ code: 'no_postal_address' });
    await within(async (ctx) =>
      unwrap(
        await addContactPoint(ctx, {
          partyId: debtor.partyId,
          kind: 'postal',
          value: '1 New Road, Bethesda, MD 20815',
          source: 'test',
        }),
      ),
    );
    const second = await prepared({ supersedesId: first as Id<'notice'> });
    await send(second);
    expect(await notice(second)).toMatchObject({
      supersedesId: first,
      providedOn: '2026-01-15',
      periodEndsOn: '2026-02-22',
      address: 'Person A, 1 New Road, Bethesda, MD 20815',
    });
    expect(await clocks()).toMatchObject({ provided_on: '2026-01-15', returned: false });
    expect(await within((ctx) => takeReturn(ctx, { noticeId: first, on, reason: 'again' }))).toMatchObject({
      code: 'notice_wrong_state',
    });
  });

  test('cannot have come back before it left, nor tomorrow', async () => {
    const id = await prepared();
    await send(id);
    for (const on of ['2026-01-14', '2026-01-16'])
      expect(await within((ctx) => takeReturn(ctx, { noticeId: id, on: calendarDate(on), reason: 'x' }))).toMatchObject(
        { code: 'returned_before_sent' },
      );
  });
});

describe('preparing is refused with what to do', () => {
  const cases: [string, Partial<ValidationOrder>, (ctx: Ctx) => Promise<unknown>, string, RegExp][] = [
    [
      'the sum is not what is owed',
      { itemization: someValidationOrder('x' as Id<'account'>, owed + 1n).itemization },
      async () => null,
      'itemization_does_not_match',
      /USD 2,284\.57, but the account owes USD 2,284\.56/,
    ],
    [
      'a field is blank',
      {
        itemization: {
          ...someValidationOrder('x' as Id<'account'>, owed).itemization,
          parts: { ...someValidationOrder('x' as Id<'account'>, owed).itemization.parts, fees: null },
        },
      },
      async () => null,
      'itemization_incomplete',
      /fees blank/,
    ],
    [
      'nobody is on record as attorney',
      { addressee: 'attorney' },
      async () => null,
      'no_such_representative',
      /attorney/,
    ],
    ['a bankruptcy is on record', {}, (ctx) => held(ctx, 'bankruptcy'), 'bankrupt', /counsel/],
    ['the person has died', {}, (ctx) => held(ctx, 'deceased'), 'send_to_representative', /estate/],
    [
      'there is no E-SIGN consent for the five-day notice',
      { channel: 'email' },
      spokenWith,
      'needs_esign_consent',
      /E-SIGN/,
    ],
  ];
  test.each(cases)('%s', async (_name, changes, before, code, sentence) => {
    await within(before);
    const refused = await prepare(changes);
    expect(refused).toMatchObject({ ok: false, code });
    expect(refused.ok ? '' : refused.detail).toMatch(sentence);
  });

  const held = async (ctx: Ctx, reason: 'bankruptcy' | 'deceased') =>
    unwrap(
      await placeHold(ctx, {
        coverage: 'party',
        clusterId: debtor.clusterId,
        reason,
        effects: ['stop_automatic'],
        source: { kind: 'test' },
      }),
    );
  async function spokenWith(ctx: Ctx): Promise<void> {
    await sql`insert into compliance.register_entries (tenant_id, id, status, direction, channel, cluster_id, party_id, account_id, client_id,
        conversation, act_kind, act_id, local_on, effective_at, recorded_at)
      values (${ctx.tenant}, ${newId()}, 'counted', 'out', 'call', ${debtor.clusterId}, ${debtor.partyId}, ${debtor.accountId}, ${debtor.clientId},
        true, 'call', ${newId()}, '2026-01-14', ${later(-1)}, ${later(-1)})`.execute(ctx.db);
  }

  test('business debts and a creditor’s own', async () => {
    const [business, own] = await within(async (ctx) => {
      const agency = await aClient(ctx, { kind: 'agency_customer' });
      const items = [{ amountMinor: owed, dueOn: '2025-12-01' }];
      return [
        await anAccount(ctx, { clientId: agency.clientId, items }),
        await anAccount(ctx, { debtKind: 'consumer', items }),
      ];
    });
    const of = (account: AnAccount) =>
      within((ctx) => prepareNotice(ctx, someValidationOrder(account.accountId, owed)));
    expect(await of(business)).toMatchObject({ code: 'not_a_consumer_debt' });
    expect(await of(own)).toMatchObject({ code: 'not_a_debt_collector' });
  });

  test('another itemization date than the one told before, unless it is a correction', async () => {
    await send(await prepared());
    const { parts } = someValidationOrder(debtor.accountId, owed).itemization;
    const other = { on: calendarDate('2025-03-01'), kind: 'charge_off', parts } as const;
    expect(await prepare({ itemization: other })).toMatchObject({ code: 'itemization_date_differs' });
    expect((await prepare({ itemization: other, corrects: true })).ok).toBe(true);
  });

  test('before the tenant has said who it is', async () => {
    const fresh = await database.freshTenant({ at });
    const account = await within((ctx) => aDebtor(ctx), fresh);
    expect(
      await within((ctx) => prepareNotice(ctx, someValidationOrder(account.accountId, owed)), fresh),
    ).toMatchObject({ code: 'no_collector_profile' });
  });

  test('what would overshadow is named and left off', async () => {
    const { withheld, notice: made } = unwrap(await prepare());
    expect(withheld).toEqual([{ kind: 'due_date', what: expect.stringContaining('2025-12-01') }]);
    const { sheet } = (await within((ctx) => previewNotice(mailing, ctx, made.id))) ?? {};
    expect(JSON.stringify(sheet)).not.toContain('December 1');
  });
});

describe('a notice by e-mail', () => {
  const consentTo = (scope: 'email' | 'esign') =>
    within(async (ctx) =>
      unwrap(
        await recordConsent(ctx, {
          giverPartyId: debtor.partyId,
          recipientKind: 'tenant',
          clientId: null,
          accountId: null,
          channel: 'email',
          addressKey: null,
          scope,
          evidence: { form: 'signed' },
          effectiveFrom: clock,
          expiresAt: null,
        }),
      ),
    );

  test('is turned away while no procedure has opened the address (12 CFR 1006.6(d)(4))', async () => {
    const sent = await send(await prepared({ channel: 'email' }));
    expect(sent.state).not.toBe('sent');
    expect(JSON.stringify(sent)).toContain('US-REGF-6D4-EMAIL');
  });

  test('inside the first communication needs no E-SIGN consent and carries the way out', async () => {
    await consentTo('email');
    const id = await prepared({ channel: 'email' });
    expect((await send(id)).state).toBe('sent');
    const { rows } = await within((ctx) =>
      sql<{
        body_html: string;
        subject: string;
      }>`select body_html, subject from outreach.messages_v where tenant_id = ${ctx.tenant}`.execute(ctx.db),
    );
    expect(rows[0]?.body_html).toMatch(/https:\/\/dunwell\.example\/u\//);
    expect(rows[0]?.body_html).toMatch(/https:\/\/dunwell\.example\/n\//);
    expect(rows[0]?.subject).not.toMatch(/2,284/);
    expect(await notice(id)).toMatchObject({ state: 'given', insideInitial: true });
  });

  test('with E-SIGN consent follows a first communication', async () => {
    await send(await prepared());
    await moveTo(later(1));
    expect(await prepare({ channel: 'email' })).toMatchObject({ code: 'needs_esign_consent' });
    await within(async (ctx) =>
      unwrap(
        await recordConsent(ctx, {
          giverPartyId: debtor.partyId,
          recipientKind: 'tenant',
          clientId: null,
          accountId: null,
          channel: 'email',
          addressKey: null,
          scope: 'esign',
          evidence: { form: 'signed' },
          effectiveFrom: clock,
          expiresAt: null,
        }),
      ),
    );
    expect((await prepare({ channel: 'email' })).ok).toBe(true);
  });
});

describe('a reply', () => {
  let id: string;
  beforeEach(async () => {
    id = await prepared();
    await send(id);
  });
  const epoch = () => within(async (ctx) => (await loadFacts(ctx, debtor.accountId)).stopEpoch);
  const holds = () =>
    within(async (ctx) =>
      (await liveHolds(ctx, { accountId: debtor.accountId })).map((one) => [
        one.reason,
        one.coverage,
        [...one.effects].sort(),
      ]),
    );
  const ceases = ['stop_automatic', 'stop_contact', 'stop_legal'];

  test('that disputes in writing, in time, stops contact until verification is sent', async () => {
    await moveTo(later(5));
    const before = await epoch();
    const taken = unwrap(await reply(id, { disputes: 'whole', reasons: ['not_mine'] }));
    expect(taken.reply).toMatchObject({ written: true, inPeriod: true });
    expect(await holds()).toEqual([['dispute', 'account', ceases]]);
    expect(await epoch()).toBeGreaterThan(before);
    expect(await clocks()).toMatchObject({ disputed: true, asked: false, verification_sent_on: null });
    const next = await prepared();
    expect((await send(next)).state).toBe('denied');
    await moveTo(later(9));
    const answer = (sentOn: string, kind: 'verification' | 'original_creditor' = 'verification') =>
      within((ctx) =>
        answerReply(ctx, {
          accountId: debtor.accountId,
          replyId: taken.reply.id,
          kind,
          sentOn: calendarDate(sentOn),
          evidence: 'statement of 2 January, mailed',
        }),
      );
    expect(await answer('2026-01-19')).toMatchObject({ code: 'before_the_reply' });
    expect(await answer('2026-01-25')).toMatchObject({ code: 'in_the_future' });
    expect(await answer('2026-01-24', 'original_creditor')).toMatchObject({ code: 'not_asked_for' });
    unwrap(await answer('2026-01-24'));
    expect(await answer('2026-01-24')).toMatchObject({ code: 'already_answered' });
    expect(await holds()).toEqual([]);
    expect(await clocks()).toMatchObject({ disputed: false, verification_sent_on: '2026-01-24' });
    expect(await within((ctx) => verifyHub(ctx))).toEqual([]);
  });

  test('that disputes some items stops those', async () => {
    const extra = await within((ctx) => anItem(ctx, debtor.accountId, { amountMinor: 500n, dueOn: '2026-01-10' }));
    unwrap(await reply(id, { disputes: 'part', reasons: ['wrong_amount'], disputedItemIds: [extra] }));
    expect(await holds()).toEqual([['dispute', 'items', ceases]]);
  });

  test('of items of another account is refused and leaves nothing behind', async () => {
    const failed = await within(async (ctx) => {
      const other = await aDebtor(ctx);
      return other.itemIds;
    });
    const refused = await within(async (ctx) => {
      const result = await takeReply(ctx, {
        noticeId: id,
        receivedAt: clock,
        medium: 'letter',
        disputes: 'part',
        reasons: ['other'],
        disputedItemIds: failed,
        originalCreditor: false,
        spanish: false,
        paymentMinor: null,
        explanation: null,
      });
      if (!result.ok) throw Object.assign(new Error(result.code), { code: result.code });
      return result;
    }).catch((error: { code: string }) => error.code);
    expect(refused).toBe('item_not_of_account');
    expect(await within((ctx) => listReplies(ctx, debtor.accountId))).toEqual([]);
  });

  test('on the last day is in time, the day after it is late; an oral one binds less', async () => {
    await moveTo(new Date('2026-02-23T04:59:00Z'));
    expect(unwrap(await reply(id, { disputes: 'whole', reasons: ['other'], medium: 'web' })).reply.inPeriod).toBe(true);
    await moveTo(new Date('2026-02-23T05:00:00Z'));
    const late = unwrap(await reply(id, { originalCreditor: true }));
    expect(late.reply).toMatchObject({ inPeriod: false, written: true });
    expect(unwrap(await reply(id, { disputes: 'whole', reasons: ['other'], medium: 'telephone' })).reply.written).toBe(
      false,
    );
    expect(await clocks()).toMatchObject({ disputed: true, asked: false });
    const effects = (await holds()).map(([reason, , stops]) => [reason, stops]);
    expect(effects).toContainEqual(['query', ['stop_automatic']]);
    expect(effects).toContainEqual(['dispute', ceases]);
    expect(effects).toContainEqual(['dispute', ['stop_automatic']]);
  });

  test('that asks for the original creditor and for Spanish: both are kept until answered', async () => {
    const taken = unwrap(await reply(id, { originalCreditor: true, spanish: true, paymentMinor: 5_000n }));
    expect(await clocks()).toMatchObject({ asked: true, spanish: true });
    const { rows } = await within((ctx) =>
      sql<{
        kind: string;
        detail: unknown;
      }>`select kind, detail from compliance.preferences_v where tenant_id = ${ctx.tenant}`.execute(ctx.db),
    );
    expect(rows).toEqual([{ kind: 'language', detail: { language: 'es' } }]);
    unwrap(
      await within((ctx) =>
        answerReply(ctx, {
          accountId: debtor.accountId,
          replyId: taken.reply.id,
          kind: 'original_creditor',
          sentOn: calendarDate('2026-01-15'),
          evidence: 'letter',
        }),
      ),
    );
    expect(await holds()).toEqual([]);
    await moveTo(later(1));
    const spanish = await prepared({ language: 'es' });
    await send(spanish);
    expect(await clocks()).toMatchObject({ asked: false, spanish: false });
    const html = await within(async (ctx) => (await findDocument(ctx, spanish, 'html'))?.bytes.toString('utf8'));
    expect(html).toContain('<html lang="es">');
    expect(html).toContain('Residentes de Maryland');
  });

  test('sent twice by the same form is recorded once', async () => {
    const replyId = newId<'notice_reply'>();
    const first = unwrap(await reply(id, { id: replyId, disputes: 'whole', reasons: ['not_mine'] }));
    const second = unwrap(await reply(id, { id: replyId, disputes: 'whole', reasons: ['not_mine'] }));
    expect([first.already, second.already]).toEqual([false, true]);
    expect(await holds()).toHaveLength(1);
  });

  test('that says nothing, comes from the future or before the notice is refused', async () => {
    expect(await reply(id)).toMatchObject({ code: 'empty_reply' });
    expect(await reply(id, { spanish: true, receivedAt: later(1) })).toMatchObject({ code: 'in_the_future' });
    expect(await reply(id, { spanish: true, receivedAt: later(-1) })).toMatchObject({ code: 'before_the_notice' });
    expect(await reply(await prepared(), { spanish: true })).toMatchObject({ code: 'notice_wrong_state' });
    expect(await reply(newId(), { spanish: true })).toMatchObject({ code: 'notice_not_found' });
  });
});

test('another tenant sees and touches nothing of it', async () => {
  const id = await prepared();
  await send(id);
  unwrap(await reply(id, { disputes: 'whole', reasons: ['not_mine'] }));
  const stranger = await database.freshTenant({ at });
  await within(async (ctx) => {
    expect(await findNotice(ctx, id)).toBeNull();
    expect(await findDocument(ctx, id, 'pdf')).toBeNull();
    expect(await listNotices(ctx, debtor.accountId)).toEqual([]);
    expect(await listReplies(ctx, debtor.accountId)).toEqual([]);
    expect(
      await recordReply(ctx, {
        noticeId: id,
        receivedAt: at,
        medium: 'letter',
        disputes: null,
        reasons: [],
        disputedItemIds: [],
        originalCreditor: true,
        spanish: false,
        paymentMinor: null,
        explanation: null,
      }),
    ).toMatchObject({ code: 'notice_not_found' });
    for (const view of ['notice_rows_v', 'notices_v', 'notice_replies_v', 'notice_documents_v', 'notice_answers_v']) {
      const { rows } = await sql`select 1 from ${sql.table(`compliance.${view}`)}`.execute(ctx.db);
      expect(rows, view).toEqual([]);
    }
  }, stranger);
  expect(await sendNotice(mailing, stranger, actor, id)).toMatchObject({ code: 'notice_not_found' });
});

test('an amount of another currency cannot be slipped in', async () => {
  const order = someValidationOrder(debtor.accountId, owed);
  const parts = { ...order.itemization.parts, fees: money(2_500n, currency('EUR')) };
  await expect(prepare({ itemization: { ...order.itemization, parts } })).rejects.toThrow(/Cannot combine/);
});
