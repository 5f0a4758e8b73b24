import { describe, expect, it } from 'vitest';
import {
  isPermission,
  isRole,
  lacking,
  permissions,
  permissionsOf,
  type Role,
  roles,
  systemActor,
} from './permissions.ts';

describe('roles', () => {
  it('grant only permissions that exist, and the owner all of them', () => {
    for (const role of roles) for (const permission of permissionsOf(role)) expect(isPermission(permission)).toBe(true);
    expect([...permissionsOf('owner')].sort()).toEqual([...permissions].sort());
  });

  it.each<[Role, string[], string[]]>([
    [
      'manager',
      ['strategy.run', 'holds.release', 'clock.move', 'audit.read'],
      ['users.manage', 'keys.manage', 'compliance.override', 'receipts.reverse'],
    ],
    [
      'collector',
      ['contacts.send', 'calls.log', 'promises.write', 'tasks.work'],
      ['holds.release', 'accounts.export', 'receipts.write', 'audit.read'],
    ],
    [
      'compliance_officer',
      ['compliance.override', 'holds.release', 'audit.read'],
      ['contacts.send', 'calls.log', 'receipts.write'],
    ],
    [
      'accountant',
      ['receipts.write', 'receipts.reverse', 'allocations.write'],
      ['contacts.send', 'holds.release', 'strategy.run'],
    ],
    ['read_only', ['accounts.read', 'insights.read'], ['accounts.export', 'notes.write', 'audit.read']],
  ])('%s', (role, may, mayNot) => {
    for (const permission of may) expect(permissionsOf(role).has(permission)).toBe(true);
    for (const permission of mayNot) expect(permissionsOf(role).has(permission)).toBe(false);
  });

  it('are told from other text', () => {
    expect(isRole('owner')).toBe(true);
    expect(isRole('root')).toBe(false);
    expect(isPermission('accounts.read')).toBe(true);
    expect(isPermission('accounts.everything')).toBe(false);
  });

  it('name the permission that is lacking', () => {
    const actor = { ...systemActor('worker'), permissions: permissionsOf('read_only') };
    expect(lacking(actor, 'accounts.read')).toBeNull();
    expect(lacking(actor, 'users.manage')).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('users.manage'),
    });
    expect(lacking(systemActor('worker'), 'users.manage')).toBeNull();
  });
});
