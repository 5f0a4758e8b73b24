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
import { loadRuleBook } from './load-gate-facts.ts';
import { recordAfterTheFact, recordInbound } from './record-after-the-fact.ts';
import { previewPermits, requestPermits } from './request-permits.ts';
import type { PlanEffect } from './plan-effect.ts';
import { answerWithdrawal, approveChange, askWithdrawal, proposeChange, rejectChange } from './rule-changes.ts';
import { findRuleEvidence, keepRuleEvidence } from './rule-evidence.ts';
import { tryTightening } from './tightenings.ts';
import { shippedPacks } from './rule-book.ts';
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
    }>`select row_version as v from compliance.rule_changes where tenant_id = ${ctx.tenant} and id = ${id}`.execute(
      ctx.db,
    )
  ).rows[0]?.v ?? 0n;
const effect: PlanEffect = {
  judged: 12,
  changed: 3,
  whole: true,
  before: { allow: 12, defer: 0, deny: 0 },
  after: { allow: 9, defer: 3, deny: 0 },
};

describe('tightening a rule', () => {
  const later = { ruleId: 'B2B-HOURS', part: null, parameters: { opens: '13:00' } };
  const wanted = {
    ...later,
    kind: 'tightening' as const,
    mode: null,
    evidenceId: null,
    from: calendarDate('2026-03-11'),
    reason: 'our customers start late',
    effect,
  };

  test('counts once somebody else approves it, and until somebody else agrees that it ends', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const proposal = call(await debtor(ctx));
      const opening = async () => (await first(ctx, proposal))?.notBefore ?? null;
      expect(await opening()).toBeNull();
      const { changeId } = unwrap(await proposeChange(as(ctx, 'ann'), wanted));
      expect(await opening()).toBeNull();
      const decided = async () => ({ kind: 'tightening' as const, changeId, rowVersion: await version(ctx, changeId) });
      const approve = async (who: Ctx) => approveChange(who, { ...(await decided()), effect, confirmed: null });
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
      const { rows } = await sql`select 1 from compliance.rule_changes_v`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
  });

  test('a rejected one never counts; one for a later day waits for it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const tomorrow = new Date('2026-03-12T15:00:00Z');
    const proposal = await database.within(tenant, wednesday, async (ctx) => {
      const asFirst = { kind: 'tightening' as const, rowVersion: 1n };
      const rejected = unwrap(await proposeChange(as(ctx, 'ann'), wanted)).changeId;
      unwrap(await rejectChange(as(ctx, 'bob'), { ...asFirst, changeId: rejected, reason: 'not needed' }));
      const future = unwrap(
        await proposeChange(as(ctx, 'ann'), { ...wanted, from: calendarDate('2026-03-12') }),
      ).changeId;
      unwrap(await approveChange(as(ctx, 'bob'), { ...asFirst, changeId: future, effect, confirmed: null }));
      const asked = call(await debtor(ctx));
      expect((await first(ctx, asked))?.decision).toBe('allow');
      return asked;
    });
    await database.within(tenant, tomorrow, async (ctx) => {
      expect((await first(ctx, proposal))?.decision).toBe('defer');
    });
  });

  test('is not approved on a plan that has changed, until the approver confirms what it does now', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const { changeId } = unwrap(await proposeChange(as(ctx, 'ann'), wanted));
      const now: PlanEffect = { ...effect, judged: 14, changed: 9, after: { allow: 3, defer: 9, deny: 2 } };
      const asFirst = { kind: 'tightening' as const, changeId, rowVersion: 1n };
      const approve = (fresh: PlanEffect, confirmed: PlanEffect | null) =>
        approveChange(as(ctx, 'bob'), { ...asFirst, effect: fresh, confirmed });
      const refused = await approve(now, null);
      expect(refused).toMatchObject({ ok: false, code: 'changed_meanwhile' });
      expect(refused.ok ? '' : refused.detail).toContain('ann proposed this, it would have changed 3 of 12');
      expect(refused.ok ? '' : refused.detail).toContain('Now it would change 9 of 14');
      // What was confirmed has to be what it does, not what somebody says it does.
      expect(await approve(now, effect)).toMatchObject({ ok: false, code: 'changed_meanwhile' });
      unwrap(await approve(now, now));
      const { rows } = await sql<{ proposed: PlanEffect; effect: PlanEffect; a: string; b: string }>`
        select proposed_effect as proposed, effect, proposed_effect_sha256 as a, effect_sha256 as b from compliance.rule_changes_v
        where tenant_id = ${tenant} and id = ${changeId}`.execute(ctx.db);
      expect(rows[0]).toMatchObject({ proposed: effect, effect: now });
      expect(rows[0]?.a).toMatch(/^[0-9a-f]{64}$/);
      expect(rows[0]?.b).not.toBe(rows[0]?.a);
    });
  });

  test('more contacts that it leaves alone do not matter to an approval', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const { changeId } = unwrap(await proposeChange(as(ctx, 'ann'), wanted));
      const now: PlanEffect = {
        ...effect,
        judged: 19,
        before: { allow: 19, defer: 0, deny: 0 },
        after: { allow: 16, defer: 3, deny: 0 },
      };
      const asFirst = { kind: 'tightening' as const, changeId, rowVersion: 1n };
      unwrap(await approveChange(as(ctx, 'bob'), { ...asFirst, effect: now, confirmed: null }));
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

describe('replacing a rule on counsel’s advice', () => {
  const memo = Buffer.from('%PDF-1.7\nCounsel says three calls a week.');
  const none: PlanEffect = {
    ...effect,
    judged: 0,
    changed: 0,
    before: { allow: 0, defer: 0, deny: 0 },
    after: { allow: 0, defer: 0, deny: 0 },
  };
  const proposed = async (ctx: Ctx, changes: Partial<Parameters<typeof proposeChange>[1]> = {}) => {
    const kept = unwrap(await keepRuleEvidence(as(ctx, 'ann'), { fileName: 'C:\\memo.pdf', bytes: memo }));
    return unwrap(
      await proposeChange(as(ctx, 'ann'), {
        kind: 'replacement',
        ruleId: 'US-DC-4CALLS',
        part: null,
        mode: 'on',
        parameters: { limit: 1 },
        from: calendarDate('2026-03-11'),
        reason: 'our counsel reads it so',
        evidenceId: kept.id,
        effect: none,
        ...changes,
      }),
    ).changeId;
  };
  const decided = async (ctx: Ctx, changeId: string) => ({
    kind: 'replacement' as const,
    changeId,
    rowVersion: await version(ctx, changeId),
  });
  const approve = async (who: Ctx, changeId: string) =>
    approveChange(who, { ...(await decided(who, changeId)), effect: none, confirmed: null });

  /** A consumer in the District of Columbia whom an agency rang two days ago, without getting through. */
  async function rungInDc(ctx: Ctx): Promise<Proposal> {
    const { clientId } = await aClient(ctx, { kind: 'agency_customer' });
    const { partyId } = await aParty(ctx, { kind: 'person', region: 'DC', phone: '+12025550100' });
    const to = await debtor(ctx, { clientId, partyId, debtKind: 'consumer' });
    await recordAfterTheFact(ctx, {
      channel: 'call',
      partyId: to.partyId,
      clientId: to.clientId,
      accountIds: [to.accountId],
      contactPointId: to.phone.id,
      addressKey: to.phone.key,
      actKind: 'call',
      actId: newId(),
      judgedAs: 'manual_call',
      effectiveAt: new Date('2026-03-09T16:00:00Z'),
      conversation: false,
    });
    return call(to);
  }
  const against = async (ctx: Ctx, proposal: Proposal) =>
    (await first(ctx, proposal))?.reasons.map((reason) => reason.ruleId).filter((id) => id === 'US-DC-4CALLS') ?? [];

  test('counts once somebody else approves it, is named by the permits, and ends by two people', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const proposal = await rungInDc(ctx);
      const changeId = await proposed(ctx);
      expect(await against(ctx, proposal)).toEqual([]);
      expect(await approve(as(ctx, 'ann'), changeId)).toMatchObject({ ok: false, code: 'same_person' });
      expect(await approve(as(ctx, 'k', 'key'), changeId)).toMatchObject({ ok: false, code: 'not_a_person' });
      unwrap(await approve(as(ctx, 'bob'), changeId));
      expect(await against(ctx, proposal)).toEqual(['US-DC-4CALLS']);
      await lockWithPersons(ctx, [...proposal.accountIds] as never);
      const [answer] = await requestPermits(ctx, [proposal]);
      const { rows } = await sql<{ pack_versions: { replacedBy?: string[] }[] }>`
        select pack_versions from compliance.permits_v where tenant_id = ${tenant} and id = ${answer?.permitId}`.execute(
        ctx.db,
      );
      expect(rows[0]?.pack_versions.flatMap((pack) => pack.replacedBy ?? [])).toEqual([changeId]);
      const findings = await verifyPermits(ctx);
      expect(findings.filter((one) => one.code === 'decision_not_repeatable')).toEqual([]);
      unwrap(await askWithdrawal(as(ctx, 'bob'), { ...(await decided(ctx, changeId)), reason: 'overruled' }));
      const agree = async (who: Ctx) => answerWithdrawal(who, { ...(await decided(ctx, changeId)), agree: true });
      expect(await agree(as(ctx, 'bob'))).toMatchObject({ ok: false, code: 'same_person' });
      unwrap(await agree(as(ctx, 'ann')));
      expect(await against(ctx, proposal)).toEqual([]);
    });
  });

  test('never reaches back before it was approved, and ends the one before it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const later = new Date('2026-03-20T15:00:00Z');
    const [one, two] = await database.within(tenant, wednesday, async (ctx) => [
      await proposed(ctx),
      await proposed(ctx, { mode: 'off', parameters: {} }),
    ]);
    await database.within(tenant, wednesday, async (ctx) => unwrap(await approve(as(ctx, 'bob'), one)));
    await database.within(tenant, later, async (ctx) => {
      unwrap(await approve(as(ctx, 'bob'), two));
      const { rows } = await sql<{ id: string; state: string; from: string; to: string | null }>`
        select id, state, effective_from::text as from, effective_to::text as to from compliance.rule_changes_v
        where tenant_id = ${tenant} order by effective_from`.execute(ctx.db);
      expect(rows).toEqual([
        { id: one, state: 'superseded', from: '2026-03-11', to: '2026-03-20' },
        { id: two, state: 'approved', from: '2026-03-20', to: null },
      ]);
    });
  });

  test('of law changes nothing even where the table holds it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const night = new Date('2026-03-12T04:00:00Z');
      const proposal = await rungInDc(ctx);
      for (const rule of ['US-REGF-14B-7IN7', 'US-FDCPA-HOURS', 'B2B-HOURS']) {
        const changeId = await proposed(ctx, { ruleId: rule, mode: 'off', parameters: {} });
        unwrap(await approve(as(ctx, 'bob'), changeId));
      }
      const [before] = await previewPermits(ctx, [proposal], night);
      expect(before?.decision).not.toBe('allow');
      const { packs } = await loadRuleBook(ctx);
      for (const pack of packs) {
        const shipped = shippedPacks.find((other) => other.key === pack.key);
        expect(pack).toEqual(shipped);
      }
    });
  });

  test('the evidence is kept byte for byte, cannot be changed, and belongs to one tenant', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const id = await database.within(tenant, wednesday, async (ctx) => {
      const kept = unwrap(await keepRuleEvidence(ctx, { fileName: '../../memo "final".pdf', bytes: memo }));
      expect(kept).toMatchObject({ fileName: 'memo final.pdf', mediaType: 'application/pdf', size: memo.length });
      const found = await findRuleEvidence(ctx, kept.id);
      expect(found?.bytes.equals(memo)).toBe(true);
      for (const [bytes, code] of [
        [Buffer.alloc(0), 'empty_file'],
        [Buffer.alloc(10 * 1024 * 1024 + 1, 65), 'file_too_large'],
        [Buffer.from('PK\u0003\u0004\u0000zip'), 'unreadable_file'],
      ] as const)
        expect(await keepRuleEvidence(ctx, { fileName: 'x', bytes })).toMatchObject({ ok: false, code });
      return kept.id;
    });
    await expect(
      database.within(tenant, wednesday, (ctx) =>
        sql`update compliance.rule_evidence set file_name = 'x' where tenant_id = ${tenant} and id = ${id}`.execute(
          ctx.db,
        ),
      ),
    ).rejects.toThrow();
    const other = await database.freshTenant({ at: wednesday });
    await database.within(other, wednesday, async (ctx) => expect(await findRuleEvidence(ctx, id)).toBeNull());
  });

  test('the database itself wants two people and evidence', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const insert = (approvedBy: string | null, evidence: boolean) =>
      database.within(tenant, wednesday, async (ctx) => {
        const kept = unwrap(await keepRuleEvidence(ctx, { fileName: 'memo.pdf', bytes: memo }));
        await sql`insert into compliance.rule_changes (tenant_id, id, kind, rule_id, mode, parameters, effective_from, reason, evidence_id, state,
            proposed_by, proposed_by_id, approved_by, approved_by_id, recorded_at)
          values (${tenant}, ${newId()}, 'replacement', 'US-DC-4CALLS', 'off', '{}', '2026-03-11', 'x', ${evidence ? kept.id : null}, 'approved', 'ann', 'ann',
            ${approvedBy}, ${approvedBy}, now())`.execute(ctx.db);
      });
    await expect(insert('ann', true)).rejects.toThrow('rule_changes_two_people');
    await expect(insert(null, true)).rejects.toThrow('rule_changes_approved');
    await expect(insert('bob', false)).rejects.toThrow('rule_changes_shape');
    await insert('bob', true);
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
