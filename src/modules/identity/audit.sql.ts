import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../../kernel/ctx.ts';
import { type Db, streamQuery } from '../../kernel/db.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { genesis, type SealedFields } from './audit-entry.ts';

export type AuditRow = {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly recordedAt: Date;
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly accountId: string | null;
  readonly detail: string;
  readonly personId: string | null;
  readonly personal: Buffer | null;
  readonly setCount: bigint | null;
  readonly setDigest: Buffer | null;
};

/** The entry and its place in the queue to be sealed, in one round trip. */
export async function insertAuditEntry(db: Db, row: AuditRow): Promise<void> {
  await sql`
    with queued as (
      insert into identity.audit_pending (tenant_id, id) values (${row.tenantId}, ${row.id})
    )
    insert into identity.audit_entries (tenant_id, id, recorded_at, actor_kind, actor_id, actor_name, action, subject_kind,
      subject_id, account_id, detail, person_id, personal, set_count, set_digest)
    values (${row.tenantId}, ${row.id}, ${row.recordedAt}, ${row.actor.kind}, ${row.actor.id}, ${row.actor.name},
      ${row.action}, ${row.subjectKind}, ${row.subjectId}, ${row.accountId}, ${row.detail}, ${row.personId},
      ${row.personal}, ${row.setCount}, ${row.setDigest})`.execute(db);
}

const sealedColumns = sql.raw(`
  e.tenant_id, e.id, (extract(epoch from e.recorded_at) * 1000000)::bigint as recorded_us,
  (extract(epoch from e.created_at) * 1000000)::bigint as created_us, e.actor_kind, e.actor_id, e.actor_name, e.action,
  e.subject_kind, e.subject_id, e.account_id, e.detail::text as detail_text, e.person_id, e.personal, e.set_count,
  e.set_digest`);

/** Where the tenant's chain ends; makes the head when there is none, and locks it: one sealer at a time. */
export async function lockHead(db: Db, tenantId: TenantId): Promise<{ seq: bigint; hash: Buffer }> {
  await sql`
    insert into identity.audit_heads (tenant_id, id, seq, hash) values (${tenantId}, ${tenantId}, 0, ${genesis})
    on conflict (tenant_id, id) do nothing`.execute(db);
  const { rows } = await sql<{ seq: bigint; hash: Buffer }>`
    select seq, hash from identity.audit_heads where tenant_id = ${tenantId} and id = ${tenantId} for update`.execute(
    db,
  );
  if (!rows[0]) throw new Error(`The audit chain of tenant ${tenantId} has no head`);
  return rows[0];
}

export async function findHead(db: Db, tenantId: TenantId): Promise<{ seq: bigint; hash: Buffer } | null> {
  const { rows } = await sql<{ seq: bigint; hash: Buffer }>`
    select seq, hash from identity.audit_heads where tenant_id = ${tenantId} and id = ${tenantId}`.execute(db);
  return rows[0] ?? null;
}

/** The oldest entries waiting to be sealed. Only called by the holder of the head. */
export async function selectPending(db: Db, tenantId: TenantId, limit: number): Promise<SealedFields[]> {
  const { rows } = await sql<SealedFields>`
    select ${sealedColumns}
    from identity.audit_pending p
    join identity.audit_entries e on e.tenant_id = p.tenant_id and e.id = p.id
    where p.tenant_id = ${tenantId} and e.tenant_id = ${tenantId}
    order by e.created_at, e.id limit ${limit}`.execute(db);
  return rows;
}

export type Seal = {
  readonly entryId: string;
  readonly seq: bigint;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
};

export async function insertSeals(db: Db, tenantId: TenantId, seals: readonly Seal[]): Promise<void> {
  const values = seals.map(
    (seal) => sql`(${tenantId}, ${seal.entryId}, ${seal.seq}, ${seal.entryId}, ${seal.previousHash}, ${seal.hash})`,
  );
  await sql`
    insert into identity.audit_seals (tenant_id, id, seq, entry_id, previous_hash, hash)
    values ${sql.join(values)}`.execute(db);
  await sql`
    delete from identity.audit_pending
    where tenant_id = ${tenantId} and id = any(${seals.map((seal) => seal.entryId)}::uuid[])`.execute(db);
}

export async function updateHead(db: Db, tenantId: TenantId, seq: bigint, hash: Buffer): Promise<void> {
  await sql`
    update identity.audit_heads set seq = ${seq}, hash = ${hash}
    where tenant_id = ${tenantId} and id = ${tenantId}`.execute(db);
}

/** A link of the chain with its entry; every field of a missing entry is null. */
export type Link = {
  readonly seq: bigint;
  readonly entry_id: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
  /** When free text it once said in the open was erased: what it says is no longer what was sealed. */
  readonly erased_at: Date | null;
} & (SealedFields | { readonly [K in keyof SealedFields]: null });

/** The whole chain in order, in batches. */
export function streamChain(db: Db, tenantId: TenantId): AsyncGenerator<Link[]> {
  return streamQuery(
    db,
    sql<Link>`
      select s.seq, s.entry_id, s.previous_hash, s.hash, x.erased_at, ${sealedColumns}
      from identity.audit_seals s
      left join identity.audit_entries e on e.tenant_id = s.tenant_id and e.id = s.entry_id and e.tenant_id = ${tenantId}
      left join identity.audit_erasures x on x.tenant_id = ${tenantId} and x.id = s.entry_id
      where s.tenant_id = ${tenantId} order by s.seq`,
    1000,
  );
}

/** Whose entries: of accounts, persons and other subjects, or of a period (from the first instant on, before the second). */
export type Concerned = { readonly subjectIds: readonly string[] } | { readonly from: Date; readonly before: Date };

function concerning(concerned: Concerned): RawBuilder<unknown> {
  if ('from' in concerned) return sql`(e.recorded_at >= ${concerned.from} and e.recorded_at < ${concerned.before})`;
  const ids = [...concerned.subjectIds];
  return sql`(e.account_id = any(${ids}::uuid[]) or e.subject_id = any(${ids}::text[]))`;
}

/** Where in the chain the sealed entries concerned are, up to a place. */
export async function selectConcerned(
  db: Db,
  tenantId: TenantId,
  concerned: Concerned,
  upTo: bigint,
): Promise<{ seq: bigint; entryId: string; erased: boolean }[]> {
  const { rows } = await sql<{ seq: bigint; entryId: string; erased: boolean }>`
    select s.seq, s.entry_id as "entryId", exists (
        select from identity.audit_erasures x where x.tenant_id = ${tenantId} and x.tenant_id = e.tenant_id and x.id = e.id) as erased
    from identity.audit_entries e
    join identity.audit_seals s on s.tenant_id = e.tenant_id and s.entry_id = e.id and s.tenant_id = ${tenantId}
    where e.tenant_id = ${tenantId} and s.seq <= ${upTo} and ${concerning(concerned)} order by s.seq`.execute(db);
  return rows;
}

/** The seals' hashes from one place to another, side by side, 32 bytes each. */
export async function selectHashes(db: Db, tenantId: TenantId, from: bigint, to: bigint): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const query = sql<{ hash: Buffer }>`
    select hash from identity.audit_seals where tenant_id = ${tenantId} and seq between ${from} and ${to} order by seq`;
  for await (const rows of streamQuery(db, query, 10_000)) pieces.push(Buffer.concat(rows.map((row) => row.hash)));
  return Buffer.concat(pieces);
}

/** Sealed entries by their places, in order. */
export async function selectSealed(db: Db, tenantId: TenantId, seqs: readonly bigint[]): Promise<Link[]> {
  const { rows } = await sql<Link>`
    select s.seq, s.entry_id, s.previous_hash, s.hash, x.erased_at, ${sealedColumns}
    from identity.audit_seals s
    join identity.audit_entries e on e.tenant_id = s.tenant_id and e.id = s.entry_id and e.tenant_id = ${tenantId}
    left join identity.audit_erasures x on x.tenant_id = ${tenantId} and x.id = s.entry_id
    where s.tenant_id = ${tenantId} and s.seq = any(${seqs.map(String)}::bigint[]) order by s.seq`.execute(db);
  return rows;
}

/** The place of an entry in the chain, or null while it waits. */
export async function findSeq(db: Db, tenantId: TenantId, entryId: string): Promise<bigint | null> {
  const { rows } = await sql<{ seq: bigint }>`
    select seq from identity.audit_seals where tenant_id = ${tenantId} and entry_id = ${entryId}`.execute(db);
  return rows[0]?.seq ?? null;
}

/** Entries without a seal that were written more than `olderThanS` seconds ago, by the database's clock. */
export async function countUnsealed(
  db: Db,
  tenantId: TenantId,
  olderThanS: number,
): Promise<{ count: bigint; oldest: string | null }> {
  const { rows } = await sql<{ count: bigint; oldest: string | null }>`
    select count(*) as count, (array_agg(e.id order by e.created_at, e.id))[1] as oldest
    from identity.audit_entries e
    where e.tenant_id = ${tenantId} and e.created_at < now() - make_interval(secs => ${olderThanS})
      and not exists (
        select from identity.audit_seals s where s.tenant_id = ${tenantId} and s.tenant_id = e.tenant_id and s.entry_id = e.id)
    `.execute(db);
  return rows[0] ?? { count: 0n, oldest: null };
}
