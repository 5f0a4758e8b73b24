import { describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { testDatabase } from '../../test/support/database.ts';
import type { Actor, Ctx } from '../kernel/ctx.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { unwrap } from '../kernel/result.ts';
import { createVault } from '../kernel/vault.ts';
import { aClient, type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import {
  decideOverride,
  prepareNotice,
  recordAfterTheFact,
  recordConsent,
  saveCollectorProfile,
  verifyPermits,
} from '../modules/compliance/public.ts';
import { someCollector, someValidationOrder } from '../modules/compliance/testing.ts';
import { systemActor } from '../modules/identity/public.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { addContactPoint } from '../modules/parties/public.ts';
import { aParty } from '../modules/parties/testing.ts';
import { askOverride, type WantedAct } from './ask-override.ts';
import type { Mailing } from './hand-over.ts';
import { sendNotice } from './send-notice.ts';
import { sendNow } from './send-now.ts';

const database = await testDatabase();
// Thursday, 09:00 in Seattle.
const at = new Date('2026-01-15T17:00:00Z');
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const actor: Actor = { ...systemActor('ann'), kind: 'user', id: 'ann' };
const as = (ctx: Ctx, id: string): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id, name: id } });
const owed = 228_456n;

/** A consumer in Washington, where three communications in a week are presumed to be enough, and who has had three. */
async function contactedThrice(ctx: Ctx): Promise<AnAccount> {
  await saveCollectorProfile(ctx, someCollector());
  const { clientId } = await aClient(ctx, { name: 'Bank of Rockville', kind: 'agency_customer' });
  await ensureSender(ctx, clientId);
  const { partyId } = await aParty(ctx, { kind: 'person', region: 'WA', phone: '+12065550100' });
  unwrap(
    await addContactPoint(ctx, { partyId, kind: 'postal', value: '1 Pine St\nSeattle, WA 98101', source: 'test' }),
  );
  const debtor = await anAccount(ctx, {
    clientId,
    partyId,
    debtKind: 'consumer',
    items: [{ amountMinor: owed, dueOn: '2025-12-01' }],
  });
  const { rows } = await sql<{ key: string }>`select value_key as key from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and party_id = ${partyId} and kind = 'email'`.execute(ctx.db);
  unwrap(
    await recordConsent(ctx, {
      giverPartyId: partyId,
      recipientKind: 'tenant',
      clientId: null,
      accountId: null,
      channel: 'email',
      addressKey: rows[0]?.key ?? null,
      scope: 'email',
      detail: {},
      evidence: { text: 'Said so on the recorded line' },
      effectiveFrom: new Date('2026-01-02T17:00:00Z'),
      expiresAt: null,
    }),
  );
  for (const day of [12, 13, 14])
    unwrap(
      await recordAfterTheFact(ctx, {
        channel: 'call',
        partyId,
        clientId,
        accountIds: [debtor.accountId],
        contactPointId: null,
        addressKey: '+12065550100',
        actKind: 'call',
        actId: newId(),
        judgedAs: 'manual_call',
        effectiveAt: new Date(`2026-01-${day}T18:00:00Z`),
        conversation: false,
      }),
    );
  return debtor;
}

async function overridden(tenant: TenantId, debtor: AnAccount, act: WantedAct): Promise<string> {
  const overrideId = await database.within(
    tenant,
    at,
    async (ctx) =>
      unwrap(
        await askOverride(as(ctx, 'ann'), mailing, {
          accountId: debtor.accountId,
          act,
          reason: 'she asked for it in writing',
          hours: 4,
        }),
      ).overrideId,
  );
  await database.within(tenant, at, async (ctx) => {
    const decide = (who: string) =>
      decideOverride(as(ctx, who), { overrideId, approve: true, note: 'I read her note' });
    expect(await decide('ann')).toMatchObject({ ok: false, code: 'same_person' });
    unwrap(await decide('bob'));
  });
  return overrideId;
}

const spentOn = (tenant: TenantId, overrideId: string) =>
  database.within(tenant, at, async (ctx) => {
    expect((await verifyPermits(ctx)).filter((one) => one.code === 'decision_not_repeatable')).toEqual([]);
    const { rows } = await sql<{ channel: string; act: string; reasons: { ruleId: string }[] }>`
      select p.channel, p.act, p.reasons from compliance.permits_v p where p.tenant_id = ${tenant} and p.override_id = ${overrideId}`.execute(
      ctx.db,
    );
    return rows.map((row) => [row.act, row.channel, ...new Set(row.reasons.map((reason) => reason.ruleId))]);
  });

describe('an override lets one act through that a rebuttable rule held back', () => {
  test('a validation notice by letter', async () => {
    const tenant = await database.freshTenant({ at });
    const [debtor, noticeId] = await database.within(tenant, at, async (ctx) => {
      const owing = await contactedThrice(ctx);
      const made = unwrap(await prepareNotice(ctx, someValidationOrder(owing.accountId, owed)));
      return [owing, made.notice.id] as const;
    });
    const send = async () => unwrap(await sendNotice(mailing, tenant, actor, noticeId));
    expect(await send()).toMatchObject({ state: 'deferred', answer: { reasons: [{ rebuttable: true }] } });
    const overrideId = await overridden(tenant, debtor, { kind: 'notice', noticeId });
    expect(await send()).toMatchObject({ state: 'sent', answer: { overrideId } });
    expect(await spentOn(tenant, overrideId)).toEqual([['manual_message', 'letter', 'US-WA-3PERWEEK']]);
  });

  test('a notice sent by hand, and only one', async () => {
    const tenant = await database.freshTenant({ at });
    const debtor = await database.within(tenant, at, contactedThrice);
    const words = { accountId: debtor.accountId, contactPointId: null, comment: null };
    const send = async () => unwrap(await sendNow(mailing, tenant, actor, words));
    expect(await send()).toMatchObject({ state: 'deferred', answer: { reasons: [{ rebuttable: true }] } });
    const overrideId = await overridden(tenant, debtor, { kind: 'message', contactPointId: null, comment: null });
    expect(await send()).toMatchObject({ state: 'sent', answer: { overrideId } });
    expect(await spentOn(tenant, overrideId)).toEqual([['manual_message', 'email', 'US-WA-3PERWEEK']]);
    expect(await send()).toMatchObject({ state: 'deferred', answer: { overrideId: null } });
  });

  test('not another act than was asked for, nor somebody else’s notice', async () => {
    const tenant = await database.freshTenant({ at });
    const [debtor, noticeId] = await database.within(tenant, at, async (ctx) => {
      const owing = await contactedThrice(ctx);
      const made = unwrap(await prepareNotice(ctx, someValidationOrder(owing.accountId, owed)));
      return [owing, made.notice.id] as const;
    });
    await overridden(tenant, debtor, { kind: 'message', contactPointId: null, comment: null });
    expect(unwrap(await sendNotice(mailing, tenant, actor, noticeId))).toMatchObject({ state: 'deferred' });
    await database.within(tenant, at, async (ctx) => {
      const other = await anAccount(ctx, {});
      const asked = await askOverride(as(ctx, 'ann'), mailing, {
        accountId: other.accountId,
        act: { kind: 'notice', noticeId },
        reason: 'not mine',
        hours: 4,
      });
      expect(asked).toMatchObject({ ok: false, code: 'notice_not_found' });
    });
  });
});
