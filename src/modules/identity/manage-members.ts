import type { Ctx } from '../../kernel/ctx.ts';
import { type Database, inDirectory } from '../../kernel/db.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Member, Membership, RowScope } from './member.ts';
import {
  insertMember,
  lockMemberAndOwners,
  selectMembers,
  selectMembershipsOf,
  updateMember,
  updatePreferences,
} from './members.sql.ts';
import { lacking, type Role } from './permissions.ts';
import { recordAudit } from './record-audit.ts';

export type NewMember = {
  readonly userId: Id<'user'>;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly rowScope?: RowScope;
};

/** Makes a user a member of the tenant. Refuses: `forbidden`, `already_member`. */
export async function addMember(ctx: Ctx, input: NewMember): Promise<Result<Member, 'forbidden' | 'already_member'>> {
  const refused = lacking(ctx.actor, 'users.manage');
  if (refused) return refused;
  const member: Member = {
    tenantId: ctx.tenant,
    id: newId<'membership'>(),
    userId: input.userId,
    email: input.email.trim().toLowerCase(),
    displayName: input.displayName.trim(),
    role: input.role,
    rowScope: input.rowScope ?? {},
    preferences: {},
    disabledAt: null,
  };
  if (!(await insertMember(ctx.db, member))) {
    return refuse('already_member', `${member.email} already is a member of this tenant.`);
  }
  await recordAudit(ctx, {
    action: 'member.added',
    subjectKind: 'member',
    subjectId: member.id,
    detail: { role: member.role, rowScope: member.rowScope },
    personal: { personId: member.userId, values: { email: member.email, name: member.displayName } },
  });
  return ok(member);
}

/** Every member, disabled ones included, by name. */
export function listMembers(ctx: Ctx): Promise<Member[]> {
  return selectMembers(ctx.db, ctx.tenant);
}

/** Where a signed-in user may go: live memberships of all tenants. The only question asked across tenants for a person. */
export function membershipsOf(database: Database, userId: Id<'user'>): Promise<Membership[]> {
  return inDirectory(database, (directory) => selectMembershipsOf(directory, userId));
}

type ChangeCode = 'forbidden' | 'no_such_member' | 'last_owner';

/** Gives a member another role or row scope. Refuses: `forbidden`, `no_such_member`, `last_owner`. */
export function changeMember(
  ctx: Ctx,
  id: Id<'membership'>,
  to: { readonly role: Role; readonly rowScope?: RowScope },
): Promise<Result<Member, ChangeCode>> {
  return change(ctx, id, 'member.changed', (member) => ({ ...member, role: to.role, rowScope: to.rowScope ?? {} }));
}

/**
 * Ends a membership from the next request on; history keeps the name. Refuses: `forbidden`, `no_such_member`, `last_owner`.
 */
export function disableMember(ctx: Ctx, id: Id<'membership'>): Promise<Result<Member, ChangeCode>> {
  return change(ctx, id, 'member.disabled', (member) => ({ ...member, disabledAt: member.disabledAt ?? ctx.at }));
}

/** Restores a disabled membership. Refuses: `forbidden`, `no_such_member`. */
export function enableMember(ctx: Ctx, id: Id<'membership'>): Promise<Result<Member, ChangeCode>> {
  return change(ctx, id, 'member.enabled', (member) => ({ ...member, disabledAt: null }));
}

async function change(
  ctx: Ctx,
  id: Id<'membership'>,
  action: string,
  alter: (member: Member) => Member,
): Promise<Result<Member, ChangeCode>> {
  const refused = lacking(ctx.actor, 'users.manage');
  if (refused) return refused;
  const { member, otherOwners } = await lockMemberAndOwners(ctx.db, ctx.tenant, id);
  if (!member) return refuse('no_such_member', 'There is no such member.');
  const altered = alter(member);
  const wasOwner = member.role === 'owner' && member.disabledAt === null;
  const staysOwner = altered.role === 'owner' && altered.disabledAt === null;
  if (wasOwner && !staysOwner && otherOwners === 0) {
    return refuse('last_owner', 'The last owner stays: make somebody else an owner first.');
  }
  await updateMember(ctx.db, ctx.tenant, id, altered);
  await recordAudit(ctx, {
    action,
    subjectKind: 'member',
    subjectId: id,
    detail: { from: member.role, to: altered.role, rowScope: altered.rowScope },
  });
  return ok(altered);
}

/** Keeps what a member has set up for itself on screen (columns, saved views); not audited. */
export function savePreferences(
  ctx: Ctx,
  userId: Id<'user'>,
  preferences: Readonly<Record<string, unknown>>,
): Promise<void> {
  return updatePreferences(ctx.db, ctx.tenant, userId, preferences);
}
