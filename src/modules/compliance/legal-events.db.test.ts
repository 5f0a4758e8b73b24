import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { joinPeople, loadFacts, lockWithPersons } from '../accounts/public.ts';
import { type AnAccount, aClient, anAccount } from '../accounts/testing.ts';
import { approveClassification, classifyClient, listClassifications } from './classify-client.ts';
import { recordConsent, revokeConsent } from './consents.ts';
import { describeDebt } from './describe-debt.ts';
import { legalPicture } from './legal-picture.ts';
import { aboutAccount, listClocks } from './list-clocks.ts';
import { loadGateFacts } from './load-gate-facts.ts';
import { recordPreference } from './preferences.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { recordInbound } from './record-after-the-fact.ts';
import { type NewLegalEvent, recordLegalEvent } from './record-legal-event.ts';
import { recordStopRequest } from './record-stop-request.ts';
import { previewPermits, requestPermits } from './request-permits.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');
const days = (n: number) => new Date(wednesday.getTime() + n * 86_400_000);

type Debtor = AnAccount & { phoneKey: string; phoneId: string };

/** A consumer in New York who owes a customer of the agency. */
async function debtor(ctx: Ctx, options: Parameters<typeof anAccount>[1] = {}): Promise<Debtor> {
  const clientId = options.clientId ?? (await aClient(ctx, { kind: 'agency_customer' })).clientId;
  const account = await anAccount(ctx, {
    items: [{ amountMinor: 12_500n, dueOn: '2026-02-01' }],
    debtKind: 'consumer',
    phone: '+1 212 555 0123',
    ...options,
    clientId,
  });
  const { rows } = await sql<{ id: string; value_key: string }>`select id, value_key from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and party_id = ${account.partyId} and kind = 'phone'`.execute(ctx.db);
  const none = { kind: 'none', basis: 'reduced to judgment' } as const;
  const description = { product: 'credit_card', chargedOffOn: null, servicingGroup: null, principalMinor: null };
  unwrap(
    await describeDebt(ctx, {
      accountId: account.accountId,
      rowVersion: 0n,
      description: { ...description, limitation: none },
    }),
  );
  return { ...account, phoneId: rows[0]?.id ?? '', phoneKey: rows[0]?.value_key ?? '' };
}

const call = (to: Debtor): Proposal => ({
  act: 'manual_call',
  channel: 'call',
  partyId: to.partyId,
  clientId: to.clientId,
  accountIds: [to.accountId],
  contactPointId: to.phoneId,
  addressKey: to.phoneKey,
  actKind: 'call',
  actId: newId(),
  purpose: 'collect',
  content: plainSpeech,
});
const event = (to: Debtor, type: string, detail: Record<string, unknown> = {}): NewLegalEvent => ({
  type,
  partyId: to.partyId,
  accountIds: null,
  detail,
  sourceKind: 'staff',
});
const epoch = async (ctx: Ctx, to: Debtor) => (await loadFacts(ctx, to.accountId)).stopEpoch;
const within = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, at = wednesday) => database.within(tenant, at, fn);
const fresh = () => database.freshTenant({ at: wednesday });

describe('legal events', () => {
  test('one that stops voids what was planned, binds the gate, and is not written twice while it stands', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx);
      const other = await debtor(ctx, { clientId: to.clientId });
      unwrap(await joinPeople(ctx, { from: other.clusterId, into: to.clusterId, reason: 'one' }));
      const before = [await epoch(ctx, to), await epoch(ctx, other)];
      const first = unwrap(await recordLegalEvent(ctx, event(to, 'attorney_notice', { name: 'Ms Day' })));
      expect(first.already).toBe(false);
      expect([await epoch(ctx, to), await epoch(ctx, other)]).toEqual(before.map((one) => one + 1n));
      const again = unwrap(await recordLegalEvent(ctx, event(to, 'attorney_notice', { name: 'Ms Day' })));
      expect(again).toEqual({ eventId: first.eventId, already: true });
      const [answer] = await previewPermits(ctx, [call(other)]);
      expect(answer?.decision).toBe('deny');
      expect(answer?.reasons.map((reason) => reason.ruleId)).toContain('US-REGF-6B2-ATTORNEY');
      const picture = await legalPicture(ctx, other.accountId, null);
      expect(picture?.standing).toMatchObject([
        { type: 'attorney_notice', since: wednesday.toISOString(), endedBy: ['The representation has ended'] },
      ]);
      expect(picture?.standing[0]?.rules.map((rule) => rule.citation).join()).toContain('1692c(a)(2)');
    });
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx);
      unwrap(
        await recordPreference(ctx, {
          partyId: to.partyId,
          kind: 'inconvenient_time',
          channel: null,
          addressKey: null,
          detail: { weekdays: [5], from: '12:00', to: '14:00' },
          sourceKind: 'staff',
          sourceId: null,
        }),
      );
      const picture = await legalPicture(ctx, to.accountId, null);
      expect(picture?.standing).toMatchObject([{ type: 'inconvenient_time' }]);
      // Rules about hours keep such times free; no event sets them off, so they were once said not to exist.
      expect(picture?.standing[0]?.rules.map((rule) => rule.ruleId)).toContain('US-REGF-6B1-TIME');
    });
    const later = days(1);
    await within(
      tenant,
      async (ctx) => {
        const { rows } = await sql<{ party_id: string; id: string }>`
          select party_id, id from accounts.accounts_v where tenant_id = ${ctx.tenant} order by id limit 1`.execute(
          ctx.db,
        );
        const [row] = rows;
        if (row === undefined) throw new Error('no account');
        unwrap(
          await recordLegalEvent(ctx, {
            type: 'representation_ended',
            partyId: row.party_id,
            accountIds: null,
            detail: {},
            sourceKind: 'staff',
          }),
        );
        expect((await legalPicture(ctx, row.id, null))?.standing).toEqual([]);
        expect((await legalPicture(ctx, row.id, null))?.events).toHaveLength(2);
      },
      later,
    );
    await within(await fresh(), async (ctx) => {
      const { rows } = await sql`select 1 from compliance.legal_events`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
  });

  test('refuses what makes no sense, by name', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx);
      const stranger = await debtor(ctx);
      const refusal = async (changes: Partial<NewLegalEvent>) => {
        const answer = await recordLegalEvent(ctx, { ...event(to, 'dispute', { form: 'written' }), ...changes });
        return answer.ok ? 'ok' : `${answer.code}: ${answer.detail}`;
      };
      expect(await refusal({ type: 'disputed_hotly' })).toMatch(/^unknown_event_type: .*"disputed_hotly"/);
      expect(await refusal({ detail: { form: 'sung' } })).toMatch(/^invalid: .*written, electronic, oral/);
      expect(await refusal({ effectiveAt: days(1) })).toMatch(/^in_the_future/);
      expect(await refusal({ partyId: newId() })).toMatch(/^not_found/);
      expect(await refusal({ accountIds: [stranger.accountId] })).toMatch(/^account_not_found/);
      expect(await refusal({ accountIds: [] })).toMatch(/^invalid: .*at least one debt/);
      expect(await refusal({ type: 'number_misdirected', detail: {} })).toMatch(/^invalid: .*address/);
      expect(await refusal({ type: 'deceased', detail: {}, accountIds: [to.accountId] })).toMatch(/^invalid/);
      const { rows } = await sql`select 1 from compliance.legal_events where tenant_id = ${tenant}`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
    const asCollector = await database.within(
      tenant,
      wednesday,
      async (ctx) => recordLegalEvent(ctx, event(await debtor(ctx), 'representation_ended')),
      ['holds.write'],
    );
    expect(asCollector).toMatchObject({ ok: false, code: 'forbidden' });
  });

  test('a number that is somebody else’s leaves the counts of the person', async () => {
    const tenant = await fresh();
    const to = await within(tenant, (ctx) => debtor(ctx));
    for (let i = 0; i < 7; i += 1) {
      const at = new Date(wednesday.getTime() + i * 60_000);
      await within(
        tenant,
        async (ctx) => {
          await lockWithPersons(ctx, [to.accountId]);
          expect((await requestPermits(ctx, [call(to)]))[0]?.decision).toBe('allow');
        },
        at,
      );
    }
    const at = new Date(wednesday.getTime() + 3_600_000);
    await within(
      tenant,
      async (ctx) => {
        const before = await previewPermits(ctx, [call(to)]);
        expect(before[0]?.reasons.map((reason) => reason.ruleId)).toContain('US-REGF-14B-7IN7');
        unwrap(await recordLegalEvent(ctx, { ...event(to, 'number_misdirected'), addressKey: to.phoneKey }));
        const after = await previewPermits(ctx, [call(to)]);
        expect(after[0]?.reasons.map((reason) => reason.ruleId)).not.toContain('US-REGF-14B-7IN7');
      },
      at,
    );
  });
});

describe('stop requests', () => {
  test.each([
    [{ what: 'channel', channel: 'call' }, 'oral', /No more calls/],
    [{ what: 'everything' }, 'oral', /No more contact at all/],
    [{ what: 'everything' }, 'written', /No more contact at all/],
    [{ what: 'refuses_to_pay' }, 'written', /refusal/],
  ] as const)(
    '%j, %s: the next call is refused, in the same transaction, for the whole person',
    async (stopping, form, said) => {
      const tenant = await fresh();
      await within(tenant, async (ctx) => {
        const to = await debtor(ctx);
        const twin = await debtor(ctx, { clientId: to.clientId });
        unwrap(await joinPeople(ctx, { from: twin.clusterId, into: to.clusterId, reason: 'one' }));
        expect((await previewPermits(ctx, [call(twin)]))[0]).toMatchObject({ decision: 'allow', reasons: [] });
        const before = await epoch(ctx, twin);
        const request = { partyId: to.partyId, stopping, form, said: 'leave me be', sourceKind: 'call' } as const;
        expect(unwrap(await recordStopRequest(ctx, request)).sentence).toMatch(said);
        expect((await previewPermits(ctx, [call(twin)]))[0]?.decision).toBe('deny');
        expect(await epoch(ctx, twin)).toBe(before + 1n);
        expect(unwrap(await recordStopRequest(ctx, request)).already).toBe(true);
        expect(await epoch(ctx, twin)).toBe(before + 1n);
      });
    },
  );

  test('a spoken stop takes back the consents it contradicts and no others', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx);
      for (const scope of ['tcpa', 'call', 'email', 'esign'])
        unwrap(
          await recordConsent(ctx, {
            giverPartyId: to.partyId,
            recipientKind: 'tenant',
            clientId: null,
            accountId: null,
            channel: scope === 'email' || scope === 'esign' ? 'email' : 'call',
            addressKey: null,
            scope,
            detail: scope === 'call' ? { through: '2026-04-01' } : {},
            evidence: { words: 'yes' },
            effectiveFrom: days(-10),
            expiresAt: null,
          }),
        );
      const stopped = unwrap(
        await recordStopRequest(ctx, {
          partyId: to.partyId,
          stopping: { what: 'address', addressKey: to.phoneKey, addressKind: 'phone' },
          form: 'oral',
          said: null,
          sourceKind: 'call',
        }),
      );
      expect(stopped.revokedConsents).toBe(2);
      const consents = (await legalPicture(ctx, to.accountId, null))?.consents ?? [];
      expect(
        consents
          .filter((one) => one.revokedAt === null)
          .map((one) => one.scope)
          .sort(),
      ).toEqual(['email', 'esign']);
      expect((await previewPermits(ctx, [call(to)]))[0]?.decision).toBe('deny');
      const email = consents.find((one) => one.scope === 'email');
      const before = await epoch(ctx, to);
      unwrap(await revokeConsent(ctx, { consentId: email?.id ?? '', evidence: { words: 'no' } }));
      expect(await epoch(ctx, to)).toBe(before + 1n);
    });
  });

  test('two connections: a send that waits for a stop is refused when it comes to its turn', async () => {
    const tenant = await fresh();
    const to = await within(tenant, (ctx) => debtor(ctx));
    const { promise: stopWritten, resolve: wrote } = Promise.withResolvers<void>();
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const stopping = within(tenant, async (ctx) => {
      unwrap(
        await recordStopRequest(ctx, {
          partyId: to.partyId,
          stopping: { what: 'everything' },
          form: 'oral',
          said: null,
          sourceKind: 'call',
        }),
      );
      wrote();
      await mayCommit;
    });
    await stopWritten;
    let answered = false;
    const sending = within(tenant, async (ctx) => {
      await lockWithPersons(ctx, [to.accountId]);
      const [answer] = await requestPermits(ctx, [call(to)]);
      answered = true;
      return answer?.decision;
    });
    await waiting(tenant);
    expect(answered).toBe(false);
    commit();
    await stopping;
    expect(await sending).toBe('deny');
  });
});

/** Until another connection waits for a lock. */
async function waiting(tenant: TenantId): Promise<void> {
  for (;;) {
    const blocked = await database.asSuperuser(
      async (client) =>
        (
          await client.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          )
        ).rows[0]?.n ?? 0,
    );
    if (blocked > 0) return;
    await within(tenant, (ctx) => sql`select pg_sleep(0.01)`.execute(ctx.db));
  }
}

describe('debts and classifications', () => {
  test('a debt is described once at a time, its last day to sue reckoned and kept', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await anAccount(ctx);
      const description = {
        product: 'credit_card',
        chargedOffOn: calendarDate('2024-06-30'),
        servicingGroup: null,
        principalMinor: 12_500n,
        limitation: { kind: 'regime', regime: 'US-NY-CONSUMER-CREDIT', accruedOn: '2024-01-31' },
      } as const;
      const written = unwrap(await describeDebt(ctx, { accountId: to.accountId, rowVersion: 0n, description }));
      expect(written).toMatchObject({
        lastDayToSue: '2027-01-31',
        rowVersion: 1n,
        limitation: { regime: 'US-NY-CONSUMER-CREDIT', accruedOn: '2024-01-31', years: 3, ruleId: 'US-LIMITATION' },
      });
      expect(await describeDebt(ctx, { accountId: to.accountId, rowVersion: 0n, description })).toMatchObject({
        code: 'changed_meanwhile',
      });
      const unknown = { ...description, limitation: { ...description.limitation, regime: 'NOWHERE' } } as const;
      expect(await describeDebt(ctx, { accountId: to.accountId, rowVersion: 1n, description: unknown })).toMatchObject({
        code: 'unknown_regime',
        detail: expect.stringContaining('NOWHERE') as string,
      });
      const none = { ...description, limitation: { kind: 'none', basis: 'judgment' } } as const;
      expect(
        unwrap(await describeDebt(ctx, { accountId: to.accountId, rowVersion: 1n, description: none })),
      ).toMatchObject({ lastDayToSue: null, rowVersion: 2n });
      expect(await describeDebt(ctx, { accountId: newId(), rowVersion: 0n, description })).toMatchObject({
        code: 'account_not_found',
      });
    });
  });

  test('a classification binds when a second person has approved it', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx, { clientId: (await aClient(ctx)).clientId });
      const as = (id: string): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id, name: id } });
      const collector = async () => (await legalPicture(ctx, to.accountId, null))?.collector;
      expect(await collector()).toBe('first_party');
      const input = {
        clientId: to.clientId,
        collector: 'third_party',
        evidence: 'Servicing agreement of 2025, section 2',
        effectiveFrom: calendarDate('2026-01-01'),
      } as const;
      const { classificationId } = unwrap(await classifyClient(as('ann'), input));
      expect(await collector()).toBe('first_party');
      expect(await approveClassification(as('ann'), classificationId)).toMatchObject({ code: 'needs_second_person' });
      unwrap(await approveClassification(as('ben'), classificationId));
      expect(await collector()).toBe('third_party');
      expect(await approveClassification(as('cat'), classificationId)).toMatchObject({ code: 'already_done' });
      const key = { ...ctx, actor: { ...ctx.actor, kind: 'key' as const } };
      expect(await classifyClient(key, input)).toMatchObject({ code: 'needs_person' });
      expect(await classifyClient(as('ann'), { ...input, evidence: ' ' })).toMatchObject({ code: 'needs_evidence' });
      expect(await listClassifications(ctx, to.clientId)).toMatchObject([
        { signedBy: 'ann', approvedBy: 'ben', effectiveFrom: '2026-03-11' },
      ]);
    });
  });
});

describe('clocks', () => {
  test('start, run out and end with what answers them, for one debt and in the list', async () => {
    const tenant = await fresh();
    const started = days(-40);
    const [to, other] = await within(
      tenant,
      async (ctx) => {
        const clientId = (await aClient(ctx, { kind: 'agency_customer' })).clientId;
        const made = [await debtor(ctx, { clientId }), await debtor(ctx, { clientId })] as const;
        for (const one of made) {
          unwrap(await recordLegalEvent(ctx, event(one, 'direct_dispute', { form: 'written' })));
        }
        return made;
      },
      started,
    );
    await within(tenant, async (ctx) => {
      const mine = await legalPicture(ctx, to.accountId, null);
      expect(mine?.clocks).toMatchObject([
        { ruleId: 'US-FCRA', part: 'direct-dispute', dueBy: '2026-03-01', doneAt: null, overdue: true },
      ]);
      const all = unwrap(await listClocks(ctx, { clientIds: null, state: 'overdue' }, { limit: 50 }));
      expect(all.rows.map((row) => row.accountId).sort()).toEqual([to.accountId, other.accountId].sort());
      const first = unwrap(await listClocks(ctx, { clientIds: null, state: 'all' }, { limit: 1 }));
      expect(first.rows).toHaveLength(1);
      const second = unwrap(
        await listClocks(ctx, { clientIds: null, state: 'all' }, { limit: 1, cursor: first.nextCursor ?? '' }),
      );
      expect(second.rows).toHaveLength(1);
      expect(second.rows[0]?.accountId).not.toBe(first.rows[0]?.accountId);
      expect(unwrap(await listClocks(ctx, { clientIds: [newId()], state: 'all' }, { limit: 5 })).rows).toEqual([]);
      unwrap(await recordLegalEvent(ctx, event(to, 'direct_dispute_answered')));
      expect((await legalPicture(ctx, to.accountId, null))?.clocks).toMatchObject([
        { doneAt: '2026-03-11', overdue: false },
      ]);
      const left = unwrap(await listClocks(ctx, { clientIds: null, state: 'all' }, { limit: 50 }));
      expect(left.rows.map((row) => row.accountId)).toEqual([other.accountId]);
      expect(left.rows[0]).toMatchObject({ startedBy: 'direct_dispute', overdue: true });
    });
    await within(await fresh(), async (ctx) => {
      expect(unwrap(await listClocks(ctx, { clientIds: null, state: 'all' }, { limit: 50 })).rows).toEqual([]);
    });
  });

  test('business days leave out weekends and federal holidays; soon is a week', async () => {
    const tenant = await fresh();
    // Memorial Day 2026 is 25 May.
    const friday = new Date('2026-05-15T15:00:00Z');
    const to = await within(
      tenant,
      async (ctx) => {
        const made = await debtor(ctx);
        const { consentId } = unwrap(
          await recordConsent(ctx, {
            giverPartyId: made.partyId,
            recipientKind: 'tenant',
            clientId: null,
            accountId: null,
            channel: 'call',
            addressKey: null,
            scope: 'tcpa',
            evidence: { words: 'yes' },
            effectiveFrom: wednesday,
            expiresAt: null,
          }),
        );
        unwrap(await revokeConsent(ctx, { consentId, evidence: { words: 'no more robots' } }));
        return made;
      },
      friday,
    );
    await within(
      tenant,
      async (ctx) => {
        const list = async (state: 'soon' | 'all') =>
          unwrap(await listClocks(ctx, { clientIds: null, state }, { limit: 10 })).rows;
        expect(await list('all')).toMatchObject([
          { ruleId: 'US-TCPA-REVOKE', accountId: to.accountId, dueBy: '2026-06-01', overdue: false },
        ]);
        expect(await list('soon')).toEqual([]);
      },
      new Date('2026-05-20T15:00:00Z'),
    );
    await within(
      tenant,
      async (ctx) => {
        expect(unwrap(await listClocks(ctx, { clientIds: null, state: 'soon' }, { limit: 10 })).rows).toHaveLength(1);
        const [gated] = await loadGateFacts(ctx, [
          aboutAccount({ account_id: to.accountId, party_id: to.partyId, client_id: to.clientId }),
        ]);
        expect(gated?.facts.events.map((one) => one.type)).toContain('tcpa_revocation');
      },
      new Date('2026-05-26T15:00:00Z'),
    );
  });

  test('a conversation starts the clock of the validation notice', async () => {
    const tenant = await fresh();
    await within(tenant, async (ctx) => {
      const to = await debtor(ctx);
      await lockWithPersons(ctx, [to.accountId]);
      unwrap(
        await recordInbound(ctx, {
          channel: 'call',
          partyId: to.partyId,
          clientId: to.clientId,
          accountIds: [to.accountId],
          contactPointId: to.phoneId,
          addressKey: to.phoneKey,
          actKind: 'call',
          actId: newId(),
          effectiveAt: wednesday,
          conversation: true,
        }),
      );
      const { rows } = unwrap(await listClocks(ctx, { clientIds: null, state: 'soon' }, { limit: 10 }));
      expect(rows.map((row) => `${row.ruleId} ${row.dueBy}`)).toContain('US-REGF-34-VALIDATION 2026-03-16');
    });
  });
});
