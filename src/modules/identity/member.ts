import type { Actor } from '../../kernel/ctx.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { permissionsOf, type Role } from './permissions.ts';

/** Which rows a member may work on: `{}` is everything, `clientIds` restricts to those clients. */
export type RowScope = { readonly clientIds?: readonly Id<'client'>[] };

/** A person's place in one tenant. The sign-in account (`userId`) is global; role and scope are the tenant's. */
export type Member = {
  readonly tenantId: TenantId;
  readonly id: Id<'membership'>;
  readonly userId: Id<'user'>;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly rowScope: RowScope;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly disabledAt: Date | null;
};

/** A membership as its owner sees it before choosing a tenant. */
export type Membership = Member & { readonly tenantName: string; readonly tenantKind: 'live' | 'sandbox' };

/** The member as the actor of a request. */
export function memberActor(member: Member): Actor {
  return { kind: 'user', id: member.userId, name: member.displayName, permissions: permissionsOf(member.role) };
}
