import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { unwrap } from '../../kernel/result.ts';
import { itemBalancesAt } from './item-balances.sql.ts';
import { postJournal, postSelected } from './post-journal.ts';
import { reverseJournal } from './reverse-journal.ts';
import type { TransferDraft } from './transfer.ts';
import { verifyLedger } from './verify-ledger.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');
const on = calendarDate('2026-01-05');
const eur = currency('EUR');

const clientId = newId<'client'>();
const accountId = newId<'account'>();
const itemId = newId<'item'>();
const draft = (minor: bigint, more: Partial<TransferDraft> = {}): TransferDraft => ({
  debit: { kind: 'receivable', component: 'principal' },
  credit: { kind: 'opening' },
  clientId,
  accountId,
  itemId,
  amount: money(minor, eur),
  effectiveOn: on,
  ...more,
});
const head = { kind: 'item', sourceKind: 'test', sourceId: '1' } as const;

describe('the ledger', () => {
  test('a journal posts both sides at once and is seen by its tenant alone', async () => {
    const tenant = await database.freshTenant();
    const { journalId } = await database.within(tenant, at, (ctx) =>
      postJournal(ctx, { ...head, transfers: [draft(500n), draft(700n)] }),
    );
    await database.within(tenant, at, async (ctx) => {
      expect(await itemBalancesAt(ctx, accountId, { on })).toEqual([{ itemId, currency: eur, balanceMinor: 1_200n }]);
      const { rows } =
        await sql`select sum(signed_minor)::bigint as total, count(*) as n from ledger.postings_v`.execute(ctx.db);
      expect(rows).toEqual([{ total: 0n, n: 4n }]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await itemBalancesAt(ctx, accountId, { on })).toEqual([]);
      expect(await reverseJournal(ctx, journalId, { on, reason: 'not mine' })).toMatchObject({
        code: 'journal_not_found',
      });
    });
  });

  test('what cannot be a movement is a fault', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      for (const broken of [
        draft(0n),
        draft(-5n),
        draft(5n, { credit: { kind: 'receivable', component: 'principal' } }),
        draft(5n, { credit: { kind: 'bank', component: 'fee' } }),
      ]) {
        await expect(postJournal(ctx, { ...head, transfers: [broken] })).rejects.toThrow(RangeError);
      }
    });
  });

  test('a transfer posted twice under one id moves once', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const transferId = newId<'transfer'>();
      await postJournal(ctx, { ...head, transfers: [draft(500n, { transferId })] });
      await postJournal(ctx, { ...head, transfers: [draft(500n, { transferId })] });
      expect(await itemBalancesAt(ctx, accountId, { on })).toMatchObject([{ balanceMinor: 500n }]);
    });
  });

  test('a reversal swaps sides once, and never before the day it takes back', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { journalId } = await postJournal(ctx, { ...head, transfers: [draft(500n)] });
      expect(await reverseJournal(ctx, journalId, { on: calendarDate('2026-01-04'), reason: 'early' })).toMatchObject({
        code: 'reversed_before_effect',
      });
      const later = calendarDate('2026-01-09');
      expect(unwrap(await reverseJournal(ctx, journalId, { on: later, reason: 'wrong invoice' }))).toMatchObject({
        reversed: 1,
      });
      expect(await reverseJournal(ctx, journalId, { on: later, reason: 'again' })).toMatchObject({
        code: 'already_reversed',
      });
      expect(await itemBalancesAt(ctx, accountId, { on })).toMatchObject([{ balanceMinor: 500n }]);
      expect(await itemBalancesAt(ctx, accountId, { on: later })).toMatchObject([{ balanceMinor: 0n }]);
      expect(await verifyLedger(ctx)).toEqual([]);
    });
  });

  test('a set is posted by a fragment, repeats without effect, and an empty one writes nothing', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const fragment = (upTo: number) => sql`
        select kernel.hash_id('t', n::text) as transfer_id, ${clientId}::uuid as client_id, 'receivable' as debit_kind, 'principal' as debit_component,
               'opening' as credit_kind, 'none' as credit_component, 'EUR'::char(3) as currency, n::bigint as amount_minor, 'principal' as component,
               ${accountId}::uuid as account_id, kernel.hash_id('i', n::text) as item_id, null::uuid as receipt_id, ${on}::date as effective_on
        from generate_series(1, ${upTo}::int) as n`;
      expect(await postSelected(ctx, head, fragment(100))).toBe(100);
      expect(await postSelected(ctx, head, fragment(101))).toBe(1);
      expect(await postSelected(ctx, head, fragment(0))).toBe(0);
      const { rows } =
        await sql`select count(*) as n, sum(amount_minor)::bigint as total from ledger.transfers_v`.execute(ctx.db);
      expect(rows).toEqual([{ n: 101n, total: 5_151n }]);
      // A chart that forgets an account must break, never drop money.
      const forgetful = fragment(102);
      await sql`savepoint before_forgetting`.execute(ctx.db);
      await expect(
        postSelected(
          ctx,
          head,
          sql`select f.*, 1 from (${forgetful}) f where false union all select transfer_id, client_id, 'bank', 'none', credit_kind, credit_component, currency, amount_minor, 'none', account_id, item_id, receipt_id, effective_on, 1 from (${forgetful}) g`,
          [{ clientId, kind: 'opening', component: 'none', currency: eur }],
        ),
      ).rejects.toThrow(/debit_id/);
      await sql`rollback to savepoint before_forgetting`.execute(ctx.db);
    });
  });

  test('nothing in it can be changed or removed by the application, and damage is named', async () => {
    const tenant = await database.freshTenant();
    const posted = await database.within(tenant, at, (ctx) => postJournal(ctx, { ...head, transfers: [draft(500n)] }));
    for (const statement of [
      sql`update ledger.transfers set amount_minor = 1`,
      sql`delete from ledger.transfers`,
      sql`delete from ledger.journals`,
    ]) {
      await expect(database.within(tenant, at, (ctx) => statement.execute(ctx.db))).rejects.toThrow();
    }
    await database.asSuperuser(async (client) => {
      await client.query("set session_replication_role = 'replica'");
      await client.query("update ledger.transfers set currency = 'USD', component = 'fee' where tenant_id = $1", [
        tenant,
      ]);
    });
    await database.within(tenant, at, async (ctx) => {
      const subjectId = posted.transferIds[0] as Id<'transfer'>;
      expect(await verifyLedger(ctx)).toEqual([
        { check: 'transfer_currency', subjectKind: 'transfer', subjectId, expected: 'EUR and EUR', actual: 'USD' },
        {
          check: 'transfer_component',
          subjectKind: 'transfer',
          subjectId,
          expected: 'principal or none',
          actual: 'fee',
        },
      ]);
    });
  });

  test('a transfer without journal or ledger account is found', async () => {
    const tenant = await database.freshTenant();
    const id = newId<'transfer'>();
    await database.within(tenant, at, async (ctx) => {
      await sql`insert into ledger.transfers (tenant_id, id, journal_id, debit_id, credit_id, amount_minor, currency, component, effective_on, recorded_at)
        values (${tenant}, ${id}, ${newId()}, ${newId()}, ${newId()}, 5, 'EUR', 'none', ${on}, ${at})`.execute(ctx.db);
      expect(await verifyLedger(ctx)).toEqual([
        {
          check: 'transfer_has_journal_and_sides',
          subjectKind: 'transfer',
          subjectId: id,
          expected: 'a journal and two ledger accounts',
          actual: 'no journal, no debit side, no credit side',
        },
      ]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => expect(await verifyLedger(ctx)).toEqual([]));
  });
});
