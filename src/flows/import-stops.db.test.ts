import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { importing, type ImportSpec } from '../../test/support/importing.ts';
import { type Id, idOf, type TenantId } from '../kernel/ids.ts';
import { type Facts, lockAccounts } from '../modules/accounts/public.ts';
import { aClient } from '../modules/accounts/testing.ts';
import { confirmImport } from '../modules/intake/public.ts';
import { importPortfolio } from './import-portfolio.ts';

const database = await testDatabase();
const { host, actor, within, take } = importing(database);

let tenant: TenantId;
let clientId: Id<'client'>;
beforeEach(async () => {
  tenant = idOf('tenant', await database.freshTenant({ at: new Date('2026-06-30T12:00:00Z') }));
  ({ clientId } = await within(tenant, (ctx) => aClient(ctx)));
});

const head = 'Customer ID,Customer name,Invoice number,Invoice date,Due date,Amount';
const file = (...rows: string[]) => [head, ...rows].join('\n');

const old = 'C1,Acme Ltd,1001,2026-03-01,2026-04-01,100.00';
const fresh = 'C1,Acme Ltd,1002,2026-06-25,2026-07-25,900.00';

/** Takes in a snapshot that closes much, a person having said that it may. */
async function confirmed(spec: ImportSpec): Promise<void> {
  const { id } = await take(tenant, spec);
  await within(tenant, (ctx) => confirmImport(ctx, id));
  await importPortfolio(host, tenant, actor, id);
}

const factsOf = (of: TenantId = tenant): Promise<Facts[]> =>
  within(of, async (ctx) => {
    const { rows } = await sql<{ id: Id<'account'> }>`
      select id from accounts.facts_v where tenant_id = ${ctx.tenant} order by account_number`.execute(ctx.db);
    return lockAccounts(
      ctx,
      rows.map((row) => row.id),
    );
  });

test('an invoice settled at the source voids what was planned, also when a new and larger one comes in the same file', async () => {
  await take(tenant, { clientId, text: file(old) });
  const [before] = await factsOf();
  await confirmed({ clientId, text: file(fresh), fullSnapshot: true });
  const [after] = await factsOf();
  expect(after).toMatchObject({ balanceMinor: 90_000n, openItems: 1 });
  expect(after?.stopEpoch).toBe((before?.stopEpoch ?? 0n) + 1n);
  expect(await factsOf(idOf('tenant', await database.freshTenant()))).toEqual([]);
});

test('a new invoice alone voids nothing', async () => {
  await take(tenant, { clientId, text: file(old) });
  await take(tenant, { clientId, text: file(old, fresh) });
  expect(await factsOf()).toMatchObject([{ balanceMinor: 100_000n, stopEpoch: 0n }]);
});

test('a credit note voids what was planned before it', async () => {
  await take(tenant, { clientId, text: file(old) });
  await take(tenant, { clientId, text: file('C1,Acme Ltd,CN-1,2026-06-25,2026-06-25,-10.00', fresh) });
  expect(await factsOf()).toMatchObject([{ balanceMinor: 100_000n, creditMinor: 1_000n, stopEpoch: 1n }]);
});
