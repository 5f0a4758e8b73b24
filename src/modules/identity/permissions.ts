import type { Actor } from '../../kernel/ctx.ts';
import { type Refusal, refuse } from '../../kernel/result.ts';

/** Everything an actor can be allowed, as data: a role is a set of these, an API key's scopes are a subset. */
export const permissions = [
  'accounts.read',
  'accounts.write',
  'accounts.export',
  'contacts.send',
  'calls.log',
  'notes.write',
  'promises.write',
  'holds.write',
  'holds.release',
  'receipts.write',
  'receipts.reverse',
  'allocations.write',
  'intake.write',
  'strategy.run',
  'strategy.publish',
  'templates.write',
  'compliance.read',
  'compliance.override',
  'audit.read',
  'users.manage',
  'keys.manage',
  'tenant.configure',
  'rates.write',
  'clock.move',
  'insights.read',
  'tasks.work',
  'tasks.assign',
] as const;

export type Permission = (typeof permissions)[number];

export const roles = ['owner', 'manager', 'collector', 'compliance_officer', 'accountant', 'read_only'] as const;

export type Role = (typeof roles)[number];

const collector: readonly Permission[] = [
  'accounts.read',
  'contacts.send',
  'calls.log',
  'notes.write',
  'promises.write',
  'holds.write',
  'tasks.work',
];

const byRole: Readonly<Record<Role, readonly Permission[]>> = {
  owner: permissions,
  manager: [
    ...collector,
    'accounts.write',
    'accounts.export',
    'holds.release',
    'receipts.write',
    'allocations.write',
    'intake.write',
    'strategy.run',
    'strategy.publish',
    'templates.write',
    'compliance.read',
    'audit.read',
    'insights.read',
    'tasks.assign',
    'rates.write',
    'clock.move',
  ],
  collector,
  // May stop contact and lift stops, but not itself contact: the one who checks is not the one who is checked.
  compliance_officer: [
    'accounts.read',
    'accounts.export',
    'notes.write',
    'holds.write',
    'holds.release',
    'compliance.read',
    'compliance.override',
    'audit.read',
    'insights.read',
  ],
  accountant: [
    'accounts.read',
    'accounts.export',
    'notes.write',
    'receipts.write',
    'receipts.reverse',
    'allocations.write',
    'intake.write',
    'insights.read',
  ],
  read_only: ['accounts.read', 'insights.read'],
};

const sets = new Map<Role, ReadonlySet<string>>(roles.map((role) => [role, new Set<string>(byRole[role])]));

/** What a role may do. */
export function permissionsOf(role: Role): ReadonlySet<string> {
  return sets.get(role) ?? new Set();
}

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

export function isPermission(text: string): text is Permission {
  return permissions.some((permission) => permission === text);
}

/** The refusal to give when the actor lacks a permission, or null when it has it. */
export function lacking(actor: Actor, permission: Permission): Refusal<'forbidden'> | null {
  if (actor.permissions.has(permission)) return null;
  return refuse('forbidden', `${actor.name} may not do this: it needs the permission "${permission}".`);
}

/** The worker or the command line: may do everything, and is named in the audit. */
export function systemActor(name: string): Actor {
  return { kind: 'system', id: name, name, permissions: new Set<string>(permissions) };
}
