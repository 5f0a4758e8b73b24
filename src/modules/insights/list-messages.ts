import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { pageOf, readCursor } from '../../kernel/cursor.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { inScope, type Scope } from './scope.ts';

export type MessageRow = {
  readonly id: string;
  readonly accountId: string;
  readonly partyId: string;
  readonly partyName: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly channel: 'email' | 'letter';
  readonly recipient: string;
  readonly subject: string;
  readonly state: 'rendered' | 'sending' | 'handed_over' | 'sent' | 'failed' | 'uncertain' | 'void' | 'denied';
  readonly stateReason: string | null;
  readonly mode: 'capture' | 'smtp';
  readonly automatic: boolean;
  readonly level: number | null;
  readonly items: number;
  readonly amounts: readonly { readonly amountMinor: string; readonly currency: string }[];
  readonly at: Date;
};
export type MessageFilter = {
  readonly state?: MessageRow['state'] | undefined;
  readonly accountId?: string | undefined;
  readonly q?: string | undefined;
};

const columns = sql`
  m.id, m.account_id as "accountId", m.party_id as "partyId", p.name as "partyName", m.client_id as "clientId", c.name as "clientName", m.channel, m.recipient, m.subject, m.state,
  m.state_reason as "stateReason", m.mode, m.automatic, m.rendered_at as at,
  (select max(i.level) from outreach.message_items_v i where i.tenant_id = m.tenant_id and i.message_id = m.id) as level,
  (select count(*)::int from outreach.message_items_v i where i.tenant_id = m.tenant_id and i.message_id = m.id) as items,
  coalesce((select jsonb_agg(jsonb_build_object('amountMinor', s.total::text, 'currency', s.currency) order by s.currency)
    from (select sum(i.open_minor) as total, i.currency from outreach.message_items_v i where i.tenant_id = m.tenant_id and i.message_id = m.id group by i.currency) s), '[]') as amounts`;

/** Messages, newest first. Refuses: `bad_cursor`. */
export async function listMessages(
  ctx: Ctx,
  scope: Scope,
  filter: MessageFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Result<{ rows: MessageRow[]; nextCursor: string | null; counts: Record<string, number> }, 'bad_cursor'>> {
  const { tenant } = ctx;
  const wanted = [sql`m.tenant_id = ${tenant}`, inScope(scope, sql`m.client_id`)];
  if (filter.state !== undefined) wanted.push(sql`m.state = ${filter.state}`);
  if (filter.accountId !== undefined) {
    wanted.push(
      sql`(m.account_id = ${filter.accountId} or exists (select 1 from outreach.message_items_v x where x.tenant_id = ${tenant} and x.message_id = m.id and x.account_id = ${filter.accountId}))`,
    );
  }
  if (filter.q !== undefined && filter.q.trim() !== '') {
    const q = filter.q.trim().toLowerCase();
    wanted.push(
      sql`(strpos(lower(m.recipient), ${q}) > 0 or strpos(lower(m.subject), ${q}) > 0 or strpos(lower(p.name), ${q}) > 0)`,
    );
  }
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, ['instant', 'uuid']);
    if (!cursor.ok) return cursor;
    wanted.push(sql`(m.recorded_at, m.id) < (${cursor.value[0]}::timestamptz, ${cursor.value[1]}::uuid)`);
  }
  const { rows } = await sql<MessageRow & { cursorAt: string }>`
    select ${columns}, m.recorded_at::text as "cursorAt"
    from outreach.messages_v m
    join parties.parties_v p on p.tenant_id = ${tenant} and p.id = m.party_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = m.client_id
    where ${sql.join(wanted, sql` and `)}
    order by m.recorded_at desc, m.id desc limit ${page.limit + 1}`.execute(ctx.db);
  const shown = pageOf(rows, page.limit, (row) => [row.cursorAt, row.id]);
  return ok({ ...shown, counts: await countMessages(ctx, scope) });
}

async function countMessages(ctx: Ctx, scope: Scope): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; n: number }>`
    select m.state, count(*)::int as n from outreach.messages_v m where m.tenant_id = ${ctx.tenant} and ${inScope(scope, sql`m.client_id`)} group by m.state`.execute(
    ctx.db,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}

export type MessageDetail = MessageRow & {
  readonly bodyText: string;
  readonly bodyHtml: string;
  readonly messageIdHeader: string;
  readonly senderIdentity: string;
  readonly permitId: string | null;
  /** What the rules about wording said of it, as it was kept; null when nothing. */
  readonly contentVerdict: unknown;
  readonly events: readonly { readonly kind: string; readonly detail: string | null; readonly at: string }[];
};

/** One message with what happened to it, or null. */
export async function findMessage(ctx: Ctx, scope: Scope, id: string): Promise<MessageDetail | null> {
  const { tenant } = ctx;
  const { rows } = await sql<MessageDetail>`
    select ${columns}, m.body_text as "bodyText", m.body_html as "bodyHtml", m.message_id_header as "messageIdHeader", m.sender_identity as "senderIdentity", m.permit_id as "permitId", m.content_verdict as "contentVerdict",
      coalesce((select jsonb_agg(jsonb_build_object('kind', e.kind, 'detail', e.detail, 'at', e.effective_at) order by e.effective_at, e.id)
        from outreach.delivery_events_v e where e.tenant_id = ${tenant} and e.message_id = m.id), '[]') as events
    from outreach.messages_v m
    join parties.parties_v p on p.tenant_id = ${tenant} and p.id = m.party_id
    join accounts.clients_v c on c.tenant_id = ${tenant} and c.id = m.client_id
    where m.tenant_id = ${tenant} and m.id = ${id} and ${inScope(scope, sql`m.client_id`)}`.execute(ctx.db);
  return rows[0] ?? null;
}
