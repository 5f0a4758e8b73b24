import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import type { TestCtx } from '../../../test/support/database.ts';
import { unwrap } from '../../kernel/result.ts';
import { liveHolds } from './hold.sql.ts';
import { loadFacts } from './lock-accounts.sql.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold, releaseHolds } from './release-hold.ts';
import { anAccount } from './testing.ts';
import { placeWideStop, releaseWideStop } from './wide-stop.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const later = new Date('2026-01-09T15:00:00Z');
const source = { kind: 'test' };

const two = [
  { amountMinor: 10_000n, dueOn: '2025-12-01' },
  { amountMinor: 5_000n, dueOn: '2026-02-01' },
];
const epoch = async (ctx: TestCtx, id: Parameters<typeof loadFacts>[1]) => (await loadFacts(ctx, id)).stopEpoch;

describe('holds', () => {
  test('a hold on an account stops it from its own transaction on, and its release stays on record', async () => {
    const tenant = await database.freshTenant();
    const made = await database.within(tenant, at, (ctx) => anAccount(ctx, { items: two }));
    const holdId = await database.within(tenant, at, async (ctx) => {
      const before = await epoch(ctx, made.accountId);
      const placed = unwrap(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: made.accountId,
          reason: 'dispute',
          effects: ['stop_contact'],
          source,
        }),
      );
      expect(await loadFacts(ctx, made.accountId)).toMatchObject({
        stopEpoch: before + 1n,
        contactHoldUntil: new Date('9999-12-31T00:00:00Z'),
      });
      return placed.holdId;
    });
    await database.within(tenant, later, async (ctx) => {
      expect(await releaseHold(ctx, { holdId, reason: 'resolved', rowVersion: 7n })).toMatchObject({
        code: 'version_conflict',
      });
      expect(await releaseHold(ctx, { holdId, reason: 'resolved', rowVersion: 1n })).toMatchObject({ ok: true });
      expect(await releaseHold(ctx, { holdId, reason: 'again' })).toMatchObject({ code: 'already_released' });
      expect(await loadFacts(ctx, made.accountId)).toMatchObject({ contactHoldUntil: null });
      expect(await liveHolds(ctx, { accountId: made.accountId })).toEqual([]);
      // What was in force on an earlier day is still answered as of that day.
      expect(await liveHolds(ctx, { accountId: made.accountId, at })).toMatchObject([
        { id: holdId, reason: 'dispute' },
      ]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await releaseHold(ctx, { holdId, reason: 'mine' })).toMatchObject({ code: 'hold_not_found' });
      expect(
        await placeHold(ctx, {
          coverage: 'account',
          accountId: made.accountId,
          reason: 'manual',
          effects: ['stop_contact'],
          source,
        }),
      ).toMatchObject({ code: 'account_not_found' });
    });
  });

  test('a hold on items leaves the account open to contact but voids what was planned', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const made = await anAccount(ctx, { items: two });
      const stranger = await anAccount(ctx, { items: two });
      const items = {
        coverage: 'items',
        accountId: made.accountId,
        reason: 'promise',
        effects: ['stop_automatic'],
        source,
      } as const;
      const before = await epoch(ctx, made.accountId);
      const [first] = made.itemIds;
      const placed = unwrap(await placeHold(ctx, { ...items, itemIds: [first!, first!], to: later }));
      expect(await loadFacts(ctx, made.accountId)).toMatchObject({ stopEpoch: before + 1n, contactHoldUntil: null });
      expect(await liveHolds(ctx, { accountId: made.accountId })).toMatchObject([{ itemIds: [first] }]);
      expect(await liveHolds(ctx, { accountId: made.accountId, at: later })).toEqual([]);
      expect(await placeHold(ctx, { ...items, itemIds: stranger.itemIds })).toMatchObject({
        code: 'item_not_of_account',
      });
      expect(await placeHold(ctx, { ...items, itemIds: [] })).toMatchObject({ code: 'no_items' });
      expect(await placeHold(ctx, { ...items, itemIds: [first!], to: at })).toMatchObject({
        code: 'ends_before_it_begins',
      });
      expect(await placeHold(ctx, { ...items, itemIds: [first!], effects: [] })).toMatchObject({ code: 'no_effects' });
      expect(await releaseHolds(ctx, [placed.holdId, placed.holdId], 'judged')).toBe(1);
      expect(await releaseHolds(ctx, [placed.holdId], 'judged')).toBe(0);
    });
  });

  test('a hold on a person reaches each of their accounts and nobody else', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const one = await anAccount(ctx, { items: two });
      const sibling = await anAccount(ctx, { items: two, partyId: one.partyId });
      const stranger = await anAccount(ctx, { items: two });
      unwrap(
        await placeHold(ctx, {
          coverage: 'party',
          clusterId: one.clusterId,
          reason: 'bankruptcy',
          effects: ['stop_contact', 'stop_legal'],
          source,
          to: later,
        }),
      );
      expect(await loadFacts(ctx, one.accountId)).toMatchObject({ contactHoldUntil: later });
      expect(await loadFacts(ctx, sibling.accountId)).toMatchObject({ contactHoldUntil: later });
      expect(await loadFacts(ctx, stranger.accountId)).toMatchObject({ contactHoldUntil: null });
      expect(await liveHolds(ctx, { accountId: sibling.accountId })).toHaveLength(1);
      expect(await liveHolds(ctx, { accountId: stranger.accountId })).toHaveLength(0);
    });
  });

  test('one row stops a whole client', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { clientId } = await anAccount(ctx);
      const { stopId } = unwrap(
        await placeWideStop(ctx, { scope: 'client', clientId, reason: 'complaint at the regulator' }),
      );
      expect(await releaseWideStop(ctx, stopId)).toMatchObject({ ok: true });
      expect(await releaseWideStop(ctx, stopId)).toMatchObject({ code: 'already_released' });
    });
  });
});
