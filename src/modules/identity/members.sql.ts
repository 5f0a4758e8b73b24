import { sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';
import { type Id, idOf, type TenantId } from '../../kernel/ids.ts';
import type { Member, Membership, RowScope } from './member.ts';
import type { Role } from './permissions.ts';

type MemberRow = {
  tenant_id: string;
  id: string;
  user_id: string;
  email: string;
  display_name: string;
  role: Role;
  row_scope: RowScope;
  preferences: Record<string, unknown>;
  disabled_at: Date | null;
};

const toMember = (row: MemberRow): Member => ({
  tenantId: idOf('tenant', row.tenant_id),
  id: idOf('membership', row.id),
  userId: idOf('user', row.user_id),
  email: row.email,
  displayName: row.display_name,
  role: row.role,
  rowScope: row.row_scope,
  preferences: row.preferences,
  disabledAt: row.disabled_at,
});

const columns = sql.raw(
  'm.tenant_id, m.id, m.user_id, m.email, m.display_name, m.role, m.row_scope, m.preferences, m.disabled_at',
);

/** False when the user already is a member. */
export async function insertMember(db: Db, member: Member): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into identity.memberships (tenant_id, id, user_id, email, display_name, role, row_scope, preferences)
    values (${member.tenantId}, ${member.id}, ${member.userId}, ${member.email}, ${member.displayName}, ${member.role},
      ${JSON.stringify(member.rowScope)}, ${JSON.stringify(member.preferences)})
    on conflict (tenant_id, user_id) do nothing`.execute(db);
  return numAffectedRows === 1n;
}

export async function selectMembers(db: Db, tenantId: TenantId): Promise<Member[]> {
  const { rows } = await sql<MemberRow>`
    select ${columns} from identity.memberships m
    where m.tenant_id = ${tenantId} order by m.display_name, m.id`.execute(db);
  return rows.map(toMember);
}

/** Locks every owner too, so that two requests cannot each remove the last but one. */
export async function lockMemberAndOwners(
  db: Db,
  tenantId: TenantId,
  id: Id<'membership'>,
): Promise<{ member: Member | null; otherOwners: number }> {
  const { rows } = await sql<MemberRow>`
    select ${columns} from identity.memberships m
    where m.tenant_id = ${tenantId} and (m.id = ${id} or (m.role = 'owner' and m.disabled_at is null))
    order by m.id for no key update`.execute(db);
  const members = rows.map(toMember);
  return {
    member: members.find((member) => member.id === id) ?? null,
    otherOwners: members.filter((member) => member.id !== id).length,
  };
}

export async function updateMember(
  db: Db,
  tenantId: TenantId,
  id: Id<'membership'>,
  to: Pick<Member, 'role' | 'rowScope' | 'disabledAt'>,
): Promise<void> {
  await sql`
    update identity.memberships
    set role = ${to.role}, row_scope = ${JSON.stringify(to.rowScope)}, disabled_at = ${to.disabledAt}
    where tenant_id = ${tenantId} and id = ${id}`.execute(db);
}

export async function updatePreferences(
  db: Db,
  tenantId: TenantId,
  userId: Id<'user'>,
  preferences: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql`
    update identity.memberships set preferences = ${JSON.stringify(preferences)}
    where tenant_id = ${tenantId} and user_id = ${userId}`.execute(db);
}

/** A user's live memberships across tenants; only for the directory's role. */
export async function selectMembershipsOf(directory: Db, userId: Id<'user'>): Promise<Membership[]> {
  const { rows } = await sql<MemberRow & { tenant_name: string; tenant_kind: 'live' | 'sandbox' }>`
    select ${columns}, t.name as tenant_name, t.kind as tenant_kind
    from identity.memberships m
    join identity.tenants t on t.tenant_id = m.tenant_id
    where m.user_id = ${userId} and m.disabled_at is null
    order by t.name, m.id`.execute(directory);
  return rows.map((row) => ({ ...toMember(row), tenantName: row.tenant_name, tenantKind: row.tenant_kind }));
}
