import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { testDatabase } from '../../../test/support/database.ts';
import {
  loadFacts,
  lockWithPersons,
  placeHold,
  placeWideStop,
  releaseHold,
  releaseWideStop,
} from '../accounts/public.ts';
import { type AnAccount, anAccount } from '../accounts/testing.ts';
import { computeOpenings } from './compute-openings.ts';
import { recordConsent, revokeConsent } from './consents.ts';
import { decide } from './decide.ts';
import type { GateFacts } from './gate-facts.ts';
import { closeIncident } from './incidents.ts';
import { loadRuleBook } from './load-gate-facts.ts';
import { assertPermit } from './permit.ts';
import { endPreference, recordOptOut, recordPreference } from './preferences.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { recordAfterTheFact, recordInbound } from './record-after-the-fact.ts';
import { previewPermits, requestPermits } from './request-permits.ts';
import { settleRegister } from './settle-register.ts';
import { verifyPermits } from './verify-permits.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');

async function debtor(
  ctx: Ctx,
  options: Parameters<typeof anAccount>[1] = {},
): Promise<AnAccount & { contactPointId: string }> {
  const account = await anAccount(ctx, { items: [{ amountMinor: 12_500n, dueOn: '2026-02-01' }], ...options });
  const { rows } = await sql<{ id: string }>`select id from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and party_id = ${account.partyId} and kind = 'email'`.execute(ctx.db);
  return { ...account, contactPointId: rows[0]?.id ?? '' };
}

const mail = (to: AnAccount & { contactPointId: string }, changes: Partial<Proposal> = {}): Proposal => ({
  act: 'automatic_message',
  channel: 'email',
  partyId: to.partyId,
  clientId: to.clientId,
  accountIds: [to.accountId],
  contactPointId: to.contactPointId,
  addressKey: to.email,
  actKind: 'message',
  actId: newId(),
  purpose: 'collect',
  content: { ...plainSpeech, has: ['identity', 'reply_path', 'unsubscribe'] },
  ...changes,
});
const call = (to: AnAccount & { contactPointId: string }): Proposal =>
  mail(to, {
    act: 'manual_call',
    channel: 'call',
    actKind: 'call',
    contactPointId: null,
    addressKey: null,
    content: plainSpeech,
  });

const ask = async (ctx: Ctx, ...proposals: Proposal[]) => {
  await lockWithPersons(ctx, proposals.flatMap((one) => one.accountIds) as never);
  return requestPermits(ctx, proposals);
};
const register = async (ctx: Ctx) =>
  (
    await sql<{ status: string; conversation: boolean; local_on: string; direction: string }>`
    select status, conversation, local_on, direction from compliance.register_v where tenant_id = ${ctx.tenant} order by recorded_at, id`.execute(
      ctx.db,
    )
  ).rows;

describe('permits', () => {
  test('an allowed act is stored, spent and reserved at once; its answer repeats from what is stored', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const proposal = mail(to);
      const [answer] = await ask(ctx, proposal);
      expect(answer).toMatchObject({ decision: 'allow', reasons: [], actId: proposal.actId });
      assertPermit(answer?.permit);
      expect(answer?.permit?.validUntil).toEqual(new Date('2026-03-11T15:05:00Z'));
      expect(() => assertPermit({ ...answer?.permit })).toThrow('not a permit');
      const { rows } = await sql<{
        decision: string;
        act_id: string;
        facts: GateFacts;
        proposal: Proposal;
        decided_at: Date;
      }>`
        select decision, act_id, facts, proposal, decided_at from compliance.permits_v where tenant_id = ${tenant}`.execute(
        ctx.db,
      );
      expect(rows).toMatchObject([{ decision: 'allow', act_id: proposal.actId, decided_at: wednesday }]);
      expect(await register(ctx)).toMatchObject([{ status: 'reserved', local_on: '2026-03-11', direction: 'out' }]);
      const stored = rows[0];
      if (stored === undefined) throw new Error('no permit');
      expect(decide(stored.facts, stored.proposal, await loadRuleBook(ctx), wednesday).decision).toBe('allow');
    });
    const other = await database.freshTenant({ at: wednesday });
    await database.within(other, wednesday, async (ctx) => {
      const { rows } = await sql<{ n: bigint }>`select count(*) as n from (
        select 1 from compliance.permits union all select 1 from compliance.permit_uses union all select 1 from compliance.register_entries) x`.execute(
        ctx.db,
      );
      expect(rows[0]?.n).toBe(0n);
    });
  });

  test('a permit cannot be spent twice, changed or removed, whatever the code does', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const permitId = await database.within(tenant, wednesday, async (ctx) => {
      const [answer] = await ask(ctx, mail(await debtor(ctx)));
      return answer?.permitId ?? '';
    });
    const attempt = (statement: ReturnType<typeof sql>) =>
      database.within(tenant, wednesday, (ctx) => statement.execute(ctx.db));
    await expect(
      attempt(sql`insert into compliance.permit_uses (tenant_id, id, permit_id, act_kind, act_id, used_at)
        values (${tenant}, ${newId()}, ${permitId}, 'message', ${newId()}, now())`),
    ).rejects.toThrow('permit_uses_once');
    await expect(
      attempt(sql`update compliance.permits set decision = 'allow' where tenant_id = ${tenant}`),
    ).rejects.toThrow(/permission|only grows/);
    await expect(attempt(sql`delete from compliance.permit_uses where tenant_id = ${tenant}`)).rejects.toThrow(
      /permission|only grows/,
    );
    await expect(
      attempt(sql`update compliance.register_entries set status = 'released' where tenant_id = ${tenant}`),
    ).rejects.toThrow(/permission|only grows/);
  });

  test('later proposals of a batch see the earlier ones', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const answers = await ask(ctx, mail(to), mail(to));
      expect(answers.map((one) => one.decision)).toEqual(['allow', 'defer']);
      expect(answers[1]).toMatchObject({ permit: null, notBefore: new Date('2026-03-12T12:00:00Z') });
    });
  });

  test('a mailbox several persons share has one limit', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const sharing = [];
      for (let n = 0; n < 6; n += 1) sharing.push(await debtor(ctx, { email: 'books@shared.example' }));
      const byHand = sharing.map((one) => mail(one, { act: 'manual_message' }));
      const first = await ask(ctx, ...byHand.slice(0, 3));
      expect(first.map((answer) => answer.decision)).toEqual(['allow', 'allow', 'allow']);
      const rest = await ask(ctx, ...byHand.slice(3));
      expect(rest.map((answer) => answer.decision)).toEqual(['allow', 'allow', 'defer']);
      expect(rest[2]?.reasons.map((reason) => reason.ruleId)).toEqual(['B2B-MAIL-BURST']);
      // What others were told at that address is no contact with this person.
      expect((await previewPermits(ctx, [call(sharing[5] as never)]))[0]?.decision).toBe('allow');
      const apart = await debtor(ctx);
      expect((await previewPermits(ctx, [mail(apart, { act: 'manual_message' })]))[0]?.decision).toBe('allow');
    });
  });

  test('a reserved contact counts, a released one does not', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const first = mail(to);
      await ask(ctx, first);
      expect((await previewPermits(ctx, [mail(to)]))[0]?.decision).toBe('defer');
      await settleRegister(ctx, [{ actId: first.actId, status: 'released', reason: 'refused' }]);
      await settleRegister(ctx, [{ actId: first.actId, status: 'released', reason: 'refused' }]);
      expect((await previewPermits(ctx, [mail(to)]))[0]?.decision).toBe('allow');
      await settleRegister(ctx, [{ actId: first.actId, status: 'counted', reason: 'it arrived after all' }]);
      expect((await previewPermits(ctx, [mail(to)]))[0]?.decision).toBe('defer');
      const { rows } = await sql<{
        status: string;
      }>`select status from compliance.register_entries where tenant_id = ${tenant} order by id`.execute(ctx.db);
      expect(rows.map((row) => row.status)).toEqual(['reserved', 'released', 'counted']);
    });
  });

  test('caps follow the person through a merge of clusters, and rows keep the cluster they were born with', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const one = await debtor(ctx);
      const two = await debtor(ctx, { clientId: one.clientId });
      await ask(ctx, mail(one));
      expect((await previewPermits(ctx, [mail(two)]))[0]?.decision).toBe('allow');
      await sql`update parties.clusters set root_id = ${one.clusterId} where tenant_id = ${tenant} and id = ${two.clusterId}`.execute(
        ctx.db,
      );
      expect((await previewPermits(ctx, [mail(two)]))[0]?.decision).toBe('defer');
    });
  });

  test('the permit ends when the window closes', async () => {
    const evening = new Date('2026-03-11T21:57:30Z');
    const tenant = await database.freshTenant({ at: evening });
    await database.within(tenant, evening, async (ctx) => {
      const [answer] = await ask(ctx, mail(await debtor(ctx)));
      expect(answer?.permit?.validUntil).toEqual(new Date('2026-03-11T21:59:30Z'));
    });
  });
});

test('an account of which everything open is under a hold of its items is not called about; one with something left is', async () => {
  const tenant = await database.freshTenant({ at: wednesday });
  await database.within(tenant, wednesday, async (ctx) => {
    const two = await debtor(ctx, {
      items: [
        { amountMinor: 12_500n, dueOn: '2026-02-01' },
        { amountMinor: 700n, dueOn: '2026-02-03' },
      ],
    });
    const disputed = async (index: number, effects: readonly ('stop_contact' | 'stop_automatic')[]) =>
      unwrap(
        await placeHold(ctx, {
          coverage: 'items',
          accountId: two.accountId,
          itemIds: two.itemIds.slice(index, index + 1),
          reason: 'dispute',
          effects,
          source: { kind: 'test' },
        }),
      );
    const answer = async () => (await previewPermits(ctx, [call(two)]))[0];
    await disputed(0, ['stop_contact']);
    expect((await answer())?.decision).toBe('allow');
    await disputed(1, ['stop_automatic']);
    expect((await answer())?.decision).toBe('allow');
    const { holdId } = await disputed(1, ['stop_contact']);
    expect(await answer()).toMatchObject({
      decision: 'deny',
      reasons: [{ ruleId: 'B2B-HOLD-CONTACT', accountId: two.accountId }],
    });
    unwrap(await releaseHold(ctx, { holdId, reason: 'settled' }));
    expect((await answer())?.decision).toBe('allow');
  });
});

describe('wishes', () => {
  test('an opt-out raises the epochs of every account of the person and closes the address for all who share it', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const one = await debtor(ctx, { email: 'shared@debtor.example' });
      const second = await debtor(ctx, { clientId: one.clientId, partyId: one.partyId });
      const stranger = await debtor(ctx, { email: 'shared@debtor.example' });
      const optOut = {
        partyId: one.partyId,
        channel: 'email',
        addressKey: 'shared@debtor.example',
        sourceKind: 'unsubscribe_link',
        sourceId: 'm1',
      } as const;
      const before = (await loadFacts(ctx, second.accountId)).stopEpoch;
      const strangers = (await loadFacts(ctx, stranger.accountId)).stopEpoch;
      const written = unwrap(await recordOptOut(ctx, optOut));
      expect((await loadFacts(ctx, second.accountId)).stopEpoch).toBe(before + 1n);
      expect((await loadFacts(ctx, stranger.accountId)).stopEpoch).toBe(strangers + 1n);
      expect(unwrap(await recordOptOut(ctx, optOut))).toEqual({ preferenceId: written.preferenceId, already: true });
      expect((await loadFacts(ctx, second.accountId)).stopEpoch).toBe(before + 1n);
      const decisions = await previewPermits(ctx, [mail(one), mail(stranger), call(one)]);
      expect(decisions.map((decision) => decision.decision)).toEqual(['deny', 'deny', 'allow']);
      unwrap(await endPreference(ctx, { preferenceId: written.preferenceId, reason: 'asked to be written to again' }));
      expect((await previewPermits(ctx, [mail(one)]))[0]?.decision).toBe('allow');
      expect(await endPreference(ctx, { preferenceId: written.preferenceId, reason: 'again' })).toMatchObject({
        ok: false,
        code: 'already_ended',
      });
      expect(await recordOptOut(ctx, { ...optOut, partyId: newId() })).toMatchObject({ ok: false, code: 'not_found' });
    });
  });

  test('a time the person called inconvenient defers to its end', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      unwrap(
        await recordPreference(ctx, {
          partyId: to.partyId,
          kind: 'inconvenient_time',
          channel: 'call',
          addressKey: null,
          detail: { from: '09:00', to: '14:00' },
          sourceKind: 'call',
          sourceId: null,
        }),
      );
      const [onPhone, byMail] = await previewPermits(ctx, [call(to), mail(to)]);
      expect(onPhone).toMatchObject({ decision: 'defer', notBefore: new Date('2026-03-11T18:00:00Z') });
      expect(byMail?.decision).toBe('allow');
    });
  });

  test('a wish that can stop or narrow contact voids what was planned; a language does not', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const epoch = async () =>
        (
          await sql<{ n: bigint }>`select stop_epoch as n from accounts.facts_v
            where tenant_id = ${tenant} and id = ${to.accountId}`.execute(ctx.db)
        ).rows[0]?.n;
      const wish = (kind: Parameters<typeof recordPreference>[1]['kind'], detail: Record<string, string> = {}) =>
        recordPreference(ctx, {
          partyId: to.partyId,
          kind,
          channel: null,
          addressKey: null,
          detail,
          sourceKind: 'staff',
          sourceId: null,
        });
      const before = await epoch();
      expect(unwrap(await wish('language', { language: 'es' }))).toMatchObject({ already: false });
      expect(await epoch()).toBe(before);
      for (const kind of ['inconvenient_time', 'inconvenient_place', 'opt_out', 'cease'] as const) {
        const earlier = (await epoch()) ?? 0n;
        unwrap(await wish(kind, kind === 'inconvenient_time' ? { from: '09:00', to: '10:00' } : {}));
        expect(await epoch(), kind).toBe(earlier + 1n);
      }
    });
  });

  test('consent opens texts and its revocation closes them', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx, { phone: '+12125550100' });
      const { rows } = await sql<{
        id: string;
      }>`select id from parties.contact_points_v where tenant_id = ${tenant} and kind = 'phone'`.execute(ctx.db);
      const text = mail(to, { channel: 'sms', contactPointId: rows[0]?.id ?? null, addressKey: '+12125550100' });
      expect((await previewPermits(ctx, [text]))[0]?.decision).toBe('deny');
      const given = {
        giverPartyId: to.partyId,
        recipientKind: 'prior_collector',
        clientId: null,
        accountId: null,
        channel: 'sms',
        addressKey: '+12125550100',
        scope: 'tcpa',
        evidence: { form: 'web' },
        effectiveFrom: wednesday,
        expiresAt: null,
      } as const;
      unwrap(await recordConsent(ctx, given));
      expect((await previewPermits(ctx, [text]))[0]?.decision).toBe('deny');
      const { consentId } = unwrap(await recordConsent(ctx, { ...given, recipientKind: 'tenant' }));
      expect((await previewPermits(ctx, [text]))[0]?.decision).toBe('allow');
      unwrap(await revokeConsent(ctx, { consentId, evidence: { words: 'stop' } }));
      expect((await previewPermits(ctx, [text]))[0]?.decision).toBe('deny');
      expect(await recordConsent(ctx, { ...given, evidence: {} })).toMatchObject({ ok: false, code: 'needs_evidence' });
    });
  });
});

describe('what happened anyway', () => {
  test('a call at night is recorded, counts, and opens an incident that can be closed once', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const { act: _act, content: _content, ...past } = call(to);
      const recorded = unwrap(
        await recordAfterTheFact(ctx, {
          ...past,
          judgedAs: 'manual_call',
          effectiveAt: new Date('2026-03-11T03:00:00Z'),
          conversation: true,
        }),
      );
      expect(recorded.decision.reasons.map((reason) => reason.ruleId)).toEqual(['B2B-HOURS']);
      expect(await register(ctx)).toEqual([
        { status: 'counted', conversation: true, local_on: '2026-03-10', direction: 'out' },
      ]);
      const { rows } = await sql<{ id: string; summary: string; row_version: bigint }>`
        select id, summary, row_version from compliance.incidents_v where tenant_id = ${tenant}`.execute(ctx.db);
      expect(rows).toMatchObject([{ id: recorded.incidentId, row_version: 1n }]);
      const closing = { incidentId: recorded.incidentId ?? '', note: 'Spoke with the collector.', rowVersion: 1n };
      expect(await closeIncident(ctx, { ...closing, note: ' ' })).toMatchObject({ ok: false, code: 'needs_note' });
      expect(await closeIncident(ctx, { ...closing, rowVersion: 7n })).toMatchObject({
        ok: false,
        code: 'changed_meanwhile',
      });
      unwrap(await closeIncident(ctx, closing));
      expect(await closeIncident(ctx, closing)).toMatchObject({ ok: false, code: 'already_closed' });
      expect(
        await recordAfterTheFact(ctx, {
          ...past,
          judgedAs: 'manual_call',
          effectiveAt: new Date('2026-03-12T15:00:00Z'),
          conversation: false,
        }),
      ).toMatchObject({ ok: false, code: 'in_the_future' });
    });
  });

  test('is judged by the stops of that hour, also those that have ended since', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    const called = new Date('2026-03-11T14:00:00Z');
    const past = (to: AnAccount & { contactPointId: string }) => {
      const { act: _act, content: _content, ...rest } = call(to);
      return { ...rest, judgedAs: 'manual_call', effectiveAt: called, conversation: false } as const;
    };
    const earlier = new Date('2026-03-10T15:00:00Z');
    const stops = await database.within(tenant, earlier, async (ctx) => {
      const [held, ceased, stopped] = [await debtor(ctx), await debtor(ctx), await debtor(ctx)];
      const hold = unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: held.accountId,
          reason: 'dispute',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      );
      const wish = unwrap(
        await recordPreference(ctx, {
          partyId: ceased.partyId,
          kind: 'cease',
          channel: null,
          addressKey: null,
          sourceKind: 'staff',
          sourceId: null,
        }),
      );
      const stop = unwrap(await placeWideStop(ctx, { scope: 'client', clientId: stopped.clientId, reason: 'audit' }));
      return { held, ceased, stopped, hold, wish, stop };
    });
    await database.within(tenant, wednesday, async (ctx) => {
      unwrap(await releaseHold(ctx, { holdId: stops.hold.holdId, reason: 'settled' }));
      unwrap(await endPreference(ctx, { preferenceId: stops.wish.preferenceId, reason: 'asked to be called' }));
      unwrap(await releaseWideStop(ctx, stops.stop.stopId));
      expect(
        (await previewPermits(ctx, [call(stops.held), call(stops.ceased), call(stops.stopped)])).map(
          (one) => one.decision,
        ),
      ).toEqual(['allow', 'allow', 'allow']);
      for (const [to, rule] of [
        [stops.held, 'B2B-HOLD-CONTACT'],
        [stops.ceased, 'B2B-OPT-OUT'],
        [stops.stopped, 'B2B-WIDE-STOP'],
      ] as const) {
        const recorded = unwrap(await recordAfterTheFact(ctx, past(to)));
        expect(recorded.decision.reasons.map((reason) => reason.ruleId)).toEqual([rule]);
        expect(recorded.incidentId).not.toBeNull();
      }
    });
    const after = new Date('2026-03-11T16:00:00Z');
    await database.within(tenant, after, async (ctx) => {
      const later = { ...past(stops.held), actId: newId(), effectiveAt: new Date('2026-03-11T15:30:00Z') };
      expect(unwrap(await recordAfterTheFact(ctx, later)).incidentId).toBeNull();
    });
  });

  test('a lawful call opens none, and a conversation the person began starts the cool-down', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      const to = await debtor(ctx);
      const { act: _act, content: _content, ...past } = call(to);
      const recorded = unwrap(
        await recordAfterTheFact(ctx, {
          ...past,
          judgedAs: 'manual_call',
          effectiveAt: new Date('2026-03-11T14:00:00Z'),
          conversation: false,
        }),
      );
      expect(recorded.incidentId).toBeNull();
      expect((await previewPermits(ctx, [mail(to)]))[0]?.decision).toBe('allow');
      unwrap(
        await recordInbound(ctx, {
          ...past,
          actId: newId(),
          effectiveAt: new Date('2026-03-11T14:30:00Z'),
          conversation: true,
        }),
      );
      expect((await previewPermits(ctx, [mail(to)]))[0]?.reasons.map((reason) => reason.ruleId)).toEqual([
        'B2B-AFTER-TALK',
      ]);
    });
  });
});

describe('openings and tightenings', () => {
  test('openings follow zone, country and holidays, and repeat without effect', async () => {
    const tenant = await database.freshTenant({ at: wednesday });
    await database.within(tenant, wednesday, async (ctx) => {
      await debtor(ctx);
      await debtor(ctx, { timeZone: 'Europe/Berlin', country: 'DE' });
      // Nothing known: reckoned with the client's zone and country until the gate says otherwise.
      await debtor(ctx, { timeZone: null, country: null });
      const from = calendarDate('2026-12-24');
      const to = calendarDate('2026-12-28');
      expect(await computeOpenings(ctx, from, to)).toBe(20);
      expect(await computeOpenings(ctx, from, to)).toBe(20);
      const { rows } = await sql<{ time_zone: string; country: string; local_on: string; opens_at: Date | null }>`
        select time_zone, country, local_on, opens_at from compliance.openings_v where tenant_id = ${tenant} and opens_at is not null and channel = 'email'
        order by country, local_on`.execute(ctx.db);
      expect(rows.map((row) => [row.country, row.local_on, row.opens_at?.toISOString()])).toEqual([
        ['DE', '2026-12-24', '2026-12-24T07:00:00.000Z'],
        ['DE', '2026-12-28', '2026-12-28T07:00:00.000Z'],
        ['US', '2026-12-24', '2026-12-24T13:00:00.000Z'],
        ['US', '2026-12-28', '2026-12-28T13:00:00.000Z'],
      ]);
    });
  });
});

test('verify names a permit whose facts or decision were altered, and one spent on nothing', async () => {
  const tenant = await database.freshTenant({ at: wednesday });
  const [altered, turned, spent] = await database.within(tenant, wednesday, async (ctx) => {
    const unknownPlace = { timeZone: null, country: null } as const;
    const answers = [
      ...(await ask(ctx, mail(await debtor(ctx, unknownPlace)))),
      ...(await ask(ctx, mail(await debtor(ctx, unknownPlace)))),
    ];
    expect(answers.map((one) => one.decision)).toEqual(['deny', 'deny']);
    expect(await verifyPermits(ctx)).toEqual([]);
    return [...answers, ...(await ask(ctx, call(await debtor(ctx))))].map((one) => one.permitId);
  });
  await database.asSuperuser(async (client) => {
    await client.query(`set session_replication_role = replica`);
    await client.query(
      `update compliance.permits set facts = jsonb_set(facts, '{accounts,0,dueMinor}', '"1"') where id = $1`,
      [altered],
    );
    await client.query(`update compliance.permits set decision = 'allow' where id = $1`, [turned]);
  });
  await database.within(tenant, wednesday, async (ctx) => {
    const findings = (await verifyPermits(ctx)).map((finding) => [finding.code, finding.subjectId]);
    expect(findings).toEqual([
      ['use_without_act', spent],
      ['permit_facts_altered', altered],
      ['decision_not_repeatable', turned],
    ]);
  });
});
