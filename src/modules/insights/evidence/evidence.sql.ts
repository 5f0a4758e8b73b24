import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { streamQuery } from '../../../kernel/db.ts';

/** From the first instant on, and before the second. */
export type Period = { readonly from: Date; readonly before: Date };

const during = (column: string, period: Period | null): RawBuilder<unknown> =>
  period === null ? sql`true` : sql`(${sql.ref(column)} >= ${period.from} and ${sql.ref(column)} < ${period.before})`;

export type AccountHead = {
  readonly id: string;
  readonly number: string;
  readonly party: string;
  readonly client: string;
  /** What audit entries about the account and its person may name as their subject. */
  readonly subjectIds: readonly string[];
};

/** The account as a pack names it, or null. */
export async function findAccountHead(ctx: Ctx, accountId: string): Promise<AccountHead | null> {
  const { rows } = await sql<AccountHead>`
    select a.id, a.number, p.name as party, c.name as client, array[a.id::text, a.party_id::text, own.root_id::text] || coalesce((
        select array_agg(k.id::text) from parties.clusters_v k where k.tenant_id = ${ctx.tenant} and k.root_id = own.root_id), '{}') as "subjectIds"
    from accounts.accounts_v a
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    join parties.clusters_v own on own.tenant_id = ${ctx.tenant} and own.id = a.cluster_id
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Accounts on which something was decided, said, sent or done in a period, in batches. */
export function streamAccountsOf(ctx: Ctx, period: Period): AsyncGenerator<{ id: string }[]> {
  return streamQuery(
    ctx.db,
    sql<{ id: string }>`
      select t.id from (
        select p.account_id as id from compliance.permits_v p where p.tenant_id = ${ctx.tenant} and ${during('p.decided_at', period)}
        union select r.account_id from compliance.register_v r where r.tenant_id = ${ctx.tenant} and ${during('r.effective_at', period)}
        union select m.account_id from outreach.messages_v m where m.tenant_id = ${ctx.tenant} and ${during('m.recorded_at', period)}
        union select e.account_id from identity.audit_v e where e.tenant_id = ${ctx.tenant} and ${during('e.recorded_at', period)}) t
      join accounts.accounts_v a on a.tenant_id = ${ctx.tenant} and a.id = t.id order by t.id`,
    500,
  );
}

export type EvidenceRow = { readonly row: Readonly<Record<string, unknown>> };

/** Every permit asked for on an account, with what it was judged on. */
export async function selectPermits(ctx: Ctx, accountId: string, period: Period | null): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    select to_jsonb(p) - 'tenant_id' as row from compliance.permit_evidence_v p
    where p.tenant_id = ${ctx.tenant} and p.account_id = ${accountId} and ${during('p.decided_at', period)} order by p.decided_at, p.id`.execute(
    ctx.db,
  );
  return rows;
}

/** Every message about an account as it was sent, with what became of it. */
export async function selectMessages(ctx: Ctx, accountId: string, period: Period | null): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    select to_jsonb(m) - 'tenant_id' || jsonb_build_object('events', coalesce((
        select jsonb_agg(to_jsonb(d) - 'tenant_id' order by d.effective_at, d.id) from outreach.delivery_events_v d
        where d.tenant_id = ${ctx.tenant} and d.message_id = m.id), '[]'::jsonb)) as row
    from outreach.messages_v m
    where m.tenant_id = ${ctx.tenant} and ${during('m.recorded_at', period)} and (m.account_id = ${accountId} or m.id in (
      select x.message_id from outreach.message_items_v x where x.tenant_id = ${ctx.tenant} and x.account_id = ${accountId}))
    order by m.recorded_at, m.id`.execute(ctx.db);
  return rows;
}

/** Every notice of an account with its replies, their answers and the documents that went out, by digest. */
export async function selectNotices(ctx: Ctx, accountId: string, period: Period | null): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    select to_jsonb(n) - 'tenant_id' || jsonb_build_object(
      'documents', coalesce((
        select jsonb_agg(jsonb_build_object('id', d.id, 'file', 'notices/' || n.id || '-' || d.id || '.' || d.format, 'format', d.format, 'sha256', encode(d.sha256, 'hex'), 'octets', d.octets, 'recorded_at', d.recorded_at)
          order by d.recorded_at, d.id)
        from compliance.notice_documents_v d where d.tenant_id = ${ctx.tenant} and d.notice_id = n.id), '[]'::jsonb),
      'replies', coalesce((
        select jsonb_agg(to_jsonb(r) - 'tenant_id' || jsonb_build_object('answers', coalesce((
            select jsonb_agg(to_jsonb(a) - 'tenant_id' order by a.recorded_at, a.id) from compliance.notice_answers_v a
            where a.tenant_id = ${ctx.tenant} and a.reply_id = r.id), '[]'::jsonb)) order by r.received_at, r.id)
        from compliance.notice_replies_v r where r.tenant_id = ${ctx.tenant} and r.notice_id = n.id), '[]'::jsonb)) as row
    from compliance.notice_rows_v n
    where n.tenant_id = ${ctx.tenant} and n.account_id = ${accountId} and ${during('n.recorded_at', period)} order by n.recorded_at, n.id`.execute(
    ctx.db,
  );
  return rows;
}

/** A notice as it went out. */
export type NoticeDocument = {
  readonly id: string;
  readonly noticeId: string;
  readonly format: 'html' | 'pdf';
  readonly bytes: Buffer;
};

/** The next document of these accounts' notices after the one named, or null. One at a time: they are the large part of a pack. */
export async function findNextDocument(
  ctx: Ctx,
  accountIds: readonly string[],
  period: Period | null,
  after: string | null,
): Promise<NoticeDocument | null> {
  // What was erased has no bytes left.
  const { rows } = await sql<NoticeDocument>`
    select d.id, d.notice_id as "noticeId", d.format, d.bytes from compliance.notice_bytes_v d
    join compliance.notice_rows_v n on n.tenant_id = ${ctx.tenant} and n.id = d.notice_id
    where d.tenant_id = ${ctx.tenant} and d.account_id = any(${[...accountIds]}::uuid[]) and octet_length(d.bytes) > 0 and ${during('n.recorded_at', period)}
      and (${after}::uuid is null or d.id > ${after}::uuid) order by d.id limit 1`.execute(ctx.db);
  return rows[0] ?? null;
}

/** What a document is called in an archive. */
export const fileOfDocument = (document: NoticeDocument): string =>
  `notices/${document.noticeId}-${document.id}.${document.format}`;
