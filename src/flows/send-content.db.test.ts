import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { newId, type TenantId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { unwrap } from '../kernel/result.ts';
import { createVault } from '../kernel/vault.ts';
import { aClient, anAccount } from '../modules/accounts/testing.ts';
import { systemActor } from '../modules/identity/public.ts';
import { ensureSender } from '../modules/outreach/public.ts';
import { publishDefault } from '../modules/strategy/public.ts';
import type { Mailing } from './hand-over.ts';
import { runDay } from './run-day.ts';
import { sendDue } from './send-due.ts';

const database = await testDatabase();
// Wednesday, 11:00 in New York.
const wednesday = new Date('2026-03-11T15:00:00Z');
const actor = systemActor('test');
const mailing: Mailing = {
  database,
  vault: createVault(database.secret),
  clock: { now: () => new Date() },
  log: silentLogger,
  config: { publicUrl: 'https://dunwell.example' },
};
const inTenant = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>) => database.within(tenant, wednesday, fn);

/** A template as an older release may have published it: past every check. */
const plant = (ctx: Ctx, body: string, subject = 'Hello', language = 'en') =>
  sql`insert into outreach.templates (tenant_id, id, key, version, channel, language, subject, body, created_by, recorded_at)
    values (${ctx.tenant}, ${newId()}, 'notice_1', 1, 'email', ${language}, ${subject}, ${body}, 'test', ${ctx.at})`.execute(
    ctx.db,
  );

test('a poisonous template fails its own letters and no other', async () => {
  const tenant = await database.freshTenant({ at: wednesday });
  await inTenant(tenant, async (ctx) => {
    const { clientId } = await aClient(ctx);
    await ensureSender(ctx, clientId);
    await publishDefault(ctx);
    await anAccount(ctx, { clientId, items: [{ amountMinor: 10_000n, dueOn: '2026-03-09', number: 'INV-1' }] });
    await anAccount(ctx, { clientId, items: [{ amountMinor: 10_000n, dueOn: '2026-02-27', number: 'INV-2' }] });
    await plant(ctx, '{{ no.such.thing }}');
    unwrap(await runDay(ctx));
  });
  expect(await sendDue(mailing, tenant, actor)).toMatchObject({ sent: 1, denied: 1 });
});
