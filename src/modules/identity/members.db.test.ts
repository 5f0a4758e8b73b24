import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId, type TenantId } from '../../kernel/ids.ts';
import {
  addMember,
  changeMember,
  disableMember,
  enableMember,
  listMembers,
  membershipsOf,
  savePreferences,
} from './manage-members.ts';
import { memberActor } from './member.ts';
import { permissionsOf, type Role } from './permissions.ts';

const database = await testDatabase();
const at = new Date('2026-03-02T10:00:00Z');
const inside = <T>(tenant: TenantId, fn: (ctx: Ctx) => Promise<T>, permissions?: readonly string[]) =>
  database.within(tenant, at, fn, permissions);

async function add(tenant: TenantId, role: Role, userId = newId<'user'>()) {
  const added = await inside(tenant, (ctx) =>
    addMember(ctx, { userId, email: ` ${role}@Example.test`, displayName: role, role }),
  );
  if (!added.ok) throw new Error(added.detail);
  return added.value;
}

describe('members', () => {
  it('are listed in their tenant only, and found across tenants by their own user id', async () => {
    const [a, b] = [await database.freshTenant({ name: 'Alpha' }), await database.freshTenant({ name: 'Beta' })];
    const owner = await add(a, 'owner');
    const elsewhere = await add(b, 'collector', owner.userId);
    await add(b, 'owner');
    expect(owner.email).toBe('owner@example.test');
    expect(await inside(a, listMembers)).toEqual([owner]);
    expect((await membershipsOf(database, owner.userId)).map((m) => [m.tenantName, m.role])).toEqual([
      ['Alpha', 'owner'],
      ['Beta', 'collector'],
    ]);
    await inside(b, (ctx) => disableMember(ctx, elsewhere.id));
    expect((await membershipsOf(database, owner.userId)).map((m) => m.tenantName)).toEqual(['Alpha']);
    expect(await membershipsOf(database, newId())).toEqual([]);
  });

  it('cannot be changed from another tenant', async () => {
    const [a, b] = [await database.freshTenant(), await database.freshTenant()];
    await add(a, 'owner');
    const victim = await add(a, 'collector');
    for (const change of [disableMember, enableMember]) {
      expect(await inside(b, (ctx) => change(ctx, victim.id))).toMatchObject({ code: 'no_such_member' });
    }
    expect(await inside(b, (ctx) => changeMember(ctx, victim.id, { role: 'owner' }))).toMatchObject({
      code: 'no_such_member',
    });
    expect((await inside(a, listMembers)).find((member) => member.id === victim.id)).toEqual(victim);
  });

  it('are added once, and only by who may', async () => {
    const tenant = await database.freshTenant();
    const owner = await add(tenant, 'owner');
    const again = { userId: owner.userId, email: 'x@example.test', displayName: 'x', role: 'manager' } as const;
    expect(await inside(tenant, (ctx) => addMember(ctx, again))).toMatchObject({ code: 'already_member' });
    expect(await inside(tenant, (ctx) => addMember(ctx, again), ['accounts.read'])).toMatchObject({
      code: 'forbidden',
    });
    expect(await inside(tenant, (ctx) => disableMember(ctx, owner.id), ['keys.manage'])).toMatchObject({
      code: 'forbidden',
    });
  });

  it('always keep an owner, also when two leave at once', async () => {
    const tenant = await database.freshTenant();
    const [first, second] = [await add(tenant, 'owner'), await add(tenant, 'owner')];
    const leave = (id: Id<'membership'>) => inside(tenant, (ctx) => disableMember(ctx, id));
    const answers = await Promise.all([leave(first.id), leave(second.id)]);
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code)).sort()).toEqual(['last_owner', 'ok']);
    const left = (await inside(tenant, listMembers)).filter((member) => member.disabledAt === null);
    expect(left).toHaveLength(1);
    const last = left[0]?.id ?? newId<'membership'>();
    expect(await inside(tenant, (ctx) => changeMember(ctx, last, { role: 'manager' }))).toMatchObject({
      code: 'last_owner',
    });
    expect(await inside(tenant, (ctx) => changeMember(ctx, last, { role: 'owner' }))).toMatchObject({ ok: true });
  });

  it('can be given another role and scope, and come back', async () => {
    const tenant = await database.freshTenant();
    await add(tenant, 'owner');
    const member = await add(tenant, 'collector');
    const rowScope = { clientIds: [newId<'client'>()] };
    await inside(tenant, (ctx) => changeMember(ctx, member.id, { role: 'manager', rowScope }));
    await inside(tenant, (ctx) => disableMember(ctx, member.id));
    await inside(tenant, (ctx) => savePreferences(ctx, member.userId, { theme: 'dark' }));
    const back = await inside(tenant, (ctx) => enableMember(ctx, member.id));
    expect(back).toMatchObject({
      value: { role: 'manager', rowScope, disabledAt: null, preferences: { theme: 'dark' } },
    });
    if (back.ok)
      expect(memberActor(back.value)).toEqual({
        kind: 'user',
        id: member.userId,
        name: 'collector',
        permissions: permissionsOf('manager'),
      });
  });
});
