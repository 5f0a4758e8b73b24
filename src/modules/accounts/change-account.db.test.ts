import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { postJournal, reverseJournal } from '../ledger/public.ts';
import { addContactPoint, setContactQuality } from '../parties/public.ts';
import { adjustOpen } from './adjust-open.sql.ts';
import { changeAccount, changeState } from './change-account.ts';
import { liveHolds } from './hold.sql.ts';
import { loadFacts, lockWithPersons } from './lock-accounts.sql.ts';
import { joinPeople, partPeople, refreshParty } from './person.ts';
import { placeHold } from './place-hold.ts';
import { refreshFacts } from './refresh-facts.ts';
import { anAccount } from './testing.ts';
import { verifyHub } from './verify-hub.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const items = [{ amountMinor: 10_000n, dueOn: '2025-12-01' }];

describe('changing an account', () => {
  test('a second editor is told, an impossible move is refused, the history is kept', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { accountId } = await anAccount(ctx, { items });
      const user = newId<'user'>();
      const first = unwrap(await changeAccount(ctx, { accountId, assignedTo: user, rowVersion: 1n }));
      expect(first).toMatchObject({ assignedTo: user, rowVersion: 2n });
      expect(await changeAccount(ctx, { accountId, assignedTo: null, rowVersion: 1n })).toMatchObject({
        code: 'version_conflict',
      });
      expect(await changeState(ctx, { accountId, to: 'legal', reason: 'handed to counsel' })).toMatchObject({
        ok: true,
      });
      expect(await changeState(ctx, { accountId, to: 'settled', reason: 'no' })).toMatchObject({
        code: 'illegal_transition',
      });
      expect(await loadFacts(ctx, accountId)).toMatchObject({ state: 'legal', assignedTo: user, stopEpoch: 2n });
      const { rows } =
        await sql`select from_state, to_state, reason from accounts.account_states_v where account_id = ${accountId} order by recorded_at, to_state`.execute(
          ctx.db,
        );
      expect(rows).toEqual([
        { from_state: null, to_state: 'active', reason: 'opened' },
        { from_state: 'active', to_state: 'legal', reason: 'handed to counsel' },
      ]);
      expect(await verifyHub(ctx)).toEqual([]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await changeAccount(ctx, { accountId: newId<'account'>(), sensitive: true })).toMatchObject({
        code: 'account_not_found',
      });
    });
  });

  test('paid in full it is settled, taken back it is active, twice at one instant of a stopped clock', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { accountId, clientId, itemIds } = await anAccount(ctx, { items });
      for (let round = 0; round < 2; round += 1) {
        const facts = await loadFacts(ctx, accountId);
        const { journalId } = await postJournal(ctx, {
          kind: 'receipt',
          sourceKind: 'test',
          sourceId: String(round),
          transfers: [
            {
              debit: { kind: 'bank' },
              credit: { kind: 'receivable', component: 'principal' },
              clientId,
              accountId,
              itemId: itemIds[0] as Id<'item'>,
              amount: { amountMinor: 10_000n, currency: facts.currency },
              effectiveOn: calendarDate('2026-01-05'),
            },
          ],
        });
        await adjustOpen(
          ctx,
          sql`select ${itemIds[0]}::uuid as item_id, -10000::bigint as delta_minor, '2026-01-05'::date as on_date`,
        );
        await refreshFacts(ctx, { accountIds: [accountId] }, { raiseWhenFallen: true });
        expect(await loadFacts(ctx, accountId)).toMatchObject({
          state: 'settled',
          balanceMinor: 0n,
          settledItems: 1,
          settledDaysLate: 35,
          stopEpoch: BigInt(round + 1),
        });
        unwrap(await reverseJournal(ctx, journalId, { on: calendarDate('2026-01-05'), reason: 'cheque returned' }));
        await adjustOpen(
          ctx,
          sql`select ${itemIds[0]}::uuid as item_id, 10000::bigint as delta_minor, '2026-01-05'::date as on_date`,
        );
        await refreshFacts(ctx, { accountIds: [accountId] }, { raiseWhenFallen: true });
        expect(await loadFacts(ctx, accountId)).toMatchObject({
          state: 'active',
          balanceMinor: 10_000n,
          settledItems: 0,
        });
      }
      expect(await verifyHub(ctx)).toEqual([]);
    });
  });

  test('an address that proves wrong stops what was planned and leaves no address', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { accountId, partyId } = await anAccount(ctx, { items, email: null });
      expect(await loadFacts(ctx, accountId)).toMatchObject({ hasEmail: false, stopEpoch: 0n });
      const { contactPointId } = unwrap(
        await addContactPoint(ctx, { partyId, kind: 'email', value: 'Ann@Debtor.example', source: 'hand' }),
      );
      await refreshParty(ctx, partyId);
      expect(await loadFacts(ctx, accountId)).toMatchObject({ hasEmail: true, stopEpoch: 0n });
      unwrap(await setContactQuality(ctx, contactPointId, 'bounced'));
      await refreshParty(ctx, partyId, { stop: true });
      expect(await loadFacts(ctx, accountId)).toMatchObject({ hasEmail: false, stopEpoch: 1n });
    });
  });
});

describe('one person behind two clusters', () => {
  test('holds reach across the merge, both stop, and parting them undoes the reach', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const one = await anAccount(ctx, { items });
      const two = await anAccount(ctx, { items });
      const three = await anAccount(ctx, { items });
      const reason = 'same tax number';
      const first = unwrap(await joinPeople(ctx, { from: one.clusterId, into: two.clusterId, reason }));
      const second = unwrap(await joinPeople(ctx, { from: two.clusterId, into: three.clusterId, reason }));
      expect(second.rootId).toBe(three.clusterId);
      expect(await joinPeople(ctx, { from: one.clusterId, into: three.clusterId, reason })).toMatchObject({
        code: 'already_one',
      });
      unwrap(
        await placeHold(ctx, {
          coverage: 'party',
          clusterId: one.clusterId,
          reason: 'deceased',
          effects: ['stop_contact'],
          source: { kind: 'test' },
        }),
      );
      for (const { accountId } of [one, two, three]) {
        expect(await liveHolds(ctx, { accountId })).toHaveLength(1);
        expect((await loadFacts(ctx, accountId)).contactHoldUntil).not.toBeNull();
      }
      expect((await loadFacts(ctx, three.accountId)).stopEpoch).toBe(2n);
      expect(await lockWithPersons(ctx, [one.accountId, three.accountId])).toHaveLength(2);

      unwrap(await partPeople(ctx, first.mergeId));
      expect(await partPeople(ctx, first.mergeId)).toMatchObject({ code: 'already_undone' });
      expect(await liveHolds(ctx, { accountId: one.accountId })).toHaveLength(1);
      expect(await liveHolds(ctx, { accountId: three.accountId })).toHaveLength(0);
      const { rows } = await sql`select id, root_id from parties.clusters_v order by id`.execute(ctx.db);
      expect(rows).toEqual(
        [
          { id: one.clusterId, root_id: one.clusterId },
          { id: two.clusterId, root_id: three.clusterId },
          { id: three.clusterId, root_id: three.clusterId },
        ].sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      expect(await verifyHub(ctx)).toEqual([]);
    });
  });
});

describe('verify', () => {
  test('names what was damaged behind its back', async () => {
    const tenant = await database.freshTenant();
    const made = await database.within(tenant, at, (ctx) => anAccount(ctx, { items: [...items, ...items] }));
    await database.asSuperuser(async (client) => {
      await client.query('update accounts.items set open_minor = 9999 where id = $1', [made.itemIds[0]]);
      await client.query("update accounts.facts set party_name = 'Somebody else' where id = $1", [made.accountId]);
      await client.query("update accounts.accounts set state = 'legal' where id = $1", [made.accountId]);
      await client.query('update accounts.items set account_id = id where id = $1', [made.itemIds[1]]);
    });
    await database.within(tenant, at, async (ctx) => {
      const findings = await verifyHub(ctx);
      expect(findings).toContainEqual({
        check: 'item_open_equals_transfers',
        subjectKind: 'item',
        subjectId: made.itemIds[0],
        expected: '10000 USD',
        actual: '9999 USD',
      });
      expect(findings.find((finding) => finding.check === 'facts_equal_sources')?.actual).toContain(
        'party_name Somebody else',
      );
      expect(findings.map((finding) => finding.check)).toContain('state_equals_history');
      expect(findings).toContainEqual({
        check: 'parent_exists',
        subjectKind: 'row',
        subjectId: made.itemIds[1],
        expected: 'an account',
        actual: `item of unknown account ${made.itemIds[1]}`,
      });
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => expect(await verifyHub(ctx)).toEqual([]));
  });
});
