import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type TestCtx, testDatabase } from '../../../test/support/database.ts';
import { addDays, calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import type { Id } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { itemBalancesAt, postJournal, reverseJournal, verifyLedger } from '../ledger/public.ts';
import { adjustOpen } from './adjust-open.sql.ts';
import { journalDeltas } from './take-in-items.sql.ts';
import { loadFacts } from './lock-accounts.sql.ts';
import { refreshFacts } from './refresh-facts.ts';
import { type AnAccount, anAccount, anItem } from './testing.ts';
import { verifyHub } from './verify-hub.ts';

const database = await testDatabase();
const day0 = calendarDate('2025-06-01');
const instant = (day: number) => new Date(Date.UTC(2026, 0, 1 + day, 12));
const usd = currency('USD');

type Step =
  | { kind: 'item'; day: number; amount: number }
  | { kind: 'pay'; day: number; pick: number; amount: number; backdated: number }
  | { kind: 'reverse'; day: number; pick: number };
type Movement = { itemId: string; on: string; at: Date; minor: bigint };

const step = fc.oneof(
  fc.record({
    kind: fc.constant('item' as const),
    day: fc.integer({ min: 0, max: 20 }),
    amount: fc.integer({ min: -500, max: 1000 }),
  }),
  fc.record({
    kind: fc.constant('pay' as const),
    day: fc.integer({ min: 0, max: 20 }),
    pick: fc.nat(),
    amount: fc.integer({ min: 1, max: 700 }),
    backdated: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ kind: fc.constant('reverse' as const), day: fc.integer({ min: 0, max: 20 }), pick: fc.nat() }),
);

type State = {
  account: AnAccount;
  items: Id<'item'>[];
  journals: { id: Id<'journal'>; on: string; movement: Movement }[];
  movements: Movement[];
};

async function apply(ctx: TestCtx, state: State, action: Step, today: number): Promise<void> {
  const on = addDays(day0, 214 + today);
  if (action.kind === 'item') {
    if (action.amount === 0) return;
    const issuedOn = addDays(on, -40);
    const id = await anItem(ctx, state.account.accountId, {
      amountMinor: BigInt(action.amount),
      issuedOn,
      dueOn: addDays(issuedOn, 30),
    });
    state.items.push(id);
    state.movements.push({ itemId: id, on: issuedOn, at: ctx.at, minor: BigInt(action.amount) });
    return;
  }
  if (action.kind === 'pay') {
    const itemId = state.items[action.pick % state.items.length];
    if (!itemId) return;
    const effectiveOn = addDays(on, -action.backdated);
    const { journalId } = await postJournal(ctx, {
      kind: 'allocation',
      sourceKind: 'test',
      sourceId: 'pay',
      transfers: [
        {
          debit: { kind: 'unapplied' },
          credit: { kind: 'receivable', component: 'principal' },
          clientId: state.account.clientId,
          accountId: state.account.accountId,
          itemId,
          amount: money(BigInt(action.amount), usd),
          effectiveOn,
        },
      ],
    });
    await adjustOpen(ctx, journalDeltas(ctx, journalId));
    const movement = { itemId, on: effectiveOn, at: ctx.at, minor: BigInt(-action.amount) };
    state.journals.push({ id: journalId, on: effectiveOn, movement });
    state.movements.push(movement);
    return;
  }
  const [journal] = state.journals.splice(action.pick % Math.max(state.journals.length, 1), 1);
  if (!journal) return;
  const reversal = unwrap(await reverseJournal(ctx, journal.id, { on, reason: 'test' }));
  await adjustOpen(ctx, journalDeltas(ctx, reversal.journalId));
  expect(await reverseJournal(ctx, journal.id, { on, reason: 'again' })).toMatchObject({ code: 'already_reversed' });
  state.movements.push({ ...journal.movement, on, at: ctx.at, minor: -journal.movement.minor });
}

test('every item equals its transfers, on any day, as known at any instant', { timeout: 180_000 }, async () => {
  const tenant = await database.freshTenant();
  const stranger = await database.freshTenant();
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.array(fc.tuple(fc.integer({ min: 100, max: 240 }), fc.integer({ min: 0, max: 21 })), {
        minLength: 3,
        maxLength: 6,
      }),
      async (steps, looks) => {
        // The clock of a tenant only moves forward; effective days may lie before it.
        const ordered = [...steps].sort((a, b) => a.day - b.day);
        const state: State = await database.within(tenant, instant(0), async (ctx) => ({
          account: await anAccount(ctx),
          items: [],
          journals: [],
          movements: [],
        }));
        const { accountId } = state.account;
        for (const action of ordered) {
          await database.within(tenant, instant(action.day), async (ctx) => {
            await apply(ctx, state, action, action.day);
            await refreshFacts(ctx, { accountIds: [accountId] });
          });
        }
        await database.within(tenant, instant(22), async (ctx) => {
          for (const [effective, known] of [...looks, [400, 22] as const]) {
            const on = addDays(day0, effective);
            const expected = new Map<string, bigint>();
            for (const one of state.movements) {
              if (one.on <= on && one.at <= instant(known))
                expected.set(one.itemId, (expected.get(one.itemId) ?? 0n) + one.minor);
            }
            const balances = await itemBalancesAt(ctx, accountId, { on, knownAt: instant(known) });
            expect(new Map(balances.map((row) => [row.itemId as string, row.balanceMinor]))).toEqual(expected);
          }
          const { rows } = await sql<{
            id: string;
            open_minor: bigint;
          }>`select id, open_minor from accounts.items_v where account_id = ${accountId}`.execute(ctx.db);
          for (const row of rows) {
            expect(row.open_minor).toBe(
              state.movements.filter((one) => one.itemId === row.id).reduce((sum, one) => sum + one.minor, 0n),
            );
          }
          const facts = await loadFacts(ctx, accountId);
          expect(facts.balanceMinor - facts.creditMinor).toBe(rows.reduce((sum, row) => sum + row.open_minor, 0n));
          expect(await itemBalancesAt({ ...ctx, tenant: stranger }, accountId, { on: addDays(day0, 400) })).toEqual([]);
        });
      },
    ),
    { numRuns: 25 },
  );
  await database.within(tenant, instant(22), async (ctx) => {
    expect(await verifyHub(ctx)).toEqual([]);
    expect(await verifyLedger(ctx)).toEqual([]);
  });
});
