import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { checksums, tablesNaming } from '../../test/http/all-rows.ts';
import { testDatabase } from '../../test/support/database.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { unwrap } from '../kernel/result.ts';
import { placeHold } from '../modules/accounts/public.ts';
import { type AnAccount, anAccount } from '../modules/accounts/testing.ts';
import {
  approveErasure,
  eraseNext,
  listApprovedErasures,
  listKeptPersons,
  obstaclesToErasing,
  findPerson,
  placeLegalHold,
  previewPermits,
  recordConsent,
  recordOptOut,
  recordPreference,
  releaseLegalHold,
  requestErasure,
} from '../modules/compliance/public.ts';
import { someProposal } from '../modules/compliance/testing.ts';
import { addNote } from '../modules/desk/public.ts';
import { listAudit, sealAudit, systemActor } from '../modules/identity/public.ts';
import { testInstallation } from '../modules/identity/testing.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { aReceipt } from '../modules/payments/testing.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import { checkEvidence } from './evidence/check-evidence.ts';
import { makeEvidence } from './evidence/make-evidence.ts';
import { collect } from '../../test/support/collect.ts';
import { writeZip } from '../kernel/zip.ts';
import { eraseApproved } from './erase-person.ts';
import { logCall } from './log-call.ts';
import { runDay } from './run-day.ts';
import { sendDue } from './send-due.ts';
import { verify } from './verify.ts';

const database = await testDatabase();
const monday = new Date('2026-01-05T15:00:00Z');
const later = new Date('2027-02-01T15:00:00Z');
const installationAt = (at: Date) => testInstallation(database, { now: () => at });
const email = 'wombat.secret@debtor.example';
const phone = '+1 212 555 0142';
const canaries = ['wombat', '2125550142', '212 555 0142', 'Elm Street'];

const as = <T>(tenant: TenantId, name: string, at: Date, fn: (ctx: Ctx) => Promise<T>): Promise<T> =>
  database.within(tenant, at, (ctx) => fn({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: name, name } }));

/** Somebody written to, called, noted, held, with wishes, consents and a payment that settles the account, in a tenant's own words. */
async function worked(
  kind: 'own_entity' | 'agency_customer' = 'own_entity',
): Promise<{ tenant: TenantId; account: AnAccount }> {
  const tenant = await database.freshTenant({ at: monday });
  const account = await as(tenant, 'ann', monday, async (ctx) => {
    await publishDefault(ctx);
    const made = await anAccount(ctx, {
      name: 'Wombat Secretperson',
      email,
      phone,
      debtKind: kind === 'own_entity' ? 'commercial' : 'consumer',
      items: [{ amountMinor: 90_000n, dueOn: '2025-12-30' }],
    });
    await ensureSender(ctx, made.clientId);
    unwrap(await runDay(ctx));
    return made;
  });
  const { accountId, partyId, clientId } = account;
  if (kind === 'agency_customer')
    await database.asSuperuser((client) =>
      client.query(`update accounts.clients set kind = $2 where id = $1`, [clientId, kind]),
    );
  await sendDue(
    { ...installationAt(monday), config: { publicUrl: 'http://dunwell.example' } },
    tenant,
    systemActor('worker'),
  );
  await as(tenant, 'ann', monday, async (ctx) => {
    unwrap(await logCall(ctx, { accountId, direction: 'out', outcome: 'conversation', note: 'Wombat was friendly' }));
    unwrap(await addNote(ctx, { accountId, body: 'Wombat lives at 4 Elm Street' }));
    unwrap(
      await placeHold(ctx, {
        coverage: 'account',
        accountId,
        reason: 'query',
        effects: ['stop_automatic'],
        note: 'Wombat asked',
        source: { kind: 'manual', id: null },
      } as unknown as Parameters<typeof placeHold>[1]),
    );
    unwrap(
      await recordConsent(ctx, {
        giverPartyId: partyId,
        recipientKind: 'tenant',
        clientId: null,
        accountId: null,
        channel: 'email',
        addressKey: email,
        scope: 'email',
        evidence: { words: 'Wombat said yes' },
        effectiveFrom: monday,
        expiresAt: null,
      }),
    );
    unwrap(
      await recordOptOut(ctx, { partyId, channel: 'email', addressKey: email, sourceKind: 'staff', sourceId: null }),
    );
    await aReceipt(ctx, {
      clientId,
      accountId,
      amountMinor: 90_000n,
      on: '2026-01-05',
      payerName: 'Wombat Secretperson',
      reference: 'wombat pays',
    });
    await sealAudit(ctx);
  });
  return { tenant, account };
}

const request = (tenant: TenantId, partyId: string, at = later) =>
  as(tenant, 'ann', at, (ctx) =>
    requestErasure(ctx, { partyId, basis: 'request', reason: 'Asked by letter, passport seen' }),
  );
const findings = (tenant: TenantId, at = later) =>
  as(tenant, 'ann', at, async (ctx) => {
    await sealAudit(ctx);
    return (await verify(ctx)).findings;
  });

describe('forgetting a person', () => {
  it('leaves nothing personal anywhere, the books whole and the neighbour untouched', async () => {
    const neighbour = await worked();
    const { tenant, account } = await worked();
    expect(await tablesNaming(database, tenant, ['wombat'])).not.toEqual([]);
    const before = await checksums(database, neighbour.tenant);
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    expect(await eraseApproved(installationAt(later), tenant)).toBe(1);
    expect(await tablesNaming(database, tenant, canaries)).toEqual([]);
    expect(await findings(tenant)).toEqual([]);
    expect(await checksums(database, neighbour.tenant)).toEqual(before);
    const read = await as(tenant, 'ann', later, async (ctx) => unwrap(await listAudit(ctx, {}, { limit: 200 })));
    expect(
      JSON.stringify(read.entries, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).toLowerCase(),
    ).not.toContain('wombat');
    expect(await eraseApproved(installationAt(later), tenant)).toBe(0);
  });

  it('leaves evidence that can still be checked, without the facts', async () => {
    const { tenant, account } = await worked();
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    await eraseApproved(installationAt(later), tenant);
    const parts = makeEvidence(installationAt(later), tenant, systemActor('Olga'), { accountId: account.accountId });
    const archive = Buffer.concat(await collect(writeZip(parts)));
    expect(checkEvidence(archive)).toMatchObject({ findings: [], permits: 2 });
    expect(archive.toString('latin1').toLowerCase()).not.toContain('wombat');
  });

  it('goes on where it was interrupted, at whichever step', async () => {
    const { tenant, account } = await worked();
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    for (let done = 0; done < 12; done += 1) {
      await as(tenant, 'worker', later, (ctx) => eraseNext(ctx, erasureId));
      // Killed in the middle of the next one: its transaction is lost, and nothing else.
      await expect(
        as(tenant, 'worker', later, async (ctx) => {
          await eraseNext(ctx, erasureId);
          throw new Error('killed');
        }),
      ).rejects.toThrow('killed');
      expect(await findings(tenant)).toEqual([]);
    }
    await eraseApproved(installationAt(later), tenant);
    expect(await tablesNaming(database, tenant, canaries)).toEqual([]);
    expect(await findings(tenant)).toEqual([]);
  });

  it('keeps what they asked to be spared when they are taken in again', async () => {
    const { tenant, account } = await worked();
    await as(tenant, 'ann', later, async (ctx) =>
      unwrap(
        await recordPreference(ctx, {
          partyId: account.partyId,
          kind: 'cease',
          channel: null,
          addressKey: null,
          sourceKind: 'staff',
          sourceId: null,
        }),
      ),
    );
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    await eraseApproved(installationAt(later), tenant);
    const again = await as(tenant, 'ann', later, async (ctx) => {
      const items = [{ amountMinor: 5_000n, dueOn: '2027-01-01' }];
      const same = await anAccount(ctx, { name: 'W. Secretperson', email, items });
      const other = await anAccount(ctx, { name: 'Somebody else', email: 'else@other.example', items });
      const { rows } = await sql<{ id: string; party_id: string }>`select id, party_id from parties.contact_points
        where tenant_id = ${ctx.tenant} and party_id = any(${[same.partyId, other.partyId]}::uuid[])`.execute(ctx.db);
      const ask = (one: AnAccount, key: string) =>
        someProposal({
          partyId: one.partyId,
          accountIds: [one.accountId],
          clientId: one.clientId,
          channel: 'email',
          addressKey: key,
          contactPointId: rows.find((row) => row.party_id === one.partyId)?.id ?? null,
          actId: newId(),
        });
      return previewPermits(ctx, [ask(same, email), ask(other, 'else@other.example')]);
    });
    expect(again[0]?.decision).toBe('deny');
    const codes = (at: number) => again[at]?.reasons.map((reason) => reason.ruleId) ?? [];
    expect(codes(0).filter((code) => !codes(1).includes(code))).not.toEqual([]);
  });

  it('is refused with every reason while something stands against it', async () => {
    const { tenant, account } = await worked('agency_customer');
    const soon = new Date('2026-01-06T15:00:00Z');
    const refused = await request(tenant, account.partyId, soon);
    expect(refused).toMatchObject({ ok: false, code: 'must_be_kept' });
    if (refused.ok) return;
    expect(refused.detail).toContain('2029-01-05');
    expect(refused.detail).toContain('12 CFR 1006.100');
    // Whether it is about health care nobody has written down, and what is erased does not come back.
    expect(refused.detail).toContain('2032-01-05');
    await database.asSuperuser((client) =>
      client.query(
        `insert into compliance.debts (tenant_id, id, product, recorded_by, recorded_at) values ($1, $2, 'credit_card', 'ann', now())`,
        [tenant, account.accountId],
      ),
    );
    const hold = await as(tenant, 'ann', soon, async (ctx) =>
      unwrap(await placeLegalHold(ctx, { scope: 'account', accountId: account.accountId, reason: 'Suit announced' })),
    );
    const person = (ctx: Ctx) =>
      findPerson(ctx, account.partyId).then((found) => obstaclesToErasing(ctx, found as NonNullable<typeof found>));
    const after = new Date('2029-01-07T15:00:00Z');
    expect((await as(tenant, 'ann', after, person)).map((one) => one.code)).toEqual(['legal_hold']);
    expect(
      await as(tenant, 'ann', after, (ctx) => listKeptPersons(ctx, { after: null, limit: 10, dueOnly: true })),
    ).toMatchObject({
      rows: [],
    });
    unwrap(await as(tenant, 'bob', after, (ctx) => releaseLegalHold(ctx, { ...hold, reason: 'Settled' })));
    expect(
      await as(tenant, 'ann', after, (ctx) => listKeptPersons(ctx, { after: null, limit: 10, dueOnly: true })),
    ).toMatchObject({
      rows: [{ partyId: account.partyId, keptThrough: '2029-01-05' }],
      next: null,
    });
    expect(await as(tenant, 'ann', new Date('2029-01-05T15:00:00Z'), person)).toMatchObject([
      { code: 'retention_duty' },
    ]);
  });

  it('is refused while money is open', async () => {
    const tenant = await database.freshTenant({ at: monday });
    const owing = await as(tenant, 'ann', monday, (ctx) =>
      anAccount(ctx, { items: [{ amountMinor: 1n, dueOn: '2025-12-30' }] }),
    );
    expect(await request(tenant, owing.partyId)).toMatchObject({ ok: false, code: 'must_be_kept' });
  });

  it('takes two people, and a legal hold stops it even after approval', async () => {
    const { tenant, account } = await worked();
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    expect(await request(tenant, account.partyId)).toMatchObject({ code: 'already_under_way' });
    expect(await as(tenant, 'ann', later, (ctx) => approveErasure(ctx, erasureId))).toMatchObject({
      code: 'same_person',
    });
    await expect(as(tenant, 'ann', later, (ctx) => eraseNext(ctx, erasureId))).rejects.toThrow('not an approved one');
    const stranger = await database.freshTenant({ at: monday });
    await expect(as(stranger, 'ann', later, (ctx) => eraseNext(ctx, erasureId))).rejects.toThrow('not an approved one');
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    const hold = await as(tenant, 'cleo', later, async (ctx) =>
      unwrap(await placeLegalHold(ctx, { scope: 'tenant', reason: 'An audit of everything' })),
    );
    expect(await as(tenant, 'ann', later, listApprovedErasures)).toEqual([]);
    await expect(as(tenant, 'ann', later, (ctx) => eraseNext(ctx, erasureId))).rejects.toThrow('legal hold');
    unwrap(await as(tenant, 'cleo', later, (ctx) => releaseLegalHold(ctx, { ...hold, reason: 'The audit is over' })));
    expect(await eraseApproved(installationAt(later), tenant)).toBe(1);
  });

  it('has no other door: the application cannot approve for two, widen or fake an erasure', async () => {
    const { tenant, account } = await worked();
    const { erasureId } = unwrap(await request(tenant, account.partyId));
    const attempt = (statement: string) => as(tenant, 'ann', later, (ctx) => sql.raw(statement).execute(ctx.db));
    await expect(
      attempt(
        `update compliance.erasures set state = 'approved', approved_by = 'ann' where tenant_id = '${tenant}' and id = '${erasureId}'`,
      ),
    ).rejects.toThrow('erasures_two_people');
    unwrap(await as(tenant, 'bob', later, (ctx) => approveErasure(ctx, erasureId)));
    await expect(
      attempt(
        `update compliance.erasures set party_ids = array[gen_random_uuid()] where tenant_id = '${tenant}' and id = '${erasureId}'`,
      ),
    ).rejects.toThrow('cannot be changed so');
    await expect(attempt(`update compliance.permits set facts = '{}' where tenant_id = '${tenant}'`)).rejects.toThrow();
    await expect(
      attempt(`insert into compliance.permit_erasures (tenant_id, id, erasure_id, facts_sha256, erased_at)
      select tenant_id, id, '${erasureId}', facts_sha256, now() from compliance.permits where tenant_id = '${tenant}'`),
    ).rejects.toThrow('permission denied');
  });
});
