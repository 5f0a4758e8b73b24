import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { stoppedClock } from '../../kernel/clock.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { actIn, listTenantIds, listTenants, loadTenant } from './act-in.ts';
import { createTenant, type NewTenant } from './create-tenant.ts';
import { listAudit } from './list-audit.ts';
import { moveClock } from './move-clock.ts';
import { systemActor } from './permissions.ts';
import { erasePerson } from './record-audit.ts';
import { testInstallation } from './testing.ts';

const database = await testDatabase();
const realNow = new Date('2026-11-20T12:00:00Z');
const clock = stoppedClock(realNow);
const installation = testInstallation(database, clock);
const actor = systemActor('test');

async function tenantOf(input: Partial<NewTenant> = {}) {
  const made = await createTenant(installation, actor, {
    name: 'Acme',
    kind: 'sandbox',
    timeZone: 'Europe/Berlin',
    currency: 'eur',
    clockAt: new Date('2012-01-03T08:00:00Z'),
    ...input,
  });
  if (!made.ok) throw new Error(made.detail);
  return made.value;
}

describe('createTenant', () => {
  it('stores the tenant with an audit entry, and runs what belongs with it in the same transaction', async () => {
    const tenant = await tenantOf();
    const seen = await actIn(installation, tenant.id, actor, async (ctx) => ({
      stored: await loadTenant(ctx),
      audit: await listAudit(ctx),
    }));
    expect(seen.stored).toEqual(tenant);
    expect(seen.audit).toMatchObject({ value: { entries: [{ action: 'tenant.created', actorName: 'test' }] } });

    const id = newId<'tenant'>();
    const failed = createTenant(
      installation,
      actor,
      { name: 'B', kind: 'live', timeZone: 'UTC', currency: 'USD', id },
      async () => {
        throw new Error('no owner');
      },
    );
    await expect(failed).rejects.toThrow('no owner');
    expect(await listTenantIds(installation)).not.toContain(id);
  });

  it('refuses by field', async () => {
    const made = await createTenant(installation, actor, {
      name: ' ',
      kind: 'live',
      timeZone: 'EST',
      currency: 'XXX',
      clockAt: realNow,
    });
    expect(made).toMatchObject({ ok: false, code: 'invalid_tenant' });
    expect(made.ok ? [] : Object.keys(made.fields ?? {}).sort()).toEqual(['clockAt', 'currency', 'name', 'timeZone']);
  });

  it('is seen by the directory, and by no other tenant', async () => {
    const [a, b] = [await tenantOf({ name: 'A' }), await tenantOf({ name: 'B' })];
    const listed = (await listTenants(installation)).map((tenant) => tenant.id);
    expect(listed.indexOf(b.id)).toBeGreaterThan(listed.indexOf(a.id));
    const { rows } = await actIn(installation, a.id, actor, (ctx) =>
      sql<{ id: string }>`select id from identity.tenants`.execute(ctx.db),
    );
    expect(rows).toEqual([{ id: a.id }]);
    const forged = actIn(installation, a.id, actor, (ctx) =>
      sql`update identity.tenants set tenant_id = ${b.id}, id = ${b.id} where tenant_id = ${a.id}`.execute(ctx.db),
    );
    await expect(forged).rejects.toThrow();
  });

  it('keeps the data key useless for another installation', async () => {
    const tenant = await tenantOf();
    const stranger = testInstallation({ ...database, secret: 'another secret altogether, 32 chars' }, clock);
    const read = (of: typeof installation) =>
      actIn(of, tenant.id, actor, async (ctx: Ctx) => {
        const { recordAudit } = await import('./record-audit.ts');
        return recordAudit(ctx, {
          action: 'a.b',
          subjectKind: 'x',
          subjectId: '1',
          personal: { personId: newId(), values: { a: 1 } },
        });
      });
    await expect(read(stranger)).rejects.toThrow('DUNWELL_SECRET');
    await read(installation);
    await actIn(installation, tenant.id, actor, (ctx) => erasePerson(ctx, newId()));
  });
});

describe('the clock', () => {
  it('is the world’s for a live tenant and stands still for a sandbox until moved', async () => {
    const live = await tenantOf({ kind: 'live', clockAt: undefined });
    const sandbox = await tenantOf();
    const at = (id: typeof live.id) => actIn(installation, id, actor, async (ctx) => ctx.at);
    expect(await at(live.id)).toEqual(realNow);
    expect(await at(sandbox.id)).toEqual(new Date('2012-01-03T08:00:00Z'));

    const to = new Date('2012-02-01T08:00:00Z');
    expect(await actIn(installation, sandbox.id, actor, (ctx) => moveClock(ctx, to))).toMatchObject({ ok: true });
    expect(await at(sandbox.id)).toEqual(to);
  });

  it('never goes back, and a live one never moves', async () => {
    const live = await tenantOf({ kind: 'live', clockAt: undefined });
    const sandbox = await tenantOf();
    const move = (id: typeof live.id, to: Date, by = actor) => actIn(installation, id, by, (ctx) => moveClock(ctx, to));
    expect(await move(live.id, new Date('2030-01-01T00:00:00Z'))).toMatchObject({ code: 'live_clock' });
    for (const to of ['2012-01-03T08:00:00Z', '2011-01-01T00:00:00Z', 'never']) {
      expect(await move(sandbox.id, new Date(to))).toMatchObject({ code: 'clock_backwards' });
    }
    const nobody = { ...actor, permissions: new Set(['accounts.read']) };
    expect(await move(sandbox.id, new Date('2030-01-01T00:00:00Z'), nobody)).toMatchObject({ code: 'forbidden' });
  });
});

it('does not open for a tenant that is not there', async () => {
  await expect(actIn(installation, newId(), actor, async () => 1)).rejects.toThrow('There is no tenant');
});
