import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { type Id, newId, type TenantId } from '../../kernel/ids.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { unwrap } from '../../kernel/result.ts';
import { lockWithPersons, placeHold, placeWideStop } from '../accounts/public.ts';
import { type AnAccount, aClient, anAccount } from '../accounts/testing.ts';
import { recordConsent, revokeConsent } from './consents.ts';
import { describeDebt } from './describe-debt.ts';
import { plainSpeech, type Proposal } from './proposal.ts';
import { recordInbound } from './record-after-the-fact.ts';
import { previewPermits, requestPermits } from './request-permits.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York: when the collector's request reads its clock, and some seconds later, when somebody else's does.
const early = new Date('2026-03-11T15:00:00.000Z');
const later = new Date('2026-03-11T15:00:03.000Z');

type Debtor = AnAccount & { readonly phoneKey: string; readonly phoneId: string };

/** A consumer in New York who owes a customer of the agency. */
async function debtor(ctx: Ctx): Promise<Debtor> {
  const { clientId } = await aClient(ctx, { kind: 'agency_customer' });
  const account = await anAccount(ctx, {
    items: [{ amountMinor: 12_500n, dueOn: '2026-02-01' }],
    debtKind: 'consumer',
    phone: '+1 212 555 0123',
    clientId,
  });
  const limitation = { kind: 'none', basis: 'reduced to judgment' } as const;
  const description = { product: null, chargedOffOn: null, servicingGroup: null, principalMinor: null, limitation };
  unwrap(await describeDebt(ctx, { accountId: account.accountId, rowVersion: 0n, description }));
  const { rows } = await sql<{ id: string; value_key: string }>`select id, value_key from parties.contact_points_v
    where tenant_id = ${ctx.tenant} and party_id = ${account.partyId} and kind = 'phone'`.execute(ctx.db);
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

/** How many connections to the test's database wait for a lock at this moment. */
const waiting = () =>
  database.asSuperuser(async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    return rows[0]?.n ?? 0;
  });

/**
 * Two connections. A writer that read its clock later has the person's lock and writes; a caller that read its clock earlier waits for the
 * lock; only then the writer commits. What does the gate answer the caller?
 */
async function askedWhile(tenant: TenantId, to: Debtor, write: (ctx: Ctx) => Promise<unknown>) {
  const written = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const writing = database.within(tenant, later, async (ctx) => {
    await lockWithPersons(ctx, [to.accountId]);
    await write(ctx);
    written.resolve();
    await mayCommit.promise;
  });
  await Promise.race([written.promise, writing]);
  let answered = false;
  const asking = database.within(tenant, early, async (ctx) => {
    await lockWithPersons(ctx, [to.accountId]);
    const [answer] = await requestPermits(ctx, [call(to)]);
    answered = true;
    return answer;
  });
  while ((await waiting()) === 0) expect(answered).toBe(false);
  mayCommit.resolve();
  await writing;
  return asking;
}

describe('what commits while a call waits for its locks is seen by the gate, though its clock was read later', () => {
  const fresh = async () => {
    const tenant = await database.freshTenant({ at: early });
    return { tenant, to: await database.within(tenant, early, debtor) };
  };

  test.each([
    ['a hold on the person', { coverage: 'party' }],
    ['a hold on the account', { coverage: 'account' }],
    ['a hold on all that is open', { coverage: 'items' }],
  ] as const)('%s', async (_name, { coverage }) => {
    const { tenant, to } = await fresh();
    const whom = coverage === 'party' ? { coverage, clusterId: to.clusterId } : { coverage, accountId: to.accountId };
    const answer = await askedWhile(tenant, to, async (ctx) =>
      unwrap(
        await placeHold(ctx, {
          ...whom,
          ...(coverage === 'items' && { itemIds: to.itemIds }),
          reason: 'legal',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        } as Parameters<typeof placeHold>[1]),
      ),
    );
    expect(answer?.decision).toBe('deny');
    expect(answer?.reasons.some((reason) => /hold/i.test(reason.sentence))).toBe(true);
  });

  test('a hold placed for a later day holds from that day', async () => {
    const { tenant, to } = await fresh();
    const answer = await askedWhile(tenant, to, async (ctx) =>
      unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: to.accountId,
          reason: 'legal',
          effects: ['stop_contact'],
          from: new Date('2026-03-12T15:00:00Z'),
          source: { kind: 'test' },
        }),
      ),
    );
    expect(answer?.decision).toBe('allow');
  });

  test.each(['tenant', 'client', 'feed'] as const)('a wide stop of the %s', async (scope) => {
    const { tenant, to } = await fresh();
    const answer = await askedWhile(tenant, to, async (ctx) =>
      unwrap(
        await placeWideStop(ctx, {
          scope,
          ...(scope !== 'tenant' && { clientId: to.clientId }),
          reason: 'complaint of the regulator',
        }),
      ),
    );
    expect(answer?.decision).toBe('deny');
  });

  test('a consent taken back, without which the week after a conversation is closed', async () => {
    const { tenant, to } = await fresh();
    const consentId = await database.within(tenant, early, async (ctx) => {
      unwrap(
        await recordInbound(ctx, {
          channel: 'call',
          partyId: to.partyId,
          clientId: to.clientId,
          accountIds: [to.accountId],
          contactPointId: to.phoneId,
          addressKey: to.phoneKey,
          actKind: 'call',
          actId: newId<'call'>(),
          effectiveAt: new Date('2026-03-10T15:00:00Z'),
          conversation: true,
        }),
      );
      expect((await previewPermits(ctx, [call(to)]))[0]?.decision).toBe('defer');
      const given = await recordConsent(ctx, {
        giverPartyId: to.partyId,
        recipientKind: 'tenant',
        clientId: null,
        accountId: null,
        channel: 'call',
        addressKey: null,
        scope: 'call',
        detail: { through: '2026-03-16' },
        evidence: { words: 'Call me again tomorrow.' },
        effectiveFrom: new Date('2026-03-10T15:30:00Z'),
        expiresAt: null,
      });
      expect((await previewPermits(ctx, [call(to)]))[0]?.decision).toBe('allow');
      return unwrap(given).consentId as Id<'consent'>;
    });
    const answer = await askedWhile(tenant, to, async (ctx) =>
      unwrap(await revokeConsent(ctx, { consentId, evidence: { words: 'no more calls' } })),
    );
    expect(answer?.decision).toBe('defer');
  });
});
