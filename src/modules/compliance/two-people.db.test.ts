import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { lockWithPersons } from '../accounts/public.ts';
import { aClient, type AnAccount, anAccount } from '../accounts/testing.ts';
import { aParty } from '../parties/testing.ts';
import { decideOverride, requestOverride } from './overrides.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { recordInbound } from './record-after-the-fact.ts';
import { previewPermits, requestPermits } from './request-permits.ts';
import {
  answerWithdrawal,
  approveTightening,
  askWithdrawal,
  proposeTightening,
  rejectTightening,
  tryTightening,
} from './tightenings.ts';
import { verifyPermits } from './verify-permits.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');
const as = (ctx: Ctx, id: string, kind: 'user' | 'key' = 'user'): Ctx => ({
  ...ctx,
  actor: { ...ctx.actor, kind, id, name: id },
});
type Debtor = AnAccount & { readonly phone: { readonly id: string; readonly key: string } };
async function debtor(ctx: Ctx, options: Parameters<typeof anAccount>[1] = {}): Promise<Debtor> {
  const items = [{ amountMinor: 12_500n, dueOn: '2026-02-01' }];
  const account = await anAccount(ctx, { items, phone: '+12125550100', ...options });
  const { rows } = await sql<{ id: string; key: string }>`select id, value_key as key from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and party_id = ${account.partyId} and kind = 'phone'`.execute(ctx.db);
  return { ...account, phone: rows[0] ?? { id: '', key: '' } };
}
const call = (to: Debtor): Proposal => ({
  act: 'manual_call',
  channel: 'call',
  partyId: to.partyId,
  clientId: to.clientId,
  accountIds: [to.accountId],
  contactPointId: to.phone.id,
  addressKey: to.phone.key,
  actKind: 'call',
  actId: newId(),
  purpose: 'collect',
  content: plainSpeech,
});
const first = async (ctx: Ctx, proposal: Proposal) => (await previewPermits(ctx, [proposal]))[0];
const version = async (ctx: Ctx, id: string) =>
  (
    await sql<{
      v: bigint;
    }>`select row_version as v from compliance.tightenings where tenant_id = ${ctx.tenant} and id = ${id}`.execute(
      ctx.db,
    )
  ).rows[0]?.v ?? 0n;
const effect = { judged: 12, changed: 3, whole: true };

describe('tightening a rule', () => {
  const later = { ruleId: 'B2B-HOURS', part: null, parameters: { opens: '13:00' } };
  const wanted = { ...later, from: calendarDate('2026-03-11'), reason: 'our customers start late' };

  test('counts once somebody else approves it, and until somebody else agrees that it ends', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const proposal = call(await debtor(ctx));
      const opening = async () => (await first(ctx, proposal))?.notBefore ?? null;
      expect(await opening()).toBeNull();
      const { tighteningId } = unwrap(await proposeTightening(as(ctx, 'ann'), wanted));
      expect(await opening()).toBeNull();
      const decided = async () => ({ tighteningId, rowVersion: await version(ctx, tighteningId) });
      const approve = async (who: Ctx) => approveTightening(who, { ...(await decided()), effect });
      expect(await approve(as(ctx, 'ann'))).toMatchObject({ ok: false, code: 'same_person' });
      expect(await approve(as(ctx, 'a-key', 'key'))).toMatchObject({ ok: false, code: 'not_a_person' });
      expect(await opening()).toBeNull();
      unwrap(await approve(as(ctx, 'bob')));
      expect(await opening()).toEqual(new Date('2026-03-11T17:00:00Z'));
      expect(await approve(as(ctx, 'bob'))).toMatchObject({ ok: false, code: 'wrong_state' });
      unwrap(await askWithdrawal(as(ctx, 'bob'), { ...(await decided()), reason: 'they complained' }));
      expect(await opening()).toEqual(new Date('2026-03-11T17:00:00Z'));
      const alone = await answerWithdrawal(as(ctx, 'bob'), { ...(await decided()), agree: true });
      expect(alone).toMatchObject({ ok: false, code: 'same_person' });
      unwrap(await answerWithdrawal(as(ctx, 'ann'), { ...(await decided()), agree: true }));
      expect(await opening()).toBeNull();
    });
    const other = await database.freshTenant({ at: wednesday });
    await database.within(other, wednesday, async (ctx) => {
      const { rows } = await sql`select 1 from compliance.tightenings_v`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
  });

  test('a rejected one never counts; one for a later day waits for it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const tomorrow = new Date('2026-03-12T15:00:00Z');
    const proposal = await database.within(tenant, wednesday, async (ctx) => {
      const rejected = unwrap(await proposeTightening(as(ctx, 'ann'), wanted)).tighteningId;
      unwrap(await rejectTightening(as(ctx, 'bob'), { tighteningId: rejected, rowVersion: 1n, reason: 'not needed' }));
      const future = unwrap(
        await proposeTightening(as(ctx, 'ann'), { ...wanted, from: calendarDate('2026-03-12') }),
      ).tighteningId;
      unwrap(await approveTightening(as(ctx, 'bob'), { tighteningId: future, rowVersion: 1n, effect }));
      const asked = call(await debtor(ctx));
      expect((await first(ctx, asked))?.decision).toBe('allow');
      return asked;
    });
    await database.within(tenant, tomorrow, async (ctx) => {
      expect((await first(ctx, proposal))?.decision).toBe('defer');
    });
  });

  test.each([
    ['looser', { ...later, parameters: { opens: '05:00' } }, 'not_stricter'],
    [
      'one stricter and one looser value',
      { ...later, parameters: { opens: '13:00', closes: '23:00' } },
      'not_stricter',
    ],
    ['two values that leave no time', { ...later, parameters: { opens: '15:00', closes: '10:00' } }, 'not_stricter'],
    ['the same', { ...later, parameters: { opens: '08:00' } }, 'not_stricter'],
    ['nothing', { ...later, parameters: {} }, 'not_stricter'],
    ['a time that does not exist', { ...later, parameters: { opens: '09:75' } }, 'invalid'],
    ['less than one', { ruleId: 'B2B-MAIL-WEEK', part: null, parameters: { limit: 0 } }, 'invalid'],
    [
      'more calls than the law allows',
      { ruleId: 'US-REGF-14B-7IN7', part: null, parameters: { limit: 8 } },
      'not_stricter',
    ],
    ['fewer days of silence', { ruleId: 'US-REGF-14B-POSTCONV', part: null, parameters: { days: 3 } }, 'not_stricter'],
    [
      'a rule that is switched off',
      { ruleId: 'US-HARDSHIP', part: null, parameters: { lastsDays: 9 } },
      'not_stricter',
    ],
    ['an unknown rule', { ...later, ruleId: 'NO-SUCH' }, 'unknown_rule'],
    ['an unknown part', { ...later, part: 'nowhere' }, 'unknown_rule'],
  ])('refuses %s', (_what, asked, code) => {
    expect(tryTightening(asked)).toMatchObject({ ok: false, code });
  });
});

describe('overriding a rebuttable rule', () => {
  /** A consumer in Delaware with whom an agency spoke this morning: no call for seven days, unless somebody overrides it. */
  async function spokenWith(ctx: Ctx): Promise<Proposal> {
    const { clientId } = await aClient(ctx, { kind: 'agency_customer' });
    // Delaware has no rule against this call; where a state has one that cannot be rebutted, as New York has, nobody may override it.
    const { partyId } = await aParty(ctx, { kind: 'person', region: 'DE', phone: '+13025550100' });
    const to = await debtor(ctx, { clientId, partyId, debtKind: 'consumer' });
    const spoken = new Date('2026-03-11T14:00:00Z');
    unwrap(
      await recordInbound(ctx, {
        channel: 'call',
        partyId: to.partyId,
        clientId: to.clientId,
        accountIds: [to.accountId],
        contactPointId: to.phone.id,
        addressKey: to.phone.key,
        actKind: 'call',
        actId: newId(),
        effectiveAt: spoken,
        conversation: true,
      }),
    );
    return call(to);
  }
  async function asked(ctx: Ctx, proposal: Proposal): Promise<string> {
    const decision = await first(ctx, proposal);
    if (!decision) throw new Error('no decision');
    return unwrap(
      await requestOverride(as(ctx, 'ann'), { proposal, decision, reason: 'he asked to be rung back', hours: 4 }),
    ).overrideId;
  }
  const request = async (ctx: Ctx, proposal: Proposal) => {
    await lockWithPersons(ctx, [...proposal.accountIds] as never);
    return requestPermits(ctx, [proposal]);
  };

  test('takes a second person, is good for one act, and the permit repeats with it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const proposal = await spokenWith(ctx);
      const before = await first(ctx, proposal);
      expect(before?.reasons.map((reason) => [reason.ruleId, reason.rebuttable])).toEqual([
        ['US-REGF-14B-POSTCONV', true],
      ]);
      const overrideId = await asked(ctx, proposal);
      expect((await request(ctx, proposal))[0]?.decision).toBe('defer');
      const decide = (who: Ctx) => decideOverride(who, { overrideId, approve: true, note: 'heard the recording' });
      expect(await decide(as(ctx, 'ann'))).toMatchObject({ ok: false, code: 'same_person' });
      expect(await decide(as(ctx, 'k', 'key'))).toMatchObject({ ok: false, code: 'not_a_person' });
      unwrap(await decide(as(ctx, 'bob')));
      expect(await decide(as(ctx, 'eve'))).toMatchObject({ ok: false, code: 'already_decided' });
      expect(await first(ctx, proposal)).toMatchObject({ decision: 'allow', overrideId });
      const [answer] = await request(ctx, proposal);
      expect(answer).toMatchObject({ decision: 'allow', overrideId });
      expect(answer?.permit).not.toBeNull();
      expect((await request(ctx, { ...proposal, actId: newId() }))[0]?.decision).toBe('defer');
      const { rows } = await sql<{ override_id: string; reasons: { ruleId: string }[] }>`
        select override_id, reasons from compliance.permits_v where tenant_id = ${tenant} and decision = 'allow'`.execute(
        ctx.db,
      );
      expect(rows).toMatchObject([{ override_id: overrideId, reasons: [{ ruleId: 'US-REGF-14B-POSTCONV' }] }]);
      const findings = await verifyPermits(ctx);
      expect(findings.filter((one) => one.code === 'decision_not_repeatable')).toEqual([]);
    });
  });

  test('a rule that is not rebuttable still says no, when it is asked for and when it is used', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const proposal = await database.within(tenant, wednesday, async (ctx) => {
      const wanted = await spokenWith(ctx);
      const overrideId = await asked(ctx, wanted);
      unwrap(await decideOverride(as(ctx, 'bob'), { overrideId, approve: true, note: 'yes' }));
      return wanted;
    });
    // Ten in the evening there is after the hours of the law.
    await database.within(tenant, new Date('2026-03-12T02:00:00Z'), async (ctx) => {
      const decision = await first(ctx, proposal);
      expect(decision).toMatchObject({ overrideId: null });
      expect(decision?.decision).not.toBe('allow');
      if (!decision) throw new Error('no decision');
      expect(await requestOverride(as(ctx, 'ann'), { proposal, decision, reason: 'urgent', hours: 1 })).toMatchObject({
        ok: false,
        code: 'not_rebuttable',
      });
    });
  });

  test('two connections that ask at once spend it once', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const proposal = await database.within(tenant, wednesday, async (ctx) => {
      const wanted = await spokenWith(ctx);
      const overrideId = await asked(ctx, wanted);
      unwrap(await decideOverride(as(ctx, 'bob'), { overrideId, approve: true, note: 'yes' }));
      return wanted;
    });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        database.within(tenant, wednesday, (ctx) => request(ctx, { ...proposal, actId: newId() })),
      ),
    );
    expect(answers.map(([answer]) => answer?.decision).sort()).toEqual(['allow', ...Array(5).fill('defer')]);
    await database.within(tenant, wednesday, async (ctx) => {
      const { rows } =
        await sql`select 1 from compliance.override_steps where tenant_id = ${tenant} and step = 'used'`.execute(
          ctx.db,
        );
      expect(rows).toHaveLength(1);
    });
  });

  test('a transaction that dies leaves it unspent; the key keeps it from being spent twice whatever the code does', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const { proposal, overrideId } = await database.within(tenant, wednesday, async (ctx) => {
      const wanted = await spokenWith(ctx);
      const id = await asked(ctx, wanted);
      unwrap(await decideOverride(as(ctx, 'bob'), { overrideId: id, approve: true, note: 'yes' }));
      return { proposal: wanted, overrideId: id };
    });
    await expect(
      database.within(tenant, wednesday, async (ctx) => {
        await request(ctx, proposal);
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(ctx.db);
      }),
    ).rejects.toThrow();
    const [answer] = await database.within(tenant, wednesday, (ctx) => request(ctx, proposal));
    expect(answer).toMatchObject({ decision: 'allow', overrideId });
    await expect(
      database.within(tenant, wednesday, (ctx) =>
        sql`insert into compliance.override_steps (tenant_id, id, override_id, step, by_name, by_id, permit_id, at)
          values (${tenant}, ${newId()}, ${overrideId}, 'used', 'x', 'x', ${newId()}, now())`.execute(ctx.db),
      ),
    ).rejects.toThrow('override_steps_once');
  });
});
