import { sql } from 'kysely';
import type { Actor } from '../../kernel/ctx.ts';
import type { Db } from '../../kernel/db.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';

export type AuditFilters = {
  /** An id, or how the name begins. */
  readonly actor?: string;
  readonly action?: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly accountId?: Id<'account'>;
  /** From this instant on, and before that one. */
  readonly from?: Date;
  readonly before?: Date;
};

export type ListedRow = {
  readonly id: string;
  readonly recordedAt: Date;
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly accountId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly setCount: bigint | null;
  /** Place in the chain; null until sealed. */
  readonly seq: bigint | null;
  readonly hash: string | null;
  readonly personId: string | null;
  readonly personal: Buffer | null;
};

export async function selectAudit(
  db: Db,
  tenantId: TenantId,
  filters: AuditFilters,
  after: { recordedAt: Date; id: string } | null,
  limit: number,
): Promise<ListedRow[]> {
  const wanted = [sql`e.tenant_id = ${tenantId}`];
  if (filters.actor !== undefined)
    wanted.push(sql`(e.actor_id = ${filters.actor} or starts_with(lower(e.actor_name), lower(${filters.actor})))`);
  if (filters.action !== undefined) wanted.push(sql`e.action = ${filters.action}`);
  if (filters.subjectKind !== undefined) wanted.push(sql`e.subject_kind = ${filters.subjectKind}`);
  if (filters.subjectId !== undefined) wanted.push(sql`e.subject_id = ${filters.subjectId}`);
  if (filters.accountId !== undefined) wanted.push(sql`e.account_id = ${filters.accountId}`);
  if (filters.from) wanted.push(sql`e.recorded_at >= ${filters.from}`);
  if (filters.before) wanted.push(sql`e.recorded_at < ${filters.before}`);
  if (after) wanted.push(sql`(e.recorded_at, e.id) < (${after.recordedAt}, ${after.id}::uuid)`);
  const { rows } = await sql<ListedRow>`
    ${listed(tenantId)}
    where ${sql.join(wanted, sql` and `)}
    order by e.recorded_at desc, e.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Entries as they are listed, each with the seal it has got, for a where and an order to follow. */
const listed = (tenantId: TenantId) => sql`
    select e.id, e.recorded_at as "recordedAt", e.actor_kind as "actorKind", e.actor_id as "actorId",
      e.actor_name as "actorName", e.action, e.subject_kind as "subjectKind", e.subject_id as "subjectId",
      e.account_id as "accountId", e.detail, e.set_count as "setCount", s.seq, encode(s.hash, 'hex') as hash,
      e.person_id as "personId", e.personal
    from identity.audit_entries e
    left join identity.audit_seals s on s.tenant_id = e.tenant_id and s.entry_id = e.id and s.tenant_id = ${tenantId}`;

/** Entries about accounts and other subjects, oldest first, by the order of their ids. */
export async function selectAuditAbout(
  db: Db,
  tenantId: TenantId,
  subjectIds: readonly string[],
  after: string | null,
  limit: number,
): Promise<ListedRow[]> {
  const ids = [...subjectIds];
  const { rows } = await sql<ListedRow>`
    ${listed(tenantId)}
    where e.tenant_id = ${tenantId} and (e.account_id = any(${ids}::uuid[]) or e.subject_id = any(${ids}::text[]))
      and (${after}::uuid is null or e.id > ${after}::uuid)
    order by e.id limit ${limit}`.execute(db);
  return rows;
}
