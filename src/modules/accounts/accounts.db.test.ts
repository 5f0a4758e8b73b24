import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { calendarDate } from '../../kernel/calendar.ts';
import { currency } from '../../kernel/currency.ts';
import { money } from '../../kernel/money.ts';
import { itemBalancesAt } from '../ledger/public.ts';
import { searchParties } from '../parties/public.ts';
import { addItem } from './add-item.ts';
import { findClient, listClients } from './client.sql.ts';
import { createAccount } from './create-account.ts';
import { createClient, updateClient } from './create-client.ts';
import { findFacts, loadFacts } from './lock-accounts.sql.ts';
import { aClient, anAccount, anItem } from './testing.ts';

const database = await testDatabase();
const at = new Date('2026-01-05T15:00:00Z');

describe('accounts and items', () => {
  test('an account with items has facts, transfers and a name to find it by', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const made = await anAccount(ctx, {
        items: [
          { amountMinor: 10_000n, dueOn: '2025-12-01', number: 'INV-1' },
          { amountMinor: 5_000n, dueOn: '2026-02-01', number: 'INV-2' },
          { amountMinor: -2_000n, dueOn: '2025-12-20', issuedOn: '2025-12-20', number: 'CN-1' },
        ],
      });
      expect(await loadFacts(ctx, made.accountId)).toMatchObject({
        balanceMinor: 15_000n,
        creditMinor: 2_000n,
        openItems: 2,
        oldestOpenDueOn: '2025-12-01',
        newestOpenDueOn: '2026-02-01',
        hasEmail: true,
        hasPhone: false,
        state: 'active',
      });
      const balances = await itemBalancesAt(ctx, made.accountId, { on: calendarDate('2026-01-05') });
      expect(balances.map((row) => row.balanceMinor).sort()).toEqual([-2_000n, 10_000n, 5_000n].sort());
      expect(await itemBalancesAt(ctx, made.accountId, { on: calendarDate('2025-10-01') })).toEqual([]);
      const { rows } =
        await sql`select number_key from accounts.items_v where tenant_id = ${tenant} order by 1`.execute(ctx.db);
      expect(rows).toEqual([{ number_key: '1' }, { number_key: '1' }, { number_key: '2' }]);
      expect(await searchParties(ctx, (await loadFacts(ctx, made.accountId)).accountNumber, 5)).toMatchObject([
        { partyId: made.partyId },
      ]);
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await searchParties(ctx, 'd', 5)).toEqual([]);
      expect(await listClients(ctx)).toEqual([]);
      const { rows } = await sql`select id from accounts.facts_v`.execute(ctx.db);
      expect(rows).toEqual([]);
    });
  });

  test('what cannot be is refused by name', async () => {
    const tenant = await database.freshTenant();
    await database.within(tenant, at, async (ctx) => {
      const { clientId } = await aClient(ctx, { name: 'Acme' });
      const made = await anAccount(ctx, { clientId, number: 'C-1' });
      const usd = currency('USD');
      const item = {
        accountId: made.accountId,
        kind: 'invoice',
        issuedOn: calendarDate('2026-01-02'),
        dueOn: calendarDate('2026-02-01'),
      } as const;
      expect(await addItem(ctx, { ...item, dueOn: calendarDate('2026-01-01'), amount: money(1n, usd) })).toMatchObject({
        code: 'due_before_issue',
      });
      expect(await addItem(ctx, { ...item, amount: money(-1n, usd) })).toMatchObject({ code: 'wrong_sign' });
      expect(await addItem(ctx, { ...item, amount: money(1n, currency('EUR')) })).toMatchObject({
        code: 'currency_mismatch',
      });
      await anItem(ctx, made.accountId, { amountMinor: 5n, dueOn: '2026-02-01', number: 'X' });
      expect(await addItem(ctx, { ...item, number: 'X', amount: money(1n, usd) })).toMatchObject({
        code: 'duplicate_number',
      });
      expect(
        await createAccount(ctx, { clientId, partyId: made.partyId, number: 'C-1', debtKind: 'commercial' }),
      ).toMatchObject({ code: 'number_taken' });
      const client = await findClient(ctx, clientId);
      expect(await createClient(ctx, { ...client!, name: 'Acme' })).toMatchObject({ code: 'name_taken' });
      expect(await createClient(ctx, { ...client!, name: 'Other', timeZone: 'EST' })).toMatchObject({
        code: 'bad_client',
        fields: { timeZone: expect.any(String) },
      });
    });
  });

  test('two people changing one client: the second is told', async () => {
    const tenant = await database.freshTenant();
    const clientId = await database.within(tenant, at, async (ctx) => (await aClient(ctx)).clientId);
    await database.within(tenant, at, async (ctx) => {
      expect(await updateClient(ctx, clientId, { contactPhone: '+12125550100' }, 1n)).toMatchObject({ ok: true });
      expect(await updateClient(ctx, clientId, { contactPhone: null }, 1n)).toMatchObject({ code: 'version_conflict' });
      expect(await findClient(ctx, clientId)).toMatchObject({ contactPhone: '+12125550100', rowVersion: 2n });
    });
    const other = await database.freshTenant();
    await database.within(other, at, async (ctx) => {
      expect(await updateClient(ctx, clientId, { name: 'Mine' })).toMatchObject({ code: 'client_not_found' });
      expect(await findFacts(ctx, clientId as never)).toBeNull();
    });
  });
});
