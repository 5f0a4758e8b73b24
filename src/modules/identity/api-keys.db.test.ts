import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { stoppedClock } from '../../kernel/clock.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId, type TenantId } from '../../kernel/ids.ts';
import { authenticateApiKey, createApiKey, listApiKeys, revokeApiKey } from './manage-api-keys.ts';
import { testInstallation } from './testing.ts';

const database = await testDatabase();
const at = new Date('2026-03-02T10:00:00Z');
const installation = testInstallation(database, stoppedClock(at));
const inside = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, permissions?: readonly string[]) =>
  database.within(tenant, at, fn, permissions);

async function make(tenant: TenantId, input: Partial<Parameters<typeof createApiKey>[1]> = {}) {
  const made = await inside(tenant, (ctx) =>
    createApiKey(ctx, { name: 'ERP', scopes: ['intake.write', 'accounts.read'], ...input }),
  );
  if (!made.ok) throw new Error(made.detail);
  return made.value;
}

describe('API keys', () => {
  it('name their tenant and carry their scopes', async () => {
    const tenant = await database.freshTenant();
    const { key, text } = await make(tenant);
    expect(text).toMatch(/^dw_[0-9a-f]{32}_[0-9A-Za-z]{8}_[0-9A-Za-z]{40}$/);
    const answer = await authenticateApiKey(installation, text);
    expect(answer).toEqual({
      ok: true,
      value: {
        tenantId: tenant,
        actor: { kind: 'key', id: key.id, name: 'ERP', permissions: new Set(['accounts.read', 'intake.write']) },
      },
    });
    const listed = await inside(tenant, listApiKeys);
    expect(listed).toMatchObject({ value: [{ prefix: key.prefix, lastUsedOn: '2026-03-02' }] });
    const stored = await database.asSuperuser((client) =>
      client.query('select k::text, a::text from identity.api_keys k, identity.audit_entries a'),
    );
    expect(JSON.stringify(stored.rows)).not.toContain(text.slice(-40));
  });

  it('give one refusal for every kind of wrong', async () => {
    const [tenant, other] = [await database.freshTenant(), await database.freshTenant()];
    const { text } = await make(tenant);
    const hex = (id: string) => id.replaceAll('-', '');
    const flipped = text.slice(0, -1) + (text.endsWith('a') ? 'b' : 'a');
    const wrong = [
      '',
      'Bearer x',
      text.slice(0, -1),
      `${text}a`,
      flipped,
      text.replace(hex(tenant), hex(other)),
      text.replace(hex(tenant), hex(newId())),
      text.replace(/_.{8}_/, '_AAAAAAAA_'),
    ];
    const answers = await Promise.all(wrong.map((presented) => authenticateApiKey(installation, presented)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ ok: false, code: 'unauthenticated' });
  });

  it('end by revocation and by expiry', async () => {
    const tenant = await database.freshTenant();
    const { key, text } = await make(tenant);
    const other = await database.freshTenant();
    expect(await inside(other, (ctx) => revokeApiKey(ctx, key.id))).toMatchObject({ code: 'no_such_key' });
    expect(await authenticateApiKey(installation, text)).toMatchObject({ ok: true });
    expect(await inside(tenant, (ctx) => revokeApiKey(ctx, key.id))).toMatchObject({ ok: true });
    expect(await inside(tenant, (ctx) => revokeApiKey(ctx, key.id))).toMatchObject({ code: 'no_such_key' });
    expect(await authenticateApiKey(installation, text)).toMatchObject({ code: 'unauthenticated' });

    const brief = await make(tenant, { expiresAt: new Date(at.getTime() + 1000) });
    expect(await authenticateApiKey(installation, brief.text)).toMatchObject({ ok: true });
    const later = { ...installation, clock: stoppedClock(new Date(at.getTime() + 1000)) };
    expect(await authenticateApiKey(later, brief.text)).toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    [{ name: ' ' }, 'invalid_key'],
    [{ scopes: [] }, 'invalid_key'],
    [{ scopes: ['everything'] }, 'invalid_key'],
    [{ expiresAt: at }, 'invalid_key'],
  ])('refuse %j', async (input, code) => {
    const tenant = await database.freshTenant();
    expect(
      await inside(tenant, (ctx) => createApiKey(ctx, { name: 'x', scopes: ['accounts.read'], ...input })),
    ).toMatchObject({ code });
  });

  it('never exceed their creator', async () => {
    const tenant = await database.freshTenant();
    const create = (scopes: string[], permissions: string[]) =>
      inside(tenant, (ctx) => createApiKey(ctx, { name: 'x', scopes }), permissions);
    expect(await create(['users.manage'], ['keys.manage', 'accounts.read'])).toMatchObject({ code: 'forbidden' });
    expect(await create(['accounts.read'], ['accounts.read'])).toMatchObject({ code: 'forbidden' });
    expect(await create(['accounts.read'], ['keys.manage', 'accounts.read'])).toMatchObject({ ok: true });
  });
});
